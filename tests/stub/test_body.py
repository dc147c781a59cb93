"""Hunger, healing, wounds, night, sleep, death and the way back to one's things."""

from __future__ import annotations

import pytest

from env_stub.game import LIES_FOR, RESTING
from env_stub.weather import DUSK
from gitm.actions import (
    Approach,
    Attack,
    Craft,
    Drop,
    Eat,
    Equip,
    Explore,
    Mine,
    Place,
    Sleep,
    Take,
    Wait,
)
from gitm.types import Code


def test_armour_is_seen_on_the_body_and_in_the_inventory(camp):
    camp.give(iron_boots=1, iron_helmet=1)
    camp.do(Equip(object="iron_boots"))
    camp.do(Equip(object="iron_helmet"))
    assert set(camp.seen.worn) == {"iron_boots", "iron_helmet"}
    camp.do(Drop(object="iron_boots"))
    assert camp.seen.worn == ("iron_helmet",)


def test_healing_costs_food(camp):
    camp.game.health = 10.0
    camp.game.saturation = 0.0
    camp.do(Wait(ticks=800))
    assert camp.seen.food == 17, "6 exhaustion a point of health: two points of health for three of food"
    assert camp.seen.health == 12.0


def test_no_healing_below_18_food(camp):
    camp.game.health, camp.game.food = 10.0, 17
    camp.do(Wait(ticks=2000))
    assert camp.seen.health == 10.0


def test_starving_stops_at_half_a_heart(camp):
    camp.game.food, camp.game.saturation = 0, 0.0
    camp.do(Wait(ticks=800))
    assert camp.seen.health == 10.0
    camp.do(Wait(ticks=4000))
    assert camp.seen.health == 1.0


def test_eating_fills(camp):
    camp.game.food = 12
    camp.give(bread=2)
    feedback = camp.do(Eat(object="bread"))
    assert feedback.change == {"bread": -1}
    assert feedback.observation.food == 17
    assert feedback.ticks == 32


def test_walking_makes_hungry(camp):
    camp.game.saturation = 0.0
    camp.do(Explore(object="bedrock"))
    assert 14 <= camp.seen.food <= 18


@pytest.mark.parametrize(("worn", "lost"), [((), 10.0), (("iron_chestplate",), 7.6), (("iron_chestplate", "iron_leggings"), 5.6)])
def test_armour_turns_four_per_cent_a_point(camp, worn, lost):
    """Iron: chestplate 6 points, leggings 5 (wiki, "Armor")."""
    camp.give(**dict.fromkeys(worn, 1))
    for name in worn:
        camp.do(Equip(object=name))
    camp.game.hurt(10.0, "killed by a test", armored=True)
    assert camp.world.observe().health == pytest.approx(20 - lost)


def test_armour_not_put_on_does_nothing(camp):
    camp.give(iron_chestplate=1)
    camp.game.hurt(10.0, "killed by a test", armored=True)
    assert camp.world.observe().health == 10.0


def test_a_monster_interrupts_and_can_be_fought(camp):
    camp.give(stone_sword=1, oak_log=1)
    camp.at(DUSK)
    camp.game.hazard = 400
    feedback = camp.do(Wait(ticks=2000))
    assert feedback.code is Code.INTERRUPTED
    assert feedback.message.endswith("attacks you: attack it or move away")
    assert feedback.ticks == 100
    (monster,) = [thing for thing in feedback.observation.nearby if thing.kind == "hostile" and thing.distance <= 3]
    assert monster.name in feedback.message
    assert camp.do(Craft(object="oak_planks")).ok, "brief actions are not interrupted"
    killed = camp.do(Attack(object=monster.name))
    assert killed.ok
    assert camp.game.engaged == []
    assert killed.observation.health > 10


def test_a_monster_left_alone_goes_on_striking(camp):
    camp.at(DUSK)
    camp.game.hazard = 1
    camp.game.rng.state = 5
    for _ in range(30):
        feedback = camp.do(Wait(ticks=200))
        if feedback.code is Code.DIED:
            break
    assert feedback.code is Code.DIED or camp.seen.health < 15


def test_walking_away_shakes_a_monster_off(camp):
    zombie = camp.put("zombie", "hostile")
    camp.game.engage(zombie)
    camp.put("oak_log", away=30)
    camp.do(Approach(object="oak_log"))
    assert camp.game.engaged == []


def test_attacking_takes_swings_by_the_damage_of_the_weapon(camp):
    camp.give(stone_sword=1)
    camp.put("cow", "mob")
    feedback = camp.do(Attack(object="cow"))
    assert feedback.ticks == 2 * 22, "10 health, 5 a swing"
    assert set(feedback.change) <= {"beef", "leather"}
    assert feedback.change["beef"] >= 1
    assert feedback.observation.wear == {"stone_sword": 131 - 2}
    assert camp.do(Attack(object="cow")).code is Code.NOT_FOUND


