'use strict'
// Put things into a chest within reach.

const { Ending } = require('../ending')
const inventory = require('../inventory')
const { open } = require('../windows')
const { enough } = require('./drop')
const { chestNear } = require('./take')

module.exports = async (ctx, action) => {
  const { bot, task } = ctx
  const item = inventory.held(ctx, action.object)
  const count = enough(ctx, item, action.count ?? 1)
  const chest = chestNear(ctx)
  if (!chest) throw new Ending('MISSING_STATION', 'needs a chest within reach: place one or approach it', { chest: 1 })
  const window = await open(ctx, chest)
  if (!window) throw new Ending('TIMEOUT', `the ${chest.name} does not open: try again`)
  const had = inventory.counts(ctx)[item] ?? 0
  const space = roomInside(ctx, window, item)
  if (space < count) throw new Ending('INVENTORY_FULL', `the chest has room for ${space} ${item} only: store fewer or place another chest`)
  const stack = inventory.find(ctx, item)
  await task.attempt(window.deposit(stack.type, ctx.names.variant(stack), count), 3000 + 200 * count)
  await task.until(() => (inventory.counts(ctx)[item] ?? 0) <= had - count, 800)
  await task.attempt(bot.closeWindow(window), 1500)
  await inventory.settle(ctx)
  const stored = had - (inventory.counts(ctx)[item] ?? 0)
  if (stored >= count) return `stored ${stored} ${item} in the ${ctx.names.states[chest.stateId]}`
  throw new Ending(stored > 0 ? 'PARTIAL' : 'TIMEOUT', `stored ${stored} of ${count} ${item}: store the rest`)
}

function roomInside (ctx, window, item) {
  const stack = ctx.rules.stack(item)
  let space = 0
  for (let slot = 0; slot < window.inventoryStart; slot++) {
    const inside = window.slots[slot]
    if (!inside) space += stack
    else if (ctx.names.ofItem(inside) === item) space += Math.max(0, stack - inside.count)
  }
  return space
}
