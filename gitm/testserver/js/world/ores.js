'use strict'
// What lies in the stone: veins by height, as in 1.16.5.

const { dice } = require('./noise')

/** `tries` veins a chunk of up to `size` blocks, from y `low` to `high`; `peak`: most often in the middle of the two. */
const VEINS = [
  { block: 'dirt', tries: 6, size: 24, low: 5, high: 80 },
  { block: 'gravel', tries: 5, size: 24, low: 5, high: 80 },
  { block: 'granite', tries: 3, size: 24, low: 5, high: 79 },
  { block: 'diorite', tries: 3, size: 24, low: 5, high: 79 },
  { block: 'andesite', tries: 3, size: 24, low: 5, high: 79 },
  { block: 'coal_ore', tries: 20, size: 12, low: 5, high: 127 },
  { block: 'iron_ore', tries: 20, size: 6, low: 5, high: 63 },
  { block: 'gold_ore', tries: 2, size: 8, low: 5, high: 31 },
  { block: 'redstone_ore', tries: 8, size: 5, low: 5, high: 15 },
  { block: 'diamond_ore', tries: 1, size: 5, low: 5, high: 15 },
  { block: 'lapis_ore', tries: 1, size: 7, low: 1, high: 30, peak: true }
]

/** Replace stone of a chunk by veins. A vein is a short random walk and ends at the chunk's border. */
function sow (chunk, seed, ids) {
  VEINS.forEach((vein, kind) => {
    const roll = dice(seed, 11, kind, chunk.x, chunk.z)
    const depth = () => roll.between(vein.low, vein.high)
    for (let i = 0; i < vein.tries; i++) {
      const y = vein.peak ? Math.round((depth() + depth()) / 2) : depth()
      const at = [roll.below(16), y, roll.below(16)]
      for (let n = 0; n < vein.size; n++) {
        if (chunk.get(...at) === ids.stone) chunk.set(...at, ids[vein.block])
        const axis = roll.below(3)
        at[axis] += roll() < 0.5 ? -1 : 1
      }
    }
  })
}

module.exports = { sow, VEINS }
