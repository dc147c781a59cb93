"""Crafting by the recipes of the book: at once, or batch by batch where it takes time (brewing)."""

from __future__ import annotations

from env_stub.answers import Ending, amounts
from env_stub.charges import burn, fuel_for
from env_stub.game import BRIEFLY, RESTING, WORKING, Game
from env_stub.rules import Recipe
from env_stub.sight import resolve
from env_stub.stations import handy, station_at_hand
from env_stub.stations import missing as no_station
from gitm.actions import Craft
from gitm.types import Code

FIRST, EACH = 10, 2  # ticks to lay a recipe out, and for each further batch


def craft(game: Game, action: Craft) -> str:
    """Make at least ``count``, in whole batches."""
    item, count, wanted = resolve(game, action.object, "item")[0], action.count, action.materials
    recipes = game.rules.crafts.get(item)
    if not recipes:
        other = "smelt it" if item in game.rules.smelts else "it is obtained in another way"
        raise Ending(Code.IMPOSSIBLE, f"no recipe makes {item}: {other}")
    for name in wanted or ():
        resolve(game, name, "item")
    recipe, used = _choose(game, recipes, count, wanted)
    batches = -(-count // recipe.makes)
    made = batches * recipe.makes
    if recipe.station in game.rules.fuels:
        fuel_for(game, recipe.station, batches, used)
    if recipe.station is not None:
        station_at_hand(game, recipe.station, used)
    if not recipe.ticks:
        _make(game, recipe, batches, used)
        return f"crafted {made} {item} from {amounts(used)}"
    end = game.tick + action.limit
    for done in range(batches):
        if game.tick >= end:
            raise Ending(Code.PARTIAL, f"made {done * recipe.makes} of {made} {item}: craft the rest")
        _make(game, recipe, 1, materials_for(game, recipe, 1, wanted)[0])
    return f"made {made} {item} from {amounts(used)}"


def _make(game: Game, recipe: Recipe, batches: int, used: dict[str, int]) -> None:
    """So many batches in one go: all of what they take for all of what they give."""
    inventory, made = game.inventory, batches * recipe.makes
    gained = {recipe.item: made}
    if recipe.remainders:
        for name, count in used.items():
            if remainder := game.rules.items[name].remainder:
                gained[remainder] = gained.get(remainder, 0) + count
    if not inventory.fits(used, gained):
        raise Ending(Code.INVENTORY_FULL, f"no room for {made} {recipe.item}: drop or store something first")
    if recipe.ticks:
        game.spend(recipe.ticks * batches, doing=RESTING if game.underground else WORKING)
    else:
        game.spend(FIRST + EACH * (batches - 1), doing=BRIEFLY)
    if recipe.station in game.rules.fuels:
        burn(game, recipe.station, batches, used)
    for name, count in used.items():
        inventory.remove(name, count)
    for name, count in gained.items():
        inventory.add(name, count)


def _choose(game: Game, recipes: list[Recipe], count: int, wanted: dict[str, int] | None) -> tuple[Recipe, dict[str, int]]:
    """The first recipe that can be made here, and what it takes; otherwise ends with what the likeliest one lacks."""
    lacking: list[tuple[Recipe, int, dict[str, int]]] = []
    for recipe in recipes:
        batches = -(-count // recipe.makes)
        used, missing = materials_for(game, recipe, batches, wanted)
        if not missing and (recipe.station is None or handy(game, recipe.station, used)):
            return recipe, used
        lacking.append((recipe, batches, missing))
    recipe, batches, missing = min(lacking, key=lambda lack: sum(lack[2].values()) / (lack[1] * lack[0].makes))
    if recipe.station is not None and not missing:
        raise no_station(recipe.station)
    needed = f"{recipe.item} needs {amounts(_needed(recipe, batches))}"
    raise Ending(Code.MISSING_MATERIAL, f"{needed}; you lack {amounts(missing)}: obtain that first", missing)


def materials_for(game: Game, recipe: Recipe, batches: int, wanted: dict[str, int] | None = None) -> tuple[dict[str, int], dict[str, int]]:
    """What the recipe would take of the things held, and what is missing (by the recipe's own names, groups included).

    Of a group those named are taken first, if any are named then no others; otherwise those held most.
    """
    counts = game.inventory.counts
    used: dict[str, int] = {}
    missing: dict[str, int] = {}
    for part, count, members in recipe.parts:
        need = count * batches
        held = [name for name in members if name in counts]
        if len(members) > 1:
            if wanted and not wanted.keys().isdisjoint(members):
                held = [name for name in held if name in wanted]
            if len(held) > 1:
                held.sort(key=lambda name: used.get(name, 0) - counts[name])
        for name in held:
            before = used.get(name, 0)
            take = min(need, counts[name] - before)
            if take > 0:
                used[name] = before + take
                need -= take
                if not need:
                    break
        if need > 0:
            missing[part] = missing.get(part, 0) + need
    return used, missing


def _needed(recipe: Recipe, batches: int) -> dict[str, int]:
    needed: dict[str, int] = {}
    for part, count, _ in recipe.parts:
        needed[part] = needed.get(part, 0) + count * batches
    return needed
