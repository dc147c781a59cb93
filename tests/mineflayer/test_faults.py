"""What may go wrong between the agent and the world: every time a typed feedback in time, no process left behind, and the run goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitm.actions import Explore, Wait
from gitm.bench.breaking import BOT_FAULTS, alive, gone_within
from gitm.check import feedback_faults
from gitm.mineflayer import MineflayerWorld
from gitm.mineflayer import world as world_module
from gitm.testserver import Options, Server
from gitm.types import Code, Feedback


@pytest.fixture(scope="module")
def bot(join: Callable[..., MineflayerWorld]) -> Iterator[MineflayerWorld]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_OPTIONS", f"--require={BOT_FAULTS}")
        patch.setattr(world_module, "LEAST_MS", 2000)
        world = join("unlucky")
        world.reset()
        yield world


def provoke(bot: MineflayerWorld, ticks: int) -> tuple[Feedback, float]:
    """The answer to a fault, and the seconds it took; afterwards everything works."""
    before = bot.step(Wait(ticks=1)).observation
    begun = time.monotonic()
    feedback = bot.step(Wait(ticks=ticks))
    took = time.monotonic() - begun
    assert not list(feedback_faults(before, feedback))
    assert bot.step(Wait(ticks=1)).ok
    return feedback, took


@pytest.mark.parametrize(("ticks", "word"), [(103, "waited"), (104, "waited"), (105, "waited"), (107, "a bug in an action")])
def test_errors_nobody_caught_end_in_an_answer(bot: MineflayerWorld, ticks: int, word: str) -> None:
    group = bot.bridge.pid if bot.bridge else 0
    feedback, took = provoke(bot, ticks)
    assert word in feedback.message
    assert took < 9  # and not the 10 s that the action may take
    assert bot.bridge is not None
    assert bot.bridge.pid == group  # nothing had to be restarted


def test_an_action_that_never_resolves(bot: MineflayerWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "deadline", lambda _: 2000)
    feedback, took = provoke(bot, 101)
    assert feedback.code is Code.TIMEOUT
    assert took < 25


@pytest.mark.parametrize(("ticks", "seconds"), [(106, 40), pytest.param(102, 40, marks=pytest.mark.live)])
def test_node_dies_or_hangs(bot: MineflayerWorld, ticks: int, seconds: float) -> None:
    group = bot.bridge.pid if bot.bridge else 0
    feedback, took = provoke(bot, ticks)
    assert feedback.code is Code.TIMEOUT
    assert "joined again" in feedback.message
    assert took < seconds
    assert gone_within(10, lambda: alive(group))


def test_node_killed_in_the_midst_of_an_action(bot: MineflayerWorld) -> None:
    group = bot.bridge.pid if bot.bridge else 0
    killer = subprocess.Popen(["sh", "-c", f"sleep 1; kill -9 {max(alive(group))}"])
    feedback = bot.step(Explore(object="nether_star"))
    killer.wait()
    assert feedback.code is Code.TIMEOUT
    assert gone_within(10, lambda: alive(group))
    assert bot.step(Wait(ticks=1)).ok


CHILD = """
import sys, time
from pathlib import Path
from gitm.actions import Wait
from gitm.mineflayer import MineflayerWorld
world = MineflayerWorld("127.0.0.1", int(sys.argv[1]), username=sys.argv[3], home=Path(sys.argv[2]))
world.reset()
print(world.bridge.pid, flush=True)
world.step(Wait(ticks=int(sys.argv[4])))
"""


LATER = pytest.mark.live


@pytest.mark.parametrize(
    ("sign", "ticks"),
    [pytest.param(signal.SIGTERM, 2000, marks=LATER), (signal.SIGKILL, 2000), pytest.param(signal.SIGKILL, 102, marks=LATER)],
)
def test_no_node_is_left_when_python_is_killed(sign: signal.Signals, ticks: int, server: Server, node_home: Path) -> None:
    env = {**os.environ, "NODE_OPTIONS": f"--require={BOT_FAULTS}"}
    args = [sys.executable, "-c", CHILD, str(server.port), str(node_home), "doomed", str(ticks)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, text=True, env=env) as child:
        assert child.stdout is not None
        group = int(child.stdout.readline())
        assert alive(group)
        time.sleep(1)
        child.send_signal(sign)
        child.wait(timeout=30)
    assert gone_within(10, lambda: alive(group))


@pytest.mark.parametrize(
    ("command", "reason", "seconds"),
    [
        ("kick", "kicked: Kicked", 20),
        ("cut", "socketClosed", 20),
        pytest.param("stall", "not a word from the server|timed out", 45, marks=LATER),  # for ever
    ],
)
def test_a_connection_that_ends_is_made_again(command: str, reason: str, seconds: float, bot: MineflayerWorld, server: Server) -> None:
    assert bot.step(Wait(ticks=1)).ok
    killer = threading.Timer(1, lambda: server.control.do(command, player="unlucky"))
    killer.start()
    begun = time.monotonic()
    feedback = bot.step(Wait(ticks=1100))
    assert time.monotonic() - begun < seconds
    killer.join()
    assert feedback.code is Code.INTERRUPTED
    assert re.search(reason, feedback.message)
    assert bot.step(Wait(ticks=1)).ok


@pytest.mark.live
def test_a_server_that_stops_and_starts_again(node_home: Path) -> None:
    options = Options(port=0, seed=1, mobs=False, view=3)
    first = Server.start(options, node_home)
    world = MineflayerWorld(first.host, first.port, username="patient", home=node_home)
    try:
        world.reset()
        first.stop()
        with Server.start(options.model_copy(update={"port": first.port}), node_home):
            feedback = world.step(Wait(ticks=5))
            assert feedback.code in (Code.OK, Code.INTERRUPTED), feedback.message
            assert world.step(Wait(ticks=5)).ok
    finally:
        world.close()
        first.stop()
