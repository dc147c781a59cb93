'use strict'
// Servers that never confirm a click on a window (the transaction packet of 1.16 and before), and views that went astray.

const { note } = require('./events')

const PATIENCE = 400 // milliseconds to wait for a confirmation
const IMPATIENCE = 40 // the same, once a server has kept silent several times in a row
const SILENT = 3
const SYNC = 1000 // milliseconds to wait for a window's contents

/** Answer for the server when it keeps silent: what really happened is read back from the slots anyway. */
function answerForSilence (bot) {
  const client = bot._client
  const open = new Map()
  let silent = 0
  client.on('transaction', packet => {
    if (!open.has(packet.action)) return
    clearTimeout(open.get(packet.action))
    open.delete(packet.action)
    if (!packet.ours) silent = 0
  })
  const write = client.write.bind(client)
  client.write = (name, params) => {
    write(name, params)
    if (name !== 'window_click' || params.action === undefined) return
    const wait = silent >= SILENT ? IMPATIENCE : PATIENCE
    open.set(params.action, setTimeout(() => {
      silent++
      client.emit('transaction', { windowId: params.windowId, action: params.action, accepted: true, ours: true })
    }, wait))
  }
  bot.once('end', () => { for (const timer of open.values()) clearTimeout(timer) })
}

/** From 1.17.1 on mineflayer asks for a window's contents after crafting and waits long; a late answer must not close the next window. */
function boundSync (bot) {
  const ask = bot._syncWindow
  bot._syncWindow = window => Promise.race([ask(window), new Promise(resolve => setTimeout(resolve, SYNC))])
}

/** Close what is open, and put back what hangs on the cursor or lies in the crafting grid. */
async function tidy (ctx) {
  const { bot } = ctx
  const bounded = promise => Promise.race([promise, new Promise(resolve => setTimeout(resolve, 1500))])
  try {
    if (bot.currentWindow) await bounded(bot.closeWindow(bot.currentWindow))
    if (bot.inventory.selectedItem) await bounded(bot.putSelectedItemRange(9, 45, bot.inventory, null))
    for (let slot = 1; slot <= 4; slot++) if (bot.inventory.slots[slot]) await bounded(bot.putAway(slot))
  } catch (error) {
    note('tidy', error.message)
  }
}

/** Open the block's window; null when the server does not. The caller closes it. */
async function open (ctx, block) {
  const { bot, task } = ctx
  for (let go = 0; go < 2; go++) {
    try {
      return await task.run(bot.openBlock(block), 4000)
    } catch (error) {
      task.check()
      note('window', error.message)
    }
  }
  return null
}

module.exports = { answerForSilence, boundSync, tidy, open }
