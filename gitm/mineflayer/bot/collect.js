'use strict'
// Picking up what lies around: walking to where the body touches it, and digging there when nothing else helps.

const { goals } = require('mineflayer-pathfinder')
const { away, dig } = require('./digging')
const { goTo, REACH } = require('./goto')
const inventory = require('./inventory')
const { towards } = require('./stairs')

const WITHIN = 6 // blocks around a place within which is collected
const PATIENCE = 2500 // milliseconds spent on it
const ONE = 4000 // the same, on one thing
const SIDE = 1.05 // blocks aside, below and above the feet at which a body in the middle of its cell picks up (wiki, "Item (entity)")
const BELOW = -0.45
const ABOVE = 1.8
const CLOSE = 2.5 // blocks from which a few more steps may do
const STEPS = 8 // blocks dug towards one thing

/** Standing where the thing is picked up, wherever it moves. */
class GoalTouch extends goals.Goal {
  constructor (entity) {
    super()
    this.entity = entity
    this.at = entity.position.clone()
  }

  heuristic ({ x, y, z }) {
    return Math.max(0, Math.hypot(x + 0.5 - this.at.x, y - this.at.y, z + 0.5 - this.at.z) - 2)
  }

  isEnd ({ x, y, z }) {
    const up = this.at.y - y
    return Math.abs(x + 0.5 - this.at.x) <= SIDE && Math.abs(z + 0.5 - this.at.z) <= SIDE && up > BELOW && up < ABOVE
  }

  hasChanged () {
    if (this.at.distanceTo(this.entity.position) < 1) return false
    this.at = this.entity.position.clone()
    return true
  }
}

/** Pick up the drops around a place; what came of it, the inventory tells. With `deep`, things that no way leads to are dug for. */
async function collect (ctx, center, { within = WITHIN, ms = PATIENCE, names = null, deep = false, enough = () => false } = {}) {
  const end = Date.now() + ms
  const skipped = new Set()
  const drops = () => ctx.creatures().filter(seen => seen.kind === 'item' && !skipped.has(seen.entity.id) &&
    seen.entity.position.distanceTo(center) <= within && (!names || names.includes(seen.name)) && inventory.room(ctx, seen.name) > 0)
  while (Date.now() < end && !enough()) {
    const [drop] = drops()
    if (!drop) return
    const got = await fetch(ctx, drop.entity, Math.min(deep ? 3 * ONE : ONE, end - Date.now()))
    if (!got && !await undermine(ctx, drop.entity) && !(deep && await delve(ctx, drop.entity))) skipped.add(drop.entity.id)
  }
}

/** Walk to where it is touched, and wait until it is picked up; whether it is. */
async function fetch (ctx, entity, ms) {
  const { bot, task } = ctx
  const gone = () => !bot.entities[entity.id]
  try {
    await goTo(ctx, new GoalTouch(entity), 'what lies there', { ms, enough: gone })
  } catch (error) {
    task.check()
  }
  return await task.until(gone, Math.min(ms, 700)) || (ms > 700 && shuffle(ctx, entity, gone))
}

/** Press on towards it, but over no edge: one may stand aside of the middle of one's cell. */
async function shuffle (ctx, entity, gone) {
  const { bot, task } = ctx
  if (entity.position.distanceTo(bot.entity.position) > CLOSE) return false
  await task.attempt(bot.lookAt(entity.position, true), 500)
  for (const key of ['forward', 'sneak']) bot.setControlState(key, true)
  try {
    return await task.until(gone, 800)
  } finally {
    bot.clearControlStates()
  }
}

/** What lies on leaves comes down when they are gone; whether that was done. */
async function undermine (ctx, entity) {
  const below = entity.position.offset(0, -0.3, 0).floored()
  if (!/_leaves$/.test(ctx.sight.nameAt(below.x, below.y, below.z) ?? '') || away(ctx, below) > REACH) return false
  return dig(ctx, below)
}

/** Dig towards it, step by step; whether it was picked up. */
async function delve (ctx, entity) {
  const { bot, task } = ctx
  const gone = () => !bot.entities[entity.id]
  for (let go = 0; go < STEPS && !gone(); go++) {
    if (!await towards(ctx, entity.position.floored())) return false
    await task.until(gone, 300)
  }
  return task.until(gone, 600)
}

/** Wait a moment for drops to show up near a place. */
async function dropped (ctx, position, ms = 400) {
  const center = position.offset(0.5, 0.5, 0.5)
  await ctx.task.until(() => ctx.creatures().some(seen => seen.kind === 'item' && seen.entity.position.distanceTo(center) < 2.5), ms)
  return center
}

module.exports = { collect, dropped }
