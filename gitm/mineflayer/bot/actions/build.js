'use strict'
// Blueprints do not exist yet in this world.

const { Ending } = require('../ending')

module.exports = async (ctx, { blueprint }) => {
  throw new Ending('IMPOSSIBLE', `this world has no blueprints yet, so no '${blueprint}': place the blocks one by one`)
}
