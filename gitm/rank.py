"""Which way is best for each item: Knuth's generalisation of Dijkstra's algorithm over the AND-OR graph of ways.

A way needs all its requirements, an item any one of its ways. Items are settled in the order of what one batch costs in
expected seconds (rarity of the source included, so iron never comes from killing zombies), and a way counts only once all
it needs is settled: the ways chosen can never form a cycle (ingot <-> block), and rare sources lose to common ones.

What several parts of a plan share (a tool, a station, the search for a source) is counted once, as in the set-additive heuristic of
Keyder and Geffner (2008): else a long chain, each link of which takes the same pickaxe and furnace, would look longer than it is.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from gitm.graph import Graph, Node, Requirement, Ways
from gitm.stock import UNAIDED, Scene, Stock
from gitm.types import Kind, Rarity, Way

#: Tool uses that tunnelling to such a source takes, once at its height.
TUNNEL = {Rarity.COMMON: 60, Rarity.UNCOMMON: 120, Rarity.RARE: 240, Rarity.VERY_RARE: 480, Rarity.EXTREMELY_RARE: 960}
IN_HAND = 1e-3  # what a held thing costs of getting another, when one counts on what is held
FAIR = 3.0  # how much more work a longer-lasting tool may be


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


class _Supply(NamedTuple):
    """What a settled thing takes, in expected seconds: its first batch and each further one, and what is paid ``once``, as a set of bits.

    ``paid`` are the seconds of that set. Of two supplies the bits they have in common are paid once.
    """

    units: float
    more: float
    once: int
    paid: float


class _Open:
    """A way whose requirements are being settled one by one, those that are only advised among them unless it is ``unaided``.

    ``units`` and ``more`` are of successes: what comes in one of so many cases is done, and takes its materials, as many times.
    """

    __slots__ = ("left", "more", "node", "once", "paid", "search", "unaided", "units")

    def __init__(self, node: Node, first: float, more: float, *, unaided: bool = False) -> None:
        self.node, self.left, self.unaided = node, 0, unaided
        self.units = self.more = node.tries * more
        self.search = self.paid = first - more
        self.once = 0

    @property
    def first(self) -> float:
        """Expected seconds of the first batch."""
        return self.units + self.paid

    def meet(self, need: Requirement, count: int, supply: _Supply, seconds: Mapping[int, float]) -> None:
        """One requirement is settled: its first batch of ``count``, and as many more as it takes. Bits are so many ``seconds``."""
        wanted = need.count if need.kept else need.count * self.node.tries / need.serves
        self.units += supply.units + (math.ceil(wanted / count - 1e-9) - 1) * supply.more
        self.more += 0.0 if need.kept else wanted / count * supply.more
        self.left -= 1
        if not self.once:
            self.paid += supply.paid
        else:
            new = supply.once & ~self.once
            while new:
                bit = new & -new
                self.paid += seconds[bit]
                new ^= bit
        self.once |= supply.once


class _Settling:
    """Items are settled one by one; ways wait for what they require."""

    def __init__(self, graph: Graph, scene: Scene, anyway: Anyway, goals: Collection[str]) -> None:
        self.graph, self.scene, self.stock, self.anyway, self.found = graph, scene, scene.stock, anyway, Ranking()
        self.relevant = graph.relevant(goals)
        self.waiting: defaultdict[str, list[tuple[_Open, Requirement, list[bool]]]] = defaultdict(list)
        self.heap: list[tuple[float, int, _Open]] = []
        self.cheapest: dict[str, float] = {}  # of the ways of an item that are ready
        self.serial = 0
        self.seconds: dict[int, float] = {}  # of each bit of what is paid once
        self.materials: dict[str, _Supply] = {}
        self.tools: dict[str, _Supply] = {}
        for item, way in anyway.made.items():
            self._settled(way, _Supply(anyway.more[item], anyway.more[item], 0, 0.0))
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
        first, more, lacks, advised = self.scene.of(node)
        if made := self.anyway.made:
            lacks = tuple(need for need in lacks if not need.kept or made.keys().isdisjoint(need.names))
        least = math.inf if node.item in self.anyway.held else self.cheapest.get(node.item, math.inf)
        opened = _Open(node, first, more)
        if opened.first >= least:
            return  # whatever it needs, it cannot become the best
        self._wait(opened, lacks)
        if advised and opened.first + UNAIDED < least:
            self._wait(_Open(node, first + UNAIDED, more, unaided=True), tuple(need for need in lacks if not need.advised))

    def _wait(self, opened: _Open, lacks: tuple[Requirement, ...]) -> None:
        """Wait for what a way lacks; what is made anyway costs nothing but its batches."""
        made = self.anyway.made
        opened.left = len(lacks)
        for need in lacks:
            if made and not need.kept and (supplier := made.get(need.names[0])) is not None:
                opened.meet(need, supplier.count, self.materials[supplier.item], self.seconds)
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
            once = opened.once | (self._bit(opened.search) if opened.search else 0)
            self._settled(way, _Supply(opened.units, opened.more, once, opened.paid))
            open_goals.discard(node.item)
            self._meet(node.item, way.count)
        return True

    def give(self, item: str) -> None:
        """Settle what is held though nothing obtains it: it costs nothing, and comes below everything."""
        self.found.order[item] = len(self.found.chosen) - len(self.found.order)
        self.materials[item] = self.tools[item] = _Supply(0.0, 0.0, 0, 0.0)
        self._meet(item, self.stock.held[item])

    def _meet(self, item: str, count: int) -> None:
        for node in self.graph.users.get(item, ()):
            if node not in self.opened:
                self._open(node)
        for waiter, need, met in self.waiting.pop(item, ()):
            if met[0] or (item not in self.found.chosen and need.count > count):
                continue
            met[0] = True
            waiter.meet(need, count, self._tool(item) if need.kept else self.materials[item], self.seconds)
            if waiter.left == 0:
                self._ready(waiter)

    def _settled(self, way: Way, supply: _Supply) -> None:
        item, found = way.item, self.found
        found.chosen[item], found.first[item], found.more[item] = way, supply.units + supply.paid, supply.more
        found.order[item] = len(found.chosen)
        self.materials[item] = supply

    def _tool(self, item: str) -> _Supply:
        """What is not used up is made once, however many need it."""
        if item not in self.tools:
            units, more, once, paid = self.materials[item]
            self.tools[item] = _Supply(0.0, more, once | self._bit(units), paid + units)
        return self.tools[item]

    def _bit(self, seconds: float) -> int:
        bit = 1 << len(self.seconds)
        self.seconds[bit] = seconds
        return bit

    def _ready(self, opened: _Open) -> None:
        item, anyway = opened.node.item, self.anyway
        if item in anyway.held:
            opened.units, opened.search, opened.paid, opened.once = opened.first * IN_HAND, 0.0, 0.0, 0
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
