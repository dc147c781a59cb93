'use strict'
// Blueprints: this world knows how none of them stands.

const { Ending } = require('../ending')
const inventory = require('../inventory')

module.exports = async (ctx, { blueprint }) => {
  const [name] = inventory.resolve(ctx, blueprint, 'blueprint')
  throw new Ending('IMPOSSIBLE', `the bot has no blueprint of ${name}: place the blocks one by one, or obtain it in another way`)
}
