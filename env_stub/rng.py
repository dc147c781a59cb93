"""Chance in plain integers: SplitMix64 (Steele, Lea, Flood 2014), the same on every platform and Python.

The standard library's ``random`` costs microseconds to seed and ``hash`` differs between processes; a map that is
made cell by cell needs neither.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15
_A, _B, _C = 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB  # odd, and as random as any


def mix(value: int) -> int:
    """SplitMix64's finaliser: 64 bits in, 64 well scattered bits out."""
    value &= MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def mixes(start: int, step: int, count: int) -> tuple[int, ...]:
    """``mix(start)``, ``mix(start + step)``, ... all at once.

    Each number has 128 bits of one big integer to itself, as much as a product needs, so that one operation does it for all of
    them (SIMD within a register, Fisher and Dietz 1998): 2 µs for twenty numbers that one by one take 15.
    """
    if count <= 0:
        return ()
    lanes = _lanes(step & MASK, count)
    return lanes.whole(_mixed(start, lanes).to_bytes(16 * count, "little"))


class _Lanes(NamedTuple):
    """What does not depend on the numbers: a one in every lane, the steps from the first number, the lower halves, the ways back."""

    ones: int
    steps: int
    low: int
    whole: Callable[[bytes], tuple[int, ...]]
    half: Callable[[bytes], tuple[int, ...]]


@lru_cache(maxsize=1024)  # about 5 kB each
def _lanes(step: int, count: int) -> _Lanes:
    ones = sum(1 << 128 * lane for lane in range(count))
    steps = sum((lane * step & MASK) << 128 * lane for lane in range(count))
    return _Lanes(ones, steps, ones * MASK, Struct("<" + "Q8x" * count).unpack, Struct("<" + "I12x" * count).unpack)


def _mixed(start: int, lanes: _Lanes) -> int:
    ones, steps, low, _, _ = lanes
    value = ((start & MASK) * ones + steps) & low
    value = ((value ^ (value >> 30 & low)) * 0xBF58476D1CE4E5B9) & low
    value = ((value ^ (value >> 27 & low)) * 0x94D049BB133111EB) & low
    return value ^ (value >> 31 & low)


def stream(seed: int, count: int) -> tuple[int, ...]:
    """The first ``count`` values of the stream that begins with this state."""
    return mixes(seed + GOLDEN, GOLDEN, count)


def halves(seed: int, count: int) -> tuple[int, ...]:
    """The lower 32 bits of each value of :func:`stream`."""
    if count <= 0:
        return ()
    lanes = _lanes(GOLDEN, count)
    return lanes.half(_mixed(seed + GOLDEN, lanes).to_bytes(16 * count, "little"))


def key(seed: int, a: int, b: int, c: int = 0) -> int:
    """64 bits for a place: the seed of whatever is generated at (a, b, c)."""
    return mix(mix(seed * GOLDEN + a * _A) + b * _B + c * _C)


def row(seed: int, a: int, b: int, count: int) -> tuple[int, ...]:
    """``key(seed, a, b)``, ``key(seed, a, b + 1)``, ... all at once."""
    return mixes(mix(seed * GOLDEN + a * _A) + b * _B, _B, count)


class Rng:
    """A running stream of chance: drops, encounters, hits."""

    __slots__ = ("state",)

    def __init__(self, seed: int) -> None:
        self.state = mix(seed + GOLDEN)

    def bits(self) -> int:
        """The next 64 bits."""
        self.state = (self.state + GOLDEN) & MASK
        return mix(self.state)

    def between(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return low if high <= low else low + (self.bits() >> 11) % (high - low + 1)

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens; certain things cost no bits."""
        return probability >= 1.0 or (self.bits() >> 11) < probability * 9007199254740992.0
