'use strict'
// What blocks become when they are set up rightly: golems, a nether portal that is lit, an end portal of twelve eyes.

const states = require('./states')

/** A plane across x and one across z. */
const PLANES = [[1, 0], [0, 1]]
const HEADS = new Set(['carved_pumpkin', 'jack_o_lantern'])
const INSIDE = { width: [2, 21], height: [3, 21] } // blocks of a nether portal (wiki, "Nether portal")
const FACING = { north: [0, -1], south: [0, 1], west: [-1, 0], east: [1, 0] }
const FACES = [[0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1], [-1, 0, 0], [1, 0, 0]]

module.exports.server = serv => {
  const { gitm, registry } = serv
  const { stateOf, read } = states(registry)
  const named = (place, ...names) => names.includes(gitm.at(place)?.name)

  /** A head was laid: whether that called a golem to life. All around its limbs must be free in its plane (wiki, "Iron golem"). */
  gitm.awaken = async (name, head) => {
    if (!HEADS.has(name)) return
    const [chest, feet] = [head.offset(0, -1, 0), head.offset(0, -2, 0)]
    if (named(chest, 'snow_block') && named(feet, 'snow_block')) return rise('snow_golem', [head, chest, feet])
    for (const [x, z] of PLANES) {
      const arms = [chest.offset(x, 0, z), chest.offset(-x, 0, -z)]
      const free = [head, feet].flatMap(part => [part.offset(x, 0, z), part.offset(-x, 0, -z)])
      if (![chest, feet, ...arms].every(part => named(part, 'iron_block')) || !free.every(part => named(part, 'air'))) continue
      return rise('iron_golem', [head, chest, feet, ...arms])
    }
  }

  async function rise (mob, blocks) {
    for (const block of blocks) await gitm.put(block, 0)
    gitm.spawnMob(mob, blocks[2].offset(0.5, 0, 0.5))
  }

  /** Fire is struck at a face of a block: a portal in a frame of obsidian, else a fire on firm ground. Whether anything caught. */
  gitm.ignite = async (place, direction) => {
    const cell = place.offset(...FACES[direction])
    if (!named(cell, 'air')) return false
    for (const [x, z] of PLANES) {
      const inside = frame(cell, x, z)
      if (!inside) continue
      for (const part of inside) await gitm.put(part, stateOf(registry.blocksByName.nether_portal, { axis: x ? 'x' : 'z' }))
      return true
    }
    if (gitm.at(cell.offset(0, -1, 0))?.boundingBox !== 'block') return false
    await gitm.put(cell, gitm.stateOf('fire'))
    return true
  }

  /** The cells within a whole frame of obsidian around a cell; null when there is none. */
  function frame (cell, x, z) {
    const [width, height] = [INSIDE.width[1], INSIDE.height[1]]
    const far = (from, dx, dy, dz, most) => {
      let steps = 0
      while (steps <= most && named(from.offset(dx * (steps + 1), dy * (steps + 1), dz * (steps + 1)), 'air', 'fire')) steps++
      return steps
    }
    const low = cell.offset(0, -far(cell, 0, -1, 0, height), 0)
    const left = far(low, -x, 0, -z, width)
    const corner = low.offset(-x * left, 0, -z * left)
    const [wide, high] = [far(corner, x, 0, z, width) + 1, far(corner, 0, 1, 0, height) + 1]
    if (wide < INSIDE.width[0] || wide > width || high < INSIDE.height[0] || high > height) return null
    const at = (right, up) => corner.offset(x * right, up, z * right)
    const span = size => Array.from({ length: size }, (_, index) => index)
    const walls = [...span(wide).flatMap(right => [at(right, -1), at(right, high)]), ...span(high).flatMap(up => [at(-1, up), at(wide, up)])]
    const inside = span(high).flatMap(up => span(wide).map(right => at(right, up)))
    return walls.every(part => named(part, 'obsidian')) && inside.every(part => named(part, 'air', 'fire')) ? inside : null
  }

  const eyed = place => named(place, 'end_portal_frame') && read(gitm.stateAt(place)).eye === 'true'

  /** An eye is put into a block of a frame: whether there was room for it. Twelve that look inwards open the portal. */
  gitm.insertEye = async place => {
    if (!named(place, 'end_portal_frame') || eyed(place)) return false
    const { facing } = read(gitm.stateAt(place))
    await gitm.put(place, stateOf(registry.blocksByName.end_portal_frame, { facing, eye: 'true' }))
    const [x, z] = FACING[facing]
    for (const aside of [-1, 0, 1]) await openEnd(place.offset(2 * x + aside * z, 0, 2 * z + aside * x))
    return true
  }

  async function openEnd (middle) {
    const ring = Object.entries(FACING).flatMap(([facing, [x, z]]) => [-1, 0, 1].map(aside =>
      ({ facing, place: middle.offset(-2 * x + aside * z, 0, -2 * z + aside * x) })))
    if (!ring.every(({ facing, place }) => eyed(place) && read(gitm.stateAt(place)).facing === facing)) return
    for (const x of [-1, 0, 1]) for (const z of [-1, 0, 1]) await gitm.put(middle.offset(x, 0, z), gitm.stateOf('end_portal'))
  }
}
