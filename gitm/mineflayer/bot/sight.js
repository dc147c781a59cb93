'use strict'
// What is in sight: blocks that lie bare within 32 blocks, and whatever is within 4. Sections of 16x16x16 are read once and kept until
// something in them changes, so that looking costs next to nothing.

const { Vec3 } = require('vec3')

const FAR = 32
const BARE = 4 // blocks within which nothing stays hidden
const SIZE = 16
const BESIDE = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
/** Blocks of which there is no end: of these only the ones that lie bare are kept. */
const BULK = new Set(['stone', 'deepslate', 'dirt', 'grass_block', 'bedrock', 'netherrack', 'end_stone', 'sand', 'sandstone', 'granite',
  'diorite', 'andesite', 'tuff', 'water', 'lava'])

class Sight {
  constructor (bot, names) {
    this.bot = bot
    this.names = names
    this.sections = new Map()
    this.clear = new Uint8Array(names.states.length) // by block state: can one see through it?
    for (const block of bot.registry.blocksArray) {
      const open = block.boundingBox === 'empty' || block.transparent
      for (let state = block.minStateId; state <= block.maxStateId; state++) this.clear[state] = open ? 1 : 0
    }
    this._point = new Vec3(0, 0, 0)
    bot.on('blockUpdate', (old, block) => block && this._forget(block.position))
    bot.on('chunkColumnLoad', at => this._forgetColumn(at.x >> 4, at.z >> 4))
    bot.on('chunkColumnUnload', at => this._forgetColumn(at.x >> 4, at.z >> 4))
  }

  /** The block state at a place; -1 where nothing is loaded. */
  state (x, y, z) {
    const column = this._column(x >> 4, z >> 4)
    const low = this.bot.game.minY ?? 0
    if (!column || y < low || y >= low + (this.bot.game.height ?? 256)) return -1
    this._point.set(x & 15, y, z & 15)
    return column.getBlockStateId(this._point)
  }

  /** The canonical name at a place, null for air. */
  nameAt (x, y, z) {
    return this.names.states[this.state(x, y, z)] ?? null
  }

  /** Every block in sight, as name -> [x, y, z, squared distance] of the nearest, and how many. */
  survey () {
    const eye = this.eye()
    const found = new Map()
    const add = (name, x, y, z) => {
      const away = (x + 0.5 - eye.x) ** 2 + (y + 0.5 - eye.y) ** 2 + (z + 0.5 - eye.z) ** 2
      if (away > FAR ** 2) return // sections reach further; what is told as seen must be what actions find
      const seen = found.get(name)
      if (!seen) found.set(name, { count: 1, away, x, y, z })
      else {
        seen.count++
        if (away < seen.away) Object.assign(seen, { away, x, y, z })
      }
    }
    for (const section of this._around(eye)) {
      for (const [name, places] of section.bare) for (let at = 0; at < places.length; at += 3) add(name, places[at], places[at + 1], places[at + 2])
    }
    const bare = new Set(found.keys())
    for (const [name, x, y, z] of this._close(eye)) if (!bare.has(name)) add(name, x, y, z)
    return found
  }

  /** The nearest blocks of those names: in sight, or with `buried` also hidden ones, nearest first. */
  find (names, { buried = false, within = FAR, most = 32 } = {}) {
    const eye = this.eye()
    const found = new Map()
    const add = (x, y, z) => {
      const away = Math.sqrt((x + 0.5 - eye.x) ** 2 + (y + 0.5 - eye.y) ** 2 + (z + 0.5 - eye.z) ** 2)
      if (away <= within) found.set(`${x} ${y} ${z}`, { position: new Vec3(x, y, z), distance: away })
    }
    for (const section of this._around(eye)) {
      for (const name of names) {
        for (const places of buried ? [section.bare.get(name), section.hidden.get(name)] : [section.bare.get(name)]) {
          if (places) for (let at = 0; at < places.length; at += 3) add(places[at], places[at + 1], places[at + 2])
        }
      }
    }
    for (const [name, x, y, z] of this._close(eye)) if (names.includes(name)) add(x, y, z)
    return [...found.values()].sort((one, other) => one.distance - other.distance).slice(0, most)
  }

  /** The nearest one, or null. */
  nearest (names, options) {
    return this.find(names, { ...options, most: 1 })[0] ?? null
  }

