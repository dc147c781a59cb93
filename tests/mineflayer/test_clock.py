"""Ticks out of a server's time of day."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitm.mineflayer.clock import DAY, LATE, Clock


class Wall:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_begins_in_step_with_the_sun() -> None:
    assert Clock(Wall()).tick(50_300) == 50_300
    assert Clock(Wall()).tick(-6_000) == 0  # a negative time means that the sun stands still


@given(st.lists(st.integers(0, DAY - LATE), min_size=1, max_size=30))
def test_it_counts_what_passed_over_any_number_of_days(steps: list[int]) -> None:
    clock, raw = Clock(Wall()), 1000
    first = clock.tick(raw)
    for step in steps:
        raw += step
        assert clock.tick(raw % DAY) == first + raw - 1000


@given(st.lists(st.tuples(st.integers(0, DAY - 1), st.floats(0, 100)), min_size=1, max_size=30))
def test_it_never_goes_back(news: list[tuple[int, float]]) -> None:
    wall = Wall()
    clock, last = Clock(wall), 0
    for day_time, seconds in news:
        wall.now += seconds
        tick = clock.tick(day_time)
        assert tick >= last
        last = tick


def test_late_news_are_no_new_day() -> None:
    clock = Clock(Wall())
    clock.tick(5000)
    assert clock.tick(4980) == 5000
    assert clock.tick(5020) == 5020


def test_where_the_sun_stands_still_the_wall_clock_counts() -> None:
    wall = Wall()
    clock = Clock(wall)
    clock.tick(6000)
    wall.now += 60
    assert clock.tick(6000) == 6000 + 60 * 20
    wall.now += 30
    assert clock.tick(6000) == 6000 + 90 * 20


def test_a_night_slept_through_has_passed() -> None:
    clock = Clock(Wall())
    clock.tick(13_000)
    assert clock.tick(0) == DAY
