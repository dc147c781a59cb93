"""GITM's ablation: what decomposition, feedback, knowledge and memory each add on the way to a diamond (paper, table 4).

One game has the goal ``diamond`` from an empty inventory; its milestones are what was held at some time. Each row switches one more
part on (:class:`gitm.parts.Parts`), and the planner asks the LLM for every sub-goal. A game cut short is a prefix of a longer one, so
one game says how it stood at every budget of game time.
"""

from __future__ import annotations

import hashlib
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import TYPE_CHECKING, Any

from gitm.bench.pool import run_all
from gitm.bench.report import interval
from gitm.errors import LLMError
from gitm.events import Asked, Began, Ended, Event, Stepped
from gitm.limits import Limits
from gitm.llm.slips import Rates
from gitm.memory import Memory
from gitm.parts import Parts
from gitm.types import LLM, Frozen, Obtain

if TYPE_CHECKING:
    from gitm.mind import Mind

GOAL = "diamond"
MILESTONES = ("crafting_table", "wooden_pickaxe", "stone_pickaxe", "iron_pickaxe", "diamond")
QUERIES = 30  # a sub-goal (paper)
DIG_SPEED = 100.0  # times vanilla's (paper: MineDojo with break_speed_multiplier 100)
MOST_CALLS = 2000  # a game; only an LLM that invents new items without end comes near it
LEARNING_SEEDS = 1000  # games of the learning phase are played on the seeds above it
LEARNING_TICKS = 72_000
#: The one figure that was fitted: it brings the first row near the paper's. The other rows are what came out.
LEVEL = 2.0


class Row(Frozen):
    """A row of the table: its name, what is switched on, and the paper's success in percent."""

    name: str
    parts: Parts
    paper: tuple[float, ...]


ROWS = (
    Row(name="none", parts=Parts(decomposition=False, feedback=False, knowledge=False, memory=False), paper=(57.5, 32.5, 5, 0, 0)),
    Row(name="+ decomposition", parts=Parts(feedback=False, knowledge=False, memory=False), paper=(90, 90, 67.5, 2.5, 0)),
    Row(name="+ feedback", parts=Parts(knowledge=False, memory=False), paper=(97.5, 95, 77.5, 20, 5)),
    Row(name="+ knowledge", parts=Parts(memory=False), paper=(100, 100, 100, 57.5, 35)),
    Row(name="+ memory", parts=Parts(), paper=(100, 100, 100, 95, 67.5)),
)

_ROWS = {row.name: row for row in ROWS}


class Setup(Frozen):
    """What all games of a table share. ``llm`` None: the forgetful model with these rates, another seed of it in every game.

    ``dig_speed`` is how many times as fast as in vanilla the world lets one dig.
    """

    llm: str | None = None
    model: str | None = None
    rates: Rates = Rates().at(LEVEL)
    max_ticks: int
    dig_speed: float = DIG_SPEED
    learning: int  # games that fill the memory of the last row


class Game(Frozen):
    """One game of a row."""

    setup: Setup
    row: str
    seed: int


class Result(Game):
    """How a game went: milestone -> tick at which it was first held; the ticks at which the LLM was called."""

    held: dict[str, int]
    calls: tuple[int, ...]
    ticks: int
    reason: str
    seconds: float

    def reached(self, item: str, budget: int) -> bool:
        """Whether the item was held within so many ticks."""
        return self.held.get(item, math.inf) <= budget


# --- one game ----------------------------------------------------------------------------------------------------


def play(game: Game, memory: Path | None = None) -> Result:
    """Play one game to its end, with a copy of a memory that was filled before."""
    home = home_with(memory)
    started = perf_counter()
    mind = _open(game, home)
    held: dict[str, int] = {}
    calls: list[int] = []
    began = tick = 0
    reason = ""
    try:
        for event in _events(game, mind):
            match event:
                case Began():
                    began = event.observation.tick
                case Asked():
                    calls += [tick] * event.usage.calls
                case Stepped():
                    tick = event.feedback.observation.tick - began
                    for item in MILESTONES:
                        if event.feedback.observation.inventory.get(item):
                            held.setdefault(item, tick)
                case Ended():
                    reason = event.reason
                case _:
                    pass
    except LLMError as error:  # an LLM that failed for good: the game is lost, the others go on
        reason = str(error)
    finally:
        mind.close()
    seconds = round(perf_counter() - started, 2)
    return Result(**dict(game), held=held, calls=tuple(calls), ticks=tick, reason=reason, seconds=seconds)


