"""Rule books with recipes permuted at random: the worlds in which what one remembers of Minecraft is wrong.

The material lists of the crafted items are dealt out anew, and so are the inputs of smelting; yields and stations stay where they are.
Dealing goes along with what is possible already: a random recipe whose station can be had gets a random list of things that can be had,
so the world is solvable by construction, as far as dealing comes. Proof is :func:`gitm.bench.solvable.reach` on the finished book.
"""

from __future__ import annotations

import random
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from gitm.bench.solvable import Reach, Rule, crafting, reach, smelting, sources
from gitm.errors import SetupError
from gitm.facts import CraftFact, RuleBook, SmeltFact
from gitm.types import Stack

ATTEMPTS = 50  # deals before a world is given up
SOONER = 8  # how much likelier what can be obtained in the original is dealt next, so that most of it stays obtainable
CRAFTING, SMELTING = True, False
Recipe = CraftFact | SmeltFact


def shuffled(book: RuleBook, seed: int, goals: Sequence[str], level: int = 100, dearest: float | None = None) -> RuleBook:
    """The book with ``level`` percent of its recipes permuted, in which every goal can still be reached.

    ``dearest`` is the work (see :mod:`gitm.bench.solvable`) that no goal may exceed, None: that of the dearest goal in ``book``;
    without a bound amounts multiply from recipe to recipe until a goal is possible only on paper. Raises :class:`SetupError` when
    no such world is found.
    """
    original = reach(book).work
    bound = dearest or max(original[goal] for goal in goals)
    for attempt in range(ATTEMPTS):
        dealt = _Deal(book, random.Random(f"{seed} {attempt}"), level, bound).book()  # noqa: S311 - a game, not a secret
        found = reach(dealt).work
        if all(found.get(goal, bound + 1) <= bound for goal in goals):
            return dealt.model_copy(update={"name": f"{book.name}, shuffled {level} % by {seed}.{attempt}"})
    raise SetupError(f"no solvable world of seed {seed} in {ATTEMPTS} deals for {', '.join(goals)}; choose other goals or a lower level")


def changed(book: RuleBook, other: RuleBook) -> float:
    """The share of recipes that differ."""
    pairs = [*zip(book.crafts, other.crafts, strict=True), *zip(book.smelts, other.smelts, strict=True)]
    return sum(one != two for one, two in pairs) / len(pairs)


@dataclass(frozen=True)
class _List:
    """What some recipe was made of: ``key`` tells lists apart, ``names`` is all that is in it."""

    stacks: tuple[Stack, ...]
    key: tuple[tuple[str, int], ...]
    names: frozenset[str]

    @classmethod
    def of(cls, fact: Recipe) -> _List:
        """The list of a recipe."""
        stacks = fact.materials if isinstance(fact, CraftFact) else (Stack(item=fact.material),)
        return cls(stacks, tuple((stack.item, stack.count) for stack in stacks), frozenset(stack.item for stack in stacks))


@dataclass
class _Slot:
    """A recipe that waits for what it is to be made of, its own list, and its share of the dealer's attention."""

    at: int
    fact: Recipe
    own: _List
    weight: int

    def takes(self, other: _List) -> bool:
        """Whether it may be made of that: it is not its own list, and nothing is made of itself."""
        return other.key != self.own.key and self.fact.item not in other.names


