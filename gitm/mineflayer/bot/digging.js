'use strict'
// Digging one block, and what hides it.

const { Vec3 } = require('vec3')
const { REACH } = require('./goto')
const inventory = require('./inventory')

/** The middle of a block, and spots just inside its faces. */
const FACES = [[0.5, 0.5, 0.5], [0.5, 0.98, 0.5], [0.02, 0.5, 0.5], [0.98, 0.5, 0.5], [0.5, 0.5, 0.02], [0.5, 0.5, 0.98], [0.5, 0.02, 0.5]]
const PAINFUL = 120 // ticks for one block: with bare hands through rock nobody digs
const FALL = 2 // blocks of air beneath what one digs from under one's feet: one falls three, unhurt

/** Dig the block with what is in the hand; whether it is really gone, read back from the world a moment later. */
async function dig (ctx, position, tool) {
  const { bot, task } = ctx
  const block = bot.blockAt(position)
  if (!block || block.boundingBox === undefined || overAnAbyss(ctx, position)) return false
  if (tool !== undefined) await inventory.takeInHand(ctx, tool)
  const before = block.stateId
  await task.attempt(bot.dig(block, true), Math.min(60_000, bot.digTime(block)) + 3000)
  await task.pause(120) // a server that refuses sends the block again
  const now = ctx.sight.state(position.x, position.y, position.z)
  return now !== before && ctx.names.states[now] !== ctx.names.states[before]
}

/** Whether it is what one stands on, and there is a liquid or a deep hole beneath. */
function overAnAbyss (ctx, position) {
  const { bot } = ctx
  if (!bot.entity.position.offset(0, -0.5, 0).floored().equals(position)) return false
  for (let fall = 1; fall <= FALL + 1; fall++) {
    const below = bot.blockAt(position.offset(0, -fall, 0), false)
    if (!below || /water|lava/.test(below.name)) return true
    if (below.boundingBox === 'block') return false
  }
  return true
}

/** Dig whatever stands in a cell with the fit tool, sand that falls after it included; whether it is free now. */
async function clear (ctx, position) {
  for (let go = 0; go < 12; go++) {
    const block = ctx.bot.blockAt(position)
    if (!block) return false
    if (block.boundingBox === 'empty' && !/water|lava/.test(block.name)) return true
    if (block.boundingBox === 'empty') return false
    const name = ctx.names.states[block.stateId]
    const rule = ctx.rules.dig(name, null)
    if (rule.ticks < 0) return false
    const held = inventory.counts(ctx)
    const tool = rule.yields ? ctx.rules.bestTool(name, held) : ctx.rules.spareTool(name, held)
    if (ctx.rules.dig(name, tool).ticks > PAINFUL) return false
    if (!await dig(ctx, position, tool)) await ctx.task.pause(150)
  }
  return false
}

/** Dig away what hides the block from the eye, so that its drop is not walled in; whether it can be seen then. */
async function uncover (ctx, position) {
  for (let go = 0; go < 6; go++) {
    const before = hiddenBy(ctx, position)
    if (!before) return true
    if (ctx.rules.stations.has(ctx.sight.nameAt(before.x, before.y, before.z)) || wetBeside(ctx, before) || !await clear(ctx, before)) return false
  }
  return false
}

/** The place of what stands between the eye and the block; null when a part of it can be seen. */
function hiddenBy (ctx, position) {
  const eye = ctx.sight.eye()
  let first = null
  for (const [x, y, z] of FACES) {
    const ray = position.offset(x, y, z).minus(eye)
    const hit = ctx.bot.world.raycast(eye, ray.normalize(), 6)
    if (!hit || hit.position.equals(position)) return null
    first ??= hit.position
  }
  return first
}

const wetBeside = (ctx, { x, y, z }) => [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1]].some(([dx, dy, dz]) =>
  /water|lava/.test(ctx.bot.registry.blocksByStateId[ctx.sight.state(x + dx, y + dy, z + dz)]?.name ?? ''))

/** The distance from the eye to the middle of a block. */
const away = (ctx, position) => new Vec3(position.x + 0.5, position.y + 0.5, position.z + 0.5).distanceTo(ctx.sight.eye())

/** The nearest placed station of that name within reach, as a block; null when there is none. */
function station (ctx, names) {
  const found = ctx.sight.nearest([].concat(names), { within: REACH })
  return found ? ctx.bot.blockAt(found.position) : null
}

module.exports = { dig, clear, uncover, away, station }
