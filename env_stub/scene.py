"""The part of an observation that depends on the place: biome, ground, what is nearby; kept until one moves or something changes."""

from __future__ import annotations

from math import sqrt

from env_stub.answers import build
from env_stub.game import Game
from env_stub.map import CELL, Things
from env_stub.sight import ground, in_sight, reach_of_sight
from gitm.types import Seen

MOST = 24  # kinds of things in one observation
_FIELDS = set(Seen.model_fields)
Rank = tuple[int, str, Seen]  # squared distance, name (no two alike), what is shown


class Scene:
    """``nearby`` and what goes with it; :meth:`refresh` works out anew only what moved or changed."""

    __slots__ = ("_at", "_ground", "_ranked", "biome", "nearby", "under")

    def __init__(self) -> None:
        self._at: tuple[int, int, int, bool, int] | None = None
        self._ranked: list[Rank] = []
        self._ground: list[str] = []
        self.biome = self.under = ""
        self.nearby: tuple[Seen, ...] = ()

    def refresh(self, game: Game, night: int) -> None:
        """Bring it up to date with the game."""
        at = (game.x, game.y, game.z, game.underground, night)
        if at != self._at:
            self._at = at
            self.biome = game.map.cell(game.x // CELL, game.z // CELL).biome.name
            self._ground = ground(game)
            self.under = self._ground[0]
            names = dict.fromkeys(self._ground)
            sheets = in_sight(game)
            for things in sheets:
                names.update(dict.fromkeys(things))
            self._ranked = []
        elif game.changed:
            names, sheets = game.changed, in_sight(game)
            self._ranked = [rank for rank in self._ranked if rank[1] not in names]
        else:
            return
        for name in names:
            if (rank := self._rank(game, sheets, name)) is not None:
                self._ranked.append(rank)
        game.changed = {}
        self._ranked.sort()
        shown = [seen for _, _, seen in self._ranked[:MOST]]
        if len(self._ranked) > MOST:
            shown += [seen for _, name, seen in self._ranked[MOST:] if name in game.wanted]
        self.nearby = tuple(shown)

    def _rank(self, game: Game, sheets: list[Things], name: str) -> Rank | None:
        """The nearest of its kind and how many there are; None when there is none."""
        x, y, z = game.x, game.y, game.z
        limit = reach_of_sight(game)
        least, count, first = limit + 1, 0, None
        for things in sheets:
            if name in things:
                for thing in things[name]:
                    away = (thing.x - x) * (thing.x - x) + (thing.z - z) * (thing.z - z) + (thing.y - y) * (thing.y - y)
                    if away <= limit:
                        count += thing.left
                        if away < least:
                            first, least = thing, away
        if name in self._ground:
            depth = self._ground.index(name) + 1
            if depth * depth < least:
                return _shown(depth * depth, name, "block", count + 64, y - depth)
        return _shown(least, name, first.kind, count, first.y) if first else None


def _shown(away: int, name: str, kind: str, count: int, y: int) -> Rank:
    fields = {"name": name, "kind": kind, "count": count, "distance": round(sqrt(away), 1), "y": y}
    return away, name, build(Seen, fields, _FIELDS)
