"""What faulty answers cost: goals reached in the stub when a part of all answers fails, is malformed, or is wrong, in equal shares."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from functools import cache
from statistics import mean
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from gitm.answers import CodeAnswer, WaysAnswer, ways_code
from gitm.bench.games import forget
from gitm.bench.noise import damage
from gitm.bench.report import interval
from gitm.types import Frozen, Obtain

if TYPE_CHECKING:
    from gitm.llm.noisy import NoiseRates
    from gitm.mind import Mind

MAX_TICKS = 1_000_000
EMPTY = 0.2  # of the wrong answers
#: Goals from a few sub-goals to many, from all ways of obtaining things.
GOALS = (
    "crafting_table",
    "wooden_pickaxe",
    "furnace",
    "stone_pickaxe",
    "torch",
    "chest",
    "bread",
    "leather",
    "iron_ingot",
    "iron_pickaxe",
    "shears",
    "bucket",
    "white_wool",
    "white_bed",
    "ladder",
    "stone_sword",
    "bow",
    "cooked_beef",
    "glass",
    "paper",
    "book",
    "iron_chestplate",
    "golden_apple",
    "diamond",
    "lapis_lazuli",
    "redstone",
    "clock",
)


class Game(Frozen):
    """One goal on one seed, at a rate of faulty answers."""

    goal: str
    seed: int
    rate: float
    shape: Literal["text", "code"] = "text"


class Result(Game):
    """How it went; ``faults`` is how many answers were faulty."""

    reached: bool
    reason: str
    ticks: int
    calls: int
    faults: int
    seconds: float


def rates(rate: float) -> NoiseRates:
    """A rate of faults shared equally among the three kinds."""
    from gitm.llm.noisy import NoiseRates

    return NoiseRates(error=rate / 3, malformed=rate / 3, damaged=rate / 3)


def spoil(answer: BaseModel, chance: random.Random) -> BaseModel:
    """A wrong answer of a right one: nothing at all every fifth time, else one slip in it; in the shape of code as well."""
    if isinstance(answer, CodeAnswer):
        return CodeAnswer(code=ways_code(WaysAnswer.model_validate(spoil(answer.ways, chance).model_dump())))
    if isinstance(answer, WaysAnswer) and chance.random() < EMPTY:
        return WaysAnswer(ways=[])
    return damage(answer, chance)


def play(game: Game) -> Result:
    """Play one game to its end; nothing is remembered of another."""
    from gitm.agent import Limits, pursue
    from gitm.errors import GitmError
    from gitm.llm.noisy import Noisy
    from gitm.llm.reader import Reader
    from gitm.tally import Tally
    from gitm.worlds import open_world

    mind = _mind()
    forget(mind)
    llm = mind.asker.llm = Noisy(Reader(), game.seed, rates(game.rate), spoil)
    mind.decomposer.shape = game.shape
    world = open_world("stub", seed=game.seed)
    started, tally, fault = perf_counter(), Tally(), ""
    try:
        for event in pursue(Obtain(item=game.goal), world, mind, Limits(max_ticks=MAX_TICKS)):
            tally.add(event)
    except GitmError as error:  # the LLM failed to the end: the game is lost, the others go on
        fault = str(error)
    world.close()
    done = tally.summary()
    return Result(
        **dict(game),
        reached=done.reached,
        reason=fault or done.reason,
        ticks=done.ticks,
        calls=done.llm_calls,
        faults=sum(llm.faults.values()),
        seconds=round(perf_counter() - started, 2),
    )


def games(number: int, rate: float, shape: Literal["text", "code"] = "text") -> list[Game]:
    """So many games: the goals in turn, each time on another seed."""
    return [Game(goal=GOALS[at % len(GOALS)], seed=at + 1, rate=rate, shape=shape) for at in range(number)]


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """Success in percent with its interval, the part of answers that were faulty, calls a game, and the reasons of failures."""
    reached, calls = sum(result.reached for result in results), sum(result.calls for result in results)
    return {
        "games": len(results),
        "success_pct": 100 * reached / len(results),
        "interval_pct": [round(100 * bound, 1) for bound in interval(reached, len(results))],
        "faulty_pct": round(100 * sum(result.faults for result in results) / max(1, calls), 1),
        "calls_mean": mean(result.calls for result in results),
        "failures": dict(Counter(f"{result.goal} (seed {result.seed}): {result.reason}" for result in results if not result.reached)),
    }


@cache
def _mind() -> Mind:
    from gitm.bench.ablation import home_with
    from gitm.llm.reader import Reader
    from gitm.opening import open_mind

    return open_mind(home_with(), llm=Reader())
