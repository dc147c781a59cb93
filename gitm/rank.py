"""Which way is best for each item: Knuth's generalisation of Dijkstra's algorithm over the AND-OR graph of ways.

A way needs all its requirements, an item any one of its ways. Items are settled in the order of what one batch costs in
expected seconds (rarity of the source included, so iron never comes from killing zombies), and a way counts only once all
it needs is settled: the ways chosen can never form a cycle (ingot <-> block), and rare sources lose to common ones.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from gitm.graph import GATHERING, NEARER, SEARCH, Graph, Node, Requirement, Ways, node_of, requirements
from gitm.types import OVERWORLD, Kind, Observation, Rarity, Way, fuel_of

#: Tool uses that tunnelling to such a source takes, once at its height.
TUNNEL = {Rarity.COMMON: 60, Rarity.UNCOMMON: 120, Rarity.RARE: 240, Rarity.VERY_RARE: 480, Rarity.EXTREMELY_RARE: 960}
IN_HAND = 1e-3  # what a held thing costs of getting another, when one counts on what is held
FAIR = 3.0  # how much more work a longer-lasting tool may be
OTHER_DIMENSION = 1800.0  # what is different there: danger above all; the portal is paid for apart
HOMEWARD = 300.0  # from there back to the portal
UNAIDED = 1800.0  # about what a lost fight, or a walk until rock shows what lies in it, takes
ELSEWHERE = 2.0  # how much longer the search for what is not found in the biome here takes


__all__ = [
    "GATHERING",
    "SEARCH",
    "Anyway",
    "Ranking",
    "Requirement",
    "Scene",
    "Stock",
    "Ways",
    "effort",
    "performances",
    "rank",
    "requirements",
]


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

    def stays(self, name: str, way: Way) -> bool:
        """Whether a tool or station is at hand and is still there when the way has used up its materials."""
        return name in self.stations or self.held.get(name, 0) > node_of(way).consumes.get(name, 0)


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


@dataclass
class Ranking:
    """The best way of each item that can be obtained, the expected seconds of its first batch and of one more, the order of settling.

    What is held though nothing obtains it has a place in the order (below everything) but no way.
    """

    chosen: dict[str, Way] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    more: dict[str, float] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)

    def below(self, name: str, item: str) -> bool:
        """Whether ``name`` was settled before ``item``, so that a demand may be passed from item to name."""
        return self.order.get(name, math.inf) < self.order.get(item, -math.inf)

    def for_uses(self, names: tuple[str, ...], uses: float) -> str | None:
        """Which tool to make for so many uses: the longest-lasting (and so quickest) that is not much more work than another."""
        work = {
            name: math.ceil(max(1.0, uses) / (self.chosen[name].lasts or math.inf)) * self.more[name]
            for name in names
            if name in self.chosen  # what is merely held may be of a kind that nothing makes
        }
        fair = [name for name in work if work[name] <= FAIR * min(work.values())]
        return max(fair, key=lambda name: (self.chosen[name].lasts or math.inf, -self.order[name]), default=None)


@dataclass(frozen=True)
class Anyway:
    """What a first plan contains anyway, so that a second ranking may count on it.

    Tools and stations that are ``made`` in it, with all that they are made of (suppliers first), cost nothing again. Ways are compared
    for as much as is ``wanted``. A group is its ``members``' one that something asks for by name, so one batch serves both.
    """

    made: Mapping[str, Way] = field(default_factory=dict)
    more: Mapping[str, float] = field(default_factory=dict)  # expected seconds of one more batch of what is made
    wanted: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    held: frozenset[str] = frozenset()  # what is in the hand costs next to nothing

    def excludes(self, way: Way) -> bool:
        """Whether the way is out of the question: of what is decided, or another member of a group."""
        another = way.kind is Kind.ANY and self.members.get(way.item, way.materials[0].item) != way.materials[0].item
        return way.item in self.made or another


class _Open:
    """A way whose requirements are being settled one by one, those that are only advised among them unless it is ``unaided``.

    ``first`` and ``more`` are of successes: what comes in one of so many cases is done, and takes its materials, as many times.
    """

    __slots__ = ("first", "left", "more", "node", "unaided")

    def __init__(self, node: Node, first: float, more: float, *, unaided: bool = False) -> None:
        self.node, self.left, self.unaided = node, 0, unaided
        self.first, self.more = first + (node.tries - 1) * more, node.tries * more

    def meet(self, need: Requirement, count: int, first: float, more: float) -> None:
        """One requirement is settled: its first batch of ``count``, and as many more as it takes."""
        wanted = need.count if need.kept else need.count * self.node.tries / need.serves
        self.first += first + (math.ceil(wanted / count - 1e-9) - 1) * more
        self.more += 0.0 if need.kept else wanted / count * more
        self.left -= 1


class Scene:
    """What each way takes and lacks as things stand: the same in all rankings of one tree, so it is found out once."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.there = {name for name, count in stock.held.items() if count > 0}.union(stock.stations)
        self._known: dict[Node, tuple[float, float, tuple[Requirement, ...]]] = {}

    def of(self, node: Node) -> tuple[float, float, tuple[Requirement, ...]]:
        """Seconds of the first performance and of each further one, and what is not at hand."""
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = (*_effort(node, self.stock), tuple(need for need in node.needs if self._lacks(need, node)))
        return known

    def _lacks(self, need: Requirement, node: Node) -> bool:
        """Tools and stations that are at hand, and stay there when the way has used up its materials, are not lacking."""
        stock = self.stock
        if (need.leads is not None and need.leads == stock.dimension) or (need.makes is not None and need.makes in stock.sights):
            return False
        if not need.kept or self.there.isdisjoint(need.names):
            return True
        return not any(name in stock.stations or stock.held.get(name, 0) > node.consumes.get(name, 0) for name in need.names)


