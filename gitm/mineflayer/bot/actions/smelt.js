'use strict'
// Smelt `count` of the object: material and fuel in, wait, take out. Fuel that is left burns on in this furnace.

const { Ending, a, amounts } = require('../ending')
const inventory = require('../inventory')
const { station } = require('../digging')
const { handy, atHand, missing } = require('../stations')
const { open } = require('../windows')
const { note } = require('../events')

const FUELLESS = new Set(['campfire', 'soul_campfire'])
const HASTY = new Set(['blast_furnace', 'smoker'])
const [INPUT, FUEL, OUTPUT] = [0, 1, 2]
const SLACK = 15_000 // milliseconds without anything coming out, over the time one piece takes

module.exports = async (ctx, action) => {
  const count = action.count ?? 1
  const { recipe, members } = recipeFor(ctx, action)
  const where = recipe.station ?? 'furnace'
  if (!handy(ctx, where, {})) throw missing(where)
  const materials = materialsFor(ctx, recipe, members, count)
  const ticks = recipe.ticks ?? 200
  const burn = FUELLESS.has(where) ? 0 : ticks * (HASTY.has(where) ? 2 : 1)
  const fuels = fuelsFor(ctx, materials, action, burn * count - fire(ctx, station(ctx, where)))
  const taken = { ...fuels }
  for (const [name, some] of Object.entries(materials)) taken[name] = (taken[name] ?? 0) + some
  if (!inventory.fits(ctx, taken, { [recipe.item]: count })) throw new Ending('INVENTORY_FULL', `no room for ${count} ${recipe.item}: drop or store something first`)
  const block = await atHand(ctx, where, taken)
  const burning = Object.keys(fuels).length ? `, burning ${amounts(fuels)}` : '' // said before they are fed to the fire
  const made = await run(ctx, block, { item: recipe.item, count, materials, fuels, ticks })
  remember(ctx, block, fuels, burn * made)
  if (made >= count) return `smelted ${made} ${recipe.item}${burning}`
  throw new Ending(made > 0 ? 'PARTIAL' : 'TIMEOUT', `smelted ${made} of ${count} ${recipe.item}: smelt the rest`)
}

/** Feed the fire until all is out; what is left inside is taken back. How many were made, by the inventory. */
async function run (ctx, block, { item, count, materials, fuels, ticks }) {
  const { bot, task } = ctx
  const window = await open(ctx, block)
  if (!window) throw new Ending('TIMEOUT', `the ${block.name} does not open: try again`)
  const had = inventory.counts(ctx)[item] ?? 0
  const made = () => (inventory.counts(ctx)[item] ?? 0) - had
  try {
    await empty(ctx, window, [OUTPUT, INPUT])
    const base = made() // what an earlier smelting had left inside is no work of this one
    let end = Date.now() + ticks * 50 + SLACK
    let last = base
    while (made() - base < count && Date.now() < end) {
      const out = window.slots[OUTPUT]?.count ?? 0
      await feed(ctx, window, INPUT, materials)
      await feed(ctx, window, FUEL, fuels)
      await task.pause(100) // and let the news come in
      await task.until(() => (window.slots[OUTPUT]?.count ?? 0) > out || (!window.slots[INPUT] && some(materials)) || (!window.slots[FUEL] && some(fuels)), 2000, 50)
      if (window.slots[OUTPUT] && (window.slots[OUTPUT].count + made() - base >= count || window.slots[OUTPUT].count >= 32)) await empty(ctx, window, [OUTPUT])
      const now = made() + (window.slots[OUTPUT]?.count ?? 0)
      if (now !== last) end = Date.now() + ticks * 50 + SLACK
      last = now
    }
    await empty(ctx, window, [OUTPUT, INPUT])
    return made() - base
  } finally {
    if (bot.currentWindow) await leave(ctx, window)
  }
}

const some = stacks => Object.values(stacks).some(count => count > 0)

/** Put the next of what is left into the slot when it is empty. */
async function feed (ctx, window, slot, stacks) {
  const name = Object.keys(stacks).find(name => stacks[name] > 0)
  if (!name || window.slots[slot]) return
  const item = inventory.find(ctx, name)
  if (!item) {
    stacks[name] = 0
    return
  }
  const count = Math.min(stacks[name], ctx.rules.stack(name))
  const had = inventory.counts(ctx)[name] ?? 0
  await ctx.task.attempt(put(ctx, window, slot, item, count), 3000 + 100 * count)
  await ctx.task.until(() => (inventory.counts(ctx)[name] ?? 0) < had, 500)
  stacks[name] -= had - (inventory.counts(ctx)[name] ?? 0)
}

const put = (ctx, window, slot, item, count) => ctx.bot.transfer({
  window,
  itemType: item.type,
  metadata: ctx.names.variant(item),
  count,
  sourceStart: window.inventoryStart,
  sourceEnd: window.inventoryEnd,
  destStart: slot,
  destEnd: slot + 1
})

