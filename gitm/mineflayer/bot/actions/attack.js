'use strict'
// Fight `count` mobs of the kind, the first within reach, and pick up what they drop.

const { Ending, a, amounts } = require('../ending')
const { REACH, near } = require('../goto')
const inventory = require('../inventory')
const { collect } = require('../digging')

const FAR = 16
const ARM = 3.2 // blocks from which a blow lands
const COOLDOWN = 650 // milliseconds between two full blows (wiki, "Attack speed" 1.6)
const CHASE = 45_000 // milliseconds spent on one mob

module.exports = async (ctx, action) => {
  const { task } = ctx
  const names = inventory.resolve(ctx, action.object, 'mob').filter(name => name in ctx.rules.book.mobs)
  if (!names.length) throw new Ending('IMPOSSIBLE', `${action.object} is no mob: mine it if it is a block`)
  const tool = action.tool ? inventory.resolve(ctx, action.tool, 'item')[0] : null
  if (tool && !inventory.counts(ctx)[tool]) throw new Ending('MISSING_TOOL', `you do not hold ${a(tool)}: obtain it or name another tool`, { [tool]: 1 })
  const wanted = action.count ?? 1
  for (let killed = 0; killed < wanted; killed++) {
    const mob = ctx.creatures().find(seen => names.includes(seen.name) && seen.kind !== 'item')
    if (!killed && !mob) throw new Ending('NOT_FOUND', `no ${action.object} in sight: explore first`)
    if (!killed && mob.distance > REACH) throw new Ending('OUT_OF_REACH', `the nearest ${mob.name} is ${Math.round(mob.distance)} blocks away: approach it first`)
    if (killed && !(mob?.distance <= FAR)) throw new Ending('PARTIAL', `killed ${killed} of ${wanted} ${action.object}: no more in sight, explore for the rest`)
    if (!await fight(ctx, mob, tool)) throw new Ending(killed ? 'PARTIAL' : 'TIMEOUT', `${mob.name} still lives: attack it again`)
    task.check()
  }
  return `killed ${wanted} ${action.object} and picked up ${amounts(inventory.gains(ctx, ctx.before))}`
}

/** Strike until it is dead; whether it is. */
async function fight (ctx, { entity, name }, tool) {
  const { bot, task } = ctx
  const end = Date.now() + CHASE
  let dead = false
  let last = entity.position.clone()
  const died = other => { if (other === entity) dead = true }
  bot.on('entityDead', died)
  bot.on('entityGone', died)
  let blows = 0
  try {
    while (!dead && Date.now() < end) {
      last = entity.position.clone()
      if (entity.position.distanceTo(bot.entity.position) > ARM) {
        const close = () => dead || entity.position.distanceTo(bot.entity.position) <= ARM - 0.4
        await near(ctx, entity.position, 1, name, { ms: 3000, enough: close }).catch(() => task.check())
        continue
      }
      await inventory.takeInHand(ctx, inventory.counts(ctx)[tool] ? tool : weapon(ctx))
      await task.attempt(bot.lookAt(entity.position.offset(0, (entity.height ?? 1) * 0.7, 0), true), 500)
      bot.attack(entity)
      blows++
      await task.until(() => dead, COOLDOWN)
    }
  } finally {
    bot.removeListener('entityDead', died)
    bot.removeListener('entityGone', died)
  }
  if (!dead || !blows) return false
  await task.until(() => ctx.creatures().some(seen => seen.kind === 'item' && seen.entity.position.distanceTo(last) < 4), 1200)
  await collect(ctx, last, { within: 6, ms: 5000 })
  return true
}

/** What hits hardest of what is held; null: the fist. */
function weapon (ctx) {
  const armed = Object.keys(inventory.counts(ctx)).filter(name => ctx.rules.tools[name] && ctx.rules.damage(name) > 1)
  return armed.sort((one, other) => ctx.rules.damage(other) - ctx.rules.damage(one))[0] ?? null
}
