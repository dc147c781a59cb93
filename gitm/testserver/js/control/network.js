'use strict'
// What tests may do to the connection: kick, cut, stall; and to whoever wants to join.

module.exports = serv => {
  let door = null // what happens to whoever wants to join; null: he may

  serv._server.on('connection', client => {
    if (!door) return
    client.removeAllListeners('login_start')
    client.once('login_start', () => door?.(client))
  })

  const someone = name => {
    const player = name ? serv.players.findLast(other => other.username === name) : serv.players[0] // who joined again is meant, not his old self
    if (!player) throw new Error('nobody is here')
    return player
  }

  return {
    /** {player, reason}: kick with a reason. */
    kick ({ player, reason = 'Kicked' }) {
      someone(player).kick(reason)
    },

    /** {player}: cut the connection without a word. */
    cut ({ player }) {
      someone(player)._client.socket.destroy()
    },

    /** {player, milliseconds}: nothing goes either way for a while; 0 for ever. What was sent meanwhile arrives afterwards. */
    stall ({ player, milliseconds = 0 }) {
      const { socket } = someone(player)._client
      socket.pause()
      socket.cork()
      if (!milliseconds) return
      setTimeout(() => {
        socket.uncork()
        socket.resume()
      }, milliseconds).unref()
    },

    /** {reason}: whoever wants to join is refused, with a plain text or with the key of one of vanilla's; without a reason: no more. */
    refuse ({ reason }) {
      const text = /^multiplayer\./.test(reason ?? '') ? { translate: reason } : { text: reason }
      door = reason ? client => client.end(reason, JSON.stringify(text)) : null
    },

    /** {on}: whoever wants to join is not answered. */
    mute ({ on = true }) {
      door = on ? () => {} : null
    },

    /** {version, protocol}: what a ping is told. */
    pretend ({ version, protocol }) {
      serv._server.mcversion = { ...serv._server.mcversion, minecraftVersion: version, version: protocol }
    },

    /** {milliseconds}: the whole server stands still, as one with a long garbage collection does. */
    freeze ({ milliseconds }) {
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds))
    }
  }
}
