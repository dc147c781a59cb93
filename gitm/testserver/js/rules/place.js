'use strict'
// Using a block with the hand or with what is in it: stations, doors, beds, hoes, seeds, bone meal, and laying blocks.

const states = require('./states')

const REACH = 6
const FACES = [[0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1], [-1, 0, 0], [1, 0, 0]]
const REPLACEABLE = new Set(['air', 'cave_air', 'water', 'lava', 'grass', 'fern', 'tall_grass', 'snow', 'fire', 'dead_bush'])
const SOIL = ['grass_block', 'dirt', 'podzol', 'coarse_dirt', 'farmland']
/** What a block needs below it, where that is not just anything firm. */
const GROUND = {
  wheat_seeds: ['farmland'], oak_sapling: SOIL, birch_sapling: SOIL, spruce_sapling: SOIL, dandelion: SOIL, poppy: SOIL, azure_bluet: SOIL,
  oxeye_daisy: SOIL, cornflower: SOIL, grass: SOIL, cactus: ['sand', 'cactus'], sugar_cane: ['sand', 'grass_block', 'dirt', 'sugar_cane']
}
const NEEDS_FLOOR = /_door$|_bed$|_carpet$|^redstone$|_pressure_plate$|^rail$/

module.exports.server = serv => {
  /** Whether a block of this name gives way to one that is laid. */
  serv.gitm.replaceable = block => block && REPLACEABLE.has(block.name)
}

module.exports.player = (player, serv) => {
  const { gitm, registry } = serv
  const { items } = gitm
  const shape = states(registry)

  player._client.on('block_place', async ({ hand, location, direction, cursorY }) => {
    if (player.health <= 0 || hand !== 0 || direction < 0 || direction > 5) return
    const place = new gitm.Vec3(location.x, location.y, location.z)
    const block = gitm.at(place)
    if (!block || player.position.offset(0, 1.62, 0).distanceTo(place.offset(0.5, 0.5, 0.5)) > REACH) return
    const item = items.held(player)
    if (!(player.crouching && item) && useBlock(block, place)) return
    if (!item) return
    if (await useOn(item, block, place, direction)) return
    await lay(item, block, place, direction, cursorY)
  })

  function useBlock (block, place) {
    if (gitm.openStation(player, block, place)) return true
    if (/_door$/.test(block.name) && block.name !== 'iron_door') {
      gitm.toggleDoor(place, block)
      return true
    }
    return block.name.endsWith('_bed') && gitm.sleep(player, place)
  }

  async function useOn (item, block, place, direction) {
    const above = gitm.at(place.offset(0, 1, 0))
    if (item.name.endsWith('_hoe') && SOIL.includes(block.name) && above?.name === 'air') {
      await gitm.put(place, gitm.stateOf('farmland'))
      items.wear(player, 1)
      return true
    }
    if (item.name === 'bone_meal' && block.name === 'wheat') {
      const age = Math.min(7, gitm.stateAt(place) - block.minStateId + 2 + Math.floor(Math.random() * 4))
      if (gitm.stateAt(place) === block.maxStateId) return true
      await gitm.put(place, block.minStateId + age)
      items.takeHeld(player)
      return true
    }
    if (item.name === 'flint_and_steel') {
      if (await gitm.ignite(place, direction)) items.wear(player, 1)
      return true
    }
    if (item.name === 'ender_eye' && await gitm.insertEye(place)) {
      items.takeHeld(player)
      return true
    }
    return false
  }

  async function lay (item, block, place, direction, cursorY) {
    const target = gitm.replaceable(block) ? place : place.offset(...FACES[direction])
    const parts = shape.parts({ name: item.name, direction, cursorY, yaw: player.look.yaw })
    if (!parts || !parts.every(part => fits(item, part, target.offset(...part.at), direction))) return refuse(target, place)
    items.takeHeld(player)
    for (const part of parts) await gitm.put(target.offset(...part.at), part.state)
    await gitm.awaken(item.name, target)
  }

  function fits (item, part, target, direction) {
    const there = gitm.at(target)
    if (!there || target.y < 0 || target.y > 255 || !gitm.replaceable(there)) return false
    const below = gitm.at(target.offset(0, -1, 0))
    if (GROUND[item.name] && !GROUND[item.name].includes(below?.name)) return false
    if (part.at[1] === 0 && NEEDS_FLOOR.test(item.name) && below?.boundingBox !== 'block') return false
    if (item.name === 'torch' && direction <= 1 && (direction === 0 || below?.boundingBox !== 'block')) return false
    return registry.blocksByStateId[part.state].boundingBox === 'empty' || !occupied(target)
  }

  /** Whether a player or a mob stands where a firm block would be. */
  function occupied (target) {
    return Object.values(serv.entities).some(entity => {
      if (entity.type === 'object') return false
      const half = entity.type === 'player' ? 0.3 : 0.375
      const away = entity.position.minus(target)
      return away.x > -half && away.x < 1 + half && away.z > -half && away.z < 1 + half && away.y > -1.8 && away.y < 1
    })
  }

  /** Show the client the blocks and the stack as they still are. */
  function refuse (...places) {
    for (const place of places) player._client.write('block_change', { location: place, type: gitm.stateAt(place) })
    items.setHeld(player, items.held(player))
  }
}
