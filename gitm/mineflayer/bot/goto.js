'use strict'
// Going somewhere: mineflayer-pathfinder, bounded, watched, and helped when it is stuck.

const { Movements, goals } = require('mineflayer-pathfinder')
const { Ending } = require('./ending')
const { note } = require('./events')
const { counts } = require('./inventory')

const REACH = 4.5 // blocks from the eye, as the stub's
const STUCK = 4000 // milliseconds on one spot without digging
const EYE = 1.62
const FORBIDDEN = 100 // the cost from which the pathfinder does not break a block
const SCAFFOLD = ['dirt', 'cobblestone', 'cobbled_deepslate', 'netherrack', 'stone', 'andesite', 'diorite', 'granite']

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
  let status = null
  const hear = result => { status = result.status }
  bot.on('path_update', hear)
  ctx.painful = new Map() // by block: the cost of breaking it with what is held now
  bot.pathfinder.setMovements(ctx.movements)
  bot.pathfinder.setGoal(goal)
  try {
    await watch(ctx, goal, what, Date.now() + ms, enough, () => status)
  } finally {
    bot.removeListener('path_update', hear)
    halt(bot)
  }
  task.check()
}

async function watch (ctx, goal, what, end, enough, status) {
  const { bot, task } = ctx
  let spot = bot.entity.position.clone()
  let since = Date.now()
  let remedies = 0
  while (!arrived(bot, goal) && !enough()) {
    await task.pause(50)
    if (status() === 'noPath') throw new Ending('NO_PATH', `no way to ${what}: look for another one, or dig`)
    if (Date.now() > end) throw new Ending('TIMEOUT', `the way to ${what} takes too long: approach it again`)
    if (bot.entity.position.distanceTo(spot) > 0.6 || bot.targetDigBlock || bot.pathfinder.isBuilding()) {
      spot = bot.entity.position.clone()
      since = Date.now()
    } else if (Date.now() - since > STUCK) {
      if (remedies >= REMEDIES.length) throw new Ending('NO_PATH', `stuck on the way to ${what}: ${REMEDIES.map(([name]) => name).join(', ')} did not help`)
      const [name, remedy] = REMEDIES[remedies++]
      note('stuck', `at ${spot.floored()} on the way to ${what}: ${name}`)
      bot.pathfinder.setGoal(null)
      await remedy(ctx)
      bot.pathfinder.setGoal(goal)
      since = Date.now()
    }
  }
}

/** What is tried when stuck, in this order; never a teleport. */
const REMEDIES = [
  ['jump', async ctx => press(ctx, ['jump', 'forward'], 600)],
  ['step aside', async ctx => press(ctx, [Math.random() < 0.5 ? 'left' : 'right', 'jump'], 600)],
  ['dig out', async ctx => digOut(ctx)],
  ['step back', async ctx => press(ctx, ['back', 'jump'], 800)]
]

async function press (ctx, keys, ms) {
  for (const key of keys) ctx.bot.setControlState(key, true)
  try {
    await ctx.task.pause(ms)
  } finally {
    ctx.bot.clearControlStates()
  }
}

async function digOut (ctx) {
  const { bot, task } = ctx
  const ahead = bot.entity.position.offset(-Math.sin(bot.entity.yaw), 0, -Math.cos(bot.entity.yaw))
  for (const height of [1, 0]) {
    const block = bot.blockAt(ahead.offset(0, height, 0).floored())
    if (block && block.boundingBox === 'block' && bot.canDigBlock(block)) await task.attempt(bot.dig(block, true), bot.digTime(block) + 2000)
  }
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

/** Go within arm's reach of a block. */
async function reachBlock (ctx, position, what, options) {
  await goTo(ctx, new GoalReach(position), what, options)
}

/** Go close to a place. */
async function near (ctx, position, range, what, options) {
  await goTo(ctx, new goals.GoalNear(Math.floor(position.x), Math.floor(position.y), Math.floor(position.z), range), what, options)
}

module.exports = { goTo, reachBlock, near, halt, movements, GoalReach, REACH, SCAFFOLD, press }
