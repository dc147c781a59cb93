'use strict'
// Take things from the ground or out of a chest within reach.

const { Ending } = require('../ending')
const { REACH } = require('../goto')
const inventory = require('../inventory')
const { collect } = require('../collect')
const { station } = require('../digging')
const { open } = require('../windows')

const CHESTS = ['chest', 'barrel', 'trapped_chest']

module.exports = async (ctx, action) => {
  const names = inventory.resolve(ctx, action.object, 'item')
  const wanted = action.count ?? 1
  const taken = () => names.reduce((sum, name) => sum + (inventory.counts(ctx)[name] ?? 0) - (ctx.before[name] ?? 0), 0)
  const lying = ctx.creatures().filter(seen => seen.kind === 'item' && names.includes(seen.name) && seen.distance <= REACH)
  const chest = chestNear(ctx)
  if (lying.length && !names.some(name => inventory.room(ctx, name))) throw full(action.object)
  if (lying.length) await collect(ctx, ctx.bot.entity.position.clone(), { within: REACH + 1, ms: 6000, names, enough: () => taken() >= wanted })
  let found = lying.length > 0
  if (chest && taken() < wanted) found = await fromChest(ctx, chest, action.object, names, () => wanted - taken()) || found
  if (!found) throw new Ending('NOT_FOUND', `no ${action.object} on the ground or in a chest within reach: approach it first`)
  await inventory.settle(ctx)
  if (taken() >= wanted) return `took ${taken()} ${action.object}`
  throw new Ending('PARTIAL', `took ${Math.max(0, taken())} of ${wanted} ${action.object}: there is no more of it here, or no room`)
}

/** Take what is wanted out of the chest; whether there was any. */
async function fromChest (ctx, chest, given, names, missing) {
  const { bot, task } = ctx
  const window = await open(ctx, chest)
  if (!window) return false
  let found = false
  for (const name of names) {
    const inside = window.containerItems().filter(item => ctx.names.ofItem(item) === name)
    const there = inside.reduce((sum, item) => sum + item.count, 0)
    if (!there) continue
    found = true
    const count = Math.min(missing(), there, inventory.room(ctx, name))
    if (count <= 0) continue
    await task.attempt(window.withdraw(inside[0].type, ctx.names.variant(inside[0]), count), 3000 + 200 * count)
    await task.until(() => missing() <= 0, 500)
  }
  await task.attempt(bot.closeWindow(window), 1500)
  if (found && !names.some(name => inventory.room(ctx, name)) && missing() > 0 && Object.keys(inventory.gains(ctx, ctx.before)).length === 0) throw full(given)
  return found
}

const full = given => new Ending('INVENTORY_FULL', `no room for ${given}: drop or store something first`)

const chestNear = ctx => station(ctx, CHESTS)

module.exports.chestNear = chestNear
