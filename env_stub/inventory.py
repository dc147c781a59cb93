"""Thirty-six slots, as counts: stacks are always kept tidy, so the slots in use are a sum over the names."""

from __future__ import annotations

from collections.abc import Container, Mapping

SLOTS = 36


class Inventory:
    """Counts of items within a number of slots; things that wear also remember the uses left in each, the most worn first.

    ``delta`` sums up what came and went since it was last emptied; ``kinds`` grows whenever one of the ``tools`` comes or goes, so
    that what depends on their names alone (the best one) can be kept until then.
    """

    __slots__ = ("_snapshot", "_tools", "_wear", "_worn", "counts", "delta", "durability", "kinds", "slots", "stack", "used")

    def __init__(
        self, stack: Mapping[str, int], durability: Mapping[str, int], slots: int = SLOTS, tools: Container[str] = frozenset()
    ) -> None:
        self.stack, self.durability, self.slots, self._tools = stack, durability, slots, tools
        self.counts: dict[str, int] = {}
        self._wear: dict[str, list[int]] = {}
        self.used = 0
        self.delta: dict[str, int] = {}
        self.kinds = 0
        self._snapshot: dict[str, int] | None = {}
        self._worn: dict[str, int] | None = {}

    def count(self, name: str) -> int:
        """How many are held."""
        return self.counts.get(name, 0)

    def room(self, name: str) -> int:
        """How many more would fit."""
        size = self.stack.get(name, 64)
        held = self.counts.get(name, 0)
        return -held % size + (self.slots - self.used) * size

    def fits(self, minus: Mapping[str, int], plus: Mapping[str, int]) -> bool:
        """Whether all of ``plus`` would fit once ``minus`` is taken away."""
        stack, used = self.stack, self.used
        most = used
        for name, count in plus.items():
            most -= -count // stack.get(name, 64)
        if most <= self.slots:
            return True  # even with a new slot for everything
        for name in {**minus, **plus}:  # a dict keeps its order where a set would not
            size, held = stack.get(name, 64), self.counts.get(name, 0)
            after = held - minus.get(name, 0) + plus.get(name, 0)
            used += -(-after // size) + held // -size
        return used <= self.slots

    def add(self, name: str, count: int, wear: list[int] | None = None) -> int:
        """Put in as many as fit; returns how many. ``wear``: the uses left in each (default: new)."""
        held, size = self.counts.get(name, 0), self.stack.get(name, 64)
        room = -held % size + (self.slots - self.used) * size
        if count > room:
            count = room
        if count <= 0:
            return 0
        self._set(name, held, held + count, size)
        if name in self.durability:
            new = wear[:count] if wear else [self.durability[name]] * count
            self._wear[name] = sorted(self._wear.get(name, []) + new)
        return count

    def remove(self, name: str, count: int) -> list[int]:
        """Take out exactly ``count``, the most worn first; returns the uses left in each (empty for things that do not wear)."""
        held = self.counts.get(name, 0)
        if count > held:
            raise ValueError(f"cannot take {count} of {held} {name}")
        self._set(name, held, held - count, self.stack.get(name, 64))
        if name not in self.durability:
            return []
        uses = self._wear[name]
        taken = uses[:count]
        del uses[:count]
        if not uses:
            del self._wear[name]
        return taken

    def wear(self, name: str, uses: int = 1) -> bool:
        """Use the most worn one so many times; returns whether it broke (and is gone)."""
        left = self._wear.get(name)
        if not left:
            return False
        left[0] -= uses
        self._worn = None
        if left[0] > 0:
            return False
        self.remove(name, 1)
        return True

    def uses_left(self, name: str) -> int | None:
        """Uses in the most worn one, which is the one in use; None for what does not wear."""
        left = self._wear.get(name)
        return left[0] if left else None

    def snapshot(self) -> dict[str, int]:
        """The counts as a dict that later changes do not touch."""
        if self._snapshot is None:
            self._snapshot = self.counts.copy()
        return self._snapshot

    def worn(self) -> dict[str, int]:
        """Uses left in the best one of each thing that wears; later changes do not touch the dict."""
        if self._worn is None:
            self._worn = {name: left[-1] for name, left in self._wear.items()}
        return self._worn

    def clear(self) -> list[tuple[str, int, list[int]]]:
        """Take everything out: name, count, uses left."""
        return [(name, count, self.remove(name, count)) for name, count in tuple(self.counts.items())]

    def _set(self, name: str, held: int, count: int, size: int) -> None:
        self.used += held // -size - -count // size
        self._snapshot = None
        if count:
            self.counts[name] = count
        else:
            self.counts.pop(name, None)
        delta = self.delta
        delta[name] = delta.get(name, 0) + count - held
        if name in self.durability:
            self._worn = None
        if (not count or not held) and name in self._tools:
            self.kinds += 1
