"""How long the sub-goal tree takes, all ways known."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from gitm.errors import NoWay
from gitm.llm.reader import Reader
from gitm.opening import open_mind
from gitm.stock import Stock
from gitm.tree import decompose
from gitm.types import Obtain

_ROUNDS = 5


def times(items: Sequence[str]) -> dict[str, float]:
    """Seconds of one decomposition per item, the best of a few, with only the ways that the item's tree needs known."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="gitm-bench-") as home:
        mind = open_mind(Path(home), llm=Reader())
        for item in items:
            mind.decomposer.known.clear()
            goal = Obtain(item=item)
            try:
                mind.plan_ahead(goal)
            except NoWay:
                continue  # gitm bench tech-tree says so
            ways, stock = mind.decomposer.ways, Stock()
            best = float("inf")
            for _ in range(_ROUNDS):
                started = perf_counter()
                decompose(goal, ways, stock)
                best = min(best, perf_counter() - started)
            found[item] = best
        mind.close()
    return found
