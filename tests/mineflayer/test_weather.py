"""The weather the bot tells, with a bot made up: the same words for the same sky as in every world."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from mineflayer.conftest import Stage

from gitm.actions import Place, Sleep
from gitm.mineflayer.node import find_node
from gitm.mineflayer.world import BOT, MineflayerWorld
from gitm.testserver import Options, Server
from gitm.types import Code

TELL = "console.log(require(process.argv[1]).weather(JSON.parse(process.argv[2])))"


@pytest.mark.parametrize(
    ("raining", "thunder", "dimension", "told"),
    [
        (False, 0.0, "overworld", "clear"),
        (True, 0.0, "minecraft:overworld", "rain"),
        (True, 0.4, "overworld", "thunder"),
        (False, 1.0, "overworld", "clear"),  # a server tells of thunder also where no rain falls
        (True, 1.0, "the_nether", "clear"),
        (True, 0.0, None, "rain"),
    ],
)
def test_it_thunders_only_where_it_rains(raining: bool, thunder: float, dimension: str | None, told: str, node_home: Path) -> None:
    bot = {"isRaining": raining, "thunderState": thunder, "game": {"dimension": dimension}}
    command = [str(find_node().binary), "-e", TELL, str(BOT / "weather.js"), json.dumps(bot)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == told


def test_a_storm_by_day_can_be_slept_through(node_home: Path) -> None:
    """On a server of its own: whoever else is awake there keeps the storm from ending."""
    with Server.start(Options(port=0, seed=1, mobs=False, control=True, view=3), node_home) as server:
        world = MineflayerWorld(server.host, server.port, username="sleeper", home=node_home)
        try:
            stage = Stage(world, server, "sleeper", 500)
            stage.set(white_bed=1).look()
            assert stage.do(Place(object="white_bed")).ok
            assert stage.do(Sleep()).code is Code.WRONG_TIME
            server.control.do("weather", kind="rain")
            assert stage.look().weather == "rain"
            assert stage.do(Sleep()).code is Code.WRONG_TIME
            server.control.do("weather", kind="thunder")
            assert stage.look().weather == "thunder"
            feedback = stage.do(Sleep())
            assert (feedback.code, feedback.change) == (Code.OK, {}), feedback.message
            assert (feedback.observation.day, stage.look().weather) == (True, "clear")
        finally:
            world.close()
