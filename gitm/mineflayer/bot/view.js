'use strict'
// The page on which a person watches the bot (--view): prismarine-viewer's own page, on loopback, for browsers of this machine. It can
// only look: what a browser sends is not listened to.

const http = require('http')
const path = require('path')
const { note } = require('./events')

const DISTANCE = 5 // chunks around the bot
const OURS = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/ // a page elsewhere that gives its name our address must not read along

class View {
  /** Serve the page; throws an error with one readable line when that cannot be. 0 takes a free port. */
  static async open (port) {
    const view = new View()
    await new Promise((resolve, reject) => {
      view.http.once('error', error => reject(new Error(`view: port ${port} cannot be served (${error.code})`)))
      view.http.listen(port, '127.0.0.1', resolve)
    })
    view.port = view.http.address().port
    return view
  }

  constructor () {
    const viewer = path.dirname(require.resolve('prismarine-viewer/package.json'))
    const express = require('express')
    this.WorldView = require(path.join(viewer, 'viewer/lib/worldView.js')).WorldView
    this.drawn = require(path.join(viewer, 'viewer/lib/version.js')).getVersion
    this.bot = null
    const app = express()
    app.use((request, response, next) => OURS.test(request.headers.host ?? '') ? next() : response.status(403).end())
    app.use(express.static(path.join(viewer, 'public')))
    this.http = http.createServer(app)
    const allowRequest = (request, done) => done(null, local(request.headers))
    this.io = new (require('socket.io').Server)(this.http, { allowRequest, maxHttpBufferSize: 1e4 })
    this.io.on('connection', socket => this._attend(socket))
  }

  /** From now on this bot is shown; who watches is sent away and comes again by himself. */
  show (bot) {
    this.bot = bot
    if (!this.drawn(bot.version)) note('view', `the viewer draws no Minecraft ${bot.version}: the page stays dark`)
    for (const socket of this.io.sockets.sockets.values()) socket.conn.close()
  }

  _attend (socket) {
    const { bot } = this
    if (!bot?.entity) return socket.conn.close()
    const world = new this.WorldView(bot.world, DISTANCE, bot.entity.position, { emit: socket.emit.bind(socket), on () {} })
    const moved = () => {
      socket.emit('position', { pos: bot.entity.position, yaw: bot.entity.yaw, addMesh: true })
      world.updatePosition(bot.entity.position)
    }
    socket.emit('version', bot.version)
    world.init(bot.entity.position)
    moved()
    bot.on('move', moved)
    world.listenToBot(bot)
    socket.on('disconnect', () => {
      bot.removeListener('move', moved)
      world.removeListenersFromBot(bot)
    })
  }
}

/** Whether a request is for us by name and, when a page asks, by one of ours. */
function local ({ host = '', origin }) {
  return OURS.test(host) && (origin === undefined || OURS.test(origin.replace(/^https?:\/\//, '')))
}

module.exports = { View }
