'use strict'
// Who threatens the body, striking back, and running away.

const { goals } = require('mineflayer-pathfinder')
const { near } = require('./goto')
const inventory = require('./inventory')

const ARM = 3.2 // blocks from which a blow lands
const COOLDOWN = 650 // milliseconds between two full blows (wiki, "Attack speed" 1.6)
const NEAR = 4 // blocks within which a hostile mob is a threat
const BLAST = 6 // the same for what explodes (wiki, "Creeper": it is lit within 3)
const SHOT = 16 // the same for whoever is near when one has just been struck
const FRESH = 3000 // milliseconds for which a blow is fresh
const SAFE = 10 // blocks between oneself and whoever one flees from
const FLIGHT = 6000 // milliseconds that running away may take
const SPARED = 20_000 // milliseconds for which a mob that cannot be got at is left alone

/** Hostile only to whoever strikes them, looks at them, or by night (wiki, "Mob"): no threat before they have struck. */
const PEACEABLE = new Set(['enderman', 'zombified_piglin', 'piglin', 'bee', 'wolf', 'llama', 'polar_bear', 'dolphin', 'panda', 'iron_golem'])
const EXPLOSIVE = new Set(['creeper'])
/** One does not fight these with what an early player holds. */
const TOO_STRONG = new Set(['warden', 'ravager', 'iron_golem', 'elder_guardian', 'wither', 'ender_dragon'])

/** The nearest mob that must be dealt with now, as `ctx.creatures()` tells it; null when there is none. */
function threat (ctx) {
  const struck = Date.now() - ctx.body.struckAt < FRESH
  return ctx.creatures().find(seen => {
    const spared = (ctx.memory.spared.get(seen.entity.id) ?? 0) > Date.now()
    if (seen.kind !== 'hostile' || seen.distance > SHOT || seen.entity === ctx.quarry || spared) return false
    const within = EXPLOSIVE.has(seen.name) ? BLAST : struck ? SHOT : PEACEABLE.has(seen.name) ? 0 : NEAR
    return seen.distance <= within && open(ctx, seen)
  }) ?? null
}

/** Whether nothing stands between the eye and the mob. */
function open (ctx, { entity, distance }) {
  if (distance < 1.5) return true
  const eye = ctx.sight.eye()
  const ray = entity.position.offset(0, (entity.height ?? 1.8) * 0.8, 0).minus(eye)
  const length = Math.hypot(ray.x, ray.y, ray.z)
  return !ctx.bot.world.raycast(eye, ray.normalize(), Math.max(0, length - 0.5))
}

/** Whether it is better to run from this one. */
const fearsome = ({ name }) => EXPLOSIVE.has(name) || TOO_STRONG.has(name)

/** Strike until it is dead, for at most `ms` milliseconds; whether it is, and where it was last. */
async function fight (ctx, { entity, name }, { tool = null, ms, giveUp = () => false }) {
  const { bot, task } = ctx
  const end = Date.now() + ms
  let dead = false
  let blows = 0
  let last = entity.position.clone()
  const died = other => { if (other === entity) dead = true }
  bot.on('entityDead', died)
  bot.on('entityGone', died)
  ctx.quarry = entity
  try {
    while (!dead && Date.now() < end && !giveUp()) {
      last = entity.position.clone()
      if (entity.position.distanceTo(bot.entity.position) > ARM) {
        await close(ctx, { entity, name }, () => dead)
        continue
      }
      await inventory.takeInHand(ctx, inventory.counts(ctx)[tool] ? tool : weapon(ctx))
      await task.attempt(bot.lookAt(entity.position.offset(0, (entity.height ?? 1) * 0.7, 0), true), 500)
      bot.attack(entity)
      blows++
      for (const key of ['back', 'sneak']) bot.setControlState(key, EXPLOSIVE.has(name)) // the farther, the longer it burns
      await task.until(() => dead, COOLDOWN)
      for (const key of ['back', 'sneak']) bot.setControlState(key, false)
    }
  } finally {
    ctx.quarry = null
    bot.removeListener('entityDead', died)
    bot.removeListener('entityGone', died)
  }
  return { dead: dead && blows > 0, last }
}

/** Get a mob within arm's reach: what explodes comes by itself, and is struck before it burns. */
async function close (ctx, { entity, name }, dead) {
  const away = () => entity.position.distanceTo(ctx.bot.entity.position)
  if (EXPLOSIVE.has(name) && away() < BLAST + 2) return ctx.task.until(() => dead() || away() <= ARM, 1000, 20)
  return near(ctx, entity.position, 1, name, { ms: 3000, enough: () => dead() || away() <= ARM - 0.4 }).catch(() => ctx.task.check())
}

/** What hits hardest of what is held; null: the fist. */
function weapon (ctx) {
  const armed = Object.keys(inventory.counts(ctx)).filter(name => ctx.rules.tools[name] && ctx.rules.damage(name) > 1)
  return armed.sort((one, other) => ctx.rules.damage(other) - ctx.rules.damage(one))[0] ?? null
}

/** Run from a mob until it is out of the way; whether one got away. */
async function flee (ctx, { entity }) {
  const { bot, task } = ctx
  const away = () => !bot.entities[entity.id] || entity.position.distanceTo(bot.entity.position) >= SAFE
  const end = Date.now() + FLIGHT
  try {
    while (!away() && Date.now() < end) {
      const { x, y, z } = entity.position
      bot.pathfinder.setMovements(ctx.movements)
      bot.pathfinder.setGoal(new goals.GoalInvert(new goals.GoalNear(Math.floor(x), Math.floor(y), Math.floor(z), SAFE + 2)))
      await task.until(() => away() || (bot.entity.onGround && !bot.pathfinder.goal), 2000)
    }
  } finally {
    bot.pathfinder.setGoal(null)
    bot.clearControlStates()
  }
  return away()
}

/** Leave a mob alone for a while: it cannot be got at. */
const spare = (ctx, { entity }) => ctx.memory.spared.set(entity.id, Date.now() + SPARED)

module.exports = { threat, fearsome, fight, flee, spare, weapon, SAFE }
