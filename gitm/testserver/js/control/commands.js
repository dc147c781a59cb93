'use strict'
// What tests may do to the world and to players.

const { land } = require('../world/land')
const states = require('../rules/states')

module.exports = serv => {
  const { gitm, registry } = serv
  const { items } = gitm
  const shape = land(gitm.seed)
  const { stateOf } = states(registry)
  const place = ([x, y, z]) => new gitm.Vec3(x, y, z)

  function someone (name) {
    const player = name ? serv.players.findLast(other => other.username === name) : serv.players[0] // who joined again is meant, not his old self
    if (!player) throw new Error(name ? `no player '${name}' is here` : 'nobody is here')
    return player
  }

  function blockNamed (name) {
    if (!registry.blocksByName[name]) throw new Error(`no block '${name}'`)
    return gitm.stateOf(name)
  }

  const inventory = player => {
    const held = {}
    for (const item of [...player.inventory.slots.slice(1), player.cursor]) if (item) held[item.name] = (held[item.name] ?? 0) + item.count
    return held
  }

  return {
    /** {player, item, count, uses?}: put it into the inventory; `uses` so many uses of a tool are gone. */
    give ({ player, item, count = 1, uses = 0 }) {
      const who = someone(player)
      const one = items.stack(item)
      if (!one) throw new Error(`no item '${item}'`)
      const whole = uses ? items.worn(one, uses) : one
      let left = count
      while (left > 0) {
        const some = Math.min(left, one.stackSize)
        const over = items.give(who, items.copy(whole, some))
        left -= some - over
        if (over) break
      }
      return { left }
    },

    /** {player}: empty the inventory. */
    clear ({ player }) {
      const who = someone(player)
      who.inventory.slots.forEach((item, slot) => { if (item) items.setSlot(who, slot, null) })
      who.cursor = null
    },

    /** {ticks}: the time of day, 0 to 23999. */
    time ({ ticks }) {
      serv.setTime(ticks)
    },

    /** {kind}: clear, rain or thunder. */
    weather ({ kind }) {
      if (!['clear', 'rain', 'thunder'].includes(kind)) throw new Error(`no weather '${kind}'`)
      gitm.setWeather(kind)
    },

    /** {ticks}: let so many ticks pass at once: furnaces, hunger, sleep and the sun go on, those who walk do not. */
    skip ({ ticks }) {
      for (let i = 0; i < Math.min(ticks, 24000); i++) serv.emit('tick', 0.05, ++serv.tickCount)
    },

    /** {player, to: [x, y, z]}: without a y, onto the surface. */
    async teleport ({ player, to }) {
      const [x, z] = to.length === 2 ? to : [to[0], to[2]]
      const y = to.length === 2 ? shape.height(Math.floor(x), Math.floor(z)) + 1 : to[1]
      await someone(player).moveTo(place([x, y, z]))
      return { at: [x, y, z] }
    },

    /** {player, milliseconds}: put back after every move, for a while, as by a plugin that mistrusts them. */
    pin ({ player, milliseconds }) {
      someone(player).pinned = Date.now() + milliseconds
    },

    /** {at: [x, y, z], block, properties?}: set one block; properties are those of its state, such as {facing: 'north'}. */
    async set_block ({ at, block, properties = {} }) {
      blockNamed(block)
      await gitm.put(place(at), stateOf(registry.blocksByName[block], properties))
    },

    /** {from, to, block}: set a box of at most 32768 blocks. */
    async fill ({ from, to, block }) {
      const [low, high] = [0, 1].map(side => from.map((v, i) => Math[side ? 'max' : 'min'](v, to[i])))
      const size = high.reduce((product, v, i) => product * (v - low[i] + 1), 1)
      if (size > 32768) throw new Error(`${size} blocks are too many`)
      const state = blockNamed(block)
      for (let y = low[1]; y <= high[1]; y++) {
        for (let x = low[0]; x <= high[0]; x++) {
          for (let z = low[2]; z <= high[2]; z++) {
            gitm.emptyStation(place([x, y, z]))
            await serv.setBlock(serv.overworld, place([x, y, z]), state)
          }
        }
      }
      return { count: size }
    },

    /** {at}: which block is there. */
    async get_block ({ at }) {
      return { block: (await serv.overworld.getBlock(place(at))).name }
    },

    /** {x, z}: y of the surface as it was made. */
    surface ({ x, z }) {
      return { y: shape.height(x, z), biome: shape.biome(x, z) }
    },

    /** {}: where a new player begins. */
    async home () {
      return { at: (await serv.getSpawnPoint(serv.overworld)).toArray() }
    },

    /** {mob, at, still?}: let one appear; `still` keeps it where it is. */
    spawn_mob ({ mob, at, still = false }) {
      const made = gitm.spawnMob(mob, place(at))
      if (!made) throw new Error(`no mob '${mob}', or too many things`)
      if (still) made.kind = { ...made.kind, speed: 0 }
      return { entity: made.id }
    },

    /** {}: let all mobs and items vanish. */
    remove_entities () {
      Object.values(serv.entities).filter(entity => entity.type !== 'player').forEach(entity => entity.destroy())
    },

    /** {at, item, count}: let a stack lie on the ground. */
    drop ({ at, item, count = 1 }) {
      gitm.drop(items.stack(item, count), place(at))
    },

    /** {player, health?, food?, saturation?}: set them. */
    body ({ player, health, food, saturation }) {
      const who = someone(player)
      if (health !== undefined) who.health = health
      if (food !== undefined) who.food = food
      if (saturation !== undefined) who.foodSaturation = saturation
      who.sendHealth()
    },

    /** {player}: kill. */
    kill ({ player }) {
      someone(player).hurt(1000, 'was killed', { always: true })
    },

    /** {player}: everything the server knows of a player. */
    state ({ player }) {
      const who = someone(player)
      const { x, y, z } = who.position
      return {
        at: [x, y, z],
        health: who.health,
        food: who.food,
        saturation: who.foodSaturation,
        inventory: inventory(who),
        hand: items.held(who)?.name ?? null,
        wear: items.held(who) ? items.wearOf(items.held(who)) : 0,
        window: who.menu?.id ?? 0
      }
    },

    /** {}: who is here, how many things there are, the time and the memory in MB. */
    status () {
      const entities = Object.values(serv.entities)
      return {
        players: serv.players.map(player => player.username),
        mobs: entities.filter(entity => entity.type === 'mob').length,
        items: entities.filter(entity => entity.type === 'object').length,
        time: serv.time,
        memory: Math.round(process.memoryUsage().rss / 1e6)
      }
    }
  }
}
