'use strict'
// What happened besides the answers: a bounded buffer that every reply carries along. Nothing here ever calls into Python.

const MOST = 100
const BLOCKED = 15_000 // milliseconds without a turn of the loop
let buffer = []

/** Remember that something happened; the oldest are forgotten when nobody asks. */
function note (kind, text) {
  buffer.push({ kind, text: String(text).slice(0, 500) })
  if (buffer.length > MOST) buffer = buffer.slice(-MOST)
}

/** All events since the last call. */
function drain () {
  const events = buffer
  buffer = []
  return events
}

/** Errors nobody caught must not kill the process, and nothing may be printed: stderr is the bridge's wire. */
function guard () {
  const text = what => what.map(part => part?.stack ?? part?.message ?? String(part)).join(' ')
  for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[level] = (...what) => note('console', text(what))
  const wire = process.stderr.write.bind(process.stderr)
  process.stderr.write = (chunk, ...rest) => { // half a line of somebody else's on the wire would lose a reply
    if (String(chunk).startsWith('{"r"')) return wire(chunk, ...rest)
    note('stderr', chunk)
    return true
  }
  process.on('uncaughtException', error => note('uncaught', error?.stack ?? error))
  process.on('unhandledRejection', error => note('unhandled', error?.stack ?? error))
  process.on('warning', warning => note('console', warning.message))
}

/**
 * Die with whoever started us: at the end of stdin; and, from a thread that a blocked loop cannot stop, when the parent is gone or the
 * loop has not turned for so long that the server has given us up anyway. Python sees the end and starts anew.
 */
function dieWithParent (blocked = BLOCKED) {
  const { Worker } = require('worker_threads')
  process.stdin.on('end', () => process.exit(0))
  process.stdin.on('close', () => process.exit(0))
  const turns = new Int32Array(new SharedArrayBuffer(4))
  setInterval(() => Atomics.add(turns, 0, 1), 500).unref()
  const watch = `
    const { turns, parent, most } = require('worker_threads').workerData
    let last = -1
    let since = Date.now()
    setInterval(() => {
      const now = Atomics.load(turns, 0)
      if (now !== last) [last, since] = [now, Date.now()]
      if (process.ppid !== parent || Date.now() - since > most) process.kill(process.pid, 'SIGKILL')
    }, 500)`
  new Worker(watch, { eval: true, workerData: { turns, parent: process.ppid, most: blocked } }).unref()
}

module.exports = { note, drain, guard, dieWithParent }
