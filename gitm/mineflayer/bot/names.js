'use strict'
// Canonical modern names on our side, the server version's own names on its side. The alias map is the rule book's.

/** Biomes that got other names (1.18); the rule book's aliases are about items. */
const BIOMES = {
  mountains: 'windswept_hills', snowy_tundra: 'snowy_plains', snowy_taiga: 'taiga', tall_birch_forest: 'birch_forest',
  wooded_hills: 'forest', birch_forest_hills: 'birch_forest', taiga_hills: 'taiga', desert_hills: 'desert', jungle_hills: 'jungle',
  giant_tree_taiga: 'taiga', savanna_plateau: 'savanna', badlands_plateau: 'badlands', deep_ocean: 'ocean', warm_ocean: 'ocean',
  lukewarm_ocean: 'ocean', cold_ocean: 'ocean', wooded_mountains: 'windswept_hills', dark_forest_hills: 'dark_forest'
}
/** Mobs that got other names (1.11, 1.16). */
const MOBS = {
  pig_zombie: 'zombified_piglin', zombie_pigman: 'zombified_piglin', lava_slime: 'magma_cube', ozelot: 'ocelot', mushroom_cow: 'mooshroom',
  entity_horse: 'horse', villager_golem: 'iron_golem', snow_man: 'snow_golem', wither_boss: 'wither', evocation_illager: 'evoker',
  vindication_illager: 'vindicator'
}
const ALIKE = 0.5 // how alike a misspelt name must be to be suggested

const { Legacy, VARIANTS } = require('./legacy')

class Names {
  constructor (registry, book) {
    this.registry = registry
    this.book = book
    this.legacy = registry.version['<']('1.13') ? new Legacy(registry) : null
    this._older = new Map() // canonical -> the server's name, where they differ
    for (const [alias, name] of Object.entries(book.aliases)) {
      if (!this._known(name) && this._known(alias)) this._older.set(name, alias)
    }
    this._modern = new Map([...this._older].map(([name, older]) => [older, name]))
    this.states = this._stateNames()
  }

  _known (name) {
    return this.legacy ? this.legacy.has(name) : name in this.registry.itemsByName || name in this.registry.blocksByName
  }

  /** The server's name of an item, block or mob. */
  server (name) {
    return this._older.get(name) ?? name.replace(/\[.*\]$/, '')
  }

  /** The canonical name of something of the server's. */
  canonical (name) {
    return this._modern.get(name) ?? name
  }

  /** An item stack's canonical name, with the variant that matters to us. */
  ofItem (item) {
    const name = this.canonical(this.legacy?.itemName(item.type, item.metadata) ?? item.name)
    const silk = item.maxDurability && item.enchants?.some(enchant => enchant.name === 'silk_touch')
    return silk ? `${name}[silk_touch]` : name
  }

  /** What may lie in a recipe's cell: of what had variants, any unless one is told. */
  ofCell ({ id, metadata }) {
    const any = metadata === null || metadata === undefined || metadata < 0
    const names = !this.legacy ? [this.registry.items[id]?.name ?? ''] : any ? this.legacy.itemNames(id) : [this.legacy.itemName(id, metadata) ?? '']
    return names.map(name => this.canonical(name))
  }

  /** A mob's or a thing's canonical name; before 1.11 it was written in CamelCase. */
  ofEntity (name) {
    const snake = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
    return MOBS[snake] ?? this.canonical(snake)
  }

  /** What tells a stack from others of its number, for mineflayer's calls; null where the number alone does. */
  variant (item) {
    return this.legacy && !item.maxDurability ? item.metadata : null
  }

  biome (name) {
    return BIOMES[name] ?? name ?? 'unknown'
  }

  /** `id`, and `metadata` where things have variants, of an item by its canonical name, if the server has it. */
  item (name) {
    return this.legacy ? this.legacy.item(this.server(name)) : this.registry.itemsByName[this.server(name)]
  }

  /** Whether the server has a block of this canonical name. */
  isBlock (name) {
    return this.legacy ? this.legacy.has(this.server(name)) : this.server(name) in this.registry.blocksByName
  }

  /** What a name stands for: itself, what an alias means, the members of a group; empty when nobody knows it. */
  resolve (given) {
    const name = this.book.aliases[given] ?? given
    const { items, blocks, mobs, biomes, groups } = this.book
    if (name in items || name in blocks || name in mobs || name in biomes) return [name]
    if (name in groups) return groups[name]
    const registry = this.registry
    return this._known(name) || name in registry.entitiesByName || name in registry.biomesByName ? [this.canonical(name)] : []
  }

  /** The known name most like a misspelt one, if any. */
  nearest (given) {
    const { items, blocks, mobs, biomes, groups, aliases } = this.book
    let best = null
    let least = ALIKE
    for (const table of [items, blocks, mobs, biomes, groups, aliases]) {
      for (const name of Object.keys(table)) {
        const alike = dice(given, name)
        if (alike > least) [best, least] = [name, alike]
      }
    }
    return best
  }

  /** The canonical name by block state: null for air and flowing liquids; a crop that still grows goes by its seed's name. */
  _stateNames () {
    const seeds = Object.fromEntries(this.book.grows.filter(grow => grow.seed !== grow.plant).map(grow => [grow.plant, grow.seed]))
    const names = []
    const ripe = {}
    const states = this.legacy ? variants(this.registry, this.legacy) : modern(this.registry)
    for (const { name, age } of states) ripe[name] = Math.max(ripe[name] ?? 0, age ?? 0)
    for (const { state, name: raw, age, source } of states) {
      const name = this.canonical(raw)
      if (/(^|_)air$/.test(name) || !source) names[state] = null
      else names[state] = name in seeds && age !== null && age < ripe[raw] ? seeds[name] : name
    }
    return names
  }
}

/** `{ state, name, age, source }` of every block state; of what ages, the last state is the ripe one. */
function modern (registry) {
  return registry.blocksArray.flatMap(({ name, minStateId, maxStateId, states }) => {
    const ages = states?.some(property => property.name === 'age')
    const liquid = name === 'water' || name === 'lava'
    return Array.from({ length: maxStateId - minStateId + 1 }, (_, at) =>
      ({ state: minStateId + at, name, age: ages ? at : null, source: !liquid || at === 0 }))
  })
}

/** The same before 1.13. */
function variants (registry, legacy) {
  return registry.blocksArray.flatMap(({ id, name }) => Array.from({ length: VARIANTS }, (_, variant) =>
    ({ state: id * VARIANTS + variant, name, age: null, source: true, ...legacy.block(id, variant) })))
}

/** How alike two words are: Dice's coefficient of their pairs of letters. */
function dice (one, other) {
  const pairs = word => Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2))
  const left = pairs(one)
  const right = pairs(other)
  let shared = 0
  for (const pair of left) {
    const at = right.indexOf(pair)
    if (at >= 0) {
      right[at] = null
      shared++
    }
  }
  return left.length + right.length ? 2 * shared / (left.length + right.length) : 0
}

module.exports = { Names }
