"""Sentences that say where blocks and mobs are found, rendered from a rule book: deposits, ground, mobs' homes, structures, dimensions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from gitm import grammar as g
from gitm.facts import DepositFact, MobFact, RuleBook
from gitm.graph import SEARCH
from gitm.types import OVERWORLD, Rarity

EASE = list(SEARCH)  # from common to very rare
#: Seconds for one more cell: a walker (4.3 blocks a second) sees buildings from eight cells away; what lies below the ground shows only
#: to a tunnel that comes near, and a tunnel through stone takes so long for the length of a cell.
_STRIDE = {"surface": 0.23, "underground": 20.0}
_DIG_LIMIT = 45  # "most often" heights above this are on the surface or in the air; one digs lower instead


def wheres(book: RuleBook, diggers: Sequence[str]) -> dict[str, list[str]]:
    """Block or mob -> the sentences that say where it is found; ``diggers`` are the tools with which one digs through the ground."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    atlas = _Atlas(book, diggers)
    for thing, sentence in (*atlas.deposits(), *atlas.homes(), *atlas.structures()):
        found[thing].append(sentence)
    ground = [(thing, sentence) for thing, sentence in atlas.ground() if thing not in found and thing in book.blocks]
    for thing, sentence in ground:
        found[thing].append(sentence)
    return {thing: list(dict.fromkeys(sentences)) for thing, sentences in found.items()}


class _Atlas:
    """Pairs of a thing and a sentence about it."""

    def __init__(self, book: RuleBook, diggers: Sequence[str]) -> None:
        self.book, self.diggers = book, diggers
        self.portals = {dimension: portal for portal, dimension in book.portals.items()}
        self.weight: defaultdict[str, float] = defaultdict(float)
        for biome in book.biomes.values():
            self.weight[biome.dimension] += biome.weight

    def deposits(self) -> Iterator[tuple[str, str]]:
        layers: defaultdict[tuple[str, str, str], list[DepositFact]] = defaultdict(list)
        for deposit in self.book.deposits:
            for dimension in self._dimensions(deposit.biomes):
                layers[deposit.block, deposit.layer, dimension].append(deposit)
        for (block, layer, dimension), deposits in layers.items():
            best = min(deposits, key=lambda deposit: (EASE.index(deposit.rarity), -deposit.per_cell))
            biomes = [] if any(not d.biomes for d in deposits) else [name for d in deposits for name in d.biomes]
            yield from self._found(block, best.rarity, layer, biomes, dimension, height=_height(best))

    def homes(self) -> Iterator[tuple[str, str]]:
        for mob, fact in self.book.mobs.items():
            if fact.density <= 0:
                continue  # met in structures only, or built
            for dimension in self._dimensions(fact.biomes):
                yield from self._mob(mob, fact, dimension)

    def _mob(self, mob: str, fact: MobFact, dimension: str) -> Iterator[tuple[str, str]]:
        layer = "underground" if fact.layer == "underground" else "surface"
        when = " at night" if fact.time == "night" else ""
        yield mob, self._where(mob, fact.rarity, layer, fact.biomes, dimension, when=when)
        if layer == "underground":
            yield from self._dug(mob)
        yield from self._way_there(mob, dimension)

    def structures(self) -> Iterator[tuple[str, str]]:
        density = self._densities()
        for name, structure in self.book.structures.items():
            for dimension in self._dimensions(structure.biomes):
                for content in structure.holds:
                    seconds = _STRIDE[structure.layer] / density[content.name, structure.layer, dimension]
                    rarity = _word(seconds)
                    yield from self._found(
                        content.name, rarity, structure.layer, structure.biomes, dimension, inside=name, height=structure.y
                    )

    def _densities(self) -> dict[tuple[str, str, str], float]:
        """How many places with the thing there are in a cell of a dimension, all structures together, by thing, layer and dimension."""
        found: defaultdict[tuple[str, str, str], float] = defaultdict(float)
        for structure in self.book.structures.values():
            for dimension in self._dimensions(structure.biomes):
                share = (
                    sum(self._weight(name, dimension) for name in structure.biomes) / self.weight[dimension] if structure.biomes else 1.0
                )
                for content in structure.holds:
                    mean = (content.low + content.high) / 2
                    found[content.name, structure.layer, dimension] += structure.per_cell * share * min(1.0, mean)
        return found

    def _weight(self, biome: str, dimension: str) -> float:
        fact = self.book.biomes[biome]
        return fact.weight if fact.dimension == dimension else 0.0

    def ground(self) -> Iterator[tuple[str, str]]:
        blocks = dict.fromkeys(block for biome in self.book.biomes.values() for block in (biome.top, biome.below))
        for block in blocks:
            homes = [name for name, biome in self.book.biomes.items() if block in (biome.top, biome.below)]
            for dimension in self._dimensions(homes):
                yield from self._found(block, Rarity.COMMON, "surface", homes, dimension)

    def _found(
        self, thing: str, rarity: Rarity, layer: str, biomes: Sequence[str], dimension: str, *, inside: str = "", height: int | None = None
    ) -> Iterator[tuple[str, str]]:
        deep = layer == "underground"
        yield thing, self._where(thing, rarity, layer, biomes, dimension, inside=inside, height=height if deep else None)
        if deep:
            yield from self._dug(thing)
        yield from self._way_there(thing, dimension)

    def _dug(self, thing: str) -> Iterator[tuple[str, str]]:
        yield thing, g.DIG[0].render(item=thing, tool=g.tool_text(self.diggers))

    def _where(
        self,
        thing: str,
        rarity: Rarity,
        layer: str,
        biomes: Sequence[str],
        dimension: str,
        *,
        inside: str = "",
        when: str = "",
        height: int | None = None,
    ) -> str:
        here = [name for name in dict.fromkeys(biomes) if self.book.biomes[name].dimension == dimension]
        return g.WHERE[0].render(
            item=thing,
            rarity=rarity.value,
            layer="underground" if layer == "underground" else "on the surface",
            biomes=f"in {g.names_text(here, 'or')}" if here else "in any biome",
            dimension=f" of {dimension}" if dimension != OVERWORLD else "",
            inside=f", inside {inside}" if inside else "",
            when=when,
            height="" if height is None else f", most often at height {height}",
        )

    def _way_there(self, thing: str, dimension: str) -> Iterator[tuple[str, str]]:
        if (portal := self.portals.get(dimension)) is not None:
            yield thing, g.ENTER[0].render(world=dimension, portal=portal)

    def _dimensions(self, biomes: Sequence[str]) -> list[str]:
        """The dimensions of the biomes; what names none is of the overworld."""
        return list(dict.fromkeys(self.book.biomes[name].dimension for name in biomes)) or [OVERWORLD]


def _word(seconds: float) -> Rarity:
    """The rarity of what takes so many seconds to find: of two words, the one whose usual time is nearer by factor."""
    return min(SEARCH, key=lambda rarity: abs(math.log(seconds / SEARCH[rarity])))


def depth(deposit: DepositFact) -> float:
    """What digging adds to the height of the work, as a part of a step in rarity."""
    return 0.2 + (_DIG_LIMIT - _height(deposit)) / 400 if deposit.layer == "underground" else 0.0


def _height(deposit: DepositFact) -> int:
    """The height at which one digs for it: the peak, or the highest that is surely below ground."""
    low, high = deposit.y or (-60, 60)
    best = high if deposit.peak is None else deposit.peak
    return max(low, min(best, high, _DIG_LIMIT))
