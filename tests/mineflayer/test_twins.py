"""Twins: the stub and the bot, brought to the same state, give the same code and the same change."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from mineflayer.conftest import Stage
from stub.conftest import Camp

from gitm import actions as act
from gitm.actions import Action
from gitm.types import Code, Feedback

BOOK = "1.16.5"


@dataclass(frozen=True)
class Scene:
    """What is held, what stands so far away, what is done."""

    action: Action
    code: Code
    held: dict[str, int] = field(default_factory=dict)
    stands: tuple[str, ...] = ()
    mob: str | None = None
    food: int = 20
    away: int = 2
    by_chance: bool = False  # amounts are drawn: only what changed is compared, not by how much


SCENES = {
    "equip nothing": Scene(act.Equip(object="stick"), Code.MISSING_MATERIAL),
    "equip a stick": Scene(act.Equip(object="stick"), Code.OK, {"stick": 1}),
    "put armour on": Scene(act.Equip(object="iron_helmet"), Code.OK, {"iron_helmet": 1, "stick": 1}),
    "no such block": Scene(act.Mine(object="unobtainium"), Code.UNKNOWN_NAME),
    "an item is no block": Scene(act.Mine(object="stick"), Code.IMPOSSIBLE),
    "a liquid is not mined": Scene(act.Mine(object="water"), Code.IMPOSSIBLE, stands=("water",)),
    "bare hands on ore": Scene(act.Mine(object="iron_ore"), Code.MISSING_TOOL, stands=("iron_ore",)),
    "wood on iron": Scene(act.Mine(object="iron_ore", tool="wooden_pickaxe"), Code.MISSING_TOOL, {"wooden_pickaxe": 1}, ("iron_ore",)),
    "a tool not held": Scene(act.Mine(object="coal_ore", tool="iron_pickaxe"), Code.MISSING_TOOL, {"wooden_pickaxe": 1}, ("coal_ore",)),
    "mine coal": Scene(act.Mine(object="coal_ore", tool="wooden_pickaxe"), Code.OK, {"wooden_pickaxe": 1}, ("coal_ore",)),
    "mine iron": Scene(act.Mine(object="iron_ore"), Code.OK, {"stone_pickaxe": 1}, ("iron_ore",)),
    "mine more than there is": Scene(act.Mine(object="oak_log", count=3), Code.PARTIAL, {"iron_axe": 1}, ("oak_log",)),
    "nothing in sight": Scene(act.Mine(object="diamond_ore"), Code.NOT_FOUND, {"iron_pickaxe": 1}),
    "approach nothing": Scene(act.Approach(object="diamond_ore"), Code.NOT_FOUND),
    "craft rounds up": Scene(act.Craft(object="oak_planks", count=3), Code.OK, {"oak_log": 2}),
    "craft many": Scene(act.Craft(object="oak_planks", count=9), Code.OK, {"oak_log": 5}),
    "craft from a mix": Scene(act.Craft(object="crafting_table"), Code.OK, {"oak_planks": 2, "birch_planks": 2}),
    "craft without material": Scene(act.Craft(object="crafting_table"), Code.MISSING_MATERIAL, {"oak_planks": 3}),
    "craft without a table": Scene(act.Craft(object="wooden_pickaxe"), Code.MISSING_STATION, {"oak_planks": 3, "stick": 2}),
    "craft at a table": Scene(act.Craft(object="wooden_pickaxe"), Code.OK, {"oak_planks": 3, "stick": 2}, ("crafting_table",)),
    "craft at the table carried": Scene(act.Craft(object="wooden_pickaxe"), Code.OK, {"oak_planks": 3, "stick": 2, "crafting_table": 1}),
    "smelt in the furnace carried": Scene(act.Smelt(object="iron_ingot"), Code.OK, {"iron_ore": 1, "coal": 1, "furnace": 1}),
    "craft at the table in sight": Scene(
        act.Craft(object="wooden_pickaxe"), Code.OK, {"oak_planks": 3, "stick": 2}, ("crafting_table",), away=6
    ),
    "no fuel for the furnace carried": Scene(act.Smelt(object="iron_ingot"), Code.MISSING_MATERIAL, {"iron_ore": 1, "furnace": 1}),
    "craft a furnace": Scene(act.Craft(object="furnace"), Code.OK, {"cobblestone": 9}, ("crafting_table",)),
    "craft torches": Scene(act.Craft(object="torch", count=8), Code.OK, {"coal": 1, "charcoal": 1, "stick": 2}),
    "what no recipe makes": Scene(act.Craft(object="cobblestone"), Code.IMPOSSIBLE),
    "no room to craft": Scene(act.Craft(object="stick"), Code.INVENTORY_FULL, {"dirt": 35 * 64, "oak_planks": 3}),
    "smelt without a furnace": Scene(act.Smelt(object="iron_ingot"), Code.MISSING_STATION, {"iron_ore": 1, "coal": 1}),
    "smelt without fuel": Scene(act.Smelt(object="iron_ingot"), Code.MISSING_MATERIAL, {"iron_ore": 1}, ("furnace",)),
    "smelt without ore": Scene(act.Smelt(object="iron_ingot"), Code.MISSING_MATERIAL, {"coal": 1}, ("furnace",)),
    "what does not smelt": Scene(act.Smelt(object="stick"), Code.IMPOSSIBLE, {"coal": 1}, ("furnace",)),
    "what does not burn": Scene(act.Smelt(object="iron_ingot", fuel="stone"), Code.IMPOSSIBLE, {"iron_ore": 1, "stone": 1}, ("furnace",)),
    "smelt iron": Scene(act.Smelt(object="iron_ingot"), Code.OK, {"iron_ore": 2, "coal": 1}, ("furnace",)),
    "place a table": Scene(act.Place(object="crafting_table"), Code.OK, {"crafting_table": 1}),
    "place no block": Scene(act.Place(object="stick"), Code.IMPOSSIBLE, {"stick": 1}),
    "eat when full": Scene(act.Eat(object="bread"), Code.WRONG_TIME, {"bread": 1}),
    "eat bread": Scene(act.Eat(object="bread"), Code.OK, {"bread": 2}, food=8),
    "eat a stick": Scene(act.Eat(object="stick"), Code.IMPOSSIBLE, {"stick": 1}, food=8),
    "no chest": Scene(act.Store(object="stick"), Code.MISSING_STATION, {"stick": 1}),
    "into the chest": Scene(act.Store(object="stick", count=2), Code.OK, {"stick": 3}, ("chest",)),
    "nothing to take": Scene(act.Take(object="stick"), Code.NOT_FOUND),
    "drop too much": Scene(act.Drop(object="stick", count=3), Code.MISSING_MATERIAL, {"stick": 2}),
    "drop two": Scene(act.Drop(object="stick", count=2), Code.OK, {"stick": 3}),
    "sleep without a bed": Scene(act.Sleep(), Code.MISSING_STATION),
    "no such mob": Scene(act.Attack(object="stone"), Code.IMPOSSIBLE),
    "nobody to fight": Scene(act.Attack(object="cow"), Code.NOT_FOUND),
    "kill a cow": Scene(act.Attack(object="cow", tool="iron_sword"), Code.OK, {"iron_sword": 1}, mob="cow", by_chance=True),
    "milk a cow": Scene(act.Apply(object="bucket", target="cow"), Code.OK, {"bucket": 1}, mob="cow"),
    "shear a sheep": Scene(act.Apply(object="shears", target="sheep"), Code.OK, {"shears": 1}, mob="sheep", by_chance=True),
    "a bucket of water": Scene(act.Apply(object="bucket", target="water"), Code.OK, {"bucket": 1}, ("water",)),
    "what does nothing": Scene(act.Apply(object="stick", target="water"), Code.IMPOSSIBLE, {"stick": 1}, ("water",)),
    "till the soil": Scene(act.Apply(object="wooden_hoe", target="grass_block"), Code.OK, {"wooden_hoe": 1}),
    "no such blueprint": Scene(act.Build(blueprint="house"), Code.UNKNOWN_NAME),
    "no eyes": Scene(act.Build(blueprint="end_portal"), Code.MISSING_MATERIAL, {"ender_eye": 5}),
    "no frame": Scene(act.Build(blueprint="end_portal"), Code.NOT_FOUND, {"ender_eye": 12}),
    "too little obsidian": Scene(act.Build(blueprint="nether_portal"), Code.MISSING_MATERIAL, {"obsidian": 8, "flint_and_steel": 1}),
    "nothing to light it": Scene(act.Build(blueprint="nether_portal"), Code.MISSING_TOOL, {"obsidian": 10}),
    "build a golem": Scene(act.Build(blueprint="snow_golem"), Code.OK, {"snow_block": 3, "carved_pumpkin": 1}),
    "nothing to build": Scene(act.Build(blueprint="stick"), Code.IMPOSSIBLE),
    "up from the surface": Scene(act.GoUp(), Code.OK),
    "dig upwards": Scene(act.DigDown(y_level=319), Code.IMPOSSIBLE),
}


def stub_answer(scene: Scene) -> Feedback:
    from gitm.data import rule_book

    camp = Camp(3, rule_book(BOOK)).clear().give(**scene.held)
    for block in scene.stands:
        station = camp.game.rules.blocks[block].station
        camp.put(block, "station" if station else "block", away=scene.away)
    if scene.mob:
        camp.put(scene.mob, "mob")
    camp.game.food = scene.food
    return camp.world.step(scene.action)


MARKS = {
    "smelt iron": pytest.mark.live,
    "craft many": pytest.mark.live,
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=MARKS.get(name, ())) for name in SCENES])
def test_stub_and_bot_answer_alike(name: str, stage: Stage) -> None:
    scene = SCENES[name]
    stage.set(**scene.held)
    for block in scene.stands:
        stage.put(block, scene.away, -1 if block == "water" else 0)
    if scene.mob:
        stage.mob(scene.mob)
    stage.food(scene.food).look()
    feedback = stage.do(scene.action)
    twin = stub_answer(scene)
    assert (feedback.code, twin.code) == (scene.code, scene.code), feedback.message
    if scene.by_chance:
        assert (not feedback.change) == (not twin.change)
        assert all(count > 0 for count in feedback.change.values())
    else:
        assert feedback.change == twin.change, feedback.message
    assert feedback.observation.worn == twin.observation.worn
