'use strict'
// Laying a recipe out: the shape is the server version's, what lies in each cell is what was chosen, so that a mix of woods does as well.

/** A recipe for bot.craft whose cells hold what is in `available`, and how many times in a row it can be made so; null when there is none. */
function layouts (ctx, item, fact, available, most) {
  const { bot, names } = ctx
  const goal = names.item(item)
  if (!goal) return null
  for (const recipe of bot.recipesAll(goal.id, goal.metadata ?? null, true)) {
    if (recipe.requiresTable !== Boolean(fact.station) && recipe.requiresTable) continue
    const cells = cellsOf(recipe)
    const parts = assign(ctx, cells, fact)
    if (!parts) continue
    const chosen = fill(ctx, parts, { ...available })
    if (chosen) return { recipe: withCells(recipe, cells, chosen, names), times: timesOf(chosen, available, most) }
  }
  return null
}

/** The recipes for an item: the rule book's, unless the server's version makes it in another way only; undefined when nothing makes it. */
function recipesOf (ctx, item) {
  const goal = ctx.names.item(item)
  const own = goal ? ctx.bot.recipesAll(goal.id, goal.metadata ?? null, true) : []
  const book = ctx.rules.crafts[item]
  if (!own.length || book?.some(fact => own.some(recipe => assign(ctx, cellsOf(recipe), fact)))) return book
  return own.map(recipe => factOf(ctx, item, recipe))
}

/** A recipe of the server's version in the words of the rule book. */
function factOf (ctx, item, recipe) {
  const counts = {}
  for (const { cell } of cellsOf(recipe)) {
    const [name] = ctx.names.ofCell(cell)
    counts[name] = (counts[name] ?? 0) + 1
  }
  const materials = Object.entries(counts).map(([name, count]) => ({ item: name, count }))
  return { item, count: recipe.result.count, materials, station: recipe.requiresTable ? 'crafting_table' : null }
}

/** The filled cells of a recipe, in order. */
function cellsOf (recipe) {
  const shaped = (recipe.inShape ?? []).flatMap((row, y) => row.map((cell, x) => ({ cell, x, y })))
  const loose = (recipe.ingredients ?? []).map((cell, at) => ({ cell, at }))
  return [...shaped, ...loose].filter(({ cell }) => cell.id !== -1)
}

/** For each cell the items that will do, by the rule book's parts; null when the recipe is another one than the rule book's. */
function assign (ctx, cells, fact) {
  const left = fact.materials.map(({ item, count = 1 }) => ({ members: ctx.rules.members(item), count }))
  const parts = []
  for (const { cell } of cells) {
    const names = ctx.names.ofCell(cell)
    const part = left.find(part => part.count > 0 && part.members.some(member => names.includes(member)))
    if (!part) return null
    part.count--
    parts.push(part.members)
  }
  return left.every(part => part.count === 0) ? parts : null
}

/** One item for each cell out of what there is, those there is most of first; null when it does not reach. */
function fill (ctx, parts, left) {
  const chosen = []
  for (const members of parts) {
    const name = members.filter(name => left[name] > 0).sort((one, other) => left[other] - left[one])[0]
    if (!name) return null
    left[name]--
    chosen.push(name)
  }
  return uniform(parts, chosen, left) ?? chosen
}

/** The same out of one kind only, when that reaches: fewer clicks. */
function uniform (parts, chosen, left) {
  const full = { ...left }
  for (const name of chosen) full[name]++
  const even = []
  for (const members of parts) {
    const need = parts.filter(other => other === members).length
    const name = members.find(name => full[name] >= need)
    if (!name) return null
    even.push(name)
  }
  return even
}

function timesOf (chosen, available, most) {
  const each = {}
  for (const name of chosen) each[name] = (each[name] ?? 0) + 1
  return Math.max(1, Math.min(most, ...Object.entries(each).map(([name, count]) => Math.floor(available[name] / count))))
}

function withCells (recipe, cells, chosen, names) {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(recipe)), recipe)
  copy.inShape = recipe.inShape?.map(row => row.map(cell => ({ ...cell }))) ?? null
  copy.ingredients = recipe.ingredients?.map(cell => ({ ...cell })) ?? null
  cells.forEach(({ x, y, at }, index) => {
    const cell = at === undefined ? copy.inShape[y][x] : copy.ingredients[at]
    const item = names.item(chosen[index])
    Object.assign(cell, { id: item.id, metadata: item.metadata ?? null })
  })
  return copy
}

module.exports = { layouts, recipesOf }
