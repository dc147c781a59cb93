'use strict'
// Faults of minecraft-data that would mislead the bot, corrected in the registry of its connection.

/** `durability` is the rule book's for an item of the server's, undefined when it has none. */
function mend (registry, durability) {
  digTimes(registry)
  for (const item of registry.itemsArray) { // 1.20.5 and 1.20.6: every tool lasts for one use
    const uses = durability(item.name)
    if (item.maxDurability === 1 && uses > 1) item.maxDurability = uses
  }
}

/** From 1.20.5 on, what needs a tier has a material under which no pickaxe counts; digging then takes six times as long. */
function digTimes (registry) {
  for (const block of registry.blocksArray) {
    if (!/incorrect_for|needs_/.test(block.material ?? '')) continue
    const tools = Object.keys(block.harvestTools ?? {}).map(id => registry.items[id]?.name ?? '')
    const kind = ['pickaxe', 'axe', 'shovel', 'hoe'].find(kind => tools.some(name => name.endsWith(`_${kind}`)))
    block.material = `mineable/${kind ?? 'pickaxe'}`
  }
}

module.exports = { mend }
