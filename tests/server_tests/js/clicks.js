'use strict'
// Random clicks of every mode on a window of 27 + 36 slots, one of them an output: what a client may do must neither make nor lose
// an item. Prints `{ clicks, moved, thrown, broken: [...] }`.

const { Menu } = require(`${process.argv[2]}/menu.js`)
const { dice } = require(`${process.argv[2]}/../world/noise.js`)

const SIZES = { stone: 64, pearl: 16, sword: 1 }
const items = {
  copy: (item, count = item.count) => item && count > 0 ? { ...item, count } : null,
  alike: (a, b) => a.name === b.name
}

function play (seed, clicks) {
  const roll = dice(seed)
  const array = Array(63).fill(null)
  for (let i = 0; i < 40; i++) {
    const name = Object.keys(SIZES)[roll.below(3)]
    array[roll.below(63)] = { name, stackSize: SIZES[name], count: roll.between(1, SIZES[name]) }
  }
  let thrown = 0
  const slots = array.map((_, i) => ({
    get: () => array[i],
    set: item => { array[i] = item },
    accepts: item => i !== 0 && (i !== 1 || item.name === 'stone'), // one output, one that takes stone alone
    output: i === 0
  }))
  const menu = new Menu({
    id: 1, slots, hotbar: 54, items, throwItem: (_, item) => { thrown += item.count },
    quick: index => index < 27 ? [[27, 63, true]] : [[0, 27]]
  })
  const player = { cursor: null }
  const total = () => [...array, player.cursor].reduce((sum, item) => sum + (item?.count ?? 0), 0) + thrown
  const before = total()
  const start = JSON.stringify(array)
  const first = array[1]?.name
  for (let i = 0; i < clicks; i++) {
    const mode = [0, 0, 0, 1, 2, 4, 5, 6][roll.below(8)]
    const slot = roll() < 0.03 ? -999 : roll.below(63)
    const mouseButton = mode === 5 ? [0, 1, 2, 4, 5, 6][roll.below(6)] : mode === 2 ? roll.below(9) : roll.below(2)
    menu.click(player, { slot, mouseButton, mode })
    const stacks = [...array, player.cursor].filter(Boolean)
    if (total() !== before) return { fault: `seed ${seed}, click ${i} (mode ${mode}): ${before} became ${total()}` }
    if (stacks.some(item => item.count < 1 || item.count > item.stackSize)) return { fault: `seed ${seed}, click ${i}: a stack of no size` }
    if (array[1] && array[1].name !== 'stone' && array[1].name !== first) return { fault: `seed ${seed}: slot 1 took what it does not` }
  }
  return { moved: JSON.stringify(array) !== start, thrown }
}

const games = Array.from({ length: 200 }, (_, seed) => play(seed, 300))
process.stdout.write(JSON.stringify({
  moved: games.filter(game => game.moved).length,
  thrown: games.reduce((sum, game) => sum + (game.thrown ?? 0), 0),
  broken: games.flatMap(game => game.fault ?? [])
}))
