"""Structures: where they are, what they hold, and how they are found above and below the ground."""

from __future__ import annotations

from collections import Counter

import pytest

from env_stub.map import Map
from env_stub.rules import load_rules
from gitm.actions import Approach, Attack, DigDown, Enter, Explore, GoUp, Mine
from gitm.types import Code


def search(camp, name, strategy="auto", tries=20):
    for _ in range(tries):
        feedback = camp.do(Explore(object=name, strategy=strategy))
        if feedback.ok or feedback.code not in (Code.NOT_FOUND, Code.INTERRUPTED, Code.TIMEOUT):
            break
        camp.game.engaged.clear()
    return feedback


def blazes(camp):
    return sum(thing.count for thing in camp.seen.nearby if thing.name == "blaze")


@pytest.fixture
def rover(make_camp, far_rules):
    return make_camp(seed=5, rules=far_rules)


def test_structures_stand_in_their_biomes_in_their_numbers(far_rules):
    rules = load_rules(far_rules)
    found, cells = Counter(), Counter()
    for seed in range(6):
        world = Map(rules, seed)
        for cx in range(40):
            for cz in range(40):
                cell = world.cell(cx, cz)
                cells[cell.biome.name] += 1
                found.update((site.name, cell.biome.name) for site in cell.sites)
    assert set(found) <= {("village", "plains"), ("desert_pyramid", "desert"), ("stronghold", "plains"), ("stronghold", "desert")}
    assert found["desert_pyramid", "desert"] / cells["desert"] == pytest.approx(0.02, rel=0.3)
    assert found["village", "plains"] / cells["plains"] == pytest.approx(0.01, rel=0.3)


def test_a_structure_holds_what_its_book_says(far_rules):
    rules = load_rules(far_rules)
    world = Map(rules, 1)
    villages = 0
    for cx in range(60):
        for cz in range(60):
            cell = world.cell(cx, cz)
            if [site.name for site in cell.sites] == ["village"]:
                villages += 1
                librarians, (beds,) = cell.things["villager[librarian]"], cell.things["white_bed"]
                assert 1 <= len(librarians) <= 3
                assert 2 <= beds.left <= 4
                assert {thing.kind for thing in librarians} == {"mob"}
                assert beds.kind == "station"
                assert all(thing.health == 20 and not thing.deep for thing in librarians)
    assert villages > 5


def test_the_same_seed_has_the_same_structures(far_rules):
    rules = load_rules(far_rules)

    def sites(seed):
        world = Map(rules, seed)
        return [(cx, cz, world.cell(cx, cz).sites) for cx in range(30) for cz in range(30) if world.cell(cx, cz).sites]

    assert sites(1) == sites(1) != sites(2)


def test_a_chest_is_found_by_exploring_and_broken_for_what_is_in_it(rover):
    chest = "chest[desert_pyramid]"
    assert search(rover, chest).ok
    assert rover.do(Approach(object=chest)).ok
    change = rover.do(Mine(object=chest, count=4)).change
    assert change["chest"] == 4
    assert 4 <= change["emerald"] <= 12
    assert not [thing for thing in rover.seen.nearby if thing.name == chest and thing.distance < 16]


def test_a_structure_is_found_by_its_own_name_and_gone_to(rover):
    feedback = search(rover, "desert_pyramid")
    assert feedback.ok
    assert feedback.message.startswith("desert_pyramid is in sight")
    assert rover.do(Approach(object="desert_pyramid")).message == "you are in the desert_pyramid"
    assert [thing.distance < 12 for thing in rover.seen.nearby if thing.name == "chest[desert_pyramid]"] == [True]
    refused = rover.do(Mine(object="desert_pyramid"))
    assert (refused.code, refused.message) == (Code.IMPOSSIBLE, "desert_pyramid is a structure: explore it and mine what it holds")


def test_a_building_is_seen_from_afar_by_whoever_looks_for_it(make_camp, far_rules):
    """The walk to the nearest village is straight when it is within 8 cells, whatever the heading was."""
    went = 0
    for seed in range(40):
        camp = make_camp(seed=seed, rules=far_rules)
        world = camp.game.map
        near = [(cx, cz) for cx in range(-7, 8) for cz in range(-7, 8) if any(site.name == "village" for site in world.cell(cx, cz).sites)]
        near = sorted(near, key=lambda at: at[0] ** 2 + at[1] ** 2)
        if not near or not 9 <= near[0][0] ** 2 + near[0][1] ** 2 <= 49:
            continue
        feedback = camp.do(Explore(object="villager[librarian]"))
        if feedback.ok:
            went += 1
            blocks = 16 * (near[0][0] ** 2 + near[0][1] ** 2) ** 0.5
            assert feedback.ticks <= (blocks + 24) * 4.63 * 2, "at most all of it through water"
    assert went >= 4


@pytest.mark.parametrize("name", ["end_portal_frame", "stronghold"])
def test_what_lies_below_is_found_from_above_and_gone_down_to(rover, name):
    feedback = search(rover, name)
    assert feedback.ok
    assert f"{name} is in sight down there" in feedback.message
    assert (rover.seen.underground, rover.seen.y) == (True, 20)
    (frames,) = [thing for thing in rover.seen.nearby if thing.name == "end_portal_frame"]
    assert (frames.count, frames.distance <= 8) == (12, True)
    up = rover.do(GoUp())
    assert up.ok
    rover.give(iron_pickaxe=1)
    assert search(rover, name).ok, "one goes back to where it was seen"
    assert rover.do(Approach(object=name)).ok
    assert rover.seen.y == 20


def test_a_tunnel_finds_a_structure_it_passes(rover):
    search(rover, "stronghold")
    rover.do(GoUp())
    x = rover.game.x
    rover.game.x, rover.game.heading = x - 100, (1, 0)
    rover.game.shaft, rover.game.deep, rover.game.memory = None, {}, {}
    rover.give(iron_pickaxe=6)
    rover.do(DigDown(y_level=28))
    rover.game.deep.clear()
    feedback = search(rover, "end_portal_frame", "underground", tries=8)
    assert feedback.ok
    assert rover.do(Approach(object="end_portal_frame")).ok


def test_mobs_of_a_structure_are_fought_there(far_camp):
    far_camp.game.move_to("the_nether")
    far_camp.game.health = 20
    camp = far_camp
    camp.give(iron_pickaxe=1)
    assert search(camp, "blaze").ok
    before = blazes(camp)
    camp.do(Approach(object="blaze"))
    while not (fight := camp.do(Attack(object="blaze", count=2))).ok:
        camp.game.health = 20.0
    assert fight.observation.experience == 20
    assert before >= 4
    assert blazes(camp) == before - 2
    camp.game.health = 20.0
    camp.at(camp.game.tick + 700)
    assert blazes(camp) == before, "the spawner brought two others forth"
    assert camp.do(Enter(portal="nether_portal")).code is Code.NOT_FOUND
