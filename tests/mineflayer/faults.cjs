'use strict'
// Loaded into the bot's Node before anything else (NODE_OPTIONS): some lengths of `wait` become faults, so that none needs a door in the bot.

const Module = require('module')

const FAULTS = {
  1001: () => new Promise(() => {}), // never resolves
  1002: () => { for (;;); }, // blocks the loop
  1003: async () => { setTimeout(() => { throw new Error('thrown in a timer') }, 10); await new Promise(resolve => setTimeout(resolve, 100)) },
  1004: async () => { Promise.reject(new Error('nobody caught it')); await new Promise(resolve => setTimeout(resolve, 100)) },
  1005: async () => { process.stderr.write('half a line of noise'); console.log('and a whole one') },
  1006: () => process.exit(1),
  1007: async () => { throw new Error('a bug in an action') }
}

const load = Module._load
Module._load = function (request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain)
  if (request !== './wait') return loaded
  return async (ctx, action) => (FAULTS[action.ticks] ? await FAULTS[action.ticks]() : undefined) ?? await loaded(ctx, { ticks: 1 })
}
