'use strict'
// The connection: join, watch over the body, notice the end, join again. `Session` is the context every action gets as `ctx`.

const mineflayer = require('mineflayer')
const { pathfinder } = require('mineflayer-pathfinder')
const { Ending, a } = require('./ending')
const { note } = require('./events')
const { mend } = require('./mends')
const { Names } = require('./names')
const { Rules } = require('./rules')
const { Sight } = require('./sight')
const { observe } = require('./observe')
const { movements, halt } = require('./goto')
const { Places } = require('./places')
const inventory = require('./inventory')
const silence = require('./silence')
const windows = require('./windows')
const { Body } = require('./body')
const care = require('./care')
const { Task } = require('./task')
const actions = require('./actions')
const { creatures } = require('./creatures')

const SILENCE = 25 // seconds without a packet after which the connection counts as dead
const HUSH = 10 // the same while joining
const FINAL = /duplicate_login|another location|not_whitelisted|white-?list|banned/i // why joining again would be of no use
const REJOIN = 30_000
const DEAD_SECONDS = 8
const OP = 24 // the entity status that tells operator level 0; the next four tell the others

class Session {
  constructor () {
    this.bot = null
    this.task = null
    this.options = null
    this.wanted = [] // names last looked for: shown among what is nearby however much else there is
    this.memory = {
      visited: new Set(), // cells of land walked through
      places: new Places(),
      heading: [1, 0],
      shaft: null, // where one went underground
      burning: new Map(), // by furnace: ticks of fire that are left in it
      used: new Map(), // by creature or block: until when it gives nothing
      spared: new Map(), // by mob: until when it is left alone
      fled: new Set() // mobs that one ran from
    }
    this.actions = actions.HANDLERS
    this.painful = new Map() // by block: what breaking it costs with what is held now
    this.avoided = [] // where one was stuck a moment ago
    this.quarry = null // the mob that is being fought
    this.rescuing = null // what the body is getting out of right now
    this.body = new Body(this)
    this.late = null // a death between two actions: the next one is answered with it
    this.last = null // the last observation, told again while there is no connection
  }

  /** Join the server and observe. Throws an error with one readable line. */
  async join (options) {
    this.options = options
    this.rules = new Rules(options.rules)
    if (options.view !== null && options.view !== undefined) this.view ??= await require('./view').View.open(options.view)
    await this._connect(options.join_ms ?? 30_000)
    return { version: this.bot.version, op: this.op, view: this.view?.port ?? null, observation: this.observation() }
  }

  async _connect (bound) {
    const { host, port, username, auth, version } = this.options
    this._leave()
    const bot = mineflayer.createBot({
      host, port, username, auth, version: version ?? false, respawn: true, hideErrors: true, checkTimeoutInterval: SILENCE * 1000, viewDistance: 'short',
      logErrors: false, onMsaCode: data => note('login', `open ${data.verification_uri} and enter ${data.user_code}`)
    })
    this.ended = null
    this.op = 0
    bot._client.on('entity_status', ({ entityStatus }) => { if (entityStatus >= OP && entityStatus <= OP + 4) this.op = entityStatus - OP })
    const over = reason => {
      this.ended ??= reason
      this.task?.stop(new Ending('INTERRUPTED', `the connection was lost (${this.ended}): go on when joined again`))
    }
    bot.on('kicked', reason => over(`kicked: ${plain(reason)}`))
    bot.on('error', error => over(error.code ?? error.message))
    bot.on('end', reason => over(plain(reason)))
    bot._client.once('connect', () => {
      this.hush = silence.listen(bot, () => this.spawned === bot ? SILENCE : HUSH, seconds => over(`not a word from the server for ${seconds} s`))
    })
    this.bot = bot
    bot.once('inject_allowed', () => this._learn(bot.registry))
    windows.answerForSilence(bot)
    await this._spawned(bot, bound)
    this._prepare(bot)
    await this._land(bot)
    this.view?.show(bot)
  }

  /** The version is known, and nothing has been told yet that would be read by a faulty registry. */
  _learn (registry) {
    this.names = new Names(registry, this.rules.book)
    mend(registry, name => this.rules.book.items[this.names.canonical(name)]?.durability)
  }

  async _spawned (bot, bound) {
    const end = Date.now() + bound
    let placed = false
    bot.once('spawn', () => { this.spawned = bot })
    bot.once('forcedMove', () => { placed = true }) // some servers tell one's health before one's place
    while (this.spawned !== bot || !placed) {
      await sleep(20)
      if (this.ended) throw new Error(this.ended)
      if (Date.now() > end) throw new Error(`no place in the world within ${Math.round(bound / 1000)} s`)
    }
  }

  /** The bot's eyes and legs, and what listens to this connection. */
  _prepare (bot) {
    windows.boundSync(bot)
    bot.loadPlugin(pathfinder)
    this.sight = new Sight(bot, this.names)
    this.movements = movements(this, bot)
    bot.pathfinder.thinkTimeout = 4000
    bot.pathfinder.tickTimeout = 30
    this.touched = 0
    this.dead = new WeakSet() // mobs that are still falling over
    const touch = () => { this.touched = Date.now() }
    bot.inventory.on('updateSlot', touch)
    bot.on('windowOpen', window => window.on('updateSlot', touch))
    bot.on('entityDead', entity => this.dead.add(entity))
    bot.on('death', () => this._died())
    care.watch(this)
  }

