"""Chests, mobs, fishing and bartering of some versions against the game's own loot tables.

``VANILLA_LOOT`` is a folder with one ``<version>/loot_tables`` folder each, as found below ``data/minecraft`` in that version's server jar;
without it the tests are skipped (docs/facts.md).
"""

import json
import math
import os
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gitm.facts import DropFact, RuleBook, load

ROOT = Path(__file__).resolve().parent.parent
LOOT = os.environ.get("VANILLA_LOOT")
#: Containers that the tables call otherwise.
TABLES = {"chest[igloo]": "igloo_chest", "dispenser[jungle_temple]": "jungle_temple_dispenser"}
#: What mobs leave otherwise than by their tables, or by simplifications that docs/facts.md names.
CODED = {"egg", "white_wool", "dragon_egg", "nether_star", "wither_rose", "nautilus_shell", "trident", "crossbow", "iron_axe", "saddle"}
OF_MEAN_SIZE = {"slime", "magma_cube"}
with_loot = pytest.mark.skipif(
    not LOOT, reason="set VANILLA_LOOT to a folder of <version>/loot_tables to compare with the game's own tables"
)
each_compared = pytest.mark.parametrize("version", ["1.14.4", "1.16.5", "1.18.2"])


@cache
def book(version: str) -> RuleBook:
    return load(ROOT / "knowledge" / "facts" / f"{version}.json")


def drops(version: str, block: str) -> dict[str, float]:
    return {drop.item: drop.chance for drop in book(version).blocks[block].drops}


def pools(version: str, table: str) -> list[dict[str, Any]]:
    text = (Path(LOOT or "") / version / "loot_tables" / f"{table}.json").read_text(encoding="utf-8")
    return list(json.loads(text).get("pools", []))


@with_loot
@each_compared
def test_chests_hold_exactly_what_the_games_tables_say(version):
    compared = 0
    for block in book(version).blocks:
        kind, _, name = block.rstrip("]").partition("[")
        if kind in ("chest", "dispenser") and name:
            table = TABLES.get(block, f"village/{name}" if name.startswith("village_") else name)
            theirs = chances(pools(version, f"chests/{table}"), dict(book(version).aliases))
            ours = {item: chance for item, chance in drops(version, block).items() if item != kind}
            assert {item.partition("[")[0]: chance for item, chance in ours.items()} == pytest.approx(theirs, abs=0.001), block
            compared += 1
    assert compared >= 30


@with_loot
@each_compared
def test_mobs_leave_on_average_what_the_games_tables_say(version):
    compared = 0
    for mob, fact in book(version).mobs.items():
        table = next((name for name in (mob, "zombie_pigman" if mob == "zombified_piglin" else "") if exists(version, name)), None)
        if table and mob not in OF_MEAN_SIZE:
            ours = {drop.item.partition("[")[0]: drop.chance * (drop.low + drop.high) / 2 for drop in fact.drops}
            theirs = means(pools(version, f"entities/{table}"), dict(book(version).aliases))
            ours = {item: mean for item, mean in ours.items() if item not in CODED - set(theirs)}
            assert ours == pytest.approx(theirs, abs=0.01), mob
            compared += 1
    assert compared >= 45


def exists(version: str, mob: str) -> bool:
    return bool(mob) and (Path(LOOT or "") / version / "loot_tables" / "entities" / f"{mob}.json").exists()


@with_loot
@each_compared
def test_rods_and_piglins_give_what_the_games_tables_say(version):
    aliases = dict(book(version).aliases)
    catch: Counter[str] = Counter()
    for kind in pools(version, "gameplay/fishing")[0]["entries"]:
        name = kind["name"].removeprefix("minecraft:")
        for item, share in shares(pools(version, name)[0], aliases).items():
            catch[item] += kind["weight"] / 100 * share
    given = {use.target: use.gives for use in book(version).uses if use.item in ("fishing_rod", "gold_ingot")}
    assert totals(given["water"]) == pytest.approx(catch, abs=0.0003)
    if "piglin" in given:
        assert totals(given["piglin"]) == pytest.approx(shares(pools(version, "gameplay/piglin_bartering")[0], aliases), abs=0.0003)


def totals(gives: Iterable[DropFact]) -> dict[str, float]:
    found: Counter[str] = Counter()
    for drop in gives:
        found[drop.item.partition("[")[0]] += drop.chance
    return found


def shares(pool: dict[str, Any], aliases: dict[str, str]) -> dict[str, float]:
    """The share of each item of a pool of one roll, without what only some place gives (bamboo)."""
    weights: Counter[str] = Counter()
    for entry in pool["entries"]:
        if not entry.get("conditions"):
            weights[called(entry, aliases)] += entry.get("weight", 1)
    return {item: weight / weights.total() for item, weight in weights.items()}


def means(pools: list[dict[str, Any]], aliases: dict[str, str]) -> dict[str, float]:
    """How many of each item a kill leaves on average; what a special killer or state brings about, and a table within one, is left out."""
    found: Counter[str] = Counter()
    for pool in pools:
        conditions = {one["condition"].removeprefix("minecraft:"): one.get("chance", 1) for one in pool.get("conditions", [])}
        if not set(conditions) <= {"killed_by_player", "random_chance", "random_chance_with_looting"}:
            continue
        weight = sum(entry.get("weight", 1) for entry in pool["entries"])
        for entry in pool["entries"]:
            if entry["type"] == "minecraft:item":
                counts = [function["count"] for function in entry.get("functions", []) if function["function"] == "minecraft:set_count"]
                share = entry.get("weight", 1) / weight * math.prod(conditions.values()) * average(pool["rolls"])
                found[called(entry, aliases)] += share * (average(counts[0]) if counts else 1)
    return found


def average(count: Any) -> float:
    if not isinstance(count, dict):
        return float(count)
    numbers = range(int(count["min"]), int(count["max"]) + 1)
    return sum(max(0, number) for number in numbers) / len(numbers)


def chances(pools: list[dict[str, Any]], aliases: dict[str, str]) -> dict[str, float]:
    """The chance that a container holds at least one of each item, by the definition of a loot table."""
    missing: dict[str, float] = {}
    for pool in pools:
        rolls = pool["rolls"] if isinstance(pool["rolls"], dict) else {"min": pool["rolls"], "max": pool["rolls"]}
        numbers = range(int(rolls["min"]), int(rolls["max"]) + 1)
        weights: Counter[str] = Counter()
        for entry in pool["entries"]:
            weights[called(entry, aliases)] += entry.get("weight", 1)
        for item, weight in weights.items():
            never = sum((1 - weight / weights.total()) ** number for number in numbers) / len(numbers)
            missing[item] = missing.get(item, 1.0) * never
    return {item: 1 - never for item, never in missing.items() if item}


def called(entry: dict[str, Any], aliases: dict[str, str]) -> str:
    """Our name of what an entry gives; empty for nothing."""
    name = entry.get("name", "").removeprefix("minecraft:")
    enchanted = any("enchant" in function["function"] for function in entry.get("functions", []))
    return "enchanted_book" if name == "book" and enchanted else aliases.get(name, name)
