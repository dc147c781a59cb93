'use strict'
// What bursts: whoever is near is hurt, the less the farther away, and soft blocks around are gone (wiki, "Explosion", power 3).

const HURTS = 6 // blocks
const BREAKS = 2
const SOFT = 3 // hardness from which a block stays

module.exports.server = serv => {
  const { gitm } = serv

  /** `points` is what it does to whoever stands in its middle. */
  gitm.explode = (center, points, cause) => {
    for (const player of serv.players) {
      const impact = 1 - player.position.distanceTo(center) / HURTS
      if (player.health > 0 && impact > 0) player.hurt(Math.floor((impact * impact + impact) / 2 * (points - 1)) + 1, cause, { always: true })
    }
    return hole(center.floored())
  }

  async function hole (middle) {
    for (let x = -BREAKS; x <= BREAKS; x++) {
      for (let y = -BREAKS; y <= BREAKS; y++) {
        for (let z = -BREAKS; z <= BREAKS; z++) {
          const block = gitm.at(middle.offset(x, y, z))
          if (Math.hypot(x, y, z) > BREAKS || !block || gitm.isLiquid(block) || block.hardness === null || block.hardness >= SOFT) continue
          if (block.name !== 'air') await gitm.put(middle.offset(x, y, z), 0)
        }
      }
    }
  }
}
