'use strict'
// The tests' own door: line JSON over TCP on loopback, only when asked for. A line `{"do": name, ...}` is answered by one line,
// `{"ok": true, ...}` or `{"ok": false, "error": text}`; an "id" in the question comes back in the answer.

const net = require('net')
const commands = require('./commands')
const network = require('./network')

module.exports = (serv, { end, log }) => {
  const known = { ...commands(serv), ...network(serv, log), stop: () => { setImmediate(end) } }

  async function answer (line) {
    let id
    try {
      const question = JSON.parse(line)
      id = question.id
      const command = Object.hasOwn(known, question.do) ? known[question.do] : null
      if (!command) throw new Error(`no command '${question.do}'; there are ${Object.keys(known).join(', ')}`)
      return { id, ok: true, ...await command(question) }
    } catch (error) {
      return { id, ok: false, error: error.message }
    }
  }

  const door = net.createServer(socket => {
    let rest = ''
    let turn = Promise.resolve()
    socket.setEncoding('utf8')
    socket.on('error', () => {})
    socket.on('data', data => {
      const lines = (rest + data).split('\n')
      rest = lines.pop()
      for (const line of lines.filter(Boolean)) {
        turn = turn.then(() => answer(line)).then(reply => socket.writable && socket.write(JSON.stringify(reply) + '\n'))
      }
    })
  })
  return new Promise(resolve => door.listen(0, '127.0.0.1', () => resolve(door.address().port)))
}
