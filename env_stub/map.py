"""The map: cells of 16x16 blocks, each a pure function of (seed, cx, cz) until something in it is changed.

Surface and rock are made apart and only when looked at; a mined block is gone for ever.
"""

from __future__ import annotations

from zlib import crc32

from env_stub.rng import GOLDEN, MASK, key, mix
from env_stub.rules import Rules
from env_stub.structures import Site, furnish, sites
from env_stub.tables import OVERWORLD, SLAB, BiomeTable, Table
from env_stub.things import CELL, Thing, Things

MOST_CELLS = 1500  # in memory at once, about 3 kB each
MOST_FAR = 50_000  # cells of which the structures alone are known, at once
REGION = 12  # cells: biomes are the Voronoi regions of one jittered point in every 12x12 cells (192 blocks)


class Cell:
    """One cell's surface. ``kept``: something in it was changed, so it can no longer be made anew from the seed."""

    __slots__ = ("biome", "cx", "cz", "height", "kept", "night", "night_things", "sites", "things")

    def __init__(self, cx: int, cz: int, biome: BiomeTable, height: int) -> None:
        self.cx, self.cz, self.biome, self.height = cx, cz, biome, height
        self.things: Things = {}
        self.kept = False
        self.sites: tuple[Site, ...] = ()
        self.night = -1
        self.night_things: Things = {}


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
        self._far: dict[tuple[int, int], tuple[Site, ...]] = {}
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
            found = self.sections[cx, cz, slab] = self._draw(table, key(self.seed + 1, cx, cz, slab), cx, cz, None)
            cell = self.cell(cx, cz)
            for site in cell.sites:
                if site.y is not None and slab_of(site.y) == slab:
                    furnish(self.rules, cell, site, found)
        return found

    def night(self, cell: Cell, night: int) -> Things:
        """Who is about in the cell on that night; the survivors of earlier nights burnt at dawn."""
        if cell.night != night:
            cell.night = night
            cell.night_things = self._draw(cell.biome.night, key(self.seed + 2, cell.cx, cell.cz, night), cell.cx, cell.cz, cell.height)
        return cell.night_things

    def start(self) -> tuple[int, int, int]:
        """The spawn: the middle of the cell at the origin, which is always dry land."""
        return 8, self.cell(0, 0).height, 8

    def sites_at(self, cx: int, cz: int) -> tuple[Site, ...]:
        """The structures of a cell that need not be made."""
        found = self._far.get((cx, cz))
        if found is None:
            if len(self._far) >= MOST_FAR:
                self._far.clear()
            found = self._far[cx, cz] = sites(self, self._biome(cx, cz), cx, cz)
        return found

    def _make(self, cx: int, cz: int) -> Cell:
        seed = key(self.seed, cx, cz)
        biome = self._biome(cx, cz)
        cell = Cell(cx, cz, biome, biome.height + (seed >> 40) % 5 - 2)
        cell.things = self._draw(biome.surface, seed, cx, cz, cell.height)
        cell.sites = sites(self, biome, cx, cz)
        for site in cell.sites:
            if site.y is None:
                furnish(self.rules, cell, site, cell.things)
        return cell

    def _draw(self, table: Table, seed: int, cx: int, cz: int, height: int | None) -> Things:
        things: Things = {}
        mobs = self.rules.mobs
        for _ in range(table.count(seed >> 32)):
            seed = (seed + GOLDEN) & MASK
            bits = mix(seed)
            name, kind, low, high, y = table.choose(bits)
            left = low + (bits >> 40) % (high - low + 1)
            thing = Thing(name, kind, cx * CELL + (bits >> 32 & 15), y if height is None else height, cz * CELL + (bits >> 36 & 15), left)
            if kind != "block":
                thing.health = mobs[name].health
            thing.deep = height is None
            if name in things:
                things[name].append(thing)
            else:
                things[name] = [thing]
        return things

    def _biome(self, cx: int, cz: int) -> BiomeTable:
        """The biome of the nearest site: each region of the coarse grid has one, somewhere in it."""
        gx, gz = cx // REGION, cz // REGION
        best, nearest = None, 1 << 60
        for rx in (gx - 1, gx, gx + 1):
            for rz in (gz - 1, gz, gz + 1):
                site = self._sites.get((rx, rz))
                if site is None:
                    site = self._sites[rx, rz] = self._site(rx, rz)
                away = (site[0] - cx) * (site[0] - cx) + (site[1] - cz) * (site[1] - cz)
                if away < nearest:
                    best, nearest = site[2], away
        assert best is not None  # noqa: S101 - nine sites were looked at
        return best

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


def slab_of(y: int) -> int:
    """The index of the slab a height is in."""
    return y // SLAB
