"""Portals: where they lead, and the way through.

A portal leads from the overworld to the dimension the book names, and from there back. Where one arrives an exit stands, which
leads to where one came from.
"""

from __future__ import annotations

from env_stub.answers import Ending
from env_stub.game import BRIEFLY, REACH, Game
from env_stub.sight import distance, nearest, resolve
from env_stub.tables import OVERWORLD
from env_stub.things import CELL, Thing
from gitm.actions import Enter
from gitm.types import Code

THROUGH = 80  # ticks one stands in it (wiki, "Nether portal")
_SHORE = 40  # cells within which dry land is looked for


def enter(game: Game, action: Enter) -> str:
    """Go through the portal within reach."""
    names = resolve(game, action.portal, "portal")
    portals = game.rules.book.portals
    kinds = tuple(name for name in names if name in portals)
    if not kinds:
        raise Ending(Code.IMPOSSIBLE, f"{action.portal} is no portal: go there on foot")
    portal = _within_reach(game, kinds, action.portal)
    there = leads_to(game, portal.name)
    game.spend(THROUGH, doing=BRIEFLY)
    _cross(game, portal, there)
    return f"you are in the dimension {there}, in the {game.map.cell(game.x // CELL, game.z // CELL).biome.name}"


def leads_to(game: Game, portal: str) -> str:
    """The dimension a portal of that kind leads to from here; ends with WRONG_DIMENSION where it leads nowhere."""
    there, here = game.rules.book.portals[portal], game.map.dimension.name
    if here not in (OVERWORLD, there):
        raise Ending(Code.WRONG_DIMENSION, f"a {portal} leads nowhere from the dimension {here}: go back to the {OVERWORLD} first")
    if there not in game.rules.dimensions:
        raise Ending(Code.IMPOSSIBLE, f"the {portal} leads to {there}, and this world has no biomes there: stay here")
    return there if here == OVERWORLD else OVERWORLD


def know(game: Game, portal: Thing) -> None:
    """Remember a portal for ever."""
    kin = game.portals.setdefault(portal.name, [])
    if portal not in kin:
        kin.append(portal)


def _within_reach(game: Game, kinds: tuple[str, ...], wanted: str) -> Thing:
    found = nearest(game, kinds)
    if found is not None and distance(game, found) <= REACH:
        return found
    known = [thing for kind in kinds for thing in game.portals.get(kind, ())]
    near = min(known, key=lambda thing: distance(game, thing), default=found)
    if near is not None and distance(game, near) <= REACH:
        return near  # at the mouth of a shaft: above the ground while one is below it
    if found is None and not known:
        raise Ending(Code.NOT_FOUND, f"no {wanted} in sight: build one or explore first")
    away = min(distance(game, thing) for thing in (*known, *([found] if found else ())))
    raise Ending(Code.OUT_OF_REACH, f"the nearest {wanted} is {away:.0f} blocks away: approach it first")


def _cross(game: Game, portal: Thing, there: str) -> None:
    """Step out of the other end; make it when this is the first time."""
    know(game, portal)
    game.touch(portal)
    end, at = portal.holds, (game.x, game.z)
    game.move_to(there)
    if not isinstance(end, Thing) or end.left <= 0:
        end = portal.holds = _arrive(game, portal, *at)
    game.x, game.y, game.z = end.x - 1, end.y, end.z
    game.underground, game.shaft = end.deep, None


def _arrive(game: Game, portal: Thing, x: int, z: int) -> Thing:
    """A new exit on dry land at, or near, the same place."""
    cx, cz = _dry(game, x // CELL, z // CELL)
    if (cx, cz) != (x // CELL, z // CELL):
        x, z = cx * CELL + 8, cz * CELL + 8
    game.underground = False
    end = Thing(portal.name, "station", x + 1, game.map.cell(cx, cz).height, z)
    end.holds = portal
    game.add(end)
    game.placed.setdefault(end.name, []).append(end)
    know(game, end)
    return end


def _dry(game: Game, cx: int, cz: int) -> tuple[int, int]:
    """The nearest cell on land, in rings."""
    for radius in range(_SHORE):
        for dx in range(-radius, radius + 1):
            for dz in range(-radius, radius + 1):
                if max(abs(dx), abs(dz)) == radius and not game.map.cell(cx + dx, cz + dz).biome.water:
                    return cx + dx, cz + dz
    return cx, cz
