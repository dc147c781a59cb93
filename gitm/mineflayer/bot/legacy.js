'use strict'
// Before 1.13 a block or an item was a number and a variant: planks:2 were birch. minecraft-data's table tells the name of 1.13 for each.

const { legacy } = require('minecraft-data')

const VARIANTS = 16

class Legacy {
  constructor (registry) {
    this._names = new Map() // name -> the number and variant it is as an item, null for a block that is none
    this._items = new Map() // "number:variant" -> name
    this._blocks = new Map() // the same -> { name, age, source }
    for (const [key, text] of Object.entries(legacy.pc.items)) {
      const [id, metadata] = key.split(':').map(Number)
      if (!registry.items[id] && !registry.blocks[id]) continue
      const { name } = parse(text)
      this._items.set(key, name)
      if (registry.items[id] && !this._names.has(name)) this._names.set(name, { id, metadata, name })
    }
    for (const [key, text] of Object.entries(legacy.pc.blocks)) {
      if (!registry.blocks[key.split(':')[0]]) continue
      const block = parse(text)
      this._blocks.set(key, block)
      if (!this._names.has(block.name)) this._names.set(block.name, null)
    }
  }

  has (name) {
    return this._names.has(name)
  }

  /** `{ id, metadata, name }` of an item, undefined when there is none of that name. */
  item (name) {
    return this._names.get(name) ?? undefined
  }

  /** The name of an item; the variant of a tool is how worn it is. */
  itemName (id, variant) {
    return this._items.get(`${id}:${variant}`) ?? this._items.get(`${id}:0`)
  }

  /** All names that an item of this number may have. */
  itemNames (id) {
    return Array.from({ length: VARIANTS }, (_, variant) => this._items.get(`${id}:${variant}`)).filter(Boolean)
  }

  /** `{ name, age, source }` of a block: `age` of a plant, `source` false for a liquid that flows; undefined for what is none. */
  block (id, variant) {
    return this._blocks.get(`${id}:${variant}`) ?? this._blocks.get(`${id}:0`)
  }
}

/** `minecraft:wheat[age=3]` in parts. */
function parse (text) {
  const [, name, properties = ''] = /^minecraft:(\w+)(?:\[(.*)\])?$/.exec(text)
  const age = /\bage=(\d+)/.exec(properties)
  return { name, age: age ? Number(age[1]) : null, source: !/\blevel=[1-9]/.test(properties) }
}

module.exports = { Legacy, VARIANTS }
