'use strict'
// The test server's process. One JSON line on stdout when it is ready; it ends on SIGTERM, SIGINT, or when its stdin is closed,
// so that it never outlives the process that started it.

const fs = require('fs')
const path = require('path')

const say = line => fs.writeSync(1, JSON.stringify(line) + '\n')
const log = text => fs.writeSync(2, `${text}\n`)
process.stdout.write = () => true // flying-squid draws a prompt; our stdout is for JSON lines only

const options = require('./options')(process.argv.slice(2))
const { createMCServer } = require('flying-squid')

const server = createMCServer({
  host: '127.0.0.1',
  port: options.port,
  version: options.version,
  motd: 'gitm test server',
  'max-players': 16,
  'online-mode': false,
  gameMode: 0,
  difficulty: 2,
  'view-distance': options.view,
  'max-entities': 600,
  'player-list-text': { header: { text: '' }, footer: { text: '' } },
  'everybody-op': false,
  kickTimeout: 30000,
  logging: false,
  noConsoleOutput: true,
  generation: { name: path.join(__dirname, 'world', 'generate.js'), options: { seed: options.seed } },
  plugins: { [path.join(__dirname, 'rules', 'index.js')]: {} },
  gitm: { ...options, log },
  debug: () => {} // also keeps flying-squid from ending the process on any error
})

let ending = false
async function end (code = 0) {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(code), 1500).unref() // a client that does not hang up must not keep us
  server.emit('gitm_end')
  await server.quit('Server closed').catch(() => {})
  process.exit(code)
}

process.on('SIGTERM', () => end())
process.on('SIGINT', () => end())
process.stdin.on('end', () => end())
process.stdin.on('error', () => end())
process.stdin.resume()
process.on('uncaughtException', error => {
  log(`fault: ${error.stack}`)
  if (!server.isReady) process.exit(1)
})
process.on('unhandledRejection', error => log(`fault: ${error?.stack ?? error}`))

server.on('error', error => {
  if (server.isReady) return
  say({ ready: false, error: error.code ?? error.message })
  process.exit(1)
})
server.waitForReady(20000).then(async () => {
  const control = options.control ? await require('./control')(server, { end, log }) : null
  say({
    ready: true,
    host: '127.0.0.1',
    port: server.listeningPort,
    control,
    version: options.version,
    seed: options.seed,
    faults: options.faults,
    pid: process.pid
  })
}).catch(error => {
  say({ ready: false, error: error.message })
  process.exit(1)
})
