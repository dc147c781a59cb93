"""Blueprints: blocks of the inventory set up as a portal, or called to life as a mob."""

from __future__ import annotations

from env_stub.answers import Ending, a, amounts
from env_stub.crafting import materials_for
from env_stub.game import BRIEFLY, REACH, Game
from env_stub.plants import put
from env_stub.portals import know, leads_to
from env_stub.rules import Blueprint
from env_stub.sight import distance, nearest, resolve
from env_stub.things import Thing
from gitm.actions import Build
from gitm.types import Code

LAYING = 8  # ticks to lay one block: as a player with a steady hand


def build(game: Game, action: Build) -> str:
    """Set the blueprint up here, or at the block it needs."""
    name = resolve(game, action.blueprint, "blueprint")[0]
    blueprints = game.rules.builds.get(name)
    if not blueprints:
        raise Ending(Code.IMPOSSIBLE, f"no blueprint makes {name}: place the blocks one by one, or obtain it in another way")
    if name in game.rules.book.portals:
        leads_to(game, name)
    blueprint, used = _choose(game, blueprints)
    tool = _tool(game, blueprint)
    ground = _ground(game, blueprint)
    game.spend(LAYING * sum(used.values()), doing=BRIEFLY)
    for item, count in used.items():
        game.inventory.remove(item, count)
    game.use_up(tool)
    _stand(game, name, ground)
    return f"built {a(name)} from {amounts(used)}"


def _choose(game: Game, blueprints: list[Blueprint]) -> tuple[Blueprint, dict[str, int]]:
    """The first blueprint for which everything is held, and what it takes; otherwise ends with what the first one lacks."""
    lacks: list[dict[str, int]] = []
    for blueprint in blueprints:
        used, missing = materials_for(game, blueprint.recipe, 1)
        if not missing:
            return blueprint, used
        lacks.append(missing)
    recipe = blueprints[0].recipe
    needed = amounts({part: count for part, count, _ in recipe.parts})
    message = f"{recipe.item} needs {needed}; you lack {amounts(lacks[0])}: obtain that first"
    raise Ending(Code.MISSING_MATERIAL, message, lacks[0])


def _tool(game: Game, blueprint: Blueprint) -> str | None:
    tools = blueprint.fact.tools
    held = next((tool for tool in tools if game.inventory.count(tool)), None)
    if tools and held is None:
        raise Ending(Code.MISSING_TOOL, f"needs {a(tools[0])} to finish the {blueprint.fact.makes}: obtain one first", {tools[0]: 1})
    return held


def _ground(game: Game, blueprint: Blueprint) -> Thing | None:
    """The block that is turned into it."""
    on = blueprint.fact.on
    if on is None:
        return None
    thing = nearest(game, (on,))
    if thing is None:
        raise Ending(Code.NOT_FOUND, f"{a(blueprint.fact.makes)} is built on {a(on)}, and none is in sight: explore first")
    if distance(game, thing) > REACH:
        raise Ending(Code.OUT_OF_REACH, f"the nearest {on} is {distance(game, thing):.0f} blocks away: approach it first")
    return thing


def _stand(game: Game, name: str, ground: Thing | None) -> None:
    """It stands, or lives."""
    if ground is not None:
        game.remove(ground)
    if name in game.rules.mobs:
        mob = game.summon(name)
        if game.rules.mobs[name].hostile:
            game.engage(mob)
        return
    made = put(game, name)
    made.kind = "station"
    if name in game.rules.book.portals:
        know(game, made)
