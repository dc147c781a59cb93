'use strict'
// Mobs: what they are, what they drop, where they come from, how they think. How they move is in motion.js.

const { dice } = require('../world/noise')
const { land } = require('../world/land')
const motion = require('./motion')

/** Health, speed in blocks a tick, drops [item, lowest, highest]; hostile ones also damage on normal difficulty, or what they explode with. */
const KINDS = {
  cow: { health: 10, speed: 0.07, drops: [['beef', 1, 3], ['leather', 0, 2]] },
  pig: { health: 10, speed: 0.08, drops: [['porkchop', 1, 3]] },
  sheep: { health: 8, speed: 0.07, drops: [['mutton', 1, 2], ['white_wool', 1, 1]] },
  chicken: { health: 4, speed: 0.08, drops: [['chicken', 1, 1], ['feather', 0, 2]] },
  iron_golem: { health: 100, speed: 0.06, drops: [['iron_ingot', 3, 5], ['poppy', 0, 2]] },
  snow_golem: { health: 4, speed: 0.06, drops: [['snowball', 0, 15]] },
  zombie: { health: 20, speed: 0.11, drops: [['rotten_flesh', 0, 2]], damage: 3, burns: true },
  spider: { health: 16, speed: 0.14, drops: [['string', 0, 2]], damage: 2 },
  creeper: { health: 20, speed: 0.1, drops: [['gunpowder', 0, 2]], damage: 43, fuse: 30 } // comes by the tests' door only
}
const HERDS = ['cow', 'pig', 'sheep', 'chicken']
const MOST = { passive: 120, hostileEach: 5 }
const NIGHT = [13000, 23000]
const SIGHT = 16
const LIT = 3 // blocks within which one that explodes is lit
const ARM = 1.7 // blocks from which a mob hits

