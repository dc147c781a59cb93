'use strict'
// Whether what was dug out was also picked up: what still lies there, and what is gone for good.

const { amounts } = require('./ending')
const inventory = require('./inventory')

const FAR = 16 // blocks within which what lies around may be what one dug out

class Loot {
  constructor (ctx) {
    this.ctx = ctx
    this.known = new Set(this._lying().map(({ entity }) => entity.id)) // what lay there before
    this.had = inventory.counts(ctx)
    this.due = {} // what must have dropped at least
  }

  /** A block was dug with that tool. */
  dug (block, tool) {
    for (const { item, low = 1, chance = 1 } of this.ctx.rules.dig(block, tool).drops) {
      if (chance === 1 && !this.ctx.rules.food(item)) this.due[item] = (this.due[item] ?? 0) + low // food may have been eaten meanwhile
    }
  }

  /** What was not picked up, in words; null when all was. */
  missed () {
    const [near, full, gone] = [{}, {}, {}]
    for (const { entity, name, count } of this._lying()) {
      if (this.known.has(entity.id) || !(name in this.due)) continue
      const where = inventory.room(this.ctx, name) ? near : full
      where[name] = (where[name] ?? 0) + count
    }
    const held = inventory.counts(this.ctx)
    for (const [name, count] of Object.entries(this.due)) {
      const lost = count - ((held[name] ?? 0) - (this.had[name] ?? 0)) - (near[name] ?? full[name] ?? 0)
      if (lost > 0) gone[name] = lost
    }
    const words = []
    if (Object.keys(near).length) words.push(`${amounts(near)} lies out of reach: approach it and take it`)
    if (Object.keys(full).length) words.push(`there is no room for ${amounts(full)}: drop or store something first`)
    if (Object.keys(gone).length) words.push(`${amounts(gone)} was lost`)
    return words.length ? words.join(', ') : null
  }

  _lying () {
    return this.ctx.creatures().filter(seen => seen.kind === 'item' && seen.distance <= FAR)
  }
}

module.exports = { Loot }
