"""Walking: explore and approach on the surface.

4.317 blocks a second (wiki, "Walking"), half of that through water. Exploring goes to the nearest cell not yet seen and from there
on straight ahead over unseen land, around open water when the thing is not to be found in water, and rather on in a biome where it is
at home than out of that: with cells in sight for
32 blocks to both sides a straight walk shows more new land a step than closed rings do, and reaches other biomes sooner.
"""

from __future__ import annotations

from collections.abc import Mapping

from env_stub.answers import Ending
from env_stub.game import MOVING, Game
from env_stub.map import Cell
from env_stub.sight import distance, ground, lay_bare, look, nearest, resolve, structures_in_sight
from env_stub.structures import AFAR, buildings, middle, way_down
from env_stub.tables import OVERWORLD
from env_stub.things import CELL, Thing
from env_stub.tunnel import explore_under, go_up, tunnel_to
from gitm.actions import Approach, Explore, GoUp
from gitm.types import Code

#: Ticks for a hundred blocks: 20 / 4.317 a block.
PACE = 463
CLOSE = 2.0  # an approach is done when closer than this


def explore(game: Game, action: Explore) -> str:
    """Walk or tunnel until the object is in sight."""
    names = resolve(game, action.object, "block or mob")
    if (portal := _known_portal(game, names)) is not None and nearest(game, names) is None:
        return f"{portal.name} is in sight again after {_return_to(game, portal, game.tick + action.limit)} blocks"
    under = action.strategy == "underground" or (action.strategy == "auto" and game.underground)
    if under and not game.underground:
        raise Ending(Code.NO_PATH, "you are on the surface: dig_down to a height first, then explore underground")
    if not under and game.underground:
        raise Ending(Code.NO_PATH, "you are underground: go_up first, then explore the surface")
    game.wanted = names
    game.changed.update(dict.fromkeys(names))
    look(game)
    _check_dimension(game, action.object, names)
    found = sighted(game, names)
    if found:
        return f"{found} is in sight"
    if under:
        return explore_under(game, names, action.limit)
    return _explore_surface(game, action.object, names, action.limit)


def approach(game: Game, action: Approach) -> str:
    """Go within reach of the nearest one in sight."""
    names = resolve(game, action.object, "block or mob")
    for name in ground(game):
        if name in names:
            return f"{name} is under your feet"
    look(game)
    thing = nearest(game, names)
    if thing is None:
        if (portal := _known_portal(game, names)) is not None:
            return f"{portal.name} is within reach after {_return_to(game, portal, game.tick + action.limit)} blocks"
        place = _place_in_view(game, names)
        if place is None:
            raise Ending(Code.NOT_FOUND, f"no {action.object} in sight: explore first")
        _go_to_place(game, place)
        return f"you are in the {place.name}"
    blocks = go_to(game, thing)
    return f"{thing.name} is within reach after {blocks} blocks"


def go_to(game: Game, thing: Thing) -> int:
    """Get closer than 2 to a thing in sight; returns the blocks gone."""
    away = distance(game, thing)
    if away < CLOSE:
        return 0
    if game.underground:
        return tunnel_to(game, thing)
    x = thing.x + (1 if game.x > thing.x else -1 if game.x < thing.x else 0)
    z = thing.z if game.x != thing.x else thing.z + (1 if game.z > thing.z else -1)
    blocks = walk(game, x, z)
    game.y = thing.y
    return blocks


def _known_portal(game: Game, names: tuple[str, ...]) -> Thing | None:
    """The nearest portal of this dimension that one knows of."""
    portals = game.portals
    known = [thing for name in names for thing in portals.get(name, ())] if portals else []
    return min(known, key=lambda thing: distance(game, thing), default=None)


def _return_to(game: Game, portal: Thing, end: int) -> int:
    """Go back to a portal out of sight: up, over the surface, and down again when it stands below; returns the blocks gone."""
    if game.underground:
        go_up(game, GoUp())
    x, z = portal.x - 1, portal.z
    gone = walk(game, x, z, end)
    if (game.x, game.z) != (x, z):
        raise Ending(Code.TIMEOUT, f"{portal.name} is {distance(game, portal):.0f} blocks away after {gone} blocks: approach it again")
    game.y = game.y if portal.deep else portal.y
    return gone + (_climb_down(game, portal) if portal.deep else 0)


