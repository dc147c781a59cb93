"""Ticks out of a server's time of day: never back, in step with day and night, also when the night is slept through."""

from __future__ import annotations

import time
from collections.abc import Callable

DAY = 24_000
LATE = 1_200  # ticks by which the server's news may go back without a day having passed
STANDS = 2.0  # seconds after which a time of day that does not change is one that stands still


class Clock:
    """Counts ticks of 1/20 s. Where the sun stands still (``doDaylightCycle false``) the clock on the wall is followed."""

    def __init__(self, wall: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._tick: int | None = None
        self._raw = 0
        self._seen = 0.0

    def tick(self, day_time: int) -> int:
        """The tick at this time of day (ticks, as the server counts them)."""
        now = self._wall()
        if self._tick is None:
            self._tick, self._raw, self._seen = max(0, day_time), day_time, now
            return self._tick
        passed = (day_time - self._raw) % DAY
        if passed == 0 and now - self._seen > STANDS:
            passed = int((now - self._seen) * 20)
            self._seen = now
        elif 0 < passed <= DAY - LATE:
            self._raw, self._seen = day_time, now
        else:
            passed = 0
        self._tick += passed
        return self._tick
