'use strict'
// The running action: its deadline, what stops it, and waits that end when it is stopped. Every await of an action goes through it.

const { Ending } = require('./ending')

/** Something took longer than its own bound; the action goes on or gives up, as it likes. */
class Slow extends Error {}

class Task {
  constructor (action, limit) {
    this.action = action
    this.limit = limit // milliseconds
    this.begun = Date.now()
    this.end = this.begun + limit
    this.ending = null
    this.stopped = new Promise((resolve, reject) => { this._reject = reject })
    this.stopped.catch(() => {}) // it may be stopped while nobody waits
    this._timer = setTimeout(() => this.stop(new Ending('TIMEOUT', 'time is up; what was done counts')), limit)
  }

  /** End the action; the first reason counts. */
  stop (ending) {
    if (this.ending) return
    this.ending = ending
    this._reject(ending)
  }

  /** Let go of the timer; late steps of the action find it stopped. */
  close () {
    clearTimeout(this._timer)
    this.stop(new Ending('TIMEOUT', 'this action is over'))
  }

  /** Milliseconds that are left. */
  left () {
    return this.end - Date.now()
  }

  /** Throws when the action was stopped. */
  check () {
    if (this.ending) throw this.ending
  }

  /** The promise's value, unless the action is stopped first, or (Slow) it takes longer than `bound` milliseconds. */
  async run (promise, bound = 10_000) {
    this.check()
    let timer
    const slow = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Slow(`no answer within ${bound} ms`)), bound) })
    promise.catch?.(() => {})
    try {
      return await Promise.race([promise, slow, this.stopped])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Let so many milliseconds pass. */
  async pause (ms) {
    let timer
    try {
      await this.run(new Promise(resolve => { timer = setTimeout(resolve, ms) }), ms + 1000)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Wait until the condition holds, for at most so many milliseconds; whether it does. */
  async until (condition, ms, step = 50) {
    const end = Date.now() + ms
    while (!condition()) {
      if (Date.now() >= end) return false
      await this.pause(step)
    }
    return true
  }

  /** The library's word for success is not trusted; neither is its word for failure: true when it resolved in time. */
  async attempt (promise, bound) {
    try {
      await this.run(promise, bound)
      return true
    } catch (error) {
      this.check()
      this.failure = error.message
      return false
    }
  }
}

module.exports = { Task, Slow }
