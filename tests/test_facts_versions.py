"""Older versions are not today's game: what villagers offered, what chests held and what rods caught then, against the wiki's histories."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from gitm.facts import RuleBook, TradeFact, load

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("1.12.2", "1.14.4", "1.16.5", "1.18.2", "1.20.4", "1.21.1", "1.21.11")


@cache
def book(version: str) -> RuleBook:
    return load(ROOT / "knowledge" / "facts" / f"{version}.json")


def offers(version: str, mob: str, item: str) -> list[TradeFact]:
    return [trade for trade in book(version).trades if (trade.mob, trade.item) == (mob, item)]


def price(version: str, mob: str, item: str) -> tuple[int, dict[str, int]]:
    (only,) = offers(version, mob, item)
    return only.count, {stack.item: stack.count for stack in only.materials}


def since(what: Iterable[bool]) -> list[str]:
    return [version for version, there in zip(VERSIONS, what, strict=True) if there]


# --- trades -------------------------------------------------------------------------------------------------------


def test_nobody_trades_who_is_not_there_yet():
    traders = {version: {trade.mob for trade in book(version).trades} for version in VERSIONS}
    for late in ("wandering_trader", "villager[mason]"):
        assert since(late in traders[version] for version in VERSIONS) == list(VERSIONS[1:])
        assert since(late in book(version).mobs for version in VERSIONS) == list(VERSIONS[1:])
    assert len(traders["1.12.2"]) == 12
    assert all(traders[version] <= set(book(version).mobs) for version in VERSIONS)


@pytest.mark.parametrize(
    ("mob", "item", "before", "after"),
    [  # the middle of the range of prices before 1.14, rounded down
        ("villager[farmer]", "bread", (3, {"emerald": 1}), (6, {"emerald": 1})),
        ("villager[farmer]", "cookie", (8, {"emerald": 1}), (18, {"emerald": 3})),
        ("villager[fletcher]", "arrow", (10, {"emerald": 1}), (16, {"emerald": 1})),
        ("villager[cleric]", "ender_pearl", (1, {"emerald": 5}), (1, {"emerald": 5})),
        ("villager[cleric]", "experience_bottle", (1, {"emerald": 7}), (1, {"emerald": 3})),
        ("villager[armorer]", "chainmail_chestplate", (1, {"emerald": 13}), (1, {"emerald": 4})),
        ("villager[weaponsmith]", "diamond_sword", (1, {"emerald": 13}), (1, {"emerald": 20})),
        ("villager[toolsmith]", "diamond_pickaxe", (1, {"emerald": 13}), (1, {"emerald": 25})),
        ("villager[librarian]", "compass", (1, {"emerald": 11}), (1, {"emerald": 4})),
        ("villager[leatherworker]", "saddle", (1, {"emerald": 9}), (1, {"emerald": 6})),
    ],
)
def test_prices_changed_with_villages_and_pillage(mob, item, before, after):
    assert [price(version, mob, item) for version in VERSIONS] == [before, *[after] * 6]


@pytest.mark.parametrize(
    ("mob", "item"),
    [
        ("villager[farmer]", "golden_carrot"),
        ("villager[shepherd]", "painting"),
        ("villager[shepherd]", "red_banner"),
        ("villager[librarian]", "lantern"),
        ("villager[cartographer]", "item_frame"),
        ("villager[armorer]", "shield"),
        ("villager[toolsmith]", "stone_axe"),
        ("villager[butcher]", "rabbit_stew"),
    ],
)
def test_what_nobody_sold_before_1_14(mob, item):
    assert since(bool(offers(version, mob, item)) for version in VERSIONS) == list(VERSIONS[1:])


def test_before_1_14_every_offer_of_a_level_was_made():
    drawn = [trade for trade in book("1.12.2").trades if trade.chance < 1]
    assert drawn
    assert {trade.item.partition("[")[0] for trade in drawn} == {"enchanted_book"}
    levels = Counter(trade.level for trade in book("1.12.2").trades if trade.mob == "villager[armorer]")
    assert levels == {1: 2, 2: 2, 3: 2, 4: 4}


def test_shelves_came_by_the_three_until_1_15():
    prices = [price(version, "villager[librarian]", "bookshelf") for version in VERSIONS]
    assert prices == [(1, {"emerald": 3}), (3, {"emerald": 6}), *[(1, {"emerald": 9})] * 5]


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_a_wandering_trader_carries_five_goods_and_a_special_one(version):
    """Each good is as likely as the version's list is long; what its list lacks makes the others likelier."""
    goods = [trade for trade in book(version).trades if trade.mob == "wandering_trader"]
    special = {"tropical_fish_bucket", "pufferfish_bucket", "packed_ice", "blue_ice", "gunpowder", "podzol"}
    ordinary = [trade for trade in goods if trade.item not in special]
    assert {trade.item for trade in goods} > special
    assert {trade.chance for trade in goods if trade.item in special} == {0.17}
    assert {trade.chance for trade in ordinary} == {round(5 / len(ordinary), 2)}


