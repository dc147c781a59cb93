"""What takes time or a station of its own: brewing, all kinds of smelters, fishing, bartering, weathering copper."""

from __future__ import annotations

import pytest

from gitm.actions import Apply, Build, Craft, Mine, Smelt, Wait
from gitm.types import Code

AWKWARD = "potion[awkward]"


@pytest.fixture
def stand(far_camp):
    far_camp.put("brewing_stand", "station")
    return far_camp.give(potion=6, nether_wart=2)


def test_brewing_takes_its_time_its_materials_and_powder(stand):
    stand.give(blaze_powder=2)
    feedback = stand.do(Craft(object=AWKWARD, count=3))
    assert feedback.change == {"potion": -3, "nether_wart": -1, "blaze_powder": -1, AWKWARD: 3}
    assert feedback.ticks == 400
    assert feedback.message == f"made 3 {AWKWARD} from 3 potion and 1 nether_wart"
    again = stand.do(Craft(object=AWKWARD, count=3))
    assert again.change == {"potion": -3, "nether_wart": -1, AWKWARD: 3}, "one powder feeds twenty brews"


def test_what_is_left_of_the_powder_is_seen(stand):
    stand.give(blaze_powder=1)
    assert stand.seen.charge == {}
    stand.do(Craft(object=AWKWARD, count=3))
    assert stand.seen.charge == {"brewing_stand": 19}
    stand.game.x += 200
    stand.seen = stand.world.observe()
    assert stand.seen.charge == {}
    stand.game.x -= 200
    stand.give(iron_pickaxe=1)
    stand.do(Mine(object="brewing_stand"))
    assert stand.seen.charge == {}, "it is lost with the stand"


def test_one_powder_feeds_exactly_twenty_brews(stand):
    stand.give(blaze_powder=2, nether_wart=28)
    spent = []
    for _ in range(21):
        stand.game.inventory.add("potion", 3)
        stand.seen = stand.world.observe()
        spent.append(-stand.do(Craft(object=AWKWARD)).change.get("blaze_powder", 0))
        stand.game.inventory.remove(AWKWARD, stand.have(AWKWARD))
        stand.at(1000)
    assert [at for at, powder in enumerate(spent) if powder] == [0, 20]


def test_what_does_not_fit_into_the_limit_is_left_for_later(stand):
    stand.give(blaze_powder=1, nether_wart=2, potion=6)
    feedback = stand.do(Craft(object=AWKWARD, count=12))
    assert (feedback.code, feedback.message) == (Code.PARTIAL, f"made 6 of 12 {AWKWARD}: craft the rest")
    assert (stand.have(AWKWARD), stand.have("potion"), stand.have("nether_wart")) == (6, 6, 2)


def test_a_stand_without_powder_asks_for_it(stand):
    feedback = stand.do(Craft(object=AWKWARD, count=3))
    assert (feedback.code, feedback.missing) == (Code.MISSING_MATERIAL, {"blaze_powder": 1})
    assert feedback.message == "a brewing_stand burns blaze_powder, and 1 more are needed: obtain that first"
    assert feedback.ticks == 1


@pytest.mark.parametrize("away", [3, 12])
def test_the_stand_that_holds_powder_is_brewed_at(stand, away):
    """An observation tells of the powder in a stand in sight, so it must be of use though another stands nearer."""
    stand.give(blaze_powder=1)
    stand.do(Craft(object=AWKWARD, count=3))
    stand.game.x -= away
    stand.put("brewing_stand", "station", away=1)
    stand.game.placed["brewing_stand"].reverse()
    feedback = stand.do(Craft(object=AWKWARD, count=3))
    assert feedback.ok
    assert feedback.change == {"potion": -3, "nether_wart": -1, AWKWARD: 3}
    assert feedback.observation.charge == {"brewing_stand": 18}


@pytest.mark.parametrize(("station", "ticks"), [("furnace", 200), ("blast_furnace", 100)])
def test_a_blast_furnace_takes_half_the_time_and_the_same_coal(far_camp, station, ticks):
    far_camp.put(station, "station")
    far_camp.give(raw_iron=9, coal=2)
    feedback = far_camp.do(Smelt(object="iron_ingot", count=8, tool=station))
    assert feedback.change == {"raw_iron": -8, "coal": -1, "iron_ingot": 8}
    assert feedback.ticks == 8 * ticks
    assert far_camp.do(Smelt(object="iron_ingot", tool=station)).change["coal"] == -1, "a coal smelts eight"


