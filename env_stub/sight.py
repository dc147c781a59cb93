"""What is in sight, what was seen, and names.

On the surface the 13 cells around are in sight (about 32 blocks); underground what tunnels have laid bare within 16 blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from env_stub.answers import Ending
from env_stub.game import REACH, Game
from env_stub.map import Cell, slab_of
from env_stub.structures import NEAR, WIDE, Site, shown
from env_stub.things import CELL, Thing, Things
from env_stub.weather import Sky
from gitm.types import Code

#: Offsets of the cells in sight, nearest first.
AROUND = sorted(
    ((dx, dz) for dx in range(-2, 3) for dz in range(-2, 3) if dx * dx + dz * dz <= 4), key=lambda o: (o[0] ** 2 + o[1] ** 2, o)
)
_BESIDE = [(dx, dz) for dx in (-1, 0, 1) for dz in (-1, 0, 1)]
DEEP = 16  # blocks one sees along tunnels
BARE = 3  # blocks of rock that a tunnel lays bare around it
BARED = 8  # blocks of height in which a second tunnel would lay bare next to nothing new


def look(game: Game) -> None:
    """Bring the view of the surface up to date with the place, and remember what was not seen before."""
    cx, cz = game.x // CELL, game.z // CELL
    if game.underground or game.view_at == (cx, cz):
        return
    game.view_at, game.sheets_at = (cx, cz), None
    game.map.here = (cx, cz)
    cell, seen = game.map.cell, game.seen
    game.view = [cell(cx + dx, cz + dz) for dx, dz in AROUND]
    for found in game.view:
        at = (found.cx, found.cz)
        if at not in seen:
            seen.add(at)
            game.remember(found.names, at)
            game.remember((found.biome.name, *(shown(game.rules, found) if found.sites else ())), at)


def in_sight(game: Game) -> list[Things]:
    """The things of every cell in sight, by name."""
    at = _outlook(game)
    if game.sheets_at == at:
        return game.sheets
    if game.underground:
        cx, cz, _, _ = at
        game.sheets = [game.deep.setdefault((cx + dx, cz + dz), {}) for dx, dz in _BESIDE]
    else:
        look(game)
        game.sheets = [cell.things for cell in game.view]
        if game.night >= 0:
            game.sheets += [game.map.night(cell, game.night) for cell in game.view]
    game.sheets_at = at
    return game.sheets


def _outlook(game: Game) -> tuple[int, int, bool, Sky]:
    """On what it depends which things are in sight."""
    return game.x // CELL, game.z // CELL, game.underground, game.sky


def reach_of_sight(game: Game) -> int:
    """The squared distance beyond which nothing is seen; on the surface the cells in view are the limit."""
    return DEEP * DEEP if game.underground else 1 << 30


def nearest(game: Game, names: tuple[str, ...]) -> Thing | None:
    """The nearest thing in sight that goes by one of the names."""
    at = _outlook(game)
    _, _, underground, sky = at
    if not underground and sky.night < 0 and game.memory.keys().isdisjoint(names):
        return None  # never seen, and nobody comes by day
    best, least = None, reach_of_sight(game) + 1
    x, y, z = game.x, game.y, game.z
    for things in in_sight(game) if underground or game.sheets_at == at else _holding(game, names):
        for name in names:
            for thing in things.get(name, ()):
                dx, dy, dz = thing.x - x, thing.y - y, thing.z - z
                away = dx * dx + dy * dy + dz * dz
                if away < least:
                    best, least = thing, away
    return best


def _holding(game: Game, names: tuple[str, ...]) -> list[Things]:
    """Of what is in sight on the surface the parts with any of the names; so those without need not be made."""
    look(game)
    sheets = [cell.things for cell in game.view if not cell.names.keys().isdisjoint(names)]
    if game.night >= 0:
        sheets += [game.map.night(cell, game.night) for cell in game.view]
    return sheets


def distance(game: Game, thing: Thing) -> float:
    """Blocks from here to the thing."""
    dx, dy, dz = thing.x - game.x, thing.y - game.y, thing.z - game.z
    return sqrt(dx * dx + dy * dy + dz * dz)


def within_reach(game: Game, names: tuple[str, ...], wanted: str) -> Thing:
    """The nearest thing of one of the names; ends with NOT_FOUND or OUT_OF_REACH."""
    found = nearest(game, names)
    if found is None:
        raise Ending(Code.NOT_FOUND, f"no {wanted} in sight: explore first")
    if distance(game, found) > REACH:
        raise Ending(Code.OUT_OF_REACH, f"the nearest {found.name} is {distance(game, found):.0f} blocks away: approach it first")
    return found


def station_near(game: Game, name: str) -> Thing | None:
    """A placed or found block of this name within reach."""
    for thing in game.placed.get(name, ()):
        if thing.deep == game.underground and distance(game, thing) <= REACH:
            return thing
    if name in game.memory or game.underground:
        found = nearest(game, (name,))
        if found is not None and found.kind != "item" and distance(game, found) <= REACH:
            return found
    return None


def ground(game: Game) -> list[str]:
    """The blocks underfoot, the top one first: without end, for a cell has thousands of them. The list is shared."""
    biome = game.map.cell(game.x // CELL, game.z // CELL).biome
    if game.underground:
        return [game.map.dimension.ground(game.y) or biome.below]
    return biome.ground


def lay_bare(game: Game) -> bool:
    """See what the rock around hides no longer; returns whether a structure came to light."""
    x, y, z = game.x, game.y, game.z
    slabs = {slab_of(y - BARE): None, slab_of(y + BARE): None}
    for cx in {(x - BARE) // CELL: None, (x + BARE) // CELL: None}:
        for cz in {(z - BARE) // CELL: None, (z + BARE) // CELL: None}:
            for slab in slabs:
                for kin in game.map.section(cx, cz, slab).values():
                    for thing in kin:
                        if abs(thing.x - x) <= BARE and abs(thing.y - y) <= BARE and abs(thing.z - z) <= BARE:
                            expose(game, thing)
    at = (x // CELL, z // CELL, y // 4)
    if at == game.bared_at:
        return False
    game.bared_at = at
    game.tunnels.add((x // CELL, z // CELL, y // BARED))
    return _find_structures(game)


def _find_structures(game: Game) -> bool:
    found = False
    for cell, site in structures_in_sight(game):
        if site.y is None or not game.underground:
            continue
        things = game.map.section(cell.cx, cell.cz, slab_of(site.y))
        for content in game.rules.book.structures[site.name].holds:
            for thing in things.get(content.name, ()):
                if thing.y == site.y:
                    found |= expose(game, thing)
    return found


def structures_in_sight(game: Game) -> Iterator[tuple[Cell, Site]]:
    """Those of the cells in view on this side of the ground, nearest first; tunnels show what lies at about their height."""
    if not game.underground:
        look(game)
        yield from ((cell, site) for cell in game.view for site in cell.sites)
        return
    cx, cz = game.x // CELL, game.z // CELL
    for dx, dz in WIDE:
        cell = game.map.cell(cx + dx, cz + dz)
        yield from ((cell, site) for site in cell.sites if site.y is not None and abs(site.y - game.y) <= NEAR)


def expose(game: Game, thing: Thing) -> bool:
    """From now on it is known and, from near enough, in sight; returns whether it was not before."""
    kin = game.deep.setdefault((thing.x // CELL, thing.z // CELL), {}).setdefault(thing.name, [])
    if thing in kin:
        return False
    kin.append(thing)
    game.changed[thing.name] = None
    return True


def resolve(game: Game, name: str, what: str) -> tuple[str, ...]:
    """The names a name stands for; ends the action with UNKNOWN_NAME when there is none."""
    names = game.rules.resolved.get(name) or game.rules.resolve(name)
    if not names:
        near = game.rules.nearest(name)
        hint = f"; did you mean {near}?" if near else "; look at what is nearby or ask the guides"
        raise Ending(Code.UNKNOWN_NAME, f"no {what} '{name}'{hint}")
    return names