def test_the_wandering_trader_sells_what_the_version_has():
    new = ("kelp", "moss_block", "pointed_dripstone", "mangrove_propagule", "cherry_sapling", "pale_oak_sapling")
    sold = [[item for item in new if offers(version, "wandering_trader", item)] for version in VERSIONS]
    assert [len(some) for some in sold] == [0, 1, 1, 3, 5, 5, 6]


def test_masons_sell_dripstone_when_there_is_some():
    chances = [{trade.chance for trade in offers(version, "villager[mason]", "polished_granite")} for version in VERSIONS]
    assert chances == [set(), {0.33}, {0.33}, {0.29}, {0.29}, {0.29}, {0.29}]
    assert since(bool(offers(v, "villager[mason]", "dripstone_block")) for v in VERSIONS) == list(VERSIONS[3:])


@pytest.mark.parametrize("version", VERSIONS)
def test_offers_of_every_level_are_told_apart(version):
    """Someone has something at each level from novice on, without a gap, and no offer is written twice."""
    trades = book(version).trades
    levels: dict[str, set[int]] = {}
    for trade in trades:
        levels.setdefault(trade.mob, set()).add(trade.level)
    assert all(reached == set(range(1, max(reached) + 1)) for mob, reached in levels.items() if mob != "villager[librarian]")
    assert {mob for mob, reached in levels.items() if reached == {1}} <= {"wandering_trader"}
    keys = [(trade.mob, trade.level, trade.item, trade.materials) for trade in trades]
    assert len(keys) == len(set(keys))


# --- chests, villages, fishing ------------------------------------------------------------------------------------


def held(version: str, structure: str) -> set[str]:
    return {content.name for content in book(version).structures[structure].holds}


def drops(version: str, block: str) -> dict[str, float]:
    return {drop.item: drop.chance for drop in book(version).blocks[block].drops}


def test_only_the_smith_had_a_chest_before_1_14():
    of_villages = [{name for name in book(version).blocks if name.startswith("chest[village_")} for version in VERSIONS]
    assert of_villages[0] == {"chest[village_weaponsmith]"}
    assert all(len(found) == 16 for found in of_villages[1:])
    assert drops("1.12.2", "chest[village_weaponsmith]")["obsidian"] > 0


def test_villages_of_1_12_have_no_beds_no_snow_and_no_work_blocks():
    then = {
        name
        for structure in book("1.12.2").structures
        if "house" in structure or structure == "village"
        for name in held("1.12.2", structure)
    }
    assert not {name for name in then if name.endswith("_bed")}
    assert not then & {"villager[mason]", "bell", "composter", "hay_block", "cat"}
    assert "snowy_houses" not in book("1.12.2").structures
    assert all("snowy_houses" in book(version).structures for version in VERSIONS[1:])


@pytest.mark.parametrize(
    ("block", "item", "first"),
    [
        ("chest[buried_treasure]", "potion[water_breathing]", "1.18.2"),
        ("chest[simple_dungeon]", "music_disc_otherside", "1.18.2"),
        ("chest[bastion_other]", "music_disc_pigstep", "1.16.5"),
        ("chest[bastion_treasure]", "netherite_upgrade_smithing_template", "1.20.4"),
        ("chest[woodland_mansion]", "vex_armor_trim_smithing_template", "1.20.4"),
        ("chest[ancient_city]", "echo_shard", "1.20.4"),
        ("chest[trial_corridor]", "iron_axe", "1.21.1"),
        ("chest[jungle_temple]", "bamboo", "1.14.4"),
    ],
)
def test_loot_since_the_version_that_brought_it(block, item, first):
    there = [block in book(version).blocks and item in drops(version, block) for version in VERSIONS]
    assert since(there) == list(VERSIONS[VERSIONS.index(first) :])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_lily_pad_was_a_treasure_before_1_16(version):
    """85 % are fish, 10 % junk, 5 % treasure; a rod is of the last two."""
    (fishing,) = [use for use in book(version).uses if use.item == "fishing_rod" and use.target == "water"]
    caught = {drop.item: drop.chance for drop in fishing.gives}
    treasures = {"name_tag", "saddle", "bow", "enchanted_book", "nautilus_shell", *(["lily_pad"] if version in VERSIONS[:2] else [])}
    assert len({caught[item] for item in treasures & set(caught)}) == 1
    assert caught["lily_pad"] < caught["leather"] if "lily_pad" in treasures else caught["lily_pad"] > caught["leather"]
    assert ("nautilus_shell" in caught) == (version != "1.12.2")
    assert sum(caught[fish] for fish in ("cod", "salmon", "pufferfish", "tropical_fish")) == pytest.approx(0.85)
    assert sum(caught.values()) == pytest.approx(1, abs=0.002)


def test_no_sticks_fell_from_leaves_before_1_14_and_no_hoe_cut_them_before_1_16():
    assert since("stick" in drops(version, "oak_leaves") for version in VERSIONS) == list(VERSIONS[1:])
    assert since(book(version).blocks["oak_leaves"].tool == "hoe" for version in VERSIONS) == list(VERSIONS[2:])
    assert all({"oak_sapling", "apple", "oak_leaves"} <= set(drops(version, "oak_leaves")) for version in VERSIONS)
