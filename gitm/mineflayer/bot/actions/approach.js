'use strict'
// Go within reach of the nearest one in sight; to one that is buried, dig.

const { Ending } = require('../ending')
const { reachBlock, near, REACH } = require('../goto')
const inventory = require('../inventory')
const { away } = require('../digging')
const { needPick, towards } = require('../stairs')
const { sighted } = require('./explore')

const CLOSE = 3.5 // blocks from the eye: near enough to dig, use and open
const TRIES = 2
const CHASES = 12 // times one turns after a creature that has moved

module.exports = async (ctx, { object }) => {
  const names = inventory.resolve(ctx, object, 'block or mob')
  const start = ctx.bot.entity.position.clone()
  const blocks = ctx.sight.find(names, { most: TRIES })
  // what lies within reach already is no reason not to go to the block of that name
  const creatures = ctx.creatures().filter(seen => names.includes(seen.name) && !(blocks.length && seen.kind === 'item' && seen.distance <= REACH))
  if (creatures.length && !(blocks[0]?.distance < creatures[0].distance)) return toCreature(ctx, creatures[0], start)
  if (blocks.length) return toBlock(ctx, blocks, names, start)
  if (sighted(ctx, names)) return `you are in the ${object}`
  throw new Ending('NOT_FOUND', `no ${object} in sight: explore first`)
}

async function toBlock (ctx, blocks, names, start) {
  let problem
  for (const { position } of blocks) {
    if (problem) ctx.report('tried another one')
    if (away(ctx, position) > CLOSE) {
      try {
        await reachBlock(ctx, position, names[0], { ms: 20_000 })
      } catch (error) {
        ctx.task.check()
        problem = error
        if (!await digTo(ctx, position)) continue
      }
    }
    return done(ctx, ctx.sight.nameAt(position.x, position.y, position.z) ?? names[0], start)
  }
  needPick(ctx)
  throw problem
}

/** When there is no way and it is near, tunnel. */
async function digTo (ctx, position) {
  for (let gone = 0; gone < 24; gone++) {
    if (away(ctx, position) <= CLOSE) return true
    if (!await towards(ctx, position)) return false
  }
  return false
}

async function toCreature (ctx, { entity, name }, start) {
  const close = () => !ctx.bot.entities[entity.id] || entity.position.distanceTo(ctx.bot.entity.position) <= 2.5
  for (let go = 0; go < CHASES && !close(); go++) {
    const ms = Math.min(20_000, 4000 + 500 * entity.position.distanceTo(ctx.bot.entity.position)) // a long way takes long to think out
    await near(ctx, entity.position, 1, name, { ms, enough: close }).catch(error => {
      ctx.task.check()
      if (error.code === 'NO_PATH' && go > 2) throw error
    })
  }
  if (!ctx.bot.entities[entity.id]) throw new Ending('NOT_FOUND', `the ${name} is gone: explore for another`)
  if (!close()) throw new Ending('TIMEOUT', `the ${name} keeps away: approach it again`)
  return done(ctx, name, start)
}

function done (ctx, name, start) {
  return `${name} is within reach after ${Math.round(ctx.bot.entity.position.distanceTo(start))} blocks`
}

module.exports.toCreature = toCreature
