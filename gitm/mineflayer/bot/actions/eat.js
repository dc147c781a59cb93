'use strict'
// Eat one, when hungry.

const { Ending } = require('../ending')
const inventory = require('../inventory')

module.exports = async (ctx, { object }) => {
  const { bot, task } = ctx
  const item = inventory.held(ctx, object)
  if (!ctx.rules.food(item)) throw new Ending('IMPOSSIBLE', `${item} is no food: eat something else`)
  if (bot.food >= 20) throw new Ending('WRONG_TIME', 'you are not hungry: eat later')
  const had = inventory.counts(ctx)[item]
  const eaten = () => (inventory.counts(ctx)[item] ?? 0) < had
  for (let go = 0; go < 2 && !eaten(); go++) {
    if (!await inventory.takeInHand(ctx, item)) break
    await task.attempt(bot.consume(), 3500)
    await task.until(eaten, 700)
  }
  if (!eaten()) throw new Ending('TIMEOUT', `the server did not let you eat ${item}: try again`)
  await task.until(() => false, 150)
  return `ate ${item}: food ${Math.round(bot.food)} of 20`
}
