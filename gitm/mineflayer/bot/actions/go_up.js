'use strict'
// Back to the surface: the way one came if it is near, else a staircase up.

const { Ending } = require('../ending')
const { near } = require('../goto')
const { surface, underground } = require('../observe')
const { needPick, stepOn } = require('../stairs')

const LEVEL = 8 // level steps in a row, around water and lava, before giving up

module.exports = async ctx => {
  const { bot, memory, task } = ctx
  if (!underground(ctx)) return 'you are on the surface'
  if (memory.shaft && memory.shaft.distanceTo(bot.entity.position) < 40) {
    await near(ctx, memory.shaft, 1, 'the surface', { ms: 20_000, enough: () => open(ctx) }).catch(() => task.check())
  }
  for (let level = 0; !open(ctx);) {
    if (await stepOn(ctx, 1)) level = 0
    else if (++level > LEVEL || !await stepOn(ctx, 0)) {
      needPick(ctx) // without one it is the rock that is in the way
      throw new Ending('NO_PATH', 'water or lava above: explore underground for another way, then go_up')
    }
  }
  memory.shaft = null
  return `you are on the surface at y ${Math.floor(bot.entity.position.y)}`
}

function open (ctx) {
  const at = ctx.bot.entity.position.floored()
  return surface(ctx, at.x, at.z) <= at.y + 1
}
