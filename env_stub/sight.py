"""What is in sight, what was seen, and names.

On the surface the 13 cells around are in sight (about 32 blocks); underground what tunnels have laid bare within 16 blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from env_stub.answers import Ending, build
from env_stub.game import REACH, Game
from env_stub.map import CELL, Cell, Thing, slab_of
from gitm.types import Code, Seen

#: Offsets of the cells in sight, nearest first.
AROUND = sorted(
    ((dx, dz) for dx in range(-2, 3) for dz in range(-2, 3) if dx * dx + dz * dz <= 4), key=lambda o: (o[0] ** 2 + o[1] ** 2, o)
)
DEEP = 16  # blocks one sees along tunnels
BARE = 3  # blocks of rock that a tunnel lays bare around it
MOST = 24  # kinds of things in one observation
_FIELDS = set(Seen.model_fields)


def look(game: Game) -> list[Cell]:
    """Bring the view up to date with the place; returns the cells never seen before."""
    cx, cz = game.x // CELL, game.z // CELL
    if game.underground or game.view_at == (cx, cz):
        return []
    game.view_at = (cx, cz)
    cell, seen = game.map.cell, game.seen
    game.view = [cell(cx + dx, cz + dz) for dx, dz in AROUND]
    new = [found for found in game.view if (found.cx, found.cz) not in seen]
    for found in new:
        at = (found.cx, found.cz)
        seen.add(at)
        for thing in found.things:
            game.memory.setdefault(thing.name, {})[at] = None
        game.memory.setdefault(found.biome.name, {})[at] = None
    return new


def in_sight(game: Game) -> Iterator[Thing]:
    """Every thing in sight."""
    x, z, tick = game.x, game.z, game.tick
    if game.underground:
        y = game.y
        for thing in game.exposed:
            if thing.left > 0 and abs(thing.x - x) <= DEEP and abs(thing.z - z) <= DEEP and abs(thing.y - y) <= DEEP:
                yield thing
    else:
        night = game.night
        for cell in game.view:
            yield from cell.things
            if night >= 0:
                yield from game.map.night(cell, night)
    for thing in game.extra[game.underground]:
        if abs(thing.x - x) <= 32 and abs(thing.z - z) <= 32 and thing.left > 0 and (thing.kind != "item" or thing.ready > tick):
            yield thing


def nearest(game: Game, names: tuple[str, ...]) -> Thing | None:
    """The nearest thing in sight that goes by one of the names."""
    best, least = None, 1 << 60
    x, y, z = game.x, game.y, game.z
    for thing in in_sight(game):
        if thing.name in names and thing.left > 0:
            away = (thing.x - x) * (thing.x - x) + (thing.z - z) * (thing.z - z) + (thing.y - y) * (thing.y - y)
            if away < least:
                best, least = thing, away
    return best


def distance(game: Game, thing: Thing) -> float:
    """Blocks from here to the thing."""
    dx, dy, dz = thing.x - game.x, thing.y - game.y, thing.z - game.z
    return sqrt(dx * dx + dy * dy + dz * dz)


def station_near(game: Game, name: str) -> Thing | None:
    """A placed or found block of this name within reach."""
    for thing in game.extra[game.underground]:
        if thing.name == name and thing.left > 0 and distance(game, thing) <= REACH:
            return thing
    if name in game.memory:
        found = nearest(game, (name,))
        if found is not None and distance(game, found) <= REACH:
            return found
    return None


def ground(game: Game) -> list[str]:
    """The blocks underfoot, the top one first: without end, for a cell has thousands of them."""
    biome = game.map.cell(game.x // CELL, game.z // CELL).biome
    if game.underground:
        return [game.rules.ground(game.y) or biome.below]
    return [biome.top] if biome.below == biome.top else [biome.top, biome.below]


def lay_bare(game: Game) -> None:
    """See what the rock around hides no longer."""
    x, y, z = game.x, game.y, game.z
    slabs = {slab_of(y - BARE): None, slab_of(y + BARE): None}
    for cx in {(x - BARE) // CELL: None, (x + BARE) // CELL: None}:
        for cz in {(z - BARE) // CELL: None, (z + BARE) // CELL: None}:
            for slab in slabs:
                for thing in game.map.section(cx, cz, slab):
                    if thing.left > 0 and abs(thing.x - x) <= BARE and abs(thing.y - y) <= BARE and abs(thing.z - z) <= BARE:
                        expose(game, thing)


def expose(game: Game, thing: Thing) -> None:
    """From now on it is known and, from near enough, in sight."""
    if thing not in game.exposed:
        game.exposed.append(thing)
        game.changed[thing.name] = None


def resolve(game: Game, name: str, what: str) -> tuple[str, ...]:
    """The names a name stands for; ends the action with UNKNOWN_NAME when there is none."""
    names = game.rules.resolve(name)
    if not names:
        near = game.rules.nearest(name)
        hint = f"; did you mean {near}?" if near else "; look at what is nearby or ask the guides"
        raise Ending(Code.UNKNOWN_NAME, f"no {what} '{name}'{hint}")
    return names


class Nearby:
    """The ``nearby`` of observations, worked out again only for what moved or changed."""

    def __init__(self) -> None:
        self._at: tuple[object, ...] = ()
        self._kinds: dict[str, tuple[int, str, int, int]] = {}  # name -> squared distance, kind, count, y
        self._seen: tuple[Seen, ...] = ()

    def of(self, game: Game) -> tuple[Seen, ...]:
        """One Seen per kind of thing in sight, the nearest first."""
        at = (game.x, game.y, game.z, game.underground, game.night, game.view_at)
        if at != self._at:
            self._at = at
            self._kinds = _survey(game, None)
        elif game.changed:
            for name in game.changed:
                self._kinds.pop(name, None)
            self._kinds.update(_survey(game, game.changed))
        else:
            return self._seen
        game.changed.clear()
        ranked = sorted((away, name, kind, count, y) for name, (away, kind, count, y) in self._kinds.items())
        self._seen = tuple(
            build(Seen, {"name": name, "kind": kind, "count": count, "distance": round(sqrt(away), 1), "y": y}, _FIELDS)
            for away, name, kind, count, y in ranked[:MOST]
        )
        return self._seen


def _survey(game: Game, only: dict[str, None] | None) -> dict[str, tuple[int, str, int, int]]:
    x, y, z = game.x, game.y, game.z
    found: dict[str, tuple[int, str, int, int]] = {}
    for thing in in_sight(game):
        if (only is not None and thing.name not in only) or thing.left <= 0:
            continue
        away = (thing.x - x) * (thing.x - x) + (thing.z - z) * (thing.z - z) + (thing.y - y) * (thing.y - y)
        known = found.get(thing.name)
        if known is None:
            found[thing.name] = (away, thing.kind, thing.left, thing.y)
        elif away < known[0]:
            found[thing.name] = (away, thing.kind, known[2] + thing.left, thing.y)
        else:
            found[thing.name] = (known[0], known[1], known[2] + thing.left, known[3])
    for depth, name in enumerate(ground(game), 1):
        if (only is None or name in only) and (name not in found or found[name][0] > depth * depth):
            found[name] = (depth * depth, "block", 64, y - depth)
    return found
