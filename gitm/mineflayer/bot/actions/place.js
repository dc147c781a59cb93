'use strict'
// Put a block down within reach: beside the feet if there is a free cell with a floor, else in a niche dug for it.

const { Ending } = require('../ending')
const { REACH } = require('../goto')
const inventory = require('../inventory')
const { away, clear } = require('../digging')
const { lay } = require('../laying')
const { wet } = require('../stairs')

const TRIES = 6

module.exports = async (ctx, { object }) => {
  const item = inventory.held(ctx, object)
  if (!(item in ctx.rules.book.blocks) && !ctx.names.isBlock(item)) {
    throw new Ending('IMPOSSIBLE', `${item} is no block and cannot be placed: apply it on something`)
  }
  if (!await inventory.takeInHand(ctx, item)) throw new Ending('TIMEOUT', `${item} did not get into your hand: try again`)
  const had = inventory.counts(ctx)[item]
  const late = () => (inventory.counts(ctx)[item] ?? 0) < had // a server that lags answers when one has turned to the next cell
  for (const cell of cells(ctx).slice(0, TRIES)) if (await lay(ctx, item, cell) || late()) return `placed ${item}`
  for (const cell of niches(ctx)) {
    if (await clear(ctx, cell) && (await lay(ctx, item, cell) || late())) return `placed ${item}`
  }
  throw new Ending('NO_PATH', `no free place for ${item} within reach: move to open ground`)
}

/** Free cells with a floor, not where the body is, the nearest first. */
function cells (ctx) {
  const { bot, sight } = ctx
  const at = bot.entity.position.floored()
  const found = []
  for (let x = -3; x <= 3; x++) {
    for (let y = -1; y <= 1; y++) {
      for (let z = -3; z <= 3; z++) {
        const cell = at.offset(x, y, z)
        if (occupied(ctx, cell) || away(ctx, cell) > REACH - 0.5) continue
        if (replaceable(ctx.names, sight.state(cell.x, cell.y, cell.z)) && firm(bot.blockAt(cell.offset(0, -1, 0), false))) found.push(cell)
      }
    }
  }
  const rank = cell => away(ctx, cell) + (Math.abs(cell.x - at.x) + Math.abs(cell.z - at.z) === 1 ? 0 : 0.5) + Math.abs(cell.y - at.y)
  return found.sort((one, other) => rank(one) - rank(other))
}

/** Cells beside the feet that could be dug free: where one stands in a tunnel. */
function niches (ctx) {
  const at = ctx.bot.entity.position.floored()
  return [[1, 0], [-1, 0], [0, 1], [0, -1]].map(([x, z]) => at.offset(x, 0, z))
    .filter(cell => !wet(ctx, cell) && firm(ctx.bot.blockAt(cell.offset(0, -1, 0), false)) && !ctx.rules.stations.has(ctx.sight.nameAt(cell.x, cell.y, cell.z)))
}

function occupied (ctx, cell) {
  const { bot } = ctx
  const inside = position => Math.abs(position.x - cell.x - 0.5) < 0.85 && Math.abs(position.z - cell.z - 0.5) < 0.85 &&
    position.y > cell.y - 1.85 && position.y < cell.y + 1
  return inside(bot.entity.position) || ctx.creatures().some(seen => seen.kind !== 'item' && inside(seen.entity.position))
}

const firm = block => block?.boundingBox === 'block' && block.shapes.length === 1 && block.shapes[0][4] === 1 && block.shapes[0][0] === 0
const replaceable = (names, state) => /^(air|short_grass|tall_grass|fern|large_fern|dead_bush|snow)$/.test(names.states[state] ?? 'air')