async function empty (ctx, window, slots) {
  for (const slot of slots) {
    if (window.slots[slot]) await ctx.task.attempt(ctx.bot.putAway(slot), 2500)
  }
}

/** Take the material back, however the action ends, and close; bounded, for the action may be over already. */
async function leave (ctx, window) {
  const bounded = promise => Promise.race([promise, new Promise(resolve => setTimeout(resolve, 1500))])
  try {
    for (const slot of [OUTPUT, INPUT]) if (window.slots[slot]) await bounded(ctx.bot.putAway(slot))
    await bounded(ctx.bot.closeWindow(window))
  } catch (error) {
    note('smelt', error.message)
  }
}

/** Ticks of fire that are left in a furnace. */
const fire = (ctx, block) => block ? ctx.memory.burning.get(String(block.position)) ?? 0 : 0

function remember (ctx, block, fuels, burnt) {
  const key = String(block.position)
  const added = Object.entries(fuels).reduce((sum, [name, count]) => sum + count * ctx.rules.fuel(name), 0)
  ctx.memory.burning.set(key, Math.max(0, fire(ctx, block) + added - burnt))
}

/** The recipe for what is held, and the items that will do as its material. */
function recipeFor (ctx, action) {
  const { rules } = ctx
  const [item] = inventory.resolve(ctx, action.object, 'item')
  const [where] = inventory.resolve(ctx, action.tool ?? 'furnace', 'block')
  const facts = rules.smelts[item]
  if (!facts) throw new Ending('IMPOSSIBLE', `nothing smelts into ${item}: obtain it in another way`)
  let recipes = facts.map(recipe => ({ recipe, members: rules.members(recipe.material) }))
  if (action.material) {
    const named = inventory.resolve(ctx, action.material, 'item')
    recipes = recipes.map(({ recipe, members }) => ({ recipe, members: members.filter(name => named.includes(name)) })).filter(({ members }) => members.length)
    if (!recipes.length) throw new Ending('IMPOSSIBLE', `${action.material} does not smelt into ${item}: name another material`)
  }
  const here = recipes.filter(({ recipe }) => (recipe.station ?? 'furnace') === where)
  if (!here.length) throw new Ending('IMPOSSIBLE', `${item} is not smelted in ${a(where)}: use ${a(recipes[0].recipe.station ?? 'furnace')}`)
  const held = inventory.counts(ctx)
  const have = ({ members }) => members.reduce((sum, name) => sum + (held[name] ?? 0), 0)
  const rank = one => 2 * have(one) + (one.recipe.material in rules.book.blocks ? 0 : 1)
  return here.reduce((one, other) => rank(other) > rank(one) ? other : one)
}

function materialsFor (ctx, recipe, members, count) {
  const held = inventory.counts(ctx)
  const chosen = {}
  let need = count
  for (const name of [...members].sort((one, other) => (held[other] ?? 0) - (held[one] ?? 0))) {
    const take = Math.min(need, held[name] ?? 0)
    if (take > 0) {
      chosen[name] = take
      need -= take
    }
  }
  if (need <= 0) return chosen
  const message = `smelting ${count} ${recipe.item} takes ${count} ${recipe.material}; you hold ${count - need}: obtain ${need} more`
  throw new Ending('MISSING_MATERIAL', message, { [recipe.material]: need })
}

/** Which fuel, how much of it; ends with MISSING_MATERIAL when there is not enough. */
function fuelsFor (ctx, materials, action, ticks) {
  if (ticks <= 0) return {}
  const { rules } = ctx
  const held = inventory.counts(ctx)
  const burning = action.fuel
    ? inventory.resolve(ctx, action.fuel, 'item').filter(name => rules.fuel(name) > 0)
    : Object.keys(held).filter(name => rules.fuel(name) > 0 && !rules.book.items[name]?.durability) // never burn tools unasked
  if (action.fuel && !burning.length) throw new Ending('IMPOSSIBLE', `${action.fuel} does not burn: name another fuel`)
  const chosen = {}
  for (const name of [...burning].sort((one, other) => rules.fuel(other) - rules.fuel(one) || (one < other ? -1 : 1))) {
    const take = Math.min((held[name] ?? 0) - (materials[name] ?? 0), Math.ceil(ticks / rules.fuel(name)))
    if (take > 0) {
      chosen[name] = take
      ticks -= take * rules.fuel(name)
    }
    if (ticks <= 0) return chosen
  }
  if (!burning.length) throw new Ending('MISSING_MATERIAL', `needs fuel to burn ${ticks} ticks; you hold none: obtain coal, charcoal or wood`)
  const best = action.fuel ? burning[0] : burning.reduce((one, other) => rules.fuel(other) > rules.fuel(one) ? other : one)
  const lack = Math.ceil(ticks / rules.fuel(best))
  throw new Ending('MISSING_MATERIAL', `the fuel falls ${ticks} ticks short: obtain ${lack} more ${best}`, { [best]: lack })
}
