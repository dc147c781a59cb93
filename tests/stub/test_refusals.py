"""One scene for every code, with the very sentence: it must name what is wrong and what mends it."""

from __future__ import annotations

import pytest

from env_stub.world import HANDLERS
from gitm.actions import (
    VOCABULARY,
    Apply,
    Approach,
    Attack,
    Build,
    Craft,
    DigDown,
    Drop,
    Eat,
    Equip,
    Explore,
    Mine,
    Place,
    Sleep,
    Smelt,
    Store,
    Take,
    Wait,
)
from gitm.types import Code

SCENES = [
    ({}, Mine(object="irn_ore"), "UNKNOWN_NAME", "no block 'irn_ore'; did you mean iron_ore?", {}),
    ({}, Explore(object="irn_ore"), "UNKNOWN_NAME", "no block or mob 'irn_ore'; did you mean iron_ore?", {}),
    ({}, Attack(object="zombi"), "UNKNOWN_NAME", "no mob 'zombi'; did you mean zombie?", {}),
    ({}, Craft(object="stik"), "UNKNOWN_NAME", "no item 'stik'; did you mean stick?", {}),
    ({}, Mine(object="iron_ore"), "NOT_FOUND", "no iron_ore in sight: explore first", {}),
    ({}, Approach(object="cow"), "NOT_FOUND", "no cow in sight: explore first", {}),
    ({}, Take(object="dirt"), "NOT_FOUND", "no dirt on the ground or in a chest within reach: approach it first", {}),
    ({}, Mine(object="zombie"), "IMPOSSIBLE", "zombie is a mob: attack it", {}),
    ({}, Mine(object="raw_iron"), "IMPOSSIBLE", "raw_iron is an item, not a block: mine a block that drops it", {}),
    ({}, Attack(object="stone"), "IMPOSSIBLE", "stone is no mob: mine it if it is a block", {}),
    ({}, Craft(object="iron_ingot", count=1), "MISSING_MATERIAL", None, None),
    ({}, Craft(object="raw_iron"), "MISSING_MATERIAL", None, {"raw_iron_block": 1}),
    ({}, Craft(object="cobblestone"), "IMPOSSIBLE", "no recipe makes cobblestone: it is obtained in another way", {}),
    ({}, Build(blueprint="hut"), "UNKNOWN_NAME", None, {}),
    ({}, Build(blueprint="chest"), "IMPOSSIBLE", "no blueprint makes chest: place the blocks one by one, or obtain it in another way", {}),
    ({"stick": 1}, Place(object="stick"), "IMPOSSIBLE", "stick is no block and cannot be placed: apply it on something", {}),
    ({"stick": 1}, Eat(object="stick"), "IMPOSSIBLE", "stick is no food: eat something else", {}),
    ({"bread": 1}, Eat(object="bread"), "WRONG_TIME", "you are not hungry: eat later", {}),
    ({}, Eat(object="bread"), "MISSING_MATERIAL", "you hold no bread: obtain it first", {"bread": 1}),
    ({}, Equip(object="stick"), "MISSING_MATERIAL", "you hold no stick: obtain it first", {"stick": 1}),
    ({"dirt": 2}, Drop(object="dirt", count=5), "MISSING_MATERIAL", "you hold 2 dirt, not 5: ask for fewer", {"dirt": 3}),
    (
        {"oak_planks": 2},
        Craft(object="crafting_table"),
        "MISSING_MATERIAL",
        "crafting_table needs 4 planks; you lack 2 planks: obtain that first",
        {"planks": 2},
    ),
    (
        {"oak_planks": 3, "stick": 2},
        Craft(object="wooden_pickaxe"),
        "MISSING_STATION",
        "needs a crafting_table, and none is carried or in sight: obtain one first",
        {"crafting_table": 1},
    ),
    (
        {"raw_iron": 1, "coal": 1},
        Smelt(object="iron_ingot"),
        "MISSING_STATION",
        "needs a furnace, and none is carried or in sight: obtain one first",
        {"furnace": 1},
    ),
    ({"dirt": 1}, Store(object="dirt"), "MISSING_STATION", "needs a chest within reach: place one or approach it", {"chest": 1}),
    ({}, Mine(object="dirt", tool="iron_shovel"), "MISSING_TOOL", None, {"iron_shovel": 1}),
    ({}, Attack(object="zombie", tool="iron_sword"), "MISSING_TOOL", None, {"iron_sword": 1}),
    (
        {},
        DigDown(y_level=20),
        "MISSING_TOOL",
        "needs a wooden_pickaxe or better to dig through stone: make one first",
        {"wooden_pickaxe": 1},
    ),
    ({}, DigDown(y_level=300), "IMPOSSIBLE", None, {}),
    ({"stone_pickaxe": 1}, DigDown(y_level=-64), "IMPOSSIBLE", "there is bedrock below y -59: dig down to -59 at most", {}),
    ({}, Explore(object="iron_ore", strategy="underground"), "NO_PATH", None, {}),
    ({}, Apply(object="bucket", target="water"), "MISSING_MATERIAL", "you hold no bucket: obtain it first", {"bucket": 1}),
    ({"stick": 1}, Apply(object="stick", target="dirt"), "IMPOSSIBLE", None, {}),
    ({"bucket": 1}, Apply(object="bucket", target="water"), "NOT_FOUND", "no water in sight: explore first", {}),
    ({}, Sleep(), "MISSING_STATION", "needs a bed within reach: place one or approach it", {"white_bed": 1}),
]


