'use strict'
// Torches in tunnels: monsters come up in the dark only (wiki, "Light": a torch gives 14, one less a block).

const { Vec3 } = require('vec3')
const inventory = require('./inventory')
const { underground } = require('./observe')

const EVERY = 8 // blocks between two torches
const TORCH = /^(soul_)?(wall_)?torch$/

/** Put a torch into the cell that was left, when one is held and the last is far; torches themselves tell where they stand. */
async function light (ctx, behind) {
  const { bot, task } = ctx
  if (!inventory.counts(ctx).torch || !underground(ctx) || lit(ctx, behind)) return
  const floor = bot.blockAt(behind.offset(0, -1, 0))
  if (floor?.boundingBox !== 'block' || ctx.sight.nameAt(behind.x, behind.y, behind.z) !== null) return
  if (!await inventory.takeInHand(ctx, 'torch')) return
  await task.attempt(bot.placeBlock(floor, new Vec3(0, 1, 0)), 1500)
  if (TORCH.test(ctx.sight.nameAt(behind.x, behind.y, behind.z) ?? '')) ctx.report('lit the tunnel')
}

/** Whether a torch shines there. */
function lit (ctx, { x, y, z }) {
  for (let dx = 1 - EVERY; dx < EVERY; dx++) {
    for (let dz = 1 - EVERY; dz < EVERY; dz++) {
      if (Math.abs(dx) + Math.abs(dz) >= EVERY) continue
      for (let dy = -2; dy <= 2; dy++) if (TORCH.test(ctx.sight.nameAt(x + dx, y + dy, z + dz) ?? '')) return true
    }
  }
  return false
}

module.exports = { light }
