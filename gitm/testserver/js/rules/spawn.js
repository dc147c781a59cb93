'use strict'
// Where players enter the world, and what is kept of a player who leaves.

const { Vec3 } = require('vec3')
const { land, SEA_LEVEL } = require('../world/land')
const { save } = require('../world/save')

module.exports.server = serv => {
  const { gitm } = serv
  const shape = land(gitm.seed)
  gitm.players = new Map(Object.entries(gitm.saved.players ?? {}))

  /** The nearest column to the middle of the world that is grown over and not under a tree. */
  serv.getSpawnPoint = async world => {
    for (let ring = 0; ring < 200; ring += 2) {
      for (let i = -ring; i <= ring; i += 2) {
        for (const [x, z] of [[i, -ring], [i, ring], [-ring, i], [ring, i]]) {
          const y = shape.height(x, z)
          if (y <= SEA_LEVEL + 1 || shape.biome(x, z, y) === 'desert') continue
          if (await free(world, x, y + 1, z)) return new Vec3(x + 0.5, y + 1, z + 0.5)
        }
      }
    }
    return new Vec3(0.5, 80, 0.5)
  }

  async function free (world, x, y, z) {
    for (let dy = 0; dy < 12; dy++) {
      const block = await world.getBlock(new Vec3(x, y + dy, z))
      if (block.boundingBox !== 'empty') return false
    }
    return (await world.getBlock(new Vec3(x, y - 1, z))).boundingBox === 'block'
  }

  gitm.saveAll = () => {
    for (const player of serv.players) keep(gitm, player)
    save(gitm.save, { edits: gitm.edits, players: Object.fromEntries(gitm.players), stations: gitm.stationsToSave(), time: serv.time })
  }
  serv.on('gitm_end', gitm.saveAll)
  if (gitm.save) setInterval(gitm.saveAll, 5000).unref()
  serv.time = gitm.saved.time ?? 0
}

function keep (gitm, player) {
  if (!player.joined) return
  const { x, y, z } = player.position
  const slots = player.inventory.slots.map(item => item && { type: item.type, count: item.count, nbt: item.nbt })
  const body = player.health > 0 ? { health: player.health, food: player.food, saturation: player.foodSaturation, at: [x, y, z] } : {}
  gitm.players.set(player.username, { slots, bed: player.bed?.toArray() ?? null, ...body })
}

module.exports.player = (player, serv) => {
  const { gitm } = serv
  const { Item } = gitm.items

  const older = serv.players.find(other => other.username === player._client.username)
  if (older) {
    keep(gitm, older) // before the newer one is told what it has
    older.joined = false
    const reason = 'multiplayer.disconnect.duplicate_login'
    older._client.end(reason, JSON.stringify({ translate: reason }))
  }

  player.foodSaturation = 5
  player.findSpawnPoint = async () => {
    const known = gitm.players.get(player._client.username)
    player.home = await serv.getSpawnPoint(player.world)
    player.bed = known?.bed ? new Vec3(...known.bed) : null
    player.spawnPoint = known?.at ? new Vec3(...known.at) : player.home.clone()
  }

  player.once('connected', () => {
    const known = gitm.players.get(player.username)
    player.joined = true
    if (!known) return
    known.slots.forEach((item, slot) => { if (item) player.inventory.updateSlot(slot, new Item(item.type, item.count, 0, item.nbt)) })
    if (known.health) Object.assign(player, { health: known.health, food: known.food, foodSaturation: known.saturation })
  })
  player.on('disconnected', () => {
    gitm.closeMenu?.(player)
    keep(gitm, player)
  })
}
