"""Which tool digs what, and what then drops."""

from __future__ import annotations

from env_stub.game import Game
from gitm.facts import DropFact


def best_tool(game: Game, block: str) -> str | None:
    """The tool held that digs the block fastest among those with which it drops something; plain ones before silk touch."""
    rules, best, least = game.rules, None, None
    for name in game.inventory.counts:
        if name in rules.tools and drops_with(game, block, name):
            rank = (rules.tools[name].silk_touch, rules.dig(block, name)[0], name)
            if least is None or rank < least:
                best, least = name, rank
    if drops_with(game, block, None):
        bare = rules.dig(block, None)[0]
        if least is None or bare <= least[1]:
            return None
    return best


def spare_tool(game: Game, block: str) -> str | None:
    """The tool held to dig much of this with: stone before wood before iron before diamond, so that the better ones last."""
    rules = game.rules
    if drops_with(game, block, None):
        return best_tool(game, block)
    fitting = [name for name in game.inventory.counts if name in rules.tools and drops_with(game, block, name)]
    return min(fitting, key=lambda name: (rules.tools[name].tier or 1.5, name), default=None)


def drops_with(game: Game, block: str, tool: str | None) -> bool:
    """Whether the block may drop something when dug with this (blocks that never drop anything count as dropping)."""
    ticks, harvests = game.rules.dig(block, tool)
    if ticks < 0 or not harvests:
        return False
    drops = game.rules.blocks[block].drops
    return not drops or any(allowed(game, drop, tool) for drop in drops)


def weakest_tool(game: Game, block: str) -> str | None:
    """The name of the most basic tool with which the block drops something; None when bare hands do or nothing does."""
    fact, rules = game.rules.blocks[block], game.rules
    if drops_with(game, block, None):
        return None
    fitting = [(tool.silk_touch, tool.tier, tool.speed, name) for name, tool in rules.tools.items() if drops_with(game, block, name)]
    if fitting:
        return min(fitting)[3]
    return fact.tool


def roll(game: Game, drops: tuple[DropFact, ...], tool: str | None) -> None:
    """What drops, by chance, is picked up."""
    for drop in drops:
        if allowed(game, drop, tool) and game.rng.chance(drop.chance):
            count = game.rng.between(drop.low, drop.high)
            if count > 0:
                game.gain(drop.item, count)


def allowed(game: Game, drop: DropFact, tool: str | None) -> bool:
    """Whether the tool (None: bare hands) lets this drop happen."""
    if drop.needs == "any":
        return True
    held = game.rules.tools.get(tool) if tool else None
    if drop.needs == "shears":
        return held is not None and held.kind == "shears"
    silk = held is not None and held.silk_touch
    return silk if drop.needs == "silk_touch" else not silk
