'use strict'
// Set a blueprint up: a portal's frame, which is then lit, the body of a mob, or the eyes in the frame that stands somewhere.

const { Vec3 } = require('vec3')
const { Ending, a, amounts } = require('../ending')
const inventory = require('../inventory')
const { SHAPES, PROP, site } = require('../blueprints')
const { clear } = require('../digging')
const { fillFrame } = require('../frame')
const { near } = require('../goto')
const { lay, fill } = require('../laying')
const { collect } = require('../collect')
const { SCAFFOLD } = require('../stuck')

const TRIES = 3 // for one block
const WAKING = 5000 // milliseconds until a portal or a mob is there
const AROUND = 12 // blocks within which what was called to life is looked for

module.exports = async (ctx, { blueprint }) => {
  const [name] = inventory.resolve(ctx, blueprint, 'blueprint')
  const [fact] = ctx.rules.book.builds.filter(({ makes }) => makes === name)
  if (!fact) throw new Ending('IMPOSSIBLE', `no blueprint makes ${name}: place the blocks one by one, or obtain it in another way`)
  if (fact.on) return fillFrame(ctx, fact)
  if (!SHAPES[name]) throw new Ending('IMPOSSIBLE', `the bot does not know the shape of ${a(name)}: place the blocks one by one`)
  const parts = fact.materials.map(({ item }) => ctx.rules.members(item))
  const plan = site(ctx, SHAPES[name], parts)
  need(ctx, fact, plan ? asked(plan, fact) : fact.materials)
  const tool = toolOf(ctx, fact)
  if (!plan) throw new Ending('NO_PATH', `no room for ${a(name)} here: move to dry, level ground`)
  const stand = ctx.bot.entity.position.floored()
  await ready(ctx, name, plan, stand)
  await setUp(ctx, name, plan, parts, stand)
  if (tool) await lightUp(ctx, name, plan, tool)
  else await wake(ctx, name)
  const used = Object.fromEntries(Object.entries(inventory.difference(inventory.counts(ctx), ctx.before))
    .filter(([item, count]) => count > 0 && parts.flat().includes(item)))
  return `built ${a(name)} from ${amounts(used)}`
}

/** How much of each material the cells take that are still to be laid. */
const asked = (plan, fact) => fact.materials.map(({ item }, part) => ({ item, count: plan.lay.filter(cell => cell.sign === String(part)).length }))

/** Ends with MISSING_MATERIAL when that is not held. */
function need (ctx, fact, materials) {
  const held = inventory.counts(ctx)
  const missing = {}
  for (const { item, count = 1 } of materials) {
    const lack = count - ctx.rules.members(item).reduce((sum, name) => sum + (held[name] ?? 0), 0)
    if (lack > 0) missing[item] = lack
  }
  if (!Object.keys(missing).length) return
  const needed = amounts(Object.fromEntries(materials.map(({ item, count = 1 }) => [item, count])))
  throw new Ending('MISSING_MATERIAL', `${fact.makes} needs ${needed}; you lack ${amounts(missing)}: obtain that first`, missing)
}

function toolOf (ctx, { tools = [], makes }) {
  const held = inventory.counts(ctx)
  const tool = tools.find(name => held[name])
  if (tools.length && !tool) throw new Ending('MISSING_TOOL', `needs ${a(tools[0])} to finish the ${makes}: obtain one first`, { [tools[0]]: 1 })
  return tool
}

/** Dig the room free and fill the ground up. */
async function ready (ctx, name, { lay: cells, dig: walls, holes }, stand) {
  for (const { at } of walls) {
    if (!await clear(ctx, at)) throw new Ending('NO_PATH', `the room for ${a(name)} could not be dug free: move to open ground`)
  }
  const fillers = () => SCAFFOLD.reduce((sum, item) => sum + (inventory.counts(ctx)[item] ?? 0), 0)
  const wanted = holes.length + cells.filter(({ sign }) => sign === PROP).length
  if (fillers() < wanted) await collect(ctx, stand.offset(0.5, 0, 0.5), { names: SCAFFOLD, within: 6, enough: () => fillers() >= wanted })
  if (fillers() < wanted) {
    const lack = wanted - fillers()
    throw new Ending('MISSING_MATERIAL', `${name} takes ${lack} more block of dirt or stone to lean on: dig some`, { [SCAFFOLD[0]]: lack })
  }
  await near(ctx, stand, 0, `the place of the ${name}`, { ms: 8000 })
  for (const { at } of holes) {
    if (!await fill(ctx, at)) throw new Ending('NO_PATH', `the ground for ${a(name)} could not be filled up: move to level ground`)
  }
}

/** Lay block after block; what others leaned on is taken away again. */
async function setUp (ctx, name, { lay: cells }, parts, stand) {
  for (const [done, cell] of cells.entries()) {
    for (let go = 0; !await put(ctx, cell, parts, () => lives(ctx, name)); go++) {
      if (go >= TRIES) throw new Ending('PARTIAL', `laid ${done} of ${cells.length} blocks of the ${name}: build it again`)
      await ctx.tend()
      await near(ctx, stand, 0, `the place of the ${name}`, { ms: 8000 })
    }
  }
  for (const { at } of cells.filter(({ sign }) => sign === PROP)) await clear(ctx, at)
}

/** Lay one; of the items that would do, the one held most. */
async function put (ctx, { sign, at }, parts, turned) {
  if (sign === PROP) return fill(ctx, at)
  const held = inventory.counts(ctx)
  const [item] = [...parts[sign]].sort((one, other) => (held[other] ?? 0) - (held[one] ?? 0))
  return lay(ctx, item, at, turned)
}

/** Strike fire in the frame until the portal is there. */
async function lightUp (ctx, name, { free }, tool) {
  const { bot, task, sight } = ctx
  const [{ at }] = [...free].sort((one, other) => one.at.y - other.at.y)
  const open = () => sight.nameAt(at.x, at.y, at.z) === name
  for (let go = 0; go < TRIES && !open(); go++) {
    if (!await inventory.takeInHand(ctx, tool)) continue
    await task.attempt(bot.activateBlock(bot.blockAt(at.offset(0, -1, 0)), new Vec3(0, 1, 0)), 1500)
    await task.until(open, WAKING)
  }
  if (!open()) throw new Ending('TIMEOUT', `the frame stands, but no ${name} opens in it: build it elsewhere, this server may not allow it here`)
}

const lives = (ctx, name) => ctx.creatures().some(seen => seen.name === name && seen.distance <= AROUND)

/** Wait until it lives; an egg takes longer than an action. */
async function wake (ctx, name) {
  if (await ctx.task.until(() => lives(ctx, name), WAKING)) return
  if (name === 'sniffer') throw new Ending('PARTIAL', 'the sniffer_egg is laid and hatches in 10 to 20 minutes: wait for it')
  throw new Ending('TIMEOUT', `all blocks are laid, but no ${name} came to life: this server may not allow it`)
}