def test_death_drops_everything_and_it_can_be_fetched(camp):
    camp.give(stone_pickaxe=1, oak_log=70, bread=3)
    camp.game.inventory.wear("stone_pickaxe", 31)
    camp.game.x += 40
    x, y, z = camp.game.x, camp.game.y, camp.game.z
    camp.seen = camp.world.observe()
    camp.at(DUSK)
    for _ in range(50):  # its blows land by chance, and it loses interest
        camp.game.health = 1.0
        camp.game.engage(camp.put("zombie", "hostile"))
        feedback = camp.do(Wait(ticks=100))
        if feedback.code is Code.DIED:
            break
    assert feedback.code is Code.DIED
    woke = "{} {} {}".format(*camp.game.spawn)
    assert feedback.message == f"you were killed by a zombie at {x} {y} {z}: your things lie there for {LIES_FOR} ticks; you woke at {woke}"
    assert feedback.change == {"stone_pickaxe": -1, "oak_log": -70, "bread": -3}
    after = feedback.observation
    assert (after.inventory, after.health, after.food, after.experience) == ({}, 20.0, 20.0, 0)
    assert camp.do(Explore(object="stone_pickaxe")).ok
    assert camp.do(Approach(object="stone_pickaxe")).ok
    assert camp.do(Take(object="oak_log", count=70)).change == {"oak_log": 70}
    assert camp.do(Take(object="stone_pickaxe")).ok
    assert camp.seen.wear == {"stone_pickaxe": 100}


def _lies(camp):
    return any(thing.name == "oak_log" and thing.kind == "item" for thing in camp.seen.nearby)


def test_things_left_lying_are_gone_after_five_minutes(camp):
    camp.game.lay("oak_log", 3)
    camp.seen = camp.world.observe()
    assert _lies(camp)
    camp.do(Wait(ticks=LIES_FOR - 1))
    assert _lies(camp)
    camp.do(Wait(ticks=1))
    assert not _lies(camp)
    assert camp.do(Take(object="oak_log")).code is Code.NOT_FOUND


def test_things_lost_in_a_tunnel_can_be_fetched_from_the_surface(camp):
    camp.descend(20)
    camp.game.lay("diamond", 2)
    camp.game.underground, camp.game.y = False, camp.game.spawn[1]
    camp.seen = camp.world.observe()
    assert not camp.seen.near("diamond")
    assert camp.do(Explore(object="diamond")).ok
    assert camp.seen.underground
    assert camp.do(Take(object="diamond", count=2)).change == {"diamond": 2}


def test_a_bed_skips_the_night_and_is_where_one_wakes(camp):
    camp.give(white_bed=1)
    camp.at(DUSK + 500)
    camp.game.x += 3
    camp.seen = camp.world.observe()
    camp.do(Place(object="white_bed"))
    feedback = camp.do(Sleep())
    assert feedback.ok
    assert camp.seen.tick == 24_000
    assert camp.seen.day
    assert camp.game.spawn == (camp.seen.x, camp.seen.y, camp.seen.z)


def test_no_sleep_beside_a_monster(camp):
    camp.put("white_bed", "station")
    camp.at(DUSK + 500)
    camp.game.engage(camp.put("zombie", "hostile"))
    camp.seen = camp.world.observe()
    feedback = camp.do(Sleep())
    assert feedback.message == "you cannot sleep while a zombie is near: attack it or move away first"


def test_resting_in_a_closed_hole_is_safe(camp):
    camp.descend(40)
    camp.at(DUSK)
    camp.seen = camp.world.observe()
    assert camp.do(Wait(ticks=10_000)).ok


def test_time_spent_in_parts_is_the_same_time(camp):
    for _ in range(10):
        camp.game.spend(33, doing=RESTING)
    assert camp.game.tick == 330


def test_mining_is_interrupted_block_by_block(camp):
    camp.put("oak_log", left=60)
    camp.at(DUSK)
    camp.game.hazard = 4 * 66 * 3 - 3
    feedback = camp.do(Mine(object="oak_log", count=50))
    assert feedback.code is Code.INTERRUPTED
    assert feedback.change == {"oak_log": 2}


def test_tunnels_are_dangerous_too_but_less_than_the_night(camp):
    camp.give(diamond_pickaxe=5)
    camp.descend(10)
    codes = [camp.do(Explore(object="bedrock")).code for _ in range(40)]
    assert codes.count(Code.INTERRUPTED) + codes.count(Code.DIED) >= 5


def test_one_can_sleep_in_a_hole(camp):
    camp.give(white_bed=1).descend(40)
    camp.at(DUSK + 100)
    camp.do(Place(object="white_bed"))
    assert camp.do(Sleep()).ok
    assert camp.seen.underground


def test_nobody_begins_another_fight_when_badly_hurt(camp):
    camp.give(iron_sword=1)
    for away in (2, 3, 4):
        camp.put("zombie", "hostile", away=away)
    camp.game.health, camp.game.food = 8.0, 17
    camp.seen = camp.world.observe()
    feedback = camp.do(Attack(object="zombie", tool="iron_sword", count=3))
    assert feedback.code is Code.PARTIAL
    assert feedback.message == "killed 1 of 3 zombie: you are badly hurt, eat or rest before the next"
    assert camp.seen.health > 0
