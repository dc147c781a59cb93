'use strict'
// How mobs walk: straight to their goal, up and down one block, pushed back when hit, afloat in water.

const GRAVITY = 0.08
const HIGHEST_FALL = 1.5 // blocks a tick

/** Where a mob is one tick later: `{ position, onGround }`. */
function step (mob, gitm) {
  let { x, y, z } = mob.position
  if (!gitm.at(mob.position)) return { position: mob.position, onGround: true } // nobody has that chunk
  const at = (px, py, pz) => gitm.solid(new gitm.Vec3(px, py, pz))
  const wet = gitm.at(mob.position)?.name === 'water'
  const standing = at(x, y - 0.01, z)
  const [dx, dz] = wish(mob)
  if (dx || dz) {
    const [nx, nz] = [x + dx, z + dz]
    const ahead = [nx + Math.sign(dx) * 0.35, nz + Math.sign(dz) * 0.35]
    const blocked = at(ahead[0], y + 0.1, ahead[1]) || at(nx, y + 0.1, nz)
    const climb = blocked && (standing || wet) && !at(ahead[0], y + 1.1, ahead[1]) && !at(nx, y + 1.1, nz) && !at(x, y + 2.1, z)
    if (climb) [x, y, z] = [nx, Math.floor(y) + 1, nz]
    else if (!blocked && !at(ahead[0], y + 1.1, ahead[1])) [x, z] = [nx, nz]
    if (climb) return rest(mob, gitm, x, y, z, true)
  }
  if (wet) return rest(mob, gitm, x, y + (at(x, y + 1, z) ? 0 : 0.06), z, false)
  if (at(x, y - 0.01, z)) return rest(mob, gitm, x, Math.round(y), z, true)
  mob.fall = Math.min((mob.fall ?? 0) + GRAVITY, HIGHEST_FALL)
  const low = y - mob.fall
  return at(x, low, z) ? rest(mob, gitm, x, Math.floor(low) + 1, z, true) : { position: new gitm.Vec3(x, low, z), onGround: false }
}

function rest (mob, gitm, x, y, z, onGround) {
  mob.fall = 0
  return { position: new gitm.Vec3(x, y, z), onGround }
}

/** The horizontal step it wants to take. */
function wish (mob) {
  if (mob.health <= 0) return [0, 0]
  if (mob.push?.ticks > 0) {
    mob.push.ticks--
    return [mob.push.x, mob.push.z]
  }
  if (!mob.goal) return [0, 0]
  const [dx, dz] = [mob.goal.x - mob.position.x, mob.goal.z - mob.position.z]
  const far = Math.hypot(dx, dz)
  if (far < 0.9) return [0, 0]
  const speed = mob.kind.speed * (mob.hurry ? 1.8 : 1)
  return [dx / far * speed, dz / far * speed]
}

module.exports = { step }
