"""Games for the benches: one goal on one seed from an empty inventory, many of them on all cores, resumable."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from gitm.actions import Action
from gitm.events import Event, Stepped
from gitm.types import Frozen, Obtain

if TYPE_CHECKING:
    from gitm.mind import Mind


class Game(Frozen):
    """What is to be played."""

    item: str
    seed: int
    max_ticks: int


class Result(Frozen):
    """How it went; ``ticks`` is game time."""

    item: str
    seed: int
    max_ticks: int
    reached: bool
    reason: str
    ticks: int
    actions: int
    deaths: int
    llm_calls: int
    seconds: float


def events(game: Game) -> Iterator[Event]:
    """One game in the stub with the reader; what was learned in one game is not known in the next."""
    from gitm.agent import Limits, pursue
    from gitm.worlds import open_world

    mind = _mind()
    forget(mind)
    world = open_world("stub", seed=game.seed)
    yield from pursue(Obtain(item=game.item), world, mind, Limits(max_ticks=game.max_ticks))
    world.close()


def forget(mind: Mind, memory: Path | None = None) -> None:
    """Let the mind know nothing but its guides, and what is in the file of a ``memory``: every item is still to be asked about."""
    from gitm.memory import Memory

    mind.memory.close()
    mind.memory = mind.decomposer.memory = mind.planner.memory = Memory(memory)
    mind.decomposer.known.clear()
    mind.decomposer.corrected.clear()


def recorded(item: str, seed: int) -> list[Action]:
    """The actions of a game, to be played again."""
    return [event.action for event in events(Game(item=item, seed=seed, max_ticks=1_000_000)) if isinstance(event, Stepped)]


def play(game: Game) -> Result:
    """Play one game to its end."""
    from gitm.tally import Tally

    started = perf_counter()
    tally = Tally()
    for event in events(game):
        tally.add(event)
    done = tally.summary()
    return Result(
        item=game.item,
        seed=game.seed,
        max_ticks=game.max_ticks,
        reached=done.reached,
        reason=done.reason,
        ticks=done.ticks,
        actions=done.actions,
        deaths=done.deaths,
        llm_calls=done.llm_calls,
        seconds=round(perf_counter() - started, 3),
    )


@cache
def _mind() -> Mind:  # its import is heavy and only workers pay for it
    from gitm.llm.reader import Reader
    from gitm.opening import open_mind

    return open_mind(Path(tempfile.mkdtemp(prefix="gitm-bench-")), llm=Reader())
