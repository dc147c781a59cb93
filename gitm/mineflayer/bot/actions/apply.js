'use strict'
// Use the item on the target `count` times: on a creature, a liquid, soil, a plant, a block. What comes of it is picked up.

const { Vec3 } = require('vec3')
const { Ending, amounts } = require('../ending')
const { REACH } = require('../goto')
const inventory = require('../inventory')
const { collect } = require('../collect')
const { away } = require('../digging')
const { toCreature } = require('./approach')

const REACTION = 1200 // milliseconds in which a use must show

module.exports = async (ctx, action) => {
  const [item] = inventory.resolve(ctx, action.object, 'item')
  const targets = inventory.resolve(ctx, action.target, 'block or mob')
  if (!inventory.counts(ctx)[item]) throw new Ending('MISSING_MATERIAL', `you hold no ${item}: obtain it first`, { [item]: 1 })
  const use = useOf(ctx, item, targets)
  if (!use) throw new Ending('IMPOSSIBLE', `nothing happens when ${item} is applied on ${action.target}: try another target`)
  const count = action.count ?? 1
  for (let done = 0; done < count; done++) {
    try {
      await once(ctx, item, use)
    } catch (error) {
      if (!(error instanceof Ending) || done === 0 || ctx.task.ending) throw error
      throw new Ending('PARTIAL', `applied ${item} ${done} of ${count} times: ${error.message}`, error.missing)
    }
  }
  const got = inventory.gains(ctx, ctx.before)
  return `applied ${item} on ${action.target}${Object.keys(got).length ? ` and got ${amounts(got)}` : ''}`
}

/** What the book says happens: a use, a planting, or bone meal on what grows; null when nothing does. */
function useOf (ctx, item, targets) {
  const { rules } = ctx
  const grow = (rules.grows[item] ?? []).find(grow => targets.includes(grow.soil))
  if (grow) return { targets: [grow.soil], plants: grow.seed, rest: 0 }
  const use = (rules.uses[item] ?? []).find(use => targets.includes(use.target))
  if (use) return { ...use, targets: [use.target], rest: use.rest ?? 0 }
  const grows = rules.book.grows.filter(grow => grow.bone_meal && (targets.includes(grow.seed) || targets.includes(grow.plant)))
  return item === 'bone_meal' && grows.length ? { targets: grows.map(grow => grow.seed), rest: 0 } : null
}

async function once (ctx, item, use) {
  const held = inventory.counts(ctx)
  const missing = Object.fromEntries((use.materials ?? []).map(({ item: name, count = 1 }) => [name, count - (held[name] ?? 0)]).filter(([, count]) => count > 0))
  if (!held[item]) missing[item] = 1
  if (Object.keys(missing).length) throw new Ending('MISSING_MATERIAL', `you lack ${amounts(missing)}: obtain that first`, missing)
  const target = await find(ctx, use)
  if (use.item_becomes && !inventory.fits(ctx, { [item]: 1 }, { [use.item_becomes]: 1 })) {
    throw new Ending('INVENTORY_FULL', `no room for 1 ${use.item_becomes}: drop or store something first`)
  }
  if (!await inventory.takeInHand(ctx, item)) throw new Ending('TIMEOUT', `${item} did not get into your hand: try again`)
  if (target.entity) await onCreature(ctx, item, use, target)
  else await onBlock(ctx, item, use, target.position)
  await inventory.settle(ctx)
}

/** The nearest target within reach that was not used up; from a creature that was used one goes on to the next. */
async function find (ctx, use) {
  const [name] = use.targets
  const rested = key => (ctx.memory.used.get(key) ?? 0) <= Date.now()
  const creatures = ctx.creatures().filter(seen => use.targets.includes(seen.name) && seen.kind !== 'item')
  const blocks = ctx.sight.find(use.targets, { most: 50 }).filter(({ position }) => free(ctx, use, position))
  const ready = creatures.filter(seen => rested(seen.entity.id))
  if (ready[0]?.distance <= REACH) return ready[0]
  if (blocks[0]?.distance <= REACH) return blocks[0]
  if (ready.length && creatures[0].distance <= REACH) { // who is told to approach would be sent to that one
    await toCreature(ctx, ready[0], ctx.bot.entity.position.clone())
    return ready[0]
  }
  const nearest = ready[0] ?? blocks[0]
  if (nearest) throw new Ending('OUT_OF_REACH', `the nearest ${name} is ${Math.round(nearest.distance)} blocks away: approach it first`)
  if (creatures.length) throw new Ending('NOT_FOUND', `every ${name} in sight was used already: wait or explore for another`)
  throw new Ending('NOT_FOUND', `no ${name} in sight: explore first`)
}

