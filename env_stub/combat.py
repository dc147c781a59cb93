"""Fighting: swings, what they cost, what the dead leave."""

from __future__ import annotations

from env_stub.answers import Ending, a, amounts, gains
from env_stub.digging import FAR
from env_stub.game import FIGHTING, Game
from env_stub.sight import distance, look, nearest, resolve, within_reach
from env_stub.things import CELL, Thing
from env_stub.tools import roll
from env_stub.travel import go_to
from gitm.actions import Attack
from gitm.types import Code

COOLDOWN = 12  # ticks between two full swings (wiki, "Attack speed" 1.6)
WEAK = 8  # health with which nobody begins another fight
CHASE = 10  # ticks lost with an animal that runs, after each blow


def attack(game: Game, action: Attack) -> str:
    """Fight ``count`` mobs of the kind, the first within reach."""
    names = tuple(name for name in resolve(game, action.object, "mob") if name in game.rules.mobs)
    if not names:
        raise Ending(Code.IMPOSSIBLE, f"{action.object} is no mob: mine it if it is a block")
    if action.tool is not None:
        (tool, *_) = resolve(game, action.tool, "item")
        if not game.inventory.count(tool):
            raise Ending(Code.MISSING_TOOL, f"you do not hold {a(tool)}: obtain it or name another tool", {tool: 1})
    look(game)
    mob = within_reach(game, names, action.object)
    end = game.tick + action.limit
    for killed in range(action.count):
        if killed:
            if game.health <= WEAK:
                raise Ending(
                    Code.PARTIAL, f"killed {killed} of {action.count} {action.object}: you are badly hurt, eat or rest before the next"
                )
            other = nearest(game, names)
            if other is None or distance(game, other) > FAR:
                raise Ending(Code.PARTIAL, f"killed {killed} of {action.count} {action.object}: no more in sight, explore for the rest")
            mob = other
            go_to(game, mob)
        _fight(game, mob, action.tool, end, killed)
    return f"killed {action.count} {action.object} and picked up {amounts(gains(game))}"


def best_weapon(game: Game) -> str | None:
    """What hits hardest of what is held; None: the fist."""
    items = game.rules.items
    armed = [(-items[name].damage, name) for name in game.inventory.counts if name in game.rules.tools and items[name].damage > 1]
    return min(armed)[1] if armed else None


def come_back(game: Game) -> None:
    """Mobs that a structure brings forth again, and blocks that rested, are there when they are due."""
    for due, thing in tuple(game.returning):
        if due <= game.tick:
            game.returning.remove((due, thing))
            game.add_back(thing)


def _replace(game: Game, mob: Thing) -> None:
    """Another one for a mob that was killed, when the structure it lived in brings it forth."""
    cell = game.map.cell(mob.x // CELL, mob.z // CELL)
    for site in cell.sites:
        for content in game.rules.book.structures[site.name].holds:
            if content.name == mob.name and content.respawn:
                other = Thing(mob.name, mob.kind, mob.x, mob.y, mob.z)
                other.deep, other.health = mob.deep, game.rules.mobs[mob.name].health
                game.returning.append((game.tick + content.respawn, other))
                return


def _fight(game: Game, mob: Thing, tool: str | None, end: int, killed: int) -> None:
    """Swing until it is dead; raises when time is up first."""
    fact = game.rules.mobs[mob.name]
    if fact.hostile:
        game.engage(mob)
    game.touch(mob)
    while mob.health > 0:
        if game.tick >= end:
            raise Ending(Code.PARTIAL if killed else Code.TIMEOUT, f"{mob.name} still lives: attack it again")
        weapon = tool if tool is not None and game.inventory.count(tool) else best_weapon(game)
        game.hand = weapon if weapon is not None else game.hand
        mob.health -= game.rules.items[weapon].damage if weapon else 1.0
        if weapon:
            game.use_up(weapon, 1 if game.rules.tools[weapon].kind == "sword" else 2) if weapon in game.rules.tools else None
        game.spend(COOLDOWN + (0 if fact.hostile else CHASE), 0.1, FIGHTING)
    game.forget(mob)
    _replace(game, mob)
    game.experience += fact.experience
    roll(game, fact.drops)
