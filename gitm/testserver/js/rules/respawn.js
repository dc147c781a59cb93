'use strict'
// Death drops everything where one died; a respawn is at the bed, or where the world begins.

module.exports.player = (player, serv) => {
  const { gitm } = serv

  player.die = cause => {
    gitm.closeMenu(player)
    player.inventory.slots.forEach((item, slot) => {
      if (!item) return
      gitm.drop(item, player.position.offset(0, 0.5, 0))
      gitm.items.setSlot(player, slot, null)
    })
    player._writeOthersNearby('entity_status', { entityId: player.id, entityStatus: 3 })
    serv.broadcast(`${player.username} ${cause}`)
  }

  player._client.on('client_command', ({ actionId }) => {
    if ([0, 'perform_respawn'].includes(actionId) && player.health <= 0) respawn()
  })

  async function respawn () {
    const bed = player.bed && gitm.at(player.bed)?.name.endsWith('_bed') ? player.bed.offset(0.5, 0.6, 0.5) : null
    if (player.bed && !bed) player.bed = null
    player.spawnPoint = bed ?? player.home
    player._sendRespawn()
    player.resetBody()
    player.sendSpawnPosition()
    player.nearbyEntities = []
    await player.moveTo(player.spawnPoint, { afresh: true })
    if (!gitm.faults.includes('silent_respawn')) player.sendHealth()
  }
}
