'use strict'
// What happened besides the answers: a bounded buffer that every reply carries along. Nothing here ever calls into Python.

const MOST = 100
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
  process.on('uncaughtException', error => note('uncaught', error?.stack ?? error))
  process.on('unhandledRejection', error => note('unhandled', error?.stack ?? error))
  process.on('warning', warning => note('console', warning.message))
}

/** Die with whoever started us: at the end of stdin, and, should the loop be blocked, from a thread that watches for the parent. */
function dieWithParent () {
  const { Worker } = require('worker_threads')
  const parent = process.ppid
  process.stdin.on('end', () => process.exit(0))
  process.stdin.on('close', () => process.exit(0))
  const watch = `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, 'SIGKILL') }, 1000)`
  new Worker(watch, { eval: true }).unref()
}

module.exports = { note, drain, guard, dieWithParent }
