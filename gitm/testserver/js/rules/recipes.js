'use strict'
// Which item a crafting grid makes: the recipes of minecraft-data, looked up by what lies in the grid. That data lists a stick once for each
// wood; in vanilla one recipe takes any, so a grid of several woods makes what each of them alone would make.

/** What a recipe leaves of an ingredient in its place. */
const REMAINDERS = { milk_bucket: 'bucket', water_bucket: 'bucket', lava_bucket: 'bucket', honey_bottle: 'glass_bottle' }

/** Items that many recipes do not tell apart (the item tags of vanilla): the first of its kind that fits stands for all. */
const KINDS = [/_planks$/, /^(stripped_)?(oak|birch|spruce|jungle|acacia|dark_oak)_(log|wood)$/, /^(oak|birch|spruce|jungle|acacia|dark_oak)_slab$/,
  /^(cobblestone|blackstone)$/]

const idOf = cell => typeof cell === 'number' ? cell : cell?.id > 0 ? cell.id : null

/** Rows without the empty rows and columns around them. */
function trim (rows) {
  const filled = rows.map(row => row.some(cell => cell !== null))
  const height = rows.slice(filled.indexOf(true), filled.lastIndexOf(true) + 1)
  const used = height[0].map((_, x) => height.some(row => row[x] !== null))
  return height.map(row => row.slice(used.indexOf(true), used.lastIndexOf(true) + 1))
}

const shapeKey = rows => trim(rows).map(row => row.map(cell => cell ?? '-').join(',')).join('/')
const bagKey = ids => [...ids].sort((a, b) => a - b).join('+')

module.exports = registry => {
  const shapes = new Map()
  const bags = new Map()
  const mixes = new Map() // by the shape of kinds: what it makes, null when that depends on the members
  const kinds = new Map()
  for (const kind of KINDS) {
    const members = registry.itemsArray.filter(item => kind.test(item.name)).map(item => item.id)
    for (const id of members) kinds.set(id, members[0])
  }
  const kindOf = id => kinds.get(id) ?? id

  function learn (rows, result) {
    shapes.set(shapeKey(rows), result)
    const mix = shapeKey(rows.map(row => row.map(kindOf)))
    const known = mixes.get(mix)
    mixes.set(mix, known === undefined || (known?.id === result.id && known.count === result.count) ? result : null)
  }

  for (const recipe of Object.values(registry.recipes).flat()) {
    if (recipe.inShape) {
      const width = Math.max(...recipe.inShape.map(row => row.length))
      const rows = recipe.inShape.map(row => Array.from({ length: width }, (_, x) => idOf(row[x])))
      learn(rows, recipe.result)
      learn(rows.map(row => [...row].reverse()), recipe.result)
    } else if (recipe.ingredients) bags.set(bagKey(recipe.ingredients.map(idOf)), recipe.result)
  }

  /** `{ id, count }` that a grid of items (row by row, `width` wide; null for empty) makes, or null. */
  function match (grid, width) {
    const ids = grid.map(item => item?.type ?? null)
    if (ids.every(id => id === null)) return null
    const rows = Array.from({ length: ids.length / width }, (_, y) => ids.slice(y * width, (y + 1) * width))
    const mix = () => mixes.get(shapeKey(rows.map(row => row.map(kindOf))))
    return shapes.get(shapeKey(rows)) ?? bags.get(bagKey(ids.filter(id => id !== null))) ?? mix() ?? null
  }

  const remainderOf = item => REMAINDERS[item.name] ?? null

  return { match, remainderOf }
}
