"""Whole games of ``gitm run`` on the small Minecraft server: a bot, a seed, an empty inventory; one server and one agent a game.

Each game has a home folder of its own next to the log, so nothing is remembered from another one, and its record can be read afterwards
(``gitm show last --home DIR``).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from gitm.bench.bound import Bound, lower_bound, seconds_by_action
from gitm.bench.memory import Memory, resident
from gitm.errors import GitmError
from gitm.facts import load
from gitm.record import read_run, run_paths
from gitm.tally import Summary
from gitm.types import Frozen

GRACE = 180.0  # seconds past its budget after which a run is taken to hang
LOOK = 0.1  # seconds between two looks at the record until the first action
SAMPLE = 5.0  # seconds between two looks at the memory


class RealGame(Frozen):
    """What is to be played, for how many seconds at most, and in which folder."""

    item: str
    seed: int
    max_seconds: float
    folder: Path


class RealResult(Frozen):
    """How a game went. ``seconds`` by the clock on the wall, ``ticks`` by the server's; ``first_action`` seconds after the command."""

    item: str
    seed: int
    max_seconds: float
    folder: Path
    reached: bool
    reason: str
    ticks: int
    seconds: float
    deaths: int
    actions: int
    replans: int
    first_action: float
    bound: Bound = Bound()
    by_action: dict[str, float] = {}
    memory_start: Memory = Memory()
    memory_end: Memory = Memory()
    restarts: int = 0  # times the bot's process had to be started again


def prepare(home: Path, folder: Path) -> Path:
    """Make a folder of games ready: npm packages (those of the home folder) and the index of the guides, so that games begin warm.

    The home folder inside it that holds them; :func:`fresh_home` makes others like it.
    """
    from gitm.knowledge import Knowledge
    from gitm.mineflayer.install import ensure
    from gitm.mineflayer.world import BOT
    from gitm.opening import gather
    from gitm.testserver import VERSION
    from gitm.testserver.server import FILES

    ensure(BOT, home, _say)
    ensure(FILES, home, _say)
    warm = folder / "warm"
    warm.mkdir(parents=True, exist_ok=True)
    if not (warm / "node").exists():
        (warm / "node").symlink_to((home / "node").resolve())
    knowledge = Knowledge.open(warm, gather(VERSION, ())[0])
    knowledge.build()
    knowledge.close()
    return warm


def fresh_home(game: RealGame) -> Path:
    """A home folder in which nothing is remembered and all that does not belong to a game is ready."""
    home = game.folder / f"{game.item}-{game.seed}"
    home.mkdir(parents=True, exist_ok=True)
    for old in (*home.glob("memory.sqlite*"), *home.glob("runs/*")):
        old.unlink()
    for path in ((game.folder / "warm").resolve() / "node", *(game.folder / "warm").resolve().glob("index-*")):
        if not (home / path.name).exists():
            (home / path.name).symlink_to(path)
    return home


def play(game: RealGame) -> RealResult:
    """Play one game to its end, on a server of its own."""
    from gitm.testserver import Options, Server

    home = fresh_home(game)
    with Server.start(Options(port=0, seed=game.seed), home, log=home / "server.log") as server:
        run = Run.start(["run", game.item, *joining(server.port), "--max-seconds", f"{game.max_seconds:g}"], home)
        first = run.wait_for_action(game.max_seconds)
        start = run.memory()
        run.finish(game.max_seconds + GRACE)
    return _result(game, home, run, first, start)


def joining(port: int, name: str = "bench") -> list[str]:
    """The options of a run on the server at that port, under a name."""
    return ["--world", "mineflayer", "--host", "127.0.0.1", "--port", str(port), "--username", name]


class Run:
    """A ``gitm`` process, watched from outside."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, output: Path) -> None:
        self.process, self.home, self.output = process, home, output
        self.began = time.monotonic()
        self.last = Memory()  # what it held when last looked at
        self.hung = False

    @classmethod
    def start(cls, command: list[str], home: Path) -> Run:
        """Start a command in a home folder; what it says on either channel goes to files there."""
        words = [sys.executable, "-m", "gitm", *command, "--home", str(home), "--json"]
        output = home / "summary.json"
        with output.open("wb") as out, (home / "run.log").open("wb") as log:
            return cls(subprocess.Popen(words, stdout=out, stderr=log), home, output)  # noqa: S603 - our own program

    def wait_for_action(self, seconds: float) -> float:
        """Until the first plan stands in the record: the seconds it took; 0 when the process ended before."""
        while self.process.poll() is None and time.monotonic() - self.began < seconds:
            if any(b'"kind":"planned"' in path.read_bytes() for path in run_paths(self.home)[-1:]):
                return time.monotonic() - self.began
            time.sleep(LOOK)
        return 0.0

    def memory(self) -> Memory:
        """What it holds now; what it held before, when it has ended."""
        now = resident(self.process.pid)
        self.last = now if now.node else self.last
        return self.last

    def finish(self, seconds: float, each: Callable[[Memory], None] = lambda _: None) -> None:
        """Until it ends; it is interrupted, and at last killed, when it has not ended so many seconds after its start."""
        while self.process.poll() is None:
            if time.monotonic() - self.began > seconds:
                self.hung = True
                self._end()
                return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(SAMPLE)
            if self.process.poll() is None:
                each(self.memory())

    def _end(self) -> None:
        for name in (signal.SIGINT, signal.SIGKILL):
            self.process.send_signal(name)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
                return

    def summary(self) -> dict[str, Any]:
        """What it printed with ``--json``, and besides ``{}`` what there is to say when it printed nothing."""
        with suppress(ValueError):
            said: dict[str, Any] = json.loads(self.output.read_bytes())
            return said
        return {}

    def last_words(self) -> str:
        """The last line it wrote for people."""
        lines = (self.home / "run.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1][-300:] if lines else f"ended with exit code {self.process.returncode} and without a word"


def _result(game: RealGame, home: Path, run: Run, first: float, start: Memory) -> RealResult:
    from gitm.data import rule_book
    from gitm.testserver import VERSION

    paths = run_paths(home)
    try:
        past = read_run(paths[-1]) if paths else None
    except GitmError:
        past = None
    figures: Summary | None = past.summary if past else None
    events = past.events if past else ()
    reason = "it hung and was ended" if run.hung else figures.reason if figures and run.summary() else run.last_words()
    return RealResult(
        **game.model_dump(),
        reached=bool(figures and figures.reached and run.process.returncode == 0),
        reason=reason,
        ticks=figures.ticks if figures else 0,
        seconds=round(past.seconds, 1) if past else 0.0,
        deaths=figures.deaths if figures else 0,
        actions=figures.actions if figures else 0,
        replans=figures.replans if figures else 0,
        first_action=round(first, 2),
        bound=lower_bound(events, load(rule_book(VERSION))),
        by_action=seconds_by_action(events),
        memory_start=start,
        memory_end=run.last,
        restarts=sum("restarted" in event.feedback.message for event in events if event.kind == "stepped"),
    )


def _say(line: str) -> None:
    sys.stderr.write(f"{line}{os.linesep}")
