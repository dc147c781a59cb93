"""Servers that let nobody in, for real: one readable line, exit 2, soon."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitm.actions import Wait
from gitm.errors import SetupError
from gitm.mineflayer import MineflayerWorld
from gitm.testserver import Options, Server
from gitm.types import Code

SECONDS = 15  # that a user may wait on a machine of his own; tests run beside others
BUSY = 2  # times that here


@pytest.fixture(scope="module")
def picky(node_home: Path) -> Iterator[Server]:
    with Server.start(Options(port=0, seed=1, mobs=False, control=True, view=3), node_home) as running:
        yield running


def refused(server: Server, home: Path, name: str = "ann") -> str:
    """The one line with which ``gitm run`` ends."""
    args = [sys.executable, "-m", "gitm", "run", "stick", "--world", "mineflayer", "--host", server.host, "--port", str(server.port)]
    begun = time.monotonic()
    run = subprocess.run(
        [*args, "--home", str(home)], capture_output=True, text=True, timeout=60, env={**os.environ, "GITM_USERNAME": name}
    )
    took = time.monotonic() - begun
    assert run.returncode == 2, run.stdout + run.stderr
    said = [line for line in run.stderr.splitlines() if line.strip()]
    assert len(said) == 1, run.stderr
    assert said[0].startswith(f"gitm: {server.host}:{server.port}: ")
    assert took < SECONDS * BUSY
    return said[0]


def wait_on(world: MineflayerWorld) -> None:
    """Go on as long as one may; the news may take a moment."""
    for _ in range(5):
        assert world.step(Wait(ticks=20)).code in (Code.OK, Code.INTERRUPTED)


@pytest.fixture
def home(node_home: Path, tmp_path: Path) -> Path:
    (tmp_path / "node").symlink_to(node_home / "node")
    return tmp_path


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        ("multiplayer.disconnect.not_whitelisted", "ann is not on the whitelist; on the server: whitelist add ann"),
        ("You are banned from this server!", "on the server: pardon ann"),
        ("That name is already taken", "give another one: --username NAME"),
        ("multiplayer.disconnect.unverified_username", "give --auth microsoft"),
        ("Come back on Sunday", "could not join (kicked: Come back on Sunday)"),
    ],
)
def test_who_is_refused_reads_why(reason: str, mend: str, picky: Server, home: Path) -> None:
    picky.control.do("refuse", reason=reason)
    try:
        assert mend in refused(picky, home)
    finally:
        picky.control.do("refuse")


def test_a_server_that_does_not_answer_is_given_up(picky: Server, home: Path) -> None:
    picky.control.do("mute")
    try:
        assert "not a word from the server" in refused(picky, home)
    finally:
        picky.control.do("mute", on=False)


def test_a_server_newer_than_the_bot_is_told_at_once(node_home: Path, home: Path) -> None:
    with Server.start(Options(port=0, seed=1, mobs=False, control=True, view=3), node_home) as server:
        server.control.do("pretend", version="27.3", protocol=4711)
        line = refused(server, home)
    assert "27.3" in line
    assert "--mc-version" in line


def test_two_of_one_name_do_not_fight_for_it(picky: Server, node_home: Path, join: Callable[..., MineflayerWorld]) -> None:
    """The newer one stays, as in vanilla; the older one sees why it cannot go on."""
    first, second = join("twin", picky.port), join("twin", picky.port)
    first.reset()
    second.reset()
    begun = time.monotonic()
    with pytest.raises(SetupError, match=r"the name twin is in use there; give another one: --username NAME"):
        wait_on(first)
    assert time.monotonic() - begun < SECONDS * BUSY
    assert second.step(Wait(ticks=1)).ok
