"""The decomposer: goal and guides to ways, ways to the sub-goal tree.

GITM asks an LLM for each node of the tree. Here it is asked once for each item that is new, with the passages that retrieval found;
the answers are ways, kept in the memory, and the tree is arithmetic over them (:mod:`gitm.tree`). Only items on what looks like the
best tree so far are asked about: an unknown one stands in with a guessed effort until it turns out to matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import suppress
from typing import Literal

from gitm.answers import CodeAnswer, WaysAnswer, is_sound, way_header, ways_of
from gitm.errors import LLMError, NoWay
from gitm.events import Event, Learned, SetAside
from gitm.grammar import UNOBTAINABLE, find_all
from gitm.graph import Graph, Ways, requirements
from gitm.guesses import LONGEST, Guesses, is_guess, plain
from gitm.knowledge import Knowledge, fingerprint
from gitm.limits import Asker
from gitm.memory import Memory
from gitm.prompting import render
from gitm.rank import rank
from gitm.stock import Stock
from gitm.tree import decompose, draft, needs_of
from gitm.types import LLM, Feedback, Goal, Kind, Passage, Tree, Way

#: How the question for ways is put: in words with a JSON schema, or as Python to be completed.
Shape = Literal["text", "code"]
ROUNDS = 3  # times a question is put that failed (each with as many attempts as Asker makes) before a run ends for it
DEEPEST = 140  # rounds of questions for one tree: Minecraft's deepest takes 19, a permuted one over 100; what leads on must be wrong
DOUBTS = 4  # times an item is asked about again in a run because an LLM's ways of it lead nowhere
CARE = 2  # and because they leave only another way than an LLM's wrong answer may have closed
DETOUR = 3600.0  # expected seconds of one batch beyond which that is suspected: of 667 items that are read aright, 28 take longer
PASSAGES = 4  # as many as are put before the LLM; GITM does not state its number


class Decomposer:
    """What is known about items, and how to learn more. ``shape`` is that of the question; nothing is kept unless ``keeps``."""

    def __init__(self, knowledge: Knowledge, memory: Memory, asker: Asker, shape: Shape = "text") -> None:
        self.knowledge, self.memory, self.asker, self.shape = knowledge, memory, asker, shape
        self.keeps = True
        self.known: dict[str, tuple[Way, ...]] = {}
        self.aside: dict[tuple[str, str], Way] = {}  # (item, key of the way) -> the way, given up in this run
        self.corrected: set[str] = set()  # items whose ways the world has corrected, in this run or an earlier one
        self.rules: str | None = None  # which world is played, as far as known
        self._standing: dict[str, tuple[Way, ...]] = {}
        self._graph = Graph(self._standing)  # to be searched once for each step of a run, while what is known seldom changes
        self._read_from: dict[str, str] = {}  # item -> the knowledge under which its ways are kept
        self._unwritten: set[str] = set()  # items that no passage mentions: nobody need be asked about them
        self._unanswered: Counter[str] = Counter()  # questions about an item that came to nothing, one after the other
        self._guesses = Guesses(knowledge)
        self._weighed: set[str] = set()  # goals whose tree needs nothing that is only guessed, as far as is known now
        self._doubted: Counter[str] = Counter()  # times an item was asked about again, because its ways led nowhere

    def begin(self, rules: str = "") -> None:
        """A new run, perhaps in another world: what feedback has put aside or corrected is believed again."""
        for item in tuple(self.corrected) if self.rules in (None, rules) else tuple(self.known):
            del self.known[item]
        self.rules = rules
        for state in (self.aside, self.corrected, self._unanswered, self._doubted, self._weighed):
            state.clear()

    @property
    def ways(self) -> Graph:
        """What is known and not set aside."""
        standing = dict(self.known)
        for item in {item for item, _ in self.aside}.intersection(standing):
            standing[item] = tuple(way for way in standing[item] if (item, way.key) not in self.aside)
        if standing != self._standing:
            self._standing, self._graph = standing, Graph(standing)
        return self._graph

    def tree(self, goal: Goal, stock: Stock, *, whole: bool = False) -> Generator[Event, None, Tree]:
        """The tree of a goal, after asking about what it needs; raises :class:`NoWay` naming the knowledge that is missing.

        A question that an LLM fails at is put off: unless the ``whole`` tree is wanted, its first sub-goals can be reached meanwhile.
        Raises :class:`LLMError` when it fails again and again.
        """
        put_off: set[str] = set()
        for _ in range(DEEPEST):
            if (settled := self._settled(goal, stock)) is not None:
                return settled
            believed, draft = self._believed(goal, stock)
            if draft is None:
                if not (yield from self._second_opinion(needs_of(goal), believed, stock, DOUBTS)):
                    return self._decomposed(goal, believed, stock)  # says what is missing
                continue
            tree, groups = draft
            guessed = [item for item in (*(task.item for task in tree.subgoals), *groups) if is_guess(believed.get(item, ()))]
            nearest = plain(self.ways, needs_of(goal))  # what only guesses mention may not matter once these are known
            unknown = [item for item in guessed if item in nearest]
            if not unknown and (yield from self._reconsidered(tree, believed, stock)):
                continue  # a detour is not taken because of one wrong answer about the usual way
            if not unknown:
                self._weighed.add(self._question(goal, stock))
            if not unknown or (put_off.issuperset(unknown) and not whole and tree.subgoals[0].item not in guessed):
                return tree
            if put_off.issuperset(unknown):
                put_off.clear()  # nothing else can be done meanwhile
            for item in unknown:
                if item not in put_off and not (yield from self._answered(item)):
                    put_off.add(item)
        raise NoWay(f"what {goal} is made of leads on and on: after {DEEPEST} rounds of questions there are new ones; mend the guides")

    def _decomposed(self, goal: Goal, believed: Ways, stock: Stock) -> Tree:
        """The tree; raises :class:`NoWay` with the reason that a guide gives why nobody can have what is missing."""
        try:
            return decompose(goal, believed, stock)
        except NoWay as error:
            reason = self._reason(error.item) if error.item else None
            if reason is None:
                raise
            raise NoWay(f"{error.item} cannot be obtained in survival: {reason}{error.chain}", error.item, error.chain) from error

    def _reason(self, item: str) -> str | None:
        """Why nobody can have an item, if a guide says so."""
        sentences = (found for passage in self.knowledge.about(item) for found in find_all(UNOBTAINABLE, passage.text[:LONGEST]))
        return next((found["reason"] for found in sentences if found["item"] == item), None)

    def _settled(self, goal: Goal, stock: Stock) -> Tree | None:
        """The tree of a goal for which all that nobody was asked about has been weighed and was not wanted: what is known will do."""
        question = self._question(goal, stock)
        if question not in self._weighed:
            return None
        try:
            return decompose(goal, self.ways, stock)
        except NoWay:
            self._weighed.discard(question)
            return None

    def _question(self, goal: Goal, stock: Stock) -> str:
        """What is weighed: the way to a goal, of a group in the biome where one is, for another member may be at home in the next.

        It is weighed anew when something was looked for in vain, at first after a quarter of an hour and then each time after four times
        as long, for other ways may be quicker, but to know of them takes questions; of a group there are others, so then at once.
        """
        group = any(way.kind is Kind.ANY for item in needs_of(goal) for way in self.known.get(item, ()))
        first = 60 if group else 900
        vain = {name: (round(spent / first).bit_length() + 1) // 2 for name, spent in sorted(stock.vain.items()) if spent >= first}
        where = f" in {stock.biome} of {stock.dimension}" if group else ""
        return f"{goal}{where}" + "".join(f" without {name} {long}" for name, long in vain.items())

    def _believed(self, goal: Goal, stock: Stock) -> tuple[Ways, tuple[Tree, tuple[str, ...]] | None]:
        """What is known and guessed, and the draft (see :func:`gitm.tree.draft`) of a goal from it; without one there is no way.

        Guides may tell in prose of ways that their exact sentences do not give, so what these say is no reason to give up.
        """
        ways, items = self.ways, needs_of(goal)
        for guesses in (self._guesses.about(ways, items), plain(ways, items)):
            believed = {**ways, **guesses} if guesses else ways
            try:
                return believed, draft(goal, believed, stock)
            except NoWay:
                if not guesses:  # nor is there anything else to be guessed
                    break
        return believed, None

    def learn(self, item: str, *, afresh: bool = False) -> Generator[Event, None, None]:
        """Find out the ways of an item: remembered from the same knowledge, or asked for now (``afresh``: in any case)."""
        passages = self.knowledge.retrieve(item, PASSAGES)
        digest = fingerprint(passages)
        ways = None if afresh else self._recalled(item, digest)
        remembered = ways is not None
        if ways is None:
            self._read_from[item] = digest
            ways, sound = yield from self._ask(item, passages)
            if self.keeps and (self._exact or (ways and sound)):  # what an LLM failed to find must not be lost for ever
                self.memory.keep_ways(item, digest, self._llm.name, ways)
        self._believe(item, ways)
        yield Learned(item=item, ways=ways, passages=tuple(passage.id for passage in passages), remembered=remembered)

    def restore(self, event: Learned | SetAside) -> None:
        """What a run had learned or given up before it was cut off; whatever the guides say by now, it holds until the run's end."""
        if isinstance(event, SetAside):
            self.set_aside(event.way, event.reason)
        else:
            self._believe(event.item, event.ways)
            self.corrected.add(event.item)

    def contradict(self, way: Way, feedback: Feedback) -> Generator[Event, None, bool]:
        """The world said no to a way: ask again with its words. Returns whether that taught something new.

        The way is corrected when the answer has it with other amounts, tools or stations; otherwise it is set aside. Ways that were
        not known before (the same recipe with one more material) are added. What was learned is kept for worlds of these rules.
        """
        item, passages = way.item, self.knowledge.retrieve(way.item, PASSAGES)
        try:
            revised, _ = yield from self._ask(item, passages, contradiction=_contradiction(way, feedback))
        except LLMError:
            revised = ()
        if self.keeps and not self._exact:
            self.memory.doubt_way(item, self._read_from.get(item, ""), self._llm.name, way.key)
        known = {other.key: other for other in self.known[item]}
        told = known.get(way.key, way)  # the way itself may be one that does without what was advised
        taught = {other.key: other for other in revised if other != told and (other.key == way.key or other.key not in known)}
        if way.key not in taught:
            yield self.set_aside(way, feedback.message)
        if taught:
            self.known[item] = tuple({**known, **taught}.values())
            self._weighed.clear()
            self.corrected.add(item)
            self._keep_correction(item, fingerprint(passages))
            yield Learned(item=item, ways=self.known[item], passages=(f"feedback: {feedback.message}",))
        return bool(taught)

    def doubt(self, way: Way) -> Generator[Event, None, None]:
        """A way fails again and again, though nothing says that it is wrong: ask once more, if whoever answered may have erred."""
        if self._exact or way.item in self.corrected or self._doubted[way.item] >= DOUBTS:
            return
        yield from self._once_more(way.item)

    def prove(self, way: Way) -> None:
        """A sub-goal was achieved by a way: what an LLM said of it is true."""
        if self.keeps and not self._exact and way.item in self._read_from:
            self.memory.prove_way(way.item, self._read_from[way.item], self._llm.name, way.key)

    def set_aside(self, way: Way, reason: str) -> SetAside:
        """Give a way up for this run."""
        self.aside[way.item, way.key] = way
        self._weighed.clear()
        return SetAside(way=way, reason=reason)

    def _believe(self, item: str, ways: tuple[Way, ...]) -> None:
        for way in ways:  # the same way, told otherwise, deserves another try
            if self.aside.get((item, way.key), way) not in (way, way.without_advice()):
                del self.aside[item, way.key]
        self.known[item] = ways
        self._weighed.clear()

    # --- asking ------------------------------------------------------------------------------------------------

    @property
    def _llm(self) -> LLM:
        return self.asker.llm_for("decomposer")

    @property
    def _exact(self) -> bool:
        """Whether the answers are all that the passages say: then there is nothing to doubt and nothing to ask twice."""
        return getattr(self._llm, "exact", False)

    def _recalled(self, item: str, digest: str) -> tuple[Way, ...] | None:
        """The ways kept under this knowledge, as corrected by a world of these rules if one did."""
        for place in (f"{digest}@{self.rules}", digest) if self.rules else (digest,):
            if (ways := self.memory.ways(item, place, self._llm.name)) is not None:
                self._read_from[item] = place
                if place != digest:
                    self.corrected.add(item)
                return ways
        return None

    def _keep_correction(self, item: str, digest: str) -> None:
        """Keep the ways that the world left standing."""
        standing = self.ways[item]
        if self.keeps and self.rules and standing:
            self._read_from[item] = f"{digest}@{self.rules}"
            self.memory.keep_ways(item, self._read_from[item], self._llm.name, standing)

    def _answered(self, item: str) -> Generator[Event, None, bool]:
        """Learn an item; whether there was an answer. Raises :class:`LLMError` when there was none too often."""
        try:
            yield from self.learn(item)
        except LLMError:
            self._unanswered[item] += 1
            if self._unanswered[item] >= ROUNDS:
                raise
            return False
        del self._unanswered[item]
        return True

    def _reconsidered(self, tree: Tree, believed: Ways, stock: Stock) -> Generator[Event, None, bool]:
        """Ask again about usual ways that wrong answers may have closed; returns whether anything was asked about."""
        if self._exact:
            return False
        if (yield from self._second_opinion([task.item for task in tree.subgoals], believed, stock, CARE)):
            return True
        first = rank(believed, stock).first
        far = next((task.item for task in tree.subgoals if first.get(task.item, 0) > DETOUR), None)  # suppliers stand before their users
        if far is None or self._doubted[far] >= CARE:
            return False
        yield from self._once_more(far)
        return True

    def _second_opinion(self, items: Iterable[str], believed: Ways, stock: Stock, most: int) -> Generator[Event, None, bool]:
        """Ask again about what some way of the items needs and cannot be obtained as far as known, when whoever answered may have erred.

        At most ``most`` times about each; returns whether any was asked about.
        """
        if self._exact:
            return False
        reached = rank(believed, stock).order
        lost = [item for item in _needed(items, self.known) if item not in reached and item not in self._unwritten]
        lost = [item for item in lost if self._doubted[item] < most]
        for item in [item for item in lost if not believed[item]] or lost:  # first those without any way
            yield from self._once_more(item)
        return bool(lost)

    def _once_more(self, item: str) -> Generator[Event, None, None]:
        """Ask again about an item; where there is no answer, what was said before still stands, and it counts as one of the times."""
        self._doubted[item] += 1
        with suppress(LLMError):
            yield from self.learn(item, afresh=True)

    def _ask(
        self, item: str, passages: tuple[Passage, ...], contradiction: Mapping[str, str] | None = None
    ) -> Generator[Event, None, tuple[tuple[Way, ...], bool]]:
        """The ways in an answer, and whether all of it could be read."""
        mute = self.knowledge.passages and not any(_mentions(passage, item) for passage in passages)
        if mute or self._reason(item) is not None:
            self._unwritten.add(item)
            return (), True  # only the most similar of passages that do not help: nothing to read, and an invented name leads no further
        passages = tuple(passage.model_copy(update={"text": passage.text[:LONGEST]}) for passage in passages)
        values = {"item": item, "passages": passages, "contradiction": contradiction}
        if self.shape == "code":
            messages = render("decomposer_code", header=way_header(), **values)
            code = yield from self.asker.ask("decomposer", item, messages, CodeAnswer)
            answer = code.ways
        else:
            answer = yield from self.asker.ask("decomposer", item, render("decomposer", **values), WaysAnswer)
        source = passages[0].source if passages else ""
        ways = tuple(way for way in ways_of(item, answer, source) if way.materials or way.kind is not Kind.ANY)
        return ways, is_sound(answer)


def _needed(items: Iterable[str], ways: Ways) -> list[str]:
    """The known ones among the items and all that their ways need."""
    found: dict[str, None] = {}
    waiting = [item for item in items if item in ways]
    while waiting:
        item = waiting.pop()
        if item not in found:
            found[item] = None
            waiting += [name for way in ways[item] for need in requirements(way) for name in need.names if name in ways]
    return list(found)


def _mentions(passage: Passage, item: str) -> bool:
    """Whether a passage is about the item or has its name, with underscores or in plain words."""
    if item in passage.items or item in passage.text:
        return True
    text = f" {' '.join(re.sub(r'[^a-z0-9_]', ' ', passage.text.lower()).split())} "
    return f" {item.replace('_', ' ')}" in text


def _contradiction(way: Way, feedback: Feedback) -> dict[str, str]:
    return {
        "way": way.model_dump_json(exclude_defaults=True),
        "code": feedback.code.value,
        "missing": ", ".join(f"{count} {item}" for item, count in feedback.missing.items()),
        "message": " ".join(feedback.message.split()),
    }
