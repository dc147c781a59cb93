"""Recipes as data packs write them, from 1.14 to 1.21: what is crafted, smelted, cut and smithed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from gitm.facts import CraftFact, SmeltFact
from gitm.importing.names import Broken, Names, entries, mapping, number, plain
from gitm.types import Stack

COOKING = {"smelting": "furnace", "blasting": "blast_furnace", "smoking": "smoker", "campfire_cooking": "campfire"}
TICKS = {"smelting": 200, "blasting": 100, "smoking": 100, "campfire_cooking": 100}  # where a recipe does not say
SMITHING = ("template", "base", "addition")
GRID = 2  # columns and rows of the inventory's own


class Groups:
    """Names for sets of items any of which will do: the base book's own, else a tag's, else made up from the first member."""

    def __init__(self, base: Mapping[str, tuple[str, ...]], names: Names, taken: frozenset[str]) -> None:
        self.names, self.taken = names, taken
        self.members: dict[str, tuple[str, ...]] = {}
        for name, members in base.items():
            now = names.tag(name) if name in names.tags else ()
            self.members[name] = tuple(dict.fromkeys((*[m for m in members if m in now], *now))) or members
        self._by_set = {frozenset(members): name for name, members in self.members.items()}

    def name(self, ingredient: Any) -> str | None:
        """The item or group that an ingredient stands for; None when nothing fits it."""
        members = self.names.choice(ingredient)
        if len(members) < 2:
            return members[0] if members else None
        if (known := self._by_set.get(frozenset(members))) is None:
            known = self._new(ingredient, members[0])
            self.members[known] = members
            self._by_set[frozenset(members)] = known
        return known

    def _new(self, ingredient: Any, first: str) -> str:
        tag = ingredient.get("tag") if isinstance(ingredient, dict) else ingredient
        wish = tag.removeprefix("#").removeprefix("minecraft:").replace("/", "_") if isinstance(tag, str) else f"{first}_or_alike"
        name = wish if wish not in self.taken else f"kinds_of_{wish}"
        return next(free for free in (name, *(f"{name}_{at}" for at in range(2, 10_000))) if free not in self.members)


class Recipes:
    """All recipes of a jar. ``left_out`` counts the types that the book has no words for, such as those that only code knows."""

    def __init__(self, names: Names, groups: Groups) -> None:
        self.names, self.groups = names, groups
        self.crafts: list[CraftFact] = []
        self.smelts: list[SmeltFact] = []
        self.left_out: Counter[str] = Counter()

    def add(self, value: Any) -> None:
        """Take in one recipe; raises :class:`Broken` (or pydantic's ValueError) when it is not what its type says."""
        recipe = mapping(value)
        kind = plain(recipe.get("type"))
        if kind in COOKING:
            self._smelt(kind, recipe)
        elif kind == "crafting_shaped":
            self._shaped(recipe)
        elif kind == "crafting_shapeless":
            ingredients = entries(recipe.get("ingredients"))
            self._craft(recipe.get("result"), ingredients, None if len(ingredients) <= GRID**2 else "crafting_table")
        elif kind == "crafting_transmute":
            self._craft(recipe.get("result"), [recipe.get("input"), recipe.get("material")], None)
        elif kind == "stonecutting":
            self._craft(recipe.get("result"), [recipe.get("ingredient")], "stonecutter", recipe.get("count"))
        elif kind in ("smithing", "smithing_transform"):
            self._craft(recipe.get("result"), [recipe[part] for part in SMITHING if part in recipe], "smithing_table")
        else:
            self.left_out[kind] += 1

    def _shaped(self, recipe: Mapping[str, Any]) -> None:
        rows, key = entries(recipe.get("pattern")), mapping(recipe.get("key"))
        if not rows or not all(isinstance(row, str) and len(row) <= 9 for row in rows) or len(rows) > 9:
            raise Broken("the pattern is not a list of rows")
        used = [sign for row in rows for sign in row if sign != " "]
        if strangers := set(used) - set(key):
            raise Broken(f"the key does not say what {min(strangers)!r} is")
        small = len(rows) <= GRID and max(map(len, rows)) <= GRID
        self._craft(recipe.get("result"), [key[sign] for sign in used], None if small else "crafting_table")

    def _craft(self, result: Any, ingredients: list[Any], station: str | None, count: Any = None) -> None:
        if not ingredients:
            raise Broken("it takes nothing")
        needed = Counter(self.groups.name(ingredient) for ingredient in ingredients)
        if None in needed:
            self.left_out["recipes of an empty tag"] += 1
            return
        item, made = self._result(result)
        materials = tuple(Stack(item=name, count=n) for name, n in needed.items() if name)
        if (many := int(number(count or made))) < 1:
            raise Broken("it makes nothing")
        self.crafts.append(CraftFact(item=item, count=many, materials=materials, station=station))

    def _smelt(self, kind: str, recipe: Mapping[str, Any]) -> None:
        item, _ = self._result(recipe.get("result"))
        if (material := self.groups.name(recipe.get("ingredient"))) is None:
            self.left_out["recipes of an empty tag"] += 1
            return
        self.smelts.append(
            SmeltFact(
                item=item,
                material=material,
                ticks=int(number(recipe.get("cookingtime", TICKS[kind]))),
                station=COOKING[kind],
                fuel=kind != "campfire_cooking",
                experience=number(recipe.get("experience", 0)),
            )
        )

    def _result(self, value: Any) -> tuple[str, Any]:
        """``"id"``, ``{"item", "count"}`` or, from 1.20.5, ``{"id", "count", "components"}``."""
        if isinstance(value, str):
            return self.names.item(value), 1
        result = mapping(value)
        return variant(self.names, result.get("id", result.get("item")), mapping(result.get("components", {}))), result.get("count", 1)


def variant(names: Names, item: Any, components: Mapping[str, Any]) -> str:
    """``potion[swiftness]`` where the components say so and our books tell such items apart, else the item alone."""
    name = names.item(item)
    contents = components.get("minecraft:potion_contents")
    potion = contents.get("potion") if isinstance(contents, dict) else contents
    special = f"{name}[{plain(potion)}]" if isinstance(potion, str) else name
    return special if special in names.known else name
