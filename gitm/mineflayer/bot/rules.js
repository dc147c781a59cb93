'use strict'
// What the bot must know to refuse before it acts: tools and drops, recipes, fuels, uses. Read from the rule book of the server's version.

const fs = require('fs')

class Rules {
  constructor (file) {
    this.book = Object.assign({ groups: {}, crafts: [], smelts: [], mobs: {}, uses: [], grows: [], aliases: {} },
      JSON.parse(fs.readFileSync(file, 'utf8')))
    this.crafts = grouped(this.book.crafts, craft => craft.item)
    this.smelts = grouped(this.book.smelts, smelt => smelt.item)
    this.uses = grouped(this.book.uses, use => use.item)
    this.grows = grouped(this.book.grows, grow => grow.seed)
    this.raw = new Set(this.book.smelts.flatMap(smelt => this.members(smelt.material)).filter(name => this.food(name)))
    this.hostile = new Set(Object.entries(this.book.mobs).filter(([, mob]) => mob.hostile).map(([name]) => name))
    this.stations = new Set(Object.entries(this.book.blocks).filter(([, block]) => block.station).map(([name]) => name))
    this.tools = Object.fromEntries(Object.entries(this.book.items).filter(([, item]) => item.tool)
      .map(([name, item]) => [name, { tier: 0, speed: 1, silk_touch: false, ...item.tool }]))
  }

  /** The items a name in a recipe stands for. */
  members (name) {
    return this.book.groups[name] ?? [name]
  }

  stack (name) {
    return this.book.items[name]?.stack ?? 64
  }

  fuel (name) {
    return this.book.items[name]?.fuel ?? 0
  }

  food (name) {
    return this.book.items[name]?.food ?? 0
  }

  damage (name) {
    return this.book.items[name]?.damage ?? 1
  }

  /** Ticks to dig the block with the tool (null: bare hands; -1: unbreakable), and whether it then yields (wiki, "Breaking"). */
  dig (blockName, tool) {
    const block = this.book.blocks[blockName]
    if (!block) return { ticks: 20, yields: true, drops: [] }
    const hardness = block.hardness ?? null
    if (hardness === null || block.liquid) return { ticks: -1, yields: false, drops: [] }
    const held = tool ? this.tools[tool] : undefined
    const right = held !== undefined && held.kind === block.tool
    const harvests = (block.tier ?? null) === null || (right && held.tier >= block.tier)
    const speed = right ? held.speed : 1
    const ticks = hardness === 0 ? 1 : Math.max(1, Math.ceil(hardness * (harvests ? 30 : 100) / speed - 1e-9))
    const drops = (block.drops ?? []).filter(drop => allowed(drop.needs ?? 'any', held))
    return { ticks, yields: harvests && (drops.length > 0 || !(block.drops ?? []).length), drops }
  }

  /** The tool held that digs it fastest among those with which it yields, plain ones before silk touch; null: bare hands. */
  bestTool (block, held) {
    let best = null
    for (const name of Object.keys(held)) {
      if (!this.tools[name]) continue
      const dig = this.dig(block, name)
      if (!dig.yields) continue
      const rank = [this.tools[name].silk_touch ? 1 : 0, dig.ticks, name]
      if (!best || before(rank, best)) best = rank
    }
    const bare = this.dig(block, null)
    return bare.yields && (!best || bare.ticks <= best[1]) ? null : best?.[2] ?? null
  }

  /** The tool held to dig much of this with: stone before wood before iron before diamond, so that the better ones last. */
  spareTool (block, held) {
    if (this.dig(block, null).yields) return this.bestTool(block, held)
    const fitting = Object.keys(held).filter(name => this.tools[name] && this.dig(block, name).yields)
    return fitting.sort((one, other) => (this.tools[one].tier || 1.5) - (this.tools[other].tier || 1.5))[0] ?? null
  }

  /** The most basic tool with which the block drops something; null when bare hands do. */
  weakestTool (block) {
    if (this.dig(block, null).yields) return null
    const fitting = Object.entries(this.tools).filter(([name]) => this.dig(block, name).yields)
      .map(([name, tool]) => [tool.silk_touch ? 1 : 0, tool.tier, tool.speed, name])
    fitting.sort((one, other) => before(one, other) ? -1 : 1)
    return fitting[0]?.[3] ?? this.book.blocks[block]?.tool ?? null
  }
}

function allowed (needs, tool) {
  if (needs === 'any') return true
  if (needs === 'shears') return tool?.kind === 'shears'
  return needs === 'silk_touch' ? tool?.silk_touch === true : tool?.silk_touch !== true
}

function before (one, other) {
  const at = one.findIndex((value, index) => value !== other[index])
  return at >= 0 && one[at] < other[at]
}

function grouped (facts, key) {
  const found = {}
  for (const fact of facts) (found[key(fact)] ??= []).push(fact)
  return found
}

module.exports = { Rules }
