'use strict'
// Self-preservation between and during actions: out of water, fire and lava; and who struck is told to the running action.

const { note } = require('./events')

const EVERY = 5 // physics ticks between two looks

/** Watch over the body of this connection. */
function watch (ctx) {
  const { bot } = ctx
  let health = bot.health ?? 20
  bot.on('health', () => {
    if (bot.health < health && bot.health > 0) ctx.struck()
    health = bot.health
  })
  let ticks = 0
  let rescuing = false
  bot.on('physicsTick', () => {
    if (++ticks % EVERY || bot.health <= 0) return
    const danger = inDanger(ctx)
    if (danger && !rescuing) note('care', `out of ${danger}`)
    if (danger) bot.setControlState('jump', true)
    else if (rescuing) bot.setControlState('jump', false)
    if (danger === 'lava' || danger === 'fire') bot.setControlState('forward', true)
    else if (rescuing && !bot.pathfinder.isMoving()) bot.setControlState('forward', false)
    rescuing = Boolean(danger)
  })
}

function inDanger (ctx) {
  const { bot, sight } = ctx
  const { x, y, z } = bot.entity.position.floored()
  const state = sight.state(x, y, z)
  const name = bot.registry.blocksByStateId[state]?.name
  if (name === 'lava' || name === 'fire') return name
  const head = bot.registry.blocksByStateId[sight.state(x, y + 1, z)]?.name
  return head === 'water' && (bot.oxygenLevel ?? 20) < 15 ? 'water' : null
}

module.exports = { watch }
