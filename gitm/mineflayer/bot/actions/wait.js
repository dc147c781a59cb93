'use strict'
// Let time pass.

module.exports = async (ctx, { ticks = 100 }) => {
  const end = Date.now() + ticks * 50
  while (Date.now() < end) {
    await ctx.tend()
    await ctx.task.pause(Math.min(250, Math.max(1, end - Date.now())))
  }
  return `waited ${ticks} ticks`
}
