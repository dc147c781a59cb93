"""Rain and thunder: vanilla's spans, by the seed and the clock alone, and what they change."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from env_stub.weather import CLEAR, DAWN, DAY, DUSK, RAIN, THUNDER, Weather
from gitm.actions import Apply, Enter, Place, Sleep, Wait
from gitm.types import Code

LONG = 3_000_000


def spells(seed: int, wet: bool) -> list[int]:
    """How long it stays wet, or dry, each time within a few game months; the first and the last time left out."""
    weather, edges, before = Weather(seed), [0], False
    tick = 0
    while tick < LONG:
        kind, tick_after = weather.at(tick)
        if (kind != CLEAR) != before:
            edges.append(tick)
            before = not before
        tick = tick_after
    return [later - earlier for earlier, later in pairwise(edges)][1 if wet else 2 :: 2]


def moment(seed: int, kind: str, ticks: int = 1_000) -> int:
    """A tick by day from which on that weather lasts for so long, and light too."""
    weather = Weather(seed)
    for tick in range(0, LONG, 500):
        found, until = weather.at(tick)
        if found == kind and tick + ticks < until and tick % DAY + ticks < DUSK:
            return tick
    raise AssertionError(f"no {kind} on a day of seed {seed}")


def test_rain_lasts_and_stays_away_as_long_as_in_vanilla():
    """Wiki, "Rain": half a day to a whole one, half a day to seven and a half apart."""
    wet = [ticks for seed in range(20) for ticks in spells(seed, wet=True)]
    dry = [ticks for seed in range(20) for ticks in spells(seed, wet=False)]
    assert 12_000 <= min(wet) < 13_000
    assert 23_000 < max(wet) <= 24_000
    assert 12_000 <= min(dry) < 16_000
    assert 170_000 < max(dry) <= 180_000
    assert sum(wet) / (sum(wet) + sum(dry)) == pytest.approx(18 / (18 + 96), rel=0.1)


def test_a_storm_is_rain_with_thunder():
    shares = dict.fromkeys((CLEAR, RAIN, THUNDER), 0)
    for seed in range(60):
        weather, tick = Weather(seed), 0
        while tick < LONG:
            kind, until = weather.at(tick)
            shares[kind] += until - tick
            tick = until
    storms = shares[THUNDER] / (shares[RAIN] + shares[THUNDER])
    assert storms == pytest.approx(9.6 / (9.6 + 96), rel=0.2), "thunder comes and goes without regard to the rain"


@given(seed=st.integers(0, 50), ticks=st.lists(st.integers(0, LONG), min_size=1, max_size=20))
def test_the_order_of_asking_does_not_matter(seed, ticks):
    asked = Weather(seed)
    assert [asked.at(tick) for tick in ticks] == [Weather(seed).at(tick) for tick in ticks]
    for tick in ticks:
        kind, until = asked.at(tick)
        assert asked.at(until - 1)[0] == kind
        assert until > tick


@given(seed=st.integers(0, 50), tick=st.integers(0, LONG))
def test_the_sky_tells_when_monsters_may_come(seed, tick):
    weather = Weather(seed)

    def dark(at: int) -> bool:
        return DUSK <= at % DAY < DAWN or weather.at(at)[0] == THUNDER

    sky = weather.sky(tick)
    assert sky.since <= tick < sky.until
    assert sky.night == (tick // DAY if DUSK <= tick % DAY < DAWN else -1)
    assert (sky.dark <= tick) == dark(tick)
    for later in map(weather.sky, (tick, (tick + sky.until) // 2, sky.until - 1)):
        assert (later.night, later.weather) == (sky.night, sky.weather)
    if sky.dark > tick:
        assert dark(sky.dark)
        assert not dark(sky.dark - 1)
        assert not any(dark(at) for at in range(tick, sky.dark, 97))


def test_the_weather_is_seen_and_takes_no_chance_from_anything_else(camp):
    before = camp.game.rng.state
    for kind in (RAIN, CLEAR, THUNDER):
        assert camp.at(moment(3, kind)).seen.weather == kind
        assert camp.seen.day
    assert camp.game.rng.state == before


def test_there_is_no_weather_in_other_dimensions(far_camp):
    far_camp.at(moment(3, RAIN))
    far_camp.put("nether_portal", "station")
    far_camp.seen = far_camp.world.observe()
    assert far_camp.do(Enter(portal="nether_portal")).observation.weather == CLEAR
    assert far_camp.do(Enter(portal="nether_portal")).observation.weather == RAIN


@pytest.mark.parametrize(("kind", "ticks"), [(CLEAR, 305), (RAIN, 245), (THUNDER, 245)])
def test_fish_bite_sooner_in_the_rain(far_camp, kind, ticks):
    far_camp.give(fishing_rod=1).put("water", left=4)
    far_camp.at(moment(3, kind))
    far_camp.game.hazard = 100_000
    assert far_camp.do(Apply(object="fishing_rod", target="water")).ticks == ticks


def test_monsters_come_by_day_in_a_thunderstorm_only(camp):
    for kind, code in ((CLEAR, Code.OK), (RAIN, Code.OK), (THUNDER, Code.INTERRUPTED)):
        camp.at(moment(3, kind))
        camp.game.hazard = 400
        feedback = camp.do(Wait(ticks=500))
        assert feedback.code is code, kind
    assert feedback.ticks == 100
    assert "attacks you" in feedback.message


def test_monsters_of_the_night_do_not_burn_in_the_rain(camp):
    zombie = camp.put("zombie", "hostile")
    camp.at(moment(3, RAIN))
    camp.game.engage(zombie)
    camp.game.shake_off()
    assert camp.game.engaged == [zombie]
    camp.at(moment(3, CLEAR))
    camp.game.shake_off()
    assert camp.game.engaged == []


def test_one_sleeps_through_a_storm_by_day_and_wakes_under_a_clear_sky(camp):
    camp.give(white_bed=1)
    camp.do(Place(object="white_bed"))
    rain = moment(3, RAIN)
    assert camp.at(rain).do(Sleep()).code is Code.WRONG_TIME
    storm = moment(3, THUNDER)
    camp.at(storm)
    feedback = camp.do(Sleep())
    assert feedback.ok
    assert (camp.seen.tick, camp.seen.weather) == ((storm // DAY + 1) * DAY, CLEAR)
    assert camp.game.weather.at(camp.seen.tick + 11_999)[0] == CLEAR, "rain and thunder begin anew"
