'use strict'
// The station of a recipe: within reach, or brought there - one that is carried is put down, one in sight is gone to.

const { Ending, a } = require('./ending')
const { station } = require('./digging')
const inventory = require('./inventory')

/** Whether there is one to work at when so much of the inventory is used up. */
const handy = (ctx, name, used) => station(ctx, name) !== null || spare(ctx, name, used) || ctx.sight.nearest([name]) !== null

/** The station as a block within reach; ends with MISSING_STATION when there is none. */
async function atHand (ctx, name, used) {
  const near = station(ctx, name)
  if (near) return near
  if (spare(ctx, name, used)) await ctx.actions.place(ctx, { object: name })
  else if (ctx.sight.nearest([name])) await ctx.actions.approach(ctx, { object: name })
  const brought = station(ctx, name)
  if (!brought) throw missing(name)
  return brought
}

/** The refusal. */
const missing = name => new Ending('MISSING_STATION', `needs ${a(name)}, and none is carried or in sight: obtain one first`, { [name]: 1 })

const spare = (ctx, name, used) => (inventory.counts(ctx)[name] ?? 0) > (used[name] ?? 0)

module.exports = { handy, atHand, missing }
