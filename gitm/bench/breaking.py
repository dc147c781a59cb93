"""Faults between the agent and the world, brought about for real on the small Minecraft server: ``FAULTS`` names them all."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from gitm.actions import Wait
from gitm.bench.memory import processes
from gitm.bench.real import Run, joining
from gitm.errors import SetupError
from gitm.mineflayer import MineflayerWorld
from gitm.testserver import Options, Server
from gitm.types import Code

BOT_FAULTS = Path(__file__).parent / "faults.cjs"
NAME = "breaker"  # the bot's name on the server
DELAY = 1.0  # seconds into an action at which something happens to it
GOAL = "6 dirt"  # of the runs that are killed: what lies at one's feet
START = 60.0  # seconds a run may take until its first plan

_NUMBERS = count(1)

#: An answer: its code (or how the process ended), its words, and the seconds it took from the fault on.
Answer = tuple[str, str, float]


class Scene:
    """A server and a bot on it; a context manager. The bot's Node holds ``faults.cjs``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.server: Server
        self.world: MineflayerWorld

    def __enter__(self) -> Scene:
        self.server = self._serve(0)
        try:
            self.world = MineflayerWorld(self.server.host, self.server.port, username=NAME, home=self.home)
            with node_options(f"--require={BOT_FAULTS}"):
                self.world.reset()
        except BaseException:
            self.server.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.world.close()
        self.server.stop()

    def wait(self, ticks: int) -> Answer:
        """Let the bot wait, and be answered."""
        began = time.monotonic()
        with node_options(f"--require={BOT_FAULTS}"):  # also for a Node that is started anew meanwhile
            feedback = self.world.step(Wait(ticks=ticks))
        return feedback.code.value, feedback.message, time.monotonic() - began

    def during(self, ticks: int, deed: Callable[[], object]) -> Answer:
        """Let the bot wait, do something a moment later, and be answered; the time counts from then on."""
        timer = threading.Timer(DELAY, deed)
        timer.start()
        try:
            code, message, seconds = self.wait(ticks)
        finally:
            timer.join()
        return code, message, max(0.0, seconds - DELAY)

    @property
    def group(self) -> int:
        """The process group of the worker and Node; 0 when none runs."""
        return self.world.bridge.pid if self.world.bridge else 0

    def restart(self) -> None:
        """Stop the server and start another one on its port."""
        port = self.server.port
        self.server.stop()
        time.sleep(DELAY)
        self.server = self._serve(port)

    def _serve(self, port: int) -> Server:
        return Server.start(Options(port=port, seed=1, mobs=False, control=True, view=3), self.home)


@contextmanager
def node_options(options: str) -> Iterator[None]:
    """Every Node started inside gets these options."""
    before = os.environ.get("NODE_OPTIONS")
    os.environ["NODE_OPTIONS"] = options
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before


