"""How hard a block is to find, in words, worked out from the deposits and the shares of the biomes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

#: A walk sees some 16 cells before it grows long: the chance that 16 cells of a random place hold one is what the words mean.
CELLS = 16
SURFACE = ((0.25, "common"), (0.06, "uncommon"), (0.012, "rare"))
#: Underground: clusters within reach of a tunnel at the best height (about 10 levels) in an average cell.
LEVELS = 10
UNDERGROUND = ((0.5, "common"), (0.27, "uncommon"), (0.02, "rare"))


def with_rarity(deposits: list[dict[str, Any]], biomes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The deposits, each with the rarity of its block in its layer; all deposits of a block and layer count together."""
    total = sum(biome["weight"] for biome in biomes.values())
    score: dict[tuple[str, str], float] = defaultdict(float)
    for deposit in deposits:
        share = sum(biomes[name]["weight"] for name in deposit.get("biomes") or biomes) / total
        score[_key(deposit)] += share * _chance(deposit)
    words = {key: _word(value, SURFACE if key[1] == "surface" else UNDERGROUND) for key, value in score.items()}
    return [{**deposit, "rarity": words[_key(deposit)]} for deposit in deposits]


def _key(deposit: Mapping[str, Any]) -> tuple[str, str]:
    return deposit["block"], deposit.get("layer", "surface")


def _chance(deposit: Mapping[str, Any]) -> float:
    if deposit.get("layer") != "underground":
        return 1 - math.exp(-deposit["per_cell"] * CELLS)
    low, high = deposit["y"]
    best = 2 if "peak" in deposit else 1  # a triangle is twice as high at its peak as it is on average
    return float(deposit["per_cell"] * min(1.0, best * LEVELS / (high - low + 1)))


def _word(value: float, steps: tuple[tuple[float, str], ...]) -> str:
    return next((word for least, word in steps if value >= least), "very rare")
