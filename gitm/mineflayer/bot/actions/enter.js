'use strict'
// Portals are not used by this bot yet: it says so.

const { Ending } = require('../ending')

module.exports = async (ctx, { portal }) => {
  throw new Ending('IMPOSSIBLE', `this bot does not go through a ${portal} yet: stay in this dimension`)
}
