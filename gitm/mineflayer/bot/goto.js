'use strict'
// Going somewhere: mineflayer-pathfinder, bounded, watched, and helped when it is stuck.

const { Movements, goals } = require('mineflayer-pathfinder')
const { Ending } = require('./ending')
const { note } = require('./events')
const { counts } = require('./inventory')
const { SCAFFOLD, Ladder } = require('./stuck')

const REACH = 4.5 // blocks from the eye, as the stub's
const SURE = REACH - 0.9 // from anywhere in the cell
const RESCUE = 10_000 // milliseconds that getting out of lava, fire or water may take
const EYE = 1.62
const AVOIDED = 20 // what a step costs where one was stuck before
const FORBIDDEN = 100 // the cost from which the pathfinder does not break a block

/** Standing so that the block is within arm's reach. */
class GoalReach extends goals.Goal {
  constructor (position, reach = REACH - 0.5) {
    super()
    Object.assign(this, { position, reach })
  }

  distance (node) {
    return Math.hypot(node.x - this.position.x, node.y + EYE - 0.5 - this.position.y, node.z - this.position.z)
  }

  heuristic (node) {
    return Math.max(0, this.distance(node) - this.reach)
  }

  isEnd (node) {
    return this.distance(node) <= this.reach
  }
}

/** How the bot moves: it digs what the tools it holds are fit for, lets no water or lava in, falls no deeper than three blocks. */
function movements (ctx, bot) {
  const { names } = ctx
  const moves = new Movements(bot)
  moves.exclusionAreasBreak = [block => {
    const name = names.states[block.stateId]
    if (!ctx.painful.has(name)) ctx.painful.set(name, name && !ctx.rules.dig(name, ctx.rules.bestTool(name, counts(ctx))).yields ? FORBIDDEN : 0)
    return ctx.painful.get(name)
  }]
  moves.exclusionAreasStep = [block => ctx.avoided.some(spot => spot.distanceTo(block.position) < 2) ? AVOIDED : 0]
  moves.canDig = true
  moves.digCost = 2
  moves.allow1by1towers = true
  moves.allowParkour = false
  moves.allowFreeMotion = false
  moves.maxDropDown = 3
  moves.infiniteLiquidDropdownDistance = false
  moves.dontCreateFlow = true
  moves.dontMineUnderFallingBlock = true
  moves.scafoldingBlocks = SCAFFOLD.map(name => names.item(name)?.id).filter(id => id !== undefined)
  for (const block of bot.registry.blocksArray) {
    if (/chest|furnace|crafting_table|bed$|barrel|smoker/.test(block.name)) moves.blocksCantBreak.add(block.id)
    if (/cactus|magma|campfire|sweet_berry|^fire$|wither_rose/.test(block.name)) moves.blocksToAvoid.add(block.id)
  }
  return moves
}

/** Go until the goal is reached, or `enough()` holds. Ends with NO_PATH when there is no way, TIMEOUT after `ms` milliseconds. */
async function goTo (ctx, goal, what, { ms = 60_000, enough = () => false } = {}) {
  const { bot, task } = ctx
  if (arrived(bot, goal) || enough()) return
  const heard = { status: null }
  const hear = result => { heard.status = result.status }
  bot.on('path_update', hear)
  ctx.painful = new Map() // by block: the cost of breaking it with what is held now
  restart(ctx, goal, heard)
  try {
    await watch(ctx, goal, what, Date.now() + ms, enough, heard)
  } finally {
    bot.removeListener('path_update', hear)
    halt(bot)
  }
  task.check()
}

async function watch (ctx, goal, what, end, enough, heard) {
  const { bot, task } = ctx
  const ladder = new Ladder(ctx, what)
  while (!arrived(bot, goal) && !enough()) {
    await task.pause(50)
    const begun = Date.now()
    if (await ctx.tend() || await rescued(ctx)) { // the body comes first; the way begins anew from where that led
      end += Date.now() - begun
      ladder.moved()
      restart(ctx, goal, heard)
    }
    if (heard.status === 'noPath') throw new Ending('NO_PATH', `no way to ${what}: look for another one, or dig`)
    if (Date.now() > end) throw new Ending('TIMEOUT', `the way to ${what} takes too long: approach it again`)
    if (await ladder.climb()) restart(ctx, goal, heard)
  }
}

/** Wait while the body gets out of lava, fire or water; whether it had to. */
async function rescued (ctx) {
  if (!ctx.rescuing) return false
  await ctx.task.until(() => !ctx.rescuing, RESCUE)
  return true
}

/** Look for the way anew. */
function restart (ctx, goal, heard) {
  heard.status = null
  ctx.bot.pathfinder.setMovements(ctx.movements)
  ctx.bot.pathfinder.setGoal(goal)
}

function arrived (bot, goal) {
  return goal.isEnd(bot.entity.position.floored())
}

/** Stand still, whatever was going on. */
function halt (bot) {
  try {
    bot.pathfinder.setGoal(null)
    bot.clearControlStates()
  } catch (error) {
    note('halt', error.message)
  }
}

/** Go within arm's reach of a block; closer where one stands on the far side of one's cell and the arm is too short. */
async function reachBlock (ctx, position, what, options) {
  await goTo(ctx, new GoalReach(position), what, options)
  if (position.offset(0.5, 0.5, 0.5).distanceTo(ctx.sight.eye()) <= REACH) return
  await goTo(ctx, new GoalReach(position, SURE), what, { ms: 5000 }).catch(() => ctx.task.check())
}

/** Go close to a place. */
async function near (ctx, position, range, what, options) {
  await goTo(ctx, new goals.GoalNear(Math.floor(position.x), Math.floor(position.y), Math.floor(position.z), range), what, options)
}

module.exports = { goTo, reachBlock, near, halt, movements, GoalReach, REACH, SCAFFOLD }
