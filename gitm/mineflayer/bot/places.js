'use strict'
// Where blocks were seen: of each kind a few places that lie well apart.

const { Vec3 } = require('vec3')

const APART = 24 // blocks between two places that are remembered
const MOST = 8 // places of a kind, the latest

class Places {
  constructor () {
    this._known = new Map() // name -> places, the latest last
  }

  /** Take in what `Sight.survey` tells. */
  note (survey) {
    for (const [name, { x, y, z }] of survey) {
      const place = new Vec3(x, y, z)
      const places = this._known.get(name) ?? []
      if (places.some(other => other.distanceTo(place) < APART)) continue
      this._known.set(name, [...places, place].slice(-MOST))
    }
  }

  /** The nearest place where one of those was seen; null when none was. */
  nearest (names, from) {
    const places = names.flatMap(name => this._known.get(name) ?? [])
    return places.sort((one, other) => one.distanceTo(from) - other.distanceTo(from))[0] ?? null
  }

  /** There is none of it there any more. */
  forget (names, place) {
    for (const name of names) this._known.set(name, (this._known.get(name) ?? []).filter(other => other !== place))
  }
}

module.exports = { Places }
