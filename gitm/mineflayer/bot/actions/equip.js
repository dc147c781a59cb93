'use strict'
// Take an item into the hand; put armour on.

const { Ending } = require('../ending')
const inventory = require('../inventory')

const WORN = { helmet: 'head', chestplate: 'torso', leggings: 'legs', boots: 'feet' }

module.exports = async (ctx, { object }) => {
  const item = inventory.held(ctx, object)
  const part = Object.keys(WORN).find(ending => item.endsWith(`_${ending}`))
  if (part) {
    const slot = ctx.bot.getEquipmentDestSlot(WORN[part])
    await ctx.task.attempt(ctx.bot.equip(inventory.find(ctx, item), WORN[part]), 4000)
    const worn = ctx.bot.inventory.slots[slot]
    if (worn && ctx.names.ofItem(worn) === item) return `you wear the ${item}`
  } else if (await inventory.takeInHand(ctx, item)) return `${item} is in your hand`
  throw new Ending('TIMEOUT', `the server did not let you take ${item}: try again`)
}