module.exports.server = serv => {
  const { gitm, registry, overworld: world } = serv
  const between = (low, high) => low + Math.floor(Math.random() * (high - low + 1))
  const mobs = () => Object.values(serv.entities).filter(entity => entity.type === 'mob' && entity.health > 0)
  const isNight = () => serv.time % 24000 > NIGHT[0] && serv.time % 24000 < NIGHT[1]
  const nearest = (position, far) => serv.players.filter(player => player.health > 0 && player.joined)
    .map(player => ({ player, far: player.position.distanceTo(position) }))
    .filter(found => found.far <= far).sort((a, b) => a.far - b.far)[0]?.player

  /** Let a mob of this name appear; null when there is no such kind or there are too many things already. */
  gitm.spawnMob = (name, position) => {
    const kind = KINDS[name]
    if (!kind || Object.keys(serv.entities).length > 500) return null
    const { id } = registry.entitiesByName[name]
    registry.mobs[id] ??= registry.entitiesByName[name] // from 1.17 on minecraft-data sorts mobs otherwise than flying-squid thinks
    const mob = serv.spawnMob(id, world, position.clone())
    Object.assign(mob, { kind, health: kind.health, goal: null, until: 0, ready: 0 })
    mob.calculatePhysics = () => motion.step(mob, gitm)
    return mob
  }

  gitm.killMob = mob => {
    mob.health = 0
    for (const [item, low, high] of mob.kind.drops) {
      const stack = item.endsWith('_wool') && mob.sheared ? null : gitm.items.stack(item, between(low, high))
      if (stack) gitm.drop(stack, mob.position.offset(0, 0.4, 0))
    }
    setTimeout(() => serv.entities[mob.id] && mob.destroy(), 1000).unref()
  }

  gitm.shear = sheep => {
    sheep.sheared = true
    sheep.setAndUpdateMetadata([{ key: 16, type: 0, value: 0x10 }])
    gitm.drop(gitm.items.stack('white_wool', between(1, 3)), sheep.position.offset(0, 1, 0))
    setTimeout(() => { sheep.sheared = false }, 60000).unref()
  }

  /** A hit mob is pushed back; an animal runs away for five seconds. */
  gitm.startle = (mob, by) => {
    const away = mob.position.minus(by.position)
    const far = Math.hypot(away.x, away.z) || 1
    mob.push = { x: away.x / far * 0.25, z: away.z / far * 0.25, ticks: 5 }
    if (mob.kind.damage) return
    mob.goal = mob.position.offset(away.x / far * 12, 0, away.z / far * 12)
    mob.hurry = mob.until = serv.tickCount + 100
  }

  gitm.hostileNear = (position, far) => mobs().some(mob => mob.kind?.damage && mob.position.distanceTo(position) <= far)

  serv.on('tick', (_, tick) => {
    for (const mob of mobs()) if (mob.kind) (mob.kind.damage ? hunt : graze)(mob, tick)
    if (gitm.mobs && tick % 100 === 0) haunt()
  })

  function graze (mob, tick) {
    if (tick < mob.until) return
    mob.hurry = 0
    mob.until = tick + between(60, 240)
    mob.goal = Math.random() < 0.5 ? mob.position.offset(between(-5, 5), 0, between(-5, 5)) : null
  }

  function hunt (mob, tick) {
    const prey = nearest(mob.position, SIGHT)
    mob.goal = prey?.position ?? null
    if (mob.kind.fuse) return burn(mob, prey)
    if (prey && tick >= mob.ready && prey.position.distanceTo(mob.position) < ARM) {
      mob.ready = tick + 20
      if (prey.hurt(mob.kind.damage, `was slain by ${mob.name}`)) gitm.wake(prey)
    }
    if (tick % 20 === 0 && mob.kind.burns && !isNight() && openSky(mob.position)) gitm.hurtMob(mob, 1, null)
    if (tick % 200 === 0 && !nearest(mob.position, 64)) mob.destroy()
  }

  /** It hisses while someone is near, and then bursts (wiki, "Creeper"). */
  function burn (mob, prey) {
    const near = prey && prey.position.distanceTo(mob.position) < LIT
    mob.lit = Math.max(0, (mob.lit ?? 0) + (near ? 1 : -1))
    if (near) mob.goal = null
    if (mob.lit < mob.kind.fuse) return
    mob.health = 0
    mob.destroy()
    gitm.explode(mob.position.clone(), mob.kind.damage, `was blown up by ${mob.name}`)
  }

  const shape = land(gitm.seed)
  const openSky = position => position.y > shape.height(Math.floor(position.x), Math.floor(position.z))

  /** At night, something comes up out of sight of each player. */
  function haunt () {
    if (!isNight()) return
    for (const player of serv.players) {
      if (mobs().filter(mob => mob.kind?.damage && mob.position.distanceTo(player.position) < 64).length >= MOST.hostileEach) continue
      const angle = Math.random() * 2 * Math.PI
      const far = between(24, 40)
      const [x, z] = [Math.floor(player.position.x + far * Math.cos(angle)), Math.floor(player.position.z + far * Math.sin(angle))]
      const place = new gitm.Vec3(x + 0.5, shape.height(x, z) + 1, z + 0.5)
      const free = gitm.at(place) && !gitm.solid(place) && !gitm.solid(place.offset(0, 1, 0)) && gitm.solid(place.offset(0, -1, 0))
      if (free && !gitm.isLiquid(gitm.at(place))) gitm.spawnMob(Math.random() < 0.7 ? 'zombie' : 'spider', place)
    }
  }

  /** Herds belong to the land: the same seed has them in the same chunks, once in a server's life. */
  const settled = new Set()
  world.on('chunkColumnLoad', corner => {
    const [cx, cz] = [corner.x >> 4, corner.z >> 4]
    const roll = dice(gitm.seed, 51, cx, cz)
    if (!gitm.mobs || settled.has(`${cx},${cz}`) || roll() > 0.15) return
    settled.add(`${cx},${cz}`)
    if (mobs().filter(mob => !mob.kind?.damage).length >= MOST.passive) return
    const name = HERDS[roll.below(HERDS.length)]
    for (let i = roll.between(2, 4); i > 0; i--) {
      const [x, z] = [corner.x + roll.between(2, 13), corner.z + roll.between(2, 13)]
      const place = new gitm.Vec3(x + 0.5, shape.height(x, z) + 1, z + 0.5)
      if (gitm.at(place.offset(0, -1, 0))?.name === 'grass_block' && !gitm.solid(place)) gitm.spawnMob(name, place)
    }
  })
}
