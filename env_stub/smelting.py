"""Smelting: time, fuel, and what is left of it in the furnace."""

from __future__ import annotations

from env_stub.answers import Ending, a, amounts
from env_stub.game import RESTING, WORKING, Game
from env_stub.sight import resolve, station_near
from env_stub.stations import handy, missing, station_at_hand
from env_stub.things import Thing
from gitm.actions import Smelt
from gitm.facts import SmeltFact
from gitm.types import Code

#: Stations that burn fuel twice as fast (wiki, "Blast Furnace", "Smoker"); their recipes take half the time.
HASTY = frozenset({"blast_furnace", "smoker"})


def smelt(game: Game, action: Smelt) -> str:
    """Smelt ``count`` of the object, one after the other."""
    recipe, members = _recipe(game, action)
    if not handy(game, recipe.station, {}):
        raise missing(recipe.station)
    materials = _materials(game, recipe, members, action)
    burn = recipe.ticks * (2 if recipe.station in HASTY else 1) if recipe.fuel else 0
    fuels = _fuels(game, materials, action, burn * action.count - _fire(station_near(game, recipe.station)))
    remainders = _remainders(game, fuels)
    gained = {recipe.item: action.count}
    for name, count in remainders.items():
        gained[name] = gained.get(name, 0) + count
    taken = dict(fuels)
    for name, count in materials.items():
        taken[name] = taken.get(name, 0) + count
    if not game.inventory.fits(taken, gained):
        raise Ending(Code.INVENTORY_FULL, f"no room for {action.count} {recipe.item}: drop or store something first")
    station = station_at_hand(game, recipe.station, taken)
    left = _fire(station)
    for name, count in fuels.items():
        game.inventory.remove(name, count)
        left += count * game.rules.items[name].fuel
    for name, count in remainders.items():
        game.gain(name, count)
    station.holds = left
    game.touch(station)
    _burn(game, recipe, station, materials, burn, game.tick + action.limit)
    return f"smelted {action.count} {recipe.item}" + (f", burning {amounts(fuels)}" if fuels else "")


def _fire(station: Thing | None) -> int:
    """The ticks of fuel that are left in it."""
    return station.holds if station is not None and isinstance(station.holds, int) else 0


def _burn(game: Game, recipe: SmeltFact, station: Thing, materials: dict[str, int], burn: int, end: int) -> None:
    """Let the fire work. Fuel not burnt stays in this furnace; an interruption leaves the rest of the material with the agent."""
    queue = [name for name, count in materials.items() for _ in range(count)]
    for done, name in enumerate(queue):
        if game.tick >= end:
            raise Ending(Code.PARTIAL, f"smelted {done} of {len(queue)} {recipe.item}: smelt the rest")
        game.spend(recipe.ticks, doing=RESTING if game.underground else WORKING)
        station.holds = _fire(station) - burn
        game.inventory.remove(name, 1)
        game.gain(recipe.item, 1)
        game.experience += recipe.experience


def _recipe(game: Game, action: Smelt) -> tuple[SmeltFact, tuple[str, ...]]:
    """The recipe for what is held, and the items that will do as its material."""
    (item, *_) = resolve(game, action.object, "item")
    (station, *_) = resolve(game, action.tool, "block")
    facts = game.rules.smelts.get(item, [])
    if not facts:
        raise Ending(Code.IMPOSSIBLE, f"nothing smelts into {item}: obtain it in another way")
    recipes = [(fact, game.rules.groups.get(fact.material, (fact.material,))) for fact in facts]
    if action.material is not None:
        named = resolve(game, action.material, "item")
        recipes = [(fact, chosen) for fact, members in recipes if (chosen := tuple(name for name in members if name in named))]
        if not recipes:
            raise Ending(Code.IMPOSSIBLE, f"{action.material} does not smelt into {item}: name another material")
    here = [(fact, members) for fact, members in recipes if fact.station == station]
    if not here:
        raise Ending(Code.IMPOSSIBLE, f"{item} is not smelted in {a(station)}: use {a(recipes[0][0].station)}")
    held, blocks = game.inventory.count, game.rules.blocks
    return max(here, key=lambda pair: (sum(map(held, pair[1])), pair[0].material not in blocks))


def _materials(game: Game, recipe: SmeltFact, members: tuple[str, ...], action: Smelt) -> dict[str, int]:
    """What goes into the furnace, those held most first; ends with MISSING_MATERIAL when it is too little."""
    chosen: dict[str, int] = {}
    need = action.count
    for name in sorted(members, key=lambda name: -game.inventory.count(name)):
        take = min(need, game.inventory.count(name))
        if take > 0:
            chosen[name] = take
            need -= take
    if need > 0:
        wanted = f"smelting {action.count} {recipe.item} takes {action.count} {recipe.material}"
        message = f"{wanted}; you hold {action.count - need}: obtain {need} more"
        raise Ending(Code.MISSING_MATERIAL, message, {recipe.material: need})
    return chosen


def _fuels(game: Game, materials: dict[str, int], action: Smelt, ticks: int) -> dict[str, int]:
    """Which fuel, how much of it; ends with MISSING_MATERIAL when there is not enough."""
    if ticks <= 0:
        return {}
    items, counts = game.rules.items, game.inventory.counts
    if action.fuel is not None:
        burning = [name for name in resolve(game, action.fuel, "item") if name in items and items[name].fuel > 0]
        if not burning:
            raise Ending(Code.IMPOSSIBLE, f"{action.fuel} does not burn: name another fuel")
    else:
        burning = [name for name in counts if items[name].fuel > 0 and not items[name].durability]  # never burn tools unasked
    chosen: dict[str, int] = {}
    for name in sorted(burning, key=lambda name: (-items[name].fuel, name)):
        take = min(counts.get(name, 0) - materials.get(name, 0), -(-ticks // items[name].fuel))
        if take > 0:
            chosen[name] = take
            ticks -= take * items[name].fuel
        if ticks <= 0:
            return chosen
    if not burning:
        raise Ending(Code.MISSING_MATERIAL, f"needs fuel to burn {ticks} ticks; you hold none: obtain coal, charcoal or wood")
    best = burning[0] if action.fuel is not None else max(burning, key=lambda name: items[name].fuel)
    lack = -(-ticks // items[best].fuel)
    raise Ending(Code.MISSING_MATERIAL, f"the fuel falls {ticks} ticks short: obtain {lack} more {best}", {best: lack})


def _remainders(game: Game, fuels: dict[str, int]) -> dict[str, int]:
    """The buckets that lava was in."""
    found: dict[str, int] = {}
    for name, count in fuels.items():
        if left := game.rules.items[name].remainder:
            found[left] = found.get(left, 0) + count
    return found
