"""Chance in plain integers: SplitMix64 (Steele, Lea, Flood 2014), the same on every platform and Python.

The standard library's ``random`` costs microseconds to seed and ``hash`` differs between processes; a map that is
made cell by cell needs neither.
"""

from __future__ import annotations

MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15


def mix(value: int) -> int:
    """SplitMix64's finaliser: 64 bits in, 64 well scattered bits out."""
    value &= MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def key(seed: int, a: int, b: int, c: int = 0) -> int:
    """64 bits for a place: the seed of whatever is generated at (a, b, c)."""
    return mix(mix(seed * GOLDEN + a * 0xD6E8FEB86659FD93) + b * 0xA0761D6478BD642F + c * 0xE7037ED1A0B428DB)


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
