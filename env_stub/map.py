"""The map: cells of 16x16 blocks, each a pure function of (seed, cx, cz) until something in it is changed.

Surface and rock are made apart and only when looked at; a mined block is gone for ever. Who walks by learns what there is by
name, which needs only the draws; the things themselves are made when one stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

from env_stub.rng import halves, key, mix, stream
from env_stub.rules import Rules
from env_stub.structures import Far, Site, furnish, scan, sites
from env_stub.tables import OVERWORLD, SLAB, BiomeTable, Table
from env_stub.things import CELL, Thing, Things

MOST_CELLS = 1500  # in memory at once, about 3 kB each
MOST_FAR = 5_000  # blocks of cells of which the structures alone are known, at once
REGION = 12  # cells: biomes are the Voronoi regions of one jittered point in every 12x12 cells (192 blocks)


class Cell:
    """One cell's surface. ``kept``: something in it was changed, so it can no longer be made anew from the seed.

    ``names`` has the names of its things as keys, also before these are made.
    """

    __slots__ = ("_seed", "_things", "biome", "cx", "cz", "height", "kept", "names", "night", "night_things", "sites")

    def __init__(self, cx: int, cz: int, biome: BiomeTable, seed: int) -> None:
        self.cx, self.cz, self.biome, self.height = cx, cz, biome, biome.height + (seed >> 40) % 5 - 2
        self._seed = seed
        self._things: Things | None = None
        self.names: Mapping[str, object] = biome.surface.names(halves(seed, biome.surface.count(seed >> 32)))
        self.kept = False
        self.sites: tuple[Site, ...] = ()
        self.night = -1
        self.night_things: Things = {}

    @property
    def things(self) -> Things:
        """What is on the surface, made at first use."""
        if self._things is None:
            self.names = self._things = _draw(self.biome.surface, self._seed, self.cx, self.cz, self.height)
        return self._things


class Map:
    """Generated cells of one dimension and one seed, kept once made."""

    def __init__(self, rules: Rules, seed: int, dimension: str = OVERWORLD) -> None:
        self.rules = rules
        self.dimension = rules.dimensions[dimension]
        self.seed = mix(seed) if dimension == OVERWORLD else key(seed, crc32(dimension.encode()), 0)
        self.cells: dict[tuple[int, int], Cell] = {}
        self.here = (0, 0)  # the player's cell; those in view must stay the objects they are
        self.sections: dict[tuple[int, int, int], Things] = {}
        self._sites: dict[tuple[int, int], tuple[int, int, BiomeTable]] = {}
        self._nine: dict[tuple[int, int], list[tuple[int, int, BiomeTable]]] = {}  # the sites that may be nearest in a region
        self._far: dict[tuple[int, int], Far] = {}
        self._biomes = list(self.dimension.biomes.values())
        self._total = sum(biome.weight for biome in self._biomes)
        self._dry = [biome for biome in self._biomes if not biome.water and biome.weight > 0] or self._biomes

    def cell(self, cx: int, cz: int) -> Cell:
        """The cell, made now if need be."""
        found = self.cells.get((cx, cz))
        if found is None:
            if len(self.cells) >= MOST_CELLS:
                self._forget()
            found = self.cells[cx, cz] = self._make(cx, cz)
        return found

    def _forget(self) -> None:
        """Let go of what is far from the player and as the seed made it: it will be made the same again."""
        (cx, cz), near = self.here, 8
        self.cells = {at: cell for at, cell in self.cells.items() if cell.kept or (abs(at[0] - cx) <= near and abs(at[1] - cz) <= near)}

    def section(self, cx: int, cz: int, slab: int) -> Things:
        """What lies in the rock of a cell between y = 16 * slab and 16 * slab + 15."""
        found = self.sections.get((cx, cz, slab))
        if found is None:
            table = self.cell(cx, cz).biome.slab(slab, self.dimension.bottom)
            found = self.sections[cx, cz, slab] = _draw(table, key(self.seed + 1, cx, cz, slab), cx, cz, None)
            cell = self.cell(cx, cz)
            for site in cell.sites:
                if site.y is not None and slab_of(site.y) == slab:
                    furnish(self.rules, cell, site, found)
        return found

    def night(self, cell: Cell, night: int) -> Things:
        """Who is about in the cell on that night; the survivors of earlier nights burnt at dawn."""
        if cell.night != night:
            cell.night = night
            cell.night_things = _draw(cell.biome.night, key(self.seed + 2, cell.cx, cell.cz, night), cell.cx, cell.cz, cell.height)
        return cell.night_things

    def start(self) -> tuple[int, int, int]:
        """The spawn: the middle of the cell at the origin, which is always dry land."""
        return 8, self.cell(0, 0).height, 8

    def far(self, bx: int, bz: int) -> Far:
        """The cells with structures in a block of cells that need not be made."""
        found = self._far.get((bx, bz))
        if found is None:
            if len(self._far) >= MOST_FAR:
                self._far.clear()
            found = self._far[bx, bz] = scan(self, bx, bz)
        return found

    def _make(self, cx: int, cz: int) -> Cell:
        biome = self.biome(cx, cz)
        cell = Cell(cx, cz, biome, key(self.seed, cx, cz))
        cell.sites = sites(self, cx, cz)
        for site in cell.sites:
            if site.y is None:
                furnish(self.rules, cell, site, cell.things)
        return cell

    def biome(self, cx: int, cz: int) -> BiomeTable:
        """The biome of the nearest site: each region of the coarse grid has one, somewhere in it."""
        region = (cx // REGION, cz // REGION)
        nine = self._nine.get(region) or self._near(region)
        best, nearest = nine[0][2], 1 << 60
        for x, z, biome in nine:
            dx, dz = x - cx, z - cz
            away = dx * dx + dz * dz
            if away < nearest:
                best, nearest = biome, away
        return best

    def _near(self, region: tuple[int, int]) -> list[tuple[int, int, BiomeTable]]:
        gx, gz = region
        around = [(gx + dx, gz + dz) for dx in (-1, 0, 1) for dz in (-1, 0, 1)]
        for at in around:
            if at not in self._sites:
                self._sites[at] = self._site(*at)
        found = self._nine[region] = [self._sites[at] for at in around]
        return found

    def _site(self, rx: int, rz: int) -> tuple[int, int, BiomeTable]:
        bits = key(self.seed + 3, rx, rz)
        if rx == 0 and rz == 0:  # the player starts here, on dry land and in the midst of it
            return 0, 0, self._pick(bits, self._dry)
        return rx * REGION + (bits & 0xFFFF) % REGION, rz * REGION + (bits >> 16 & 0xFFFF) % REGION, self._pick(bits, self._biomes)

    def _pick(self, bits: int, biomes: list[BiomeTable]) -> BiomeTable:
        total = self._total if biomes is self._biomes else sum(biome.weight for biome in biomes)
        mark = (bits >> 32) / 4294967296.0 * total
        for biome in biomes:
            mark -= biome.weight
            if mark < 0:
                return biome
        return biomes[-1]


def _draw(table: Table, seed: int, cx: int, cz: int, height: int | None) -> Things:
    """What the table gives a cell: in the rock when there is no ``height`` at which it stands."""
    things: Things = {}
    deep = height is None
    for bits in stream(seed, table.count(seed >> 32)):
        name, kind, low, high, y, health = table.choose(bits)
        x, z = cx * CELL + (bits >> 32 & 15), cz * CELL + (bits >> 36 & 15)
        left = low + (bits >> 40) % (high - low + 1)
        thing = Thing(name, kind, x, y if height is None else height, z, left, health=health, deep=deep)
        if name in things:
            things[name].append(thing)
        else:
            things[name] = [thing]
    return things


def slab_of(y: int) -> int:
    """The index of the slab a height is in."""
    return y // SLAB
