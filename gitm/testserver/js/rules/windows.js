'use strict'
// Windows: the player's own with its 2x2 grid, and whichever station is open. A click that does not agree with what the server
// holds is refused and the window's real contents are sent, as in vanilla.

const { Menu, OUTSIDE } = require('./menu')

const ARMOUR = ['helmet', 'chestplate', 'leggings', 'boots']

module.exports.server = serv => {
  const { gitm, registry } = serv
  const { items } = gitm
  gitm.recipes = require('./recipes')(registry)

  /** A slot of a plain array. */
  gitm.cell = (array, index, extra = {}) => ({
    get: () => array[index] ?? null,
    set: item => { array[index] = item },
    accepts: () => true,
    ...extra
  })

  /** The 36 slots of a player's inventory as the last slots of a window. */
  gitm.pockets = player => Array.from({ length: 36 }, (_, i) => gitm.cell(player.inventory.slots, items.MAIN + i))

  gitm.makeMenu = parts => new Menu({ items, throwItem: gitm.throwItem, ...parts })

  /** Result and cells of a crafting grid. `changed(player)` tells the client the new result. */
  gitm.craftSlots = (array, width, first, changed) => {
    const size = width * width
    const grid = () => array.slice(first, first + size)
    const cells = Array.from({ length: size }, (_, i) => gitm.cell(array, first + i))
    const result = {
      get: () => {
        const made = gitm.recipes.match(grid().map(item => item ?? null), width)
        return made ? new items.Item(made.id, made.count) : null
      },
      set: () => {},
      accepts: () => false,
      output: true,
      taken: player => {
        for (const cell of cells) consume(player, cell)
        changed(player)
      }
    }
    return [result, ...cells]
  }

  function consume (player, cell) {
    const item = cell.get()
    if (!item) return
    const left = gitm.recipes.remainderOf(item)
    cell.set(items.copy(item, item.count - 1))
    if (!left) return
    const stack = items.stack(left)
    if (!cell.get()) cell.set(stack)
    else if (items.give(player, stack)) gitm.throwItem(player, stack)
  }

  gitm.openMenu = (player, kind, menu, slots) => {
    gitm.closeMenu(player)
    player.menu = menu
    player._client.write('open_window', gitm.dialect.window(menu.id, kind, slots))
    gitm.showMenu(player, menu)
  }

  /** Send a window as it really is, and what the cursor holds. */
  gitm.showMenu = (player, menu) => {
    player._client.write('window_items', gitm.dialect.contents(menu.id, menu.slots.map(slot => slot.get()), player.cursor))
    if (!gitm.dialect.clicksTellCursor) player._client.write('set_slot', gitm.dialect.slot(-1, -1, player.cursor))
  }

  /** After something was crafted; from 1.17 on a click's own answer says it. */
  gitm.tookResult = (player, menu) => { if (!gitm.dialect.clicksTellCursor) gitm.showSlot(player, menu, 0) }

  gitm.showSlot = (player, menu, slot) => {
    player._client.write('set_slot', gitm.dialect.slot(menu.id, slot, menu.slots[slot].get()))
  }

  /** Close what is open: the cursor's stack falls down, what lay in a grid goes back to the inventory. */
  gitm.closeMenu = (player, { tell = false } = {}) => {
    if (player.cursor) gitm.throwItem(player, player.cursor)
    player.cursor = null
    const { menu } = player
    player.menu = null
    if (!menu) return
    menu.closed?.(player)
    if (tell) player._client.write('close_window', { windowId: menu.id })
  }

  /** Empty a grid into the inventory; what has no room falls down. */
  gitm.emptyGrid = (player, cells) => {
    for (const cell of cells) {
      const item = cell.get()
      if (!item) continue
      cell.set(null)
      const left = items.give(player, item)
      if (left) gitm.throwItem(player, items.copy(item, left))
    }
  }
}

/** flying-squid tells a slot without its window's state, and the client's next clicks would be taken for stale ones. */
function tellState (player, gitm) {
  if (gitm.faults.includes('forgotten_state')) return
  const write = player._client.write.bind(player._client)
  player._client.write = (name, params) => write(name, name === 'set_slot' ? { ...gitm.dialect.state, ...params } : params)
}

module.exports.player = (player, serv) => {
  const { gitm } = serv
  const { items } = gitm
  tellState(player, gitm)
  player.cursor = null
  player.menu = null
  player.nextWindow = () => { player.windowId = (player.windowId ?? 0) % 100 + 1; return player.windowId }

  const { slots } = player.inventory
  const own = gitm.makeMenu({
    id: 0,
    hotbar: items.HOTBAR,
    slots: [
      ...gitm.craftSlots(slots, 2, 1, () => gitm.tookResult(player, own)),
      ...ARMOUR.map((part, i) => gitm.cell(slots, 5 + i, { accepts: item => item.name.endsWith(part) })),
      ...gitm.pockets(player),
      gitm.cell(slots, 45)
    ],
    quick: (index, item) => {
      if (index < 9) return [[9, 45, index === 0]]
      const part = ARMOUR.findIndex(name => item.name.endsWith(name))
      if (part >= 0 && !slots[5 + part]) return [[5 + part, 6 + part]]
      return index < items.HOTBAR ? [[36, 45]] : [[9, 36]]
    }
  })
  own.closed = () => gitm.emptyGrid(player, own.slots.slice(1, 5))

  player._client.on('window_click', packet => {
    const menu = packet.windowId === 0 ? own : player.menu
    if (!menu || menu.id !== packet.windowId || player.health <= 0) return
    const before = menu.slots[packet.slot]?.get() ?? null
    const grid = gridOf(menu)
    menu.click(player, packet)
    const agreed = agrees(packet, before)
    if (gridOf(menu) !== grid) gitm.showSlot(player, menu, 0)
    if (gitm.dialect.knows('transaction') && !gitm.faults.includes('unconfirmed_clicks')) {
      player._client.write('transaction', { windowId: menu.id, action: packet.action, accepted: agreed })
    }
    if (!agreed && !gitm.faults.includes('lost_cursor')) gitm.showMenu(player, menu)
    player.setEquipment(0, items.held(player))
  })

  player._client.on('close_window', ({ windowId }) => {
    if (windowId === 0) own.closed()
    else if (player.menu?.id === windowId) gitm.closeMenu(player)
  })

  player.on('gitm_own_grid', () => own.closed())

  /** What lies in the cells of a crafting grid: as in vanilla the result is told when that changes, and only then. */
  function gridOf (menu) {
    const cells = menu === own ? menu.slots.slice(1, 5) : menu.crafts ? menu.slots.slice(1, 10) : []
    return cells.map(cell => cell.get()).map(item => item ? `${item.name} ${item.count}` : '').join()
  }

  /** Whether the client saw what the server has. */
  function agrees (packet, before) {
    if (!gitm.dialect.clicksTellCursor && (packet.mode !== 0 || packet.slot === OUTSIDE)) return true
    return gitm.dialect.agrees(packet, before, player.cursor)
  }
}
