'use strict'
// Trading with villagers is not done by this bot yet: it says so and names the way out.

const { Ending } = require('../ending')
const inventory = require('../inventory')

module.exports = async (ctx, { object }) => {
  inventory.resolve(ctx, object, 'item')
  throw new Ending('IMPOSSIBLE', `this bot does not trade yet, so no ${object} that way: obtain it another way`)
}
