'use strict'
// Walk or tunnel until the object is in sight: straight on over land not seen yet, around what cannot be crossed; back first to where one
// was seen before. Underground a tunnel at the present height, towards one within 32 blocks if there is one.

const { goals } = require('mineflayer-pathfinder')
const { Ending, a } = require('../ending')
const { goTo } = require('../goto')
const inventory = require('../inventory')
const { underground } = require('../observe')
const { FAR } = require('../sight')
const { stepOn, towards, TURNS } = require('../stairs')

const STRIDE = 24 // blocks walked between two decisions
const LEG = 20_000 // milliseconds a stride may take
const CELL = 16
const FARTHEST = 400 // blocks that going back to what was seen may take

module.exports = async (ctx, { object, strategy = 'auto' }) => {
  const names = inventory.resolve(ctx, object, 'block or mob')
  const below = underground(ctx)
  if (strategy === 'underground' && !below) throw new Ending('NO_PATH', 'you are on the surface: dig_down to a height first, then explore underground')
  if (strategy === 'surface' && below) throw new Ending('NO_PATH', 'you are underground: go_up first, then explore the surface')
  ctx.wanted = names
  const found = sighted(ctx, names)
  if (found) return `${found} is in sight`
  return below ? tunnel(ctx, names) : wander(ctx, object, names)
}

/** The name of the one in sight, if any: a block, a creature, the biome underfoot. */
function sighted (ctx, names) {
  if (ctx.sight.nearest(names)) return names.find(name => ctx.sight.nearest([name]))
  const creature = ctx.creatures().find(seen => names.includes(seen.name) && seen.distance <= FAR)
  return creature?.name ?? names.find(name => name === biomeHere(ctx)) ?? null
}

function biomeHere (ctx) {
  const block = ctx.bot.blockAt(ctx.bot.entity.position.floored())
  return ctx.names.biome(ctx.bot.registry.biomes[block?.biome?.id]?.name)
}

async function wander (ctx, object, names) {
  const { bot, memory } = ctx
  const start = bot.entity.position.clone()
  const known = await revisit(ctx, names)
  let gone = known.gone
  if (known.found) return `${known.found} is in sight after ${Math.round(gone)} blocks, where it was seen before`
  for (let blocked = 0; blocked < 8;) {
    visit(ctx)
    const stride = await walk(ctx, goalAhead(ctx, blocked), names)
    gone += stride
    const found = sighted(ctx, names)
    if (found) return `${found} is in sight after ${Math.round(gone)} blocks`
    blocked = stride < STRIDE / 3 ? blocked + 1 : 0
    if (stride < STRIDE / 3) turn(memory)
  }
  throw new Ending('NOT_FOUND', `no ${object} in sight after ${Math.round(gone)} blocks on the surface, ` +
    `${Math.round(bot.entity.position.distanceTo(start))} from the start: explore further, or look elsewhere`)
}

/** Go back to where one was seen, the nearest place first; how far that was, and the name of what is there still. */
async function revisit (ctx, names) {
  const { bot, memory } = ctx
  let gone = 0
  for (let place; (place = memory.places.nearest(names, bot.entity.position)) && gone < FARTHEST;) {
    for (let blocked = 0; blocked < 2 && away(bot, place) > CELL / 2;) {
      const stride = await walk(ctx, goalTowards(bot, place), names)
      gone += stride
      const found = sighted(ctx, names)
      if (found) return { gone, found }
      blocked = stride < STRIDE / 3 ? blocked + 1 : 0
    }
    memory.places.forget(names, place)
  }
  return { gone, found: null }
}

/** Walk until there, or until one is in sight; how many blocks. Not to get there is no failure. */
async function walk (ctx, goal, names) {
  const from = ctx.bot.entity.position.clone()
  try {
    await goTo(ctx, goal, 'unseen land', { ms: LEG, enough: () => seenMeanwhile(ctx, names) })
  } catch (error) {
    ctx.task.check()
    if (!(error instanceof Ending)) throw error
  }
  return ctx.bot.entity.position.distanceTo(from)
}

const away = (bot, { x, z }) => Math.hypot(x - bot.entity.position.x, z - bot.entity.position.z)

/** A stride on the way to a place. */
function goalTowards (bot, place) {
  const { x, z } = bot.entity.position
  const share = Math.min(1, STRIDE / away(bot, place))
  return new goals.GoalNearXZ(Math.floor(x + (place.x - x) * share), Math.floor(z + (place.z - z) * share), 4)
}

/** Looking costs a moment, so on the way it is done twice a second. */
function seenMeanwhile (ctx, names) {
  const now = Date.now()
  if (now - (ctx.lookedAt ?? 0) < 500) return false
  ctx.lookedAt = now
  visit(ctx)
  return sighted(ctx, names) !== null
}

function visit (ctx) {
  const { x, z } = ctx.bot.entity.position
  ctx.memory.visited.add(`${Math.floor(x / CELL)},${Math.floor(z / CELL)}`)
  ctx.memory.places.note(ctx.sight.survey())
}

/** A place a stride ahead, in the first direction that leads to land not walked yet. */
function goalAhead (ctx, blocked) {
  const { bot, memory } = ctx
  const { x, z } = bot.entity.position
  const ahead = ([dx, dz]) => [Math.floor(x + dx * STRIDE), Math.floor(z + dz * STRIDE)]
  const fresh = heading => {
    const [px, pz] = ahead(heading)
    return !memory.visited.has(`${Math.floor(px / CELL)},${Math.floor(pz / CELL)}`)
  }
  const turns = TURNS(memory.heading)
  memory.heading = turns.slice(blocked ? 1 : 0).find(fresh) ?? turns[blocked % turns.length]
  const [px, pz] = ahead(memory.heading)
  return new goals.GoalNearXZ(px, pz, 4)
}

function turn (memory) {
  const [dx, dz] = memory.heading
  memory.heading = [-dz, dx]
}

async function tunnel (ctx, names) {
  const { bot } = ctx
  const y = Math.floor(bot.entity.position.y)
  const rock = ctx.names.states[ctx.sight.state(Math.floor(bot.entity.position.x), y - 1, Math.floor(bot.entity.position.z))] ?? 'stone'
  const held = inventory.counts(ctx)
  if (!ctx.rules.dig(rock, ctx.rules.spareTool(rock, held)).yields) {
    const needed = ctx.rules.weakestTool(rock) ?? 'wooden_pickaxe'
    throw new Ending('MISSING_TOOL', `needs ${a(needed)} or better to dig through ${rock}: make one first`, { [needed]: 1 })
  }
  const avoided = new Set()
  for (let gone = 0; ; gone++) {
    const found = sighted(ctx, names)
    if (found) return `${found} is in sight after ${gone} blocks of tunnel`
    const hidden = ctx.sight.find(names, { buried: true }).find(seen => !avoided.has(String(seen.position)))
    const onward = hidden ? await towards(ctx, hidden.position) : await stepOn(ctx, level(bot, y))
    if (!onward && hidden) avoided.add(String(hidden.position))
    else if (!onward) throw new Ending('NO_PATH', `water or lava on all sides after ${gone} blocks of tunnel: dig at another height`)
  }
}

/** Back to the height of the tunnel when it had to be left. */
const level = (bot, y) => Math.sign(y - Math.floor(bot.entity.position.y))

module.exports.sighted = sighted