def _check_dimension(game: Game, wanted: str, names: tuple[str, ...]) -> None:
    """A biome or structure of another dimension is not looked for in this one."""
    if game.rules.places.keys().isdisjoint(names):
        return
    book = game.rules.book
    homes: list[tuple[str, ...]] = [(name,) for name in names if name in book.biomes]
    homes += [book.structures[name].biomes for name in names if name in book.structures]
    there = {book.biomes[biome].dimension for biomes in homes for biome in biomes} | {OVERWORLD for biomes in homes if not biomes}
    if there and game.map.dimension.name not in there:
        what = "biome" if names[0] in book.biomes else "structure"
        raise Ending(Code.WRONG_DIMENSION, f"{wanted} is a {what} of the dimension {min(there)}: go there first")


def walk(game: Game, x: int, z: int, end: int | None = None) -> int:
    """Walk over the surface to (x, z), a cell's width at a time, until the tick ``end`` at most; returns the blocks gone."""
    gone = 0
    while (game.x, game.z) != (x, z) and (end is None or game.tick < end):
        dx, dz = x - game.x, z - game.z
        whole = int((dx * dx + dz * dz) ** 0.5 + 0.999)
        step = min(whole, CELL)
        game.x, game.z = (x, z) if step == whole else (game.x + dx * step // whole, game.z + dz * step // whole)
        cell = game.map.cell(game.x // CELL, game.z // CELL)
        game.y = cell.height
        gone += step
        look(game)
        game.shake_off()
        ticks = -(-step * PACE // 100) * (2 if cell.biome.water else 1)
        game.spend(ticks, 0.01 * step, MOVING)
    return gone


def sighted(game: Game, names: tuple[str, ...]) -> str | None:
    """The name of the one in sight, if any: a thing, the ground, a biome."""
    for name in ground(game):
        if name in names:
            return name
    thing = nearest(game, names)
    if thing is not None:
        return thing.name
    place = _place_in_view(game, names)
    return place.name if place and place.deep == game.underground else None


def _place_in_view(game: Game, names: tuple[str, ...]) -> Thing | None:
    """The nearest biome or structure of that name in view, as something to go to."""
    if game.rules.places.keys().isdisjoint(names):
        return None
    if not game.underground:
        for cell in game.view:
            if cell.biome.name in names:
                return Thing(cell.biome.name, "block", cell.cx * CELL + 8, cell.height, cell.cz * CELL + 8)
    return next((middle(cell, site) for cell, site in structures_in_sight(game) if site.name in names), None)


def _go_to_place(game: Game, place: Thing) -> int:
    """Go to the middle of it, which may be below the ground; returns the blocks gone."""
    if game.underground:
        return tunnel_to(game, place)
    gone = walk(game, place.x, place.z)
    return gone + (_climb_down(game, place) if place.deep else 0)


def _explore_surface(game: Game, wanted: str, names: tuple[str, ...], limit: int) -> str:
    end = game.tick + limit
    afar, homes = buildings(game.rules, names), _homes(game, names)
    gone = _walk_back(game, names, limit)
    while game.tick < end:
        if found := sighted(game, names):
            return f"{found} is in sight after {gone} blocks"
        for cell in game.view:
            if cell.sites and (site := way_down(game.map, cell, names)) is not None:
                gone += _go_to_place(game, middle(cell, site))
                return f"{sighted(game, names) or site.name} is in sight down there, after {gone} blocks"
        cx, cz = _building_afar(game, afar) or _next_cell(game, homes)
        gone += walk(game, cx * CELL + 8, cz * CELL + 8)
    if found := sighted(game, names):
        return f"{found} is in sight after {gone} blocks"
    raise Ending(Code.NOT_FOUND, f"no {wanted} in sight after {gone} blocks on the surface: explore further, or look elsewhere")


def _walk_back(game: Game, names: tuple[str, ...], limit: int) -> int:
    """Walk to where one was seen before and is still to be had; returns the blocks gone."""
    reach = limit * 100 // PACE
    game.decay()
    lost = [thing for thing in game.lying if thing.name in names and distance(game, thing) < reach]
    if lost:
        thing = min(lost, key=lambda thing: distance(game, thing))
        return walk(game, thing.x, thing.z) + (_climb_down(game, thing) if thing.deep else 0)
    best, least = None, reach * reach
    for name in names:
        for cx, cz in tuple(game.memory.get(name, ())):
            away = (cx * CELL + 8 - game.x) ** 2 + (cz * CELL + 8 - game.z) ** 2
            if away < least:
                cell = game.map.cell(cx, cz)
                if cell.biome.name == name or name in cell.names or _is_at(game, cell, name):
                    best, least = cell, away
                else:
                    del game.memory[name][cx, cz]
    return walk(game, best.cx * CELL + 8, best.cz * CELL + 8) if best else 0


def _is_at(game: Game, cell: Cell, name: str) -> bool:
    """Whether a structure of the cell is that, or still holds it below."""
    return bool(cell.sites) and (any(site.name == name for site in cell.sites) or way_down(game.map, cell, (name,)) is not None)


def _climb_down(game: Game, thing: Thing) -> int:
    """Go down the old shaft to something left there."""
    shaft = (game.x, game.y, game.z)
    depth = abs(game.y - thing.y)
    game.shaft, game.underground, game.y = shaft, True, thing.y
    lay_bare(game)
    game.spend(-(-depth * PACE // 100), 0.01 * depth, MOVING)
    return depth


def _building_afar(game: Game, wanted: frozenset[str]) -> tuple[int, int] | None:
    """The nearest cell not yet seen in which such a structure shows from here."""
    if not wanted:
        return None
    cx, cz = game.x // CELL, game.z // CELL
    around = [(dx, dz) for dx in (-1, 0, 1) for dz in (-1, 0, 1)]
    found = [
        ((x - cx) ** 2 + (z - cz) ** 2, x, z)
        for dx, dz in around
        for x, z, names in game.map.far(cx // AFAR + dx, cz // AFAR + dz)
        if not wanted.isdisjoint(names) and (x, z) not in game.seen
    ]
    away, x, z = min(found, default=(AFAR * AFAR + 1, 0, 0))
    return (x, z) if away <= AFAR * AFAR else None


def _next_cell(game: Game, homes: Mapping[str, bool]) -> tuple[int, int]:
    """The next cell to walk to: straight on where it is new, and rather into a biome where what is wanted is at home than out of it."""
    cx, cz = game.x // CELL, game.z // CELL
    hx, hz = game.heading
    ahead = [(dx, dz, (cx + 3 * dx, cz + 3 * dz)) for dx, dz in ((hx, hz), (-hz, hx), (hz, -hx), (-hx, -hz))]
    new = [(dx, dz, game.map.biome(*at)) for dx, dz, at in ahead if at not in game.seen]
    wet = any(homes.values())
    for dx, dz, _ in sorted(new, key=lambda way: (way[2].name not in homes, way[2].water and not wet)):
        game.heading = (dx, dz)
        return cx + dx, cz + dz
    for radius in range(3, 200):
        for offset in range(-radius, radius + 1):
            for at in ((cx + radius, cz + offset), (cx - radius, cz + offset), (cx + offset, cz + radius), (cx + offset, cz - radius)):
                if at not in game.seen:
                    return at
    return cx + hx, cz + hz


def _homes(game: Game, names: tuple[str, ...]) -> dict[str, bool]:
    """The biomes of this dimension where one of them is at home, and whether that is water."""
    structures, found = game.rules.book.structures, {}
    for biome in game.map.dimension.biomes.values():
        there = {biome.name, *biome.ground, *(entry.name for entry in (*biome.surface.entries, *biome.night.entries, *biome.sites.entries))}
        there.update(content.name for site in biome.sites.entries for content in structures[site.name].holds)
        if not there.isdisjoint(names):
            found[biome.name] = biome.water
    return found
