"""The body looks after itself: in the midst of actions, between them, and it says what it did."""

from __future__ import annotations

import re
import time

import pytest
from mineflayer.conftest import FLOOR, Stage

from gitm.actions import Approach, Attack, Explore, Mine, Smelt, Wait
from gitm.types import Code

NIGHT = 14_000


def test_whoever_strikes_is_struck_back(stage: Stage) -> None:
    stage.set(iron_sword=1).look()
    stage.server.control.do("time", ticks=NIGHT)  # by day it burns
    stage.mob("zombie", 1.5)
    feedback = stage.do(Wait(ticks=160))
    assert (feedback.code, feedback.message) == (Code.OK, "waited 160 ticks; on the way: killed a zombie")


def test_a_blow_that_cannot_be_answered_interrupts(stage: Stage) -> None:
    stage.set(iron_ore=2, coal=1).put("furnace").look()
    stage.server.control.do("time", ticks=NIGHT)
    stage.mob("zombie", -1.2)
    feedback = stage.do(Smelt(object="iron_ingot", count=2))
    assert feedback.code is Code.INTERRUPTED, feedback.message
    assert "a zombie attacks you" in feedback.message


def test_one_eats_on_a_long_way(stage: Stage) -> None:
    stage.set(bread=2, beef=2, golden_apple=1, rotten_flesh=1)
    do, x = stage.server.control.do, stage.x
    do("fill", **{"from": [x, FLOOR - 1, -1], "to": [x, FLOOR - 1, 26], "block": "stone"})
    do("set_block", at=[x, FLOOR, 26], block="lapis_block")
    stage.food(11).look()
    feedback = stage.do(Approach(object="lapis_block"))
    assert (feedback.code, feedback.change) == (Code.OK, {"bread": -1})
    assert "; on the way: ate 1 bread" in feedback.message
    assert feedback.observation.food == 16


def test_one_eats_between_actions_when_it_is_urgent(stage: Stage) -> None:
    stage.set(bread=1).food(5).look()
    time.sleep(6)
    feedback = stage.do(Wait(ticks=1))
    assert (feedback.change, feedback.observation.food) == ({"bread": -1}, 10)
    assert "ate 1 bread" in feedback.message


def test_one_runs_from_what_explodes(stage: Stage) -> None:
    stage.set(iron_sword=1)
    do, x = stage.server.control.do, stage.x
    do("fill", **{"from": [x - 25, FLOOR - 1, -2], "to": [x, FLOOR - 1, 2], "block": "stone"})
    do("time", ticks=NIGHT)
    stage.look()
    stage.mob("creeper", 4)
    feedback = stage.do(Wait(ticks=100))
    assert "fled from a creeper" in feedback.message
    assert feedback.observation.health == 20


def test_what_explodes_is_struck_before_it_does(stage: Stage) -> None:
    stage.set(iron_sword=1)
    stage.server.control.do("time", ticks=NIGHT)
    stage.look()
    stage.server.control.do("spawn_mob", mob="creeper", at=[stage.x + 4, FLOOR, 0.5])
    feedback = stage.do(Attack(object="creeper"))
    assert feedback.code is Code.OK, feedback.message
    assert feedback.observation.health == 20


def test_badly_hurt_one_runs_and_digs_in(stage: Stage) -> None:
    stage.set(wooden_pickaxe=1)
    do, x = stage.server.control.do, stage.x
    do("fill", **{"from": [x - 25, FLOOR - 4, -3], "to": [x - 7, FLOOR - 1, 3], "block": "dirt"})
    do("time", ticks=NIGHT)
    stage.look()
    do("body", player=stage.name, health=4, food=20, saturation=20)
    stage.mob("zombie", 2.5)
    feedback = stage.do(Wait(ticks=500))
    assert feedback.code is Code.OK, feedback.message
    assert re.search(r"fled from a zombie, blocked itself in \(health \d+, then 1[67]\)$", feedback.message), feedback.message
    assert not feedback.observation.underground  # and came out again


def test_weak_at_night_one_sleeps_in_the_bed_one_carries(stage: Stage) -> None:
    stage.set(white_bed=1)
    do = stage.server.control.do
    do("time", ticks=NIGHT)
    do("body", player=stage.name, health=7, food=17)  # it does not heal
    for _ in range(50):  # until the bot has heard of both
        if not (seen := stage.look()).day and seen.health <= 7:
            break
    feedback = stage.do(Wait(ticks=500))
    assert "slept until morning" in feedback.message
    assert feedback.observation.day
    assert feedback.observation.inventory == {"white_bed": 1}  # and took it up again


