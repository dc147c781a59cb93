"""Does a memory that feeds on its own runs get worse? Ten generations in one home, each on seeds of its own.

Every game is played twice: with the memory that all games before it have left, and, to compare, with an empty one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median

from gitm.bench.games import forget
from gitm.limits import Limits
from gitm.mind import Mind
from gitm.planner import Mode
from gitm.types import Frozen, Obtain

GOALS = ("stone_pickaxe", "torch", "bread", "iron_pickaxe", "white_bed", "bucket", "shears", "diamond")


class Generation(Frozen):
    """What one generation of games came to: with the memory of those before it, and with none (``plain``)."""

    number: int
    games: int
    reached: int
    plain_reached: int
    median_ticks: float  # game time of the games that both reached
    plain_median_ticks: float
    ratio: float  # mean over those games of ticks with memory per ticks without
    llm_calls: int
    plain_llm_calls: int
    recalled: int  # plans that came from the memory
    failed: int  # of those, how many the world refused
    plans: int  # in the memory afterwards


def generations(
    goals: Sequence[str] = GOALS,
    count: int = 10,
    seeds: int = 2,
    max_ticks: int = 3_000_000,
    planner: Mode = "auto",
    told: Callable[[Generation], None] | None = None,
) -> list[Generation]:
    """Play ``count`` generations of every goal on ``seeds`` seeds of its own, one game after the other."""
    from gitm.llm.reader import Reader
    from gitm.memory import MEMORY, Memory
    from gitm.opening import open_mind

    found = []
    with tempfile.TemporaryDirectory(prefix="gitm-generations-") as folder:
        mind = open_mind(Path(folder), llm=Reader(), planner=planner)
        for number in range(1, count + 1):
            games = []
            for seed in range((number - 1) * seeds + 1, number * seeds + 1):
                for goal in goals:
                    forget(mind)
                    plain = _play(mind, goal, seed, max_ticks)
                    forget(mind)
                    mind.memory = mind.decomposer.memory = mind.planner.memory = Memory(Path(folder) / MEMORY)
                    games.append((plain, _play(mind, goal, seed, max_ticks)))
            found.append(_summary(number, games, mind.memory.counts()["plans"]))
            if told:
                told(found[-1])
        mind.close()
    return found


class _Game(Frozen):
    reached: bool
    ticks: int
    llm_calls: int
    recalled: int
    failed: int


def _play(mind: Mind, goal: str, seed: int, max_ticks: int) -> _Game:
    from gitm.agent import pursue
    from gitm.events import Planned, Stepped
    from gitm.tally import Tally
    from gitm.worlds import open_world

    world, tally = open_world("stub", seed=seed), Tally()
    recalled, failed, followed = 0, 0, False
    for event in pursue(Obtain(item=goal), world, mind, Limits(max_ticks=max_ticks)):
        tally.add(event)
        if isinstance(event, Planned):
            followed = event.plan.origin == "memory"
            recalled += followed
        elif isinstance(event, Stepped) and followed and not event.feedback.ok:
            failed += 1
    world.close()
    done = tally.summary()
    return _Game(reached=done.reached, ticks=done.ticks, llm_calls=done.llm_calls, recalled=recalled, failed=failed)


def _summary(number: int, games: Sequence[tuple[_Game, _Game]], plans: int) -> Generation:
    both = [(plain.ticks, ours.ticks) for plain, ours in games if plain.reached and ours.reached]
    return Generation(
        number=number,
        games=len(games),
        reached=sum(ours.reached for _, ours in games),
        plain_reached=sum(plain.reached for plain, _ in games),
        median_ticks=median(ours for _, ours in both) if both else 0,
        plain_median_ticks=median(plain for plain, _ in both) if both else 0,
        ratio=mean(ours / plain for plain, ours in both) if both else 0,
        llm_calls=sum(ours.llm_calls for _, ours in games),
        plain_llm_calls=sum(plain.llm_calls for plain, _ in games),
        recalled=sum(ours.recalled for _, ours in games),
        failed=sum(ours.failed for _, ours in games),
        plans=plans,
    )
