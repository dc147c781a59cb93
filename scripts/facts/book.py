"""Put the two halves together: one dictionary that is a rule book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from facts.crafting import crafts
from facts.game import TIERS, Game, tool_parts
from facts.names import Names
from facts.places import structures
from facts.rarity import with_rarity
from facts.shorthand import drops, loot, stacks
from facts.sources import Sources

#: Digging speed by material (wiki, "Breaking"). Swords are no diggers and keep 1; shears have theirs for wool.
SHEARS_SPEED = 5.0
SPEEDS = {"wooden": 2.0, "stone": 4.0, "copper": 5.0, "iron": 6.0, "diamond": 8.0, "netherite": 9.0, "golden": 12.0}


def compile_book(game: Game, sources: Sources, ever: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rule book of a version as plain data, and the counts of what went in and what was left out.

    ``ever`` are the names of the newest version: what is not there either is a mistake.
    """
    groups = _groups(game, sources)
    all_groups = {entry["group"] for entry, _ in sources.entries("groups")}
    biomes = {biome.pop("biome"): biome for biome, _ in sources.entries("biomes")}
    kinds = {"carried": [*game.items, *groups], "blocks": game.blocks, "mobs": game.mobs, "biomes": biomes}
    names = Names(kinds, {*ever, *all_groups}, sources)
    recipes, count = crafts(game, groups, sources)
    places = structures(names)
    held = {content["name"] for place in places for content in place["holds"]}
    chests = _loot(names, held)
    book = {
        "format": 1,
        "name": "minecraft",
        "version": game.version,
        "items": _items(game, names),
        "blocks": _blocks(game, names, chests),
        "groups": groups,
        "crafts": [*recipes, *_station_crafts(names)],
        "smelts": _smelts(names, game),
        "mobs": {mob.pop("mob"): {**mob, "drops": drops(mob.get("drops", []))} for mob in names.pick("mobs")},
        "uses": _uses([*names.pick("uses"), *(chest for chest in chests if "use" in chest)]),
        "grows": sorted(names.pick("grows"), key=lambda fact: (fact["seed"], fact["soil"])),
        "biomes": biomes,
        "deposits": with_rarity(sorted(names.pick("deposits"), key=_by_block), biomes),
        "structures": {place.pop("structure"): place for place in places},
        "trades": _trades(names),
        "builds": [{**build, "materials": stacks(build["materials"])} for build in names.pick("builds")],
        "portals": sources.mapping("portals"),
        "fuels": sources.mapping("fuels"),
        "unobtainable": _unobtainable(names),
        "aliases": _aliases({*game.items, *game.blocks, *groups}, {*game.items}, sources),
    }
    return book, {"recipes": count, "not in this version": dict(sorted(sources.skipped.items()))}


def _by_block(fact: Mapping[str, Any]) -> tuple[Any, ...]:
    return fact["block"], fact.get("layer", ""), fact.get("biomes", []), fact.get("y", [])


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


def _items(game: Game, names: Names) -> dict[str, Any]:
    items: dict[str, dict[str, Any]] = {}
    for name, entry in game.items.items():
        food, saturation = game.foods.get(name, (0, 0.0))
        # minecraft-data gives 0 to a few blocks of 1.16; no item stacks to less than one.
        items[name] = {"stack": entry["stackSize"] or 64, "durability": entry.get("maxDurability"), "food": food, "saturation": saturation}
        if parts := tool_parts(name):
            material, kind = parts
            speed = SPEEDS.get(material, SHEARS_SPEED) if kind != "sword" else 1.0
            items[name]["tool"] = {"kind": kind, "tier": TIERS.get(material, 0), "speed": speed}
    for entry in names.pick("items"):
        name = entry.pop("item")
        base = name.partition("[")[0]
        if base != name and name not in items:
            items[name] = {**items[base]}
            if "[silk_touch]" in name and "tool" in items[base]:
                items[name]["tool"] = {**items[base]["tool"], "silk_touch": True}
        items.setdefault(name, {}).update(entry)
    return {name: items[name] for name in sorted(items)}


