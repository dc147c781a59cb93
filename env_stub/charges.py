"""The fuel of stations that are no furnaces: what is put in counts for so many crafts, and the rest stays in the station."""

from __future__ import annotations

from collections.abc import Iterator

from env_stub.answers import Ending, a
from env_stub.game import REACH, Game
from env_stub.sight import distance, in_sight, station_near
from env_stub.things import Thing
from env_stub.travel import go_to
from gitm.types import Code


def fuel_for(game: Game, name: str, crafts: int, used: dict[str, int]) -> dict[str, int]:
    """What has to be put into the station for so many crafts, besides the materials ``used``; ends with MISSING_MATERIAL.

    When it cannot be fed, one in sight that is fed already is gone to.
    """
    station, held = _best_near(game, name), game.inventory.counts
    lack = crafts - (_charges(station) if station else 0)
    fuels, chosen = game.rules.fuels[name], dict[str, int]()
    for item, worth in fuels.items():
        take = min(held.get(item, 0) - used.get(item, 0), -(-lack // worth))
        if take > 0:
            chosen[item] = take
            lack -= take * worth
    if lack > 0 and (other := _fed(game, name, crafts)) is not None:
        go_to(game, other)
        return {}
    if lack > 0:
        item, worth = next(iter(fuels.items()))
        missing = {item: -(-lack // worth)}
        raise Ending(Code.MISSING_MATERIAL, f"{a(name)} burns {item}, and {missing[item]} more are needed: obtain that first", missing)
    return chosen


def burn(game: Game, name: str, crafts: int, used: dict[str, int]) -> None:
    """Put in what is needed, and let so many crafts use it up."""
    station = _best_near(game, name)
    if station is None:
        return
    fuel = fuel_for(game, name, crafts, used)
    for item, count in fuel.items():
        game.inventory.remove(item, count)
    worth = sum(count * game.rules.fuels[name][item] for item, count in fuel.items())
    station.holds = _charges(station) + worth - crafts
    game.touch(station)
    if station not in game.charged:
        game.charged.append(station)


def in_sight_charges(game: Game) -> dict[str, int]:
    """What the fuel in the stations in sight still feeds; of several of a name, the best."""
    found: dict[str, int] = {}
    for station in _charged_in_sight(game):
        found[station.name] = max(_charges(station), found.get(station.name, 0))
    return {name: left for name, left in found.items() if left > 0}


def _charged_in_sight(game: Game) -> Iterator[Thing]:
    if game.charged:
        sheets = in_sight(game)
        for station in game.charged:
            if station.left > 0 and any(station in sheet.get(station.name, ()) for sheet in sheets):
                yield station


def _fed(game: Game, name: str, crafts: int) -> Thing | None:
    """The nearest station in sight with enough fuel."""
    fed = [station for station in _charged_in_sight(game) if station.name == name and _charges(station) >= crafts]
    return min(fed, key=lambda station: distance(game, station), default=None)


def _best_near(game: Game, name: str) -> Thing | None:
    """Of the stations within reach the one with the most fuel."""
    near = [station for station in _charged_in_sight(game) if station.name == name and distance(game, station) <= REACH]
    return max(near, key=_charges, default=station_near(game, name))


def _charges(station: Thing) -> int:
    return station.holds if isinstance(station.holds, int) else 0
