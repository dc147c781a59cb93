'use strict'
// Seeded chance that depends on a place alone: the same seed and place give the same number on every machine, in any order.

/** Mix integers into an unsigned 32-bit hash (the finaliser of MurmurHash3 after each word). */
function hash (...words) {
  let h = 0x9e3779b9
  for (const word of words) {
    h ^= word | 0
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    h ^= h >>> 16
  }
  return h >>> 0
}

/** A stream of numbers in [0, 1) for one place. `below(n)` gives an integer in [0, n), `between(a, b)` one in [a, b]. */
function dice (...words) {
  let state = hash(...words)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    return hash(state) / 4294967296
  }
  next.below = n => Math.floor(next() * n)
  next.between = (low, high) => low + next.below(high - low + 1)
  return next
}

const smooth = t => t * t * (3 - 2 * t)
const mix = (a, b, t) => a + (b - a) * t

/** Value noise in [-1, 1] of a plane; one bump is about `scale` blocks wide. */
function plane (seed, scale) {
  const corner = (x, z) => hash(seed, x, z) / 2147483648 - 1
  return (x, z) => {
    const fx = x / scale
    const fz = z / scale
    const ix = Math.floor(fx)
    const iz = Math.floor(fz)
    const tx = smooth(fx - ix)
    const tz = smooth(fz - iz)
    return mix(mix(corner(ix, iz), corner(ix + 1, iz), tx), mix(corner(ix, iz + 1), corner(ix + 1, iz + 1), tx), tz)
  }
}

/** Value noise in [-1, 1] of space. */
function space (seed, scale, scaleY = scale) {
  const corner = (x, y, z) => hash(seed, x, y, z) / 2147483648 - 1
  return (x, y, z) => {
    const [fx, fy, fz] = [x / scale, y / scaleY, z / scale]
    const [ix, iy, iz] = [Math.floor(fx), Math.floor(fy), Math.floor(fz)]
    const [tx, ty, tz] = [smooth(fx - ix), smooth(fy - iy), smooth(fz - iz)]
    const face = z => mix(
      mix(corner(ix, iy, z), corner(ix + 1, iy, z), tx),
      mix(corner(ix, iy + 1, z), corner(ix + 1, iy + 1, z), tx), ty)
    return mix(face(iz), face(iz + 1), tz)
  }
}

module.exports = { hash, dice, plane, space }
