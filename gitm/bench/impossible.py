"""Impossible goals: does the agent say that a thing cannot be had, with the link that is missing, and only then?

Three kinds: what no survival player can have, items of other versions, and worlds from which every way to one resource is removed. What is
possible is settled by :func:`gitm.bench.solvable.reach` on the rules; the agent reads its guides and draws a tree, nothing is played.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from gitm.bench.solvable import reach
from gitm.data import rule_book, shipped
from gitm.errors import NoWay
from gitm.facts import DropFact, RuleBook, load
from gitm.graph import requirements
from gitm.rank import rank
from gitm.stock import Stock
from gitm.types import Frozen, Obtain

if TYPE_CHECKING:
    from gitm.mind import Mind

RESOURCES = ("diamond", "iron_ingot", "redstone", "lapis_lazuli", "leather", "string", "sugar_cane", "blaze_rod", "obsidian", "quartz")
KINDS = ("obtainable", "not in survival", "of another version", "resource removed", "with a resource removed")


class World(Frozen):
    """The rules of a version, whole (``without`` is None) or with no way to one item; ``sample`` is how many goals of each kind, 0: all."""

    version: str
    without: str | None = None
    sample: int = 0


class Judged(World):
    """How many goals of each kind were asked about, and which were judged wrongly, with what the agent said."""

    asked: dict[str, int]
    wrong: dict[str, dict[str, str]]
    neither: tuple[str, ...] = ()  # items that nobody can have and of which the book does not say why
    seconds: float


def removed(book: RuleBook, item: str) -> RuleBook:
    """The same rules with no way to an item: nothing makes, drops, gives, sells or leaves it."""

    def kept(drops: tuple[DropFact, ...]) -> tuple[DropFact, ...]:
        return tuple(drop for drop in drops if drop.item != item)

    return book.model_copy(
        update={
            "name": f"{book.name} without {item}",
            "items": {
                name: fact.model_copy(update={"remainder": None}) if fact.remainder == item else fact for name, fact in book.items.items()
            },
            "crafts": tuple(craft for craft in book.crafts if craft.item != item),
            "smelts": tuple(smelt for smelt in book.smelts if smelt.item != item),
            "trades": tuple(trade for trade in book.trades if trade.item != item),
            "blocks": {name: block.model_copy(update={"drops": kept(block.drops)}) for name, block in book.blocks.items()},
            "mobs": {name: mob.model_copy(update={"drops": kept(mob.drops)}) for name, mob in book.mobs.items()},
            "uses": tuple(use.model_copy(update={"gives": kept(use.gives)}) for use in book.uses if use.item_becomes != item),
        }
    )


def judge(world: World) -> Judged:
    """Ask about the goals of one world."""
    from gitm.llm.reader import Reader
    from gitm.opening import open_mind

    started, book = perf_counter(), load(rule_book(world.version))
    guides: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="gitm-bench-") as folder:
        if world.without:
            book = removed(book, world.without)
            guides = [Path(folder) / "rules.json"]
            guides[0].write_text(book.model_dump_json(), encoding="utf-8")
        mind = open_mind(Path(folder), llm=Reader(), version=world.version, guides=guides)
        questions = _without(world.without, book) if world.without else _whole(world.version, book)
        asked, wrong = ask(mind, questions, world.sample)
        mind.close()
    possible = reach(book).work.keys() | book.unobtainable.keys()
    neither = () if world.without else tuple(sorted(book.items.keys() - possible))
    return Judged(**world.model_dump(), asked=asked, wrong=wrong, neither=neither, seconds=round(perf_counter() - started, 2))


#: Goals of one kind, and what the reason that they are impossible must name; None: they are possible.
Question = tuple[str, Sequence[str], Callable[[str], str | None]]


def ask(mind: Mind, questions: Sequence[Question], sample: int = 0) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """How many goals of each kind were asked about, and those judged wrongly: called impossible or possible, or the link not named."""
    asked: dict[str, int] = {}
    wrong: dict[str, dict[str, str]] = {}
    for kind, goals, link in questions:
        chosen = random.Random(kind).sample(goals, sample) if 0 < sample < len(goals) else goals  # noqa: S311 - a game, not a secret
        asked[kind], wrong[kind] = len(chosen), {}
        read(mind, chosen)
        reached = rank(mind.decomposer.ways).order  # of exactly these there is a tree
        for item in chosen:
            reason, missing = None if item in reached else why_not(mind, item), link(item)
            if (reason is None) != (missing is None) or (missing or "") not in (reason or ""):
                wrong[kind][item] = reason or "was called possible"
    return asked, wrong


def read(mind: Mind, goals: Sequence[str]) -> None:
    """Ask about the goals and all that their ways mention, as their trees would one by one: all at once takes far less time."""
    waiting, known = list(goals), mind.decomposer.known
    while waiting:
        if (item := waiting.pop()) not in known:
            for _ in mind.decomposer.learn(item):
                pass
            waiting += [name for way in known[item] for need in requirements(way) for name in need.names]


def why_not(mind: Mind, item: str) -> str | None:
    """Why the agent says that an item cannot be had; None when it has a tree for it."""
    try:
        for _ in mind.decomposer.tree(Obtain(item=item), Stock(), whole=True):
            pass
    except NoWay as error:
        return str(error)
    return None


def _whole(version: str, book: RuleBook) -> list[Question]:
    possible = reach(book).work
    others = {name for path in shipped("knowledge/facts").glob("*.json") if path.stem != version for name in load(path).items}
    foreign = sorted(others - book.items.keys() - book.aliases.keys())
    return [
        (KINDS[0], [item for item in book.items if item in possible], lambda _: None),
        (KINDS[1], list(book.unobtainable), lambda item: f"{item} cannot be obtained in survival: {book.unobtainable[item]}"),
        (KINDS[2], foreign, lambda item: item),
    ]


def _without(item: str, book: RuleBook) -> list[Question]:
    """What the resource is needed for, and what can be had without it."""
    whole, left = reach(load(rule_book(book.version))).work, reach(book).work
    lost = [name for name in book.items if name in whole and name not in left]
    return [
        (KINDS[3], lost, lambda _: item),
        (KINDS[4], [name for name in book.items if name in left], lambda _: None),
    ]
