"""Minecraft before 1.13, when a number and a damage value named an item: its files under the names of today.

minecraft-data's ``pc/common/legacy.json`` holds the game's own list of the change (id:damage -> name), made when 1.13 did away with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

FLATTENING = (1, 13)
#: What a recipe means that names an id without a damage value: any of these (the game's "any damage" is not in the data).
ANY = {
    5: "planks",
    17: "oak_log",
    162: "acacia_log",
    35: "wool",
    12: "smelts_to_glass",
    263: "coals",
    126: "wooden_slabs",
    44: "stone_slab",
}
#: Every pumpkin had a face before 1.13, so the list of the change knows it as a carved one.
_BEFORE = {"carved_pumpkin": "pumpkin"}


class Legacy:
    """The items, blocks and recipe cells of an old version, renamed; ``read`` gives its files, ``table`` the list of the change."""

    def __init__(self, read: Callable[[str], Any], table: Mapping[str, Mapping[str, str]], renames: Mapping[str, str]) -> None:
        self.read = read
        self.renames = renames
        self.item_names = {key: self._name(name) for key, name in table["items"].items()}
        self.block_names = {key: self._name(name) for key, name in table["blocks"].items()}

    def items(self) -> list[dict[str, Any]]:
        """Each item of the version, once for every damage value that is an item of its own today."""
        return self._flattened(self.read("items"), self.item_names)

    def blocks(self) -> list[dict[str, Any]]:
        """Each block likewise; its drops are left to the newest version's files, which know them better."""
        return [{**entry, "drops": []} for entry in self._flattened(self.read("blocks"), self.block_names)]

    def recipes(self) -> dict[str, list[dict[str, Any]]]:
        """The recipes with names instead of numbers."""
        found: dict[str, list[dict[str, Any]]] = {}
        for number, recipes in self.read("recipes").items():
            found[number] = [self._recipe(recipe) for recipe in recipes]
        return found

    def cell(self, cell: Any) -> str | None:
        """The name of what lies in a cell of a recipe."""
        if cell is None:
            return None
        number, damage = (cell["id"], cell.get("metadata", 0)) if isinstance(cell, dict) else (cell, -1)
        if damage in (-1, None, 32767):
            return ANY.get(number) or self.item_names.get(f"{number}:0")
        return self.item_names.get(f"{number}:{damage}") or self.item_names.get(f"{number}:0")

    def _recipe(self, recipe: Mapping[str, Any]) -> dict[str, Any]:
        result = recipe["result"]
        named: dict[str, Any] = {"result": {"id": self.cell({"metadata": 0, **result}), "count": result.get("count", 1)}}
        if "inShape" in recipe:
            named["inShape"] = [[self.cell(cell) for cell in row] for row in recipe["inShape"]]
        else:
            named["ingredients"] = [self.cell(cell) for cell in recipe["ingredients"]]
        return named

    def _flattened(self, entries: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
        by_id = {str(entry["id"]): entry for entry in entries}
        found: dict[str, dict[str, Any]] = {}
        for key, name in names.items():
            if (entry := by_id.get(key.partition(":")[0])) is not None and name not in found:
                found[name] = {**entry, "name": name}
        return list(found.values())

    def _name(self, name: str) -> str:
        plain = name.removeprefix("minecraft:").partition("[")[0]
        return self.renames.get(plain, _BEFORE.get(plain, plain))
