"""The dimensions of a book: which biomes lie in each, and what rock is below them.

Coordinates are the same in all of them: who goes through a portal arrives at the x and z where it stands. (Vanilla's nether is an
eighth as wide, which would only shorten ways.)
"""

from __future__ import annotations

from env_stub.tables import OVERWORLD, BiomeTable, is_rock, rock_by_height
from gitm.facts import DepositFact, RuleBook


class Dimension:
    """What never changes about a dimension: its biomes, its lowest height, its rock."""

    __slots__ = ("biomes", "bottom", "least_site", "name", "rock", "wild")

    def __init__(self, name: str, book: RuleBook) -> None:
        self.name = name
        self.wild = name != OVERWORLD  # neither day nor night, and never quite safe
        kin = frozenset(biome for biome, fact in book.biomes.items() if fact.dimension == name)
        here = [deposit for deposit in book.deposits if (not kin.isdisjoint(deposit.biomes) if deposit.biomes else not self.wild)]
        self.bottom = _lowest(here)
        self.rock = rock_by_height([deposit for deposit in here if is_rock(deposit, kin)], self.bottom)
        self.biomes = {biome: BiomeTable(biome, book.biomes[biome], book, kin) for biome in book.biomes if biome in kin}
        self.least_site = min((biome.sites.least for biome in self.biomes.values()), default=0)  # below it no cell has a structure

    def ground(self, y: int) -> str | None:
        """The rock at a height; None where there is none (then the biome's own ground goes all the way down)."""
        rock = self.rock
        return rock[min(max(y - self.bottom, 0), len(rock) - 1)] if rock else None


def dimensions(book: RuleBook) -> dict[str, Dimension]:
    """Every dimension that a biome is of, the overworld first."""
    names = dict.fromkeys([OVERWORLD, *(fact.dimension for fact in book.biomes.values())])
    return {name: Dimension(name, book) for name in names}


def _lowest(deposits: list[DepositFact]) -> int:
    return min([deposit.y[0] for deposit in deposits if deposit.y] + [0])
