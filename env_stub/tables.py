"""What lies and lives where, as tables to draw from: one per biome and layer.

Independent kinds with mean numbers m1, m2, ... in a cell are drawn as one Poisson number of mean m1 + m2 + ... and a
weighted choice for each (Poisson splitting), so a cell costs a few draws however long the rule book is.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from gitm.facts import BiomeFact, DepositFact, MobFact, RuleBook

SLAB = 16  # blocks of height drawn together underground
ROCK = 10.0  # blocks of a kind in each layer of a cell (256 blocks) from which on it is the ground itself, not something in it
DEPTH = 20  # y of a structure below the ground whose book names none
_SCALE = 1 << 32
OVERWORLD = "overworld"  # the dimension of whatever names no biomes


class Entry(NamedTuple):
    """A thing that may be drawn: so many blocks in a cluster (mobs: one); ``y`` only underground, ``health`` a mob's."""

    name: str
    kind: str
    low: int
    high: int
    y: int = 0
    health: float = 0.0


class Table:
    """Entries with mean numbers per cell; ``count`` and ``choose`` look at the lower 32 of random bits.

    ``least`` is the smallest number for which ``count`` is not 0.
    """

    __slots__ = ("_counts", "_names", "_weights", "entries", "least")

    def __init__(self, weighted: list[tuple[Entry, float]]) -> None:
        self.entries = [entry for entry, _ in weighted]
        self._names = [entry.name for entry in self.entries]
        total = math.fsum(mean for _, mean in weighted)
        self._counts = _poisson(total) if total else []
        self.least = self._counts[0] if self._counts else _SCALE
        self._weights: list[int] = []
        running = 0.0
        for _, mean in weighted:
            running += mean
            self._weights.append(round(running / total * _SCALE))
        self._weights[-1:] = [_SCALE] if weighted else []  # the last is chosen for certain, whatever the rounding

    def count(self, bits: int) -> int:
        """How many things a cell has."""
        return bisect_right(self._counts, bits & 0xFFFFFFFF)

    def choose(self, bits: int) -> Entry:
        """Which thing one of them is."""
        return self.entries[bisect_right(self._weights, bits & 0xFFFFFFFF)]

    def names(self, halves: Iterable[int]) -> dict[str, None]:
        """The names of what would be chosen by 32 bits each: an ordered set."""
        weights, names = self._weights, self._names
        return dict.fromkeys([names[bisect_right(weights, bits)] for bits in halves])


class BiomeTable:
    """A biome with its tables: the surface, who comes at night, and the rock below in slabs (made when first dug).

    ``kin`` are the biomes of its dimension.
    """

    __slots__ = (
        "_below",
        "_slabs",
        "below",
        "danger",
        "fact",
        "ground",
        "height",
        "name",
        "night",
        "sites",
        "surface",
        "top",
        "water",
        "weight",
    )

    def __init__(self, name: str, fact: BiomeFact, book: RuleBook, kin: frozenset[str]) -> None:
        self.name, self.fact = name, fact
        self.top, self.below, self.water, self.height, self.weight = fact.top, fact.below, fact.water, fact.height, fact.weight
        self.ground = [fact.top] if fact.below == fact.top else [fact.top, fact.below]
        found = [
            (Entry(d.block, "block", d.low, d.high), d.per_cell)
            for d in book.deposits
            if d.layer == "surface" and _in(d.biomes, name, fact)
        ]
        mobs = [(mob, _alive(m, mob)) for m, mob in book.mobs.items() if _lives(mob, name, fact)]
        by_day = [(entry, mob.density) for mob, entry in mobs if mob.layer != "underground" and mob.time != "night"]
        at_night = [(entry, mob.density) for mob, entry in mobs if mob.layer != "underground" and mob.time == "night"]
        self.surface = Table([pair for pair in found + by_day if pair[1] > 0])
        self.night = Table([pair for pair in at_night if pair[1] > 0])
        self.sites = Table(
            [
                (Entry(structure, s.layer, 1, 1, DEPTH if s.y is None else s.y), s.per_cell)
                for structure, s in book.structures.items()
                if _in(s.biomes, name, fact)
            ]
        )
        self._below = (
            [d for d in book.deposits if d.layer == "underground" and not is_rock(d, kin) and _under(d.biomes, name, fact)],
            [(entry, mob.density) for mob, entry in mobs if mob.layer == "underground" and mob.density > 0],
        )
        self._slabs: dict[int, Table] = {}
        self.danger = (
            Table(
                [
                    (entry, mob.density)
                    for mob, entry in mobs
                    if mob.hostile and mob.damage > 0 and mob.layer == "surface" and mob.density > 0
                ]
            ),
            Table(
                [
                    (entry, mob.density)
                    for mob, entry in mobs
                    if mob.hostile and mob.damage > 0 and mob.layer == "underground" and mob.density > 0
                ]
            ),
        )

    def slab(self, index: int, bottom: int) -> Table:
        """The table of the rock from ``16 * index`` to ``16 * index + 15``."""
        table = self._slabs.get(index)
        if table is None:
            deposits, mobs = self._below
            table = self._slabs[index] = Table(_slab_entries(index, deposits, mobs, bottom))
        return table


