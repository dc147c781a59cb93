'use strict'
// What the bot on strings can do: mineflayer's own calls, and a few raw packets that an honest client would not send.

const { Vec3 } = require('vec3')

const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))
const within = (promise, milliseconds, what) => Promise.race([
  promise, sleep(milliseconds).then(() => { throw new Error(`${what}: nothing within ${milliseconds} ms`) })
])
const place = at => new Vec3(...at)
const kind = (bot, name) => bot.registry.itemsByName[name].id
const count = items => items.reduce((sum, item) => ({ ...sum, [item.name]: (sum[item.name] ?? 0) + item.count }), {})

async function forge (bot, packet, milliseconds = 1500) {
  const answers = []
  const note = data => answers.push(data)
  bot._client.on('transaction', note)
  bot._client.write('window_click', { windowId: 0, mouseButton: 0, mode: 0, action: 77, ...packet })
  for (let waited = 0; waited < milliseconds && !answers.length; waited += 50) await sleep(50)
  bot._client.removeListener('transaction', note)
  return answers.map(answer => answer.accepted)
}

module.exports = {
  wait: (bot, { milliseconds }) => sleep(milliseconds),

  state: bot => ({
    at: bot.entity.position.toArray(),
    stands: bot.entity.onGround,
    health: bot.health,
    food: bot.food,
    inventory: count(bot.inventory.items()),
    hand: bot.heldItem?.name ?? null,
    wear: bot.heldItem?.durabilityUsed ?? 0,
    asleep: bot.isSleeping
  }),

  events: (bot, _, events) => events.splice(0),

  block: (bot, { at }) => bot.blockAt(place(at))?.name,

  entities: bot => Object.values(bot.entities).filter(entity => entity !== bot.entity).map(entity => ({
    name: entity.name, id: entity.id, at: entity.position.toArray(), item: entity.getDroppedItem()?.name
  })),

  equip: (bot, { item }) => bot.equip(kind(bot, item), 'hand'),

  /** Dig and wait until the block is gone. */
  dig: (bot, { at }) => within(bot.dig(bot.blockAt(place(at)), true), 9000, 'dig'),

  /** Begin and end digging at once. */
  async dig_at_once (bot, { at }) {
    const location = place(at)
    bot._client.write('block_dig', { status: 0, location, face: 1 })
    bot._client.write('block_dig', { status: 2, location, face: 1 })
    await sleep(400)
  },

  place: (bot, { against, face = [0, 1, 0] }) => within(bot.placeBlock(bot.blockAt(place(against)), place(face)), 2500, 'place'),

  async craft (bot, { item, count: times = 1, table }) {
    const station = table ? bot.blockAt(place(table)) : null
    const recipe = bot.recipesFor(kind(bot, item), null, 1, station)[0]
    if (!recipe) throw new Error('no recipe for what is held')
    await within(bot.craft(recipe, times, station), 8000, 'craft')
  },

  /** Lay an item into a grid and close the window; gives what the inventory holds between. */
  async lay_and_close (bot, { item, table }) {
    const window = table ? await within(bot.openBlock(bot.blockAt(place(table))), 3000, 'open') : bot.inventory
    await bot.clickWindow(window.findInventoryItem(kind(bot, item)).slot, 0, 0)
    await bot.clickWindow(1, 0, 0)
    const between = count(window.items())
    if (table) await bot.closeWindow(window)
    else bot._client.write('close_window', { windowId: 0 })
    return between
  },

  /** Click with what the client claims to have seen; gives the server's answers (true: accepted). */
  click_claiming: (bot, { slot, item, count: seen }) => forge(bot, {
    slot, item: { present: true, itemId: kind(bot, item), itemCount: seen }
  }),

  async smelt (bot, { at, input, fuel, milliseconds }) {
    const furnace = await within(bot.openFurnace(bot.blockAt(place(at))), 3000, 'open')
    if (fuel) await furnace.putFuel(kind(bot, fuel), null, 1)
    if (input) await furnace.putInput(kind(bot, input), null, 1)
    await sleep(milliseconds)
    const output = furnace.outputItem()?.name ?? null
    if (output) await furnace.takeOutput()
    furnace.close()
    return output
  },

  async chest (bot, { at, put, take, count: many = 1 }) {
    const chest = await within(bot.openContainer(bot.blockAt(place(at))), 3000, 'open')
    if (put) await chest.deposit(kind(bot, put), null, many)
    if (take) await chest.withdraw(kind(bot, take), null, many)
    const held = count(chest.containerItems())
    await chest.close()
    return held
  },

  eat: bot => within(bot.consume(), 3000, 'eat'),

  /** Ask to eat without waiting for anything. */
  async bite (bot) {
    bot.activateItem()
    await sleep(2000)
    bot.deactivateItem()
  },

  async use (bot, { look }) {
    await bot.lookAt(place(look), true)
    await sleep(150)
    bot.activateItem()
    await sleep(400)
  },

  async attack (bot, { id, times = 1, pause = 650 }) {
    for (let i = 0; i < times && bot.entities[id]; i++) {
      await bot.lookAt(bot.entities[id].position, true)
      bot.attack(bot.entities[id])
      await sleep(pause)
    }
  },

  /** Use what is in hand on a mob. */
  async handle (bot, { id }) {
    await bot.lookAt(bot.entities[id].position.offset(0, 0.5, 0), true)
    await bot.activateEntity(bot.entities[id])
  },

  async walk (bot, { to }) {
    const goal = place(to)
    for (let i = 0; i < 60 && Math.hypot(goal.x - bot.entity.position.x, goal.z - bot.entity.position.z) > 0.3; i++) {
      await bot.lookAt(goal.offset(0, 1.6, 0), true)
      bot.setControlState('forward', true)
      await sleep(50)
    }
    bot.clearControlStates()
  },

  sleep_in_bed: (bot, { at }) => within(bot.sleep(bot.blockAt(place(at))), 3000, 'sleep'),

  chat: (bot, { text }) => bot.chat(text)
}
