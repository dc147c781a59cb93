"""A test server and a bot on it: real processes, so they need a Node; without one these tests are skipped, but never in CI."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitm.actions import Action, Wait
from gitm.check import feedback_faults
from gitm.errors import SetupError
from gitm.types import Feedback, Observation

if TYPE_CHECKING:
    from gitm.mineflayer import MineflayerWorld
    from gitm.testserver import Server

FLOOR = 150  # the height of the bare platforms in the sky on which scenes are set


@pytest.fixture(scope="session")
def node_home(request: pytest.FixtureRequest) -> Path:
    """A home folder with the npm packages, kept between test runs."""
    from gitm.mineflayer.node import find_node

    try:
        find_node()
        missing = [name for name in ("javascript", "mcstatus") if importlib.util.find_spec(name) is None]
    except SetupError as error:
        missing = [str(error)]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"these tests must run in CI; missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"missing: {', '.join(missing)}")
    return Path(request.config.cache.mkdir("gitm-node"))


@pytest.fixture(scope="session")
def server(node_home: Path) -> Iterator[Server]:
    """A server without wandering mobs, with the tests' door open."""
    from gitm.testserver import Options, Server

    with Server.start(Options(port=0, seed=1, mobs=False, control=True, view=3), node_home) as running:
        yield running


class Stage:
    """A bot on a bare platform in the sky; every answer is held against the contract."""

    def __init__(self, world: MineflayerWorld, server: Server, name: str, x: int) -> None:
        self.world, self.server, self.name, self.x = world, server, name, x
        self.seen: Observation = world.reset()

    def set(self, **items: int) -> Stage:
        """Bare stage, these items in the inventory, everybody well, morning."""
        do, x = self.server.control.do, self.x
        do("remove_entities")
        do("fill", **{"from": [x - 6, FLOOR - 1, -6], "to": [x + 6, FLOOR - 1, 6], "block": "grass_block"})
        do("fill", **{"from": [x - 6, FLOOR, -6], "to": [x + 6, FLOOR + 4, 6], "block": "air"})
        do("fill", **{"from": [x - 6, FLOOR - 4, -6], "to": [x + 6, FLOOR - 2, 6], "block": "stone"})
        do("clear", player=self.name)
        do("teleport", player=self.name, to=[x + 0.5, FLOOR, 0.5])
        do("body", player=self.name, health=20, food=20)
        do("time", ticks=1000)
        for item, count in items.items():
            do("give", player=self.name, item=item, count=count)
        return self

    def put(self, block: str, dx: int = 2, dy: int = 0, dz: int = 0) -> Stage:
        self.server.control.do("set_block", at=[self.x + dx, FLOOR + dy, dz], block=block)
        return self

    def mob(self, name: str, dx: float = 2.5) -> Stage:
        self.server.control.do("spawn_mob", mob=name, at=[self.x + dx, FLOOR, 0.5], still=True)
        return self

    def food(self, points: int) -> Stage:
        self.server.control.do("body", player=self.name, food=points)
        return self

    def look(self) -> Observation:
        """Let the news arrive."""
        self.seen = self.world.step(Wait(ticks=4)).observation
        return self.seen

    def do(self, action: Action) -> Feedback:
        feedback = self.world.step(action)
        assert not list(feedback_faults(self.seen, feedback))
        self.seen = feedback.observation
        return feedback


@pytest.fixture(scope="session")
def join(server: Server, node_home: Path) -> Iterator[Callable[..., MineflayerWorld]]:
    """Makes worlds on the server; all are closed at the end."""
    from gitm.mineflayer import MineflayerWorld

    made: list[MineflayerWorld] = []

    def make(name: str, port: int | None = None) -> MineflayerWorld:
        made.append(MineflayerWorld(server.host, port or server.port, username=name, home=node_home))
        return made[-1]

    yield make
    for world in made:
        world.close()


@pytest.fixture(scope="module")
def stage(join: Callable[..., MineflayerWorld], server: Server, request: pytest.FixtureRequest) -> Iterator[Stage]:
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_") + "_actor"
    world = join(name)
    yield Stage(world, server, name, 500)
    world.close()
