'use strict'
// When the body is looked after: at the safe points of actions, between actions, and when a blow is not answered at either.

const { Ending, a } = require('./ending')
const { note } = require('./events')
const { halt } = require('./goto')
const inventory = require('./inventory')
const { Task } = require('./task')
const { tend } = require('./tend')

const LOOK = 250 // milliseconds between two looks at what the body needs
const IDLE = 1500 // milliseconds after an action from which the body looks after itself
const IDLING = 120_000
const ANSWER = 2500 // milliseconds in which a blow is answered at a safe point of the action; otherwise it interrupts
/** Actions that go on whoever strikes. */
const BRIEF = new Set(['equip', 'place', 'eat', 'drop', 'store', 'take', 'craft', 'attack', 'apply', 'build', 'trade', 'enter', 'sleep', 'idle'])

class Body {
  constructor (ctx) {
    this.ctx = ctx
    this.deeds = [] // what was done since the last answer
    this.struckAt = 0
    this._looked = this._answered = 0
    this._idleSince = Infinity
    this._tending = false
    this._idling = null
    setInterval(() => this._whileIdle(), 500).unref()
  }

  /** Remember what was done, for the next answer. */
  report (deed) {
    this.deeds.push(deed)
    note('care', deed)
  }

  /** What was done since the last answer, as the end of a sentence. */
  told () {
    const times = new Map()
    for (const deed of this.deeds) times.set(deed, (times.get(deed) ?? 0) + 1)
    this.deeds = []
    const words = [...times].map(([deed, count]) => count > 1 ? `${deed} (${count} times)` : deed)
    return words.length ? `; on the way: ${words.join(', ')}` : ''
  }

  /** Do what the body needs now; whether there was anything. May end the action with INTERRUPTED. */
  async tend () {
    if (this._tending || Date.now() - this._looked < LOOK) return false
    this._tending = true
    try {
      const done = await tend(this.ctx)
      if (done) this._answered = Date.now()
      return done
    } finally {
      this._tending = false
      this._looked = Date.now()
    }
  }

  /** Health went down: when whoever struck is not answered at a safe point soon, the action ends and the agent decides. */
  struck () {
    const { task, bot } = this.ctx
    this.struckAt = Date.now()
    if (!task || this._tending || BRIEF.has(task.action.name) || !this.ctx.attacker()) return
    if (bot.targetDigBlock) bot.stopDigging() // the next safe point comes sooner
    setTimeout(() => {
      const unanswered = this.ctx.task === task && !this._tending && this._answered < this.struckAt
      const mob = unanswered ? this.ctx.attacker() : null
      if (mob) task.stop(new Ending('INTERRUPTED', `${a(mob.name)} attacks you: attack it or move away`))
    }, ANSWER).unref()
  }

  /** From now on nothing is asked of it. */
  idle () {
    this._idleSince = Date.now()
  }

  /** An action is to begin: what goes on between actions ends. */
  async rouse () {
    this._idleSince = Infinity
    if (!this._idling) return
    this.ctx.task?.stop(new Ending('INTERRUPTED', 'the next action begins'))
    await this._idling
    if (!this.ctx.ended) halt(this.ctx.bot)
  }

  _whileIdle () {
    const { ctx } = this
    if (!ctx.bot || ctx.ended || ctx.task || this._idling || !(ctx.bot.health > 0) || Date.now() - this._idleSince < IDLE) return
    const task = ctx.task = new Task({ name: 'idle' }, IDLING)
    ctx.before = inventory.counts(ctx)
    const over = () => {
      task.close()
      ctx.task = this._idling = null
    }
    this._idling = this.tend().catch(error => { if (!(error instanceof Ending)) note('idle', error.stack) }).finally(over)
  }
}

module.exports = { Body }
