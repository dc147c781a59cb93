"""Every item that can be had, from an empty inventory: one game each in the stub with the reader, many of them on all cores, resumable."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from gitm.bench.games import forget
from gitm.data import rule_book
from gitm.events import Decomposed
from gitm.facts import load
from gitm.memory import MEMORY
from gitm.types import Frozen, Obtain, Tree

if TYPE_CHECKING:
    from gitm.mind import Mind
    from gitm.tally import Summary


class Hunt(Frozen):
    """One item on one seed by the rules of a version.

    All games of a ``home`` share its memory, and ``round`` tells the first pursuit of all items there from the next; without a home each
    game has a memory of its own.
    """

    item: str
    version: str
    seed: int
    max_ticks: int
    max_seconds: float
    home: str = ""
    round: int = 1


class Found(Hunt):
    """How it went: ``ticks`` is game time; ``kind`` of the last way, ``depth`` and ``subgoals`` are the first tree's."""

    reached: bool
    reason: str
    kind: str
    depth: int
    subgoals: int
    ticks: int
    actions: int
    deaths: int
    llm_calls: int
    seconds: float


def items_of(version: str | None) -> tuple[str, list[str]]:
    """The version whose rule book is played, and every item of it that a survival player can have."""
    path = rule_book(version)
    book = load(path)
    return path.stem, [item for item in book.items if item not in book.unobtainable]


def hunt(job: Hunt) -> Found:
    """Play one game."""
    started = perf_counter()
    mind = _mind(job.version)
    forget(mind, Path(job.home) / MEMORY if job.home else None)
    done, tree = _played(job, mind)
    last = tree.subgoals[-1].way.kind.value if tree and tree.subgoals else "none"
    return Found(
        **job.model_dump(),
        reached=done.reached,
        reason=done.reason,
        kind=last,
        depth=1 + max((task.depth for task in tree.subgoals), default=0) if tree else 0,
        subgoals=len(tree.subgoals) if tree else 0,
        ticks=done.ticks,
        actions=done.actions,
        deaths=done.deaths,
        llm_calls=done.llm_calls,
        seconds=round(perf_counter() - started, 3),
    )


def share_by(results: Iterable[Found], key: Callable[[Found], object]) -> dict[str, tuple[int, int]]:
    """Games reached and played, by some property of them, in its order."""
    groups: defaultdict[object, list[bool]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result.reached)
    ordered = sorted(groups.items(), key=lambda pair: (isinstance(pair[0], str), pair[0]))
    return {str(name): (sum(reached), len(reached)) for name, reached in ordered}


def _played(job: Hunt, mind: Mind) -> tuple[Summary, Tree | None]:
    """One game, and the tree it began with."""
    from gitm.agent import Limits, pursue
    from gitm.tally import Tally
    from gitm.worlds import open_world

    world = open_world("stub", seed=job.seed, rules=rule_book(job.version))
    tally, first = Tally(), None
    for event in pursue(Obtain(item=job.item), world, mind, Limits(max_ticks=job.max_ticks, max_seconds=job.max_seconds)):
        tally.add(event)
        if first is None and isinstance(event, Decomposed):
            first = event.tree
    world.close()
    return tally.summary(), first


@cache
def _mind(version: str) -> Mind:  # its import is heavy and only workers pay for it
    from gitm.llm.reader import Reader
    from gitm.opening import open_mind

    return open_mind(Path(tempfile.mkdtemp(prefix="gitm-bench-")), llm=Reader(), version=version)
