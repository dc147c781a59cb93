'use strict'
// What the versions of the protocol say differently. Fields that only some versions have are sent to all: the others leave them out.

const nbt = require('prismarine-nbt')

const WINDOWS = { chest: 2, crafting_table: 11, furnace: 13 } // the numbers of 1.14
const state = { stateId: 1 } // of every window, since 1.17.1: a client that names another one wants to be told all
const CRAFTER = 7 // from this number on, one more since 1.20.3

module.exports = (registry, items) => {
  const since = version => registry.version['>='](version)
  const packets = registry.protocol.play.toClient.types
  const knows = packet => `packet_${packet}` in packets

  /** What an item on the ground is told as. */
  const lying = stack => [{
    key: registry.supportFeature('metadataIxOfItem'),
    type: since('1.19.4') ? 'item_stack' : since('1.19.3') ? 7 : since('1.13') ? 6 : 5,
    value: items.Item.toNotch(stack)
  }]

  /** The window of a kind of station, with `slots` of its own. */
  function window (id, kind, slots) {
    const number = WINDOWS[kind] + (since('1.20.3') && WINDOWS[kind] >= CRAFTER ? 1 : 0)
    const title = `container.${kind === 'crafting_table' ? 'crafting' : kind}`
    const text = since('1.20.3') ? nbt.comp({ translate: nbt.string(title) }) : JSON.stringify({ translate: title })
    return { windowId: id, inventoryType: since('1.14') ? number : `minecraft:${kind}`, windowTitle: text, slotCount: slots }
  }

  const slot = (windowId, slot, item) => ({ windowId, ...state, slot, item: items.Item.toNotch(item) })
  const contents = (windowId, stacks, cursor) =>
    ({ windowId, ...state, items: stacks.map(stack => items.Item.toNotch(stack)), carriedItem: items.Item.toNotch(cursor) })

  /** Whether a click's packet agrees with what lay in the slot before (up to 1.16) or hangs on the cursor afterwards. */
  function agrees ({ item, cursorItem, stateId = state.stateId }, before, cursor) {
    if (stateId !== state.stateId) return false
    const [told, real] = cursorItem === undefined ? [item, before] : [cursorItem, cursor]
    const seen = items.Item.fromNotch(told)
    return (seen?.type ?? null) === (real?.type ?? null) && (seen?.count ?? 0) === (real?.count ?? 0)
  }

  const place = ({ x, y, z }, { yaw, pitch }, teleportId) =>
    ({ x, y, z, dx: 0, dy: 0, dz: 0, yaw, pitch, flags: since('1.20.5') ? {} : 0, teleportId, dismountVehicle: false })

  return { knows, state, lying, window, slot, contents, agrees, place, clicksTellCursor: since('1.17') }
}
