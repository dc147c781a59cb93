"""The rule book turned once into look-up tables; worlds of one file share them.

What is read with every action is kept in slots: a field of a pydantic model takes ten times as long to read.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from env_stub.dimensions import dimensions
from env_stub.tables import OVERWORLD
from gitm.data import shipped
from gitm.errors import SetupError
from gitm.facts import BuildFact, CraftFact, DropFact, GrowFact, RuleBook, SmeltFact, ToolFact, TradeFact, UseFact, load, rules_hash

#: Ticks of pause between two blocks dug one after the other (wiki, "Breaking": 6 ticks).
PAUSE = 6


@dataclass(frozen=True, slots=True)
class Drop:
    """What may drop (:class:`gitm.facts.DropFact`)."""

    item: str
    low: int
    high: int
    chance: float


@dataclass(frozen=True, slots=True)
class Dig:
    """What digging a block with a tool comes to: ticks (-1: unbreakable), whether it yields, what, how much experience."""

    ticks: int
    yields: bool
    drops: tuple[Drop, ...]
    experience: int
    wears: bool


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe, ``ticks`` a batch (0: at once); its parts are (name, count, the items that will do), single items before groups."""

    item: str
    makes: int
    station: str | None
    parts: tuple[tuple[str, int, tuple[str, ...]], ...]
    remainders: bool
    ticks: int


class Blueprint(NamedTuple):
    """What is built, and what it takes."""

    fact: BuildFact
    recipe: Recipe


class Offer(NamedTuple):
    """What is sold, and its price."""

    fact: TradeFact
    recipe: Recipe


class Rules:
    """Fast tables over a :class:`RuleBook`. Everything here is constant after construction, but for caches.

    Raises :class:`SetupError` when there is nowhere to start.
    """

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.items = book.items
        self.blocks = book.blocks
        self.mobs = book.mobs
        self.groups = book.groups
        self.fuels = book.fuels
        self.places = {**book.biomes, **book.structures}
        self.stack = {name: item.stack for name, item in book.items.items()}
        self.durability = {name: item.durability for name, item in book.items.items() if item.durability}
        self.tools = {name: item.tool for name, item in book.items.items() if item.tool}
        self.crafts: dict[str, list[Recipe]] = {}
        for craft in book.crafts:
            self.crafts.setdefault(craft.item, []).append(self._recipe(craft))
        self.smelts: dict[str, list[SmeltFact]] = {}
        for smelt in book.smelts:
            self.smelts.setdefault(smelt.item, []).append(smelt)
        self.uses: dict[str, list[UseFact]] = {}
        for use in book.uses:
            self.uses.setdefault(use.item, []).append(use)
        self.builds: dict[str, list[Blueprint]] = {}
        for plan in book.builds:
            recipe = self._recipe(CraftFact(item=plan.makes, materials=plan.materials))
            self.builds.setdefault(plan.makes, []).append(Blueprint(plan, recipe))
        self.trades: dict[str, list[Offer]] = {}
        for trade in book.trades:
            recipe = self._recipe(CraftFact(item=trade.item, count=trade.count, materials=trade.materials))
            self.trades.setdefault(trade.item, []).append(Offer(trade, recipe))
        self.grows: dict[str, list[GrowFact]] = {}
        for grow in book.grows:
            self.grows.setdefault(grow.seed, []).append(grow)
        self.dimensions = dimensions(book)
        if not self.dimensions[OVERWORLD].biomes:
            raise SetupError(f"the rule book '{book.name}' has no biome of the overworld, where games start; name one")
        beds = [name for name in book.blocks if name.endswith("_bed")]
        self.beds = tuple(dict.fromkeys([*beds, *book.groups.get("beds", ())]))
        self.stations = frozenset(name for name, block in book.blocks.items() if block.station)
        self._dig: dict[tuple[str, str | None], Dig] = {}
        self.resolved: dict[str, tuple[str, ...]] = {}
        self._nearest: dict[str, str | None] = {}
        self._hash: str | None = None

    @property
    def hash(self) -> str:
        """The identity of the rules, worked out at first use."""
        if self._hash is None:
            self._hash = rules_hash(self.book)
        return self._hash

    def dig(self, block: str, tool: str | None) -> Dig:
        """What digging the block with the tool (None: bare hands) comes to.

        It yields when something may drop, or when nothing ever drops from it and no tool is asked for.
        """
        cached = self._dig.get((block, tool))
        if cached is None:
            cached = self._dig[block, tool] = self._digging(block, tool)
        return cached

    def _digging(self, block: str, tool: str | None) -> Dig:
        fact = self.blocks[block]
        ticks, harvests = dig_ticks(self, block, tool)
        held = self.tools.get(tool) if tool else None
        drops = tuple(drop for drop in fact.drops if allowed(drop, held))
        yields = ticks >= 0 and harvests and (bool(drops) or not fact.drops)
        experience = 0 if held is not None and held.silk_touch else fact.experience
        found = tuple([Drop(drop.item, drop.low, drop.high, drop.chance) for drop in drops if harvests])
        return Dig(ticks, yields, found, experience, bool(fact.hardness))

    def _recipe(self, craft: CraftFact) -> Recipe:
        stacks = sorted(craft.materials, key=lambda stack: stack.item in self.groups)
        parts = tuple((stack.item, stack.count, self.groups.get(stack.item, (stack.item,))) for stack in stacks)
        remainders = any(self.items[name].remainder for _, _, members in parts for name in members)
        return Recipe(craft.item, craft.count, craft.station, parts, remainders, craft.ticks)

    def resolve(self, name: str) -> tuple[str, ...]:
        """The names a name stands for: itself, what an alias means, the members of a group; () when unknown."""
        found = self.resolved.get(name)
        if found is None:
            found = self.resolved[name] = self._resolve(name)
        return found

    def _resolve(self, name: str) -> tuple[str, ...]:
        name = self.book.aliases.get(name, name)
        if name in self.items or name in self.blocks or name in self.mobs or name in self.places:
            return (name,)
        return self.groups.get(name, ())

    def nearest(self, name: str) -> str | None:
        """The known name most like a misspelt one."""
        if name not in self._nearest:
            known = sorted({*self.items, *self.blocks, *self.mobs, *self.places, *self.groups, *self.book.aliases})
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            if len(self._nearest) > 256:
                self._nearest.clear()  # junk names must not fill the memory
            self._nearest[name] = close[0] if close else None
        return self._nearest[name]


