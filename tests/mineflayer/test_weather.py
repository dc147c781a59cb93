"""The weather the bot tells, with a bot made up: the same words for the same sky as in every world."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from gitm.mineflayer.node import find_node
from gitm.mineflayer.world import BOT

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
