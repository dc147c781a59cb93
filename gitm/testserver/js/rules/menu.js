'use strict'
// A window's slots and what clicks do to them, as AbstractContainerMenu of 1.16.5: modes 0 pick up, 1 quick move, 2 swap with the
// hotbar, 4 throw, 5 drag, 6 gather. The cursor's stack belongs to the player.

const OUTSIDE = -999

/**
 * A slot is `{ get, set, accepts, output, taken }`: `output` can only be taken from and `taken(player)` is called each time.
 * `quick(index)` gives the ranges [from, to, backwards] to which a quick move goes, tried in order.
 */
class Menu {
  constructor ({ id, slots, quick, hotbar, items, throwItem }) {
    Object.assign(this, { id, slots, quick, hotbar, items, throwItem, drag: null })
  }

  click (player, { slot: index, mouseButton: button, mode }) {
    const slot = this.slots[index]
    if (mode !== 5) this.drag = null
    if (mode === 0 && index === OUTSIDE) this.throwCursor(player, button)
    else if (mode === 5) this.dragging(player, index, button)
    else if (!slot) return
    else if (mode === 0) this.pick(player, slot, button)
    else if (mode === 1) this.quickMove(player, index)
    else if (mode === 2) this.swap(player, slot, button)
    else if (mode === 4) this.throwFrom(player, slot, button)
    else if (mode === 6) this.gather(player)
  }

  throwCursor (player, button) {
    if (!player.cursor) return
    const count = button === 0 ? player.cursor.count : 1
    this.throwItem(player, this.items.copy(player.cursor, count))
    player.cursor = this.items.copy(player.cursor, player.cursor.count - count)
  }

  pick (player, slot, button) {
    const { copy, alike } = this.items
    const [there, cursor] = [slot.get(), player.cursor]
    if (!there) {
      if (cursor && slot.accepts(cursor)) this.lay(player, slot, button === 0 ? cursor.count : 1)
    } else if (!cursor) {
      const count = button === 0 || slot.output ? there.count : Math.ceil(there.count / 2)
      player.cursor = copy(there, count)
      this.take(player, slot, count)
    } else if (slot.output) {
      if (!alike(cursor, there) || cursor.count + there.count > cursor.stackSize) return
      player.cursor = copy(cursor, cursor.count + there.count)
      this.take(player, slot, there.count)
    } else if (!slot.accepts(cursor)) {
      // what the slot does not take stays on the cursor
    } else if (alike(cursor, there)) this.lay(player, slot, button === 0 ? cursor.count : 1)
    else {
      slot.set(cursor)
      player.cursor = there
    }
  }

  /** Move up to `count` from the cursor into a slot that is empty or holds the same. */
  lay (player, slot, count) {
    const there = slot.get()
    const moved = Math.min(count, player.cursor.stackSize - (there?.count ?? 0))
    if (moved <= 0) return
    slot.set(this.items.copy(player.cursor, (there?.count ?? 0) + moved))
    player.cursor = this.items.copy(player.cursor, player.cursor.count - moved)
  }

  take (player, slot, count) {
    slot.set(this.items.copy(slot.get(), slot.get().count - count))
    slot.taken?.(player, count)
  }

  quickMove (player, index) {
    const slot = this.slots[index]
    const kind = slot.get()
    while (kind && slot.get() && this.items.alike(slot.get(), kind)) {
      const before = slot.get().count
      const left = this.pour(slot.get(), this.quick(index, kind), slot.output)
      if (left === before) return
      this.take(player, slot, before - left)
      if (!slot.output) return
    }
  }

  /** Lay a stack into the first of the ranges that has room, filling stacks before empty slots; returns what is left over. */
  pour (item, ranges, whole = false) {
    const { copy, alike } = this.items
    let left = item.count
    const targets = ranges.flatMap(([from, to, backwards]) => {
      const range = this.slots.slice(from, to).filter(slot => !slot.output && slot.accepts(item))
      return backwards ? range.reverse() : range
    })
    const room = slot => item.stackSize - (slot.get()?.count ?? 0)
    const fits = slot => !slot.get() || alike(slot.get(), item)
    if (whole && targets.filter(fits).reduce((sum, slot) => sum + room(slot), 0) < left) return left
    for (const pass of [slot => slot.get() && alike(slot.get(), item), slot => !slot.get()]) {
      for (const slot of targets.filter(pass)) {
        const moved = Math.min(left, room(slot))
        if (moved <= 0) continue
        slot.set(copy(item, (slot.get()?.count ?? 0) + moved))
        left -= moved
      }
    }
    return left
  }

  swap (player, slot, button) {
    const other = this.slots[this.hotbar + button]
    if (!other || other === slot) return
    const [there, here] = [slot.get(), other.get()]
    if (slot.output) {
      if (!there || here) return
      other.set(there)
      return this.take(player, slot, there.count)
    }
    if (here && !slot.accepts(here)) return
    slot.set(here)
    other.set(there)
  }

  throwFrom (player, slot, button) {
    const there = slot.get()
    if (!there || player.cursor) return
    const count = button === 0 && !slot.output ? 1 : there.count
    this.throwItem(player, this.items.copy(there, count))
    this.take(player, slot, count)
  }

  dragging (player, index, button) {
    const stage = button & 3
    if (stage === 0) this.drag = { one: button >> 2 === 1, slots: [] }
    else if (!this.drag || !player.cursor) this.drag = null
    else if (stage === 1) {
      const slot = this.slots[index]
      const fits = slot && !slot.output && slot.accepts(player.cursor) && (!slot.get() || this.items.alike(slot.get(), player.cursor))
      if (fits && !this.drag.slots.includes(slot)) this.drag.slots.push(slot)
    } else {
      const { one, slots } = this.drag
      const share = one ? 1 : Math.floor(player.cursor.count / Math.max(1, slots.length))
      for (const slot of slots) if (player.cursor) this.lay(player, slot, Math.min(share, player.cursor.count))
      this.drag = null
    }
  }

  gather (player) {
    if (!player.cursor) return
    for (const slot of this.slots) {
      const there = slot.get()
      if (slot.output || !there || !this.items.alike(there, player.cursor)) continue
      const moved = Math.min(there.count, player.cursor.stackSize - player.cursor.count)
      if (moved <= 0) return
      player.cursor = this.items.copy(player.cursor, player.cursor.count + moved)
      this.take(player, slot, moved)
    }
  }
}

module.exports = { Menu, OUTSIDE }
