"""The AND-OR graph of ways: what each way needs, and which ways need a thing. Built once, searched many times (:mod:`gitm.rank`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from gitm.types import Kind, Rarity, Way

Ways = Mapping[str, tuple[Way, ...]]

#: Expected seconds until a source of that rarity is in sight. Only their order of magnitude matters: they rank alternatives.
SEARCH = {Rarity.COMMON: 15.0, Rarity.UNCOMMON: 60.0, Rarity.RARE: 240.0, Rarity.VERY_RARE: 900.0, Rarity.EXTREMELY_RARE: 7200.0}
#: Expected seconds of one performance, the search apart. A group costs a hair more than its member, so it is settled after it.
PERFORM = {
    Kind.CRAFT: 1.0,
    Kind.SMELT: 10.0,
    Kind.MINE: 2.0,
    Kind.ATTACK: 8.0,
    Kind.APPLY: 2.0,
    Kind.GROW: 900.0,
    Kind.TRADE: 5.0,
    Kind.BUILD: 20.0,
    Kind.ANY: 1e-6,
}
GATHERING = frozenset({Kind.MINE, Kind.ATTACK, Kind.APPLY, Kind.TRADE})
NIGHT = 300.0  # until it is dark
NEARER = 3.0  # how much nearer a common thing is that was found before
GROUP = 4  # so many of a thing are found together, unless it is very rare, or loot
_MOST = 100_000  # nodes that are kept
_LIFETIME = 100  # times that something is got from a mob that was built


@dataclass(frozen=True)
class Requirement:
    """Something a way needs: ``count`` of any of ``names``; ``kept`` when it is not used up (a tool, a station)."""

    names: tuple[str, ...]
    count: int
    kept: bool
    digs: bool = False  # the tool with which one digs one's way there
    advised: bool = False  # better to have, but one can do without
    leads: str | None = None  # the dimension to which this portal leads: nothing is needed of who is there
    makes: str | None = None  # what it first makes of the source: none is needed while such a thing is in sight
    serves: int = 1  # performances for which ``count`` is enough


def requirements(way: Way) -> Iterator[Requirement]:
    """Tools, stations and materials of a way, in the order in which a player would get them."""
    if way.place.portal is not None:
        yield Requirement((way.place.portal,), 1, kept=True, leads=way.place.dimension)
    tillers, made = (way.tillers, way.on) if way.prepared else (None, None)
    for tool in way.tools:
        yield Requirement(tool.any_of, 1, kept=True, advised=way.kind is Kind.ATTACK, makes=made if tool.any_of == tillers else None)
    if way.place.digger is not None:
        yield Requirement(way.place.digger.any_of, 1, kept=True, digs=True, advised=True)
    for station in way.stations:
        yield Requirement((station.item,), station.count, kept=True)
    for material in way.materials:
        if (material.item,) == tillers:
            yield Requirement((material.item,), material.count, kept=False, makes=made, serves=way.makes)
        elif way.built and way.kind is Kind.APPLY and material.item != way.use:  # who was called to life stays
            yield Requirement((material.item,), material.count, kept=False, makes=way.on, serves=_LIFETIME)
        else:
            yield Requirement((material.item,), material.count, kept=False)


class Node:
    """A way, what it needs, and what it takes as far as that does not depend on where one is and what one holds, in expected seconds.

    ``perform``: one performance, the search apart; ``search``: until its source is in sight; ``again``: which part of that the next one
    takes; ``tries``: performances until one gives something; ``least``: all that it can take until then if the source is not in sight.
    ``names``: all that it may need; ``bare``: what it needs when advice is not heeded; ``consumes``: how much of what one performance uses
    up.
    """

    __slots__ = (
        "afield",
        "again",
        "bare",
        "consumes",
        "gathers",
        "item",
        "least",
        "names",
        "needs",
        "perform",
        "search",
        "sought",
        "tries",
        "way",
    )

    def __init__(self, way: Way) -> None:
        self.way, self.item, self.needs = way, way.item, tuple(requirements(way))
        self.names = tuple(name for need in self.needs for name in need.names)
        self.bare = tuple(need for need in self.needs if not need.advised)
        self.consumes: dict[str, int] = {}
        for stack in way.materials:
            self.consumes[stack.item] = self.consumes.get(stack.item, 0) + stack.count
        self.gathers, self.afield, self.sought = way.kind in GATHERING, way.afield, way.sought
        self.tries, self.again = 1 / way.chance, _again(way)
        self.perform = PERFORM[way.kind] + (way.delay / 20 if way.kind in (Kind.APPLY, Kind.CRAFT) else 0.0)
        self.search = SEARCH[way.rarity] + (NIGHT if way.place.night else 0.0)
        nearest = SEARCH[way.rarity] / (NEARER if way.rarity is Rarity.COMMON else 1.0) if self.gathers else 0.0
        self.least = self.perform * self.tries + nearest * (1 + (self.tries - 1) * self.again)


def _again(way: Way) -> float:
    """Who sells is not sold out. What is very rare is met alone, and so are chests: what a structure gives by chance is loot."""
    if way.kind is Kind.TRADE:
        return 0.0
    loot = way.place.structure is not None and way.chance < 1 and way.kind is not Kind.ATTACK
    return 1.0 if loot or way.rarity in (Rarity.VERY_RARE, Rarity.EXTREMELY_RARE) else 1 / GROUP


_NODES: dict[int, Node] = {}  # by id of the way, which the node keeps alive: ways are the same objects from one graph to the next


def node_of(way: Way) -> Node:
    """The node of a way, made once."""
    found = _NODES.get(id(way))
    if found is None:
        if len(_NODES) >= _MOST:
            _NODES.clear()
        found = _NODES[id(way)] = Node(way)
    return found


class Graph(Mapping[str, tuple[Way, ...]]):
    """Ways by item, and their nodes by what they need."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._nodes = {item: tuple([node_of(way) for way in options]) for item, options in ways.items()}
        self.users: defaultdict[str, list[Node]] = defaultdict(list)  # what is needed -> who needs it
        self.sources: defaultdict[str, list[Node]] = defaultdict(list)  # what must be in sight -> whose source it is
        self.abroad: defaultdict[str, list[Node]] = defaultdict(list)  # dimension -> what is done there
        self.free: list[Node] = []  # the quickest first
        self._relevant: dict[tuple[str, ...], set[str]] = {}
        for node in chain.from_iterable(self._nodes.values()):
            self._add(node)
        self.free.sort(key=lambda node: node.least)

    def _add(self, node: Node) -> None:
        for name in node.names:
            self.users[name].append(node)
        if node.way.place.portal is not None:
            self.abroad[node.way.place.dimension].append(node)
        if not node.bare:
            self.free.append(node)
            if node.sought is not None:
                self.sources[node.sought].append(node)

    def relevant(self, goals: Collection[str]) -> Collection[str]:
        """All that the goals could be made of; with no goals, every item."""
        if not goals:
            return self._ways
        key = tuple(goals)
        if key not in self._relevant:
            found, ahead = set(key), list(key)
            while ahead:
                for node in self.nodes(ahead.pop()):
                    fresh = set(node.names).difference(found)
                    found.update(fresh)
                    ahead.extend(fresh)
            self._relevant[key] = found
        return self._relevant[key]

    def nodes(self, item: str) -> tuple[Node, ...]:
        """The ways of an item."""
        return self._nodes.get(item, ())

    def __getitem__(self, item: str) -> tuple[Way, ...]:
        return self._ways[item]

    def __contains__(self, item: object) -> bool:
        return item in self._ways

    def __iter__(self) -> Iterator[str]:
        return iter(self._ways)

    def __len__(self) -> int:
        return len(self._ways)
