"""What stands in for items that nobody was asked about yet, so that an LLM is asked only about what seems to matter.

Where guides state facts in exact sentences, these are read at once: it takes a tenth of a millisecond and no LLM, and it is only a guess,
since whoever is asked may know better. What guides tell in prose is guessed to take a minute, or longer when it is one of several that do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from gitm.answers import WaysAnswer, ways_of
from gitm.graph import Graph, Ways, node_of
from gitm.knowledge import Knowledge
from gitm.llm.reading import read_ways
from gitm.types import Kind, Rarity, Way

_UNKNOWN = "not asked about yet"
LONGEST = 20_000  # characters about an item that are read, by us or an LLM: in Minecraft only those about experience are more
_MOST = 500  # guesses; what one item of Minecraft leads to is about 330, and guides may lead on and on


class Guesses:
    """Guesses from the guides that are known; what was read of an item is kept, since guides do not change in a run."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._read: dict[str, tuple[Way, ...]] = {}
        self._mentioned: dict[str, list[tuple[str, Rarity]]] = {}

    def about(self, ways: Ways, items: Collection[str]) -> dict[str, tuple[Way, ...]]:
        """A guess for each of the items that is not known, for all that known ways mention, and for all that the guesses mention.

        Those of :func:`plain` when that leads too far.
        """
        guesses: dict[str, tuple[Way, ...]] = {}
        known, waiting = frozenset(ways), list(_unknown(ways, items))
        while waiting:
            name, rarity = waiting.pop()
            if name in known:
                continue
            if len(guesses) > _MOST:
                return plain(ways, items)
            if name not in guesses:
                guesses[name] = self._reading(name) or _stand_in(name, rarity)
                waiting += self._mentions(name)
            elif rarity is Rarity.UNCOMMON and not self._reading(name):
                guesses[name] = _stand_in(name, rarity)
        return guesses

    def _reading(self, item: str) -> tuple[Way, ...]:
        """The ways in exact sentences of the passages about an item, as nobody's word; none when there are only others."""
        if item not in self._read:
            text = "\n".join(passage.text for passage in self.knowledge.about(item))[:LONGEST]
            ways = ways_of(item, WaysAnswer(ways=read_ways(item, text)))
            self._read[item] = tuple(way.model_copy(update={"info": _UNKNOWN}) for way in ways)
        return self._read[item]

    def _mentions(self, item: str) -> list[tuple[str, Rarity]]:
        """What the ways read of an item mention, each once."""
        if item not in self._mentioned:
            mentioned = _mentioned({item: self._reading(item)})
            self._mentioned[item] = list(dict.fromkeys(reversed(list(mentioned))))[::-1]  # the last ones stay: they are taken first
        return self._mentioned[item]


def plain(ways: Ways, items: Iterable[str]) -> dict[str, tuple[Way, ...]]:
    """Guesses that rest on no guide: every item that is mentioned but unknown can be had within minutes."""
    guesses: dict[str, tuple[Way, ...]] = {}
    for name, rarity in _unknown(ways, items):
        if name not in guesses or rarity is Rarity.UNCOMMON:
            guesses[name] = _stand_in(name, rarity)
    return guesses


def is_guess(ways: Iterable[Way]) -> bool:
    """Whether the ways of an item are only guessed."""
    return any(way.info == _UNKNOWN for way in ways)


def _stand_in(name: str, rarity: Rarity) -> tuple[Way, ...]:
    return (Way(item=name, kind=Kind.MINE, rarity=rarity, info=_UNKNOWN),)


def _unknown(ways: Ways, items: Iterable[str]) -> Iterator[tuple[str, Rarity]]:
    """The items, and every name some way needs, that are not known. A graph knows which these are without a look at all its ways."""
    yield from ((item, Rarity.UNCOMMON) for item in items if item not in ways)
    users: Ways = ways
    if isinstance(ways, Graph):
        unknown = [name for name in ways.users if name not in ways]
        users = {node.item: ways[node.item] for name in unknown for node in ways.users[name]}
    yield from ((name, rarity) for name, rarity in _mentioned(users) if name not in ways)


def _mentioned(ways: Ways) -> Iterator[tuple[str, Rarity]]:
    """Every name some way needs; the first of several alternatives is the one that guides put first."""
    for options in ways.values():
        members = 0
        for way in options:
            later = way.kind is Kind.ANY and members > 0
            members += way.kind is Kind.ANY
            for need in node_of(way).needs:
                for at, name in enumerate(need.names):
                    yield name, Rarity.RARE if later or at else Rarity.UNCOMMON
