"""Other dimensions: the way there and back, what is there, what is remembered, what is refused."""

from __future__ import annotations

import pytest

from env_stub.map import Map
from env_stub.rules import load_rules
from env_stub.things import CELL
from gitm.actions import Approach, Build, DigDown, Enter, Explore, GoUp, Mine, Sleep, Wait
from gitm.errors import SetupError
from gitm.types import Code


@pytest.fixture
def gate(far_camp):
    """A camp with a nether portal that was just built."""
    far_camp.give(obsidian=10, flint_and_steel=1, iron_pickaxe=1)
    assert far_camp.do(Build(blueprint="nether_portal")).ok
    return far_camp


def known(seen, name):
    return [thing for thing in seen.nearby if thing.name == name]


def test_a_portal_leads_there_and_back_to_where_one_was(gate):
    before = (gate.seen.x, gate.seen.y, gate.seen.z)
    there = gate.do(Enter(portal="nether_portal"))
    assert there.ok
    assert there.ticks == 80
    assert (gate.seen.dimension, gate.seen.biome) in {("the_nether", "nether_wastes"), ("the_nether", "soul_sand_valley")}
    assert gate.seen.near("nether_portal"), "an exit stands where one arrives"
    assert there.message == f"you are in the dimension the_nether, in the {gate.seen.biome}"
    assert gate.do(Enter(portal="nether_portal")).ok
    assert gate.seen.dimension == "overworld"
    assert max(abs(now - then) for now, then in zip((gate.seen.x, gate.seen.y, gate.seen.z), before, strict=True)) <= 2
    assert gate.seen.near("nether_portal")


def test_the_way_back_is_always_to_the_same_portal(gate):
    gate.do(Enter(portal="nether_portal"))
    first = (gate.seen.x, gate.seen.z)
    gate.do(Enter(portal="nether_portal"))
    gate.do(Enter(portal="nether_portal"))
    assert (gate.seen.x, gate.seen.z) == first
    assert known(gate.seen, "nether_portal")[0].count == 1


def test_there_one_sees_and_digs_what_is_of_that_dimension(gate):
    gate.do(Enter(portal="nether_portal"))
    names = {thing.name for thing in gate.seen.nearby}
    assert names <= {"netherrack", "soul_sand", "nether_portal", "piglin", "blaze"}
    assert gate.do(Explore(object="piglin")).ok
    assert gate.do(DigDown(y_level=20)).ok
    assert gate.seen.under == "netherrack"
    assert gate.do(Mine(object="netherrack", count=2)).change["netherrack"] == 2
    assert gate.do(DigDown(y_level=3)).message == "there is bedrock below y 4: dig down to 4 at most"
    assert gate.do(GoUp()).ok


def test_quartz_lies_in_the_nether_only(far_rules):
    rules = load_rules(far_rules)
    for dimension in ("overworld", "the_nether"):
        lying = {name for cx in range(6) for cz in range(6) for name in Map(rules, 1, dimension).section(cx, cz, 1)}
        assert ("nether_quartz_ore" in lying) == (dimension == "the_nether")


def test_every_dimension_has_its_own_map_and_the_same_one_each_time(far_rules):
    rules = load_rules(far_rules)

    def shape(seed, dimension):
        cells = [Map(rules, seed, dimension).cell(cx, 0) for cx in range(40)]
        return [(cell.biome.name, cell.height, sorted((t.name, t.x, t.z) for kin in cell.things.values() for t in kin)) for cell in cells]

    for dimension in ("the_nether", "the_end"):
        assert shape(1, dimension) == shape(1, dimension)
        assert shape(1, dimension) != shape(2, dimension)
        biomes = {row[0] for row in shape(1, dimension)}
        assert biomes <= {name for name, fact in rules.book.biomes.items() if fact.dimension == dimension}


def test_what_one_leaves_behind_is_there_when_one_returns(gate):
    thing = gate.put("oak_log", left=3)
    gate.do(Enter(portal="nether_portal"))
    assert not known(gate.seen, "oak_log")
    gate.do(Enter(portal="nether_portal"))
    assert known(gate.seen, "oak_log")[0].count == thing.left == 3


def test_a_portal_is_remembered_with_its_distance_and_found_again(gate):
    x, z = gate.game.portals["nether_portal"][0].x, gate.game.portals["nether_portal"][0].z
    assert not gate.do(Explore(object="soul_sand")).ok
    (shown,) = known(gate.seen, "nether_portal")
    away = ((gate.seen.x - x) ** 2 + (gate.seen.z - z) ** 2) ** 0.5
    assert shown.kind == "station"
    assert shown.distance == pytest.approx(away, abs=1)
    assert shown.distance > 200
    refused = gate.do(Enter(portal="nether_portal"))
    assert (refused.code, refused.message) == (
        Code.OUT_OF_REACH,
        f"the nearest nether_portal is {shown.distance:.0f} blocks away: approach it first",
    )
    for _ in range(12):
        if (feedback := gate.do(Approach(object="nether_portal"))).code is not Code.TIMEOUT:
            break
        assert feedback.ticks < Approach.limit + 200
    assert feedback.ok
    assert gate.do(Enter(portal="nether_portal")).ok
    assert [thing.count for thing in known(gate.seen, "nether_portal")] == [1], "those of the other side are not of this one"


