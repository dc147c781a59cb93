'use strict'
// The frame of an end portal, which is found and not built: every empty block of it takes an eye (wiki, "End portal").

const { Vec3 } = require('vec3')
const { Ending, a } = require('./ending')
const { away } = require('./digging')
const { REACH, reachBlock } = require('./goto')
const inventory = require('./inventory')

const WAITS = 5000 // milliseconds for the portal to open
const REACTION = 1500

/** Put an eye into every block of the frame that has none. */
async function fillFrame (ctx, { makes, on, materials: [{ item, count: all }] }) {
  const { task } = ctx
  const frame = ctx.sight.find([on])
  const empty = frame.filter(({ position }) => !filled(ctx, position))
  const wanted = frame.length ? empty.length : all
  const lack = wanted - (inventory.counts(ctx)[item] ?? 0)
  if (lack > 0) throw new Ending('MISSING_MATERIAL', `${makes} needs ${wanted} ${item}; you lack ${lack} ${item}: obtain that first`, { [item]: lack })
  if (!frame.length) throw new Ending('NOT_FOUND', `${a(makes)} is built on ${a(on)}, and none is in sight: explore first`)
  if (frame[0].distance > REACH) throw new Ending('OUT_OF_REACH', `the nearest ${on} is ${Math.round(frame[0].distance)} blocks away: approach it first`)
  for (const [done, { position }] of empty.entries()) {
    if (!await insert(ctx, item, position)) throw new Ending('PARTIAL', `${done} of ${empty.length} eyes are in the frame: build it again`)
  }
  if (!await task.until(() => ctx.sight.nearest([makes]), WAITS)) {
    throw new Ending('TIMEOUT', `the frame in sight is full, but no ${makes} opens: look for the rest of the frame`)
  }
  return `built ${a(makes)} from ${wanted} ${item}`
}

const filled = (ctx, position) => String(ctx.bot.blockAt(position)?.getProperties().eye) === 'true'

/** Whether the eye is in. */
async function insert (ctx, item, position) {
  const { bot, task } = ctx
  if (away(ctx, position) > REACH) await reachBlock(ctx, position, 'the frame', { ms: 20_000 })
  for (let go = 0; go < 3 && !filled(ctx, position); go++) {
    if (!await inventory.takeInHand(ctx, item)) return false
    await task.attempt(bot.activateBlock(bot.blockAt(position), new Vec3(0, 1, 0)), REACTION)
    await task.until(() => filled(ctx, position), REACTION)
  }
  return filled(ctx, position)
}

module.exports = { fillFrame }
