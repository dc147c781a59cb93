'use strict'
// What grows on the land: trees, grass, flowers, cactus, sugar cane.

const { dice } = require('./noise')
const { BIOMES, SEA_LEVEL } = require('./land')

const FLOWERS = ['dandelion', 'poppy', 'azure_bluet', 'oxeye_daisy', 'cornflower']

/** Plant one chunk. `top(x, z)` is the y of the surface, `biome(x, z)` its biome. */
function plant (chunk, seed, ids, top, biome) {
  const roll = dice(seed, 31, chunk.x, chunk.z)
  const kind = BIOMES[biome(8, 8)]
  const trees = Math.floor(kind.trees + roll())
  for (let i = 0; i < trees; i++) grow(chunk, ids, roll, kind.kinds[roll.below(kind.kinds.length)], top)
  scatter(kind.grass, () => ids.grass ?? ids.short_grass)
  scatter(kind.flowers, () => ids[FLOWERS[roll.below(FLOWERS.length)]])
  if (kind === BIOMES.desert) scatterColumn(2, 'cactus', ids.sand)
  if (kind === BIOMES.beach || kind === BIOMES.river) cane()

  function scatter (count, block) {
    for (let i = 0; i < count; i++) {
      const [x, z] = [roll.below(16), roll.below(16)]
      const y = top(x, z) + 1
      if (chunk.get(x, y - 1, z) === ids.grass_block && chunk.get(x, y, z) === 0) chunk.set(x, y, z, block())
    }
  }

  function scatterColumn (count, block, soil) {
    for (let i = 0; i < count; i++) {
      const [x, z] = [roll.between(1, 14), roll.between(1, 14)]
      const y = top(x, z) + 1
      const free = [[1, 0], [-1, 0], [0, 1], [0, -1]].every(([dx, dz]) => chunk.get(x + dx, y, z + dz) === 0)
      if (chunk.get(x, y - 1, z) !== soil || !free) continue
      for (let n = 0; n < roll.between(1, 3); n++) chunk.set(x, y + n, z, ids[block])
    }
  }

  function cane () {
    for (let i = 0; i < 12; i++) {
      const [x, z] = [roll.between(1, 14), roll.between(1, 14)]
      const y = top(x, z) + 1
      const wet = [[1, 0], [-1, 0], [0, 1], [0, -1]].some(([dx, dz]) => chunk.get(x + dx, y - 1, z + dz) === ids.water)
      if (y !== SEA_LEVEL + 1 || !wet || chunk.get(x, y, z) !== 0) continue
      for (let n = 0; n < roll.between(1, 3); n++) chunk.set(x, y + n, z, ids.sugar_cane)
    }
  }
}

/** A tree whose crown stays inside the chunk, so that chunks need not know each other. */
function grow (chunk, ids, roll, kind, top) {
  const [x, z] = [roll.between(2, 13), roll.between(2, 13)]
  const y = top(x, z) + 1
  if (chunk.get(x, y - 1, z) !== ids.grass_block || crowded(chunk, ids, x, y, z)) return
  const height = kind === 'oak' ? roll.between(4, 6) : kind === 'birch' ? roll.between(5, 7) : roll.between(6, 9)
  const leaves = ids[`${kind}_leaves`]
  for (let dy = kind === 'spruce' ? 2 : height - 3; dy <= height; dy++) {
    const wide = kind === 'spruce' ? (dy >= height - 1 ? 0 : 1 + (height - dy) % 2) : dy >= height - 1 ? 1 : 2
    disc(chunk, leaves, x, y + dy, z, wide, dy === height || (wide === 2 && roll() < 0.6))
  }
  for (let dy = 0; dy < height; dy++) chunk.set(x, y + dy, z, ids[`${kind}_log`])
  chunk.set(x, y - 1, z, ids.dirt)
}

function crowded (chunk, ids, x, y, z) {
  const logs = [ids.oak_log, ids.birch_log, ids.spruce_log]
  for (let dx = -2; dx <= 2; dx++) {
    for (let dz = -2; dz <= 2; dz++) if (logs.includes(chunk.get(x + dx, y + 1, z + dz))) return true
  }
  return false
}

function disc (chunk, block, x, y, z, wide, round) {
  for (let dx = -wide; dx <= wide; dx++) {
    for (let dz = -wide; dz <= wide; dz++) {
      if (round && Math.abs(dx) === wide && Math.abs(dz) === wide && wide > 0) continue
      if (chunk.get(x + dx, y, z + dz) === 0) chunk.set(x + dx, y, z + dz, block)
    }
  }
}

module.exports = { plant }
