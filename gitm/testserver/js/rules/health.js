'use strict'
// Health and hunger: exhaustion, regeneration, starving, falling, drowning, lava, fire, cactus, the void.

const MAX = 20
const SAFE_FALL = 3 // blocks

module.exports.server = serv => {
  serv.on('tick', (_, count) => serv.players.forEach(player => player.joined && player.live?.(count)))
}

module.exports.player = (player, serv) => {
  const { gitm } = serv
  let exhaustion = 0
  let fallen = 0
  let hurtAt = -1000 // tick of the last hit
  let hungerTicks = 0
  let air = 300

  player.tire = points => { exhaustion = Math.min(exhaustion + points, 40) }
  player.sendHealth = () => player._client.write('update_health', {
    health: player.health, food: player.food, foodSaturation: player.foodSaturation
  })
  player.updateHealth = health => { // the server's own word; used by flying-squid at login
    player.health = health
    player.sendHealth()
  }

  /** Hurt a player. A hit within half a second of another does nothing, as in vanilla. `cause` names it for the death message. */
  player.hurt = (points, cause, { always = false } = {}) => {
    if (player.health <= 0 || points <= 0 || (!always && serv.tickCount - hurtAt < 10)) return false
    hurtAt = serv.tickCount
    player.health = Math.max(0, player.health - points)
    player.tire(0.1)
    player.sendHealth()
    player._client.write('entity_status', { entityId: player.id, entityStatus: 2 })
    if (player.health <= 0) player.die(cause)
    return true
  }
  player.takeDamage = ({ damage = 1 }) => player.hurt(damage, 'was hurt', { always: true })

  player.feed = (points, saturation) => {
    player.food = Math.min(MAX, player.food + points)
    player.foodSaturation = Math.min(player.food, player.foodSaturation + saturation)
    player.sendHealth()
  }

  player.resetBody = () => {
    Object.assign(player, { health: MAX, food: MAX, foodSaturation: 5 })
    exhaustion = fallen = hungerTicks = 0
    air = 300
  }

  player.on('gitm_teleported', () => { fallen = 0 })
  player.on('gitm_moved', (from, to, onGround) => {
    const dx = Math.hypot(to.x - from.x, to.z - from.z)
    if (player.sprinting) player.tire(0.1 * dx)
    if (wet()) fallen = 0
    else if (to.y < from.y) fallen += from.y - to.y
    else if (to.y > from.y && !onGround && from.y % 1 === 0) player.tire(player.sprinting ? 0.2 : 0.05)
    if (!onGround) return
    const points = Math.ceil(fallen - SAFE_FALL - 0.001) // the steps of a fall do not add up exactly
    fallen = 0
    if (points > 0) player.hurt(points, 'fell from a high place', { always: true })
  })

  const feet = () => gitm.at(player.position)
  const eyes = () => gitm.at(player.position.offset(0, 1.62, 0))
  const wet = () => gitm.isLiquid(feet())

  player.live = count => {
    if (player.health <= 0) return
    hunger()
    if (player.position.y < -64) player.hurt(4, 'fell out of the world')
    if (count % 10 !== 0) return
    if (feet()?.name === 'lava') player.hurt(4, 'tried to swim in lava')
    if (feet()?.name === 'fire') player.hurt(1, 'went up in flames')
    if (touchesCactus()) player.hurt(1, 'was pricked to death')
    breathe()
  }

  function hunger () {
    if (exhaustion >= 4) {
      exhaustion -= 4
      if (player.foodSaturation > 0) player.foodSaturation = Math.max(0, player.foodSaturation - 1)
      else player.food = Math.max(0, player.food - 1)
      player.sendHealth()
    }
    hungerTicks++
    const hurt = player.health < MAX
    if (hurt && player.food >= MAX && player.foodSaturation > 0) {
      if (hungerTicks < 10) return
      const used = Math.min(player.foodSaturation, 6)
      heal(used / 6, used)
    } else if (hurt && player.food >= 18) {
      if (hungerTicks >= 80) heal(1, 6)
    } else if (player.food <= 0) {
      if (hungerTicks < 80) return
      hungerTicks = 0
      if (player.health > 1) player.hurt(1, 'starved to death', { always: true })
    } else hungerTicks = 0
  }

  function heal (points, tired) {
    hungerTicks = 0
    player.health = Math.min(MAX, player.health + points)
    player.tire(tired)
    player.sendHealth()
  }

  function breathe () {
    if (eyes()?.name !== 'water') air = 300
    else if ((air -= 10) <= -20) {
      air = 0
      player.hurt(2, 'drowned')
    }
  }

  function touchesCactus () {
    const sides = [[0.35, 0], [-0.35, 0], [0, 0.35], [0, -0.35]]
    return sides.some(([dx, dz]) => gitm.at(player.position.offset(dx, 0.5, dz))?.name === 'cactus')
  }
}
