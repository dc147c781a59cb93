'use strict'
// The least that is a Minecraft server of any version: it lets a bot in, shows it a floor with an ore, a log and some grass on it and one
// tool, and lets it dig. One JSON line on stdout when it listens, one for every block dug with the milliseconds between first and last
// stroke. Run with one argument, JSON: {version, tool?, name?, refuse?, op?}; `name` is what it calls its version, `refuse`
// why nobody gets in, `op` the operator level of who does.

const mc = require('minecraft-protocol')
const nbt = require('prismarine-nbt')
const { Vec3 } = require('vec3')

const { version, tool = 'iron_pickaxe', name, refuse, op } = JSON.parse(process.argv[2])
const registry = require('prismarine-registry')(version)
const Chunk = require('prismarine-chunk')(registry)
const Item = require('prismarine-item')(registry)
const Block = require('prismarine-block')(registry)

const FLOOR = 64 // the height of what stands on the floor
const say = line => process.stdout.write(JSON.stringify(line) + '\n')
const first = (...names) => names.find(name => registry.blocksByName[name])
const SCENE = new Map([
  [[2, FLOOR, 0], 'iron_ore'], [[-2, FLOOR, 0], first('birch_log', 'log')], [[0, FLOOR, 2], first('short_grass', 'tallgrass', 'grass')]
].map(([at, name]) => [new Vec3(...at).toString(), name]))
const DROPS = { iron_ore: registry.itemsByName.raw_iron ? 'raw_iron' : 'iron_ore', birch_log: 'birch_log', log: 'log' }
const VARIANTS = { log: 2, tallgrass: 1 } // birch among logs, grass among what was called tallgrass

const server = mc.createServer({
  version,
  host: '127.0.0.1',
  port: 0,
  'online-mode': false,
  beforePing: answer => name ? { ...answer, version: { ...answer.version, name } } : answer,
  beforeLogin: client => { if (refuse) client.end(refuse) }
})
server.on('listening', () => say({ port: server.socketServer.address().port }))
server.on('error', error => say({ error: error.message }))
server.on('playerJoin', client => {
  client.on('error', error => say({ error: error.message }))
  if (!refuse) welcome(client)
})
process.stdin.on('end', () => process.exit(0)).resume()

function welcome (client) {
  const held = new Array(46).fill(null)
  held[36] = new Item(registry.itemsByName[tool].id, 1)
  client.write('login', { ...EARLY_LOGIN, ...registry.loginPacket, entityId: 1, gameMode: 0 })
  for (let x = -2; x <= 2; x++) for (let z = -2; z <= 2; z++) client.write('map_chunk', column(x, z))
  const flags = registry.version['>=']('1.20.5') ? {} : 0
  client.write('position', { x: 0.5, y: FLOOR, z: 0.5, dx: 0, dy: 0, dz: 0, yaw: 0, pitch: 0, flags, teleportId: 1, dismountVehicle: false })
  client.write('window_items', { windowId: 0, stateId: 1, items: held.map(item => Item.toNotch(item)), carriedItem: Item.toNotch(null) })
  client.write('update_health', { health: 20, food: 20, foodSaturation: 5 })
  if (op) client.write('entity_status', { entityId: 1, entityStatus: 24 + op })
  let since = 0
  client.on('block_dig', ({ status, location, sequence }) => {
    if (status === 0) since = Date.now()
    const place = new Vec3(location.x, location.y, location.z).toString()
    const block = SCENE.get(place)
    if (status === 2 && block) {
      SCENE.delete(place)
      say({ dug: block, ms: Date.now() - since })
      client.write('block_change', { location, type: 0 })
      const slot = held.findIndex((item, at) => at >= 36 && !item)
      held[slot] = new Item(registry.itemsByName[DROPS[block]].id, 1, VARIANTS[DROPS[block]])
      client.write('set_slot', { windowId: 0, stateId: 1, slot, item: Item.toNotch(held[slot]) })
    }
    if (registry.protocol.play.toClient.types.packet_acknowledge_player_digging) {
      client.write('acknowledge_player_digging', { sequenceId: sequence, location, block: 0, status, successful: true })
    }
  })
}

/** What the versions before 1.16 are told at login; later ones have a packet of their own in minecraft-data. */
const EARLY_LOGIN = {
  dimension: 0, difficulty: 2, maxPlayers: 1, levelType: 'default', reducedDebugInfo: false, hashedSeed: [0, 0], viewDistance: 3,
  enableRespawnScreen: true
}

/** One chunk column, with every field that any version wants. */
function column (x, z) {
  const chunk = new Chunk()
  const at = new Vec3(0, 0, 0)
  for (at.x = 0; at.x < 16; at.x++) {
    for (at.z = 0; at.z < 16; at.z++) {
      for (at.y = FLOOR - 4; at.y <= FLOOR; at.y++) {
        const place = new Vec3(x * 16 + at.x, at.y, z * 16 + at.z).toString()
        const name = at.y < FLOOR ? 'stone' : SCENE.get(place)
        if (name) chunk.setBlock(at, Block.fromStateId(stateOf(name), 0))
      }
    }
  }
  const long = { type: 'longArray', value: Array(37).fill([0, 0]) }
  const light = { skyLightMask: [], blockLightMask: [], emptySkyLightMask: [], emptyBlockLightMask: [], skyLight: [], blockLight: [] }
  return {
    x, z, groundUp: true, ignoreOldData: true, trustEdges: true, bitMap: chunk.getMask?.(), chunkData: chunk.dump(), blockEntities: [],
    biomes: chunk.dumpBiomes?.(), heightmaps: registry.version['>=']('1.21.5') ? [] : nbt.comp({ MOTION_BLOCKING: long }), ...light
  }
}

const stateOf = name => registry.blocksByName[name].defaultState + (VARIANTS[name] ?? 0)
