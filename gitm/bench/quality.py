"""How near the sub-goal tree comes to the fewest performances: gathers and crafts of our tree over those of the optimum."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from gitm.answers import WaysAnswer, ways_of
from gitm.bench.games import forget
from gitm.bench.optimum import Ways, optimum
from gitm.llm.reader import Reader
from gitm.llm.reading import read_ways
from gitm.rank import Stock, effort
from gitm.tree import decompose
from gitm.types import Frozen, Kind, Message, Obtain, Reply, T, Tree, Way

if TYPE_CHECKING:
    from gitm.mind import Mind


class Question(Frozen):
    """Of which item, and how long the solver may look for a better plan."""

    item: str
    seconds: float


class Quality(Question):
    """Performances (gathers + crafts) of our tree and of the optimum, which is at least ``bound``; ``tree`` and ``best`` are the plans.

    ``worn``: our tree's performances when tools wear out, spare ones included. The ``_time`` figures are expected hundredths of a
    second of game time, which is what our tree minimises: of our tree, and of the plan that takes least. ``informed`` is the tree when
    every way is known from the start; ours asks only about what seems to matter, guessing the rest.
    """

    ours: int
    worn: int
    optimum: int
    bound: int
    informed: int
    our_time: int
    informed_time: int
    least_time: int
    bound_time: int
    tree: dict[str, int]
    best: dict[str, int]
    fastest: dict[str, int]
    took: float  # seconds

    @property
    def ratio(self) -> float:
        """1.0: no plan has fewer performances."""
        return self.ours / self.optimum

    @property
    def time_ratio(self) -> float:
        """1.0: no plan takes less game time."""
        return self.our_time / self.least_time


class Lasting(Reader):
    """A reader for whom tools never wear out, since how many spare ones a plan should have is not a matter of its shape."""

    name = "reader of lasting tools"

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """The reader's answer without the uses after which a tool breaks."""
        reply = super().complete(messages, schema)
        if not isinstance(reply.value, WaysAnswer):
            return reply
        ways = [way.model_copy(update={"lasts": None}) for way in reply.value.ways]
        return reply.model_copy(update={"value": reply.value.model_copy(update={"ways": ways})})


def measure(question: Question) -> Quality:
    """Our tree and the optimum for one item from an empty inventory."""
    started = perf_counter()
    goal = Obtain(item=question.item)
    mind = _mind()
    forget(mind)
    mind.asker.llm = Reader()
    worn, _ = mind.plan_ahead(goal)
    forget(mind)
    mind.asker.llm = Lasting()
    tree, _ = mind.plan_ahead(goal)
    ours = tree.gathers + tree.crafts
    informed = decompose(goal, _lasting_ways())
    our_time = _time(tree)
    best = optimum(question.item, every_way(), ours, question.seconds)
    fast = optimum(question.item, every_way(), our_time, question.seconds, times)
    return Quality(
        **question.model_dump(),
        ours=ours,
        worn=worn.gathers + worn.crafts,
        optimum=best.cost if best else ours,
        bound=best.bound if best else 1,
        informed=informed.gathers + informed.crafts,
        our_time=our_time,
        informed_time=_time(informed),
        least_time=fast.cost if fast else our_time,
        bound_time=fast.bound if fast else 1,
        tree={task.key: task.batches for task in tree.subgoals},
        best=best.plan if best else {},
        fastest=fast.plan if fast else {},
        took=round(perf_counter() - started, 2),
    )


def times(way: Way) -> tuple[int, int]:
    """Costs in expected hundredths of a second, by the figures of :mod:`gitm.rank`; taking a member of a group takes no time."""
    if way.kind is Kind.ANY:
        return 0, 0
    first, more = effort(way, Stock())
    return round(100 * first), round(100 * more)


def _time(tree: Tree) -> int:
    return sum(first + (task.batches - 1) * more for task in tree.subgoals for first, more in [times(task.way)])


@cache
def _lasting_ways() -> Ways:
    return {item: tuple(way.model_copy(update={"lasts": None}) for way in ways) for item, ways in every_way().items()}


@cache
def every_way() -> Ways:
    """Every way of every item, read from the passages of the newest shipped rule book."""
    from gitm.opening import gather

    passages, _ = gather(None, ())
    found: dict[str, tuple[Way, ...]] = {}
    for passage in passages:
        for item in passage.items:
            if passage.id == f"item:{item}":
                found[item] = ways_of(item, WaysAnswer(ways=read_ways(item, passage.text)))
    return found


@cache
def _mind() -> Mind:
    from gitm.opening import open_mind

    return open_mind(Path(tempfile.mkdtemp(prefix="gitm-bench-")), llm=Reader())
