'use strict'
// What is tried when one does not get on: from a step aside to another route. Each is reported; whoever walked looks for another target
// when none of them helped.

const { Vec3 } = require('vec3')
const { Ending } = require('./ending')
const { note } = require('./events')
const inventory = require('./inventory')

const STUCK = 3500 // milliseconds on one spot without digging or building
const MOVED = 0.6 // blocks that count as getting on
const LAVA = 4 // blocks from the eye
const FORGET = 60_000 // milliseconds for which a spot where one was stuck is avoided
/** What is put down to stand on or to close a hole: cheap, and does not fall. */
const SCAFFOLD = ['dirt', 'cobblestone', 'cobbled_deepslate', 'netherrack', 'stone', 'andesite', 'diorite', 'granite']

/** The remedies, in this order: what is reported, what is done; one that cannot be tried (false) is passed over. Never a teleport. */
const REMEDIES = [
  ['stepped aside', ctx => press(ctx, [Math.random() < 0.5 ? 'left' : 'right', 'sneak'], 800)],
  ['jumped', ctx => press(ctx, ['jump', 'forward'], 600)],
  ['dug out', digOut],
  ['pillared up', pillarUp],
  ['took another route', async ctx => {
    avoid(ctx)
    await press(ctx, ['back', 'sneak'], 800)
  }]
]

/** Watches whether one gets on, and tries one remedy after the other when not. */
class Ladder {
  constructor (ctx, what) {
    Object.assign(this, { ctx, what, tried: [], at: 0 })
    this.moved()
  }

  /** One gets on. */
  moved () {
    this.spot = this.ctx.bot.entity.position.clone()
    this.since = Date.now()
  }

  /** When one is stuck, try the next remedy: whether one was. Ends with NO_PATH after the last. */
  async climb () {
    const { bot } = this.ctx
    if (bot.entity.position.distanceTo(this.spot) > MOVED || bot.targetDigBlock || bot.pathfinder.isBuilding()) this.moved()
    if (Date.now() - this.since < STUCK) return false
    bot.pathfinder.setGoal(null)
    const place = this.spot.floored()
    while (this.at < REMEDIES.length) {
      const [name, remedy] = REMEDIES[this.at++]
      if (await remedy(this.ctx) === false) continue
      this.tried.push(name)
      this.ctx.report(name)
      note('stuck', `at ${place} on the way to ${this.what}: ${name}`)
      this.since = Date.now()
      return true
    }
    throw new Ending('NO_PATH', `stuck on the way to ${this.what}, ${this.tried.join(', ')} and did not get on: try another one`)
  }
}

/** Hold keys down; who sneaks does not step over an edge. Nothing is done (false) beside lava, where a blind step may be the last. */
async function press (ctx, keys, ms) {
  if (ctx.sight.nearest(['lava'], { within: LAVA })) return false
  for (const key of keys) ctx.bot.setControlState(key, true)
  try {
    await ctx.task.pause(ms)
  } finally {
    ctx.bot.clearControlStates()
  }
}

/** Dig what is before the chest and the feet. */
async function digOut (ctx) {
  const { bot, task } = ctx
  const ahead = bot.entity.position.offset(-Math.sin(bot.entity.yaw), 0, -Math.cos(bot.entity.yaw))
  let dug = false
  for (const height of [1, 0]) {
    const block = bot.blockAt(ahead.offset(0, height, 0).floored())
    if (block?.boundingBox !== 'block' || !bot.canDigBlock(block) || ctx.movements.blocksCantBreak.has(block.type)) continue
    dug = await task.attempt(bot.dig(block, true), bot.digTime(block) + 2000) || dug
  }
  return dug
}

/** Jump and put a block under the feet. */
async function pillarUp (ctx) {
  const { bot, task } = ctx
  const name = SCAFFOLD.find(name => inventory.counts(ctx)[name])
  const floor = bot.blockAt(bot.entity.position.offset(0, -0.5, 0).floored())
  if (!name || floor?.boundingBox !== 'block' || !await inventory.takeInHand(ctx, name)) return false
  const height = bot.entity.position.y
  await task.attempt(bot.look(bot.entity.yaw, -Math.PI / 2, true), 500)
  bot.setControlState('jump', true)
  try {
    if (!await task.until(() => bot.entity.position.y > height + 1, 800, 20)) return false
    return await task.attempt(bot.placeBlock(floor, new Vec3(0, 1, 0)), 1500)
  } finally {
    bot.clearControlStates()
  }
}

/** For a while, ways lead around here. */
function avoid (ctx) {
  const spot = ctx.bot.entity.position.floored()
  ctx.avoided.push(spot)
  setTimeout(() => { ctx.avoided = ctx.avoided.filter(other => other !== spot) }, FORGET).unref()
}

module.exports = { Ladder, SCAFFOLD }
