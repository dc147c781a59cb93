'use strict'
// What a seed's land is made of: `{ hash, lowest: {block: y}, highest: {block: y}, count: {block: n}, biomes }` of 10 x 10 chunks.

const crypto = require('crypto')
const registry = require('prismarine-registry')('1.16.5')

const [world, seed] = [process.argv[2], Number(process.argv[3])]
const { draft, stateIds } = require(`${world}/generate.js`)
const { land } = require(`${world}/land.js`)

const ids = stateIds(registry)
const names = Object.fromEntries(Object.entries(ids).map(([name, state]) => [state, name]))
const shape = land(seed)
const digest = crypto.createHash('sha256')
const found = { lowest: {}, highest: {}, count: {}, biomes: {} }

for (let cx = -5; cx < 5; cx++) {
  for (let cz = -5; cz < 5; cz++) {
    const { states } = draft(seed, ids, shape, cx, cz)
    digest.update(states)
    const biome = shape.biome(cx * 16 + 8, cz * 16 + 8)
    found.biomes[biome] = (found.biomes[biome] ?? 0) + 1
    states.forEach((state, index) => {
      const [name, y] = [names[state], index >> 8]
      found.count[name] = (found.count[name] ?? 0) + 1
      found.lowest[name] = Math.min(found.lowest[name] ?? 255, y)
      found.highest[name] = Math.max(found.highest[name] ?? 0, y)
    })
  }
}
process.stdout.write(JSON.stringify({ ...found, hash: digest.digest('hex') }))
