"""What npm ``minecraft-data`` knows about one version, under canonical (newest) names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts.legacy import ANY, FLATTENING, Legacy
from facts.sources import version_key

KINDS = ("pickaxe", "axe", "shovel", "hoe", "sword", "shears")
#: The tier a tool's material has as a digger: the least tier that a block asks for is compared with it.
TIERS = {"wooden": 0, "golden": 0, "stone": 1, "copper": 1, "iron": 2, "diamond": 3, "netherite": 4}


@dataclass(frozen=True)
class Recipe:
    """A crafting recipe as a bag of ingredients; ``table`` when it does not fit the 2x2 grid."""

    item: str
    count: int
    materials: frozenset[tuple[str, int]]
    table: bool


@dataclass(frozen=True)
class Game:
    """One version's plain data: items and blocks by name, mobs, foods by name, recipes in file order."""

    version: str
    items: Mapping[str, Mapping[str, Any]]
    blocks: Mapping[str, Mapping[str, Any]]
    mobs: frozenset[str]
    foods: Mapping[str, tuple[int, float]]
    recipes: tuple[Recipe, ...]


@dataclass(frozen=True)
class Newest:
    """What the newest version's files tell about every version: the canonical names, and what blocks drop as a rule."""

    names: frozenset[str]
    drops: Mapping[str, tuple[str, ...]]


def read_newest(root: Path, version: str) -> Newest:
    """The newest version's names and drops."""
    read = _reader(root, version)
    items = {entry["id"]: entry["name"] for entry in read("items")}
    blocks = read("blocks")
    return Newest(
        names=frozenset([*items.values(), *(entry["name"] for kind in (blocks, read("entities")) for entry in kind)]),
        drops={entry["name"]: tuple(items[drop] for drop in entry["drops"] if items.get(drop, "air") != "air") for entry in blocks},
    )


def read_game(root: Path, version: str, renames: Mapping[str, str], newest: Newest) -> Game:
    """Read one version below ``root`` (the npm package, or its data folder); ``renames`` maps older names to ours."""
    read = _reader(root, version)
    if version_key(version) < FLATTENING:
        legacy = Legacy(read, read("legacy"), renames)
        items, blocks, recipes = legacy.items(), legacy.blocks(), legacy.recipes()
        plain = {name: name for name in (*legacy.item_names.values(), *ANY.values())}
        names: dict[Any, str] = {entry["id"]: entry["name"] for entry in reversed(items)} | plain
    else:
        items = [{**entry, "name": renames.get(entry["name"], entry["name"])} for entry in read("items")]
        blocks = [{**entry, "name": renames.get(entry["name"], entry["name"])} for entry in read("blocks")]
        names, recipes = {entry["id"]: entry["name"] for entry in items}, read("recipes")
    known = {entry["name"] for entry in items}
    materials = read("materials")
    return Game(
        version=version,
        items={entry["name"]: entry for entry in items if entry["name"] != "air"},
        blocks={
            entry["name"]: _block(entry, names, materials, [drop for drop in newest.drops.get(entry["name"], ()) if drop in known])
            for entry in blocks
        },
        mobs=frozenset(renames.get(entry["name"], entry["name"]) for entry in read("entities")),
        foods=_foods(read("foods"), renames),
        recipes=tuple(_recipe(recipe, names) for found in recipes.values() for recipe in found),
    )


def _reader(root: Path, version: str) -> Callable[[str], Any]:
    """A function that reads one kind of file of a version; the folder may be the npm package or its data folder."""
    data = next((path for path in (root, root / "data", root / "minecraft-data" / "data") if (path / "dataPaths.json").exists()), None)
    if data is None:
        raise SystemExit(f"{root}: no dataPaths.json below it; give the unpacked npm package minecraft-data")
    paths = _json(data / "dataPaths.json")["pc"]
    if version not in paths:
        raise SystemExit(f"minecraft-data has no version {version}; it has {', '.join(paths)}")
    folders = {**paths[version], "legacy": "pc/common"}
    return lambda kind: _json(data / folders[kind] / f"{kind}.json")


def tool_parts(name: str) -> tuple[str, str] | None:
    """``iron_pickaxe`` -> (``iron``, ``pickaxe``); None for what is no digging tool or sword."""
    material, _, kind = name.rpartition("_")
    if name == "shears":
        return "", "shears"
    return (material, kind) if kind in KINDS and material in TIERS else None


def _block(entry: Mapping[str, Any], names: Mapping[Any, str], materials: Any, usual: list[str]) -> dict[str, Any]:
    """A block with its drops as item names, the tool kind that digs it and the least tier that makes it drop.

    ``usual`` is what it drops in the newest version: the files of 1.18 and before 1.13 leave most drops out.
    """
    needed = [parts for number in entry.get("harvestTools", {}) if (parts := tool_parts(names.get(int(number), "")))]
    # Since 1.20.5 the material of a tier-gated block is "incorrect_for_..._tool", which lists the wrong tools: the harvest
    # tools come first, and the material decides only for blocks that any hand can harvest.
    speeds = materials.get(entry.get("material", ""), {})
    fast = [parts for number in speeds if (parts := tool_parts(names.get(int(number), "")))]
    hardness = entry["hardness"]
    return {
        "name": entry["name"],
        "hardness": None if hardness is None or hardness < 0 or not entry["diggable"] else float(hardness),
        "tool": _kind(needed or fast) if hardness or needed else None,  # what breaks at once is dug no faster with a tool
        "tier": min((TIERS.get(material, 0) for material, _ in needed), default=None),
        "drops": [names[drop] for drop in entry["drops"] if drop in names and names[drop] != "air"] or usual,
    }


def _kind(tools: list[tuple[str, str]]) -> str | None:
    """The kind most of the tools are of; the order of ``KINDS`` decides a tie."""
    kinds = [kind for _, kind in tools]
    return max(KINDS, key=kinds.count) if kinds else None


def _foods(foods: list[dict[str, Any]], renames: Mapping[str, str]) -> dict[str, tuple[int, float]]:
    """Food and saturation points. Files from 1.20.5 on give twice the true saturation as ``saturationRatio`` (apple: 4.8 for 2.4)."""
    # The greatest true ratio of saturation to food is the golden carrot's 2.4, so a greater one betrays the newer meaning.
    modern = max(food["saturationRatio"] for food in foods) > 2.5
    return {
        renames.get(food["name"], food["name"]): (
            int(food["foodPoints"]),
            round(float(food["saturationRatio"] / 2 if modern else food["saturation"]), 2),
        )
        for food in foods
    }


def _recipe(recipe: Mapping[str, Any], names: Mapping[Any, str]) -> Recipe:
    rows = recipe.get("inShape")
    cells = [cell for row in rows for cell in row if cell is not None] if rows else list(recipe["ingredients"])
    bag: dict[str, int] = {}
    for cell in cells:
        bag[names[cell]] = bag.get(names[cell], 0) + 1
    table = max(len(rows), *(len(row) for row in rows)) > 2 if rows else len(cells) > 4
    return Recipe(names[recipe["result"]["id"]], int(recipe["result"].get("count", 1)), frozenset(bag.items()), table)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
