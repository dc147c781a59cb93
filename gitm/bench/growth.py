"""One long run on the small Minecraft server, and whether the memory of agent, worker or Node grows with it.

What is loaded once (the index, the rules, the first chunks) is no growth, so the first third of the time is left out: the medians
of the middle and the last third are compared.
"""

from __future__ import annotations

import time
from pathlib import Path

from gitm.bench.memory import Memory, medians
from gitm.bench.real import GRACE, RealGame, Run, fresh_home, joining
from gitm.record import read_run, run_paths
from gitm.types import Frozen

#: Work of every kind that no half hour is enough for: wood, stone, ore, sand, animals, crafting, smelting, above and below the ground.
GOAL = "8 iron_pickaxe, 32 glass, 16 leather, 128 torch, 24 diamond"
SEED = 1
TOLERANCE = 1.1  # by which a median may be higher: garbage is collected when it pays, not at once


class Growth(Frozen):
    """The memory of a long run: median of each minute, of the middle and of the last third."""

    minutes: dict[int, Memory]
    middle: Memory
    last: Memory
    actions: int
    reason: str

    @property
    def grows(self) -> bool:
        """Whether any of the three held clearly more in the last third; also when the run ended before its last third."""
        pairs = zip(self.middle.values, self.last.values, strict=True)
        return not self.last.node or any(late > TOLERANCE * early for early, late in pairs)


def measure(minutes: float, folder: Path) -> Growth:
    """Play for so many minutes and look at the memory every few seconds."""
    from gitm.testserver import Options, Server

    home = fresh_home(RealGame(item="growth", seed=SEED, max_seconds=60 * minutes, folder=folder))
    with Server.start(Options(port=0, seed=SEED), home, log=home / "server.log") as server:
        run = Run.start(["run", GOAL, *joining(server.port), "--max-seconds", f"{60 * minutes:g}"], home)
        samples: list[tuple[float, Memory]] = []
        run.finish(60 * minutes + GRACE, lambda held: samples.append((time.monotonic() - run.began, held)))
    paths = run_paths(home)
    summary = read_run(paths[-1]).summary if paths else None
    reason = summary.reason if summary and run.summary() else run.last_words()
    return judged(samples, 60 * minutes, actions=summary.actions if summary else 0, reason=reason)


def judged(samples: list[tuple[float, Memory]], seconds: float, *, actions: int = 0, reason: str = "") -> Growth:
    """The figures of samples (seconds since the start, memory) taken over so many seconds."""

    def between(low: float, high: float) -> Memory:
        return medians([held for at, held in samples if low <= at < high])

    by_minute = {int(at // 60): between(60 * (at // 60), 60 * (at // 60) + 60) for at, _ in samples}
    third = seconds / 3
    return Growth(minutes=by_minute, middle=between(third, 2 * third), last=between(2 * third, seconds), actions=actions, reason=reason)