  /** Wait, a bounded time, until there is ground to stand on. */
  async _land (bot) {
    const end = Date.now() + 8000
    const ready = () => this.sight.state(...bot.entity.position.floored().toArray()) >= 0 && (bot.entity.onGround || bot.entity.isInWater)
    while (!ready() && Date.now() < end && !this.ended) await sleep(50)
    await inventory.settle(this, 150, 1000)
  }

  _died () {
    const { x, y, z } = this.bot.entity.position.floored()
    const lost = inventory.counts(this)
    this.death = { x, y, z, lost }
    const ending = new Ending('DIED', `you died at ${x} ${y} ${z}: your things lie there for 5 minutes`)
    if (!this.task || this.task.action.name === 'idle') this.late = ending
    this.task?.stop(ending)
  }

  /** Do one action within so many milliseconds; always a structured result. */
  async act (action, limit) {
    await this.body.rouse()
    if (this.ended) await this._rejoin()
    if (this.ended) return this._answer(new Ending('INTERRUPTED', `not connected (${this.ended}): wait for the server and go on`))
    const task = this.task = new Task(action, limit)
    this.before = inventory.counts(this)
    if (this.late) task.stop(this.late)
    this.late = null
    let outcome
    try {
      task.check()
      const message = await Promise.race([actions.run(this, action), task.stopped])
      outcome = { code: 'OK', message }
    } catch (error) {
      outcome = error instanceof Ending ? error : fault(error)
    }
    task.close()
    await this._calm(outcome)
    this.task = null
    return this._answer(outcome)
  }

  /** After an action: stand still, wake if dead, rejoin if thrown out, tidy the windows, let the news come in. */
  async _calm (outcome) {
    const { bot } = this
    if (this.ended) return this._rejoin()
    halt(bot)
    if (bot.targetDigBlock) bot.stopDigging()
    if (outcome.code === 'DIED') await this._wake(outcome)
    else await windows.tidy(this)
    await inventory.settle(this)
  }

  async _wake (outcome) {
    const end = Date.now() + DEAD_SECONDS * 1000
    const here = this.death
    const moved = () => this.bot.health > 0 || Math.hypot(this.bot.entity.position.x - here.x, this.bot.entity.position.z - here.z) > 3
    while (!moved() && Date.now() < end) await sleep(100)
    await sleep(500)
    await this._land(this.bot)
    this.memory.shaft = null
    const { x, y, z } = this.bot.entity.position.floored()
    outcome.message += `; you woke at ${x} ${y} ${z}`
  }

  async _rejoin () {
    const end = Date.now() + REJOIN
    for (let wait = 500; this.ended && !FINAL.test(this.ended) && Date.now() + wait < end; wait = Math.min(wait * 2, 5000)) {
      await sleep(wait)
      const reason = this.ended
      try {
        await this._connect(15_000)
        note('rejoined', `after ${reason}`)
      } catch (error) {
        this.ended ??= error.message
        note('rejoin', error.message)
      }
    }
  }

  _answer ({ code, message, missing }) {
    const observation = this.ended && this.last ? this.last : this.observation()
    this.body.idle()
    return { code, message: (message || code) + this.body.told(), missing: missing ?? {}, observation }
  }

  observation () {
    this.last = observe(this)
    return this.last
  }

  /** Mobs and things on the ground, by canonical names. */
  creatures () {
    return creatures(this)
  }

  /** A hostile mob that may have struck. */
  attacker (within = 16) {
    return this.creatures().find(seen => seen.kind === 'hostile' && seen.distance <= within) ?? null
  }

  /** Something the body did for itself: told with the next answer. */
  report (deed) {
    this.body.report(deed)
  }

  /** A safe point of an action: what the body needs now is done here. Whether anything was. May end the action with INTERRUPTED. */
  tend () {
    return this.body.tend()
  }

  _leave () {
    const { bot } = this
    if (!bot) return
    this.hush?.()
    this.bot = null
    bot.removeAllListeners('end')
    bot.removeAllListeners('kicked')
    bot.on('error', () => {})
    try {
      bot.end('leaving')
    } catch (error) {
      note('leave', error.message)
    }
  }

  async leave () {
    this._leave()
    return {}
  }
}

function fault (error) {
  note('fault', error.stack ?? error)
  return new Ending('INTERRUPTED', `the bot could not go on (${error.message}): look and try again`)
}

/** A kick's reason, which may be a chat component, as plain text. */
function plain (reason) {
  let value = reason
  try {
    value = typeof reason === 'string' ? JSON.parse(reason) : reason
  } catch { /* it is plain already */ }
  const text = part => typeof part !== 'object' || part === null
    ? String(part ?? '')
    : Array.isArray(part)
      ? part.map(text).join('')
      : [part.text, part.translate, part.extra, part.value, part.with].filter(Boolean).map(text).join(' ')
  return text(value).replace(/\s+/g, ' ').trim().slice(0, 200) || 'no reason given'
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

module.exports = { Session }
