'use strict'
// Which block states a laid item becomes: the direction it faces, the wall it hangs on, both halves of a door or bed.

const FACING = ['down', 'up', 'north', 'south', 'west', 'east']
const LOOKING = ['south', 'west', 'north', 'east'] // by yaw: 0 is south
const AHEAD = { south: [0, 0, 1], west: [-1, 0, 0], north: [0, 0, -1], east: [1, 0, 0] }
const OPPOSITE = { south: 'north', north: 'south', west: 'east', east: 'west', up: 'down', down: 'up' }
const PLANTED = { wheat_seeds: 'wheat', redstone: 'redstone_wire', carrot: 'carrots', potato: 'potatoes', string: 'tripwire' }
const AWAY = /furnace$|^chest$|smoker$|^carved_pumpkin$|^jack_o_lantern$/ // their front looks at who lays them

module.exports = registry => {
  /** The state of a block with these properties; those not named keep their default. */
  function stateOf (block, wanted) {
    let rest = block.defaultState - block.minStateId
    let state = 0
    let factor = 1
    for (const property of [...block.states].reverse()) {
      let value = rest % property.num_values
      rest = Math.floor(rest / property.num_values)
      if (wanted[property.name] !== undefined) value = indexOf(property, wanted[property.name]) ?? value
      state += value * factor
      factor *= property.num_values
    }
    return block.minStateId + state
  }

  function indexOf (property, value) {
    if (property.type === 'bool') return value === 'true' ? 0 : 1
    const index = (property.values ?? []).indexOf(value)
    return index >= 0 ? index : undefined
  }

  /**
   * The parts `{ at, state }` that an item becomes when it is laid against a face, `at` an offset; null when it is no block.
   * `yaw` is where the player looks, in degrees; `cursorY` where the face was touched, 0 to 1.
   */
  function parts ({ name, direction, cursorY, yaw }) {
    const look = LOOKING[((Math.round(yaw / 90) % 4) + 4) % 4]
    const hangs = name.endsWith('torch') && direction > 1
    const block = registry.blocksByName[hangs ? name.replace('torch', 'wall_torch') : PLANTED[name] ?? name]
    if (!block) return null
    const facing = hangs ? FACING[direction] : AWAY.test(name) ? OPPOSITE[look] : look
    const half = direction === 0 || (direction > 1 && cursorY > 0.5) ? 'top' : 'bottom'
    const properties = { facing, half, type: half, axis: ['y', 'y', 'z', 'z', 'x', 'x'][direction] }
    const part = (at, extra = {}) => ({ at, state: stateOf(block, { ...properties, ...extra }) })
    if (/_door$/.test(name)) return [part([0, 0, 0], { half: 'lower' }), part([0, 1, 0], { half: 'upper' })]
    if (/_bed$/.test(name)) return [part([0, 0, 0], { part: 'foot' }), part(AHEAD[look], { part: 'head' })]
    return [part([0, 0, 0])]
  }

  /** The properties of a state as `{ name: value }`, all values text. */
  function read (state) {
    const block = registry.blocksByStateId[state]
    let rest = state - block.minStateId
    const found = {}
    for (const property of [...block.states].reverse()) {
      const value = rest % property.num_values
      rest = Math.floor(rest / property.num_values)
      found[property.name] = property.type === 'bool' ? String(value === 0) : property.values?.[value] ?? String(value)
    }
    return found
  }

  return { stateOf, parts, read, AHEAD }
}
