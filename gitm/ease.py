"""How much work an item is, roughly: the order in which guides list the members of a group, and which fuels are worth burning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from gitm.facts import CraftFact, ItemFact, RuleBook
from gitm.types import OVERWORLD
from gitm.whereabouts import EASE, depth

_UNKNOWN = 9.0
_ABROAD = 5.0  # what another dimension adds


class Ease:
    """A rough height of the work for each item: rarity of its sources, a little more for each step of making."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self._found: dict[tuple[str, int], float] = {}
        self._crafts: defaultdict[str, list[CraftFact]] = defaultdict(list)
        self._smelts: defaultdict[str, list[str]] = defaultdict(list)
        self._sources: defaultdict[str, list[float]] = defaultdict(list)
        self.dug: set[str] = set()  # items that some deposit gives
        for craft in book.crafts:
            self._crafts[craft.item].append(craft)
        for smelt in book.smelts:
            self._smelts[smelt.item].append(smelt.material)
        self._gathered()

    def _gathered(self) -> None:
        for deposit in self.book.deposits:
            for drop in self.book.blocks[deposit.block].drops:
                if drop.needs in ("any", "no_silk_touch"):
                    self.dug.add(drop.item)
                    ease = EASE.index(deposit.rarity) + 0.01 / deposit.per_cell + depth(deposit) + self._abroad(deposit.biomes)
                    self._sources[drop.item].append(ease)
        for mob in self.book.mobs.values():
            for item in {drop.item for drop in mob.drops} if mob.density > 0 else ():
                self._sources[item].append(EASE.index(mob.rarity) + 0.2 + self._abroad(mob.biomes))

    def _abroad(self, biomes: Iterable[str]) -> float:
        homes = [self.book.biomes[name].dimension for name in biomes]
        return 0.0 if not homes or OVERWORLD in homes else _ABROAD

    def of(self, item: str, steps: int = 4) -> float:
        """The height of the work, looking at most so many steps of making ahead."""
        if (item, steps) not in self._found:
            self._found[item, steps] = self._worked_out(item, steps) if steps > 0 else _UNKNOWN
        return self._found[item, steps]

    def easiest_first(self, members: Iterable[str]) -> list[str]:
        """The members of a group in the order of the work."""
        return sorted(members, key=lambda name: (self.of(name), name))

    def _worked_out(self, item: str, steps: int) -> float:
        if item in self.book.groups:
            return min(self.of(member, steps - 1) for member in self.book.groups[item])
        ease = list(self._sources[item])
        if not ease:
            for craft in self._crafts[item]:
                if len(craft.materials) <= 3:
                    ease.append(0.1 + sum(self.of(stack.item, steps - 1) for stack in craft.materials))
            ease += [1.0 + self.of(material, steps - 1) for material in self._smelts[item]]
        return min(ease, default=_UNKNOWN)

    def worth_burning(self, name: str) -> bool:
        """Whether it is dug up, or burns no worse than what it is made of: coal and planks do, boats and fences do not."""
        fuel = self.book.items[name].fuel
        return name in self.dug or all(
            fuel * craft.count >= sum(stack.count * self._fuel(stack.item) for stack in craft.materials) for craft in self._crafts[name]
        )

    def _fuel(self, name: str) -> int:
        members = self.book.groups.get(name, (name,))
        return max((self.book.items[member].fuel for member in members), default=0)


def burnable(name: str, item: ItemFact) -> bool:
    """Things one would burn: not what lasts, not what stands or leaves something behind."""
    return item.fuel >= 100 and item.durability is None and item.remainder is None and not name.endswith(("_table", "chest"))
