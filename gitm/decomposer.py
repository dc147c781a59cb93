"""The decomposer: goal and guides to ways, ways to the sub-goal tree.

GITM asks an LLM for each node of the tree. Here it is asked once for each item that is new, with the passages that retrieval found;
the answers are ways, kept in the memory, and the tree is arithmetic over them (:mod:`gitm.tree`). Only items on what looks like the
best tree so far are asked about: an unknown one stands in with a guessed effort until it turns out to matter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain

from gitm.answers import WaysAnswer, ways_of
from gitm.errors import LLMError
from gitm.events import Event, Learned, SetAside
from gitm.knowledge import Knowledge
from gitm.limits import Asker
from gitm.memory import Memory
from gitm.prompting import render
from gitm.rank import Stock, Ways, requirements
from gitm.tree import decompose, needs_of
from gitm.types import Feedback, Goal, Kind, Passage, Rarity, Tree, Way

PASSAGES = 4  # as many as are put before the LLM; GITM does not state its number
_UNKNOWN = "not asked about yet"


class Decomposer:
    """What is known about items, and how to learn more."""

    def __init__(self, knowledge: Knowledge, memory: Memory, asker: Asker) -> None:
        self.knowledge, self.memory, self.asker = knowledge, memory, asker
        self.known: dict[str, tuple[Way, ...]] = {}
        self.aside: set[tuple[str, str]] = set()  # (item, key of the way) given up in this run
        self.corrected: set[str] = set()  # items whose ways the world has corrected in this run

    def begin(self, rules: str = "") -> None:
        """A new run, perhaps in another world: what feedback has put aside or corrected is believed again."""
        self.aside.clear()
        for item in self.corrected:
            del self.known[item]
        self.corrected.clear()

    @property
    def ways(self) -> Ways:
        """What is known and not set aside."""
        return {item: tuple(way for way in ways if (item, way.key) not in self.aside) for item, ways in self.known.items()}

    def tree(self, goal: Goal, stock: Stock) -> Generator[Event, None, Tree]:
        """The tree of a goal, after asking about what it needs; raises :class:`NoWay` naming the knowledge that is missing."""
        while True:
            ways = self.ways
            tree = decompose(goal, {**ways, **_stand_ins(ways, needs_of(goal))}, stock)
            unknown = [task.item for task in tree.subgoals if task.way.info == _UNKNOWN]
            if not unknown:
                return tree
            for item in unknown:
                yield from self.learn(item)

    def learn(self, item: str) -> Generator[Event, None, None]:
        """Find out the ways of an item: remembered from the same knowledge, or asked for now."""
        passages = self.knowledge.retrieve(item, PASSAGES)
        digest = _digest(passages)
        ways = self.memory.ways(item, digest, self.asker.llm.name)
        remembered = ways is not None
        if ways is None:
            ways = yield from self._ask(item, passages)
            self.memory.keep_ways(item, digest, self.asker.llm.name, ways)
        self.known[item] = ways
        yield Learned(item=item, ways=ways, passages=tuple(passage.id for passage in passages), remembered=remembered)

    def contradict(self, way: Way, feedback: Feedback) -> Generator[Event, None, bool]:
        """The world said no to a way: ask again with its words. Returns whether that taught something new.

        The way is corrected when the answer has it with other amounts, tools or stations; otherwise it is set aside. Ways that were
        not known before (the same recipe with one more material) are added.
        """
        passages = self.knowledge.retrieve(way.item, PASSAGES)
        try:
            revised = yield from self._ask(way.item, passages, contradiction=_contradiction(way, feedback))
        except LLMError:
            revised = ()
        known = {other.key: other for other in self.known[way.item]}
        taught = {other.key: other for other in revised if other != way and (other.key == way.key or other.key not in known)}
        if way.key not in taught:
            yield self.set_aside(way, feedback.message)
        if not taught:
            return False
        self.known[way.item] = tuple({**known, **taught}.values())
        self.corrected.add(way.item)
        yield Learned(item=way.item, ways=self.known[way.item], passages=(f"feedback: {feedback.message}",))
        return True

    def set_aside(self, way: Way, reason: str) -> SetAside:
        """Give a way up for this run."""
        self.aside.add((way.item, way.key))
        return SetAside(way=way, reason=reason)

    def _ask(
        self, item: str, passages: tuple[Passage, ...], contradiction: Mapping[str, str] | None = None
    ) -> Generator[Event, None, tuple[Way, ...]]:
        if self.knowledge.passages and not any(_mentions(passage, item) for passage in passages):
            return ()  # only the most similar of passages that do not help: nothing to read, and an invented name leads no further
        messages = render("decomposer", item=item, passages=passages, contradiction=contradiction)
        answer = yield from self.asker.ask("decomposer", item, messages, WaysAnswer)
        return tuple(way for way in ways_of(item, answer, source=passages[0].source if passages else "") if way.materials or way.kind is not Kind.ANY)


def _stand_ins(ways: Ways, goal_items: Iterable[str]) -> dict[str, tuple[Way, ...]]:
    """A guess for every item that is mentioned but unknown: about a minute to get, or longer when it is only one of several that do."""
    guesses: dict[str, tuple[Way, ...]] = {}
    for name, rarity in chain(((item, Rarity.UNCOMMON) for item in goal_items), _mentioned(ways)):
        if name not in ways and (name not in guesses or rarity is Rarity.UNCOMMON):
            guesses[name] = (Way(item=name, kind=Kind.MINE, rarity=rarity, info=_UNKNOWN),)
    return guesses


def _mentioned(ways: Ways) -> Iterator[tuple[str, Rarity]]:
    """Every name some way needs; the first of several alternatives is the one that guides put first."""
    for options in ways.values():
        members = 0
        for way in options:
            later = way.kind is Kind.ANY and members > 0
            members += way.kind is Kind.ANY
            for need in requirements(way):
                for at, name in enumerate(need.names):
                    yield name, Rarity.RARE if later or at else Rarity.UNCOMMON


def _mentions(passage: Passage, item: str) -> bool:
    """Whether a passage is about the item or has its name, with underscores or in plain words."""
    text = f" {' '.join(re.sub(r'[^a-z0-9_]', ' ', passage.text.lower()).split())} "
    return item in passage.items or item in passage.text or f" {item.replace('_', ' ')}" in text


def _contradiction(way: Way, feedback: Feedback) -> dict[str, str]:
    return {
        "way": way.model_dump_json(exclude_defaults=True),
        "code": feedback.code.value,
        "missing": ", ".join(f"{count} {item}" for item, count in feedback.missing.items()),
        "message": " ".join(feedback.message.split()),
    }


def _digest(passages: Iterable[Passage]) -> str:
    """Identifies the knowledge a way was read from."""
    return hashlib.sha256("\x00".join(f"{passage.id}\x01{passage.text}" for passage in passages).encode()).hexdigest()[:16]
