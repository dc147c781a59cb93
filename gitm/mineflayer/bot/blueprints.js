'use strict'
// The shapes that blocks are built up to (wiki, "Nether portal", "Iron golem", "Snow golem", "Wither"), and where one fits in.

const { away } = require('./digging')
const { REACH } = require('./goto')
const { BESIDE } = require('./laying')
const { passable } = require('./refuge')
const { wet } = require('./stairs')

/**
 * A wall seen from the front, the top row first; the last row lies in the ground. A digit is the so manyth material of the rule book's
 * entry, '+' a block the next ones lean on, '#' firm ground, ' ' a cell that must be free, '.' whatever there is.
 */
const SHAPES = {
  nether_portal: ['+00.', '0  0', '0  0', '0  0', '#00#'],
  wither: ['111', '000', ' 0 ', '.#.'],
  iron_golem: [' 1 ', '000', ' 0 ', '.#.'],
  snow_golem: ['1', '0', '0', '#'],
  sniffer: ['0', '#']
}
const PROP = '+'
const SIDES = [[1, 0], [-1, 0], [0, 1], [0, -1]]
const AHEAD = [2, 3] // blocks from the feet to the wall: a body does not stand in it
const HOLE = 3 // what missing ground costs, in blocks to be dug away

/**
 * Where the shape fits in best around the body: `{ lay, dig, holes, free }`, cells `{ sign, at }` to be laid (in this order), dug away
 * and filled before, and left free; null when it fits in nowhere. What stands there already need not be laid.
 */
function site (ctx, shape, parts) {
  const feet = ctx.bot.entity.position.floored()
  let best = null
  for (const side of SIDES) {
    for (const ahead of AHEAD) {
      for (let shift = 1 - shape[0].length; shift <= 0; shift++) {
        const found = survey(ctx, cellsOf(shape, feet, side, ahead, shift), parts)
        if (found && !(best?.cost <= found.cost)) best = found
      }
    }
  }
  return best
}

/** The cells of the shape, set up ahead; those to the right are `shift` and more blocks from the middle. */
function cellsOf (shape, feet, [dx, dz], ahead, shift) {
  return shape.flatMap((row, line) => [...row].map((sign, column) => {
    const right = column + shift
    return { sign, at: feet.offset(dx * ahead - dz * right, shape.length - 2 - line, dz * ahead + dx * right) }
  }))
}

/** What is to be done there, and what it costs; null where it cannot stand. */
function survey (ctx, cells, parts) {
  const found = { lay: [], dig: [], holes: [], free: cells.filter(({ sign }) => sign === ' '), cost: 0 }
  for (const cell of cells) {
    const { sign, at } = cell
    const name = ctx.sight.nameAt(at.x, at.y, at.z)
    const open = passable(ctx, at)
    const liquid = /water|lava/.test(name ?? '')
    if (sign === '.' || (sign === ' ' ? open && !liquid : sign in parts ? parts[sign].includes(name) : !open)) continue // it is as it should be
    if (liquid || away(ctx, at) > REACH || (!open && !diggable(ctx, at, name))) return null
    if (!open) found.dig.push(cell)
    if (sign === '#') found.holes.push(cell)
    else if (sign !== ' ') found.lay.push(cell)
  }
  found.cost = found.lay.length + found.dig.length + HOLE * found.holes.length
  found.lay = inTurn(ctx, found.lay)
  return found
}

const diggable = (ctx, at, name) => !wet(ctx, at) && !ctx.rules.stations.has(name) && ctx.rules.dig(name, null).ticks >= 0

/** One material after the other, for what calls a mob to life comes last; from the ground up, each where it has something to lean on. */
function inTurn (ctx, cells) {
  const left = cells.sort((one, other) => turn(one) - turn(other) || one.at.y - other.at.y || (other.sign === PROP) - (one.sign === PROP))
  const laid = []
  const leans = ({ at }) => BESIDE.some(([x, y, z]) => {
    const beside = at.offset(x, y, z)
    return !passable(ctx, beside) || laid.some(other => other.at.equals(beside))
  })
  while (left.length) laid.push(...left.splice(Math.max(0, left.findIndex(leans)), 1))
  return laid
}

const turn = ({ sign }) => sign === PROP ? 0 : Number(sign)

module.exports = { SHAPES, PROP, site }
