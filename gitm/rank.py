"""Which way is best for each item: Knuth's generalisation of Dijkstra's algorithm over the AND-OR graph of ways.

A way needs all its requirements, an item any one of its ways. Items are settled in the order of what one batch costs in
expected seconds (rarity of the source included, so iron never comes from killing zombies), and a way counts only once all
it needs is settled: the ways chosen can never form a cycle (ingot <-> block), and rare sources lose to common ones.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gitm.types import Kind, Observation, Rarity, Way

Ways = Mapping[str, tuple[Way, ...]]

#: Expected seconds until a source of that rarity is in sight. Only their order of magnitude matters: they rank alternatives.
SEARCH = {Rarity.COMMON: 15.0, Rarity.UNCOMMON: 60.0, Rarity.RARE: 240.0, Rarity.VERY_RARE: 900.0}
#: Expected seconds of one performance, the search apart. A group costs a hair more than its member, so it is settled after it.
PERFORM = {
    Kind.CRAFT: 1.0,
    Kind.SMELT: 10.0,
    Kind.MINE: 2.0,
    Kind.ATTACK: 8.0,
    Kind.APPLY: 2.0,
    Kind.GROW: 900.0,
    Kind.ANY: 1e-6,
}
GATHERING = frozenset({Kind.MINE, Kind.ATTACK, Kind.APPLY})
OTHER_DIMENSION = 1800.0
NIGHT = 300.0


@dataclass(frozen=True)
class Stock:
    """What the tree needs to know of an observation."""

    held: Mapping[str, int] = field(default_factory=dict)
    wear: Mapping[str, int] = field(default_factory=dict)  # uses left in the best one held
    stations: frozenset[str] = frozenset()  # placed and in sight
    sights: Mapping[str, float] = field(default_factory=dict)  # name -> distance
    y: int = 64

    @classmethod
    def of(cls, seen: Observation) -> Stock:
        """The stock in an observation; experience points count as held."""
        held = dict(seen.inventory)
        if seen.experience:
            held["experience"] = seen.experience
        return cls(
            held,
            seen.wear,
            frozenset(thing.name for thing in seen.nearby if thing.kind == "station"),
            {thing.name: thing.distance for thing in seen.nearby},
            seen.y,
        )

    def at_hand(self, name: str) -> bool:
        """Held, or a station in sight."""
        return self.held.get(name, 0) > 0 or name in self.stations


@dataclass(frozen=True)
class Requirement:
    """Something a way needs: ``count`` of any of ``names``; ``kept`` when it is not used up (a tool, a station)."""

    names: tuple[str, ...]
    count: int
    kept: bool


def requirements(way: Way) -> Iterator[Requirement]:
    """Tools, stations and materials of a way, in the order in which a player would get them."""
    for tool in way.tools:
        yield Requirement(tool.any_of, 1, kept=True)
    for station in way.stations:
        yield Requirement((station.item,), station.count, kept=True)
    for material in way.materials:
        yield Requirement((material.item,), material.count, kept=False)


def expected_yield(way: Way) -> float:
    """How many of the item one performance gives on average."""
    return way.count * way.chance


def effort(way: Way, stock: Stock) -> float:
    """Expected seconds of one performance: finding the source, getting there, doing it."""
    seconds = PERFORM[way.kind]
    if way.kind in GATHERING:
        seconds += _search(way, stock)
        if way.place.y is not None and way.sought not in stock.sights:
            seconds += abs(stock.y - way.place.y)
    if way.place.dimension != "overworld":
        seconds += OTHER_DIMENSION
    return seconds


def _search(way: Way, stock: Stock) -> float:
    if way.sought in stock.sights:
        return stock.sights[way.sought or ""] / 4  # walking
    if stock.held.get(way.item):  # what was found once is nearer than what was not: keeps to one wood species
        return SEARCH[way.rarity] / 3
    return SEARCH[way.rarity] + (NIGHT if way.place.night else 0.0)


@dataclass
class Ranking:
    """The best way of each item that can be obtained, the expected seconds of one batch, and the order of settling."""

    chosen: dict[str, Way] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)

    def below(self, name: str, item: str) -> bool:
        """Whether ``name`` was settled before ``item``, so that a demand may be passed from item to name."""
        return self.order.get(name, math.inf) < self.order.get(item, -1)

    def cheapest(self, names: tuple[str, ...]) -> str | None:
        """The first settled of several names."""
        return min((name for name in names if name in self.order), key=self.order.__getitem__, default=None)


class _Open:
    """A way whose requirements are being settled one by one."""

    __slots__ = ("cost", "left", "way")

    def __init__(self, way: Way, cost: float) -> None:
        self.way, self.cost, self.left = way, cost, 0


def rank(ways: Ways, stock: Stock | None = None) -> Ranking:
    """Settle every obtainable item by its cheapest batch (Knuth 1977). A tool or station at hand costs nothing."""
    stock = stock or Stock()
    found = Ranking()
    waiting: dict[str, list[tuple[_Open, int, list[bool]]]] = defaultdict(list)
    heap: list[tuple[float, int, Way]] = []
    serial = 0
    for options in ways.values():
        for way in options:
            opened = _Open(way, effort(way, stock) / way.chance)
            for need in requirements(way):
                if need.kept and any(stock.at_hand(name) for name in need.names):
                    continue
                opened.left += 1
                met = [False]  # shared by the alternatives of one requirement
                for name in need.names:
                    waiting[name].append((opened, need.count, met))
            if opened.left == 0:
                heap.append((opened.cost, serial := serial + 1, way))
    heapq.heapify(heap)
    while heap:
        cost, _, way = heapq.heappop(heap)
        if way.item in found.chosen:
            continue
        found.chosen[way.item], found.cost[way.item], found.order[way.item] = way, cost, len(found.order)
        for opened, count, met in waiting.pop(way.item, ()):
            if met[0]:
                continue
            met[0] = True
            opened.cost += cost * math.ceil(count / way.count)
            opened.left -= 1
            if opened.left == 0:
                heapq.heappush(heap, (opened.cost, serial := serial + 1, opened.way))
    return found
