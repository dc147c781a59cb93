'use strict'
// One step of a 1x2 tunnel or staircase: clear the cells, never open a way for lava or water, step in.

const { clear } = require('./digging')
const { Ending, a } = require('./ending')
const inventory = require('./inventory')
const { fill } = require('./laying')
const { light } = require('./light')
const { passable } = require('./refuge')

const BESIDE = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
const TURNS = ([x, z]) => [[x, z], [-z, x], [z, -x], [-x, -z]]
const FALLING = /^(red_)?sand$|^gravel$|_concrete_powder$|anvil$/
const FALLS = 12 // times that something may come down
const SETTLE = 600 // milliseconds that it takes
const FALL = 3 // blocks one may drop into a cave

/** Step one block on in the direction, up (+1), level (0) or down (-1); whether one is there now. */
async function step (ctx, dx, dy, dz) {
  await ctx.tend()
  const at = ctx.bot.entity.position.floored()
  const to = at.offset(dx, dy, dz)
  const cells = [to.offset(0, 1, 0), to]
  if (dy < 0) cells.unshift(to.offset(0, 2, 0))
  if (dy > 0) cells.unshift(at.offset(0, 2, 0))
  if (cells.some(cell => wet(ctx, cell))) return false
  const floor = depth(ctx, to)
  if (floor < 0 || floor > FALL) {
    if (!await fill(ctx, to.offset(0, -1, 0))) return false // a bridge
  }
  if (!await free(ctx, cells) || !await walkTo(ctx, to, floor)) return false
  await light(ctx, at)
  return true
}

/** Clear all the cells; again when sand or gravel came down into one of them. */
async function free (ctx, cells) {
  for (let go = 0; go < FALLS; go++) {
    for (const cell of cells) if (!await clear(ctx, cell)) return false
    if (!loose(ctx, cells[0].offset(0, 1, 0))) return true
    await ctx.task.pause(SETTLE)
    if (cells.every(cell => passable(ctx, cell))) return true
  }
  return false
}

/** Whether what lies there is about to fall, or just did. */
const loose = (ctx, cell) => FALLING.test(ctx.sight.nameAt(cell.x, cell.y, cell.z) ?? '')

/** Step on in the heading, turning when the way is blocked; whether any way was open. */
async function stepOn (ctx, dy) {
  for (const [dx, dz] of TURNS(ctx.memory.heading)) {
    if (await step(ctx, dx, dy, dz)) {
      ctx.memory.heading = [dx, dz]
      return true
    }
    ctx.task.check()
  }
  return false
}

/** One step of a tunnel towards a block. */
async function towards (ctx, position) {
  const at = ctx.bot.entity.position.floored()
  const d = position.minus(at)
  const dy = Math.abs(d.y) >= 2 || (d.x === 0 && d.z === 0) ? Math.sign(d.y) : 0
  const along = Math.abs(d.x) >= Math.abs(d.z) ? [Math.sign(d.x) || 1, 0] : [0, Math.sign(d.z) || 1]
  const other = along[0] ? [0, Math.sign(d.z) || 1] : [Math.sign(d.x) || 1, 0]
  for (const [dx, dz, rise] of [[...along, dy], [...along, 0], [...other, dy], [...other, 0]]) {
    if (await step(ctx, dx, rise, dz)) return true
    ctx.task.check()
  }
  return false
}

/** Whether digging the cell away would let a liquid in. */
function wet (ctx, cell) {
  const name = at => ctx.bot.registry.blocksByStateId[ctx.sight.state(at.x, at.y, at.z)]?.name ?? 'lava' // unknown is as bad
  return /water|lava/.test(name(cell)) || BESIDE.some(([x, y, z]) => /water|lava/.test(name(cell.offset(x, y, z))))
}

/** How far one falls when standing in the cell: 0 on solid ground; -1 when below is lava, water or nothing. */
function depth (ctx, cell) {
  for (let fall = 0; fall <= FALL + 1; fall++) {
    const block = ctx.bot.blockAt(cell.offset(0, -1 - fall, 0), false)
    if (!block || /water|lava/.test(block.name)) return -1
    if (block.boundingBox === 'block') return fall
  }
  return FALL + 1
}

async function walkTo (ctx, to, floor) {
  const { bot, task } = ctx
  const there = () => {
    const at = bot.entity.position
    return Math.hypot(at.x - to.x - 0.5, at.z - to.z - 0.5) < 0.35 && at.y < to.y + 0.6 && at.y > to.y - 0.2 - Math.max(0, floor) && bot.entity.onGround
  }
  const up = to.y > bot.entity.position.y + 0.5
  try {
    const end = Date.now() + 3000
    while (!there() && Date.now() < end) {
      if (ctx.rescuing) return false
      await task.run(bot.lookAt(to.offset(0.5, 1.6, 0.5), true), 1000)
      bot.setControlState('forward', true)
      bot.setControlState('jump', up && bot.entity.position.y < to.y - 0.05)
      await task.pause(50)
    }
  } finally {
    bot.clearControlStates()
  }
  await task.until(() => bot.entity.onGround, 500)
  return there()
}

/** Rock is not dug by hand: ends with MISSING_TOOL without a pickaxe. */
function needPick (ctx) {
  const rock = 'stone'
  if (ctx.rules.dig(rock, ctx.rules.spareTool(rock, inventory.counts(ctx))).yields) return
  const needed = ctx.rules.weakestTool(rock) ?? 'wooden_pickaxe'
  throw new Ending('MISSING_TOOL', `needs ${a(needed)} or better to dig through ${rock}: make one first`, { [needed]: 1 })
}

module.exports = { needPick, step, stepOn, towards, wet, TURNS }
