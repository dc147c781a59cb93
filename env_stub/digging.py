"""Digging: which tool, how long, what drops; the action ``mine``."""

from __future__ import annotations

from env_stub.answers import Ending, a, amounts, gains
from env_stub.game import REACH, Game
from env_stub.inventory import Inventory
from env_stub.plants import Growing, put
from env_stub.rules import Dig
from env_stub.sight import distance, ground, look, nearest, resolve, station_near
from env_stub.things import Thing
from env_stub.tools import best_tool, dig_time, roll, weakest_tool
from env_stub.travel import go_to
from gitm.actions import Mine
from gitm.types import Code

FAR = 16.0  # blocks within which mining goes on to the next of its kind


def mine(game: Game, action: Mine) -> str:
    """Dig up to ``count`` blocks of the kind, the first within reach."""
    wanted, count, rules = action.object, action.count, game.rules
    names = resolve(game, wanted, "block")
    blocks = names if names[0] in rules.blocks else tuple([name for name in names if name in rules.blocks])
    if not blocks:
        raise Ending(Code.IMPOSSIBLE, _no_block(game, names[0]))
    look(game)
    thing = _first(game, blocks, wanted)
    block = thing.name if thing else next(filter(blocks.__contains__, ground(game)))
    named = _check_tool(game, block, action.tool)
    mined = 0
    end = game.tick + action.limit
    while mined < count:
        tool = named if named in game.inventory.counts else best_tool(game, block)
        dig = rules.dig(block, tool)
        problem = _stop(game, block, named, tool, dig, end)
        if problem is not None:
            if mined == 0:
                raise problem
            raise Ending(Code.PARTIAL, f"mined {mined} of {count} {block}: {problem.message}", problem.missing)
        _dig_one(game, thing, tool, dig)
        mined += 1
        if thing is not None and thing.left <= 0 and mined < count:
            thing = _another(game, blocks)
            if thing is None and block not in ground(game):
                raise Ending(Code.PARTIAL, f"mined {mined} of {count} {block}: no more of it in sight, explore for the rest")
            if thing is not None:
                go_to(game, thing)
                block = thing.name
    return f"mined {mined} {block} and picked up {amounts(gains(game))}"


def _first(game: Game, blocks: tuple[str, ...], wanted: str) -> Thing | None:
    """The first one to dig; None when it is the ground."""
    for name in blocks:  # what the agent put down itself comes first: few things, quickly looked through
        if name in game.placed and (found := station_near(game, name)) is not None:
            return found
    for name in ground(game):
        if name in blocks:
            return None
    thing = nearest(game, blocks)
    if thing is not None and distance(game, thing) <= REACH:
        return thing
    if thing is None:
        raise Ending(Code.NOT_FOUND, f"no {wanted} in sight: explore first")
    raise Ending(Code.OUT_OF_REACH, f"the nearest {thing.name} is {distance(game, thing):.0f} blocks away: approach it first")


def _check_tool(game: Game, block: str, tool: str | None) -> str | None:
    """The tool meant; refuses one that is unknown or not held, or with which nothing would drop."""
    if game.rules.dig(block, None).ticks < 0:
        liquid = game.rules.blocks[block].liquid
        raise Ending(Code.IMPOSSIBLE, f"{block} is a liquid: apply a bucket on it" if liquid else f"{block} cannot be broken")
    if tool is not None:
        (tool, *_) = resolve(game, tool, "item")
        if not game.inventory.count(tool):
            raise Ending(Code.MISSING_TOOL, f"you do not hold {a(tool)}: obtain it or name another tool", {tool: 1})
    chosen = tool or best_tool(game, block)
    if game.rules.dig(block, chosen).yields:
        return tool
    fact, needed = game.rules.blocks[block], weakest_tool(game, block) or "tool"
    held = tool or game.hand or _any_tool(game) or "nothing fit for it"
    thing = fact.drops[0].item if fact.drops else block
    better = " or better" if needed in game.rules.tools and game.rules.tools[needed].kind == fact.tool else ""
    missing = {needed: 1} if needed in game.rules.items else {}
    raise Ending(Code.MISSING_TOOL, f"needs {a(needed)}{better} to drop {thing}; you hold {held}", missing)


def _any_tool(game: Game) -> str | None:
    return next((name for name in game.inventory.counts if name in game.rules.tools), None)


def _stop(game: Game, block: str, named: str | None, tool: str | None, dig: Dig, end: int) -> Ending | None:
    """Why the next block cannot be dug."""
    if game.tick >= end:
        return Ending(Code.TIMEOUT, "time is up, mine again for the rest")
    if named is not None and tool != named and (tool is None or game.rules.tools[tool] != game.rules.tools.get(named)):
        return Ending(Code.MISSING_TOOL, f"your {named} broke, make another", {named: 1})
    if not dig.yields:
        needed = weakest_tool(game, block) or "tool"
        return Ending(Code.MISSING_TOOL, f"your tool broke, make {needed} again", {needed: 1} if needed in game.rules.items else {})
    room = game.inventory.room
    for drop in dig.drops:
        if room(drop.item):
            return None
    if dig.drops:
        return Ending(Code.INVENTORY_FULL, f"no room for {dig.drops[0].item}: drop or store something first")
    return None


def _dig_one(game: Game, thing: Thing | None, tool: str | None, dig: Dig) -> None:
    """Dig one block and pick up what it drops."""
    if tool is not None:
        game.hand = tool
    game.spend(dig_time(game, dig), 0.005)
    if tool is not None and dig.wears:
        game.use_up(tool)
    if thing is not None:
        take_away(game, thing)
    roll(game, dig.drops)
    game.experience += dig.experience
    if thing is not None and thing.holds is not None:
        spill(game, thing)


def take_away(game: Game, thing: Thing, count: int = 1) -> None:
    """So many of the thing's blocks are gone; when the last is, so is the thing."""
    thing.left -= count
    game.touch(thing)
    game.changed[thing.name] = None
    if thing.left <= 0:
        game.remove(thing)


def spill(game: Game, thing: Thing) -> None:
    """A broken chest gives back what it held, a harvested plant its soil."""
    if isinstance(thing.holds, Growing) and thing.holds.soil is not None:
        put(game, thing.holds.soil)
    if isinstance(thing.holds, Inventory):
        for name, count, wear in thing.holds.clear():
            game.gain(name, count, wear)


def _another(game: Game, blocks: tuple[str, ...]) -> Thing | None:
    thing = nearest(game, blocks)
    return thing if thing is not None and distance(game, thing) <= FAR else None


def _no_block(game: Game, name: str) -> str:
    if name in game.rules.mobs:
        return f"{name} is a mob: attack it"
    if name in game.rules.book.biomes:
        return f"{name} is a biome: explore it and mine what is there"
    if name in game.rules.book.structures:
        return f"{name} is a structure: explore it and mine what it holds"
    return f"{name} is an item, not a block: mine a block that drops it"
