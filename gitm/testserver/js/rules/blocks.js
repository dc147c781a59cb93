'use strict'
// Reading and changing blocks: synchronous look-up in loaded chunks, sand that falls, plants that need their ground.

const { Vec3 } = require('vec3')

const FALLING = new Set(['sand', 'red_sand', 'gravel'])
const ROOTED = new Set(['grass', 'tall_grass', 'fern', 'dandelion', 'poppy', 'azure_bluet', 'oxeye_daisy', 'cornflower', 'sugar_cane',
  'cactus', 'torch', 'wheat', 'oak_sapling', 'birch_sapling', 'spruce_sapling'])

module.exports.server = serv => {
  const { registry, overworld: world } = serv

  /** The block at a place, or null when its chunk is not loaded. */
  function at (position) {
    const { x, y, z } = position.floored()
    const column = world.getLoadedColumn(x >> 4, z >> 4)
    if (!column) return null
    if (y < 0 || y > 255) return registry.blocksByStateId[0]
    return registry.blocksByStateId[column.getBlockStateId({ x: x & 15, y, z: z & 15 })]
  }

  /** The state at a place: `at` gives the kind, this also the direction, the level of a liquid, the part of a bed. */
  function stateAt (position) {
    const { x, y, z } = position.floored()
    const column = world.getLoadedColumn(x >> 4, z >> 4)
    return column && y >= 0 && y <= 255 ? column.getBlockStateId({ x: x & 15, y, z: z & 15 }) : 0
  }

  /** Change a block and let what stands on it follow. */
  async function put (position, state) {
    const place = position.floored()
    await serv.setBlock(world, place, state)
    if (registry.blocksByStateId[state].boundingBox === 'empty') await unsettle(place.offset(0, 1, 0))
    const fallen = registry.blocksByStateId[state]
    if (FALLING.has(fallen.name)) await unsettle(place)
  }

  async function unsettle (place) {
    const block = at(place)
    if (!block) return
    if (FALLING.has(block.name)) await fall(place, stateAt(place))
    else if (ROOTED.has(block.name)) {
      serv.gitm.dropsOf(block, null).forEach(item => serv.gitm.drop(item, place.offset(0.5, 0.3, 0.5)))
      await put(place, 0)
    }
  }

  async function fall (place, state) {
    let floor = place
    while (floor.y > 0 && open(at(floor.offset(0, -1, 0)))) floor = floor.offset(0, -1, 0)
    if (floor.y === place.y) return
    await serv.setBlock(world, floor, state)
    await put(place, 0) // what was on top follows
  }

  const open = block => block && block.boundingBox === 'empty'

  /** Whether something can stand in a place: true in chunks that are not loaded, so that nothing falls out of the world. */
  const solid = position => {
    const block = at(position)
    return !block || block.boundingBox === 'block'
  }

  const isLiquid = block => block?.name === 'water' || block?.name === 'lava'

  Object.assign(serv.gitm, { at, stateAt, put, solid, isLiquid, Vec3, stateOf: name => registry.blocksByName[name].defaultState })
}