@pytest.mark.parametrize(("items", "action", "code", "message", "missing"), SCENES)
def test_a_refusal_names_its_mend_and_changes_nothing_but_time(camp, items, action, code, message, missing):
    camp.give(**items)
    before = camp.seen
    feedback = camp.do(action)
    assert feedback.code == code
    if message is not None:
        assert feedback.message == message
    if missing is not None:
        assert feedback.missing == missing
    after = feedback.observation
    assert (after.inventory, after.wear, after.health, after.food) == (before.inventory, before.wear, before.health, before.food)
    assert feedback.ticks == 1
    assert after.nearby == before.nearby


def test_a_stone_pickaxe_is_named_when_a_wooden_one_is_too_weak(camp):
    camp.give(wooden_pickaxe=1).put("iron_ore", left=3)
    feedback = camp.do(Mine(object="iron_ore", tool="wooden_pickaxe"))
    assert feedback.code is Code.MISSING_TOOL
    assert feedback.message == "needs a stone_pickaxe or better to drop raw_iron; you hold wooden_pickaxe"
    assert feedback.missing == {"stone_pickaxe": 1}


def test_out_of_reach_says_how_far(camp):
    camp.put("oak_log", away=10)
    feedback = camp.do(Mine(object="oak_log"))
    assert (feedback.code, feedback.message) == (Code.OUT_OF_REACH, "the nearest oak_log is 10 blocks away: approach it first")
    assert camp.do(Approach(object="oak_log")).ok
    assert camp.do(Mine(object="oak_log")).change == {"oak_log": 1}


def test_surface_exploring_from_below_asks_to_go_up(camp):
    camp.descend(30)
    feedback = camp.do(Explore(object="oak_log", strategy="surface"))
    assert (feedback.code, feedback.message) == (Code.NO_PATH, "you are underground: go_up first, then explore the surface")


def test_exploring_in_vain_says_how_far_one_walked(camp):
    feedback = camp.do(Explore(object="bedrock"))
    assert feedback.code is Code.NOT_FOUND
    assert feedback.message.startswith("no bedrock in sight after 12")
    assert 6000 <= feedback.ticks <= 6200


def test_sleeping_by_day_is_refused(camp):
    camp.put("white_bed", "station")
    camp.give(dirt=1)
    assert camp.do(Wait(ticks=999)).ok
    feedback = camp.do(Sleep())
    assert (feedback.code, feedback.message) == (Code.WRONG_TIME, "it is day: wait until night falls in 12001 ticks")


def test_every_action_of_the_vocabulary_has_a_handler():
    assert set(HANDLERS) == set(VOCABULARY.values())
