'use strict'
// What stands in the world and holds things: crafting tables, furnaces, chests.

const { SMELTS, burnTime } = require('./smelting')
const furnace = require('./furnace')

const SIZE = { chest: 27, furnace: 3 }

module.exports.server = serv => {
  const { gitm } = serv
  const { items } = gitm
  const stations = new Map()
  for (const [key, saved] of gitm.saved.stations ?? []) {
    stations.set(key, { ...saved, slots: saved.slots.map(item => item && new items.Item(item.type, item.count, 0, item.nbt)) })
  }
  gitm.stationsToSave = () => [...stations].map(([key, { kind, slots, burn, burnTotal, progress }]) => [key, {
    kind, burn, burnTotal, progress, slots: slots.map(item => item && { type: item.type, count: item.count, nbt: item.nbt })
  }])

  function stationAt (place, kind) {
    const key = place.toString()
    if (stations.get(key)?.kind !== kind) {
      stations.set(key, { kind, place, slots: Array(SIZE[kind]).fill(null), burn: 0, burnTotal: 0, progress: 0 })
    }
    return Object.assign(stations.get(key), { place })
  }

  const viewers = station => serv.players.filter(player => player.menu?.station === station)

  serv.on('tick', () => {
    for (const station of stations.values()) if (station.kind === 'furnace') furnace.tick(station, gitm, viewers(station))
  })

  /** Use a block with the hand; true when it opened. */
  gitm.openStation = (player, block, place) => {
    if (!(block.name in MENUS)) return false
    const lid = gitm.at(place.offset(0, 1, 0))
    if (block.name === 'chest' && lid?.boundingBox === 'block' && !lid.transparent) return true // it cannot be opened
    const menu = MENUS[block.name](player, place)
    gitm.openMenu(player, block.name, menu, SIZE[block.name] ?? 0)
    if (block.name === 'furnace') furnace.show(menu.station, [player])
    return true
  }

  /** Before a block goes: what is in it falls out, who looks at it is shown out. */
  gitm.leaveStation = (place, block) => {
    for (const player of serv.players) if (player.menu?.place.equals(place)) gitm.closeMenu(player, { tell: true })
    const station = block.name in SIZE ? stations.get(place.toString()) : null
    if (!station) return
    stations.delete(place.toString())
    for (const item of station.slots) if (item) gitm.drop(item, place.offset(0.5, 0.5, 0.5))
  }

  /** What is in a station is gone with it. */
  gitm.emptyStation = place => stations.delete(place.toString())

  /** A window over `count` slots of its own, followed by the player's pockets. */
  function menu (player, place, slots, extra) {
    const count = slots.length
    const made = gitm.makeMenu({
      id: player.nextWindow(),
      slots: [...slots, ...gitm.pockets(player)],
      hotbar: count + 27,
      quick: index => index < count ? [[count, count + 36, true]] : [[0, count]],
      ...extra
    })
    made.place = place
    made.inventoryChanged = slot => { if (slot >= 9 && slot < 45) gitm.showSlot(player, made, slot - 9 + count) }
    return made
  }

  const MENUS = {
    crafting_table (player, place) {
      const grid = Array(10).fill(null)
      const slots = gitm.craftSlots(grid, 3, 1, () => gitm.tookResult(player, made))
      const made = menu(player, place, slots, {
        quick: index => index < 10 ? [[10, 46, index === 0]] : index < 37 ? [[37, 46]] : [[10, 37]]
      })
      made.crafts = true
      made.closed = () => gitm.emptyGrid(player, slots.slice(1))
      return made
    },

    chest (player, place) {
      const station = stationAt(place, 'chest')
      const made = menu(player, place, station.slots.map((_, i) => shared(station, i, {})))
      made.station = station
      return made
    },

    furnace (player, place) {
      const station = stationAt(place, 'furnace')
      const slots = [
        shared(station, 0, {}),
        shared(station, 1, { accepts: item => burnTime(item.name) > 0 || item.name === 'bucket' }),
        shared(station, 2, { accepts: () => false, output: true })
      ]
      const made = menu(player, place, slots, {
        quick: (index, item) => {
          if (index < 3) return [[3, 39, index === 2]]
          if (item.name in SMELTS) return [[0, 1]]
          if (burnTime(item.name) > 0) return [[1, 2]]
          return index < 30 ? [[30, 39]] : [[3, 30]]
        }
      })
      made.station = station
      return made
    }
  }

  /** A slot that others may be looking at, too. */
  function shared (station, index, extra) {
    return gitm.cell(station.slots, index, {
      set: item => {
        station.slots[index] = item
        const others = viewers(station).filter(player => player.menu.slots[index])
        if (others.length > 1) others.forEach(player => gitm.showSlot(player, player.menu, index))
      },
      ...extra
    })
  }
}
