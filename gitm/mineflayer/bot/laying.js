'use strict'
// Laying one block into a cell against what stands beside it, and whether it is there then: by the world and the inventory.

const { Vec3 } = require('vec3')
const inventory = require('./inventory')
const { SCAFFOLD } = require('./stuck')

const BESIDE = [[0, -1, 0], [1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1], [0, 1, 0]] // below first: what needs a floor is laid on it
const LAG = 3000 // milliseconds by which a server's news of the block and of the inventory may lie apart
const LAID_ELSEWHERE = { torch: 'wall_torch' } // what an item may stand there as

/** Put the item into the cell; whether it stands there, or was `turned` into something else. */
async function lay (ctx, item, cell, turned = () => false) {
  const { bot, task, sight } = ctx
  if (!await inventory.takeInHand(ctx, item)) return false
  const had = inventory.counts(ctx)[item] ?? 0
  const before = sight.state(cell.x, cell.y, cell.z)
  const paid = () => (inventory.counts(ctx)[item] ?? 0) < had
  const stands = () => {
    const now = sight.state(cell.x, cell.y, cell.z)
    const name = ctx.names.states[now]
    return now !== before && name !== null && (name === item || name === LAID_ELSEWHERE[item] || paid())
  }
  for (const [x, y, z] of BESIDE) {
    const block = bot.blockAt(cell.offset(x, y, z), false)
    if (block?.boundingBox !== 'block' || ctx.rules.stations.has(ctx.names.states[block.stateId])) continue // a station would open
    await task.attempt(bot.placeBlock(block, new Vec3(-x, -y, -z)), 1500)
    if (await task.until(() => stands() || paid(), 500)) return task.until(() => (stands() || turned()) && paid(), LAG) // one half of the news is there
  }
  return false
}

/** Close the cell with a cheap block that is held; whether something stands there. */
async function fill (ctx, cell) {
  const held = inventory.counts(ctx)
  const name = SCAFFOLD.find(name => held[name])
  return name !== undefined && lay(ctx, name, cell)
}

module.exports = { BESIDE, lay, fill }
