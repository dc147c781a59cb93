"""Watching the bot: a page on loopback and nowhere else, and nothing of it is there when nobody asked."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitm.actions import Wait
from gitm.errors import SetupError
from gitm.mineflayer import MineflayerWorld
from gitm.mineflayer.install import folder_of
from gitm.mineflayer.world import BOT, VIEWER
from gitm.testserver import Server


@pytest.fixture(scope="module")
def watched(server: Server, node_home: Path) -> Iterator[MineflayerWorld]:
    world = MineflayerWorld(server.host, server.port, username="watched", home=node_home, view=0)
    world.reset()
    yield world
    world.close()


def port_of(world: MineflayerWorld) -> int:
    assert world.view is not None
    return int(world.view.rstrip("/").rpartition(":")[2])


def get(port: int, path: str, host: str = "127.0.0.1", **headers: str) -> tuple[int, bytes]:
    """Status and body of a request to loopback that calls itself one to ``host``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": f"{host}:{port}", **headers})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_page_and_all_it_loads_is_served(watched: MineflayerWorld) -> None:
    port = port_of(watched)
    status, page = get(port, "/")
    assert status == 200
    assert b"index.js" in page
    for path in ("/index.js", "/blocksStates/1.16.4.json", "/textures/1.16.4.png", "/textures/1.16.4/entity/cow/cow.png"):
        assert get(port, path)[0] == 200, path


def test_who_watches_is_told_where_the_bot_is_and_what_stands_around(watched: MineflayerWorld) -> None:
    port = port_of(watched)
    told = listen(port, until={"version", "position", "loadChunk"})
    assert told["version"] == "1.16.5"
    seen = watched.step(Wait(ticks=1)).observation
    assert abs(told["position"]["pos"]["x"] - seen.x) < 2
    assert json.loads(told["loadChunk"]["chunk"])["sections"]


def listen(port: int, until: set[str]) -> dict[str, object]:
    """The first event of each kind, over socket.io's polling: packets are parted by a record separator, an event is ``42[name, value]``."""
    told: dict[str, object] = {}
    base = "/socket.io/?EIO=4&transport=polling"
    sid = json.loads(get(port, base)[1][1:])["sid"]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", f"{base}&sid={sid}", body="40")
    assert connection.getresponse().status == 200
    for _ in range(20):
        for packet in get(port, f"{base}&sid={sid}")[1].decode().split("\x1e"):
            if packet.startswith("42"):
                name, value = json.loads(packet[2:])
                told.setdefault(name, value)
        if until <= told.keys():
            break
    return told


def test_nobody_else_gets_in(watched: MineflayerWorld) -> None:
    port = port_of(watched)
    other = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, type=socket.SOCK_STREAM)]
    for address in {*other, "127.0.0.2", "::1"} - {"127.0.0.1"}:  # bound to all interfaces, it would listen there, too
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as attempt:
            assert attempt.connect_ex((address, port)) != 0, address
    assert get(port, "/", host="evil.example")[0] == 403  # a name that somebody else made mean this machine
    polling = "/socket.io/?EIO=4&transport=polling"
    assert get(port, polling)[0] == 200
    assert get(port, polling, Origin="http://evil.example")[0] == 403
    assert get(port, polling, host="evil.example")[0] == 403


def test_a_port_that_is_taken(server: Server, node_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        world = MineflayerWorld(server.host, server.port, username="blind", home=node_home, view=port)
        with pytest.raises(SetupError, match=rf"port {port} cannot be served \(EADDRINUSE\).*--view PORT"):
            world.reset()
    assert world.bridge is None


def test_without_it_nothing_is_served_or_asked_of_npm(join: Callable[..., MineflayerWorld], node_home: Path) -> None:
    world = join("unwatched")
    world.reset()
    assert world.view is None
    packages = {path.name for path in (folder_of(BOT, node_home) / "node_modules").iterdir()}
    assert not packages & {"prismarine-viewer", "three", "canvas", "express", "socket.io"}
    kept = {path.name for path in (folder_of(VIEWER, node_home) / "node_modules").iterdir()}
    assert not kept & {"three", "canvas", "minecraft-data"}
