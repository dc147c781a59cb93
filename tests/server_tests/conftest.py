"""One server and one bot for all tests of a process. They need Node; only outside of CI may it be missing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from server_tests.driver import Bot, Scene

from gitm.errors import SetupError
from gitm.mineflayer.install import ensure
from gitm.mineflayer.node import find_node
from gitm.testserver import Options, Server

BOT = Path(__file__).parents[2] / "gitm" / "mineflayer" / "bot"


@pytest.fixture(scope="session")
def node_home() -> Path:
    """Where npm packages are kept between test runs: in the environment itself."""
    try:
        find_node()
    except SetupError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have Node: {error}")
        pytest.skip(str(error))
    return Path(sys.prefix) / "gitm-node"


@pytest.fixture(scope="session")
def bot_modules(node_home: Path) -> Path:
    return ensure(BOT, node_home)


@pytest.fixture(scope="session")
def server(node_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "faults.log"
    with Server.start(Options(port=0, seed=1, view=3, mobs=False, control=True), node_home, log=log) as server:
        yield server
    assert log.read_text() == "", "the server had faults of its own"


@pytest.fixture(scope="session")
def bot(server: Server, bot_modules: Path) -> Iterator[Bot]:
    bot = Bot(server, bot_modules)
    yield bot
    bot.leave()


@pytest.fixture
def scene(server: Server, bot: Bot) -> Scene:
    scene = Scene(server, bot)
    scene.reset()
    return scene
