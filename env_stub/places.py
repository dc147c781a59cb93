"""Where everything is: the dimension one is in, what lies there, what was seen of it."""

from __future__ import annotations

from collections.abc import Iterable

from env_stub.map import Cell, slab_of
from env_stub.realm import Realm
from env_stub.rules import Rules
from env_stub.things import CELL, Thing, Things
from env_stub.weather import Sky

MOST_PLACES = 200  # cells remembered for one name


class Places:
    """The realms of a game, of which one is the present one, and what is in view of it."""

    def __init__(self, rules: Rules, seed: int) -> None:
        self.rules, self.seed = rules, seed
        self.realms: dict[str, Realm] = {}
        self.underground = False
        self.changed: dict[str, Thing | None] = {}  # names whose Seen is stale; the thing, when its coming is all that happened
        self.view: list[Cell] = []
        self.view_at: tuple[int, int] | None = None
        self.sheets: list[Things] = []  # the things of every cell in sight, and where and when that was
        self.sheets_at: tuple[int, int, bool, Sky] | None = None
        self.bared_at: tuple[int, int, int] | None = None  # where one looked for structures from a tunnel

    def move_to(self, dimension: str) -> None:
        """From now on one is in that dimension, and all that is known is what is known of it."""
        realm = self.realms.get(dimension)
        if realm is None:
            realm = self.realms[dimension] = Realm(self.rules, self.seed, dimension)
        self.map, self.deep, self.placed, self.lying = realm.map, realm.deep, realm.placed, realm.lying
        self.growing, self.memory, self.seen, self.portals = realm.growing, realm.memory, realm.seen, realm.portals
        self.charged, self.returning, self.tunnels = realm.charged, realm.returning, realm.tunnels
        self.wild, self.view_at, self.sheets_at, self.bared_at = realm.map.dimension.wild, None, None, None

    def add(self, thing: Thing) -> None:
        """Put something new where it says it is, on this side of the surface."""
        thing.deep = self.underground
        self.add_back(thing)

    def add_back(self, thing: Thing) -> None:
        """Put something back under its new name."""
        at, name = (thing.x // CELL, thing.z // CELL), thing.name
        if thing.deep:
            things = self.deep.setdefault(at, {})
        else:
            cell = self.map.cell(*at)
            cell.kept, things = True, cell.things
            self.remember((name,), at)
        things.setdefault(name, []).append(thing)
        self.changed[name] = None if name in self.changed else thing

    def touch(self, thing: Thing) -> None:
        """The thing is not any more as the seed made it: its cell has to be kept."""
        if not thing.deep:
            self.map.cell(thing.x // CELL, thing.z // CELL).kept = True

    def remember(self, names: Iterable[str], at: tuple[int, int]) -> None:
        """Something of each name was seen in that cell; of each name the latest cells are remembered."""
        memory = self.memory
        for name in names:
            cells = memory.get(name)
            if cells is None:
                memory[name] = {at: None}
                continue
            if len(cells) >= MOST_PLACES and at not in cells:
                del cells[next(iter(cells))]
            cells[at] = None

    def remove(self, thing: Thing) -> None:
        """Take something out of the world for ever."""
        thing.left = 0
        self.changed[thing.name] = None
        cx, cz = thing.x // CELL, thing.z // CELL
        cell = self.map.cell(cx, cz)
        cell.kept |= not thing.deep
        homes = [cell.things, cell.night_things, self.placed, self.portals]
        if thing.deep:
            homes = [self.map.sections.get((cx, cz, slab_of(thing.y)), {}), self.deep.get((cx, cz), {}), self.placed, self.portals]
        for things in homes:
            kin = things.get(thing.name)
            if kin and thing in kin:
                kin.remove(thing)
                if not kin:
                    del things[thing.name]