def test_exploring_for_a_known_portal_leads_back_to_it_also_from_below(gate):
    gate.do(Explore(object="soul_sand"))
    gate.do(DigDown(y_level=30))
    for _ in range(4):
        if gate.do(Explore(object="nether_portal")).ok:
            break
    assert not gate.seen.underground
    assert gate.seen.near("nether_portal")


def test_a_portal_built_below_the_ground_is_found_again_there(far_camp):
    far_camp.give(obsidian=10, flint_and_steel=1, iron_pickaxe=1)
    far_camp.do(DigDown(y_level=30))
    assert far_camp.do(Build(blueprint="nether_portal")).ok
    far_camp.do(Enter(portal="nether_portal"))
    assert not far_camp.seen.underground
    far_camp.do(Enter(portal="nether_portal"))
    assert (far_camp.seen.underground, far_camp.seen.y) == (True, 30)
    far_camp.do(GoUp())
    far_camp.do(Explore(object="piglin"))
    for _ in range(4):
        if far_camp.do(Explore(object="nether_portal")).ok:
            break
    assert (far_camp.seen.underground, far_camp.seen.y) == (True, 30)
    assert far_camp.do(Enter(portal="nether_portal")).ok


def test_who_dies_far_away_wakes_at_home_and_his_things_stay_there(gate):
    gate.do(Enter(portal="nether_portal"))
    blaze = gate.game.summon("blaze")
    for _ in range(60):
        gate.game.health, blaze.left = 1, 1
        gate.game.engage(blaze)
        if (feedback := gate.do(Wait(ticks=100))).code is Code.DIED:
            break
    assert feedback.code is Code.DIED
    assert (gate.seen.dimension, gate.seen.inventory) == ("overworld", {})
    assert not known(gate.seen, "iron_pickaxe")
    gate.do(Approach(object="nether_portal"))
    gate.do(Enter(portal="nether_portal"))
    assert known(gate.seen, "iron_pickaxe")[0].kind == "item"


def test_there_is_neither_day_nor_night_elsewhere_and_a_bed_is_refused(gate):
    gate.at(18_000)
    assert not gate.seen.day
    gate.do(Enter(portal="nether_portal"))
    assert gate.seen.day
    gate.put("white_bed", "station")
    feedback = gate.do(Sleep())
    assert (feedback.code, feedback.message) == (
        Code.WRONG_DIMENSION,
        "a bed blows up in the dimension the_nether: go back to the overworld to sleep",
    )
    gate.do(Enter(portal="nether_portal"))
    assert not gate.seen.day


def test_monsters_come_in_the_nether_by_day_as_well(make_camp, far_rules):
    met = 0
    for seed in range(8):
        camp = make_camp(seed=seed, rules=far_rules)
        camp.game.move_to("the_end")
        camp.seen = camp.world.observe()
        codes = [camp.do(Wait(ticks=600)).code for _ in range(40)]
        met += Code.INTERRUPTED in codes or Code.DIED in codes
    assert met >= 6


def test_a_biome_of_another_dimension_is_not_looked_for_here(far_camp):
    feedback = far_camp.do(Explore(object="nether_wastes"))
    assert (feedback.code, feedback.message) == (
        Code.WRONG_DIMENSION,
        "nether_wastes is a biome of the dimension the_nether: go there first",
    )
    assert feedback.ticks == 1
    assert far_camp.do(Explore(object="fortress")).message == "fortress is a structure of the dimension the_nether: go there first"
    far_camp.game.move_to("the_nether")
    far_camp.seen = far_camp.world.observe()
    for name in ("stronghold", "village"):
        assert far_camp.do(Explore(object=name)).message == f"{name} is a structure of the dimension overworld: go there first"


def test_refusals_of_enter(far_camp):
    feedback = far_camp.do(Enter(portal="nether_portal"))
    assert (feedback.code, feedback.message) == (Code.NOT_FOUND, "no nether_portal in sight: build one or explore first")
    feedback = far_camp.do(Enter(portal="chest"))
    assert (feedback.code, feedback.message) == (Code.IMPOSSIBLE, "chest is no portal: go there on foot")
    assert far_camp.do(Enter(portal="nether_portl")).message == "no portal 'nether_portl'; did you mean nether_portal?"
    far_camp.game.move_to("the_end")
    far_camp.give(obsidian=10, flint_and_steel=1)
    feedback = far_camp.do(Build(blueprint="nether_portal"))
    assert (feedback.code, feedback.change) == (Code.WRONG_DIMENSION, {})
    assert feedback.message == "a nether_portal leads nowhere from the dimension the_end: go back to the overworld first"


def test_nobody_arrives_in_the_sea(far_rules, make_camp):
    for seed in range(12):
        camp = make_camp(seed=seed, rules=far_rules)
        camp.game.move_to("the_nether")
        camp.game.x, camp.game.z = 40 * CELL, 40 * CELL
        camp.give(obsidian=10, flint_and_steel=1)
        assert camp.do(Build(blueprint="nether_portal")).ok
        assert camp.do(Enter(portal="nether_portal")).ok
        assert camp.seen.dimension == "overworld"
        assert camp.seen.biome != "ocean"


def test_a_book_without_an_overworld_is_refused(tmp_path, far_rules):
    path = tmp_path / "bad.json"
    text = far_rules.read_text()
    for biome in ("plains", "desert", "ocean"):
        text = text.replace(f'"{biome}": {{"weight"', f'"{biome}": {{"dimension": "the_end", "weight"')
    path.write_text(text)
    with pytest.raises(SetupError, match="no biome of the overworld"):
        load_rules(path)
