'use strict'
// The weather as it is over the bot's head. Servers tell of thunder whether or not it rains, and mineflayer keeps what it heard of the
// overworld when it goes elsewhere.

/** clear, rain or thunder. */
function weather (bot) {
  if (!bot.isRaining || !String(bot.game.dimension ?? 'overworld').endsWith('overworld')) return 'clear'
  return bot.thunderState > 0 ? 'thunder' : 'rain'
}

module.exports = { weather }
