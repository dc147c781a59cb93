"""Other dimensions, structures, trade, blueprints, station fuel and what nobody can have: from sentences to trees and journeys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from toy import seen as observed
from toy import sight, toy_mind

from gitm.actions import Approach, Enter, Explore
from gitm.answers import WaysAnswer, ways_of
from gitm.errors import NoWay
from gitm.facts import load
from gitm.llm.reading import read_ways
from gitm.passages import render
from gitm.skills import Library, expand
from gitm.stock import Stock, effort
from gitm.travels import Travels
from gitm.tree import decompose
from gitm.types import Kind, Obtain, Place, Rarity, Stack, SubGoal, Tool, Way

FAR = Path(__file__).parent / "data" / "far_world.json"
PASSAGES = {passage.items[0]: passage.text for passage in render(load(FAR))}
WAYS = {item: ways_of(item, WaysAnswer(ways=read_ways(item, text))) for item, text in PASSAGES.items()}
SHIPPED = Library.open([("shipped", Path(__file__).parent.parent / "skills")])


def ways(item: str, kind: Kind) -> list[Way]:
    return [way for way in WAYS[item] if way.kind is kind]


def names(actions):
    return [action.name for action in actions]


# --- sentences to ways -------------------------------------------------------------------------------------------


def test_what_lies_in_another_dimension_names_it_and_its_portal():
    (way,) = ways("quartz", Kind.MINE)
    assert (way.place.dimension, way.place.portal, way.key) == ("the_nether", "nether_portal", "mine nether_quartz_ore in the_nether")


def test_a_portal_is_built_with_a_tool_or_on_what_a_structure_holds():
    (gate,), (end,) = WAYS["nether_portal"], WAYS["end_portal"]
    assert (gate.kind, gate.materials, gate.tools) == (Kind.BUILD, (Stack(item="obsidian", count=10),), (Tool(item="flint_and_steel"),))
    assert (end.on, end.materials, end.tools) == ("end_portal_frame", (Stack(item="ender_eye", count=12),), ())


def test_an_offer_that_few_make_is_harder_to_find():
    (sold,), (seldom,) = ways("emerald", Kind.TRADE), ways("map", Kind.TRADE)
    assert (sold.target, sold.count, sold.materials) == ("villager[librarian]", 1, (Stack(item="paper", count=24),))
    assert (seldom.count, seldom.materials) == (2, (Stack(item="emerald", count=3), Stack(item="paper")))
    assert list(Rarity).index(seldom.rarity) == min(list(Rarity).index(sold.rarity) + 1, len(Rarity) - 1)


def test_loot_is_what_a_chest_of_a_structure_gives():
    (chest,) = ways("emerald", Kind.MINE)
    assert (chest.target, chest.count, chest.chance, chest.tools) == ("chest[desert_pyramid]", 2, 1.0, ())


def test_one_walks_until_a_structure_below_shows_and_takes_a_pickaxe_along():
    (end,) = WAYS["end_portal"]
    assert (end.place.layer, end.place.y, end.place.digger) == ("surface", None, Tool(item="iron_pickaxe"))


def test_a_station_s_own_fuel_is_a_material_that_goes_a_long_way():
    (brewed,) = WAYS["potion[awkward]"]
    assert brewed.key == "craft potion nether_wart brewing_stand_fuel at brewing_stand"
    (fuel,) = WAYS["brewing_stand_fuel"]
    assert (fuel.kind, fuel.count, fuel.materials) == (Kind.ANY, 20, (Stack(item="blaze_powder"),))


def test_a_campfire_burns_nothing_of_one_s_own():
    by_station = {way.stations[0].item: [stack.item for stack in way.materials] for way in ways("cooked_beef", Kind.SMELT)}
    assert by_station == {"furnace": ["beef", "fuel"], "smoker": ["beef", "fuel"], "campfire": ["beef"]}


def test_a_mob_that_is_built_takes_what_it_is_built_of():
    (star,) = WAYS["nether_star"]
    assert (star.built, star.afield) == (True, False)
    assert [str(stack) for stack in star.materials] == ["4 soul_soils", "3 wither_skeleton_skull"]


def test_what_grows_may_need_a_tool_to_take_it():
    (copper,) = WAYS["exposed_copper"]
    assert (copper.kind, copper.soil, copper.tools[0].item, sum(copper.waits)) == (Kind.GROW, None, "iron_pickaxe", copper.delay)
    assert copper.delay == pytest.approx(500_000, rel=0.01)
    assert max(copper.waits) <= 12_000


def test_powder_in_water_is_used_up_and_a_map_aims_at_nothing():
    (concrete,) = ways("white_concrete", Kind.MINE)
    assert (concrete.use, concrete.on, concrete.materials) == ("white_concrete_powder", "water", (Stack(item="white_concrete_powder"),))
    (filled,) = WAYS["filled_map"]
    assert (filled.on, filled.stations, filled.afield) == ("self", (), False)


def test_what_is_found_nowhere_is_brought_along():
    text = "Mining plank gives 1 plank; it takes bare hands. Using axe on log turns it into plank."
    (way,) = ways_of("plank", WaysAnswer(ways=read_ways("plank", text)))
    assert (way.carried, way.materials) == (True, (Stack(item="log"),))


def test_what_a_use_costs_is_paid_for_what_it_makes():
    """Who has not the experience with him wears an anvil out for nothing."""
    text = "Mining worn gives 1 worn; it takes bare hands. Using paper on whole turns it into worn; it also takes 56 experience."
    (way,) = ways_of("worn", WaysAnswer(ways=read_ways("worn", text)))
    assert set(way.materials) == {Stack(item="whole"), Stack(item="experience", count=56)}


def test_an_item_is_applied_on_a_mob_that_is_built_first():
    text = "Using lead on golem gives 1 seed and keeps it. Building golem takes 2 egg as the material and bare hands."
    (way,) = ways_of("seed", WaysAnswer(ways=read_ways("seed", text)))
    assert (way.built, way.afield, way.materials, way.tools) == (True, False, (Stack(item="egg", count=2),), (Tool(item="lead"),))
    assert plan(way) == ("skill:build_and_use", ["build", "apply"])


def test_a_mob_that_is_built_for_its_gifts_is_built_once():
    """Half of the tries give something: that takes two tries and one egg, and none while such a mob is near."""
    text = "Using lead on golem gives 1 seed in 50% of cases and keeps it. Building golem takes 1 egg as the material and bare hands."
    text += " Mining egg gives 1 egg; it takes bare hands. egg is common: it is found on the surface in any biome."
    ways = {item: ways_of(item, WaysAnswer(ways=read_ways(item, text))) for item in ("seed", "egg")}
    goal = Obtain(item="seed", count=5)
    stock = Stock(held={"lead": 1})
    assert [(task.item, task.count) for task in decompose(goal, ways, stock).subgoals] == [("egg", 1), ("seed", 5)]
    near = replace(stock, sights={"golem": 5.0})
    assert [(task.item, task.count) for task in decompose(goal, ways, near).subgoals] == [("seed", 5)]


def test_a_plant_may_be_grown_in_several_ways_and_its_soil_be_brought_along():
    text = (
        "Mining statue gives 1 statue; it takes bare hands. Planting pumpkin on ingot_block grows statue in about 1333 minutes. "
        "Planting young_statue on grass grows statue in about 20 minutes. grass is common: it is found on the surface in any biome."
    )
    grown = {way.use: way for way in ways_of("statue", WaysAnswer(ways=read_ways("statue", text)))}
    assert grown.keys() == {"pumpkin", "young_statue"}
    golem = grown["pumpkin"]
    assert (golem.soil, golem.on, golem.stations, golem.afield) == (None, "ingot_block", (Stack(item="ingot_block"),), False)
    origin, actions = plan(golem, observed(inventory={"ingot_block": 1, "pumpkin": 1}))
    assert (origin, actions[:2], actions[-2:]) == ("skill:grow_on_placed", ["place", "apply"], ["approach", "mine"])
    assert actions[2:-2] == ["wait"] * 134  # 22 hours
    assert plan(grown["young_statue"])[0] == "skill:grow_crop"


OMENS = (
    "Using sword on spawner[dark] for about 90 seconds gives 1 key in 30% of cases and keeps it. Using bottle on spawner turns it{several} "
    "into spawner[dark]{spent}. spawner is rare: it is found on the surface in any biome."
)


def test_what_an_item_is_applied_on_is_made_first_by_applying_another():
    text = OMENS.format(several=" and up to 5 others", spent=" and uses it up")
    (way,) = ways_of("key", WaysAnswer(ways=read_ways("key", text)))
    assert (way.prepared, way.soil, way.on, way.use, way.makes) == (True, "spawner", "spawner[dark]", "sword", 6)
    assert (way.materials, way.tools, way.sought, way.rarity) == ((Stack(item="bottle"),), (Tool(item="sword"),), "spawner", Rarity.RARE)
    assert way.tillers == ("bottle",)
    assert plan(way, observed(inventory={"bottle": 1, "sword": 1})) == (
        "skill:prepare_and_use",
        ["explore", "approach", "apply", "apply"],
    )
    assert plan(way, observed(nearby=(sight("spawner[dark]", 2.0),)))[1] == ["apply"]

    (kept,) = ways_of("key", WaysAnswer(ways=read_ways("key", OMENS.format(several="", spent=""))))
    assert (kept.materials, kept.tools, kept.tillers, kept.makes) == ((), (Tool(item="bottle"), Tool(item="sword")), ("bottle",), 1)


def test_one_omen_serves_several_trials_and_none_is_needed_where_one_is():
    text = OMENS.format(several=" and up to 5 others", spent=" and uses it up")
    known = {"key": ways_of("key", WaysAnswer(ways=read_ways("key", text)))}
    known |= {name: (Way(item=name, kind=Kind.MINE, target=f"{name}_heap"),) for name in ("bottle", "sword")}

    def amounts(count, **stock):
        tree = decompose(Obtain(item="key", count=count), known, Stock(**stock))
        return {task.item: (task.count, task.batches) for task in tree.subgoals}

    assert amounts(1) == {"bottle": (1, 1), "sword": (1, 1), "key": (1, 4)}
    assert amounts(3) == {"bottle": (2, 2), "sword": (1, 1), "key": (3, 10)}  # ten trials of three in ten, six an omen
    assert amounts(3, sights={"spawner[dark]": 5.0}) == {"bottle": (1, 1), "sword": (1, 1), "key": (3, 10)}
    assert amounts(1, sights={"spawner[dark]": 5.0}) == {"sword": (1, 1), "key": (1, 4)}


# --- trees -------------------------------------------------------------------------------------------------------

ABROAD = Place(dimension="hell", portal="gate")
TREES = {
    "rock": (Way(item="rock", kind=Kind.MINE, target="boulder"),),
    "gate": (Way(item="gate", kind=Kind.BUILD, target="gate", materials=(Stack(item="rock", count=4),)),),
    "ash": (Way(item="ash", kind=Kind.MINE, target="heap", place=ABROAD),),
    "bone": (Way(item="bone", kind=Kind.MINE, target="grave"),),
    "charm": (Way(item="charm", kind=Kind.CRAFT, materials=(Stack(item="ash"), Stack(item="bone"), Stack(item="glow"))),),
    "glow": (Way(item="glow", kind=Kind.MINE, target="lamp", place=ABROAD),),
}


def items(goal, **stock):
    return [task.item for task in decompose(Obtain(item=goal), TREES, Stock(**stock)).subgoals]


def test_a_portal_is_built_first_unless_it_stands_or_one_is_there():
    assert items("ash") == ["rock", "gate", "ash"]
    assert items("ash", stations=frozenset({"gate"})) == ["ash"]
    assert items("ash", dimension="hell") == ["ash"]


def test_a_portal_can_be_the_goal_and_is_reached_when_it_stands():
    assert items("gate") == ["rock", "gate"]
    assert items("gate", stations=frozenset({"gate"})) == []


def test_one_stays_in_a_dimension_while_there_is_something_to_do():
    assert items("charm") == ["rock", "gate", "bone", "ash", "glow", "charm"]
    assert items("charm", dimension="hell", stations=frozenset({"gate"})) == ["ash", "glow", "bone", "charm"]


def test_another_dimension_costs_nothing_of_who_is_there():
    (ash,), (rock,) = TREES["ash"], TREES["rock"]
    assert effort(ash, Stock(dimension="hell"))[0] < effort(rock, Stock(dimension="hell"))[0] < effort(ash, Stock())[0]


# --- journeys ----------------------------------------------------------------------------------------------------


def seen(dimension, *stations, distance=30.0):
    return observed(dimension=dimension, nearby=tuple(sight(name, distance, "station") for name in stations))


def test_the_legs_of_a_journey():
    travels = Travels()
    (ash,), (rock,) = TREES["ash"], TREES["rock"]
    travels.note([ash], seen("overworld", "gate"))
    assert travels.leg(ash, seen("overworld", "gate")) == (Approach(object="gate"), Enter(portal="gate"))
    assert travels.leg(ash, seen("overworld", "gate", distance=2.0)) == (Enter(portal="gate"),)
    far = travels.leg(ash, seen("overworld", "gate", distance=900.0))
    assert far == (Explore(object="gate"), Approach(object="gate"), Enter(portal="gate"))
    assert travels.leg(ash, seen("hell")) == ()
    assert travels.leg(rock, seen("hell", "gate")) == (Approach(object="gate"), Enter(portal="gate"))
    assert travels.leg(rock, seen("overworld")) == ()
    assert travels.leg(TREES["charm"][0], seen("hell")) == ()  # what is crafted is crafted anywhere
    assert travels.leg(rock, seen("limbo")) == ()  # nobody said how one gets out of there


def test_a_portal_of_the_overworld_is_known_to_stand_while_one_is_elsewhere():
    travels = Travels()
    travels.note(TREES["ash"], seen("overworld", "gate", "furnace"))
    assert (travels.standing("overworld"), travels.standing("limbo")) == (frozenset(), frozenset({"gate"}))
    travels.begin()
    assert travels.standing("limbo") == frozenset()


# --- templates ---------------------------------------------------------------------------------------------------


def plan(way, world=None, count=1):
    task = SubGoal(item=way.item, count=count, until=count, batches=count, way=way)
    made = expand(SHIPPED, task, world or seen("overworld"))
    return made.origin, names(made.actions)


def test_templates_of_the_new_kinds_of_way():
    assert plan(WAYS["nether_portal"][0]) == ("skill:build", ["build"])
    assert plan(WAYS["nether_star"][0]) == ("skill:build_and_fight", ["build", "attack"])
    assert plan(ways("emerald", Kind.TRADE)[0]) == ("skill:trade", ["explore", "approach", "trade"])
    assert plan(WAYS["filled_map"][0]) == ("skill:use_by_itself", ["apply"])
    origin, actions = plan(WAYS["exposed_copper"][0])
    assert (origin, actions[:3], set(actions[3:-2]), actions[-2:]) == (
        "skill:grow_crop", ["explore", "approach", "apply"], {"wait"}, ["approach", "mine"],
    )  # fmt: skip


# --- what nobody can have ----------------------------------------------------------------------------------------


def test_what_nobody_can_have_is_refused_with_the_guide_s_reason():
    bedrock = "bedrock cannot be obtained in survival: nothing breaks it."
    slab = "Crafting 6 slab requires 3 bedrock as the material and nothing as the tool."
    mind = toy_mind(bedrock=bedrock, slab=slab)
    for goal, told in (("bedrock", ""), ("slab", " (needed for slab)")):
        with pytest.raises(NoWay, match="bedrock cannot be obtained in survival: nothing breaks it") as caught:
            mind.plan_ahead(Obtain(item=goal))
        assert str(caught.value) == f"bedrock cannot be obtained in survival: nothing breaks it{told}"
