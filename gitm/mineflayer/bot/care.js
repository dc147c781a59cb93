'use strict'
// What cannot wait for a safe point of an action: out of lava and fire, up for air. And who struck is told to the session.

const { refuge, dry, airy, hot, wet, middle, nameAt } = require('./refuge')

const EVERY = 4 // physics ticks between two looks
const BREATH = 100 // ticks under water after which one goes up (wiki, "Damage": 300 until it hurts)
const AIR = 15 // breath left, as far as the server tells, at which one goes up (20 is full)
const FAR = 12 // blocks within which a refuge is looked for

/** Watch over the body of this connection. */
function watch (ctx) {
  const { bot } = ctx
  let health = bot.health ?? 20
  bot.on('health', () => {
    if (bot.health < health && bot.health > 0) ctx.body.struck()
    health = bot.health
  })
  let ticks = 0
  let under = 0 // ticks under water
  bot.on('physicsTick', () => {
    if (++ticks % EVERY || !(bot.health > 0)) return
    under = wet(ctx, ctx.sight.eye().floored()) ? under + EVERY : 0
    const danger = dangerOf(ctx, under)
    if (danger) rescue(ctx, danger)
    else if (ctx.rescuing) ease(ctx)
  })
}

/** What the body must get out of at once: lava, fire, water; null when it is well. */
function dangerOf (ctx, under) {
  const { bot } = ctx
  const feet = bot.entity.position.floored()
  const burning = [feet, feet.offset(0, 1, 0)].find(cell => hot(ctx, cell))
  if (burning) return nameAt(ctx, burning) === 'lava' ? 'lava' : 'fire'
  if (under > BREATH || (under && (bot.oxygenLevel ?? 20) < AIR)) return 'water'
  return ctx.rescuing === 'water' && under ? 'water' : null
}

/** Press on towards the nearest good cell, whatever else was going on. */
function rescue (ctx, danger) {
  const { bot } = ctx
  ctx.rescuing = danger
  if (bot.pathfinder.goal) bot.pathfinder.setGoal(null)
  const cell = refuge(ctx, danger === 'water' ? airy : dry, FAR)
  if (cell) bot.lookAt(middle(cell), true).catch(() => {})
  bot.setControlState('forward', Boolean(cell) && !(danger === 'water' && above(bot, cell)))
  bot.setControlState('jump', danger !== 'fire' || cell?.y > bot.entity.position.y)
  bot.setControlState('sprint', false)
}

const above = (bot, cell) => Math.hypot(cell.x + 0.5 - bot.entity.position.x, cell.z + 0.5 - bot.entity.position.z) < 0.4

/** It is well again: whoever was walking may go on. */
function ease (ctx) {
  const done = { water: 'came up for air', lava: 'climbed out of lava', fire: 'stepped out of fire' }[ctx.rescuing]
  ctx.rescuing = null
  ctx.bot.clearControlStates()
  ctx.report(done)
}

module.exports = { watch }
