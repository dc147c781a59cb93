'use strict'
// Looking after the body at the safe points of an action, and between actions: whoever threatens it, hunger, wounds, the night. Each thing
// that is done is reported. What cannot wait for a safe point is in care.js.

const combat = require('./combat')
const { clear } = require('./digging')
const { Ending, a } = require('./ending')
const food = require('./food')
const { health } = require('./observe')
const { refuge, dry, middle, passable } = require('./refuge')
const shelter = require('./shelter')

const FRAIL = 6 // health points below which one runs instead of fighting
const WEAK = 8 // health points at which one does not stay out at night
const BOLD = 14 // health points from which one stands up to what explodes, when running from it did not help
const BOUT = 12_000 // milliseconds a fight may take
const BRIEFLY = 6000 // the same with what is better run from
const FIRST = 2000 // milliseconds in which an action is left alone: what was urgent before it, the agent has just seen
const SHORE = 16 // blocks within which dry ground is looked for
const SWIM = 15_000 // milliseconds that the way there may take

/** Do what is most urgent; whether there was anything. Ends with INTERRUPTED when the agent must decide. */
async function tend (ctx) {
  const between = ctx.task.action.name === 'idle'
  if (await breathe(ctx)) return true
  const mob = combat.threat(ctx)
  if (mob) return face(ctx, mob)
  if (!between && Date.now() - ctx.task.begun < FIRST) return false
  if (await eat(ctx, between)) return true
  if (health(ctx.bot) <= WEAK && shelter.benighted(ctx)) return rest(ctx)
  return between ? ashore(ctx) : false
}

/** Dig away what fell on the head. */
async function breathe (ctx) {
  const head = ctx.sight.eye().floored()
  if (passable(ctx, head) || !whole(ctx.bot.blockAt(head)) || !await clear(ctx, head)) return false
  ctx.report('dug itself out')
  return true
}

/** Whether it fills its cell, as no door, slab or bed does. */
const whole = block => block?.shapes.length === 1 && block.shapes[0].every((edge, at) => edge === (at < 3 ? 0 : 1))

/** Strike back at a mob, or run from it; always true. */
async function face (ctx, mob) {
  const { bot, memory } = ctx
  const frail = health(bot) <= FRAIL
  const again = memory.fled.has(mob.entity.id) && health(bot) >= BOLD
  if (frail || (combat.fearsome(mob) && !again)) return escape(ctx, mob, frail)
  const { dead } = await combat.fight(ctx, mob, { ms: combat.fearsome(mob) ? BRIEFLY : BOUT, giveUp: () => health(bot) <= FRAIL })
  if (dead) ctx.report(`killed ${a(mob.name)}`)
  else if (health(bot) > FRAIL) combat.spare(ctx, mob)
  return true
}

/** Run; when badly hurt, dig in to get well. Ends with INTERRUPTED when neither is possible. */
async function escape (ctx, mob, frail) {
  ctx.memory.fled.add(mob.entity.id)
  const away = await combat.flee(ctx, mob)
  ctx.report(`${away ? 'fled' : 'ran'} from ${a(mob.name)}`)
  if (!frail) return true
  if (await eat(ctx, false) || (away && await rest(ctx))) return true
  ctx.task.stop(new Ending('INTERRUPTED', `${a(mob.name)} attacks you and you are badly hurt: eat, rest or dig in`))
  return ctx.task.check()
}

async function eat (ctx, between) {
  if (!food.hungry(ctx, between)) return false
  const item = food.meal(ctx)
  if (!item || !await food.consume(ctx, item)) return false
  ctx.report(`ate 1 ${item}`)
  return true
}

/** Dig in, or sleep in a bed that is held, until well; whether that was possible. */
async function rest (ctx) {
  const how = await shelter.rest(ctx, () => eat(ctx, false))
  if (how) ctx.report(how)
  return Boolean(how)
}

/** Who has nothing else to do does not stay in the water: swim up and to the nearest shore. */
async function ashore (ctx) {
  const { bot, task } = ctx
  const cell = bot.entity.isInWater ? refuge(ctx, dry, SHORE) : null
  if (!cell) return false
  const end = Date.now() + SWIM
  try {
    while (Date.now() < end && (bot.entity.isInWater || !bot.entity.onGround)) {
      await task.attempt(bot.lookAt(middle(cell), true), 500)
      bot.setControlState('jump', bot.entity.isInWater)
      bot.setControlState('forward', true)
      await task.pause(100)
    }
  } finally {
    bot.clearControlStates()
  }
  if (!bot.entity.isInWater) ctx.report('climbed out of the water')
  return true
}

module.exports = { tend }
