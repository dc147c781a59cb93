'use strict'
// Eat one, when hungry.

const { Ending } = require('../ending')
const { consume } = require('../food')
const inventory = require('../inventory')

module.exports = async (ctx, { object }) => {
  const { bot, task } = ctx
  const item = inventory.held(ctx, object)
  if (!ctx.rules.food(item)) throw new Ending('IMPOSSIBLE', `${item} is no food: eat something else`)
  if (bot.food >= 20) throw new Ending('WRONG_TIME', 'you are not hungry: eat later')
  if (!await consume(ctx, item)) throw new Ending('TIMEOUT', `the server did not let you eat ${item}: try again`)
  await task.pause(150)
  return `ate ${item}: food ${Math.round(bot.food)} of 20`
}
