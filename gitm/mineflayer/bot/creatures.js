'use strict'
// Mobs, and things on the ground.

const { underground } = require('./observe')

const FAR = 48 // blocks
const HEARD = 8 // blocks within which a creature is noticed below the ground without being seen
const LIVING = ['animal', 'mob', 'hostile', 'passive', 'water_creature', 'ambient', 'living']

/** Whatever lives or lies around, nearest first: canonical name, kind, count, the entity, its distance. */
function creatures (ctx) {
  const { bot } = ctx
  const found = []
  const below = underground(ctx)
  for (const entity of Object.values(bot.entities)) {
    if (entity === bot.entity || !entity.position || ctx.dead.has(entity)) continue
    const distance = entity.position.distanceTo(bot.entity.position)
    const seen = distance <= FAR ? described(ctx, entity) : null
    if (!seen || (below && seen.kind !== 'item' && distance > HEARD && !ctx.sight.sees(entity.position.offset(0, 0.5, 0)))) continue
    found.push({ ...seen, entity, distance })
  }
  return found.sort((one, other) => one.distance - other.distance)
}

function described (ctx, entity) {
  const name = entity.name && ctx.names.ofEntity(entity.name)
  if (name === 'item') {
    const item = itemOf(entity)
    return item ? { name: ctx.names.ofItem(item), kind: 'item', count: item.count } : null
  }
  if (['player', 'orb', 'projectile', 'global'].includes(entity.type) || !name) return null
  if (!ctx.rules.book.mobs[name] && !LIVING.includes(entity.type)) return null
  const hostile = ctx.rules.hostile.has(name) || entity.type === 'hostile'
  return { name, kind: hostile ? 'hostile' : 'mob', count: 1 }
}

/** What lies there; null as long as the server has not told, which is a moment after it appeared. */
function itemOf (entity) {
  try {
    return entity.getDroppedItem()
  } catch {
    return null
  }
}

module.exports = { creatures }
