'use strict'
// Sleep until morning in a bed within reach: at night, and in a thunderstorm also by day.

const { Ending, a } = require('../ending')
const { station } = require('../digging')
const { weather } = require('../weather')

const NIGHT = 12_542
const MORNING = 23_459
const DAY = 24_000
const NEWS = 500 // milliseconds in which the other half of a bed that was just put down is heard of

module.exports = async ctx => {
  const { bot, task } = ctx
  const beds = Object.keys(ctx.rules.book.blocks).filter(name => name.endsWith('_bed'))
  const bed = station(ctx, beds)
  if (!bed) throw new Ending('MISSING_STATION', 'needs a bed within reach: place one or approach it', { white_bed: 1 })
  const time = bot.time.timeOfDay
  const day = time < NIGHT || time > MORNING
  if (day && weather(bot) !== 'thunder') throw new Ending('WRONG_TIME', `it is day: wait until night falls in ${(NIGHT - time + DAY) % DAY} ticks`)
  const monster = ctx.attacker(8)
  if (monster) throw new Ending('WRONG_TIME', `you cannot sleep while ${a(monster.name)} is near: attack it or move away first`)
  const lie = () => task.attempt(bot.sleep(bed), 5000)
  let asleep = await lie()
  if (!asleep && !bot.isSleeping) {
    await task.pause(NEWS)
    asleep = await lie()
  }
  if (!asleep && !bot.isSleeping) throw new Ending('TIMEOUT', `the server did not let you sleep (${task.failure}): try again`)
  await task.until(() => !bot.isSleeping || (!day && bot.time.timeOfDay < NIGHT), task.end - Date.now() - 500, 200)
  if (bot.isSleeping) await task.attempt(bot.wake(), 1500)
  return `you slept until morning in the ${ctx.names.states[bed.stateId]} and will wake here after death`
}
