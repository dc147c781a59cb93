"""The part of an observation that depends on the place: biome, ground, what is nearby; kept until one moves or something changes."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from math import sqrt
from typing import Any

from env_stub.answers import builder
from env_stub.game import Game
from env_stub.map import Map
from env_stub.sight import ground, in_sight, look, reach_of_sight
from env_stub.things import CELL, Thing, Things
from env_stub.weather import Sky
from gitm.types import Observation, Seen

MOST = 24  # kinds of things in one observation
_seen = builder(Seen)
_BLANK: dict[str, Any] = dict.fromkeys(Observation.model_fields)  # with room for all fields a copy need not grow
_NOTHING: dict[str, int] = {}
Rank = tuple[int, str, Seen]  # squared distance, name (no two alike), what is shown


class Scene:
    """Where one is and what is nearby; :meth:`fields` works out anew only what moved or changed."""

    __slots__ = ("_at", "_by_name", "_fields", "_ground", "_ranked", "_seen")

    def __init__(self) -> None:
        self._at: tuple[int, int, int, bool, Sky, Map] | None = None
        self._ranked: list[Rank] = []
        self._seen: list[Seen] = []  # of each of these what is shown
        self._by_name: dict[str, Rank] = {}
        self._ground: list[str] = []
        self._fields: dict[str, Any] = {}

    def fields(self, game: Game) -> dict[str, Any]:
        """All fields of an observation, those of place, light and surroundings filled in; to be copied, not changed."""
        at = (game.x, game.y, game.z, game.underground, game.sky, game.map)
        if at != self._at:
            look(game)
            self._at = at
            self._survey(game)
        elif game.changed:
            sheets = in_sight(game)
            for name, fresh in game.changed.items():
                old = self._by_name.get(name)
                self._put(name, old, self._one_more(game, sheets, old, fresh) if old and fresh else self._rank(game, sheets, name))
        else:
            return self._fields
        game.changed = {}
        shown = self._seen[:MOST]
        if len(self._seen) > MOST and (game.wanted or game.portals):
            shown += [seen for _, name, seen in self._ranked[MOST:] if name in game.wanted or name in game.portals]
        self._fields["nearby"] = tuple(shown)
        return self._fields

    def _put(self, name: str, old: Rank | None, rank: Rank | None) -> None:
        """What there is of that name now, and was before."""
        if rank is old:
            return
        if old is not None:
            at = bisect_left(self._ranked, old)
            del self._ranked[at], self._seen[at], self._by_name[name]
        if rank is not None:
            at = bisect_left(self._ranked, rank)
            self._ranked.insert(at, rank)
            self._seen.insert(at, rank[2])
            self._by_name[name] = rank

    def _survey(self, game: Game) -> None:
        """Look at everything anew."""
        self._ground = ground(game)
        names = dict.fromkeys([*self._ground, *game.portals])
        sheets = in_sight(game)
        for things in sheets:
            names.update(dict.fromkeys(things))
        self._by_name = {name: rank for name in names if (rank := self._rank(game, sheets, name)) is not None}
        self._ranked = sorted(self._by_name.values())
        self._seen = [rank[2] for rank in self._ranked]
        self._fields = _BLANK | {
            "x": game.x,
            "y": game.y,
            "z": game.z,
            "dimension": game.map.dimension.name,
            "biome": game.map.cell(game.x // CELL, game.z // CELL).biome.name,
            "underground": game.underground,
            "day": game.night < 0,
            "weather": game.sky.weather,
            "charge": _NOTHING,
            "worn": (),
            "under": self._ground[0],
            "above": self._ground[0] if game.underground else "air",
        }

    def _one_more(self, game: Game, sheets: list[Things], old: Rank, fresh: Thing) -> Rank | None:
        """What has become of it by a single one that came, as a rule without looking at all others again."""
        away, name, seen = old
        here = _square(game, fresh)
        near = here <= CELL * CELL and fresh.deep == game.underground  # in sight for certain
        alike = here != away or (fresh.kind, fresh.y) == (seen.kind, seen.y)  # so it does not matter which comes first
        if not near or not alike or name in self._ground or name in game.portals:
            return self._rank(game, sheets, name)
        count = seen.count + fresh.left
        return _shown(here, name, fresh.kind, count, fresh.y) if here < away else _shown(away, name, seen.kind, count, seen.y)

    def _rank(self, game: Game, sheets: list[Things], name: str) -> Rank | None:
        """The nearest of its kind and how many there are; None when there is none. Portals one knows of are remembered."""
        if name in self._ground:  # without end, whatever else there is of it
            depth = self._ground.index(name) + 1
            return _shown(depth * depth, name, "block", 64, game.y - depth)
        x, y, z = game.x, game.y, game.z
        limit = reach_of_sight(game)
        least, count, first = limit + 1, 0, None
        for things in sheets:
            if name in things:
                for thing in things[name]:
                    dx, dy, dz = thing.x - x, thing.y - y, thing.z - z
                    away = dx * dx + dy * dy + dz * dz
                    if away <= limit:
                        count += thing.left
                        if away < least:
                            first, least = thing, away
        if first is None and name in game.portals:
            count = len(game.portals[name])
            least, first = min(((_square(game, thing), thing) for thing in game.portals[name]), key=lambda pair: pair[0])
        return _shown(least, name, first.kind, count, first.y) if first else None


def _square(game: Game, thing: Thing) -> int:
    return (thing.x - game.x) ** 2 + (thing.y - game.y) ** 2 + (thing.z - game.z) ** 2


@lru_cache(maxsize=4096)  # the same few things come and go
def _shown(away: int, name: str, kind: str, count: int, y: int) -> Rank:
    fields = {"name": name, "kind": kind, "count": count, "distance": round(sqrt(away), 1), "y": y}
    return away, name, _seen(fields)
