'use strict'
// flying-squid's "generation": a function from chunk coordinates to a filled chunk. Seeded; no chunk needs its neighbours.

const { dice } = require('./noise')
const { land, BIOMES, SEA_LEVEL } = require('./land')
const { sow } = require('./ores')
const { carve } = require('./caves')
const { plant } = require('./plants')

const HEIGHT = 128 // nothing of ours is higher

/** Blocks of one chunk while it is made; writing outside of it is ignored, reading there gives undefined. */
class Draft {
  constructor (x, z) {
    this.x = x
    this.z = z
    this.states = new Uint16Array(16 * 16 * HEIGHT)
  }

  static index (x, y, z) {
    return x < 0 || x > 15 || z < 0 || z > 15 || y < 0 || y >= HEIGHT ? -1 : (y * 16 + z) * 16 + x
  }

  get (x, y, z) {
    return this.states[Draft.index(x, y, z)]
  }

  set (x, y, z, state) {
    const index = Draft.index(x, y, z)
    if (index >= 0) this.states[index] = state
  }
}

/** Default state of every block by its name. */
const stateIds = registry => Object.fromEntries(registry.blocksArray.map(block => [block.name, block.defaultState]))

function draft (seed, ids, shape, cx, cz) {
  const chunk = new Draft(cx, cz)
  const top = (x, z) => shape.height(cx * 16 + x, cz * 16 + z)
  const biome = (x, z) => shape.biome(cx * 16 + x, cz * 16 + z)
  const roll = dice(seed, 5, cx, cz)
  for (let x = 0; x < 16; x++) {
    for (let z = 0; z < 16; z++) layers(chunk, ids, x, z, top(x, z), BIOMES[biome(x, z)], roll)
  }
  sow(chunk, seed, ids)
  carve(chunk, seed, ids, top)
  plant(chunk, seed, ids, top, biome)
  return chunk
}

function layers (chunk, ids, x, z, top, kind, roll) {
  const bedrock = roll.between(0, 4)
  for (let y = 0; y <= top; y++) {
    const block = y <= bedrock ? 'bedrock' : y < top - 3 ? 'stone' : y < top ? kind.below : kind.top
    chunk.set(x, y, z, ids[block])
  }
  if (kind.below === 'sand') chunk.set(x, top - 3, z, ids.sandstone) // sand must not hang over a cave
  for (let y = top + 1; y <= SEA_LEVEL; y++) chunk.set(x, y, z, ids.water)
}

/** Copy a draft into a prismarine chunk: blocks, biomes, and sky light down to the first block that is no air. */
function pour (source, Chunk, registry, shape) {
  const column = new Chunk()
  const at = { x: 0, y: 0, z: 0 }
  for (at.y = 0; at.y < HEIGHT; at.y++) {
    for (at.z = 0; at.z < 16; at.z++) {
      for (at.x = 0; at.x < 16; at.x++) {
        const state = source.get(at.x, at.y, at.z)
        if (state !== 0) column.setBlockStateId(at, state)
      }
    }
  }
  if (column.skyLightSections) light(source, column)
  settle(source, column, registry, shape)
  return column
}

/** Biomes, in cells of 4x4 columns: an array of the chunk's up to 1.17, later set one by one. */
function settle (source, column, registry, shape) {
  const biome = (x, z) => registry.biomesByName[shape.biome(source.x * 16 + x * 4 + 2, source.z * 16 + z * 4 + 2)].id
  if (column.biomes?.length === 1024) {
    for (let i = 0; i < 1024; i++) column.biomes[i] = biome(i & 3, (i >> 2) & 3)
    return
  }
  for (let i = 0; i < 16; i++) {
    const id = biome(i & 3, i >> 2)
    for (let y = 0; y < HEIGHT; y += 4) column.setBiome({ x: (i & 3) * 4, y, z: (i >> 2) * 4 }, id)
  }
}

function light (source, column) {
  const FULL = 15
  const tops = Array.from({ length: 256 }, (_, i) => {
    let y = HEIGHT - 1
    while (y > 0 && source.get(i & 15, y, i >> 4) === 0) y--
    return y + 1
  })
  const highest = Math.ceil(Math.max(...tops) / 16) * 16
  for (let y = highest; y < 256; y += 16) { // the open sky, a section at a time
    column.setSkyLight({ x: 0, y, z: 0 }, FULL)
    column.skyLightSections[(y - (column.minY ?? 0)) / 16 + 1].data.fill(0xffffffff)
  }
  tops.forEach((top, i) => {
    for (let y = top; y < highest; y++) column.setSkyLight({ x: i & 15, y, z: i >> 4 }, FULL)
  })
}

/** The generation that flying-squid asks for; `options` holds seed and registry. */
function generation ({ seed, registry }) {
  const Chunk = require('prismarine-chunk')(registry)
  const ids = stateIds(registry)
  const shape = land(seed)
  return (cx, cz) => pour(draft(seed, ids, shape, cx, cz), Chunk, registry, shape)
}

module.exports = Object.assign(generation, { draft, stateIds, Draft })
