'use strict'
// The weather: clear unless the tests' door calls for rain or thunder; a night slept through ends it (wiki, "Bed").

const BEGINS = 1 // reasons of game_state_change
const ENDS = 2
const RAIN = 7
const THUNDER = 8

module.exports.server = serv => {
  const { gitm } = serv
  gitm.weather = 'clear'

  /** clear, rain or thunder, told to everybody. */
  gitm.setWeather = weather => {
    gitm.weather = weather
    serv.players.forEach(gitm.tellWeather)
  }

  gitm.tellWeather = player => {
    const wet = gitm.weather !== 'clear'
    const tell = (reason, gameMode) => player._client.write('game_state_change', { reason, gameMode })
    tell(wet ? BEGINS : ENDS, 0)
    tell(RAIN, wet ? 1 : 0)
    tell(THUNDER, gitm.weather === 'thunder' ? 1 : 0)
  }
}

module.exports.player = (player, serv) => {
  player.on('spawned', () => { if (serv.gitm.weather !== 'clear') serv.gitm.tellWeather(player) })
}