  /** Whether nothing opaque lies on the straight line between the eye and a place. */
  sees (place) {
    const eye = this.eye()
    const steps = Math.ceil(eye.distanceTo(place) * 2)
    for (let step = 1; step < steps; step++) {
      const { x, y, z } = place.minus(eye).scaled(step / steps).add(eye).floored()
      const state = this.state(x, y, z)
      if (state >= 0 && !this.clear[state]) return false
    }
    return true
  }

  eye () {
    return this.bot.entity.position.offset(0, 1.62, 0)
  }

  * _close (eye) {
    const [cx, cy, cz] = [Math.floor(eye.x), Math.floor(eye.y), Math.floor(eye.z)]
    for (let x = cx - BARE; x <= cx + BARE; x++) {
      for (let y = cy - BARE; y <= cy + BARE; y++) {
        for (let z = cz - BARE; z <= cz + BARE; z++) {
          const name = this.nameAt(x, y, z)
          if (name) yield [name, x, y, z]
        }
      }
    }
  }

  * _around (eye) {
    const [cx, cy, cz] = [Math.floor(eye.x) >> 4, Math.floor(eye.y) >> 4, Math.floor(eye.z) >> 4]
    const reach = FAR / SIZE
    for (let x = cx - reach; x <= cx + reach; x++) {
      for (let z = cz - reach; z <= cz + reach; z++) {
        for (let y = cy - reach; y <= cy + reach; y++) {
          const section = this._section(x, y, z)
          if (section) yield section
        }
      }
    }
  }

  _section (cx, cy, cz) {
    const key = `${cx},${cy},${cz}`
    const kept = this.sections.get(key)
    if (kept !== undefined) return kept
    const column = this._column(cx, cz)
    if (!column) return null // not loaded yet: look again next time
    const section = this._read(column, cx * SIZE, cy * SIZE, cz * SIZE)
    if (this.sections.size > 4000) this.sections.clear()
    this.sections.set(key, section)
    return section
  }

  _column (cx, cz) {
    return this.bot.world.getColumn(cx, cz)
  }

  _read (column, x0, y0, z0) {
    const low = this.bot.game.minY ?? 0
    if (y0 < low || y0 >= low + (this.bot.game.height ?? 256)) return null
    const states = new Int32Array(SIZE ** 3)
    const point = new Vec3(0, 0, 0)
    let any = 0
    for (let y = 0, at = 0; y < SIZE; y++) {
      for (let z = 0; z < SIZE; z++) {
        for (let x = 0; x < SIZE; x++, at++) {
          point.x = x
          point.y = y0 + y
          point.z = z
          any |= states[at] = column.getBlockStateId(point)
        }
      }
    }
    return any ? this._sort(states, x0, y0, z0) : null
  }

  _sort (states, x0, y0, z0) {
    const bare = new Map()
    const hidden = new Map()
    for (let at = 0; at < states.length; at++) {
      const name = this.names.states[states[at]]
      if (!name) continue
      const [x, y, z] = [at & 15, at >> 8, (at >> 4) & 15]
      const open = this._liesBare(states, x, y, z, x0, y0, z0)
      if (!open && BULK.has(name)) continue
      const places = open ? bare : hidden
      if (!places.has(name)) places.set(name, [])
      places.get(name).push(x0 + x, y0 + y, z0 + z)
    }
    return { bare, hidden }
  }

  _liesBare (states, x, y, z, x0, y0, z0) {
    for (const [dx, dy, dz] of BESIDE) {
      const [nx, ny, nz] = [x + dx, y + dy, z + dz]
      const inside = nx >= 0 && nx < SIZE && ny >= 0 && ny < SIZE && nz >= 0 && nz < SIZE
      const state = inside ? states[nx | (nz << 4) | (ny << 8)] : this.state(x0 + nx, y0 + ny, z0 + nz)
      if (state >= 0 && this.clear[state]) return true
    }
    return false
  }

  _forget (at) {
    for (const [dx, dy, dz] of [[0, 0, 0], ...BESIDE]) {
      this.sections.delete(`${(at.x + dx) >> 4},${(at.y + dy) >> 4},${(at.z + dz) >> 4}`)
    }
  }

  _forgetColumn (cx, cz) {
    for (const key of this.sections.keys()) {
      const [x, , z] = key.split(',').map(Number)
      if (Math.abs(x - cx) <= 1 && Math.abs(z - cz) <= 1) this.sections.delete(key)
    }
  }
}

module.exports = { Sight, FAR }
