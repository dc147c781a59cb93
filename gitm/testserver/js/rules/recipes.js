'use strict'
// Which item a crafting grid makes: the recipes of minecraft-data, looked up by what lies in the grid.

/** What a recipe leaves of an ingredient in its place. */
const REMAINDERS = { milk_bucket: 'bucket', water_bucket: 'bucket', lava_bucket: 'bucket', honey_bottle: 'glass_bottle' }

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
  for (const recipe of Object.values(registry.recipes).flat()) {
    if (recipe.inShape) {
      const width = Math.max(...recipe.inShape.map(row => row.length))
      const rows = recipe.inShape.map(row => Array.from({ length: width }, (_, x) => idOf(row[x])))
      shapes.set(shapeKey(rows), recipe.result)
      shapes.set(shapeKey(rows.map(row => [...row].reverse())), recipe.result)
    } else if (recipe.ingredients) bags.set(bagKey(recipe.ingredients.map(idOf)), recipe.result)
  }

  /** `{ id, count }` that a grid of items (row by row, `width` wide; null for empty) makes, or null. */
  function match (grid, width) {
    const ids = grid.map(item => item?.type ?? null)
    if (ids.every(id => id === null)) return null
    const rows = Array.from({ length: ids.length / width }, (_, y) => ids.slice(y * width, (y + 1) * width))
    return shapes.get(shapeKey(rows)) ?? bags.get(bagKey(ids.filter(id => id !== null))) ?? null
  }

  const remainderOf = item => REMAINDERS[item.name] ?? null

  return { match, remainderOf }
}