def _blocks(game: Game, names: Names, chests: list[dict[str, Any]]) -> dict[str, Any]:
    blocks: dict[str, dict[str, Any]] = {}
    for name, entry in game.blocks.items():
        if name.endswith("air"):
            continue
        facts = {key: entry[key] for key in ("hardness", "tool", "tier")}
        blocks[name] = {**facts, "drops": drops(entry["drops"])}
    for entry in names.pick("blocks"):
        name = entry.pop("block")
        if "drops" in entry:
            entry["drops"] = drops(entry["drops"])
        # A variant, such as what stands in a structure, is the plain block but for what is said of it.
        blocks[name] = {**blocks.get(name.partition("[")[0], {}), **blocks.get(name, {}), **entry}
    for entry in names.pick("silk_touch"):
        if names.lacks(entry["block"], carried=True):
            continue
        block = blocks[entry["block"]]
        rest = [drop if drop["needs"] == "shears" else {**drop, "needs": "no_silk_touch"} for drop in block["drops"]]
        rest = [drop for drop in rest if drop["needs"] == "shears" or drop["item"] != entry["block"]]
        block["drops"] = [*rest, *drops([f"{entry['block']} silk_touch"])]  # what the block usually gives comes first
    for chest in chests:
        plain = blocks[chest["block"].partition("[")[0]]
        found = [] if "use" in chest else [*plain["drops"], *chest["gives"]]
        blocks[chest["block"]] = {key: value for key, value in plain.items() if key != "station"} | {"drops": found}
    return {name: blocks[name] for name in sorted(blocks)}


def _loot(names: Names, held: set[str]) -> list[dict[str, Any]]:
    """The containers that some structure holds, with what is in them: dug up, or got by a use."""
    found = []
    for entry, _ in names.sources.entries("loot"):
        if entry["block"] in held and not names.lacks(entry["block"]):
            found.append({**entry, "gives": loot(entry["pools"], names.sources.holds, lambda name: names.lacks(name, carried=True))})
    return found


def _smelts(names: Names, game: Game) -> list[dict[str, Any]]:
    """Furnace recipes; what is marked as food or ore is done by a smoker and a campfire, or a blast furnace, too (since 1.14)."""
    smelts = []
    for entry in names.pick("smelts"):
        kind = entry.pop("kind", None)
        smelts.append(entry)
        if kind == "ore" and "blast_furnace" in game.blocks:
            smelts.append({**entry, "station": "blast_furnace", "ticks": 100})
        if kind == "food" and "smoker" in game.blocks:
            smelts.append({**entry, "station": "smoker", "ticks": 100})
            smelts.append({**entry, "station": "campfire", "ticks": 600, "fuel": False})
    return sorted(smelts, key=lambda fact: (fact["item"], fact["material"], fact.get("ticks", 200)))


def _station_crafts(names: Names) -> list[dict[str, Any]]:
    """What is made at stations that minecraft-data does not know: stonecutting, smithing, brewing, ..."""
    made = [{**entry, "materials": stacks(entry["materials"])} for entry in names.pick("crafts")]
    for cut in [] if names.lacks("stonecutter") else names.pick("stonecutting"):
        for stack in stacks(cut["items"]):
            made.append({**stack, "materials": stacks([cut["material"]]), "station": "stonecutter"})
    return sorted(made, key=lambda fact: (fact.get("station", ""), fact["item"], str(fact["materials"])))


def _uses(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    uses = []
    for entry in entries:
        if "use" in entry:  # loot that is got by a use
            uses.append({**entry["use"], "target": entry["block"], "gives": entry["gives"]})
            continue
        lists = {
            "gives": drops(entry.get("gives", [])),
            "materials": stacks(entry.get("materials", [])),
            "near": stacks(entry.get("near", [])),
        }
        uses.append({**entry, **lists})
    return sorted(uses, key=lambda fact: (fact["item"], fact["target"]))


def _trades(names: Names) -> list[dict[str, Any]]:
    """The offers. Where some are drawn (``draws``), it is from all that the version has of the same mob, level and number drawn."""
    entries = names.pick("trades")
    in_all: Counter[tuple[Any, ...]] = Counter()
    for entry in entries:
        in_all[_drawn(entry)] += len(entry["offers"])
    offers = []
    for entry in entries:
        chance = {"chance": min(1.0, round(entry["draws"] / max(1, in_all[_drawn(entry)]), 2))} if "draws" in entry else {}
        offers += [{"mob": entry["mob"], "level": entry.get("level", 1), **one, **chance} for one in entry["offers"]]
    return offers


def _drawn(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return entry["mob"], entry.get("level", 1), entry.get("draws")


def _unobtainable(names: Names) -> dict[str, str]:
    return {item: entry["why"] for entry in names.pick("unobtainable") for item in sorted(entry["items"])}


def _aliases(taken: set[str], items: set[str], sources: Sources) -> dict[str, str]:
    """Other names for items this version has, except where the other name is itself an item, block or group of it."""
    aliases = {**sources.mapping("renames"), **sources.mapping("aliases")}
    for alias, name in list(aliases.items()):
        if alias in taken or name not in items:
            sources.skipped["aliases"] += 1
            del aliases[alias]
    return dict(sorted(aliases.items()))
