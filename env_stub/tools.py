"""Which tool to dig with, how long that takes, and what drops."""

from __future__ import annotations

import math
from collections.abc import Iterable

from env_stub.game import Game
from env_stub.rules import PAUSE, Dig, Drop
from gitm.facts import DropFact


def best_tool(game: Game, block: str) -> str | None:
    """The tool held that digs the block fastest among those with which it drops something; plain ones before silk touch.

    None means bare hands: they do as well, or nothing held does.
    """
    inventory = game.inventory
    if game.best_of != inventory.kinds:
        game.best_of, game.best = inventory.kinds, {}
    if block not in game.best:
        game.best[block] = _best_tool(game, block)
    return game.best[block]


def _best_tool(game: Game, block: str) -> str | None:
    rules, best, least = game.rules, None, None
    for name in game.inventory.counts:
        if name in rules.tools and (dig := rules.dig(block, name)).yields:
            rank = (rules.tools[name].silk_touch, dig.ticks, name)
            if least is None or rank < least:
                best, least = name, rank
    bare = rules.dig(block, None)
    return None if bare.yields and (least is None or bare.ticks <= least[1]) else best


def spare_tool(game: Game, block: str) -> str | None:
    """The tool held to dig much of this with: stone before wood before iron before diamond, so that the better ones last."""
    rules = game.rules
    if rules.dig(block, None).yields:
        return best_tool(game, block)
    fitting = [name for name in game.inventory.counts if name in rules.tools and rules.dig(block, name).yields]
    return min(fitting, key=lambda name: (rules.tools[name].tier or 1.5, name), default=None)


def weakest_tool(game: Game, block: str) -> str | None:
    """The name of the most basic tool with which the block drops something; None when bare hands do or nothing does."""
    rules = game.rules
    if rules.dig(block, None).yields:
        return None
    fitting = [(tool.silk_touch, tool.tier, tool.speed, name) for name, tool in rules.tools.items() if rules.dig(block, name).yields]
    return min(fitting)[3] if fitting else rules.blocks[block].tool


def dig_time(game: Game, dig: Dig) -> int:
    """Ticks until a block is dug and the next can be begun."""
    ticks = PAUSE + max(0, dig.ticks)
    return ticks if game.dig_speed == 1 else max(1, math.ceil(ticks / game.dig_speed))


def roll(game: Game, drops: Iterable[Drop | DropFact]) -> None:
    """What drops, by chance, is picked up."""
    for drop in drops:
        if game.rng.chance(drop.chance):
            count = game.rng.between(drop.low, drop.high)
            if count > 0:
                game.gain(drop.item, count)
