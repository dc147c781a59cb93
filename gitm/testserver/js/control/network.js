'use strict'
// What tests may do to the connection: kick, cut, stall.

module.exports = serv => {
  const someone = name => {
    const player = name ? serv.getPlayer(name) : serv.players[0]
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

    /** {milliseconds}: the whole server stands still, as one with a long garbage collection does. */
    freeze ({ milliseconds }) {
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds))
    }
  }
}
