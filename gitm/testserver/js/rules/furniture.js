'use strict'
// Doors and beds: two halves that belong together, opening, sleeping through the night.

const states = require('./states')

const NIGHT = [12542, 23460] // ticks of the day between which one can sleep, as in 1.16
const BED_REACH = 3 // blocks
const ASLEEP = 100 // ticks until the night is over
const POSE = { standing: 0, sleeping: 2 }

module.exports.server = serv => {
  const { gitm, registry } = serv
  const shape = states(registry)

  /** Offset of the other half of a door or bed, or null. */
  function other (state) {
    const { name } = registry.blocksByStateId[state]
    const { half, part, facing } = shape.read(state)
    if (/_door$/.test(name)) return [0, half === 'lower' ? 1 : -1, 0]
    if (!/_bed$/.test(name)) return null
    const ahead = shape.AHEAD[facing]
    return part === 'foot' ? ahead : ahead.map(step => -step)
  }

  /** After a half was dug away: where the other one lies, if it still does. */
  gitm.halfOf = place => {
    const offset = other(gitm.stateAt(place))
    return offset && place.offset(...offset)
  }

  gitm.toggleDoor = async (place, block) => {
    for (const half of [place, gitm.halfOf(place)]) {
      if (gitm.at(half)?.name !== block.name) continue
      const now = shape.read(gitm.stateAt(half))
      await gitm.put(half, shape.stateOf(block, { ...now, open: now.open === 'true' ? 'false' : 'true' }))
    }
  }

  /** Lie down; says why not in the chat, as vanilla does above the hotbar. Always true: a bed in hand is not laid on a bed. */
  gitm.sleep = (player, place) => {
    const head = shape.read(gitm.stateAt(place)).part === 'head' ? place : gitm.halfOf(place)
    if (player.position.distanceTo(head.offset(0.5, 0.5, 0.5)) > BED_REACH + 1) return deny(player, 'block.minecraft.bed.too_far_away')
    player.bed = head
    const day = serv.time % 24000 < NIGHT[0] || serv.time % 24000 > NIGHT[1]
    if (day && gitm.weather !== 'thunder') return deny(player, 'block.minecraft.bed.no_sleep')
    if (gitm.hostileNear(head, 8)) return deny(player, 'block.minecraft.bed.not_safe')
    player.asleep = ASLEEP
    pose(player, 'sleeping', head)
    return true
  }

  function deny (player, key) {
    player._client.write('chat', { message: JSON.stringify({ translate: key }), position: 2, sender: '0' })
    return true
  }

  gitm.wake = player => {
    if (!player.asleep) return
    player.asleep = 0
    pose(player, 'standing', null)
    player._writeNearby('animation', { entityId: player.id, animation: 2 })
  }

  function pose (player, name, bed) {
    player._writeNearby('entity_metadata', { entityId: player.id, metadata: [
      { key: 6, type: 18, value: POSE[name] },
      { key: 13, type: 10, value: bed ?? undefined }
    ] })
  }

  serv.on('tick', () => {
    const alive = serv.players.filter(player => player.health > 0)
    for (const player of alive) if (player.asleep > 1) player.asleep--
    if (!alive.length || !alive.every(player => player.asleep === 1)) return
    serv.setTime(0)
    if (gitm.weather !== 'clear') gitm.setWeather('clear')
    alive.forEach(gitm.wake)
  })
}

module.exports.player = (player, serv) => {
  player._client.on('entity_action', ({ actionId }) => { if (actionId === 'stop_sleeping') serv.gitm.wake(player) })
}