def _alive(name: str, mob: MobFact) -> Entry:
    return Entry(name, "hostile" if mob.hostile else "mob", 1, 1, health=mob.health)


def is_rock(deposit: DepositFact, kin: frozenset[str]) -> bool:
    """Whether a deposit, in all biomes of its dimension, is so dense that tunnels go through it rather than find it."""
    if deposit.layer != "underground" or deposit.y is None or (deposit.biomes and not kin.issubset(deposit.biomes)):
        return False
    return deposit.per_cell * (deposit.low + deposit.high) / 2 / (deposit.y[1] - deposit.y[0] + 1) >= ROCK


def rock_by_height(rocks: list[DepositFact], bottom: int) -> list[str]:
    """The rock from ``bottom`` upwards: stone and deepslate, or whatever an invented world is made of; [] when there is none."""
    if not rocks:
        return []
    layers: list[str] = []
    for y in range(bottom, max(deposit.y[1] for deposit in rocks if deposit.y) + 1):
        here = [deposit for deposit in rocks if deposit.y and deposit.y[0] <= y <= deposit.y[1]]
        layers.append(
            max(here, key=lambda deposit: deposit.per_cell).block if here else layers[-1] if layers else min(rocks, key=_low).block
        )
    return layers


def _low(deposit: DepositFact) -> int:
    return deposit.y[0] if deposit.y else 0


def height_weights(low: int, high: int, peak: int | None) -> dict[int, float]:
    """The share of each height: even, or triangular with its top at ``peak``; the shares add up to 1."""
    heights = range(low, high + 1)
    if peak is None:
        return dict.fromkeys(heights, 1 / len(heights))
    peak = min(max(peak, low), high)
    raw = {y: (y - low + 1) / (peak - low + 1) if y <= peak else (high - y + 1) / (high - peak + 1) for y in heights}
    total = math.fsum(raw.values())
    return {y: weight / total for y, weight in raw.items()}


def _slab_entries(index: int, deposits: list[DepositFact], mobs: list[tuple[Entry, float]], bottom: int) -> list[tuple[Entry, float]]:
    base, found = index * SLAB, []
    for deposit in deposits:
        low, high = deposit.y or (bottom, 60)
        weights = height_weights(low, high, deposit.peak)
        found += [
            (Entry(deposit.block, "block", deposit.low, deposit.high, y), deposit.per_cell * weights[y])
            for y in range(base, base + SLAB)
            if y in weights
        ]
    for entry, density in mobs:  # a mob of the depths may live in any slab: its density holds for each
        found.append((entry._replace(y=base + SLAB // 2), density))
    return found


def _in(biomes: tuple[str, ...], name: str, fact: BiomeFact) -> bool:
    return name in biomes if biomes else fact.dimension == OVERWORLD and not fact.water


def _under(biomes: tuple[str, ...], name: str, fact: BiomeFact) -> bool:
    return name in biomes if biomes else fact.dimension == OVERWORLD


def _lives(mob: MobFact, name: str, fact: BiomeFact) -> bool:
    if mob.biomes:
        return name in mob.biomes
    if fact.dimension != OVERWORLD:
        return False
    return mob.layer == "underground" or (mob.layer == "water") == fact.water


def _poisson(mean: float) -> list[int]:
    """The cumulative distribution in 32-bit integers: rounded, so that no platform's last digit matters."""
    term = math.exp(-mean)
    total, counts, k = term, [], 0
    while round(total * _SCALE) < _SCALE and k < 1000:
        counts.append(round(total * _SCALE))
        k += 1
        term *= mean / k
        total += term
        if k > mean and term < 1e-12:
            break
    return counts
