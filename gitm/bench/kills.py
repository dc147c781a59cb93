"""Runs that are killed (``kill -9``) at random moments and resumed: does each reach its goal, and is anything asked twice?"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gitm.events import Asked, Event, Learned, Resumed
from gitm.record import read_run, run_paths
from gitm.types import Frozen

GRACE = 300.0  # seconds after which a run is taken to hang


class Killed(Frozen):
    """One run: how many lines its record had at each kill, and how it went. ``repeated`` items were asked about though learned before."""

    seed: int
    lines: tuple[int, ...]
    reached: bool
    parses: bool
    repeated: tuple[str, ...] = ()
    problem: str = ""


def measure(number: int = 100, goal: str = "diamond_pickaxe", kills: int = 2) -> list[Killed]:
    """Runs of a goal in the stub, each killed up to ``kills`` times and resumed; the moments are random, and the same ones each time."""
    with tempfile.TemporaryDirectory(prefix="gitm-kills-") as folder:
        warm = Path(folder) / "index"
        lines = _whole(warm, goal)
        return [_one(Path(folder) / f"run-{seed}", warm, goal, seed, kills, lines) for seed in range(1, number + 1)]


def _whole(home: Path, goal: str) -> int:
    """A run to its end, which also builds the index: the lines of its record."""
    _start(["run", goal, "--seed", "1"], home).wait(GRACE)
    return _count(run_paths(home)[-1])


def _one(home: Path, warm: Path, goal: str, seed: int, kills: int, lines: int) -> Killed:
    rng = random.Random(seed)  # noqa: S311 - no secret
    home.mkdir()
    for index in warm.glob("index-*"):
        (home / index.name).symlink_to(index)
    at: list[int] = []
    process = _start(["run", goal, "--seed", str(seed)], home)
    for _ in range(kills):
        if not _kill(process, home, rng.randint(_lines_in(home) + 2, max(_lines_in(home) + 3, lines)), rng):
            break
        at.append(_lines_in(home))
        for file in home.glob("memory.sqlite*"):
            file.unlink()  # what was learned must come from the record
        process = _start(["resume", "last"], home)
    code, (_, err) = process.wait(GRACE), process.communicate()
    try:
        run = read_run(run_paths(home)[-1])
    except Exception as error:
        return Killed(seed=seed, lines=tuple(at), reached=False, parses=False, problem=str(error))
    reached = code == 0 and run.summary.reached
    problem = "" if reached else err.decode(errors="replace")[-300:] or run.summary.reason
    return Killed(seed=seed, lines=tuple(at), reached=reached, parses=True, repeated=asked_again(run.events), problem=problem)


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
