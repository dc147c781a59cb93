'use strict'
// What players changed. flying-squid forgets a chunk that nobody sees, so changes are kept here and laid over the generated chunk
// when it is made again; they are also all that a saved world needs.

class Edits {
  constructor () {
    this.chunks = new Map() // "cx,cz" -> Map(packed place -> state)
  }

  note (x, y, z, state) {
    const key = `${x >> 4},${z >> 4}`
    if (!this.chunks.has(key)) this.chunks.set(key, new Map())
    this.chunks.get(key).set((y << 8) | ((z & 15) << 4) | (x & 15), state)
  }

  /** A generator whose chunks carry the changes. */
  over (generate) {
    return (cx, cz) => {
      const column = generate(cx, cz)
      for (const [place, state] of this.chunks.get(`${cx},${cz}`) ?? []) {
        column.setBlockStateId({ x: place & 15, y: place >> 8, z: (place >> 4) & 15 }, state)
      }
      return column
    }
  }

  toJSON () {
    return Object.fromEntries([...this.chunks].map(([key, changes]) => [key, [...changes]]))
  }

  static from (json = {}) {
    const edits = new Edits()
    for (const [key, changes] of Object.entries(json)) edits.chunks.set(key, new Map(changes))
    return edits
  }
}

/** Keep every change that goes through the world's own `setBlockStateId`. */
function watch (world, edits) {
  const set = world.setBlockStateId.bind(world)
  world.setBlockStateId = async (position, state) => {
    const { x, y, z } = position.floored()
    edits.note(x, y, z, state)
    await set(position, state)
  }
}

module.exports = { Edits, watch }