/** Soil that is planted or tilled must lie open above, and not be stood upon when something is planted. */
function free (ctx, use, { x, y, z }) {
  if (!use.plants && use.target_becomes !== 'farmland') return true
  const above = ctx.sight.state(x, y + 1, z)
  return /^(air|(short_|tall_)?grass)$/.test(ctx.names.states[above] ?? 'air')
}

async function onCreature (ctx, item, use, { entity, name }) {
  const { bot, task } = ctx
  const before = inventory.counts(ctx)
  const worn = inventory.wear(ctx)[item]
  const changed = () => Object.keys(inventory.difference(before, inventory.counts(ctx))).length > 0 || inventory.wear(ctx)[item] !== worn
  for (let go = 0; go < 3 && !changed(); go++) {
    await task.attempt(bot.activateEntity(entity), 1000)
    await task.until(changed, REACTION / 2)
  }
  if (use.gives?.length) {
    await task.pause(300)
    await collect(ctx, entity.position.clone(), { within: 5, ms: 5000 })
  }
  if (use.rest) ctx.memory.used.set(entity.id, Date.now() + use.rest * 50)
  if (!changed()) throw new Ending('NOT_FOUND', `the ${name} gives nothing now: wait or explore for another`)
}

async function onBlock (ctx, item, use, position) {
  const { bot, task, sight } = ctx
  const before = inventory.counts(ctx)
  const worn = inventory.wear(ctx)[item]
  const spots = [[0, 0, 0], [0, 1, 0]].map(([x, y, z]) => [position.x + x, position.y + y, position.z + z])
  const states = spots.map(spot => sight.state(...spot))
  const changed = () => Object.keys(inventory.difference(before, inventory.counts(ctx))).length > 0 || inventory.wear(ctx)[item] !== worn ||
    (!use.item_becomes && !quench && spots.some((spot, at) => sight.state(...spot) !== states[at]))
  const liquid = /water|lava/.test(use.targets[0])
  const quench = item === 'water_bucket' && use.targets[0] === 'lava'
  const ways = quench ? [pourBeside] : liquid ? [aim, activate] : use.plants ? [plant, activate] : [activate, aim]
  for (const way of [...ways, ways[0]]) {
    if (away(ctx, position) > REACH + 1) break
    await way(ctx, position)
    if (await task.until(changed, REACTION)) break
  }
  if (quench) await task.until(() => sight.nameAt(...spots[0]) === use.target_becomes, REACTION)
  if (quench && sight.nameAt(...spots[0]) !== use.target_becomes) throw new Ending('TIMEOUT', 'the water did not reach the lava: fill the bucket and try another place')
  if (!changed()) throw new Ending('TIMEOUT', `the server took no notice of ${item} on ${use.targets[0]}: try another one`)
  if (use.gives?.length) await collect(ctx, position.offset(0.5, 1, 0.5), { within: 4 })
  bot.clearControlStates()
}

/** Look at it and use the item, as for liquids: the server follows the eye. */
async function aim (ctx, position) {
  await ctx.task.attempt(ctx.bot.lookAt(position.offset(0.5, 0.9, 0.5), true), 800)
  await ctx.task.pause(60)
  ctx.bot.activateItem()
  await ctx.task.pause(100)
  ctx.bot.deactivateItem()
}

/** Pour on a block beside, from where it flows over: poured into lava it would only take its place. */
async function pourBeside (ctx, position) {
  const { bot, sight } = ctx
  const beside = [[1, 0], [-1, 0], [0, 1], [0, -1]].map(([x, z]) => position.offset(x, 0, z))
    .filter(at => bot.blockAt(at)?.boundingBox === 'block' && sight.nameAt(at.x, at.y + 1, at.z) === null && away(ctx, at) < REACH)
  const [nearest] = beside.sort((one, other) => away(ctx, one) - away(ctx, other))
  if (nearest) await aim(ctx, nearest)
}

async function activate (ctx, position) {
  const block = ctx.bot.blockAt(position)
  if (block) await ctx.task.attempt(ctx.bot.activateBlock(block, new Vec3(0, 1, 0)), 1000)
}

async function plant (ctx, position) {
  const block = ctx.bot.blockAt(position)
  if (block) await ctx.task.attempt(ctx.bot.placeBlock(block, new Vec3(0, 1, 0)), 1200)
}