@pytest.mark.parametrize(("block", "words"), [("lava", "climbed out of lava"), ("fire", "stepped out of fire")])
def test_out_of_lava_and_fire(stage: Stage, block: str, words: str) -> None:
    stage.set()
    do, x = stage.server.control.do, stage.x
    depth = 1 if block == "lava" else 0
    stage.look()
    do("fill", **{"from": [x - 1, FLOOR - depth, -1], "to": [x + 1, FLOOR - depth, 1], "block": block})
    feedback = stage.do(Wait(ticks=50))
    assert words in feedback.message
    assert feedback.code is Code.OK
    health = feedback.observation.health
    assert health >= 4  # lava takes 4 each half second
    assert stage.do(Wait(ticks=20)).observation.health >= health


def test_out_of_the_water_when_there_is_nothing_to_do(stage: Stage) -> None:
    stage.set()
    do, x = stage.server.control.do, stage.x
    do("fill", **{"from": [x - 2, FLOOR - 3, -2], "to": [x + 2, FLOOR - 1, 2], "block": "water"})
    stage.look()
    time.sleep(7)
    assert "climbed out of the water" in stage.do(Wait(ticks=1)).message
    assert stage.seen.under == "grass_block"


def test_a_tunnel_through_gravel_is_lit(stage: Stage) -> None:
    stage.set(iron_pickaxe=1, iron_shovel=1, torch=8)
    do, x, z = stage.server.control.do, stage.x, -40  # apart from the stage, for it is not taken down
    do("fill", **{"from": [x - 2, FLOOR - 1, z - 2], "to": [x + 16, FLOOR + 6, z + 2], "block": "stone"})
    do("fill", **{"from": [x + 4, FLOOR, z], "to": [x + 5, FLOOR + 4, z], "block": "gravel"})
    do("fill", **{"from": [x, FLOOR, z], "to": [x, FLOOR + 1, z], "block": "air"})
    do("set_block", at=[x + 14, FLOOR, z], block="gold_ore")
    do("teleport", player=stage.name, to=[x + 0.5, FLOOR, z + 0.5])
    stage.look()
    feedback = stage.do(Explore(object="gold_ore", strategy="underground"))
    assert feedback.code is Code.OK, feedback.message
    assert feedback.change["torch"] == -2  # one every eight blocks
    assert feedback.change["gravel"] > 0
    assert "lit the tunnel" in feedback.message
    assert feedback.observation.health == 20


def test_what_one_stands_on_over_lava_is_left(stage: Stage) -> None:
    stage.set(iron_pickaxe=1)
    stage.put("coal_ore", 0, -1).put("lava", 0, -2).look()
    feedback = stage.do(Mine(object="coal_ore"))
    assert feedback.code is Code.NO_PATH, feedback.message
    assert feedback.observation.health == 20
    assert stage.server.control.do("get_block", at=[stage.x, FLOOR - 1, 0])["block"] == "coal_ore"


def test_a_drop_out_of_reach_is_said(stage: Stage) -> None:
    stage.set(iron_pickaxe=1)
    do, x = stage.server.control.do, stage.x
    do("fill", **{"from": [x + 1, FLOOR - 1, -2], "to": [x + 5, FLOOR - 1, 2], "block": "lava"})
    stage.put("coal_ore", 3, 3).look()
    feedback = stage.do(Mine(object="coal_ore"))
    assert feedback.code is Code.PARTIAL, feedback.message
    assert "mined 1 coal_ore" in feedback.message
    assert "1 coal " in feedback.message
    assert not feedback.change


def test_what_hinders_is_overcome_step_by_step(stage: Stage) -> None:
    stage.set(dirt=3)
    stage.put("gold_block", 6).look()
    stage.server.control.do("pin", player=stage.name, milliseconds=9000)
    feedback = stage.do(Approach(object="gold_block"))
    assert feedback.code is Code.OK, feedback.message
    assert "on the way: stepped aside, jumped" in feedback.message, feedback.message


@pytest.mark.live
def test_who_cannot_get_on_tries_everything_and_says_so(stage: Stage) -> None:
    stage.set(dirt=3)
    stage.put("gold_block", 6).look()
    stage.server.control.do("pin", player=stage.name, milliseconds=60_000)
    feedback = stage.do(Approach(object="gold_block"))
    stage.server.control.do("pin", player=stage.name, milliseconds=0)
    assert not feedback.ok
    for remedy in ("stepped aside", "jumped", "took another route"):
        assert remedy in feedback.message


def test_what_rock_encloses_is_not_in_sight_from_the_surface(stage: Stage) -> None:
    stage.set(iron_pickaxe=1)
    do, x = stage.server.control.do, stage.x
    do("fill", **{"from": [x - 3, FLOOR - 9, -3], "to": [x + 3, FLOOR - 2, 3], "block": "stone"})
    do("set_block", at=[x, FLOOR - 7, 0], block="gold_ore")
    stage.look()
    assert not any(thing.name == "gold_ore" for thing in stage.seen.nearby)
    assert stage.do(Approach(object="gold_ore")).code is Code.NOT_FOUND
