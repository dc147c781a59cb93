'use strict'
// How an action ends with anything but OK, and the small words that messages are made of (the stub's wording).

/** An action ends: a code of gitm.types.Code, one sentence that names the mend, and what is missing. */
class Ending extends Error {
  constructor (code, message, missing = {}) {
    super(message.replace(/\s+/g, ' '))
    this.code = code
    this.missing = missing
  }
}

/** A name with its article: "a zombie", "an axe". */
const a = name => `${'aeiou'.includes(name[0]) ? 'an' : 'a'} ${name}`

/** {stick: 3, oak_log: 1} as "3 stick and 1 oak_log". */
function amounts (counts) {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  if (parts.length < 2) return parts[0] ?? 'nothing'
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

module.exports = { Ending, a, amounts }
