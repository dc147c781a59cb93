"""Fault injection: what may go wrong between the agent and a real world, many times each.

A fault counts as borne when its action ends within the limit in one of the ways that are right for it, no process is left behind, and the
next action works.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from statistics import median

from gitm.actions import Wait
from gitm.bench.breaking import FAULTS, Scene, alive, gone_within
from gitm.errors import SetupError
from gitm.mineflayer.world import MineflayerWorld
from gitm.testserver import Refused
from gitm.types import Frozen

ORPHANS = 5.0  # seconds after which no process of a dead bridge may be left
JOINS = 3  # attempts to set the scene: the machine may be busy with other faults
CALLS = 200  # actions by which the bridge's own time is measured


class Trial(Frozen):
    """One fault, so many times in a row on one server."""

    fault: str
    times: int
    home: Path


class Outcome(Frozen):
    """How it went once: how the action ended, in how many seconds, whether a process was left, whether the next action worked."""

    ended: str
    message: str
    seconds: float
    orphans: bool = False
    went_on: bool = True


class TrialResult(Frozen):
    """A trial's outcomes."""

    fault: str
    times: int
    home: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> list[Outcome]:
        """Those that were not borne."""
        fault = FAULTS[self.fault]
        return [
            one for one in self.outcomes if one.ended not in fault.endings or one.seconds > fault.limit or one.orphans or not one.went_on
        ]

    @property
    def borne(self) -> int:
        """How often all was well."""
        return len(self.outcomes) - len(self.failures)


def inject(trial: Trial) -> TrialResult:
    """Bring a fault about again and again. Raises :class:`SetupError` when the bot cannot join the server at all."""
    for _ in range(JOINS - 1):
        with suppress(SetupError), Scene(trial.home) as scene:
            return _all(scene, trial)
    with Scene(trial.home) as scene:
        return _all(scene, trial)


def _all(scene: Scene, trial: Trial) -> TrialResult:
    return TrialResult(**trial.model_dump(), outcomes=tuple(_once(scene, trial.fault) for _ in range(trial.times)))


def _once(scene: Scene, name: str) -> Outcome:
    before = scene.group
    try:
        ended, message, seconds = FAULTS[name].cause(scene)
    except (SetupError, Refused, OSError) as error:  # the run was given up, or the server could not be told what to do
        ended, message, seconds = "gave up", str(error), 0.0
    orphans = scene.group != before and not gone_within(ORPHANS, lambda: alive(before))
    return Outcome(ended=ended, message=message, seconds=round(seconds, 2), orphans=orphans, went_on=_goes_on(scene))


def _goes_on(scene: Scene) -> bool:
    """Whether the bot works; after a run that was given up it is joined again, as ``gitm resume`` does."""
    try:
        if scene.wait(1)[0] == "OK":
            return True
        scene.world.reset()
    except SetupError:
        return False
    return scene.wait(1)[0] == "OK"


def overhead(home: Path) -> tuple[float, float]:
    """Milliseconds an action takes besides what the bot does: median and the worst of twenty."""
    with Scene(home) as scene:
        values = sorted(_overhead(scene.world) for _ in range(CALLS))
    return median(values), values[int(0.95 * len(values))]


def _overhead(world: MineflayerWorld) -> float:
    began = time.perf_counter()
    world.step(Wait(ticks=1))
    return 1000 * (time.perf_counter() - began) - world.busy_ms
