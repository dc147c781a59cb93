"""What is in sight, what was seen, and names.

On the surface the 13 cells around are in sight (about 32 blocks); underground what tunnels have laid bare within 16 blocks.
"""

from __future__ import annotations

from math import sqrt

from env_stub.answers import Ending, build
from env_stub.game import REACH, Game
from env_stub.map import CELL, Cell, Thing, Things, slab_of
from gitm.types import Code, Seen

#: Offsets of the cells in sight, nearest first.
AROUND = sorted(
    ((dx, dz) for dx in range(-2, 3) for dz in range(-2, 3) if dx * dx + dz * dz <= 4), key=lambda o: (o[0] ** 2 + o[1] ** 2, o)
)
_BESIDE = [(dx, dz) for dx in (-1, 0, 1) for dz in (-1, 0, 1)]
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
        for name in found.things:
            game.memory.setdefault(name, {})[at] = None
        game.memory.setdefault(found.biome.name, {})[at] = None
    return new


def in_sight(game: Game) -> list[Things]:
    """The things of every cell in sight, by name."""
    if game.underground:
        cx, cz, deep = game.x // CELL, game.z // CELL, game.deep
        return [deep[at] for dx, dz in _BESIDE if (at := (cx + dx, cz + dz)) in deep]
    sheets = [cell.things for cell in game.view]
    night = game.night
    if night >= 0:
        sheets += [game.map.night(cell, night) for cell in game.view]
    return sheets


def reach_of_sight(game: Game) -> int:
    """The squared distance beyond which nothing is seen; on the surface the cells in view are the limit."""
    return DEEP * DEEP if game.underground else 1 << 30


def nearest(game: Game, names: tuple[str, ...]) -> Thing | None:
    """The nearest thing in sight that goes by one of the names."""
    best, least = None, reach_of_sight(game) + 1
    x, y, z = game.x, game.y, game.z
    for things in in_sight(game):
        for name in names:
            for thing in things.get(name, ()):
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
    for thing in game.placed.get(name, ()):
        if thing.deep == game.underground and distance(game, thing) <= REACH:
            return thing
    if name in game.memory or game.underground:
        found = nearest(game, (name,))
        if found is not None and found.kind != "item" and distance(game, found) <= REACH:
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
                for kin in game.map.section(cx, cz, slab).values():
                    for thing in kin:
                        if abs(thing.x - x) <= BARE and abs(thing.y - y) <= BARE and abs(thing.z - z) <= BARE:
                            expose(game, thing)


def expose(game: Game, thing: Thing) -> None:
    """From now on it is known and, from near enough, in sight."""
    kin = game.deep.setdefault((thing.x // CELL, thing.z // CELL), {}).setdefault(thing.name, [])
    if thing not in kin:
        kin.append(thing)
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
        self._ranked: list[tuple[int, str, Seen]] = []
        self._seen: tuple[Seen, ...] = ()

    def of(self, game: Game) -> tuple[Seen, ...]:
        """One Seen per kind of thing in sight, the nearest first."""
        at = (game.x, game.y, game.z, game.underground, game.night, game.view_at)
        if at != self._at:
            self._at = at
            self._ranked = [_rank(name, *found) for name, found in _survey(game).items()]
        elif game.changed:
            self._ranked = [rank for rank in self._ranked if rank[1] not in game.changed]
            self._ranked += [_rank(name, *found) for name in game.changed if (found := _survey_one(game, name)) is not None]
        else:
            return self._seen
        game.changed.clear()
        self._ranked.sort(key=_order)
        kept = self._ranked[:MOST] + [rank for rank in self._ranked[MOST:] if rank[1] in game.wanted]
        self._seen = tuple([seen for _, _, seen in kept])
        return self._seen


def _order(rank: tuple[int, str, Seen]) -> tuple[int, str]:
    return rank[0], rank[1]


def _rank(name: str, away: int, kind: str, count: int, y: int) -> tuple[int, str, Seen]:
    fields = {"name": name, "kind": kind, "count": count, "distance": round(sqrt(away), 1), "y": y}
    return away, name, build(Seen, fields, _FIELDS)


def _survey(game: Game) -> dict[str, tuple[int, str, int, int]]:
    """For every kind in sight: squared distance of the nearest, what it is, how many, its height."""
    names: dict[str, None] = {}
    for things in in_sight(game):
        names.update(dict.fromkeys(things))
    names.update(dict.fromkeys(ground(game)))
    return {name: found for name in names if (found := _survey_one(game, name)) is not None}


def _survey_one(game: Game, name: str) -> tuple[int, str, int, int] | None:
    x, y, z = game.x, game.y, game.z
    limit = reach_of_sight(game)
    least, count, first = limit + 1, 0, None
    for things in in_sight(game):
        for thing in things.get(name, ()):
            away = (thing.x - x) * (thing.x - x) + (thing.z - z) * (thing.z - z) + (thing.y - y) * (thing.y - y)
            if away <= limit:
                count += thing.left
                if away < least:
                    first, least = thing, away
    for depth, block in enumerate(ground(game), 1):
        if block == name and least > depth * depth:
            return depth * depth, "block", count + 64, y - depth
    return (least, first.kind, count, first.y) if first else None
