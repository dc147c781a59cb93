"""Hunger, wounds, death and sleep on the test server."""

from __future__ import annotations

import pytest
from server_tests.driver import BotFailed, Scene, until


def test_food_feeds_and_is_used_up(scene: Scene) -> None:
    scene.control.do("body", food=10, saturation=0)
    scene.hold("cooked_beef", 2)
    scene.bot.eat()
    until(lambda: scene.bot.state()["food"] == 18)  # 8 points (wiki)
    assert scene.held() == {"cooked_beef": 1}


def test_who_is_full_does_not_eat(scene: Scene) -> None:
    scene.hold("cooked_beef", 2)
    scene.bot.bite()
    assert scene.held() == {"cooked_beef": 2}


def test_a_wound_heals_at_the_price_of_food(scene: Scene) -> None:
    scene.control.do("body", health=18, food=20, saturation=3)
    scene.control.do("skip", ticks=100)
    assert scene.state()["health"] > 18
    assert scene.state()["saturation"] < 3


def test_who_has_nothing_to_eat_starves_but_not_to_death(scene: Scene) -> None:
    scene.control.do("body", health=3, food=0, saturation=0)
    scene.control.do("skip", ticks=500)
    assert scene.state()["health"] == 1


@pytest.mark.parametrize(("height", "health"), [(3, 20), (10, 13)])
def test_a_fall_hurts_by_its_height_less_three(scene: Scene, height: int, health: int) -> None:
    scene.control.do("body", food=17)  # too hungry to heal meanwhile
    scene.control.do("teleport", to=scene.at((0.5, height, 0.5)))
    until(lambda: scene.bot.state()["at"][1] > scene.at((0, 2, 0))[1])
    until(lambda: scene.bot.state()["stands"])
    scene.bot.wait(milliseconds=300)
    assert scene.state()["health"] == health
    assert scene.bot.state()["health"] == health


def test_death_drops_everything_and_one_respawns_whole_where_the_world_begins(scene: Scene) -> None:
    scene.give("diamond", 3)
    home = scene.at((0.5, 0, 0.5))
    scene.control.do("kill")
    until(lambda: ["respawn", None] in scene.bot.events())
    until(lambda: scene.state()["health"] == 20 and scene.bot.state()["health"] == 20)
    assert scene.held() == {}
    assert scene.state()["at"][1] < 100 < home[1]
    scene.stand((0.5, 0, 0.5))
    scene.comes_to_hold({"diamond": 3})


def test_lava_burns(scene: Scene) -> None:
    scene.set((0, 0, 0), "lava")
    until(lambda: scene.state()["health"] <= 16)


def test_a_night_is_slept_away_in_a_bed_and_not_by_day(scene: Scene) -> None:
    scene.stand((2.5, 0, 0.5))
    scene.hold("red_bed")
    scene.bot.place(against=scene.at((1, -1, 0)))
    scene.control.do("time", ticks=6000)
    with pytest.raises(BotFailed):
        scene.bot.sleep_in_bed(at=scene.at((1, 0, 0)))
    scene.control.do("time", ticks=14000)
    scene.bot.wait(milliseconds=1200)  # the bot hears of the time once a second
    scene.bot.sleep_in_bed(at=scene.at((1, 0, 0)))
    scene.control.do("skip", ticks=100)
    until(lambda: scene.control.do("status")["time"] < 2000)
    until(lambda: not scene.bot.state()["asleep"])


def test_a_creeper_bursts_beside_whoever_stays(scene: Scene) -> None:
    scene.set((1, 0, 1), "dirt")
    scene.control.do("spawn_mob", mob="creeper", at=scene.at((2.5, 0, 0.5)), still=True)
    until(lambda: scene.block((1, 0, 1)) == "air", 6)
    until(lambda: ["respawn", None] in scene.bot.events())  # 2 blocks away it takes 24 points (wiki, "Explosion")


def test_who_is_pinned_stays_where_he_is(scene: Scene) -> None:
    before = scene.state()["at"]
    scene.control.do("pin", milliseconds=60_000)
    scene.bot.walk(to=scene.at((2.5, 0, 0.5)))  # it gives up after a while
    assert scene.state()["at"] == before
    scene.control.do("pin", milliseconds=0)
    scene.bot.walk(to=scene.at((2.5, 0, 0.5)))
    assert scene.state()["at"] != before
