'use strict'
// The bot's only door. `handle(text)` takes one request as JSON and always resolves to one reply as JSON:
//   {op: "join", host, port, username, auth, version, rules, view}   -> {version, op, view, observation} or {error}
//   {op: "act", action, deadline_ms}                           -> {code, message, missing, observation}
//   {op: "observe"}                                            -> {observation}
//   {op: "leave"}                                              -> {}
// Every reply also carries `events`, what happened meanwhile, and `busy_ms`, how long it took on this side.

const { performance } = require('perf_hooks')
const events = require('./events')

events.guard()
events.dieWithParent()

const { Session } = require('./session')

const GRACE = 12_000 // milliseconds that calming down after an action may take, before it is answered for
const session = new Session()

const OPERATIONS = {
  join: request => session.join(request),
  act: ({ action, deadline_ms: limit }) => session.act(action, limit),
  observe: async () => ({ observation: session.observation() }),
  leave: () => session.leave()
}

async function handle (text) {
  const begun = performance.now()
  let reply
  try {
    const request = JSON.parse(text)
    reply = await bounded(OPERATIONS[request.op](request), request)
  } catch (error) {
    reply = { error: String(error?.message ?? error).replace(/\s+/g, ' ') }
    events.note('failed', error?.stack ?? error)
  }
  return JSON.stringify({ ...reply, events: events.drain(), busy_ms: performance.now() - begun })
}

/** The operation's reply, or an error when it outlasts its own deadline by far: whatever happens, there is an answer. */
function bounded (operation, { deadline_ms: limit = 45_000, op }) {
  let timer
  const late = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Error(`${op} did not end in time`)), limit + GRACE + (op === 'act' ? 35_000 : 0)) })
  return Promise.race([operation, late]).finally(() => clearTimeout(timer))
}

module.exports = { handle }
