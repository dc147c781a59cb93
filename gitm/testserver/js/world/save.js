'use strict'
// A saved world is one JSON file: changed blocks, players, and what stations hold. Without a folder everything lives in memory only.

const fs = require('fs')
const path = require('path')

const FILE = 'world.json'

/** The saved world in a folder; an empty object when there is none. */
function load (folder) {
  if (!folder) return {}
  const file = path.join(folder, FILE)
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {}
}

/** Write a world whole: to a new file first, so that a killed server leaves the old one. */
function save (folder, world) {
  if (!folder) return
  fs.mkdirSync(folder, { recursive: true })
  const file = path.join(folder, FILE)
  fs.writeFileSync(`${file}.new`, JSON.stringify(world))
  fs.renameSync(`${file}.new`, file)
}

module.exports = { load, save }
