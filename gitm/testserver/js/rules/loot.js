'use strict'
// What blocks give. Most give themselves; the others are here, with counts and chances of the Minecraft Wiki for 1.16.

/** Lines [item, lowest, highest, chance]; several may fall at once. An empty list gives nothing. */
const GIVES = {
  stone: [['cobblestone']],
  grass_block: [['dirt']],
  podzol: [['dirt']],
  mycelium: [['dirt']],
  farmland: [['dirt']],
  grass_path: [['dirt']],
  clay: [['clay_ball', 4, 4]],
  coal_ore: [['coal']],
  diamond_ore: [['diamond']],
  emerald_ore: [['emerald']],
  redstone_ore: [['redstone', 4, 5]],
  lapis_ore: [['lapis_lazuli', 4, 9]],
  nether_quartz_ore: [['quartz']],
  nether_gold_ore: [['gold_nugget', 2, 6]],
  glowstone: [['glowstone_dust', 2, 4]],
  grass: [['wheat_seeds', 1, 1, 0.125]],
  fern: [['wheat_seeds', 1, 1, 0.125]],
  tall_grass: [['wheat_seeds', 1, 1, 0.125]],
  dead_bush: [['stick', 0, 2]],
  oak_leaves: [['oak_sapling', 1, 1, 0.05], ['stick', 1, 2, 0.02], ['apple', 1, 1, 0.005]],
  birch_leaves: [['birch_sapling', 1, 1, 0.05], ['stick', 1, 2, 0.02]],
  spruce_leaves: [['spruce_sapling', 1, 1, 0.05], ['stick', 1, 2, 0.02]],
  cobweb: [['string']],
  snow: [['snowball']],
  snow_block: [['snowball', 4, 4]],
  bookshelf: [['book', 3, 3]],
  melon: [['melon_slice', 3, 7]],
  ender_chest: [['obsidian', 8, 8]],
  wall_torch: [['torch']],
  redstone_wire: [['redstone']],
  carrots: [['carrot']],
  potatoes: [['potato']],
  ice: [],
  glass: [],
  spawner: [],
  fire: [],
  water: [],
  lava: []
}

const RIPE_WHEAT = [['wheat'], ['wheat_seeds', 0, 3]]
const SHEARED = new Set(['grass', 'fern', 'tall_grass', 'dead_bush', 'cobweb', 'oak_leaves', 'birch_leaves', 'spruce_leaves'])
const NOTHING = /_stained_glass$|_glass_pane$|^infested_/
const FLINT = 0.1

module.exports.server = serv => {
  const { gitm } = serv

  /** The stacks that a block gives when it is dug with a tool (an item or null); none with the wrong one. */
  gitm.dropsOf = (block, tool, state = block.defaultState) => {
    if (block.harvestTools && !block.harvestTools[tool?.type]) return []
    return lines(block, tool, state).flatMap(([item, low = 1, high = 1, chance = 1]) => {
      const count = low + Math.floor(Math.random() * (high - low + 1))
      return gitm.items.stack(item, Math.random() < chance ? count : 0) ?? []
    })
  }

  function lines (block, tool, state) {
    if (tool?.name === 'shears' && SHEARED.has(block.name)) return [[block.name]]
    if (block.name === 'gravel') return [[Math.random() < FLINT ? 'flint' : 'gravel']]
    if (block.name === 'wheat') return state === block.maxStateId ? RIPE_WHEAT : [['wheat_seeds']]
    if (NOTHING.test(block.name)) return []
    return GIVES[block.name] ?? [[block.name]]
  }
}
