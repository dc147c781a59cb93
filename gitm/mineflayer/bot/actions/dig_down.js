'use strict'
// Dig a staircase down to a height; where it left the surface is remembered.

const { Ending, a } = require('../ending')
const inventory = require('../inventory')
const { surface, underground } = require('../observe')
const { needPick, stepOn } = require('../stairs')

const BEDROCK = 4 // layers at the bottom that may hold bedrock
const SOIL = 4
const TURNS_ALLOWED = 6 // level steps in a row, around water and lava, before giving up

module.exports = async (ctx, action) => {
  const { bot, memory } = ctx
  const tool = action.tool ? inventory.resolve(ctx, action.tool, 'item')[0] : null
  if (tool && !inventory.counts(ctx)[tool]) throw new Ending('MISSING_TOOL', `you do not hold ${a(tool)}: obtain it or name another tool`, { [tool]: 1 })
  const height = () => Math.floor(bot.entity.position.y + 0.01)
  const floor = (bot.game.minY ?? 0) + BEDROCK
  const { y_level: goal } = action
  if (goal >= height()) throw new Ending('IMPOSSIBLE', `you are at y ${height()}: give a height below that, or go_up`)
  if (goal < floor) throw new Ending('IMPOSSIBLE', `there is bedrock below y ${floor}: dig down to ${floor} at most`)
  const at = bot.entity.position.floored()
  if (goal < surface(ctx, at.x, at.z) - SOIL) needPick(ctx)
  if (!underground(ctx)) memory.shaft = at
  const start = height()
  for (let level = 0; height() > goal;) {
    if (await stepOn(ctx, -1)) level = 0
    else if (++level > TURNS_ALLOWED || !await stepOn(ctx, 0)) throw new Ending('NO_PATH', `water or lava at y ${height()}: dig_down elsewhere`)
  }
  return `dug ${start - height()} blocks down to y ${height()}`
}
