"""What wrong answers cost: success and calls as a growing part of an exact reader's answers is damaged.

Every damaged answer fits its schema and holds exactly one slip of :mod:`gitm.llm.slips`: one way of an item, or one action of a plan.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any, Literal

from pydantic import BaseModel

from gitm.answers import PlanAnswer, WaysAnswer
from gitm.bench.ablation import home_with
from gitm.bench.pool import run_all
from gitm.bench.report import interval
from gitm.errors import LLMError
from gitm.limits import Limits
from gitm.llm.noisy import NoiseRates, Noisy
from gitm.llm.reader import Reader
from gitm.llm.slips import PLAN_SLIPS, WAY_SLIPS, Luck, Rates, clumsy, misremembered
from gitm.types import Frozen, Obtain

RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
PLANNERS: tuple[Literal["auto", "llm"], ...] = ("auto", "llm")
_MATERIALS = ("stick", "planks", "cobblestone", "iron_ingot", "gold_ingot", "redstone", "leather", "glass", "sand", "coal")
_NONE = Rates().at(0)


class Game(Frozen):
    """One game at a rate of damaged answers."""

    goal: str
    planner: Literal["auto", "llm"]
    rate: float
    seed: int
    max_ticks: int


class Result(Game):
    """How it went."""

    reached: bool
    reason: str
    ticks: int
    calls: int
    seconds: float


def play(game: Game) -> Result:
    """Play one game to its end; nothing is remembered of another."""
    from gitm.agent import pursue
    from gitm.opening import open_mind
    from gitm.tally import Tally
    from gitm.worlds import open_world

    started, tally = perf_counter(), Tally()
    llm = Noisy(Reader(), game.seed, NoiseRates(damaged=game.rate), damage)
    mind = open_mind(home_with(), llm=llm, planner=game.planner)
    world = open_world("stub", seed=game.seed)
    fault = ""
    try:
        for event in pursue(Obtain(item=game.goal), world, mind, Limits(max_ticks=game.max_ticks)):
            tally.add(event)
    except LLMError as error:  # an answer that could not be used to the end: the game is lost, the others go on
        fault = str(error)
    mind.close()
    world.close()
    done = tally.summary()
    seconds = round(perf_counter() - started, 2)
    return Result(**dict(game), reached=done.reached, reason=fault or done.reason, ticks=done.ticks, calls=done.llm_calls, seconds=seconds)


def measure(
    goal: str, games: int, max_ticks: int, log: Path, *, workers: int | None = None, told: Callable[[], None] = lambda: None
) -> list[Result]:
    """The games of all rates and both planners, on the seeds from 1."""
    todo = [
        Game(goal=goal, planner=planner, rate=rate, seed=seed, max_ticks=max_ticks)
        for planner, rate, seed in product(PLANNERS, RATES, range(1, games + 1))
    ]
    return run_all(todo, play, Result, log, workers=workers, told=lambda _: told())


def table(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Success in percent with its interval, median ticks of what was reached, and calls a game, per planner and rate."""
    return [
        {
            "planner": planner,
            "rate": rate,
            "games": len(games),
            "success_pct": 100 * (reached := sum(result.reached for result in games)) / len(games),
            "interval_pct": [round(100 * bound, 1) for bound in interval(reached, len(games))],
            "median_ticks": median([result.ticks for result in games if result.reached] or [0]),
            "calls_mean": mean(result.calls for result in games),
        }
        for planner, rate in product(PLANNERS, RATES)
        if (games := [result for result in results if (result.planner, result.rate) == (planner, rate)])
    ]


# --- damage ------------------------------------------------------------------------------------------------------


def damage(answer: BaseModel, chance: random.Random) -> BaseModel:
    """The answer with one slip in one of its ways or actions; as it was when nothing in it can be wrong."""
    if isinstance(answer, WaysAnswer):
        change = partial(misremembered, materials=_MATERIALS)
        return answer.model_copy(update={"ways": _one_slip(answer.ways, WAY_SLIPS, chance, lambda way, *how: [change(way, *how)])})
    if isinstance(answer, PlanAnswer):
        return answer.model_copy(update={"action_list": _one_slip(answer.action_list, PLAN_SLIPS, chance, _slip_in_action)})
    return answer


def _slip_in_action(action: Mapping[str, Any], rates: Rates, luck: Luck) -> list[dict[str, Any]]:
    return clumsy([action], rates, luck, luck)


def _one_slip(
    parts: Sequence[Any], slips: Sequence[str], chance: random.Random, change: Callable[[Any, Rates, Luck], list[Any]]
) -> list[Any]:
    """The parts with one of them changed by one slip, both drawn from all that change anything."""
    for at, slip in _shuffled(product(range(len(parts)), slips), chance):
        changed = change(parts[at], _NONE.model_copy(update={slip: 1.0}), Luck(chance.random()))
        if changed != [parts[at]]:
            return [*parts[:at], *changed, *parts[at + 1 :]]
    return list(parts)


def _shuffled(pairs: Iterator[tuple[int, str]], chance: random.Random) -> list[tuple[int, str]]:
    mixed = list(pairs)
    chance.shuffle(mixed)
    return mixed
