"""Smelting: time, fuel, and what is left of it in the furnace."""

from __future__ import annotations

from env_stub.answers import Ending, amounts
from env_stub.game import Doing, Game
from env_stub.map import Thing
from env_stub.sight import resolve, station_near
from gitm.actions import Smelt
from gitm.facts import SmeltFact
from gitm.types import Code

#: Stations that burn no fuel, and those that burn it twice as fast (wiki, "Campfire", "Blast Furnace", "Smoker").
FUELLESS = frozenset({"campfire", "soul_campfire"})
HASTY = frozenset({"blast_furnace", "smoker"})


def smelt(game: Game, action: Smelt) -> str:
    """Smelt ``count`` of the object, one after the other."""
    recipe = _recipe(game, action)
    station = station_near(game, recipe.station)
    if station is None:
        where = recipe.station
        raise Ending(Code.MISSING_STATION, f"needs a {where} within reach: place one or approach it", {where: 1})
    held = game.inventory.count(recipe.material)
    if held < action.count:
        lack = action.count - held
        message = f"smelting {action.count} {recipe.item} takes {action.count} {recipe.material}; you hold {held}: obtain {lack} more"
        raise Ending(Code.MISSING_MATERIAL, message, {recipe.material: lack})
    burn = 0 if recipe.station in FUELLESS else recipe.ticks * (2 if recipe.station in HASTY else 1)
    left = station.holds if isinstance(station.holds, int) else 0
    fuels = _fuels(game, recipe, action, burn * action.count - left)
    remainders = _remainders(game, fuels)
    gained = {recipe.item: action.count}
    for name, count in remainders.items():
        gained[name] = gained.get(name, 0) + count
    taken = dict(fuels)
    taken[recipe.material] = taken.get(recipe.material, 0) + action.count
    if not game.inventory.fits(taken, gained):
        raise Ending(Code.INVENTORY_FULL, f"no room for {action.count} {recipe.item}: drop or store something first")
    for name, count in fuels.items():
        game.inventory.remove(name, count)
        left += count * game.rules.items[name].fuel
    for name, count in remainders.items():
        game.gain(name, count)
    station.holds = left
    return _burn(game, recipe, station, action.count, burn, fuels, game.tick + action.limit)


def _burn(game: Game, recipe: SmeltFact, station: Thing, count: int, burn: int, fuels: dict[str, int], end: int) -> str:
    """Let the fire work. Fuel not burnt stays in this furnace; an interruption leaves the rest of the material with the agent."""
    done = 0
    while done < count:
        if game.tick >= end:
            raise Ending(Code.PARTIAL, f"smelted {done} of {count} {recipe.item}: smelt the rest")
        game.spend(recipe.ticks, doing=Doing.RESTING if game.underground else Doing.WORKING)
        station.holds = (station.holds if isinstance(station.holds, int) else 0) - burn
        game.inventory.remove(recipe.material, 1)
        game.gain(recipe.item, 1)
        game.experience += recipe.experience
        done += 1
    return f"smelted {done} {recipe.item}" + (f", burning {amounts(fuels)}" if fuels else "")


def _recipe(game: Game, action: Smelt) -> SmeltFact:
    (item, *_) = resolve(game, action.object, "item")
    (station, *_) = resolve(game, action.tool, "block")
    recipes = game.rules.smelts.get(item, [])
    if not recipes:
        raise Ending(Code.IMPOSSIBLE, f"nothing smelts into {item}: obtain it in another way")
    if action.material is not None:
        named = resolve(game, action.material, "item")
        recipes = [recipe for recipe in recipes if recipe.material in named]
        if not recipes:
            raise Ending(Code.IMPOSSIBLE, f"{action.material} does not smelt into {item}: name another material")
    here = [recipe for recipe in recipes if recipe.station == station]
    if not here:
        raise Ending(Code.IMPOSSIBLE, f"{item} is not smelted in a {station}: use a {recipes[0].station}")
    return max(here, key=lambda recipe: (game.inventory.count(recipe.material), recipe.material not in game.rules.blocks))


def _fuels(game: Game, recipe: SmeltFact, action: Smelt, ticks: int) -> dict[str, int]:
    """Which fuel, how much of it; ends with MISSING_MATERIAL when there is not enough."""
    if ticks <= 0:
        return {}
    items, counts = game.rules.items, game.inventory.counts
    if action.fuel is not None:
        names = resolve(game, action.fuel, "item")
        burning = [name for name in names if items[name].fuel > 0] if names[0] in items else []
        if not burning:
            raise Ending(Code.IMPOSSIBLE, f"{action.fuel} does not burn: name another fuel")
    else:
        burning = [name for name in counts if items[name].fuel > 0]
    spare = {name: counts.get(name, 0) - (action.count if name == recipe.material else 0) for name in burning}
    chosen: dict[str, int] = {}
    for name in sorted(burning, key=lambda name: (-items[name].fuel, name)):
        take = min(spare[name], -(-ticks // items[name].fuel))
        if take > 0:
            chosen[name] = take
            ticks -= take * items[name].fuel
        if ticks <= 0:
            return chosen
    best = burning[0] if action.fuel is not None else max(burning, key=lambda name: items[name].fuel, default=None)
    if best is None:
        raise Ending(Code.MISSING_MATERIAL, f"needs fuel to burn {ticks} ticks; you hold none: obtain coal, charcoal or wood")
    lack = -(-ticks // items[best].fuel)
    raise Ending(Code.MISSING_MATERIAL, f"the fuel falls {ticks} ticks short: obtain {lack} more {best}", {best: lack})


def _remainders(game: Game, fuels: dict[str, int]) -> dict[str, int]:
    """The buckets that lava was in."""
    found: dict[str, int] = {}
    for name, count in fuels.items():
        if left := game.rules.items[name].remainder:
            found[left] = found.get(left, 0) + count
    return found
