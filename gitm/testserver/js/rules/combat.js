'use strict'
// Hitting mobs and players, shearing, milking. Damage and recharge of weapons are those of 1.16.

const REACH = 6
const HITS = 10 // ticks in which a mob cannot be hurt again

/** Damage and hits a second by kind of weapon; damage by material. */
const WEAPONS = {
  sword: { damage: { wooden: 4, golden: 4, stone: 5, iron: 6, diamond: 7, netherite: 8 }, speed: 1.6, wear: 1 },
  axe: { damage: { wooden: 7, golden: 7, stone: 9, iron: 9, diamond: 9, netherite: 10 }, speed: 0.9, wear: 2 },
  pickaxe: { damage: { wooden: 2, golden: 2, stone: 3, iron: 4, diamond: 5, netherite: 6 }, speed: 1.2, wear: 2 },
  shovel: { damage: { wooden: 2.5, golden: 2.5, stone: 3.5, iron: 4.5, diamond: 5.5, netherite: 6.5 }, speed: 1, wear: 2 }
}
const FIST = { points: 1, speed: 4, wear: 0 }

function weapon (item) {
  const [, material, kind] = /^(\w+?)_(sword|axe|pickaxe|shovel)$/.exec(item?.name ?? '') ?? []
  const found = WEAPONS[kind]
  return found ? { points: found.damage[material], speed: found.speed, wear: found.wear } : FIST
}

module.exports.player = (player, serv) => {
  const { gitm } = serv
  const { items } = gitm
  let lastHit = -100

  player._client.on('use_entity', ({ target, mouse }) => {
    const entity = serv.entities[target]
    if (!entity || player.health <= 0 || !(entity.health > 0) || player.position.distanceTo(entity.position) > REACH) return
    if (mouse === 1) hit(entity)
    else if (mouse === 0) handle(entity)
  })
  player._client.on('held_item_slot', () => { lastHit = serv.tickCount })

  function hit (entity) {
    const { points, speed, wear } = weapon(items.held(player))
    const charge = Math.min(1, (serv.tickCount - lastHit + 0.5) / (20 / speed))
    lastHit = serv.tickCount
    const hurt = entity.type === 'player'
      ? entity.hurt(points, `was slain by ${player.username}`)
      : gitm.hurtMob(entity, points * (0.2 + 0.8 * charge * charge), player)
    if (!hurt) return
    items.wear(player, wear)
    player.tire(0.1)
  }

  function handle (entity) {
    const item = items.held(player)
    if (item?.name === 'shears' && entity.name === 'sheep' && !entity.sheared) {
      gitm.shear(entity)
      items.wear(player, 1)
    } else if (item?.name === 'bucket' && entity.name === 'cow') {
      items.takeHeld(player)
      const milk = items.stack('milk_bucket')
      if (items.give(player, milk)) gitm.throwItem(player, milk)
    }
  }
}

module.exports.server = serv => {
  const { gitm } = serv

  /** Hurt a mob; false when it was hit a moment ago. */
  gitm.hurtMob = (mob, points, by) => {
    if (mob.health <= 0 || serv.tickCount - (mob.hurtAt ?? -100) < HITS) return false
    mob.hurtAt = serv.tickCount
    mob.health -= points
    mob._writeOthersNearby('entity_status', { entityId: mob.id, entityStatus: mob.health > 0 ? 2 : 3 })
    if (mob.health <= 0) gitm.killMob(mob)
    else if (by) gitm.startle(mob, by)
    return true
  }
}
