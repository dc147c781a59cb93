"""Put the two halves together: one dictionary that is a rule book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from facts.crafting import crafts
from facts.game import TIERS, Game, tool_parts
from facts.rarity import with_rarity
from facts.sources import Sources, drops, stacks

#: Digging speed by material (wiki, "Breaking"). Swords are no diggers and keep 1; shears have theirs for wool.
SHEARS_SPEED = 5.0
SPEEDS = {"wooden": 2.0, "stone": 4.0, "copper": 5.0, "iron": 6.0, "diamond": 8.0, "netherite": 9.0, "golden": 12.0}
#: The fields of an entry that must exist in a version for a member of a family to be part of it.
_NAMING = ("block", "item", "material", "seed", "plant", "target", "soil")


def compile_book(game: Game, sources: Sources) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rule book of a version as plain data, and the counts of what went in and what was left out."""
    groups = _groups(game, sources)
    known = set(game.items) | set(game.blocks) | set(groups) | {entry["mob"] for entry, _ in sources.entries("mobs")}
    recipes, count = crafts(game, groups, sources)
    pick = _picker(known, sources)
    biomes = {biome.pop("biome"): biome for biome in pick("biomes")}
    deposits = sorted(pick("deposits"), key=lambda fact: (fact["block"], fact.get("layer", ""), fact.get("biomes", []), fact.get("y", [])))
    book = {
        "format": 1,
        "name": "minecraft",
        "version": game.version,
        "items": _items(game, pick),
        "blocks": _blocks(game, pick),
        "groups": groups,
        "crafts": recipes,
        "smelts": sorted(pick("smelts"), key=lambda fact: (fact["item"], fact["material"])),
        "mobs": {mob.pop("mob"): {**mob, "drops": drops(mob.get("drops", []))} for mob in pick("mobs")},
        "uses": _uses(pick("uses")),
        "grows": sorted(pick("grows"), key=lambda fact: (fact["seed"], fact["soil"])),
        "biomes": biomes,
        "deposits": with_rarity(deposits, biomes),
        "aliases": _aliases(known, sources),
    }
    return book, {"recipes": count, "not in this version": dict(sorted(sources.skipped.items()))}


def _picker(known: set[str], sources: Sources) -> Callable[[str], list[dict[str, Any]]]:
    """A reader of sections that leaves out members of families this version lacks, and refuses any other unknown name."""

    def pick(section: str) -> list[dict[str, Any]]:
        chosen = []
        for entry, of_family in sources.entries(section):
            # A variant such as iron_pickaxe[silk_touch] is known when the item is.
            unknown = [entry[key] for key in _NAMING if isinstance(entry.get(key), str) and entry[key].partition("[")[0] not in known]
            if unknown and not of_family:
                raise SystemExit(f"sources: {section}: version {sources.version} has no '{unknown[0]}'; add since: or until: to {entry}")
            if unknown:
                sources.skipped[f"{section}: of a family"] += 1
            else:
                chosen.append(entry)
        return chosen

    return pick


def _groups(game: Game, sources: Sources) -> dict[str, list[str]]:
    """Each group with the members this version has, the most common member first, as the sources order them."""
    groups: dict[str, list[str]] = {}
    for entry, _ in sources.entries("groups"):
        members = groups.setdefault(entry["group"], [])
        for member in _members(entry["members"], sources.families):
            if member in game.items and member not in members:
                members.append(member)
            else:
                sources.skipped["groups: members"] += 1
    return {name: groups[name] for name in sorted(groups) if groups[name]}


def _members(patterns: Iterable[str], families: Mapping[str, list[str]]) -> Iterable[str]:
    """``{wood}_planks`` written out for every wood; a plain name is itself."""
    for pattern in patterns:
        family = pattern[pattern.index("{") + 1 : pattern.index("}")] if "{" in pattern else None
        yield from (pattern.replace("{" + family + "}", member) for member in families[family]) if family else (pattern,)


def _items(game: Game, pick: Callable[[str], list[dict[str, Any]]]) -> dict[str, Any]:
    items: dict[str, dict[str, Any]] = {}
    for name, entry in game.items.items():
        food, saturation = game.foods.get(name, (0, 0.0))
        # minecraft-data gives 0 to a few blocks of 1.16; no item stacks to less than one.
        items[name] = {"stack": entry["stackSize"] or 64, "durability": entry.get("maxDurability"), "food": food, "saturation": saturation}
        if parts := tool_parts(name):
            material, kind = parts
            speed = SPEEDS.get(material, SHEARS_SPEED) if kind != "sword" else 1.0
            items[name]["tool"] = {"kind": kind, "tier": TIERS.get(material, 0), "speed": speed}
    for entry in pick("items"):
        items.setdefault(name := entry.pop("item"), {}).update(entry)
        if (base := name.partition("[")[0]) != name:
            tool = {**items[base]["tool"], "silk_touch": "[silk_touch]" in name}
            items[name] = {**items[base], "stack": 1, "tool": tool, **entry}
    return {name: items[name] for name in sorted(items)}


def _blocks(game: Game, pick: Callable[[str], list[dict[str, Any]]]) -> dict[str, Any]:
    blocks: dict[str, dict[str, Any]] = {}
    for name, entry in game.blocks.items():
        if name.endswith("air"):
            continue
        facts = {key: entry[key] for key in ("hardness", "tool", "tier")}
        blocks[name] = {**facts, "drops": drops(entry["drops"])}
    for entry in pick("blocks"):
        name = entry.pop("block")
        if "drops" in entry:
            entry["drops"] = drops(entry["drops"])
        blocks[name].update(entry)
    for entry in pick("silk_touch"):
        block = blocks[entry["block"]]
        rest = [{**drop, "needs": "no_silk_touch"} for drop in block["drops"] if drop["item"] != entry["block"]]
        block["drops"] = [*rest, *drops([f"{entry['block']} silk_touch"])]  # what the block usually gives comes first
    return {name: blocks[name] for name in sorted(blocks)}


def _uses(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    uses = [
        {
            **entry,
            "gives": drops(entry.get("gives", [])),
            "materials": stacks(entry.get("materials", [])),
            "near": stacks(entry.get("near", [])),
        }
        for entry in entries
    ]
    return sorted(uses, key=lambda fact: (fact["item"], fact["target"]))


def _aliases(known: set[str], sources: Sources) -> dict[str, str]:
    """Other names for items this version has, except where the other name is itself an item, block or group of it."""
    aliases = {**sources.mapping("renames"), **sources.mapping("aliases")}
    for alias, name in list(aliases.items()):
        if alias in known or name not in known:
            sources.skipped["aliases"] += 1
            del aliases[alias]
    return dict(sorted(aliases.items()))