class _Deal:
    """One deal of material lists to recipes."""

    def __init__(self, book: RuleBook, dice: random.Random, level: int, bound: float) -> None:
        self.vanilla, self.dice, self.bound = book, dice, bound
        self.crafts, self.smelts = list(book.crafts), list(book.smelts)
        weights = _weights(book)
        recipes: dict[bool, Sequence[Recipe]] = {CRAFTING: self.crafts, SMELTING: self.smelts}
        self.slots = {
            kind: [_Slot(at, fact, _List.of(fact), weights[fact.item]) for at, fact in enumerate(facts) if dice.random() * 100 < level]
            for kind, facts in recipes.items()
        }
        self.lists = {kind: {slot.at: slot.own for slot in slots} for kind, slots in self.slots.items()}
        self.possible: dict[bool, list[int]] = {CRAFTING: [], SMELTING: []}  # lists of which everything can be had, in order
        self.waiting: defaultdict[str, list[tuple[bool, int]]] = defaultdict(list)  # lists by something that they lack
        self.reach = Reach()
        taken = {kind: {slot.at for slot in slots} for kind, slots in self.slots.items()}
        self.reach.learn(sources(book))
        self.reach.learn(crafting(fact) for at, fact in enumerate(self.crafts) if at not in taken[CRAFTING])
        self.reach.learn(smelting(fact) for at, fact in enumerate(self.smelts) if at not in taken[SMELTING])
        for kind, lists in self.lists.items():
            for at in lists:
                self._sort_in(kind, at)

    def book(self) -> RuleBook:
        """Deal everything."""
        kinds = [CRAFTING, SMELTING]
        while kinds:
            kind = self.dice.choices(kinds, [1 + len(self.slots[kind]) for kind in kinds])[0]
            if not self._deal(kind):
                kinds = [other for other in kinds if other is not kind]
            elif len(kinds) == 1:
                kinds = [CRAFTING, SMELTING]  # what was stuck may go on
        for kind in (CRAFTING, SMELTING):
            self._rest(kind)
        return self.vanilla.model_copy(update={"crafts": tuple(self.crafts), "smelts": tuple(self.smelts)})

    def _deal(self, kind: bool) -> bool:  # noqa: FBT001 - crafting or smelting
        """Give one recipe that is possible a list that is possible; whether there was any."""
        open_slots = [slot for slot in self.slots[kind] if slot.fact.station is None or slot.fact.station in self.reach.work]
        while open_slots and self.possible[kind]:
            slot = self.dice.choices(open_slots, [slot.weight for slot in open_slots])[0]
            fit = [at for at in self.possible[kind] if slot.takes(self.lists[kind][at])]
            if fit:
                self._give(kind, slot, self.dice.choice(fit))
                return True
            open_slots.remove(slot)
        return False

    def _sort_in(self, kind: bool, at: int) -> None:  # noqa: FBT001 - crafting or smelting
        """A list that is possible (and not too dear) may be dealt; another waits for something that it lacks."""
        stacks = self.lists[kind][at].stacks
        if (lacks := next((stack.item for stack in stacks if stack.item not in self.reach.work), None)) is not None:
            self.waiting[lacks].append((kind, at))
        elif self.reach.cost((stack.item, float(stack.count)) for stack in stacks) < self.bound:
            insort(self.possible[kind], at)

    def _learn(self, rule: Rule) -> None:
        """A recipe is known: see which lists it makes possible."""
        self.reach.learn([rule])
        for name in [name for name in self.waiting if name in self.reach.work]:
            for kind, at in self.waiting.pop(name):
                if at in self.lists[kind]:
                    self._sort_in(kind, at)

    def _give(self, kind: bool, slot: _Slot, at: int) -> None:  # noqa: FBT001 - crafting or smelting
        stacks = self.lists[kind].pop(at).stacks
        self.slots[kind].remove(slot)
        if at in self.possible[kind]:
            self.possible[kind].remove(at)
        if isinstance(slot.fact, CraftFact):
            self.crafts[slot.at] = slot.fact.model_copy(update={"materials": stacks})
            self._learn(crafting(self.crafts[slot.at]))
        else:
            self.smelts[slot.at] = slot.fact.model_copy(update={"material": stacks[0].item})
            self._learn(smelting(self.smelts[slot.at]))

    def _rest(self, kind: bool) -> None:  # noqa: FBT001 - crafting or smelting
        """What cannot be obtained, in vanilla or now, is dealt blindly; with its own list only when no other is left."""
        for slot in list(self.slots[kind]):
            other = [at for at, dealt in self.lists[kind].items() if slot.takes(dealt)]
            self._give(kind, slot, self.dice.choice(other or list(self.lists[kind])))


def _weights(book: RuleBook) -> dict[str, int]:
    """What is likelier to be dealt next: what more depends on, and what could be obtained in the original."""
    uses, possible = _uses(book), reach(book).work
    return {name: (1 + uses[name]) * (SOONER if name in possible else 1) for name in book.items}


def _uses(book: RuleBook) -> Counter[str]:
    """How much depends on an item: recipes, and blocks that need it as a tool."""
    found: Counter[str] = Counter(stack.item for craft in book.crafts for stack in craft.materials)
    for group, members in book.groups.items():
        found.update({member: found[group] // len(members) for member in members})
    found.update(craft.station for craft in book.crafts if craft.station)
    found.update(smelt.material for smelt in book.smelts)
    found.update(smelt.station for smelt in book.smelts)
    for name, item in book.items.items():
        if item.tool:
            found[name] += sum(block.tool == item.tool.kind and (block.tier or -1) == item.tool.tier for block in book.blocks.values())
    return found
