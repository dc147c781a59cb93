'use strict'
// Fight `count` mobs of the kind, the first within reach, and pick up what they drop.

const { collect } = require('../collect')
const { fight } = require('../combat')
const { Ending, a, amounts } = require('../ending')
const { REACH } = require('../goto')
const inventory = require('../inventory')

const FAR = 16
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
    if (!await kill(ctx, mob, tool)) throw new Ending(killed ? 'PARTIAL' : 'TIMEOUT', `${mob.name} still lives: attack it again`)
    task.check()
  }
  return `killed ${wanted} ${action.object} and picked up ${amounts(inventory.gains(ctx, ctx.before))}`
}

/** Fight it to the end and pick up what it leaves; whether it is dead. */
async function kill (ctx, mob, tool) {
  const { dead, last } = await fight(ctx, mob, { tool, ms: CHASE })
  if (!dead) return false
  await ctx.task.until(() => ctx.creatures().some(seen => seen.kind === 'item' && seen.entity.position.distanceTo(last) < 4), 1200)
  await collect(ctx, last, { within: 6, ms: 5000 })
  return true
}
