"""Grids, furnaces and chests of the test server: what they make, and what they refuse."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from server_tests.driver import Scene, until

from gitm.mineflayer.install import ensure
from gitm.mineflayer.node import find_node
from gitm.testserver.server import FILES

CLICKS = Path(__file__).parent / "js" / "clicks.js"
GRIDS = CLICKS.with_name("grids.js")


def test_planks_sticks_and_a_table_in_the_own_grid(scene: Scene) -> None:
    scene.give("oak_log", 2)
    scene.bot.craft(item="oak_planks", count=2)
    scene.comes_to_hold({"oak_planks": 8})
    scene.bot.craft(item="crafting_table")
    scene.bot.craft(item="stick")
    scene.comes_to_hold({"oak_planks": 2, "crafting_table": 1, "stick": 4})


def test_a_pickaxe_at_a_table(scene: Scene) -> None:
    table = scene.set((1, 0, 1), "crafting_table")
    scene.give("oak_planks", 3)
    scene.give("stick", 2)
    scene.bot.craft(item="wooden_pickaxe", table=table)
    scene.comes_to_hold({"wooden_pickaxe": 1})


def test_a_bucket_comes_back_from_the_grid(scene: Scene) -> None:
    table = scene.set((1, 0, 1), "crafting_table")
    for item, count in (("milk_bucket", 3), ("sugar", 2), ("egg", 1), ("wheat", 3)):
        scene.give(item, count)
    scene.bot.craft(item="cake", table=table)
    scene.comes_to_hold({"cake": 1, "bucket": 3})


def test_nothing_is_taken_out_of_an_empty_grid(scene: Scene) -> None:
    scene.give("oak_log", 1)
    assert scene.bot.click_claiming(slot=0, item="oak_planks", count=4) == [False]
    assert scene.held() == {"oak_log": 1}


def test_a_click_that_saw_something_else_is_refused_and_the_contents_are_sent(scene: Scene) -> None:
    scene.give("dirt", 3)
    assert scene.bot.click_claiming(slot=36, item="diamond", count=3) == [False]
    until(lambda: scene.bot.state()["inventory"] == {})  # the click was done all the same, as in vanilla ...
    assert scene.state()["inventory"] == {"dirt": 3}  # ... and the dirt is on the cursor, of which mineflayer is not aware


@pytest.mark.parametrize("station", ["crafting_table", None])
def test_what_lies_in_a_grid_comes_back_when_the_window_closes(scene: Scene, station: str | None) -> None:
    table = scene.set((1, 0, 1), station) if station else None
    scene.give("oak_log", 1)
    assert scene.bot.lay_and_close(item="oak_log", table=table) == {}
    scene.comes_to_hold({"oak_log": 1})


def test_ore_melts_in_ten_seconds_and_uses_up_the_coal(scene: Scene) -> None:
    furnace = scene.set((1, 0, 1), "furnace")
    scene.give("coal", 1)
    scene.give("iron_ore", 2)
    assert scene.bot.smelt(at=furnace, input="iron_ore", fuel="coal", milliseconds=50) is None
    scene.control.do("skip", ticks=120)
    assert scene.bot.smelt(at=furnace, milliseconds=50) is None
    scene.control.do("skip", ticks=80)
    assert scene.bot.smelt(at=furnace, milliseconds=50) == "iron_ingot"
    scene.comes_to_hold({"iron_ore": 1, "iron_ingot": 1})


def test_without_fuel_nothing_melts_and_a_broken_furnace_gives_back_what_is_in_it(scene: Scene) -> None:
    furnace = scene.set((1, 0, 0), "furnace")
    scene.hold("iron_pickaxe")
    scene.give("iron_ore", 1)
    assert scene.bot.smelt(at=furnace, input="iron_ore", milliseconds=50) is None
    scene.control.do("skip", ticks=300)
    assert scene.bot.smelt(at=furnace, milliseconds=50) is None
    assert scene.held() == {"iron_pickaxe": 1}
    scene.bot.dig(at=furnace)
    scene.comes_to_hold({"iron_pickaxe": 1, "iron_ore": 1, "furnace": 1})


def test_a_stone_is_no_fuel(scene: Scene) -> None:
    furnace = scene.set((1, 0, 1), "furnace")
    scene.give("cobblestone", 1)
    scene.bot.smelt(at=furnace, fuel="cobblestone", milliseconds=100)  # it stays on the cursor, and falls when the window closes
    until(lambda: [thing["item"] for thing in scene.bot.entities()] == ["cobblestone"])


def test_a_chest_keeps_what_is_put_in_and_spills_it_when_it_breaks(scene: Scene) -> None:
    chest = scene.set((1, 0, 0), "chest")
    scene.give("dirt", 5)
    assert scene.bot.chest(at=chest, put="dirt", count=5) == {"dirt": 5}
    assert scene.held() == {}
    assert scene.bot.chest(at=chest, take="dirt", count=2) == {"dirt": 3}
    scene.comes_to_hold({"dirt": 2})
    scene.hold("iron_axe")
    scene.bot.dig(at=chest)
    scene.comes_to_hold({"dirt": 5, "iron_axe": 1, "chest": 1})
    until(lambda: scene.block((1, 0, 0)) == "air")


def test_no_sequence_of_clicks_makes_or_loses_an_item(node_home: Path) -> None:
    done = subprocess.run([find_node().binary, CLICKS, FILES / "rules"], capture_output=True, text=True, check=True)
    games = json.loads(done.stdout)
    assert games["broken"] == []
    assert games["moved"] == 200
    assert games["thrown"] > 0


OAK, BIRCH, EMPTY = "oak_planks", "birch_planks", None


def test_several_woods_make_what_each_of_them_makes(node_home: Path) -> None:
    grids = {
        "crafting_table 1": [[OAK, BIRCH], ["spruce_planks", OAK]],
        "stick 4": [[EMPTY, BIRCH], [EMPTY, OAK]],
        "wooden_pickaxe 1": [[OAK, BIRCH, OAK], [EMPTY, "stick", EMPTY], [EMPTY, "stick", EMPTY]],
        "white_bed 1": [["white_wool"] * 3, [OAK, BIRCH, OAK], [EMPTY] * 3],
        "oak_door 3": [[OAK, OAK, EMPTY]] * 3,
        None: [[OAK, BIRCH, EMPTY]] * 3,  # a door is of one wood
    }
    modules = ensure(FILES, node_home)
    done = subprocess.run(
        [find_node().binary, GRIDS, FILES / "rules"],
        input=json.dumps(list(grids.values())),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NODE_PATH": str(modules)},
    )
    assert json.loads(done.stdout) == list(grids)
