'use strict'
// The time of day, told once a second; the world's age with it (flying-squid says 0 for ever, and may set an older time after a newer).

const DAY = 24000
const TOLD = 20 // ticks

module.exports.server = serv => {
  serv.doDaylightCycle = false
  serv.setTime = time => {
    serv.time = time
    serv._writeAll('update_time', { age: [0, serv.tickCount], time: [0, time] })
  }
  serv.on('tick', (_, tick) => { if (tick % TOLD === 0) serv.setTime((serv.time + TOLD) % DAY) })
}