def alive(group: int) -> list[int]:
    """The processes of a group that live."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout  # noqa: S607
    rows = [line.split() for line in listed.splitlines() if line.strip()]
    return [int(pid) for pid, pgid, state in rows if int(pgid) == group and not state.startswith("Z")]


def gone_within(seconds: float, left: Callable[[], list[int]]) -> bool:
    """Whether nothing is left after at most so many seconds."""
    end = time.monotonic() + seconds
    while left():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


# --- the faults --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """What happens, what brings it about, how long the answer may take (seconds), and how the action (or the process) may end."""

    what: str
    cause: Callable[[Scene], Answer]
    limit: float
    endings: tuple[str, ...]


def _in_the_bot(ticks: int) -> Callable[[Scene], Answer]:
    return lambda scene: scene.wait(ticks)


def _told(command: str, ticks: int, **arguments: object) -> Callable[[Scene], Answer]:
    """Something that the server does to the connection."""

    def cause(scene: Scene) -> Answer:
        who = {} if command == "freeze" else {"player": NAME}
        return scene.during(ticks, lambda: scene.server.control.do(command, **who, **arguments))

    return cause


def _node_killed(scene: Scene) -> Answer:
    node = max(alive(scene.group))
    return scene.during(200, lambda: os.kill(node, signal.SIGKILL))


def _group_killed(scene: Scene) -> Answer:
    return scene.during(200, lambda: os.killpg(scene.group, signal.SIGKILL))


def _server_gone(scene: Scene) -> Answer:
    """The server does not come back: after some actions the run ends with a mend, as ``gitm run`` shows it."""
    began = time.monotonic()
    scene.server.stop()
    try:
        for _ in range(10):
            scene.wait(1)
    except SetupError as error:
        return "exit 2", str(error), time.monotonic() - began
    finally:
        scene.restart()
    return "goes on", "nobody noticed", time.monotonic() - began


def _python_killed(number: signal.Signals) -> Callable[[Scene], Answer]:
    """A whole ``gitm run`` is killed: how long its Node lives on; then the run is resumed."""

    def cause(scene: Scene) -> Answer:
        home = scene.home / "killed" / number.name
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "node").exists():
            (home / "node").symlink_to((scene.home / "node").resolve())
        for old in home.glob("runs/*"):
            old.unlink()
        run = Run.start(["run", GOAL, *joining(scene.server.port, f"killed{next(_NUMBERS)}")], home)  # a new name holds nothing yet
        run.wait_for_action(START)
        time.sleep(DELAY / 2)
        family = descendants(run.process.pid)
        if run.process.poll() is not None or not family:
            return "ended before", run.last_words(), 0.0
        began = time.monotonic()
        run.process.send_signal(number)
        run.process.wait()
        if not gone_within(30, lambda: sorted(family & {pid for pid, _, _ in processes()})):
            return "left behind", f"{len(family)} processes", time.monotonic() - began
        seconds = time.monotonic() - began
        again = Run.start(["resume", "last"], home)
        again.finish(START * 2)
        ended = "resumed" if again.process.returncode == 0 else "not resumed"
        return ended, "" if ended == "resumed" else again.last_words(), seconds

    return cause


def descendants(pid: int) -> set[int]:
    """All processes below a process."""
    rows = processes()
    family: set[int] = set()
    while more := {own for own, parent, _ in rows if parent in family | {pid}} - family:
        family |= more
    return family


_OK, _TIMEOUT, _INTERRUPTED = Code.OK.value, Code.TIMEOUT.value, Code.INTERRUPTED.value

FAULTS: dict[str, Fault] = {
    "never-resolves": Fault("an action that never resolves", _in_the_bot(101), 20, (_TIMEOUT,)),
    "endless-loop": Fault("an endless loop blocks Node", _in_the_bot(102), 40, (_TIMEOUT,)),
    "throw-in-timer": Fault("an exception in a timer", _in_the_bot(103), 5, (_OK,)),
    "unhandled-rejection": Fault("a rejection nobody handles", _in_the_bot(104), 5, (_OK,)),
    "noise": Fault("noise on the bridge's wire", _in_the_bot(105), 5, (_OK,)),
    "node-exits": Fault("Node ends by itself", _in_the_bot(106), 20, (_TIMEOUT,)),
    "bug": Fault("a bug in an action", _in_the_bot(107), 5, (_INTERRUPTED,)),
    "node-killed": Fault("Node is killed in the midst of an action", _node_killed, 20, (_TIMEOUT,)),
    "worker-killed": Fault("worker and Node are killed", _group_killed, 20, (_TIMEOUT,)),
    "kicked": Fault("the server kicks the bot", _told("kick", 200, reason="tea time"), 35, (_INTERRUPTED,)),
    "cut": Fault("the connection is cut", _told("cut", 200), 35, (_INTERRUPTED,)),
    "stalled": Fault("the connection goes dead without an end", _told("stall", 1100), 45, (_INTERRUPTED,)),
    "lag": Fault("nothing comes through for 10 s", _told("stall", 300, milliseconds=10_000), 20, (_OK,)),
    "frozen": Fault("the server stands still for 30 s", _told("freeze", 1100, milliseconds=30_000), 75, (_OK, _INTERRUPTED)),
    "server-restarts": Fault("the server stops and starts", lambda scene: scene.during(300, scene.restart), 45, (_INTERRUPTED,)),
    "server-gone": Fault("the server stops for good", _server_gone, 120, ("exit 2",)),
    "sigterm": Fault("the agent gets SIGTERM", _python_killed(signal.SIGTERM), 5, ("resumed",)),
    "sigkill": Fault("the agent gets SIGKILL", _python_killed(signal.SIGKILL), 5, ("resumed",)),
}
