"""How hard a block is to find, in words, worked out from the deposits and the shares of the biomes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

#: A walk sees some 16 cells before it grows long: the chance that 16 cells of a random place hold one is what the words mean.
CELLS = 16
SURFACE = ((0.25, "common"), (0.06, "uncommon"), (0.012, "rare"))
#: Underground: blocks of it in the 10 levels round the best height of an average cell. Gold and lapis are uncommon, diamonds rare.
LEVELS = 10
UNDERGROUND = ((8.0, "common"), (2.5, "uncommon"), (0.3, "rare"))


def with_rarity(deposits: list[dict[str, Any]], biomes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The deposits, each with its rarity in its own dimension.

    On the surface all deposits of a block count together: one walks on to the next biome. Underground each counts for itself, as
    one digs at one height.
    """
    shares = [_share(deposit, biomes) for deposit in deposits]
    surface: dict[str, float] = defaultdict(float)
    for deposit, share in zip(deposits, shares, strict=True):
        if not _underground(deposit):
            surface[deposit["block"]] += share * (1 - math.exp(-deposit["per_cell"] * CELLS))
    rated = []
    for deposit, share in zip(deposits, shares, strict=True):
        word = _word(share * _at_best(deposit), UNDERGROUND) if _underground(deposit) else _word(surface[deposit["block"]], SURFACE)
        rated.append({**deposit, "rarity": word})
    return rated


def _share(deposit: Mapping[str, Any], biomes: Mapping[str, Mapping[str, Any]]) -> float:
    """The part of its dimension that its biomes are; what names none is of the overworld, and everywhere in it."""
    named = deposit.get("biomes") or [name for name, biome in biomes.items() if _dimension(biome) == "overworld"]
    dimension = _dimension(biomes[named[0]])
    total = sum(biome["weight"] for biome in biomes.values() if _dimension(biome) == dimension)
    return float(sum(biomes[name]["weight"] for name in named) / total)


def _dimension(biome: Mapping[str, Any]) -> str:
    return str(biome.get("dimension", "overworld"))


def _underground(deposit: Mapping[str, Any]) -> bool:
    return deposit.get("layer") == "underground"


def _at_best(deposit: Mapping[str, Any]) -> float:
    """Blocks in the levels round the best height of a cell in one of the deposit's biomes."""
    low, high = deposit["y"]
    steep = 2 if "peak" in deposit else 1  # a triangle is twice as high at its peak as it is on average
    size = (deposit.get("low", 1) + deposit.get("high", deposit.get("low", 1))) / 2
    return float(deposit["per_cell"] * size * min(1.0, steep * LEVELS / (high - low + 1)))


def _word(value: float, steps: tuple[tuple[float, str], ...]) -> str:
    return next((word for least, word in steps if value >= least), "very rare")