def _events(game: Game, mind: Mind) -> Iterator[Event]:
    from gitm.agent import pursue
    from gitm.worlds import open_world

    world = open_world("stub", seed=game.seed, dig_speed=game.setup.dig_speed)
    limits = Limits(max_ticks=game.setup.max_ticks, queries=QUERIES, max_calls=MOST_CALLS)
    yield from pursue(Obtain(item=GOAL), world, mind, limits)
    world.close()


def _open(game: Game, home: Path) -> Mind:
    from gitm.opening import open_mind

    return open_mind(home, llm=open_llm_of(game.setup, game.seed, home), planner="llm", parts=_ROWS[game.row].parts)


def open_llm_of(setup: Setup, seed: int, home: Path) -> LLM:
    """The LLM that plays: a real one by name, or the forgetful model of this seed."""
    if setup.llm:
        from gitm.llm import open_llm

        return open_llm(setup.llm, model=setup.model, home=home)
    from gitm.llm.forgetful import Forgetful

    return Forgetful(_shipped_facts(), seed, setup.rates)


@cache
def _shipped_facts() -> dict[str, str]:
    """What the forgetful model remembers, before it errs: one passage an item, of the newest rule book."""
    from gitm.opening import gather

    return {passage.items[0]: passage.text for passage in gather(None, ())[0] if passage.id.startswith("item:")}


@cache
def _home() -> Path:
    """A home of this process: the index of the guides is built in it once."""
    return Path(tempfile.mkdtemp(prefix="gitm-bench-"))


def home_with(memory: Path | None = None) -> Path:
    """This process's home with nothing left of the last game, but what was learned before."""
    home = _home()
    for file in home.glob("memory.sqlite*"):
        file.unlink()
    if memory is not None:
        shutil.copyfile(memory, home / "memory.sqlite")
    return home


# --- the table ---------------------------------------------------------------------------------------------------


def learn(setup: Setup, file: Path, told: Callable[[], None] = lambda: None) -> Path:
    """The memory after games with everything switched on, one after another on seeds that are never measured; made once."""
    if file.exists():
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    longer = setup.model_copy(update={"max_ticks": LEARNING_TICKS})
    with tempfile.TemporaryDirectory(prefix="gitm-bench-", dir=file.parent) as folder:
        so_far = Path(folder) / "memory.sqlite"
        Memory(so_far).close()
        for number in range(1, setup.learning + 1):
            play(Game(setup=longer, row=ROWS[-1].name, seed=LEARNING_SEEDS + number), so_far)
            shutil.copyfile(_home() / "memory.sqlite", so_far)
            told()
        so_far.replace(file)
    return file


def measure(
    setup: Setup,
    games: int,
    log: Path,
    rows: Sequence[Row] = ROWS,
    *,
    workers: int | None = None,
    told: Callable[[], None] = lambda: None,
) -> list[Result]:
    """The results of all rows, on the seeds from 1; the learned memory is kept beside the log."""
    results: list[Result] = []
    for row in rows:
        digest = hashlib.sha256(setup.model_dump_json().encode()).hexdigest()[:10]
        memory = learn(setup, log.with_name(f"{log.stem}-memory-{digest}.sqlite"), told) if row.parts.memory else None
        todo = [Game(setup=setup, row=row.name, seed=seed) for seed in range(1, games + 1)]
        results += run_all(todo, partial(play, memory=memory), Result, log, workers=workers, told=lambda _: told())
    return results


def table(results: Sequence[Result], rows: Sequence[Row], budget: int) -> list[dict[str, Any]]:
    """A row's success in percent with its interval per milestone at a budget, the paper's beside it, and LLM calls a game."""
    found = []
    for row in rows:
        games = [result for result in results if result.row == row.name]
        counts = [sum(result.reached(item, budget) for result in games) for item in MILESTONES]
        found.append(
            {
                "row": row.name,
                "games": len(games),
                "success_pct": [100 * count / len(games) for count in counts],
                "interval_pct": [[round(100 * bound, 1) for bound in interval(count, len(games))] for count in counts],
                "paper_pct": list(row.paper),
                "calls_mean": mean(sum(tick < budget for tick in result.calls) for result in games),
            }
        )
    return found
