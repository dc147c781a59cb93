'use strict'
// The vocabulary: one file an action, each `async (ctx, action) => message`, ending early with an Ending.

const NAMES = ['equip', 'explore', 'approach', 'mine', 'attack', 'dig_down', 'go_up', 'craft', 'smelt', 'place', 'apply', 'build', 'trade',
  'enter', 'eat', 'sleep', 'wait', 'drop', 'store', 'take']
const HANDLERS = Object.fromEntries(NAMES.map(name => [name, require(`./${name}`)]))

/** Do the action; its message when it is done. */
async function run (ctx, action) {
  const handler = HANDLERS[action.name]
  if (!handler) throw new Error(`no action '${action.name}'`)
  return handler(ctx, action)
}

module.exports = { run, HANDLERS }
