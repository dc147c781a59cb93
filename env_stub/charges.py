"""The fuel of stations that are no furnaces: what is put in counts for so many crafts, and the rest stays in the station."""

from __future__ import annotations

from env_stub.answers import Ending, a
from env_stub.game import Game
from env_stub.sight import in_sight, station_near
from env_stub.things import Thing
from gitm.types import Code


def fuel_for(game: Game, name: str, crafts: int, used: dict[str, int]) -> dict[str, int]:
    """What has to be put into the station for so many crafts, besides the materials ``used``; ends with MISSING_MATERIAL."""
    station, held = station_near(game, name), game.inventory.counts
    lack = crafts - (_charges(station) if station else 0)
    fuels, chosen = game.rules.fuels[name], dict[str, int]()
    for item, worth in fuels.items():
        take = min(held.get(item, 0) - used.get(item, 0), -(-lack // worth))
        if take > 0:
            chosen[item] = take
            lack -= take * worth
    if lack > 0:
        item, worth = next(iter(fuels.items()))
        missing = {item: -(-lack // worth)}
        raise Ending(Code.MISSING_MATERIAL, f"{a(name)} burns {item}, and {missing[item]} more are needed: obtain that first", missing)
    return chosen


def burn(game: Game, name: str, crafts: int, used: dict[str, int]) -> None:
    """Put in what is needed, and let so many crafts use it up."""
    station = station_near(game, name)
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
    sheets = in_sight(game)
    for station in game.charged:
        left = _charges(station)
        if left > found.get(station.name, 0) and station.left > 0 and any(station in sheet.get(station.name, ()) for sheet in sheets):
            found[station.name] = left
    return found


def _charges(station: Thing) -> int:
    return station.holds if isinstance(station.holds, int) else 0
