'use strict'
// Our survival rules as a plugin of flying-squid. flying-squid keeps the protocol, chunks, entities' packets, chat and time; each
// file here owns one rule and takes the place of flying-squid's half of it. A rule exports any of `server`, `player`, `entity`.

const { Edits, watch } = require('../world/edits')
const { load } = require('../world/save')

const RULES = ['blocks', 'time', 'weather', 'spawn', 'movement', 'health', 'drops', 'loot', 'dig', 'windows', 'stations', 'furniture',
  'building', 'place', 'use', 'combat', 'explosion', 'mobs', 'respawn']
const rules = RULES.map(name => require(`./${name}`))

/** Packets whose handlers in flying-squid we take the place of. */
const OURS = ['block_dig', 'block_place', 'window_click', 'close_window', 'set_creative_slot', 'use_entity', 'client_command',
  'position', 'position_look']

module.exports.server = (serv, settings) => {
  const items = require('./items')(serv.registry)
  serv.gitm = { ...settings.gitm, items, rules: serv.registry, dialect: require('./dialect')(serv.registry, items) }
  serv.once('asap', () => {
    serv.log = () => {}
    const saved = load(settings.gitm.save)
    serv.gitm.edits = Edits.from(saved.edits)
    serv.gitm.saved = saved
    serv.overworld.chunkGenerator = serv.gitm.edits.over(serv.overworld.chunkGenerator)
    watch(serv.overworld, serv.gitm.edits)
    for (const rule of rules) rule.server?.(serv)
  })
}

module.exports.player = (player, serv) => {
  player.once('asap', () => { // all of flying-squid's own listeners are there now
    for (const packet of OURS) player._client.removeAllListeners(packet)
    for (const rule of rules) rule.player?.(player, serv)
  })
}
