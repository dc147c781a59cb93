'use strict'
// The inventory as it really is: read from the slots, by canonical names.

const { Ending } = require('./ending')

const FIRST = 9 // the slots that hold what is carried; 5 to 8 are worn, 45 is the other hand
const LAST = 44
const WORN = [5, 6, 7, 8, 45]

/** Every stack that counts as held: carried, worn, in the other hand, and what hangs on the cursor. */
function stacks (ctx) {
  const { bot } = ctx
  const window = bot.currentWindow
  const offset = window ? window.inventoryStart - FIRST : 0
  const found = []
  for (let slot = FIRST; slot <= LAST; slot++) {
    const item = window ? window.slots[slot + offset] : bot.inventory.slots[slot]
    if (item) found.push(item)
  }
  for (const slot of WORN) if (bot.inventory.slots[slot]) found.push(bot.inventory.slots[slot])
  const cursor = (window ?? bot.inventory).selectedItem
  if (cursor) found.push(cursor)
  return found.filter(item => item.count > 0)
}

/** How many of each item are held. */
function counts (ctx) {
  const held = {}
  for (const item of stacks(ctx)) {
    const name = ctx.names.ofItem(item)
    held[name] = (held[name] ?? 0) + item.count
  }
  return held
}

/** Uses left in the best one of each tool held. */
function wear (ctx) {
  const left = {}
  for (const item of stacks(ctx)) {
    if (!item.maxDurability) continue
    const name = ctx.names.ofItem(item)
    left[name] = Math.max(left[name] ?? 0, item.maxDurability - (item.durabilityUsed ?? 0))
  }
  return left
}

/** The armour on the body, from head to feet. */
const worn = ctx => WORN.slice(0, 4).flatMap(slot => ctx.bot.inventory.slots[slot] ? ctx.names.ofItem(ctx.bot.inventory.slots[slot]) : [])

/** Empty slots. */
function free (ctx) {
  let empty = 0
  for (let slot = FIRST; slot <= LAST; slot++) if (!ctx.bot.inventory.slots[slot]) empty++
  return empty
}

/** How many more of the item fit in. */
function room (ctx, name) {
  const stack = ctx.rules.stack(name)
  const partly = stacks(ctx).filter(item => ctx.names.ofItem(item) === name).reduce((sum, item) => sum + Math.max(0, stack - item.count), 0)
  return partly + free(ctx) * stack
}

/** Whether there is room for the one when the other is gone; a little too cautious with stacks that are only partly used up. */
function fits (ctx, taken, gained) {
  const held = counts(ctx)
  let slots = free(ctx)
  for (const [name, count] of Object.entries(taken)) {
    const stack = ctx.rules.stack(name)
    slots += Math.ceil((held[name] ?? 0) / stack) - Math.ceil(((held[name] ?? 0) - count) / stack)
  }
  for (const [name, count] of Object.entries(gained)) {
    const stack = ctx.rules.stack(name)
    const had = Math.max(0, (held[name] ?? 0) - (taken[name] ?? 0))
    slots -= Math.ceil((had + count) / stack) - Math.ceil(had / stack)
  }
  return slots >= 0
}

/** What changed between two counts. */
function difference (before, after) {
  const change = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const delta = (after[name] ?? 0) - (before[name] ?? 0)
    if (delta) change[name] = delta
  }
  return change
}

/** What an action has brought so far. */
function gains (ctx, before) {
  return Object.fromEntries(Object.entries(difference(before, counts(ctx))).filter(([, count]) => count > 0))
}

/** A stack of the item among what is carried, the most worn tool first so that the better ones last. */
function find (ctx, name) {
  const fitting = stacks(ctx).filter(item => ctx.names.ofItem(item) === name)
  return fitting.sort((one, other) => (other.durabilityUsed ?? 0) - (one.durabilityUsed ?? 0))[0] ?? null
}

/** The item of that name, or of that group, that is held; ends with MISSING_MATERIAL when none is. */
function held (ctx, given) {
  const names = resolve(ctx, given, 'item')
  const have = counts(ctx)
  const found = names.find(name => have[name])
  if (!found) throw new Ending('MISSING_MATERIAL', `you hold no ${given}: obtain it first`, { [names[0]]: 1 })
  return found
}

/** The canonical names a name stands for; ends with UNKNOWN_NAME. */
function resolve (ctx, given, what) {
  const names = ctx.names.resolve(given)
  if (names.length) return names
  const near = ctx.names.nearest(given)
  throw new Ending('UNKNOWN_NAME', `no ${what} '${given}'${near ? `; did you mean ${near}?` : '; look at what is nearby or ask the guides'}`)
}

/** Take the item into the hand; whether it is there now. */
async function takeInHand (ctx, name) {
  const { bot, task } = ctx
  if (name === null) return true
  for (let go = 0; go < 3; go++) {
    if (bot.heldItem && ctx.names.ofItem(bot.heldItem) === name) return true
    const item = find(ctx, name)
    if (!item) return false
    await task.attempt(bot.equip(item, 'hand'), 3000)
    await task.until(() => bot.heldItem && ctx.names.ofItem(bot.heldItem) === name, 400)
  }
  return Boolean(bot.heldItem && ctx.names.ofItem(bot.heldItem) === name)
}

/** Wait until the slots have been quiet for a moment, for at most `most` milliseconds. */
async function settle (ctx, quiet = 80, most = 600) {
  const end = Date.now() + most
  while (Date.now() < end && Date.now() - ctx.touched < quiet) await new Promise(resolve => setTimeout(resolve, 20))
}

module.exports = { counts, wear, worn, free, room, fits, difference, gains, find, held, resolve, takeInHand, settle, stacks }
