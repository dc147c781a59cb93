"""Crafting conserves, smelting burns what it says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from env_stub.rules import load_rules
from gitm.actions import Craft, Mine, Place, Smelt
from gitm.types import Code

BOOK = load_rules().book
GRID = [recipe for recipe in BOOK.crafts if recipe.station in (None, "crafting_table")]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(recipe=st.sampled_from(GRID), count=st.integers(1, 5), data=st.data())
def test_crafting_conserves_by_the_recipe(make_camp, recipe, count, data):
    """Whatever the recipe takes goes, in whole batches, and nothing else does."""
    camp = make_camp(seed=1).clear()
    batches = -(-count // recipe.count)
    camp.put("crafting_table", "station")
    given_items: dict[str, int] = {}
    for stack in recipe.materials:
        member = data.draw(st.sampled_from(BOOK.groups.get(stack.item, (stack.item,))))
        need = stack.count * batches
        room = camp.game.inventory.room(member)
        if room < need:
            return
        given_items[member] = given_items.get(member, 0) + need
        camp.game.inventory.add(member, need)
    camp.seen = camp.world.observe()
    rivals = [other for other in BOOK.crafts if other.item == recipe.item]
    feedback = camp.do(Craft(object=recipe.item, count=count))
    if len(rivals) > 1 or not feedback.ok:
        return
    expected = {name: -amount for name, amount in given_items.items()}
    expected[recipe.item] = expected.get(recipe.item, 0) + batches * recipe.count
    for name, amount in given_items.items():
        if remainder := BOOK.items[name].remainder:
            expected[remainder] = expected.get(remainder, 0) + amount
    assert feedback.change == {name: amount for name, amount in expected.items() if amount}


def test_counts_are_rounded_up_to_batches(camp):
    camp.give(oak_log=2)
    assert camp.do(Craft(object="oak_planks", count=5)).change == {"oak_log": -2, "oak_planks": 8}


def test_of_a_group_what_is_held_most_goes_first(camp):
    camp.give(oak_planks=3, birch_planks=9)
    assert camp.do(Craft(object="crafting_table")).change == {"birch_planks": -4, "crafting_table": 1}


def test_materials_named_narrow_the_choice(camp):
    camp.give(oak_planks=4, birch_planks=9)
    action = Craft(object="crafting_table", materials={"oak_planks": 4})
    assert camp.do(action).change == {"oak_planks": -4, "crafting_table": 1}
    assert camp.do(action).missing == {"planks": 4}


def test_planks_may_be_mixed(camp):
    camp.give(oak_planks=2, birch_planks=2)
    assert camp.do(Craft(object="crafting_table")).change == {"oak_planks": -2, "birch_planks": -2, "crafting_table": 1}


def test_buckets_come_back_from_a_cake(camp):
    camp.give(milk_bucket=1).give(sugar=2, egg=1, wheat=3)
    camp.game.inventory.add("milk_bucket", 2)
    camp.seen = camp.world.observe()
    camp.put("crafting_table", "station")
    change = camp.do(Craft(object="cake")).change
    assert change == {"milk_bucket": -3, "sugar": -2, "egg": -1, "wheat": -3, "cake": 1, "bucket": 3}


def test_a_station_in_sight_is_gone_to(camp):
    camp.give(oak_planks=3, stick=2).put("crafting_table", "station", away=9)
    feedback = camp.do(Craft(object="wooden_pickaxe"))
    assert feedback.ok
    assert feedback.change == {"oak_planks": -3, "stick": -2, "wooden_pickaxe": 1}
    assert next(seen.distance for seen in feedback.observation.nearby if seen.name == "crafting_table") < 2


def test_a_station_that_is_carried_is_put_down(camp):
    camp.give(oak_planks=3, stick=2, crafting_table=1)
    feedback = camp.do(Craft(object="wooden_pickaxe"))
    assert feedback.ok
    assert feedback.change == {"crafting_table": -1, "oak_planks": -3, "stick": -2, "wooden_pickaxe": 1}
    assert next(seen.distance for seen in feedback.observation.nearby if seen.name == "crafting_table") < 2


def test_what_the_recipe_takes_is_no_station(camp):
    """A table goes into a crafter (wiki, "Crafter"): the last one cannot also stand there."""
    camp.give(iron_ingot=5, crafting_table=1, redstone=2, dropper=1)
    feedback = camp.do(Craft(object="crafter"))
    assert (feedback.code, feedback.missing, feedback.change) == (Code.MISSING_STATION, {"crafting_table": 1}, {})


def test_crafting_needs_room(camp):
    camp.give(dirt=35 * 64, oak_planks=64)
    assert camp.do(Craft(object="crafting_table")).code is Code.INVENTORY_FULL
    camp.game.inventory.remove("oak_planks", 60)
    camp.seen = camp.world.observe()
    assert camp.do(Craft(object="crafting_table")).ok, "the slot of the planks is free by then"


@pytest.mark.parametrize(
    ("fuel", "count", "burnt"),
    [("coal", 8, 1), ("coal", 9, 2), ("oak_planks", 3, 2), ("oak_planks", 4, 3), ("stick", 1, 2), ("lava_bucket", 64, 1)],
)
def test_fuel_is_counted_as_the_wiki_does(camp, fuel, count, burnt):
    """Coal burns 1,600 ticks, planks 300, a stick 100, lava 20,000; an item takes 200."""
    camp.game.inventory.add(fuel, 1 if fuel == "lava_bucket" else 64)
    camp.give(raw_iron=64).put("furnace", "station")
    feedback = camp.do(Smelt(object="iron_ingot", count=count, fuel=fuel))
    assert feedback.change["iron_ingot"] == count
    assert feedback.change[fuel] == -burnt
    assert feedback.change.get("bucket", 0) == (fuel == "lava_bucket")
    assert feedback.ticks == 200 * count


def test_fuel_left_over_stays_in_that_furnace(camp):
    camp.give(raw_iron=8, coal=2).put("furnace", "station")
    assert camp.do(Smelt(object="iron_ingot", count=3)).change["coal"] == -1
    assert "coal" not in camp.do(Smelt(object="iron_ingot", count=5)).change


def test_a_furnace_taken_away_loses_its_fire(camp):
    camp.give(raw_iron=4, coal=2, furnace=1, wooden_pickaxe=1)
    camp.do(Place(object="furnace"))
    camp.do(Smelt(object="iron_ingot", count=1))
    camp.do(Mine(object="furnace"))
    camp.do(Place(object="furnace"))
    assert camp.do(Smelt(object="iron_ingot", count=1)).change == {"raw_iron": -1, "coal": -1, "iron_ingot": 1}


def test_too_little_fuel_is_refused_with_the_amount(camp):
    camp.give(raw_iron=9, stick=2).put("furnace", "station")
    feedback = camp.do(Smelt(object="iron_ingot", count=9, fuel="stick"))
    assert (feedback.code, feedback.missing) == (Code.MISSING_MATERIAL, {"stick": 16})


def test_material_is_not_burnt_as_its_own_fuel(camp):
    camp.give(oak_log=4).put("furnace", "station")
    feedback = camp.do(Smelt(object="charcoal", count=2))
    assert feedback.change == {"oak_log": -4, "charcoal": 2}
    assert camp.do(Smelt(object="charcoal")).missing == {"logs_that_burn": 1}
