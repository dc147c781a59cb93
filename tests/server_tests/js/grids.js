'use strict'
// What grids make: reads rows of item names (null for empty) per grid from stdin, prints "item count" or null for each.

const registry = require('prismarine-registry')('1.16.5')
const { match } = require(`${process.argv[2]}/recipes.js`)(registry)

const item = name => name && { type: registry.itemsByName[name].id }
const grids = JSON.parse(require('fs').readFileSync(0, 'utf8'))
console.log(JSON.stringify(grids.map(rows => {
  const made = match(rows.flat().map(item), rows[0].length)
  return made && `${registry.items[made.id].name} ${made.count}`
})))
