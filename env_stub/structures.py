"""Structures: where the seed put them and what they hold.

Blocks of a kind are one cluster, mobs single ones. Whoever explores for one, or for what it may hold, sees buildings from eight
cells away (128 blocks). Those below the ground show from above (a cave, a ravine, stairs) when one passes by, and one goes down
into them; tunnels come upon those within three cells, for that is about how wide they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from env_stub.rng import Rng, key, row
from env_stub.rules import Rules
from env_stub.tables import SLAB
from env_stub.things import CELL, Thing, Things

if TYPE_CHECKING:
    from env_stub.map import Cell, Map

NEAR = 16  # blocks of height from which a tunnel finds one
WIDE = sorted(((dx, dz) for dx in range(-3, 4) for dz in range(-3, 4) if dx * dx + dz * dz <= 9), key=lambda o: (o[0] ** 2 + o[1] ** 2, o))
AFAR = 8  # cells
_SALT, _MOST, _ABOVE_BEDROCK = 4, 2, 5


class Site(NamedTuple):
    """A structure in a cell; ``y`` is its height when it is below the ground."""

    name: str
    y: int | None
    seed: int


Far = tuple[tuple[int, int, tuple[str, ...]], ...]  # cells with the names of their structures


def sites(world: Map, cx: int, cz: int) -> tuple[Site, ...]:
    """The structures of a cell, by the seed alone."""
    seed = key(world.seed + _SALT, cx, cz)
    return _sites(world, cx, cz, seed) if seed >> 32 >= world.dimension.least_site else ()


def scan(world: Map, bx: int, bz: int) -> Far:
    """The cells with structures in a square of ``AFAR`` by ``AFAR`` cells; most have none, which their own bits alone show."""
    found, least, cz = [], world.dimension.least_site << 32, bz * AFAR
    for cx in range(bx * AFAR, (bx + 1) * AFAR):
        seeds = row(world.seed + _SALT, cx, cz, AFAR)
        found += [(cx, cz + at, _sites(world, cx, cz + at, seed)) for at, seed in enumerate(seeds) if seed >= least]
    return tuple([(x, z, tuple([site.name for site in here])) for x, z, here in found if here])


def _sites(world: Map, cx: int, cz: int, seed: int) -> tuple[Site, ...]:
    table = world.biome(cx, cz).sites
    found = []
    for number in range(min(_MOST, table.count(seed >> 32))):
        entry = table.choose(key(seed, number, 0))
        y = max(entry.y, world.dimension.bottom + _ABOVE_BEDROCK) if entry.kind == "underground" else None
        found.append(Site(entry.name, y, key(seed, number, 1)))
    return tuple(found)


def furnish(rules: Rules, cell: Cell, site: Site, things: Things) -> None:
    """Put what the structure holds among the things of its cell, or of its slab of rock."""
    rng = Rng(site.seed)
    for content in rules.book.structures[site.name].holds:
        count = rng.between(content.low, content.high)
        mob = rules.mobs.get(content.name)
        for left in [1] * count if mob else [count] * (count > 0):
            x, z = cell.cx * CELL + rng.between(4, 11), cell.cz * CELL + rng.between(4, 11)
            thing = Thing(content.name, _kind(rules, content.name), x, cell.height if site.y is None else site.y, z, left)
            thing.health, thing.deep = mob.health if mob else 0.0, site.y is not None
            things.setdefault(content.name, []).append(thing)


def buildings(rules: Rules, names: tuple[str, ...]) -> frozenset[str]:
    """The structures above the ground that are, or may hold, one of these."""
    return frozenset(
        name
        for name, fact in rules.book.structures.items()
        if fact.layer == "surface" and (name in names or any(content.name in names for content in fact.holds))
    )


def shown(rules: Rules, cell: Cell) -> list[str]:
    """What whoever passes by remembers of a cell's structures: their names, and what those below the ground hold."""
    names = [site.name for site in cell.sites]
    for site in cell.sites:
        if site.y is not None:
            names += [content.name for content in rules.book.structures[site.name].holds]
    return names


def way_down(world: Map, cell: Cell, names: tuple[str, ...]) -> Site | None:
    """The structure below the cell that is, or still holds, one of these."""
    for site in cell.sites:
        if site.y is not None:
            held = [content.name for content in world.rules.book.structures[site.name].holds if content.name in names]
            things = world.section(cell.cx, cell.cz, site.y // SLAB) if held else {}
            if site.name in names or any(name in things for name in held):
                return site
    return None


def middle(cell: Cell, site: Site) -> Thing:
    """Where the structure is, as something to go to."""
    thing = Thing(site.name, "block", cell.cx * CELL + CELL // 2, cell.height if site.y is None else site.y, cell.cz * CELL + CELL // 2)
    thing.deep = site.y is not None
    return thing


def _kind(rules: Rules, name: str) -> str:
    if name in rules.mobs:
        return "hostile" if rules.mobs[name].hostile else "mob"
    return "station" if name in rules.stations else "block"
