'use strict'
// A furnace: fuel burns, ore melts, ten seconds an item; without fuel the melting goes back.

const { SMELTS, burnTime, SMELT_TICKS } = require('./smelting')

const [INPUT, FUEL, OUTPUT] = [0, 1, 2]

/** One tick of a furnace (`{ slots, burn, burnTotal, progress, place }`); `viewers` are told what changed. */
function tick (station, gitm, viewers) {
  const { slots } = station
  const wasLit = station.burn > 0
  const before = [slots[INPUT], slots[FUEL], slots[OUTPUT]]
  if (wasLit) station.burn--
  const product = productOf(station, gitm)
  if (station.burn === 0 && product && slots[FUEL]) light(station, gitm)
  if (station.burn > 0 && product) {
    if (++station.progress >= SMELT_TICKS) finish(station, product, gitm)
  } else station.progress = product ? Math.max(0, station.progress - 2) : 0
  if (wasLit !== station.burn > 0) glow(station, gitm)
  const active = wasLit || station.burn > 0 || station.progress > 0
  if (active) show(station, viewers)
  before.forEach((item, i) => { if (item !== slots[i]) viewers.forEach(player => gitm.showSlot(player, player.menu, i)) })
}

/** What the input would become, or null when it does not melt or the output has no room. */
function productOf ({ slots }, gitm) {
  const product = gitm.items.stack(SMELTS[slots[INPUT]?.name])
  if (!product) return null
  const there = slots[OUTPUT]
  return !there || (there.type === product.type && there.count < there.stackSize) ? product : null
}

function light (station, gitm) {
  const fuel = station.slots[FUEL]
  station.burn = station.burnTotal = burnTime(fuel.name)
  if (station.burn === 0) return // an empty bucket may lie in the slot
  station.slots[FUEL] = fuel.name === 'lava_bucket' ? gitm.items.stack('bucket') : gitm.items.copy(fuel, fuel.count - 1)
}

function finish (station, product, gitm) {
  const { slots } = station
  station.progress = 0
  slots[OUTPUT] = gitm.items.copy(product, (slots[OUTPUT]?.count ?? 0) + 1)
  slots[INPUT] = gitm.items.copy(slots[INPUT], slots[INPUT].count - 1)
}

/** The block's `lit` state: the last of its two properties, true first. */
function glow (station, gitm) {
  if (gitm.at(station.place)?.name !== 'furnace') return
  const state = gitm.stateAt(station.place)
  const { minStateId } = gitm.at(station.place)
  gitm.put(station.place, state - (state - minStateId) % 2 + (station.burn > 0 ? 0 : 1))
}

/** Tell players the flame and the arrow. */
function show (station, players) {
  const values = [station.burn, station.burnTotal, station.progress, SMELT_TICKS]
  for (const player of players) {
    values.forEach((value, property) => {
      player._client.write('craft_progress_bar', { windowId: player.menu.id, property, value: Math.min(value, 32767) })
    })
  }
}

module.exports = { tick, show }