def allowed(drop: DropFact, tool: ToolFact | None) -> bool:
    """Whether the tool (None: bare hands) lets this drop happen."""
    if drop.needs == "any":
        return True
    if drop.needs == "shears":
        return tool is not None and tool.kind == "shears"
    silk = tool is not None and tool.silk_touch
    return silk if drop.needs == "silk_touch" else not silk


def dig_ticks(rules: Rules, block: str, tool: str | None) -> tuple[int, bool]:
    """Ticks to dig a block with a tool (None: bare hands), and whether it harvests; (-1, False) when unbreakable.

    Vanilla's formula (wiki, "Breaking"): hardness x 1.5 / speed seconds when the tool may harvest it, x 5 otherwise.
    """
    fact = rules.blocks[block]
    if fact.hardness is None or fact.liquid:
        return -1, False
    held = rules.tools.get(tool) if tool else None
    right = held is not None and held.kind == fact.tool
    harvests = fact.tier is None or (right and held is not None and held.tier >= fact.tier)
    speed = held.speed if right and held is not None else 1.0
    if fact.hardness == 0:
        return 1, harvests
    damage = speed / fact.hardness / (30 if harvests else 100)  # share of the block broken in one tick
    whole = int(1 / damage)
    return max(1, whole if whole * damage >= 1 - 1e-9 else whole + 1), harvests


def default_rules() -> Path:
    """The newest shipped rule book."""
    folder = shipped("knowledge/facts")
    dated = [(version, path) for path in folder.glob("*.json") if (version := _version(path.stem))]
    if not dated:
        raise SetupError(f"no rule book in {folder}; compile one or give --rules FILE")
    return max(dated)[1]


def load_rules(path: Path | None = None) -> Rules:
    """The tables of a rule book file (default: the newest shipped); raises ``BadFile`` when it is none."""
    path = (path or default_rules()).resolve()
    stat = path.stat() if path.exists() else None
    return _load(path, stat.st_mtime_ns if stat else 0, stat.st_size if stat else 0)


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int, _size: int) -> Rules:
    return Rules(load(path))


def _version(stem: str) -> tuple[int, ...]:
    parts = stem.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()
