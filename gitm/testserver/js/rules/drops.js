'use strict'
// Items on the ground: they fall, wait half a second, go to whoever is near and has room, and are gone after five minutes.

const UUID = require('uuid-1345')

const PICKUP = { dug: 500, thrown: 2000 } // milliseconds until an item may be picked up
const LIFE = 5 * 60 * 1000

module.exports.server = serv => {
  const { gitm, registry } = serv
  const kind = registry.entitiesByName.item.id

  /** Let a stack lie at a place. */
  function drop (item, position, how = 'dug') {
    const entity = serv.initEntity('object', kind, serv.overworld, position.clone())
    Object.assign(entity, {
      name: 'item', uuid: UUID.v4(), data: 1, pitch: 0, yaw: 0, stack: gitm.items.copy(item), pickupTime: PICKUP[how], deathTime: LIFE
    })
    entity.velocity = new gitm.Vec3(0, -0.01, 0)
    entity.size = new gitm.Vec3(0.25, 0.25, 0.25)
    entity.calculatePhysics = () => sink(entity)
    entity.updateAndSpawn()
    tell(entity)
    return entity
  }

  /** Which stack it is; flying-squid says so in some versions only. */
  function tell (entity) {
    entity.metadata = gitm.dialect.lying(entity.stack)
    entity._writeOthersNearby('entity_metadata', { entityId: entity.id, metadata: entity.metadata })
  }

  function sink (entity) {
    const below = entity.position.offset(0, -0.3, 0)
    if (gitm.at(entity.position)?.name === 'lava') entity.destroy()
    if (gitm.solid(below)) return { position: new gitm.Vec3(entity.position.x, Math.floor(below.y) + 1, entity.position.z), onGround: true }
    return { position: below, onGround: false }
  }

  Object.assign(gitm, { drop, tellItem: tell })
}

module.exports.player = (player, serv) => {
  const { gitm } = serv

  player.collect = entity => {
    if (!entity.stack || player.health <= 0 || !touches(player, entity) || !serv.entities[entity.id]) return
    const left = gitm.items.give(player, entity.stack)
    const taken = entity.stack.count - left
    if (taken === 0) return
    player._writeNearby('collect', { collectedEntityId: entity.id, collectorEntityId: player.id, pickupItemCount: taken })
    if (left === 0) return entity.destroy()
    entity.stack.count = left
    gitm.tellItem(entity)
  }
}

/** Vanilla's box: the player's own, a block wider and half a block higher. */
function touches (player, entity) {
  const away = entity.position.minus(player.position)
  return Math.abs(away.x) < 1.43 && Math.abs(away.z) < 1.43 && away.y > -0.75 && away.y < 2.3
}
