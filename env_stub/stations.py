"""Stations: within reach, or brought there - one that is carried is put down, one in sight is gone to (paper, "craft")."""

from __future__ import annotations

from env_stub.answers import Ending, a
from env_stub.game import BRIEFLY, Game
from env_stub.plants import put
from env_stub.sight import nearest, station_near
from env_stub.things import Thing
from env_stub.travel import go_to
from gitm.types import Code

LAYING = 4  # ticks to put a block down


def handy(game: Game, name: str, used: dict[str, int]) -> bool:
    """Whether there is one to work at when so much of the inventory is used up."""
    return station_near(game, name) is not None or _spare(game, name, used) or _in_sight(game, name) is not None


def station_at_hand(game: Game, name: str, used: dict[str, int]) -> Thing:
    """The station, within reach now; ends with MISSING_STATION when there is none."""
    station = station_near(game, name)
    if station is None and _spare(game, name, used):
        game.spend(LAYING, doing=BRIEFLY)
        game.inventory.remove(name, 1)
        return put(game, name)
    if station is None and (found := _in_sight(game, name)) is not None:
        go_to(game, found)
        station = station_near(game, name)
    if station is None:
        raise missing(name)
    return station


def missing(name: str) -> Ending:
    """The refusal."""
    return Ending(Code.MISSING_STATION, f"needs {a(name)}, and none is carried or in sight: obtain one first", {name: 1})


def _in_sight(game: Game, name: str) -> Thing | None:
    found = nearest(game, (name,))
    return found if found is not None and found.kind != "item" else None


def _spare(game: Game, name: str, used: dict[str, int]) -> bool:
    return name in game.rules.blocks and game.inventory.count(name) > used.get(name, 0)
