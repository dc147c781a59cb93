'use strict'
// Throw things on the ground, away from the feet so that they are not picked up again at once.

const { Ending } = require('../ending')
const inventory = require('../inventory')

module.exports = async (ctx, action) => {
  const { bot, task } = ctx
  const item = inventory.held(ctx, action.object)
  const count = enough(ctx, item, action.count ?? 1)
  const had = inventory.counts(ctx)[item]
  const stack = inventory.find(ctx, item)
  await task.attempt(bot.look(bot.entity.yaw, 0.3, true), 500)
  await task.attempt(bot.toss(stack.type, ctx.names.variant(stack), count), 3000 + 200 * count)
  await task.until(() => (inventory.counts(ctx)[item] ?? 0) <= had - count, 800)
  const gone = had - (inventory.counts(ctx)[item] ?? 0)
  if (gone >= count) return `dropped ${gone} ${item}`
  throw new Ending(gone > 0 ? 'PARTIAL' : 'TIMEOUT', `dropped ${gone} of ${count} ${item}: drop the rest`)
}

/** The count when so many are held; otherwise ends with MISSING_MATERIAL. */
function enough (ctx, item, count) {
  const have = inventory.counts(ctx)[item] ?? 0
  if (have < count) throw new Ending('MISSING_MATERIAL', `you hold ${have} ${item}, not ${count}: ask for fewer`, { [item]: count - have })
  return count
}

module.exports.enough = enough
