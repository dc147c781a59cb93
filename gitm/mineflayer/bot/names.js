'use strict'
// Canonical modern names on our side, the server version's own names on its side. The alias map is the rule book's.

/** Biomes that got other names (1.18); the rule book's aliases are about items. */
const BIOMES = {
  mountains: 'windswept_hills', snowy_tundra: 'snowy_plains', snowy_taiga: 'taiga', tall_birch_forest: 'birch_forest',
  wooded_hills: 'forest', birch_forest_hills: 'birch_forest', taiga_hills: 'taiga', desert_hills: 'desert', jungle_hills: 'jungle',
  giant_tree_taiga: 'taiga', savanna_plateau: 'savanna', badlands_plateau: 'badlands', deep_ocean: 'ocean', warm_ocean: 'ocean',
  lukewarm_ocean: 'ocean', cold_ocean: 'ocean', wooded_mountains: 'windswept_hills', dark_forest_hills: 'dark_forest'
}
const ALIKE = 0.5 // how alike a misspelt name must be to be suggested

class Names {
  constructor (registry, book) {
    this.registry = registry
    this.book = book
    this._older = new Map() // canonical -> the server's name, where they differ
    for (const [alias, name] of Object.entries(book.aliases)) {
      if (!this._known(name) && this._known(alias)) this._older.set(name, alias)
    }
    this._modern = new Map([...this._older].map(([name, older]) => [older, name]))
    this.states = this._stateNames()
  }

  _known (name) {
    return name in this.registry.itemsByName || name in this.registry.blocksByName
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
    const name = this.canonical(item.name)
    const silk = item.maxDurability && item.enchants?.some(enchant => enchant.name === 'silk_touch')
    return silk ? `${name}[silk_touch]` : name
  }

  biome (name) {
    return BIOMES[name] ?? name ?? 'unknown'
  }

  /** The registry's item for a canonical name, if the server has it. */
  item (name) {
    return this.registry.itemsByName[this.server(name)]
  }

  block (name) {
    return this.registry.blocksByName[this.server(name)]
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
    for (const block of this.registry.blocksArray) {
      const name = this.canonical(block.name)
      for (let state = block.minStateId; state <= block.maxStateId; state++) {
        const offset = state - block.minStateId
        if (/(^|_)air$/.test(name)) names[state] = null
        else if (name === 'water' || name === 'lava') names[state] = offset === 0 ? name : null
        else if (name in seeds && block.states?.some(property => property.name === 'age') && state !== block.maxStateId) names[state] = seeds[name]
        else names[state] = name
      }
    }
    return names
  }
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
