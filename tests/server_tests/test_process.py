"""The test server as a process: it starts, keeps to itself, remembers, and never outlives who started it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from server_tests.driver import PATIENCE, Bot, Scene, until

from gitm.errors import SetupError
from gitm.testserver import FAULTS, Options, Refused, Server


@contextmanager
def joined(options: Options, home: Path, modules: Path) -> Iterator[tuple[Server, Bot]]:
    with Server.start(options, home) as server:
        bot = Bot(server, modules)
        try:
            yield server, bot
        finally:
            bot.leave()


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def test_it_listens_on_loopback_alone(server: Server) -> None:
    assert server.host == "127.0.0.1"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", server.port), timeout=2)


def test_a_taken_port_is_one_readable_line(server: Server, node_home: Path) -> None:
    with pytest.raises(SetupError, match=rf"port {server.port} is taken; choose another: gitm server --port {server.port + 1}"):
        Server.start(Options(port=server.port), node_home)


def test_the_door_of_the_tests_is_closed_by_default(node_home: Path) -> None:
    with Server.start(Options(port=0, mobs=False), node_home) as server:
        assert server.ready["control"] is None
        assert server.ready["seed"] == 1
    assert not server.running
    assert server.process.returncode == 0  # it ended of itself: one that is asked in vain is killed


def test_the_door_answers_nonsense(scene: Scene) -> None:
    with pytest.raises(Refused, match="no command 'fly'; there are give,"):
        scene.control.do("fly")
    with pytest.raises(Refused, match="no item 'unobtainium'"):
        scene.control.do("give", item="unobtainium")


@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_gitm_server_leaves_no_node_behind(node_home: Path, kill: signal.Signals) -> None:
    command = [sys.executable, "-m", "gitm", "server", "--port", "0", "--json", "--home", str(node_home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    ready = json.loads(process.stdout.readline())
    assert alive(ready["pid"])
    os.kill(process.pid, kill)
    assert process.wait(timeout=PATIENCE) == (-9 if kill == signal.SIGKILL else 0)
    until(lambda: not alive(ready["pid"]))
    process.stdout.close()


def test_a_saved_world_is_as_it_was_left(node_home: Path, bot_modules: Path, tmp_path: Path) -> None:
    options = Options(port=0, mobs=False, control=True, view=3, save=tmp_path)
    with joined(options, node_home, bot_modules) as (server, _):
        where = server.control.do("home")["at"]
        above = [where[0], where[1] + 5, where[2]]
        server.control.do("set_block", at=above, block="glowstone")
        server.control.do("give", item="stone_axe", count=1, uses=7)
        server.control.do("body", food=11)
    with joined(options, node_home, bot_modules) as (server, bot):
        assert server.control.do("get_block", at=above)["block"] == "glowstone"
        state = server.control.do("state")
        assert (state["inventory"], state["wear"], state["food"]) == ({"stone_axe": 1}, 7, 11)
        until(lambda: bot.state()["inventory"] == {"stone_axe": 1})


def test_who_comes_back_still_has_everything(server: Server, bot_modules: Path) -> None:
    guest = Bot(server, bot_modules, "Guest")
    server.control.do("give", player="Guest", item="diamond", count=2)
    guest.leave()
    until(lambda: "Guest" not in server.control.do("status")["players"])
    guest = Bot(server, bot_modules, "Guest")
    until(lambda: guest.state()["inventory"] == {"diamond": 2})
    server.control.do("kick", player="Guest", reason="enough")
    until(lambda: any(event == "kicked" and "enough" in what for event, what in guest.events()))
    guest.leave()


def test_a_cut_connection_ends_without_a_word_and_a_frozen_server_thaws(server: Server, bot_modules: Path) -> None:
    guest = Bot(server, bot_modules, "Cut")
    begun = time.monotonic()
    server.control.do("freeze", milliseconds=600)
    assert "Cut" in server.control.do("status")["players"]
    assert time.monotonic() - begun >= 0.5
    server.control.do("cut", player="Cut")
    until(lambda: ["end", "socketClosed"] in guest.events())  # some machines report a reset before it
    assert "Cut" not in server.control.do("status")["players"]
    guest.leave()


def test_a_stalled_connection_delivers_afterwards(scene: Scene) -> None:
    scene.control.do("stall", milliseconds=3000)
    scene.control.do("give", item="dirt")
    time.sleep(0.5)
    assert scene.bot.state()["inventory"] == {}
    until(lambda: scene.bot.state()["inventory"] == {"dirt": 1})


def test_a_server_may_differ_from_vanilla_when_asked(node_home: Path, bot_modules: Path) -> None:
    options = Options(port=0, mobs=False, control=True, view=3, faults=FAULTS)
    with joined(options, node_home, bot_modules) as (server, bot):
        server.control.do("give", item="oak_log")
        until(lambda: bot.state()["inventory"] == {"oak_log": 1})
        assert bot.click_claiming(slot=36, item="diamond", count=1) == []  # no answer at all ...
        assert bot.state()["inventory"] == {"oak_log": 1}  # ... and the bot is not told that the log is on its cursor
        server.control.do("kill")
        until(lambda: server.control.do("state")["health"] == 20)
        bot.wait(milliseconds=300)
        assert bot.state()["health"] == 0  # the bot was not told that it lives
