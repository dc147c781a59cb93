'use strict'
// Dig up to `count` blocks of the kind, the first within reach, and pick up what they drop.

const { Ending, a, amounts } = require('../ending')
const { REACH, reachBlock } = require('../goto')
const inventory = require('../inventory')
const { collect, dropped } = require('../collect')
const { away, dig, uncover } = require('../digging')
const { Loot } = require('../loot')
const { wet } = require('../stairs')

const FAR = 16 // blocks within which mining goes on to the next of its kind
const NEWS = 700 // milliseconds in which the server tells of what was picked up
const FAILURES = 4

module.exports = async (ctx, action) => {
  const { task } = ctx
  const names = inventory.resolve(ctx, action.object, 'block')
  const blocks = names.filter(name => name in ctx.rules.book.blocks)
  if (!blocks.length) throw new Ending('IMPOSSIBLE', noBlock(ctx, names[0]))
  const first = nearestOf(ctx, blocks, action.object)
  const named = checkTool(ctx, first.name, action.tool)
  const work = { blocks, first, named, wanted: action.count ?? 1, mined: 0, loot: new Loot(ctx) }
  let problem = null
  try {
    await mineAll(ctx, work)
  } catch (error) {
    if (!(error instanceof Ending) || task.ending) throw error
    problem = error
  }
  await sweep(ctx)
  const all = () => !work.loot.missed()
  if (!await task.until(all, NEWS)) {
    await collect(ctx, ctx.bot.entity.position.clone(), { within: 16, ms: 15_000, names: Object.keys(work.loot.due), deep: true })
    await task.until(all, NEWS)
  }
  return told(ctx, work, problem)
}

/** Dig one after the other. Ends when there are no more, none can be got at, the tool broke, or there is no room. */
async function mineAll (ctx, work) {
  const failed = new Set()
  while (work.mined < work.wanted) {
    await ctx.tend()
    const target = work.mined || failed.size ? another(ctx, work.blocks, failed) : work.first
    if (!target) throw failed.size ? work.hindered : new Ending('NOT_FOUND', 'no more of it in sight, explore for the rest')
    const tool = toolFor(ctx, target.name, work.named)
    const { struckAt } = ctx.body
    const hindrance = await mineOne(ctx, target, tool)
    if (!hindrance) {
      work.mined++
      work.loot.dug(target.name, tool)
    } else if (ctx.body.struckAt === struckAt) { // a blow in the midst of it is no fault of the block
      if (failed.size) ctx.report('tried another one')
      failed.add(String(target.position))
      work.hindered = new Ending('NO_PATH', `cannot get at ${target.name} here, ${hindrance}: approach another one`)
      if (failed.size >= FAILURES) throw work.hindered
    }
  }
}

/** The message; PARTIAL when less was mined than wanted, or picked up than mined. */
function told (ctx, { first: { name }, mined, wanted, loot }, problem) {
  if (problem && !mined) throw problem
  const missed = loot.missed()
  const done = `mined ${mined} ${name} and picked up ${amounts(inventory.gains(ctx, ctx.before))}`
  if (problem) throw new Ending('PARTIAL', `mined ${mined} of ${wanted} ${name}: ${problem.message}${missed ? `; ${missed}` : ''}`, problem.missing)
  if (missed) throw new Ending('PARTIAL', `${done}; ${missed}`)
  return done
}

/** Go there if need be, dig it, pick up what it drops; null when that is done, otherwise what hinders. */
async function mineOne (ctx, { position }, tool) {
  const { task } = ctx
  if (away(ctx, position) > REACH) {
    await sweep(ctx)
    try {
      await reachBlock(ctx, position, 'the next one', { ms: 20_000 })
    } catch (error) {
      task.check()
      return 'no way leads to it'
    }
  }
  if (!await uncover(ctx, position)) return 'it is walled in'
  if (!await inventory.takeInHand(ctx, tool)) return `${tool} did not get into your hand`
  if (underfootOverLava(ctx, position)) return 'you stand on it and a liquid or a hole is beneath'
  if (!await dig(ctx, position)) return 'it does not break'
  const center = await dropped(ctx, position)
  await collect(ctx, center, { within: 3, ms: 600 }) // what falls from a tree is picked up when it has come down
  return null
}

/** Pick up what is left lying, before leaving and at the end. */
async function sweep (ctx) {
  await collect(ctx, ctx.bot.entity.position.clone(), { within: 8, ms: 6000 })
}

