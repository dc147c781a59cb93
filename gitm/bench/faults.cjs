'use strict'
// Loaded into the bot's Node before anything else (NODE_OPTIONS): some lengths of `wait` become faults, so that none needs a door in the bot.
// They are short, so that the bot's own least deadline holds.

const Module = require('module')

const FAULTS = {
  101: () => new Promise(() => {}), // never resolves
  102: () => { for (;;); }, // blocks the loop
  103: async () => { setTimeout(() => { throw new Error('thrown in a timer') }, 10); await new Promise(resolve => setTimeout(resolve, 100)) },
  104: async () => { Promise.reject(new Error('nobody caught it')); await new Promise(resolve => setTimeout(resolve, 100)) },
  105: async () => { process.stderr.write('half a line of noise'); console.log('and a whole one') },
  106: () => process.exit(1),
  107: async () => { throw new Error('a bug in an action') }
}

const load = Module._load
Module._load = function (request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain)
  if (request !== './wait') return loaded
  return async (ctx, action) => {
    const fault = FAULTS[action.ticks]
    await fault?.()
    return loaded(ctx, fault ? { ticks: 1 } : action)
  }
}
