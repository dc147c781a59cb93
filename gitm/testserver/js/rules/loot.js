'use strict'
// What blocks give. minecraft-data names the items; its chances and counts are placeholders, so those that matter are here.

/** [item, lowest, highest, chance]; several lines may fall at once. From the Minecraft Wiki for 1.16. */
const CHANCES = {
  grass: [['wheat_seeds', 1, 1, 0.125]],
  fern: [['wheat_seeds', 1, 1, 0.125]],
  tall_grass: [['wheat_seeds', 1, 1, 0.125]],
  oak_leaves: [['oak_sapling', 1, 1, 0.05], ['stick', 1, 2, 0.02], ['apple', 1, 1, 0.005]],
  birch_leaves: [['birch_sapling', 1, 1, 0.05], ['stick', 1, 2, 0.02]],
  spruce_leaves: [['spruce_sapling', 1, 1, 0.05], ['stick', 1, 2, 0.02]],
  coal_ore: [['coal', 1, 1, 1]],
  redstone_ore: [['redstone', 4, 5, 1]],
  lapis_ore: [['lapis_lazuli', 4, 9, 1]],
  snow: [],
  ice: []
}

const SHEARED = new Set(['grass', 'fern', 'oak_leaves', 'birch_leaves', 'spruce_leaves'])

module.exports.server = serv => {
  const { registry, gitm } = serv
  const between = (low, high) => low + Math.floor(Math.random() * (high - low + 1))

  /** The stacks that a block gives when it is dug with a tool (an item or null); none with the wrong one. */
  gitm.dropsOf = (block, tool) => {
    if (block.harvestTools && !block.harvestTools[tool?.type]) return []
    return lines(block, tool).flatMap(([item, low, high, chance]) => {
      const stack = Math.random() < chance ? gitm.items.stack(item, between(low, high)) : null
      return stack ? [stack] : []
    })
  }

  function lines (block, tool) {
    if (tool?.name === 'shears' && SHEARED.has(block.name)) return [[block.name, 1, 1, 1]]
    if (block.name === 'gravel') return [[Math.random() < 0.1 ? 'flint' : 'gravel', 1, 1, 1]]
    if (CHANCES[block.name]) return CHANCES[block.name]
    const loot = registry.blockLoot[block.name]?.drops ?? []
    return loot.filter(drop => !drop.silkTouch && drop.blockAge === undefined).map(drop => [drop.item, ...drop.stackSizeRange, 1])
  }
}
