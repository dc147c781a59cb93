"""The sky over the overworld: night and day, rain and thunder.

All of it follows from the seed, the clock and when one last slept, and takes nothing from any other chance. Rain comes and goes, and so
does thunder, each by itself with the spans of vanilla (wiki, "Rain", "Thunderstorm"); it storms while both are there. Who sleeps wakes
under a clear sky, and both begin anew. It is the same everywhere: also where vanilla's biomes are too dry or too cold for rain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from zlib import crc32

from env_stub.rng import Rng, key

DAY, DUSK, DAWN = 24_000, 13_000, 23_000
CLEAR, RAIN, THUNDER = "clear", "rain", "thunder"
#: Ticks, at least and at most, until it comes and until it goes.
_COMES = (12_000, 180_000)
_GOES = {RAIN: (12_000, 24_000), THUNDER: (3_600, 15_600)}
_NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Sky:
    """What it is like from one tick to another: the number of the night (-1 by day), the weather, and when the next monsters may come."""

    since: int
    until: int
    night: int
    weather: str
    dark: int  # the tick from which on monsters come; now, when they do already

    @property
    def wet(self) -> bool:
        """Whether it rains."""
        return self.weather != CLEAR


#: Where there are neither nights nor weather, and monsters at all times.
NO_SKY = Sky(0, _NEVER, -1, CLEAR, 0)


class Weather:
    """The weather of one seed from a tick on, worked out as far as it is asked for."""

    def __init__(self, seed: int, since: int = 0) -> None:
        self._changes = merge(_switches(seed, since, RAIN), _switches(seed, since, THUNDER))
        self._there = {RAIN: False, THUNDER: False}
        self._starts, self._kinds = [since], [CLEAR]

    def at(self, tick: int) -> tuple[str, int]:
        """The weather at a tick, and when it changes."""
        while self._starts[-1] <= tick:
            start, what, there = next(self._changes)
            self._there[what] = there
            self._starts.append(start)
            self._kinds.append(CLEAR if not self._there[RAIN] else THUNDER if self._there[THUNDER] else RAIN)
        at = bisect_right(self._starts, tick)
        return self._kinds[max(at - 1, 0)], self._starts[at]

    def sky(self, tick: int) -> Sky:
        """What it is like at that tick, and how long that lasts."""
        weather, until = self.at(tick)
        phase, day = tick % DAY, tick - tick % DAY
        dusk, dawn = day + DUSK, day + DAWN
        if phase < DUSK:
            turn, night = dusk, -1
        elif phase < DAWN:
            turn, night = dawn, tick // DAY
        else:
            turn, night = dusk + DAY, -1
        dark = tick if night >= 0 or weather == THUNDER else self._storm(until, turn)
        return Sky(tick, min(until, turn), night, weather, dark)

    def _storm(self, tick: int, dusk: int) -> int:
        """When the next thunderstorm begins, from a change of weather on; dusk, when that is before."""
        while tick < dusk:
            weather, until = self.at(tick)
            if weather == THUNDER:
                return tick
            tick = until
        return dusk


def _switches(seed: int, since: int, what: str) -> Iterator[tuple[int, str, bool]]:
    """When it comes and goes."""
    rng, tick = Rng(key(seed, crc32(what.encode()), since)), since
    while True:
        for there, span in ((True, _COMES), (False, _GOES[what])):
            tick += rng.between(*span)
            yield tick, what, there
