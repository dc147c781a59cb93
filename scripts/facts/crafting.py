"""Crafting: minecraft-data lists a chest once per wood; here it becomes one recipe from any planks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from facts.game import Game, Recipe
from facts.shorthand import stacks
from facts.sources import Sources


def crafts(game: Game, groups: Mapping[str, Sequence[str]], sources: Sources) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """All crafting recipes as craft facts, and what became of minecraft-data's: how many were read, removed, widened, folded, added."""
    recipes, count = set(game.recipes), {"read": len(game.recipes), "removed": 0, "widened": 0, "added": 0}
    for change, _ in sources.entries("recipe_changes"):
        matching = {recipe for recipe in recipes if re.fullmatch(change["item"], recipe.item) and _uses(recipe, change.get("with"))}
        if "remove" in change:
            recipes -= matching
            count["removed"] += len(matching)
        elif "widen" in change:
            recipes = (recipes - matching) | {_widened(recipe, change["widen"], groups) for recipe in matching}
            count["widened"] += len(matching)
        else:
            bag = frozenset((stack["item"], stack["count"]) for stack in stacks(change["add"]))
            recipes.add(Recipe(change["item"], int(change.get("count", 1)), bag, bool(change.get("table", False))))
            count["added"] += 1
    folded = fold(recipes, groups)
    count["facts"] = len(folded)
    return [_fact(recipe) for recipe in sorted(folded, key=_order)], count


def fold(recipes: set[Recipe], groups: Mapping[str, Sequence[str]]) -> set[Recipe]:
    """Replace, largest group first, every complete family of recipes (one per member, else equal) by one that takes the group."""
    result = set(recipes)
    for group in sorted(groups, key=lambda name: (-len(groups[name]), name)):
        members = groups[group]
        first = members[0]
        # A recipe that takes two members at once is not one of a family: swapping one would make it another recipe.
        single = [recipe for recipe in result if _uses(recipe, first) and sum(item in members for item, _ in recipe.materials) == 1]
        for recipe in sorted(single, key=_order):
            family = {_swapped(recipe, first, member) for member in members}
            if len(family) == len(members) > 1 and family <= result:
                result = (result - family) | {_swapped(recipe, first, group)}
    return result


def _widened(recipe: Recipe, group: str, groups: Mapping[str, Sequence[str]]) -> Recipe:
    """The recipe with every member of the group replaced by the group: where minecraft-data names one member of a tag only."""
    bag: dict[str, int] = {}
    for item, count in recipe.materials:
        name = group if item in groups[group] else item
        bag[name] = bag.get(name, 0) + count
    return Recipe(recipe.item, recipe.count, frozenset(bag.items()), recipe.table)


def _swapped(recipe: Recipe, old: str, new: str) -> Recipe:
    bag = frozenset((new if item == old else item, count) for item, count in recipe.materials)
    return Recipe(recipe.item, recipe.count, bag, recipe.table)


def _uses(recipe: Recipe, item: str | None) -> bool:
    return item is None or any(item == material for material, _ in recipe.materials)


def _order(recipe: Recipe) -> tuple[Any, ...]:
    return recipe.item, recipe.table, recipe.count, sorted(recipe.materials)


def _fact(recipe: Recipe) -> dict[str, Any]:
    most_first = sorted(recipe.materials, key=lambda pair: (-pair[1], pair[0]))
    return {
        "item": recipe.item,
        "count": recipe.count,
        "materials": [{"item": item, "count": count} for item, count in most_first],
        "station": "crafting_table" if recipe.table else None,
    }
