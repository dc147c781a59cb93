'use strict'
// What a furnace makes of what, and how long things burn, in ticks. From the Minecraft Wiki for 1.16 (minecraft-data has neither).

const SMELTS = {
  iron_ore: 'iron_ingot', gold_ore: 'gold_ingot', coal_ore: 'coal', redstone_ore: 'redstone', lapis_ore: 'lapis_lazuli',
  diamond_ore: 'diamond', emerald_ore: 'emerald', nether_quartz_ore: 'quartz', nether_gold_ore: 'gold_ingot',
  ancient_debris: 'netherite_scrap',
  cobblestone: 'stone', stone: 'smooth_stone', sandstone: 'smooth_sandstone', red_sandstone: 'smooth_red_sandstone', sand: 'glass',
  red_sand: 'glass', clay_ball: 'brick', clay: 'terracotta', netherrack: 'nether_brick', stone_bricks: 'cracked_stone_bricks',
  cactus: 'green_dye', wet_sponge: 'sponge', kelp: 'dried_kelp', potato: 'baked_potato', beef: 'cooked_beef', porkchop: 'cooked_porkchop',
  chicken: 'cooked_chicken', mutton: 'cooked_mutton', rabbit: 'cooked_rabbit', cod: 'cooked_cod', salmon: 'cooked_salmon'
}
for (const wood of ['oak', 'birch', 'spruce', 'jungle', 'acacia', 'dark_oak']) {
  SMELTS[`${wood}_log`] = SMELTS[`${wood}_wood`] = SMELTS[`stripped_${wood}_log`] = 'charcoal'
}

const FUELS = {
  lava_bucket: 20000, coal_block: 16000, dried_kelp_block: 4001, blaze_rod: 2400, coal: 1600, charcoal: 1600, crafting_table: 300,
  chest: 300, ladder: 300, bookshelf: 300, bow: 300, fishing_rod: 300, stick: 100, bowl: 100, bamboo: 50
}

/** Families by the end of their names; the first that fits. Those of the Nether's stems do not burn. */
const FAMILIES = [[/_sapling$|_wool$/, 100], [/_carpet$/, 67], [/_slab$/, 150], [/^wooden_|_door$|_sign$/, 200], [/_boat$/, 1200],
  [/_log$|_wood$|_planks$|_stairs$|_fence$|_fence_gate$|_trapdoor$|_pressure_plate$/, 300]]
const WOOD = /^(stripped_)?(oak|birch|spruce|jungle|acacia|dark_oak)_|^wooden_|_wool$|_carpet$/

/** Ticks an item burns; 0 when it is no fuel. */
const burnTime = name => FUELS[name] ?? (WOOD.test(name) ? FAMILIES.find(([pattern]) => pattern.test(name))?.[1] : 0) ?? 0

module.exports = { SMELTS, burnTime, SMELT_TICKS: 200 }
