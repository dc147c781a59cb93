"""The land of the test server: seeded, and with everything that survival needs at the heights of 1.16.5."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from server_tests.driver import Scene

from gitm.mineflayer.install import ensure
from gitm.mineflayer.node import find_node
from gitm.testserver.server import FILES

SURVEY = Path(__file__).parent / "js" / "survey.js"
#: Lowest and highest y at which each ore may lie (wiki, 1.16), and how many there are at least in 100 chunks.
ORES = {
    "coal_ore": (0, 131, 3000),
    "iron_ore": (0, 67, 3000),
    "gold_ore": (0, 35, 300),
    "redstone_ore": (0, 19, 800),
    "diamond_ore": (0, 19, 100),
    "lapis_ore": (0, 34, 100),
}


@pytest.fixture(scope="module")
def survey(node_home: Path) -> Any:
    modules = ensure(FILES, node_home)

    @cache
    def of(seed: int) -> dict[str, Any]:
        env = {**os.environ, "NODE_PATH": str(modules)}
        done = subprocess.run([find_node().binary, SURVEY, FILES / "world", str(seed)], env=env, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return of


def test_a_seed_gives_the_same_land_always_and_another_seed_another(survey: Any) -> None:
    again = survey.__wrapped__(1)
    assert survey(1)["hash"] == again["hash"]
    assert survey(2)["hash"] != again["hash"]


@pytest.mark.parametrize("seed", [1, 2])
def test_ores_lie_at_their_heights(survey: Any, seed: int) -> None:
    land = survey(seed)
    for ore, (low, high, least) in ORES.items():
        assert low <= land["lowest"][ore] <= land["highest"][ore] <= high, ore
        assert land["count"][ore] >= least, ore
    assert land["highest"]["bedrock"] == 4
    assert land["count"]["diamond_ore"] < land["count"]["gold_ore"] < land["count"]["iron_ore"]


@pytest.mark.parametrize("seed", [1, 2])
def test_there_is_what_survival_begins_with(survey: Any, seed: int) -> None:
    count = survey(seed)["count"]
    for block in ("grass_block", "grass", "poppy", "sand", "gravel", "water", "oak_log", "oak_leaves", "birch_log", "spruce_log"):
        assert count.get(block, 0) > 0, block
    assert survey(seed)["highest"]["lava"] == 10  # caves up to here are filled


def test_one_begins_on_firm_ground_under_the_sky(scene: Scene) -> None:
    home = scene.control.do("home")["at"]
    ground = scene.control.do("get_block", at=[home[0], home[1] - 1, home[2]])["block"]
    assert ground == "grass_block"
    assert scene.control.do("get_block", at=home)["block"] in {"air", "grass", "dandelion", "poppy", "azure_bluet", "oxeye_daisy"}
