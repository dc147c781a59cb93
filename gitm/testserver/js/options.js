'use strict'
// The command line, as the Python side writes it.

/** Known ways in which real servers differ from vanilla; each can be switched on to test a bot against it. */
const FAULTS = {
  unconfirmed_clicks: 'window clicks are never confirmed (the transaction packet of 1.16 and before)',
  silent_respawn: 'no health update after a respawn',
  lost_cursor: 'a click that is refused is not followed by the real contents of the window',
  forgotten_state: 'a slot is told without the number of the window\'s state (since 1.17.1): the next clicks are taken for stale ones'
}

const DEFAULTS = { port: 25565, seed: 1, version: '1.16.5', view: 6, save: '', mobs: true, control: false, faults: [] }

/** `--name=value` options into an object; throws for one that is unknown. */
function parse (args) {
  const options = { ...DEFAULTS, faults: [] }
  for (const arg of args) {
    const [, name, value] = /^--(\w+)=(.*)$/.exec(arg) ?? []
    if (!(name in DEFAULTS)) throw new Error(`unknown option ${arg}`)
    const kind = DEFAULTS[name]
    options[name] = Array.isArray(kind) ? value.split(',').filter(Boolean)
      : typeof kind === 'number' ? Number(value)
        : typeof kind === 'boolean' ? value === 'true'
          : value
  }
  const strange = options.faults.find(fault => !(fault in FAULTS))
  if (strange) throw new Error(`unknown fault ${strange}; there are ${Object.keys(FAULTS).join(', ')}`)
  return options
}

module.exports = Object.assign(parse, { FAULTS })
