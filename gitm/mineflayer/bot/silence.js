'use strict'
// A server that keeps silent: a dead socket does not end by itself, and one that is asked to end waits for the other side.

const TURN = 1000 // milliseconds between two looks

/**
 * Call `late(seconds)` once when no packet has come for `most()` seconds. Silence is counted in turns of the loop, so a pause of
 * our own (a blocked loop, a machine asleep) is none of the server's.
 */
function listen (bot, most, late) {
  let silent = 0
  bot._client.on('packet', () => { silent = 0 })
  const timer = setInterval(() => {
    if (++silent < most()) return
    clearInterval(timer)
    late(silent)
  }, TURN)
  bot.once('end', () => clearInterval(timer))
  return () => clearInterval(timer)
}

module.exports = { listen }
