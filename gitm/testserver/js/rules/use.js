'use strict'
// Using the item in hand: eating takes 32 ticks and hunger, a bucket takes and gives a source, water hardens the lava it would flow to.

const EATING = 32 // ticks
const REACH = 5
const ALWAYS = new Set(['golden_apple', 'enchanted_golden_apple', 'chorus_fruit', 'honey_bottle'])
const SPREAD = 7 // blocks that water flows sideways
const FALL = 16 // blocks down that are looked at
const MOST = 400 // cells that are looked at
const FLAT = [[1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1]]
const SIDES = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]

module.exports.player = (player, serv) => {
  const { gitm, registry } = serv
  const { items } = gitm
  let meal = null // { item, slot, until }

  player._client.on('use_item', ({ hand }) => {
    const item = items.held(player)
    if (player.health <= 0 || hand !== 0 || !item) return
    if (registry.foodsByName[item.name]) begin(item)
    else if (item.name === 'bucket') fill()
    else if (item.name === 'water_bucket' || item.name === 'lava_bucket') pour(item)
  })
  player._client.on('held_item_slot', () => { meal = null })
  player.on('gitm_release', () => { meal = null })

  player.chew = tick => {
    if (!meal || tick < meal.until) return
    const { item, slot } = meal
    meal = null
    if (player.heldItemSlot !== slot || items.held(player)?.type !== item.type || player.health <= 0) return
    const food = registry.foodsByName[item.name]
    const bowl = /_stew$|_soup$/.test(item.name) ? items.stack('bowl') : null
    items.takeHeld(player)
    if (bowl) items.give(player, bowl)
    player.feed(food.foodPoints, food.saturation)
    player._client.write('entity_status', { entityId: player.id, entityStatus: 9 })
  }

  function begin (item) {
    if (player.food >= 20 && !ALWAYS.has(item.name)) return items.setHeld(player, item) // not hungry
    meal = { item, slot: player.heldItemSlot, until: serv.tickCount + EATING }
  }

  /** The place where the look ends: `{ hit, before }`, or null. `stops(place)` tells what it does not pass. */
  function aim (stops) {
    const [yaw, pitch] = [player.look.yaw * Math.PI / 180, player.look.pitch * Math.PI / 180]
    const ahead = new gitm.Vec3(-Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch))
    const eyes = player.position.offset(0, player.crouching ? 1.27 : 1.62, 0)
    let before = eyes.floored()
    for (let far = 0; far <= REACH; far += 0.02) {
      const place = eyes.plus(ahead.scaled(far)).floored()
      if (stops(place)) return { hit: place, before }
      before = place
    }
    return null
  }

  const source = place => gitm.isLiquid(gitm.at(place)) && gitm.stateAt(place) === gitm.at(place).minStateId

  async function fill () {
    const found = aim(place => source(place) || gitm.solid(place))
    if (!found || !source(found.hit)) return items.setHeld(player, items.held(player))
    const full = items.stack(`${gitm.at(found.hit).name}_bucket`)
    await gitm.put(found.hit, 0)
    become(full)
  }

  async function pour (item) {
    const found = aim(gitm.solid)
    if (!found || !gitm.replaceable(gitm.at(found.before))) return items.setHeld(player, item)
    const liquid = item.name.replace('_bucket', '')
    become(items.stack('bucket'))
    await gitm.put(found.before, gitm.stateOf(liquid))
    await harden(found.before, liquid)
  }

  /** The item in hand turns into another; of a stack only one does. */
  function become (item) {
    const before = items.held(player)
    if (before.count === 1) return items.setHeld(player, item)
    items.takeHeld(player)
    if (items.give(player, item)) gitm.throwItem(player, item)
  }

  /** What is poured does not stay in sight where it flows, but lava that it reaches hardens: a source to obsidian. */
  async function harden (place, liquid) {
    const obsidian = gitm.stateOf('obsidian')
    if (liquid === 'lava' && SIDES.some(side => gitm.at(place.offset(...side))?.name === 'water')) return gitm.put(place, obsidian)
    if (liquid === 'water') for (const reached of flow(place)) if (source(reached)) await gitm.put(reached, obsidian)
  }

  /** The cells of lava that water touches on its way from its source: down while it can, else sideways, seven blocks a level (wiki, "Water"). */
  function flow (place) {
    const reached = []
    const queue = [{ at: place, level: 0 }]
    const seen = new Set([String(place)])
    for (const { at, level } of queue) {
      const below = at.offset(0, -1, 0)
      const falls = gitm.replaceable(gitm.at(below)) && gitm.at(below).name !== 'lava'
      const beside = falls || level >= SPREAD ? [] : FLAT.map(side => [at.offset(...side), level + 1])
      for (const [cell, far] of [[below, 0], ...beside]) {
        if (seen.has(String(cell)) || place.y - cell.y > FALL) continue
        seen.add(String(cell))
        if (gitm.at(cell)?.name === 'lava') reached.push(cell)
        else if (gitm.replaceable(gitm.at(cell)) && queue.length < MOST) queue.push({ at: cell, level: far })
      }
    }
    return reached
  }
}

module.exports.server = serv => {
  serv.on('tick', (_, tick) => serv.players.forEach(player => player.chew?.(tick)))
}
