"""Runs that are killed (``kill -9``) at random moments and resumed: does each reach its goal, and is anything asked twice?"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from gitm.bench.pool import run_all
from gitm.events import Asked, Event, Learned, Resumed
from gitm.record import read_run, run_paths
from gitm.types import Frozen

GRACE = 300.0  # seconds after which a run is taken to hang
WARM = "warm"  # the home whose index the others share


class Run(Frozen):
    """What is to be run: a goal on a seed, killed up to ``times`` times at moments drawn from the seed."""

    goal: str
    seed: int
    times: int


class Killed(Run):
    """How it went: the lines of the record at each kill. ``repeated`` items were asked about though learned before."""

    lines: tuple[int, ...]
    reached: bool
    parses: bool
    repeated: tuple[str, ...] = ()
    problem: str = ""


def measure(
    number: int, goal: str, times: int, log: Path, *, workers: int | None = None, told: Callable[[], None] = lambda: None
) -> list[Killed]:
    """Runs of a goal in the stub on the seeds from 1, each killed and resumed; those the log holds are not run again."""
    runs = [Run(goal=goal, seed=seed, times=times) for seed in range(1, number + 1)]
    with tempfile.TemporaryDirectory(prefix="gitm-kills-") as name:
        folder = Path(name)
        work = partial(survive, folder=folder, usual=_whole(folder / WARM, goal))
        return run_all(runs, work, Killed, log, workers=workers, told=lambda _: told())


def _whole(home: Path, goal: str) -> int:
    """A run to its end, which also builds the index: the lines of its record."""
    _start(["run", goal, "--seed", "1"], home).wait(GRACE)
    return _count(run_paths(home)[-1])


def survive(run: Run, folder: Path, usual: int) -> Killed:
    """One run in a home of its own; its kills come between here and the ``usual`` number of lines."""
    rng = random.Random(run.seed)  # noqa: S311 - no secret
    home = folder / f"run-{run.seed}"
    home.mkdir()
    for index in (folder / WARM).glob("index-*"):
        (home / index.name).symlink_to(index)
    at: list[int] = []
    process = _start(["run", run.goal, "--seed", str(run.seed)], home)
    for _ in range(run.times):
        if not _kill(process, home, rng.randint(_lines_in(home) + 2, max(_lines_in(home) + 3, usual)), rng):
            break
        at.append(_lines_in(home))
        for file in home.glob("memory.sqlite*"):
            file.unlink()  # what was learned must come from the record
        process = _start(["resume", "last"], home)
    try:
        _, err = process.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:  # it hangs: a failure like any other
        process.kill()
        _, err = process.communicate()
    return _judged(run, tuple(at), process.returncode, err, home)


def _judged(run: Run, lines: tuple[int, ...], code: int, err: bytes, home: Path) -> Killed:
    """How a run went that ended with this exit code and these last words."""
    try:
        record = read_run(run_paths(home)[-1])
    except Exception as error:
        return Killed(**dict(run), lines=lines, reached=False, parses=False, problem=str(error))
    reached = code == 0 and record.summary.reached
    problem = "" if reached else err.decode(errors="replace")[-300:] or record.summary.reason
    return Killed(**dict(run), lines=lines, reached=reached, parses=True, repeated=asked_again(record.events), problem=problem)


def asked_again(events: tuple[Event, ...]) -> tuple[str, ...]:
    """Items that the decomposer was asked about after a resumption though they had been learned before it."""
    learned: set[str] = set()
    before: set[str] = set()
    again: list[str] = []
    for event in events:
        match event:
            case Learned():
                learned.add(event.item)
            case Resumed():
                before = set(learned)
            case Asked(role="decomposer") if event.about in before:
                again.append(event.about)
            case _:
                pass
    return tuple(again)


def _kill(process: subprocess.Popen[bytes], home: Path, lines: int, rng: random.Random) -> bool:
    """Kill a process when its record has so many lines, or a moment later; False when it ended before."""
    until = time.monotonic() + GRACE
    while process.poll() is None and time.monotonic() < until:
        if _lines_in(home) >= lines:
            time.sleep(rng.random() * 0.02)
            process.send_signal(signal.SIGKILL)
            return process.wait() == -signal.SIGKILL
        time.sleep(0.005)  # every look counts all lines: more often, and the run waits for us
    return False


def _start(command: list[str], home: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "gitm", *command, "--home", str(home), "--quiet"]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 - our own program


def _lines_in(home: Path) -> int:
    paths = run_paths(home)
    return _count(paths[-1]) if paths else 0


def _count(path: Path) -> int:
    return path.read_bytes().count(b"\n")
