'use strict'
// Craft at least `count`, in whole batches, by the rule book's recipes laid out in the shapes of the server's version. What counts is
// how many more are held afterwards.

const { Ending, amounts } = require('../ending')
const { layouts, recipesOf } = require('../layout')
const inventory = require('../inventory')
const { handy, atHand, missing: noStation } = require('../stations')
const { tidy } = require('../windows')

const BATCH = 6000 // milliseconds one batch may take

module.exports = async (ctx, action) => {
  const [item] = inventory.resolve(ctx, action.object, 'item')
  const recipes = recipesOf(ctx, item)
  if (!recipes) {
    throw new Ending('IMPOSSIBLE', `no recipe makes ${item}: ${ctx.rules.smelts[item] ? 'smelt it' : 'it is obtained in another way'}`)
  }
  for (const name of Object.keys(action.materials ?? {})) inventory.resolve(ctx, name, 'item')
  const wanted = action.count ?? 1
  const { recipe, used } = choose(ctx, recipes, wanted, action.materials)
  const makes = recipe.count ?? 1
  const batches = Math.ceil(wanted / makes)
  const gained = { [item]: batches * makes }
  if (!inventory.fits(ctx, used, gained)) throw new Ending('INVENTORY_FULL', `no room for ${batches * makes} ${item}: drop or store something first`)
  const table = recipe.station ? await atHand(ctx, recipe.station, used) : null
  await make(ctx, item, recipe, used, batches, table)
  const held = inventory.counts(ctx)
  const made = (held[item] ?? 0) - (ctx.before[item] ?? 0)
  if (made >= batches * makes) return `crafted ${made} ${item} from ${amounts(used)}`
  throw new Ending(made > 0 ? 'PARTIAL' : 'TIMEOUT', `crafted ${Math.max(0, made)} of ${batches * makes} ${item}${because(ctx)}: craft again`)
}

const because = ctx => ctx.task.failure ? ` (${ctx.task.failure.replace(/^(Error: )+/, '').slice(0, 120)})` : ', although the server said nothing against it'

/** Batch by batch: a failed one is cleared away and tried once more. */
async function make (ctx, item, recipe, used, batches, table) {
  const { bot, task } = ctx
  const start = inventory.counts(ctx)[item] ?? 0
  const makes = recipe.count ?? 1
  let failures = 0
  let done = 0
  while (done < batches && failures < 2) {
    if (!done || failures) await bot._syncWindow(bot.inventory) // a click by a stale view is answered late, in the midst of the next ones
    const laid = layouts(ctx, item, recipe, left(used, inventory.counts(ctx)), batches - done)
    if (!laid) throw new Ending('IMPOSSIBLE', `this server has no recipe for ${item}`)
    const times = bot.supportFeature('transactionPacketExists') ? laid.times : 1 // unconfirmed clicks: let the news of each batch come in
    await task.attempt(bot.craft(laid.recipe, times, table), 4000 + BATCH * times)
    await task.until(() => (inventory.counts(ctx)[item] ?? 0) - start >= (done + times) * makes, 1200)
    if (bot.currentWindow || bot.inventory.selectedItem || !bot.inventory.slots.slice(1, 5).every(slot => !slot)) await tidy(ctx)
    await inventory.settle(ctx)
    const now = Math.floor(((inventory.counts(ctx)[item] ?? 0) - start) / makes)
    failures = now > done ? 0 : failures + 1
    done = Math.max(done, now)
  }
}

/** Of what was meant to be used, what is still there. */
const left = (used, held) => Object.fromEntries(Object.entries(used).map(([name, count]) => [name, Math.min(count, held[name] ?? 0)]))

/** The first recipe that can be made here; otherwise ends with what the likeliest one lacks. */
function choose (ctx, recipes, wanted, materials) {
  let problem = null
  for (const recipe of recipes) {
    const batches = Math.ceil(wanted / (recipe.count ?? 1))
    const { used, missing } = materialsFor(ctx, recipe, batches, materials)
    if (Object.keys(missing).length) {
      const short = 1 + Object.values(missing).reduce((sum, count) => sum + count, 0) / (batches * (recipe.count ?? 1))
      const needed = amounts(total(recipe, batches))
      problem = lesser(problem, short, () => new Ending('MISSING_MATERIAL', `${recipe.item} needs ${needed}; you lack ${amounts(missing)}: obtain that first`, missing))
    } else if (recipe.station && !handy(ctx, recipe.station, used)) {
      problem = lesser(problem, 0, () => noStation(recipe.station))
    } else return { recipe, used }
  }
  throw problem.ending
}

const lesser = (problem, rank, ending) => problem && problem.rank <= rank ? problem : { rank, ending: ending() }

/** What the recipe would take of the things held (of a group those held most, or those named), and what is missing, groups by name. */
function materialsFor (ctx, recipe, batches, wanted) {
  const held = inventory.counts(ctx)
  const used = {}
  const missing = {}
  const parts = [...recipe.materials].sort((one, other) => (one.item in ctx.rules.book.groups) - (other.item in ctx.rules.book.groups))
  for (const { item, count = 1 } of parts) {
    let need = count * batches
    let members = ctx.rules.members(item)
    if (members.length > 1) {
      const named = members.filter(name => wanted && name in wanted)
      members = (named.length ? named : members).filter(name => held[name])
      members = [...members].sort((one, other) => (held[other] - (used[other] ?? 0)) - (held[one] - (used[one] ?? 0)))
    }
    for (const name of members) {
      const take = Math.min(need, (held[name] ?? 0) - (used[name] ?? 0))
      if (take > 0) {
        used[name] = (used[name] ?? 0) + take
        need -= take
      }
    }
    if (need > 0) missing[item] = (missing[item] ?? 0) + need
  }
  return { used, missing }
}

function total (recipe, batches) {
  const needed = {}
  for (const { item, count = 1 } of recipe.materials) needed[item] = (needed[item] ?? 0) + count * batches
  return needed
}