def test_a_smoker_cooks_and_a_campfire_does_so_without_fuel(far_camp):
    far_camp.put("smoker", "station")
    far_camp.put("campfire", "station")
    far_camp.give(beef=4)
    feedback = far_camp.do(Smelt(object="cooked_beef", tool="smoker"))
    assert feedback.code is Code.MISSING_MATERIAL
    assert feedback.message == "needs fuel to burn 200 ticks; you hold none: obtain coal, charcoal or wood"
    feedback = far_camp.do(Smelt(object="cooked_beef", count=2, tool="campfire"))
    assert (feedback.change, feedback.ticks) == ({"beef": -2, "cooked_beef": 2}, 1200)
    far_camp.give(coal=1)
    assert far_camp.do(Smelt(object="cooked_beef", count=2, tool="smoker")).ticks == 200
    assert far_camp.do(Smelt(object="iron_ingot", tool="smoker")).code is Code.IMPOSSIBLE


def test_fishing_waits_for_every_bite_and_wears_the_rod(far_camp):
    far_camp.give(fishing_rod=1).put("water", left=4)
    feedback = far_camp.do(Apply(object="fishing_rod", target="water", count=5))
    assert feedback.ok
    assert feedback.ticks == 5 * 305
    assert feedback.observation.wear == {"fishing_rod": 59}
    total = 0
    for _ in range(5):
        far_camp.at(0)
        total += far_camp.do(Apply(object="fishing_rod", target="water", count=7)).change.get("cod", 0)
    assert 12 <= total <= 30, "six in ten bites are cod"


def test_fishing_for_too_long_is_partly_done(far_camp):
    far_camp.give(fishing_rod=1).put("water")
    feedback = far_camp.do(Apply(object="fishing_rod", target="water", count=20))
    assert feedback.code is Code.PARTIAL
    assert feedback.message == "applied fishing_rod 8 of 20 times: time is up, apply it again for the rest"


def test_bartering_takes_the_gold_whatever_comes_of_it(far_camp):
    far_camp.game.move_to("the_nether")
    far_camp.give(gold_ingot=10).put("piglin", "mob")
    feedback = far_camp.do(Apply(object="gold_ingot", target="piglin", count=10))
    assert feedback.change["gold_ingot"] == -10
    assert {"obsidian", "soul_sand"} <= set(feedback.change)
    assert feedback.change["obsidian"] <= 10
    assert feedback.ticks == 1250


def test_what_is_done_at_a_portal_is_led_to_the_one_that_is_known(far_camp):
    far_camp.give(map=1, obsidian=10, flint_and_steel=1).put("cow", "mob")
    feedback = far_camp.do(Apply(object="map", target="cow"))
    assert (feedback.code, feedback.missing) == (Code.MISSING_STATION, {"nether_portal": 1})
    far_camp.do(Build(blueprint="nether_portal"))
    far_camp.game.x += 60
    far_camp.put("cow", "mob")
    far_camp.seen = far_camp.world.observe()
    assert far_camp.do(Apply(object="map", target="cow")).change == {"paper": 1}


def test_what_is_used_on_nothing_needs_nothing_near(far_camp):
    far_camp.give(map=2)
    feedback = far_camp.do(Apply(object="map", target="self", count=2))
    assert feedback.change == {"map": -2, "filled_map": 2}
    assert far_camp.do(Apply(object="glass_bottle", target="self")).code is Code.MISSING_MATERIAL
    far_camp.give(glass_bottle=1)
    assert far_camp.do(Apply(object="glass_bottle", target="self")).code is Code.IMPOSSIBLE


def test_concrete_hardens_in_water_and_bottles_are_filled(far_camp):
    far_camp.give(white_concrete_powder=2, glass_bottle=1, iron_pickaxe=1).put("water", left=5)
    assert far_camp.do(Apply(object="glass_bottle", target="water")).change == {"glass_bottle": -1, "potion": 1}
    assert far_camp.do(Apply(object="white_concrete_powder", target="water", count=2)).ok
    assert far_camp.do(Mine(object="white_concrete", count=2)).change == {"white_concrete": 2}


def test_copper_weathers_where_it_stands(far_camp):
    far_camp.give(copper_block=1, iron_pickaxe=1)
    assert far_camp.do(Apply(object="copper_block", target="grass_block")).ok
    far_camp.at(400_000)
    assert far_camp.do(Mine(object="exposed_copper")).code is Code.NOT_FOUND
    far_camp.at(500_100)
    far_camp.do(Wait(ticks=1))
    assert far_camp.do(Mine(object="exposed_copper")).change == {"exposed_copper": 1}
