'use strict'
// The nearest cell in which a body is well: found cell by cell through what can be walked, swum or fallen through.

const { Vec3 } = require('vec3')

const BESIDE = [[0, 1, 0], [1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1], [0, -1, 0]]
const MOST = 4000 // cells looked at
const HOT = /^(lava|fire|soul_fire|magma_block|campfire)$/

/** The server's own name of the block in a cell; undefined where nothing is loaded. */
const nameAt = (ctx, { x, y, z }) => ctx.bot.registry.blocksByStateId[ctx.sight.state(x, y, z)]?.name

/** Whether a body fits into a cell: air, water, lava, grass. */
const passable = (ctx, { x, y, z }) => ctx.bot.registry.blocksByStateId[ctx.sight.state(x, y, z)]?.boundingBox === 'empty'

const hot = (ctx, cell) => HOT.test(nameAt(ctx, cell) ?? '')
const wet = (ctx, cell) => nameAt(ctx, cell) === 'water'

/** Whether one stands well there: solid, cool ground, two free cells, no liquid in either. */
function dry (ctx, cell) {
  const [head, floor] = [cell.offset(0, 1, 0), cell.offset(0, -1, 0)]
  const free = [cell, head].every(at => passable(ctx, at) && !hot(ctx, at) && !wet(ctx, at))
  return free && !passable(ctx, floor) && !hot(ctx, floor)
}

/** Whether one can breathe there and does not burn: for who is under water. */
function airy (ctx, cell) {
  const head = cell.offset(0, 1, 0)
  return [cell, head].every(at => passable(ctx, at) && !hot(ctx, at)) && !wet(ctx, head)
}

/** The nearest cell around the body that `fits`, within so many blocks; null when there is none. */
function refuge (ctx, fits, within) {
  const start = ctx.bot.entity.position.floored()
  const queue = [start]
  const seen = new Set([String(start)])
  for (let at = 0; at < queue.length && at < MOST; at++) {
    const cell = queue[at]
    if (at > 0 && fits(ctx, cell)) return cell
    for (const [x, y, z] of BESIDE) {
      const next = cell.offset(x, y, z)
      if (seen.has(String(next)) || next.distanceTo(start) > within || !passable(ctx, next)) continue
      seen.add(String(next))
      queue.push(next)
    }
  }
  return null
}

/** The middle of a cell at eye height. */
const middle = cell => new Vec3(cell.x + 0.5, cell.y + 1.6, cell.z + 0.5)

module.exports = { refuge, dry, airy, hot, wet, passable, middle, nameAt }
