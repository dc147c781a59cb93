'use strict'
// The shape of the land: height and biome of every column, as pure functions of seed, x and z.

const { plane } = require('./noise')

const SEA_LEVEL = 62 // y of the topmost water, as in 1.16.5

/** What grows and what lies on top, by biome. `trees` is the mean number a chunk. */
const BIOMES = {
  plains: { top: 'grass_block', below: 'dirt', trees: 1, kinds: ['oak'], grass: 30, flowers: 5 },
  forest: { top: 'grass_block', below: 'dirt', trees: 6, kinds: ['oak', 'oak', 'birch'], grass: 10, flowers: 3 },
  birch_forest: { top: 'grass_block', below: 'dirt', trees: 5, kinds: ['birch'], grass: 12, flowers: 3 },
  taiga: { top: 'grass_block', below: 'dirt', trees: 6, kinds: ['spruce'], grass: 10, flowers: 1 },
  desert: { top: 'sand', below: 'sand', trees: 0, kinds: [], grass: 0, flowers: 0 },
  beach: { top: 'sand', below: 'sand', trees: 0, kinds: [], grass: 0, flowers: 0 },
  river: { top: 'gravel', below: 'dirt', trees: 0, kinds: [], grass: 0, flowers: 0 }
}

/** Height and biome of each column for a seed. */
function land (seed) {
  const hills = plane(seed + 1, 70)
  const bumps = plane(seed + 2, 18)
  const warmth = plane(seed + 3, 110)
  const wetness = plane(seed + 4, 90)

  /** y of the topmost solid block. */
  const height = (x, z) => Math.round(66 + 9 * hills(x, z) + 2.2 * bumps(x, z))

  function biome (x, z, top = height(x, z)) {
    if (top < SEA_LEVEL) return 'river'
    if (top <= SEA_LEVEL + 1) return 'beach'
    const warm = warmth(x, z)
    if (warm > 0.45) return 'desert'
    if (warm < -0.4) return 'taiga'
    const wet = wetness(x, z)
    return wet < -0.15 ? 'plains' : wet > 0.5 ? 'birch_forest' : 'forest'
  }

  return { height, biome }
}

module.exports = { land, BIOMES, SEA_LEVEL }
