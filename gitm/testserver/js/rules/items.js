'use strict'
// Items and the 46 slots of a player's inventory: 0 result, 1-4 grid, 5-8 armour, 9-35 main, 36-44 hotbar, 45 off hand.

module.exports = registry => {
  const Item = require('prismarine-item')(registry)
  const nbt = require('prismarine-nbt')
  const HOTBAR = 36
  const MAIN = 9
  const END = 45

  /** A stack of an item by its name, or null when there is no such item or none of it. */
  function stack (name, count = 1) {
    const kind = registry.itemsByName[name]
    return kind && count > 0 ? new Item(kind.id, count) : null
  }

  const copy = (item, count = item.count) => item && count > 0 ? new Item(item.type, count, item.metadata, item.nbt) : null
  const alike = (a, b) => Item.equal(a, b, false)

  /** Slots in the order in which vanilla fills them: hotbar first. */
  const filling = [...Array(9).keys()].map(i => HOTBAR + i).concat([...Array(27).keys()].map(i => MAIN + i))

  /** Put as much of a stack as fits into the inventory; returns how many did not fit. */
  function give (player, item) {
    const slots = player.inventory.slots
    let left = item.count
    for (const slot of filling) {
      const there = slots[slot]
      if (left > 0 && there && alike(there, item) && there.count < there.stackSize) left -= add(slot, there.count)
    }
    for (const slot of filling) if (left > 0 && !slots[slot]) left -= add(slot, 0)
    return left

    function add (slot, before) {
      const moved = Math.min(left, item.stackSize - before)
      setSlot(player, slot, copy(item, before + moved))
      return moved
    }
  }

  /** Set a slot and tell the player, in whichever window is open. */
  function setSlot (player, slot, item) {
    player.inventory.updateSlot(slot, item)
    player.menu?.inventoryChanged(slot)
  }

  const held = player => player.inventory.slots[HOTBAR + player.heldItemSlot] ?? null
  const setHeld = (player, item) => setSlot(player, HOTBAR + player.heldItemSlot, item)

  /** Use up some of the stack in hand. */
  const takeHeld = (player, count = 1) => setHeld(player, copy(held(player), held(player).count - count))

  const wearOf = item => item.nbt?.value?.Damage?.value ?? 0

  /** A tool after so many more uses, or null when it breaks. */
  function worn (item, uses) {
    const damage = wearOf(item) + uses
    if (damage >= item.maxDurability) return null
    return new Item(item.type, 1, item.metadata, nbt.comp({ ...item.nbt?.value, Damage: nbt.int(damage) }))
  }

  /** Wear the tool in hand; one without durability stays as it is. */
  function wear (player, uses) {
    const tool = held(player)
    if (uses > 0 && tool?.maxDurability) setHeld(player, worn(tool, uses))
  }

  return { Item, HOTBAR, MAIN, END, stack, copy, alike, give, setSlot, held, setHeld, takeHeld, wear, wearOf, worn, filling }
}