class _Settling:
    """Items are settled one by one; ways wait for what they require."""

    def __init__(self, graph: Graph, scene: Scene, anyway: Anyway, goals: Collection[str]) -> None:
        self.graph, self.scene, self.stock, self.anyway, self.found = graph, scene, scene.stock, anyway, Ranking()
        self.relevant = graph.relevant(goals)
        self.waiting: defaultdict[str, list[tuple[_Open, Requirement, list[bool]]]] = defaultdict(list)
        self.heap: list[tuple[float, int, _Open]] = []
        self.cheapest: dict[str, float] = {}  # of the ways of an item that are ready
        self.serial = 0
        for item, way in anyway.made.items():
            self._settled(item, way, anyway.more[item], anyway.more[item])
        self.opened: set[Node] = set()
        self.unopened = 0  # where the free ones begin that are not opened yet
        for node in self._within_reach():
            self._open(node)

    def _within_reach(self) -> Iterable[Node]:
        """The ways that what is there already may make possible, or cheap."""
        graph, stock = self.graph, self.stock
        users = (graph.users.get(name, ()) for name in (*stock.held, *stock.stations, *self.anyway.made))
        sources = (graph.sources.get(name, ()) for name in stock.sights)
        others = (graph.nodes(item) for item in self.anyway.held)
        return dict.fromkeys(chain.from_iterable(chain(users, sources, others, (graph.abroad.get(stock.dimension, ()),))))

    def _open_free(self) -> None:
        """Open the ways that need nothing and may be as quick as the quickest that is ready."""
        free = self.graph.free
        while self.unopened < len(free) and (not self.heap or free[self.unopened].least <= self.heap[0][0]):
            if free[self.unopened] not in self.opened:
                self._open(free[self.unopened])
            self.unopened += 1

    def _open(self, node: Node) -> None:
        """A way is known: it is done as is advised, or (at a price, so that advice is heeded if it can be) without."""
        self.opened.add(node)
        if node.item in self.found.order or node.item not in self.relevant or self.anyway.excludes(node.way):
            return
        first, more, lacks = self.scene.of(node)
        if made := self.anyway.made:
            lacks = tuple(need for need in lacks if not need.kept or made.keys().isdisjoint(need.names))
        least = math.inf if node.item in self.anyway.held else self.cheapest.get(node.item, math.inf)
        opened = _Open(node, first, more)
        if opened.first >= least:
            return  # whatever it needs, it cannot become the best
        self._wait(opened, lacks)
        bare = tuple(need for need in lacks if not need.advised)
        if len(bare) < len(lacks) and opened.first + UNAIDED < least:
            self._wait(_Open(node, first + UNAIDED, more, unaided=True), bare)

    def _wait(self, opened: _Open, lacks: tuple[Requirement, ...]) -> None:
        """Wait for what a way lacks; what is made anyway costs nothing but its batches."""
        made = self.anyway.made
        opened.left = len(lacks)
        for need in lacks:
            if made and not need.kept and (supplier := made.get(need.names[0])) is not None:
                opened.meet(need, supplier.count, self.found.first[supplier.item], self.found.more[supplier.item])
                continue
            met = [False]  # shared by the alternatives of one requirement
            for name in need.names:
                self.waiting[name].append((opened, need, met))
        if opened.left == 0:
            self._ready(opened)

    def settle(self, goals: Collection[str]) -> bool:
        """Settle what can be obtained, cheapest first, until all the goals are; returns whether they are. With no goals, settle all."""
        found = self.found
        open_goals = {item for item in goals if item not in found.order}
        while not (goals and not open_goals):
            self._open_free()
            if not self.heap:
                return False
            _, _, opened = heapq.heappop(self.heap)
            node = opened.node
            if node.item in found.order:
                continue
            way = node.way.without_advice() if opened.unaided else node.way
            self._settled(node.item, way, opened.first, opened.more)
            open_goals.discard(node.item)
            self._meet(node.item, way.count, opened.first, opened.more)
        return True

    def give(self, item: str) -> None:
        """Settle what is held though nothing obtains it: it costs nothing, and comes below everything."""
        self.found.order[item] = len(self.found.chosen) - len(self.found.order)
        self._meet(item, self.stock.held[item], 0.0, 0.0)

    def _meet(self, item: str, count: int, first: float, more: float) -> None:
        for node in self.graph.users.get(item, ()):
            if node not in self.opened:
                self._open(node)
        for waiter, need, met in self.waiting.pop(item, ()):
            if met[0] or (item not in self.found.chosen and need.count > count):
                continue
            met[0] = True
            waiter.meet(need, count, first, more)
            if waiter.left == 0:
                self._ready(waiter)

    def _settled(self, item: str, way: Way, first: float, more: float) -> None:
        found = self.found
        found.chosen[item], found.first[item], found.more[item] = way, first, more
        found.order[item] = len(found.chosen)

    def _ready(self, opened: _Open) -> None:
        item, anyway = opened.node.item, self.anyway
        if item in anyway.held:
            opened.first *= IN_HAND
        cost = opened.first
        if (wanted := anyway.wanted.get(item)) is not None:
            cost += max(0, math.ceil(wanted / opened.node.way.count) - 1) * opened.more
        if cost >= self.cheapest.get(item, math.inf):
            return
        self.cheapest[item] = cost
        self.serial += 1
        heapq.heappush(self.heap, (cost, self.serial, opened))


def rank(ways: Ways, stock: Stock | Scene | None = None, anyway: Anyway = Anyway(), goals: Collection[str] = ()) -> Ranking:
    """Settle every obtainable item by its first batch (Knuth 1977), then what only what is held makes possible.

    With a first plan in hand, what it contains ``anyway`` is counted on. Once all ``goals`` are settled, so is all that they are made of,
    and the rest is left out.
    """
    scene = stock if isinstance(stock, Scene) else Scene(stock or Stock())
    settling = _Settling(ways if isinstance(ways, Graph) else Graph(ways), scene, anyway, goals)
    done = settling.settle(goals)
    for item in sorted(item for item, count in settling.stock.held.items() if count > 0):
        if not done and item not in settling.found.order:
            settling.give(item)
            done = settling.settle(goals)
    return settling.found
