'use strict'
// The observation: the same model as the stub's (gitm.types.Observation), read from what the bot knows; nothing is asked of the server.

const inventory = require('./inventory')
const { weather } = require('./weather')

const MOST = 24 // kinds of things in one observation
const SOIL = new Set(['dirt', 'grass_block', 'stone', 'deepslate', 'granite', 'diorite', 'andesite', 'tuff', 'gravel', 'sand', 'sandstone',
  'netherrack', 'clay', 'terracotta', 'bedrock', 'coal_ore', 'iron_ore'])

/** All of gitm.types.Observation but the tick, which Python counts; and the time of day it counts by. */
function observe (ctx) {
  const { bot, names } = ctx
  const at = bot.entity.position.floored()
  const below = bot.blockAt(bot.entity.position.offset(0, -0.5, 0).floored(), false)
  const held = inventory.counts(ctx)
  const hand = bot.heldItem ? names.ofItem(bot.heldItem) : null
  return {
    time: bot.time.time ?? 0,
    x: at.x,
    y: at.y,
    z: at.z,
    dimension: String(bot.game.dimension ?? 'overworld').replace('minecraft:', ''),
    biome: names.biome(bot.registry.biomes[below?.biome?.id]?.name ?? below?.biome?.name),
    underground: underground(ctx),
    day: bot.time.timeOfDay < 13_000,
    weather: weather(bot),
    health: clamp(health(bot)),
    food: clamp(bot.food ?? 20),
    experience: Math.max(0, bot.experience?.points ?? 0),
    inventory: held,
    free_slots: inventory.free(ctx),
    wear: inventory.wear(ctx),
    hand: hand in held ? hand : null,
    worn: inventory.worn(ctx),
    under: (below && names.states[below.stateId]) || 'air',
    above: ctx.sight.nameAt(at.x, at.y + 2, at.z) ?? 'air',
    nearby: nearby(ctx)
  }
}

/** Some servers send no health after a respawn: then it is full. */
function health (bot) {
  return bot.health > 0 ? bot.health : 20
}

const clamp = points => Math.min(20, Math.max(0, Math.round(points * 100) / 100))

/** Whether there is rock or soil overhead. */
function underground (ctx) {
  const at = ctx.bot.entity.position.floored()
  return surface(ctx, at.x, at.z) > at.y + 1
}

/** The height at which one would stand under the open sky there: above the highest soil or rock. */
function surface (ctx, x, z) {
  const low = ctx.bot.game.minY ?? 0
  for (let y = low + (ctx.bot.game.height ?? 256) - 1; y > low; y--) {
    const name = ctx.sight.nameAt(x, y, z)
    if (name && (SOIL.has(name) || name.endsWith('_ore') || name.endsWith('_terracotta'))) return y + 1
  }
  return low
}

function nearby (ctx) {
  const seen = new Map()
  const survey = ctx.sight.survey()
  ctx.memory.places.note(survey)
  for (const [name, { count, away, y }] of survey) {
    const kind = ctx.rules.stations.has(name) ? 'station' : 'block'
    seen.set(`${kind} ${name}`, { name, kind, count, distance: round(Math.sqrt(away)), y })
  }
  for (const { name, kind, count, distance, entity } of ctx.creatures()) {
    const key = `${kind} ${name}`
    const known = seen.get(key)
    const y = Math.floor(entity.position.y)
    if (!known) seen.set(key, { name, kind, count, distance: round(distance), y })
    else {
      known.count += count
      if (distance < known.distance) Object.assign(known, { distance: round(distance), y })
    }
  }
  const sorted = [...seen.values()].sort((one, other) => one.distance - other.distance)
  const wanted = sorted.slice(MOST).filter(thing => ctx.wanted.includes(thing.name))
  return [...sorted.slice(0, MOST), ...wanted].filter(thing => /^[a-z][a-z0-9_]*$/.test(thing.name))
}

const round = number => Math.ceil(number * 10) / 10 // up: what is told to be within reach is

module.exports = { observe, underground, surface, health }