/** Never straight down into lava: what one stands on is not dug when there is a liquid or a hole beneath. */
function underfootOverLava (ctx, position) {
  const below = ctx.bot.entity.position.offset(0, -0.5, 0).floored()
  if (!below.equals(position)) return false
  const under = ctx.bot.blockAt(position.offset(0, -1, 0))
  return wet(ctx, position) || under?.boundingBox === 'empty'
}

/** The first one to dig: within reach, one that lies bare before a hidden one, and none that one stands on if there is another. */
function nearestOf (ctx, blocks, wanted) {
  const found = ctx.sight.find(blocks, { most: 200 })
  if (!found.length) throw new Ending('NOT_FOUND', `no ${wanted} in sight: explore first`)
  const close = found.filter(seen => seen.distance <= REACH)
  const name = ({ position }) => ctx.sight.nameAt(position.x, position.y, position.z)
  if (!close.length) {
    throw new Ending('OUT_OF_REACH', `the nearest ${name(found[0])} is ${Math.round(found[0].distance)} blocks away: approach it first`)
  }
  const chosen = best(ctx, close)
  return { position: chosen.position, name: name(chosen) }
}

function another (ctx, blocks, failed) {
  const found = ctx.sight.find(blocks, { within: FAR, most: 200 }).filter(seen => !failed.has(String(seen.position)))
  if (!found.length) return null
  const chosen = best(ctx, found)
  return { position: chosen.position, name: ctx.sight.nameAt(chosen.position.x, chosen.position.y, chosen.position.z) }
}

/** Nearest first, but what carries one last; of two as near, the lower one (the trunk before the crown). */
function best (ctx, found) {
  const below = ctx.bot.entity.position.offset(0, -0.5, 0).floored()
  const feet = below.y + 1
  const cost = ({ position, distance }) => distance + (position.y < feet && Math.abs(position.x - below.x) <= 1 && Math.abs(position.z - below.z) <= 1 ? 3 : 0)
  return found.reduce((one, other) => cost(other) < cost(one) ? other : one)
}

/** The tool meant, canonical; refuses one that is unknown or not held, or with which nothing would drop. */
function checkTool (ctx, block, given) {
  const { rules } = ctx
  const fact = rules.book.blocks[block]
  if (fact.liquid) throw new Ending('IMPOSSIBLE', `${block} is a liquid: apply a bucket on it`)
  if ((fact.hardness ?? null) === null) throw new Ending('IMPOSSIBLE', `${block} cannot be broken`)
  const held = inventory.counts(ctx)
  const named = given ? inventory.resolve(ctx, given, 'item')[0] : null
  if (named && !held[named]) throw new Ending('MISSING_TOOL', `you do not hold ${a(named)}: obtain it or name another tool`, { [named]: 1 })
  if (rules.dig(block, named ?? rules.bestTool(block, held)).yields) return named
  const needed = rules.weakestTool(block) ?? 'tool'
  const hand = ctx.bot.heldItem ? ctx.names.ofItem(ctx.bot.heldItem) : null
  const have = named ?? hand ?? Object.keys(held).find(name => rules.tools[name]) ?? 'nothing fit for it'
  const drop = fact.drops?.[0]?.item ?? block
  const better = rules.tools[needed]?.kind === fact.tool ? ' or better' : ''
  throw new Ending('MISSING_TOOL', `needs ${a(needed)}${better} to drop ${drop}; you hold ${have}`, needed in rules.book.items ? { [needed]: 1 } : {})
}

/** The tool for the next block; ends when it broke, when nothing would drop, or when there is no room. */
function toolFor (ctx, block, named) {
  const held = inventory.counts(ctx)
  if (named && !held[named]) throw new Ending('MISSING_TOOL', `your ${named} broke, make another`, { [named]: 1 })
  const tool = named ?? ctx.rules.bestTool(block, held)
  const { yields, drops } = ctx.rules.dig(block, tool)
  const needed = ctx.rules.weakestTool(block) ?? 'tool'
  if (!yields) throw new Ending('MISSING_TOOL', `your tool broke, make ${needed} again`, { [needed]: 1 })
  if (drops.length && !drops.some(drop => inventory.room(ctx, drop.item) > 0)) {
    throw new Ending('INVENTORY_FULL', `no room for ${drops[0].item}: drop or store something first`)
  }
  return tool
}

function noBlock (ctx, name) {
  const { mobs, biomes } = ctx.rules.book
  if (name in mobs) return `${name} is a mob: attack it`
  if (name in biomes) return `${name} is a biome: explore it and mine what is there`
  return `${name} is an item, not a block: mine a block that drops it`
}
