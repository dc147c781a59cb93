'use strict'
// Digging: the time is checked, the tool decides whether something drops, and wears.

const REACH = 6 // from the eyes to the middle of the block, as the vanilla server checks
const DONE = 0.7 // the share of the digging time after which vanilla believes a client that it is through
const LATENCY = 100 // milliseconds that a packet may have been faster than the one before

const SWORD = /_sword$/

module.exports.player = (player, serv) => {
  const { gitm, registry } = serv
  const Block = require('prismarine-block')(registry)
  let digging = null // { place, since }
  let sequence = 0 // the number of the client's last stroke, since 1.19

  player._client.on('block_dig', ({ location, status, sequence: told }) => {
    sequence = told ?? 0
    if (player.health <= 0) return
    const place = new gitm.Vec3(location.x, location.y, location.z)
    if (status === 0) start(place)
    else if (status === 1) digging = null
    else if (status === 2) finish(place)
    else if (status === 3 || status === 4) throwHeld(status === 3)
    else if (status === 5) player.emit('gitm_release')
    else if (status === 6) swapHands()
  })

  const reachable = place => player.position.offset(0, 1.62, 0).distanceTo(place.offset(0.5, 0.5, 0.5)) <= REACH

  /** Milliseconds that the tool in hand takes. */
  function timeFor (place) {
    const block = Block.fromStateId(gitm.stateAt(place), 0)
    const inWater = gitm.at(player.position.offset(0, 1.62, 0))?.name === 'water'
    const tool = gitm.items.held(player)
    return block.digTime(tool?.type ?? null, false, inWater, !player.onGround, tool?.enchants ?? [], {})
  }

  function start (place) {
    const block = gitm.at(place)
    if (!block || !reachable(place) || !block.diggable) return refuse(place)
    digging = { place, since: Date.now() }
    answer(place, 0, true)
    if (timeFor(place) === 0) finish(place)
  }

  function finish (place) {
    const block = gitm.at(place)
    const mine = digging?.place.equals(place)
    const spent = mine ? Date.now() - digging.since + LATENCY : 0
    digging = null
    if (!block || block.name === 'air') return answer(place, 2, true)
    if (!mine || !reachable(place) || spent < timeFor(place) * DONE) return refuse(place)
    breakBlock(place, block)
  }

  async function breakBlock (place, block) {
    const tool = gitm.items.held(player)
    const drops = gitm.dropsOf(block, tool, gitm.stateAt(place))
    const half = gitm.halfOf(place)
    gitm.leaveStation(place, block)
    await gitm.put(place, 0)
    answer(place, 2, true)
    if (half && gitm.at(half)?.name === block.name) await gitm.put(half, 0)
    for (const item of drops) gitm.drop(item, place.offset(0.5, 0.25, 0.5))
    if (block.hardness > 0) gitm.items.wear(player, SWORD.test(tool?.name ?? '') ? 2 : 1)
    player.tire(0.005)
  }

  function answer (place, status, successful) {
    if (!gitm.dialect.knows('acknowledge_player_digging')) return
    player._client.write('acknowledge_player_digging', { location: place, block: gitm.stateAt(place), status, successful, sequenceId: sequence })
  }

  /** Show the client the block as it still is. */
  function refuse (place) {
    digging = null
    answer(place, 2, false)
    player._client.write('block_change', { location: place, type: gitm.stateAt(place) })
  }

  function throwHeld (all) {
    const item = gitm.items.held(player)
    if (!item) return
    gitm.throwItem(player, gitm.items.copy(item, all ? item.count : 1))
    gitm.items.takeHeld(player, all ? item.count : 1)
  }

  function swapHands () {
    const hand = 36 + player.heldItemSlot
    const { [hand]: main = null, 45: off = null } = player.inventory.slots
    gitm.items.setSlot(player, hand, off)
    gitm.items.setSlot(player, 45, main)
  }
}

module.exports.server = serv => {
  const { gitm } = serv
  /** Throw a stack two blocks ahead. */
  gitm.throwItem = (player, item) => {
    const yaw = player.look.yaw * Math.PI / 180
    const ahead = player.position.offset(-Math.sin(yaw) * 2, 1.3, Math.cos(yaw) * 2)
    return gitm.drop(item, gitm.solid(ahead) ? player.position.offset(0, 1.3, 0) : ahead, 'thrown')
  }
}
