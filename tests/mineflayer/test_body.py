"""What a body in a real world goes through: blows, the night, stairs down and up, chests, beds."""

from __future__ import annotations

import pytest
from mineflayer.conftest import FLOOR, Stage

from gitm.actions import Apply, Approach, Attack, DigDown, Explore, GoUp, Mine, Place, Sleep, Store, Take, Wait
from gitm.types import Code


def test_a_fight_is_won_and_the_dead_are_out_of_sight(stage: Stage) -> None:
    stage.set(iron_sword=1).look()
    stage.server.control.do("time", ticks=14_000)  # by day it burns
    stage.mob("zombie", 1.5)
    assert stage.do(Attack(object="zombie")).code is Code.OK
    assert not stage.seen.near("zombie", 16)


@pytest.mark.live
def test_a_night_in_a_bed(stage: Stage) -> None:
    stage.set(white_bed=1).look()
    assert stage.do(Place(object="white_bed")).change == {"white_bed": -1}
    assert stage.do(Sleep()).code is Code.WRONG_TIME
    stage.server.control.do("time", ticks=14_000)
    stage.do(Wait(ticks=40))
    assert not stage.seen.day
    feedback = stage.do(Sleep())
    assert feedback.code is Code.OK, feedback.message
    assert feedback.observation.day
    assert feedback.ticks > 5_000


def test_what_goes_into_a_chest_comes_out_again(stage: Stage) -> None:
    stage.set(stick=5, oak_log=70).put("chest").look()
    assert stage.do(Store(object="oak_log", count=68)).change == {"oak_log": -68}
    assert stage.do(Store(object="stick", count=2)).change == {"stick": -2}
    assert stage.do(Take(object="oak_log", count=67)).change == {"oak_log": 67}
    short = stage.do(Take(object="stick", count=9))
    assert (short.code, short.change) == (Code.PARTIAL, {"stick": 2})


def test_what_lies_on_the_ground_is_taken(stage: Stage) -> None:
    stage.set().look()
    stage.server.control.do("drop", at=[stage.x + 3.5, FLOOR, 0.5], item="diamond", count=3)
    stage.look()
    assert any(thing.name == "diamond" and thing.kind == "item" for thing in stage.seen.nearby) or stage.seen.inventory.get("diamond")
    if not stage.seen.inventory.get("diamond"):
        assert stage.do(Take(object="diamond", count=3)).change == {"diamond": 3}


@pytest.mark.live
def test_stairs_down_a_tunnel_to_ore_and_up_again(stage: Stage) -> None:
    do = stage.server.control.do
    stage.set(iron_pickaxe=1)
    x = stage.x + 40
    do("fill", **{"from": [x - 11, FLOOR - 12, -11], "to": [x + 11, FLOOR - 1, 11], "block": "stone"})
    do("set_block", at=[x + 6, FLOOR - 9, 5], block="diamond_ore")
    do("set_block", at=[x - 4, FLOOR - 9, 0], block="lava")
    do("teleport", player=stage.name, to=[x + 0.5, FLOOR, 0.5])
    stage.look()
    down = stage.do(DigDown(y_level=FLOOR - 9, tool="iron_pickaxe"))
    assert down.code is Code.OK, down.message
    assert (down.observation.y, down.observation.underground) == (FLOOR - 9, True), (
        down.observation.x - x,
        down.observation.z,
        down.message,
    )
    found = stage.do(Explore(object="diamond_ore", strategy="underground"))
    assert found.code is Code.OK, found.message
    assert stage.do(Approach(object="diamond_ore")).code is Code.OK
    assert stage.do(Mine(object="diamond_ore", tool="iron_pickaxe")).change["diamond"] == 1
    up = stage.do(GoUp())
    assert up.code is Code.OK, up.message
    assert not up.observation.underground
    assert up.observation.health == 20  # neither burnt nor fallen


def test_what_was_seen_is_found_again(stage: Stage) -> None:
    do, x = stage.server.control.do, stage.x
    stage.set()
    do("fill", **{"from": [x - 1, FLOOR - 1, 0], "to": [x + 1, FLOOR - 1, 52], "block": "stone"})
    do("set_block", at=[x, FLOOR, 0], block="emerald_block")
    do("teleport", player=stage.name, to=[x + 0.5, FLOOR, 4.5])
    stage.look()
    assert stage.seen.near("emerald_block", 5)
    do("teleport", player=stage.name, to=[x + 0.5, FLOOR, 49.5])
    stage.look()
    assert not stage.seen.near("emerald_block", 99)
    feedback = stage.do(Explore(object="emerald_block"))
    assert feedback.code is Code.OK, feedback.message
    assert feedback.message.endswith("where it was seen before")
    assert 28 < feedback.observation.z < 36  # straight back, until it is in sight again


def test_one_goes_on_from_a_sheep_that_was_shorn_to_the_next(stage: Stage) -> None:
    stage.set(shears=1).mob("sheep").mob("sheep", dx=6.5).look()
    assert stage.do(Apply(object="shears", target="sheep")).ok
    assert stage.do(Apply(object="shears", target="sheep")).ok


def test_water_is_scooped_and_poured(stage: Stage) -> None:
    stage.set(bucket=1).put("water", 2, -1).look()
    assert stage.do(Apply(object="bucket", target="water")).change == {"bucket": -1, "water_bucket": 1}


def test_lava_is_turned_to_obsidian(stage: Stage) -> None:
    stage.set(water_bucket=1).put("lava", -2, -1).look()
    assert stage.do(Apply(object="water_bucket", target="lava")).ok
    assert stage.seen.near("obsidian")


@pytest.mark.live
def test_no_way_is_said(stage: Stage) -> None:
    stage.set().look()
    do, x = stage.server.control.do, stage.x
    do("set_block", at=[x, FLOOR + 30, 20], block="gold_block")
    stage.look()
    assert stage.do(Approach(object="gold_block")).code in (Code.NO_PATH, Code.MISSING_TOOL, Code.NOT_FOUND)


@pytest.mark.parametrize("hole", [(2, -2, 0), (3, -3, 1), (1, -1, 0)])
def test_what_fell_into_a_hole_is_fetched(stage: Stage, hole: tuple[int, int, int]) -> None:
    stage.set(iron_pickaxe=1, iron_shovel=1)
    do, x = stage.server.control.do, stage.x
    (dx, dy, dz) = hole
    do("fill", **{"from": [x + dx, FLOOR + dy, dz], "to": [x + dx, FLOOR - 1, dz], "block": "air"})
    stage.look()
    do("set_block", at=[x + dx, FLOOR + 1, dz], block="coal_ore")
    stage.look()
    feedback = stage.do(Mine(object="coal_ore"))
    assert feedback.code is Code.OK, feedback.message
    assert feedback.change["coal"] == 1


def test_what_is_said_to_be_within_reach_is(stage: Stage) -> None:
    """Who stands on soil is almost a block higher than the cell of his feet."""
    stage.set(iron_pickaxe=1).put("farmland", 0, -1)
    for dx in (2, 3):
        stage.put("air", dx, -1).put("air", dx, -2)
    stage.put("gold_ore", 2, -3).look()
    stage.server.control.do("teleport", player=stage.name, to=[stage.x + 0.5, FLOOR, 0.5])
    stage.look()
    assert stage.do(Approach(object="gold_ore")).code is Code.OK
    feedback = stage.do(Mine(object="gold_ore"))
    assert feedback.code is Code.OK, feedback.message
