'use strict'
// Getting well out of harm's way: asleep in a bed that is held, or in a pit of three blocks with a lid on it.

const { clear } = require('./digging')
const { SCAFFOLD, near } = require('./goto')
const inventory = require('./inventory')
const { fill } = require('./laying')
const { health, underground } = require('./observe')
const { refuge, dry, passable, middle } = require('./refuge')
const { stepOn, wet } = require('./stairs')

const SIDES = [[1, 0], [-1, 0], [0, 1], [0, -1]]
const DEPTH = 3
const AROUND = 6 // blocks within which good ground is looked for
const EASY = 60 // ticks that one block of it may take
const HEALING = 18 // food points from which one heals (wiki, "Hunger")
const WELL = 16 // health points with which one comes out again
const LONGEST = 90_000 // milliseconds in a pit; by day and without the food to heal only
const HOPELESS = 10_000
const RESERVE = 20_000 // milliseconds of the action that are left for its own work
const DUSK = 13_000 // ticks of the day between which monsters come up
const DAWN = 23_000
const AGAIN = 60_000 // milliseconds before what did not work, or not well enough, is tried again

/** Whether it is night and one stands in the open. */
const benighted = ctx => ctx.bot.time.timeOfDay > DUSK && ctx.bot.time.timeOfDay < DAWN && !underground(ctx)

/** Rest until well. What was done, in words; null when it was not possible. `eat` is called meanwhile. */
async function rest (ctx, eat) {
  if (Date.now() < (ctx.memory.restless ?? 0) || ctx.task.left() < RESERVE) return null
  const before = Math.round(health(ctx.bot))
  const how = await asleep(ctx) ? 'slept until morning' : await pit(ctx, eat) ? 'blocked itself in' : null
  if (!how || health(ctx.bot) < WELL) ctx.memory.restless = Date.now() + AGAIN
  return how && `${how} (health ${before}, then ${Math.round(health(ctx.bot))})`
}

/** Put a bed down that is held, sleep in it, take it up again; whether it is morning now. */
async function asleep (ctx) {
  const bed = Object.keys(inventory.counts(ctx)).find(name => name.endsWith('_bed'))
  if (!bed || !benighted(ctx) || ctx.attacker(10)) return false
  const { place, sleep, mine } = ctx.actions
  try {
    await place(ctx, { object: bed })
    await sleep(ctx)
    await mine(ctx, { object: bed })
  } catch {
    ctx.task.check()
  }
  return !benighted(ctx)
}

/** Dig down where the ground allows it, close the top, wait, come out by stairs; whether one was safe in there. */
async function pit (ctx, eat) {
  const { bot, task } = ctx
  const night = benighted(ctx)
  const top = await goodGround(ctx)
  if (!top || !await sink(ctx, top) || !await lid(ctx, top.offset(0, -1, 0))) return false
  const hopeful = night || bot.food >= HEALING || await eat()
  const end = Date.now() + Math.min(hopeful ? LONGEST : HOPELESS, task.left() - RESERVE)
  while (Date.now() < end && health(bot) < WELL) {
    await task.pause(500)
    await eat()
  }
  for (let go = 0; go < DEPTH + 1 && underground(ctx); go++) if (!await stepOn(ctx, 1)) break
  return true
}

/** The nearest cell under which one can dig in, after going there; null when there is none. */
async function goodGround (ctx) {
  const here = ctx.bot.entity.position.floored()
  if (firm(ctx, here)) return here
  const cell = refuge(ctx, (_, at) => dry(ctx, at) && firm(ctx, at), AROUND)
  if (!cell) return null
  await near(ctx, cell, 0, 'soft ground', { ms: 5000 }).catch(() => ctx.task.check())
  return firm(ctx, ctx.bot.entity.position.floored()) ? ctx.bot.entity.position.floored() : null
}

/** Whether the ground below the cell can be dug, and is dry and whole on all sides: all of it was looked at before. */
function firm (ctx, top) {
  const held = inventory.counts(ctx)
  const easy = cell => {
    const name = ctx.sight.nameAt(cell.x, cell.y, cell.z)
    const { ticks } = ctx.rules.dig(name, ctx.rules.spareTool(name, held))
    return name !== null && ticks >= 0 && ticks <= EASY && !wet(ctx, cell) && !passable(ctx, cell)
  }
  const cells = Array.from({ length: DEPTH }, (_, at) => top.offset(0, -1 - at, 0))
  const around = cells.flatMap(cell => SIDES.map(([x, z]) => cell.offset(x, 0, z)))
  return cells.every(easy) && [...around, top.offset(0, -1 - DEPTH, 0)].every(cell => !passable(ctx, cell))
}

/** Dig straight down into firm ground; whether one stands at the bottom. */
async function sink (ctx, top) {
  const { bot, task } = ctx
  await center(ctx, top)
  for (let depth = 1; depth <= DEPTH; depth++) {
    const cell = top.offset(0, -depth, 0)
    if (!await clear(ctx, cell) || !await task.until(() => bot.entity.onGround && bot.entity.position.y < cell.y + 0.1, 1500)) return false
  }
  return true
}

/** Stand in the middle of the cell, so that one falls when the ground is gone. */
async function center (ctx, cell) {
  const { bot, task } = ctx
  const off = () => Math.hypot(bot.entity.position.x - cell.x - 0.5, bot.entity.position.z - cell.z - 0.5)
  try {
    for (let go = 0; go < 20 && off() > 0.19; go++) {
      await task.attempt(bot.lookAt(middle(cell), true), 500)
      bot.setControlState('sneak', true)
      bot.setControlState('forward', true)
      await task.pause(50)
    }
  } finally {
    bot.clearControlStates()
  }
}

/** Put a block over the head, against one of the walls; whether it lies there. */
async function lid (ctx, cell) {
  await ctx.task.until(() => SCAFFOLD.some(name => inventory.counts(ctx)[name]), 1500) // what was dug out is picked up
  return fill(ctx, cell)
}

module.exports = { benighted, rest }
