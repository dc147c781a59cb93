'use strict'
// Eating: what, and how.

const inventory = require('./inventory')
const { health } = require('./observe')

const HUNGRY = 14 // food points at which one eats, as the agent does between actions
const HURT = 12 // health points at which one eats more, for only the well fed heal
const HEALING = 18 // food points from which one heals (wiki, "Hunger")
const STARVING = 6 // food points at which anything will do: one cannot even run any more
const PRECIOUS = new Set(['golden_apple', 'enchanted_golden_apple', 'golden_carrot', 'chorus_fruit', 'cake'])

/** Whether it is time to eat; between actions, where the agent decides, only when it is urgent. */
function hungry (ctx, between) {
  const { food } = ctx.bot
  if (between) return food <= STARVING
  return food <= HUNGRY || (health(ctx.bot) <= HURT && food < HEALING)
}

/** What to eat of what is held: nothing harmful; nothing precious or still to be cooked unless one starves; little in excess. */
function meal (ctx) {
  const { bot, rules } = ctx
  const lack = 20 - bot.food
  const raw = name => rules.raw.has(name) || PRECIOUS.has(name)
  const choice = Object.keys(inventory.counts(ctx))
    .filter(name => rules.food(name) > 0 && !rules.book.items[name].harmful && (bot.food <= STARVING || !raw(name)))
  const cost = name => (raw(name) ? 100 : 0) + Math.abs(lack - rules.food(name)) + (rules.food(name) > lack ? 5 : 0)
  return choice.sort((one, other) => cost(one) - cost(other))[0] ?? null
}

/** Eat one of the item; whether it is gone. */
async function consume (ctx, item) {
  const { bot, task } = ctx
  const had = inventory.counts(ctx)[item]
  const eaten = () => (inventory.counts(ctx)[item] ?? 0) < had
  for (let go = 0; go < 2 && !eaten(); go++) {
    if (!await inventory.takeInHand(ctx, item)) break
    await task.attempt(bot.consume(), 3500)
    await task.until(eaten, 700)
  }
  return eaten()
}

module.exports = { hungry, meal, consume }
