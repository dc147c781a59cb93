'use strict'
// A bot on strings: `{"do": verb, ...}` lines on stdin, one answer line each on stdout. It ends when its stdin is closed.

const mineflayer = require('mineflayer')
const verbs = require('./verbs')

const [port, username] = process.argv.slice(2)
const bot = mineflayer.createBot({ // which would print the errors of the connection among the answers
  host: '127.0.0.1', port: Number(port), username, version: '1.16.5', auth: 'offline', hideErrors: true
})
const say = line => process.stdout.write(JSON.stringify(line) + '\n')
const events = []

for (const name of ['death', 'kicked', 'end', 'respawn']) {
  bot.on(name, what => events.push([name, what === undefined ? null : String(what)]))
}
let joined = false
bot.on('error', error => joined ? events.push(['error', error.message]) : say({ ok: false, error: error.message }))
process.on('unhandledRejection', error => events.push(['rejection', String(error)]))

bot.once('spawn', async () => {
  await bot.waitForChunksToLoad()
  joined = true
  say({ ok: true, username: bot.username })
  let rest = ''
  let turn = Promise.resolve()
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', data => {
    const lines = (rest + data).split('\n')
    rest = lines.pop()
    for (const line of lines) turn = turn.then(() => answer(JSON.parse(line))).then(say)
  })
  process.stdin.on('end', () => process.exit(0))
})

async function answer ({ do: verb, ...rest }) {
  try {
    return { ok: true, value: await verbs[verb](bot, rest, events) ?? null }
  } catch (error) {
    return { ok: false, error: error.message }
  }
}
