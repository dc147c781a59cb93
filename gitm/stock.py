"""What is at hand, as far as a tree must know of it, and what a way is expected to take from there."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from gitm.graph import NEARER, Node, Requirement, node_of
from gitm.types import OVERWORLD, Observation, Rarity, Way, fuel_of

OTHER_DIMENSION = 1800.0  # what is different there: danger above all; the portal is paid for apart
HOMEWARD = 300.0  # from there back to the portal
UNAIDED = 1800.0  # about what a lost fight, or a walk until rock shows what lies in it, takes
ELSEWHERE = 2.0  # how much longer the search for what is not found in the biome here takes


@dataclass(frozen=True)
class Stock:
    """What the tree needs to know of an observation."""

    held: Mapping[str, int] = field(default_factory=dict)
    wear: Mapping[str, int] = field(default_factory=dict)  # uses left in the best one held
    stations: frozenset[str] = frozenset()  # placed and in sight
    sights: Mapping[str, float] = field(default_factory=dict)  # name -> distance
    y: int = 64
    dimension: str = OVERWORLD
    biome: str = ""  # none: it is not known, as when one plans ahead
    vain: Mapping[str, float] = field(default_factory=dict)  # name -> seconds it was looked for since it was last in sight

    @classmethod
    def of(
        cls, seen: Observation, cut_off: Collection[str] = (), standing: Collection[str] = (), vain: Mapping[str, float] | None = None
    ) -> Stock:
        """The stock in an observation; experience points count as held, stations that are ``cut_off`` as absent.

        What is left of a station's own fuel counts as held as well. ``standing`` are portals that are known though not in sight.
        """
        held = dict(seen.inventory) | {fuel_of(station): left for station, left in seen.charge.items() if left > 0}
        if seen.experience:
            held["experience"] = seen.experience
        stations = {thing.name for thing in seen.nearby if thing.kind == "station"} | set(standing)
        return cls(
            held,
            seen.wear,
            frozenset(stations.difference(cut_off)),
            {thing.name: thing.distance for thing in seen.nearby if thing.kind != "item"},
            seen.y,
            seen.dimension,
            seen.biome,
            dict(vain or {}),
        )

    def at_hand(self, name: str) -> bool:
        """Held, or a station in sight."""
        return self.held.get(name, 0) > 0 or name in self.stations

    def stays(self, name: str, node: Node) -> bool:
        """Whether a tool or station is at hand and is still there when the way has used up its materials."""
        return name in self.stations or self.held.get(name, 0) > node.consumes.get(name, 0)


def performances(way: Way, count: int) -> int:
    """How many performances it takes, on average, to obtain so many: each success brings ``way.count``, and one in so many succeeds."""
    return math.ceil(math.ceil(count / way.count) / way.chance - 1e-9)


def effort(way: Way, stock: Stock) -> tuple[float, float]:
    """Expected seconds of the first performance (finding the source, getting there, doing it) and of each further one."""
    return _effort(node_of(way), stock)


def _effort(node: Node, stock: Stock) -> tuple[float, float]:
    way, place = node.way, node.way.place
    first = more = node.perform
    if node.gathers:
        search = _search(node, stock)
        first += search
        more += search * node.again
        if place.y is not None and node.sought not in stock.sights:
            first += abs(stock.y - place.y)
    if node.afield and place.dimension != stock.dimension:
        first += HOMEWARD if place.dimension == OVERWORLD else OTHER_DIMENSION
    return first + (UNAIDED if way.unaided else 0.0), more


def _search(node: Node, stock: Stock) -> float:
    if node.sought is not None and node.sought in stock.sights:
        return stock.sights[node.sought] / 4  # walking
    biomes = node.way.place.biomes
    usual = node.search * ELSEWHERE if stock.biome and biomes and stock.biome not in biomes else node.search
    if node.sought is not None and node.sought in stock.vain:
        return max(usual, stock.vain[node.sought])  # as long again
    if node.way.rarity is Rarity.COMMON and stock.held.get(node.item):
        return usual / NEARER  # what was found once is nearer than what was not: keeps to one wood species
    return usual


class Scene:
    """What each way takes and lacks as things stand: the same in all rankings of one tree, so it is found out once."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.there = {name for name, count in stock.held.items() if count > 0}.union(stock.stations)
        self._known: dict[Node, tuple[float, float, tuple[Requirement, ...], bool]] = {}

    def of(self, node: Node) -> tuple[float, float, tuple[Requirement, ...], bool]:
        """Seconds of the first performance and of each further one, what is not at hand, and whether some of that is only advised."""
        known = self._known.get(node)
        if known is None:
            lacks = tuple(need for need in node.needs if self._lacks(need, node))
            known = self._known[node] = (*_effort(node, self.stock), lacks, any(need.advised for need in lacks))
        return known

    def _lacks(self, need: Requirement, node: Node) -> bool:
        """Tools and stations that are at hand, and stay there when the way has used up its materials, are not lacking."""
        stock = self.stock
        if (need.leads is not None and need.leads == stock.dimension) or (need.makes is not None and need.makes in stock.sights):
            return False
        if not need.kept or self.there.isdisjoint(need.names):
            return True
        return not any(stock.stays(name, node) for name in need.names)
