'use strict'
// Where a player is: moves are the client's word, but not while a teleport is under way and never farther than a step.

const LONGEST_STEP = 10 // blocks a packet; vanilla corrects at the same

module.exports.player = (player, serv) => {
  const client = player._client
  let teleport = 0
  let waiting = 0 // the id of a teleport that the client has not confirmed yet
  let last = null // where the client said to be; flying-squid changes `player.position` only later
  player.look = { yaw: 0, pitch: 0 }

  player.sendSelfPosition = position => {
    if (position) player.position = position
    waiting = ++teleport
    last = player.position.clone()
    player.emit('gitm_teleported')
    client.write('position', serv.gitm.dialect.place(player.position, player.look, waiting))
  }

  /** Put a player somewhere else and send the chunks there; `afresh` also those that the client had. */
  player.moveTo = async (position, { afresh = false } = {}) => {
    player.position = position.clone()
    player.lastPositionPlayersUpdated = position.clone()
    if (serv.gitm.dialect.knows('update_view_position')) client.write('update_view_position', { chunkX: Math.floor(position.x) >> 4, chunkZ: Math.floor(position.z) >> 4 })
    if (afresh) player._unloadAllChunks()
    await player.worldSendInitialChunks()
    player.sendSelfPosition(position.clone())
    player.updateAndSpawn()
    player.worldSendRestOfChunks()
  }

  client.on('teleport_confirm', ({ teleportId }) => {
    if (teleportId === waiting) waiting = 0
  })
  client.on('look', turn)
  client.on('position', move)
  client.on('position_look', packet => {
    turn(packet)
    move(packet)
  })
  client.on('flying', ({ flags, onGround = flags?.onGround }) => {
    player.onGround = onGround
    player.emit('gitm_moved', last ?? player.position, last ?? player.position, onGround)
  })
  client.on('entity_action', ({ actionId }) => { // flying-squid knows the numbers of other versions only
    if (actionId === 'start_sprinting') player.sprinting = true
    if (actionId === 'stop_sprinting') player.sprinting = false
    if (actionId === 'start_sneaking') player.crouching = true
    if (actionId === 'stop_sneaking') player.crouching = false
  })

  function turn ({ yaw, pitch }) {
    player.look = { yaw, pitch }
  }

  function move ({ x, y, z, flags, onGround = flags?.onGround }) {
    if (waiting || player.health <= 0) return
    const to = new serv.gitm.Vec3(x, y, z)
    const from = last ?? player.position.clone()
    if (player.pinned > Date.now() && to.distanceTo(from) > 0) return player.sendSelfPosition()
    if (![x, y, z].every(Number.isFinite) || to.distanceTo(from) > LONGEST_STEP) return player.sendSelfPosition()
    last = to
    player.sendPosition(to, onGround)
    player.onGround = onGround
    player.emit('gitm_moved', from, to, onGround)
  }
}
