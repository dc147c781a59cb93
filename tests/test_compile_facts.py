"""The compiler of rule books: nothing of minecraft-data is lost, nothing invented, and the same input gives the same bytes."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitm.facts import load

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from compile_facts import compile_text, to_text  # noqa: E402
from facts.crafting import fold  # noqa: E402
from facts.game import Recipe, read_game, read_newest  # noqa: E402
from facts.names import Names  # noqa: E402
from facts.rarity import with_rarity  # noqa: E402
from facts.shorthand import contents, drops, loot, offer  # noqa: E402
from facts.sources import Sources, version_key  # noqa: E402

VERSIONS = ("1.21.11", "1.16.5")  # tests/test_facts_all.py has them all
BOOKS = {version: load(ROOT / "knowledge" / "facts" / f"{version}.json") for version in VERSIONS}
each_version = pytest.mark.parametrize("version", VERSIONS)
DATA = os.environ.get("MINECRAFT_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="set MINECRAFT_DATA to the unpacked npm package minecraft-data to compile again")


@needs_data
@each_version
def test_compiling_again_gives_the_same_bytes(version):
    assert compile_text(Path(DATA), version)[0] == (ROOT / "knowledge" / "facts" / f"{version}.json").read_text(encoding="utf-8")


@needs_data
@each_version
def test_every_recipe_of_minecraft_data_is_still_allowed(version):
    book = BOOKS[version]
    facts: dict[str, list] = {}
    for craft in book.crafts:
        facts.setdefault(craft.item, []).append(craft)

    def allows(craft, recipe) -> bool:
        if (craft.count, craft.station == "crafting_table", len(craft.materials)) != (recipe.count, recipe.table, len(recipe.materials)):
            return False
        left = dict(recipe.materials)
        for stack in sorted(craft.materials, key=lambda stack: stack.item in book.groups):
            names = book.groups.get(stack.item, (stack.item,))
            found = next((name for name in left if name in names and left[name] == stack.count), None)
            if found is None:
                return False
            del left[found]
        return True

    renames = Sources(ROOT / "knowledge" / "sources", version).mapping("renames")
    game = read_game(Path(DATA), version, renames, read_newest(Path(DATA), "1.21.11"))
    lost = [recipe for recipe in game.recipes if not any(allows(craft, recipe) for craft in facts.get(recipe.item, ()))]
    assert {recipe.item for recipe in lost} <= {"air"}  # a map enlarged, which the data gives as nothing
    assert len(game.recipes) > 1000


@each_version
def test_the_file_is_in_the_compilers_own_form(version):
    path = ROOT / "knowledge" / "facts" / f"{version}.json"
    assert to_text(BOOKS[version]) == path.read_text(encoding="utf-8")


NAMES = st.sampled_from(["a1", "a2", "a3", "b1", "b2", "x", "y"])
GROUPS = {"a": ("a1", "a2", "a3"), "b": ("b1", "b2"), "ab": ("a1", "a2", "a3", "b1", "b2")}
RECIPES = st.builds(
    Recipe,
    item=st.just("thing"),
    count=st.integers(1, 2),
    materials=st.dictionaries(NAMES, st.integers(1, 2), min_size=1, max_size=2).map(lambda bag: frozenset(bag.items())),
    table=st.booleans(),
)


def spelled(recipe: Recipe) -> set[Recipe]:
    """All recipes a folded one stands for, by distinct members."""
    found = {()}
    for item, count in recipe.materials:
        found = {(*so_far, (member, count)) for so_far in found for member in GROUPS.get(item, (item,))}
    return {Recipe(recipe.item, recipe.count, frozenset(bag), recipe.table) for bag in found if len({item for item, _ in bag}) == len(bag)}


@given(st.sets(RECIPES, max_size=40))
def test_folding_neither_adds_nor_loses_a_recipe(recipes):
    folded = fold(recipes, GROUPS)
    assert {one for recipe in folded for one in spelled(recipe)} == recipes
    assert len(folded) <= len(recipes)


def test_folding_finds_a_product_of_two_groups():
    product = {Recipe("t", 1, frozenset({(a, 2), (b, 1)}), True) for a in GROUPS["a"] for b in GROUPS["b"]}
    assert fold(product, {"a": GROUPS["a"], "b": GROUPS["b"]}) == {Recipe("t", 1, frozenset({("a", 2), ("b", 1)}), True)}


def test_short_drops_are_read():
    (drop,) = drops(["gunpowder 0-2 12.5%"])
    assert (drop["item"], drop["low"], drop["high"], drop["chance"], drop["needs"]) == ("gunpowder", 0, 2, 0.125, "any")
    (drop,) = drops(["iron_pickaxe[silk_touch] 10%"])
    assert (drop["item"], drop["chance"]) == ("iron_pickaxe[silk_touch]", 0.1)
    with pytest.raises(SystemExit, match="does not read"):
        drops(["two apples"])


def test_short_offers_and_contents_are_read():
    made = offer("emerald 5, book -> enchanted_book[mending] 2 20%")
    assert made == {
        "item": "enchanted_book[mending]",
        "count": 2,
        "materials": [{"item": "emerald", "count": 5}, {"item": "book", "count": 1}],
        "chance": 0.2,
    }
    assert contents(["chest[igloo] 0-1", "blaze 3 respawn 500"]) == [
        {"name": "chest[igloo]", "low": 0, "high": 1, "respawn": 0},
        {"name": "blaze", "low": 3, "high": 3, "respawn": 500},
    ]
    with pytest.raises(SystemExit, match="does not read"):
        offer("emerald for a book")
    with pytest.raises(SystemExit, match="does not read"):
        contents(["blaze 3 25%"])


def test_loot_is_the_chance_that_at_least_one_roll_gives_it():
    pools = [
        {"rolls": "1-2", "of": ["1 gem 1-3", "3 nothing"]},
        {"rolls": 1, "chance": 50, "of": ["1 gem 5"]},
        {"rolls": 1, "since": "9", "of": ["1 later"]},
        {"rolls": 1, "of": ["1 coin", "1 unknown"]},
    ]
    found = {drop["item"]: drop for drop in loot(pools, lambda since, until: since is None, lambda name: name == "unknown")}
    # The first pool misses with 3/4 or 9/16, as often each; the second with 1/2.
    assert found["gem"]["chance"] == pytest.approx(1 - (0.75 + 0.5625) / 2 * 0.5, abs=1e-4)
    assert (found["gem"]["low"], found["gem"]["high"]) == (1, 5)
    assert found["coin"]["chance"] == 1  # what a version lacks takes no part in the draw
    assert set(found) == {"gem", "coin"}


def test_an_item_that_two_entries_of_a_pool_give_has_both_their_weights():
    """One roll gives one of them: the chances add up, they do not multiply."""
    (gem,) = loot([{"rolls": 1, "of": ["1 gem", "2 gem 2-3", "1 nothing"]}], lambda since, until: True, lambda name: False)
    assert (gem["low"], gem["high"], gem["chance"]) == (1, 3, 0.75)


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_sources_go_on_in_several_files_and_families_multiply(tmp_path):
    write(
        tmp_path,
        a="families: {wood: [oak, birch], age: [{new: fresh, old: stale}]}\nuses:\n"
        "  - {for: [wood, age], item: '{wood}_{age.new}', target: '{age.old}'}",
        b="uses:\n  - {item: bucket, target: water}",
    )
    found = [entry for entry, _ in Sources(tmp_path, "1.0").entries("uses")]
    assert found == [
        {"item": "oak_fresh", "target": "stale"},
        {"item": "birch_fresh", "target": "stale"},
        {"item": "bucket", "target": "water"},
    ]
    write(tmp_path, c="families: {wood: [elm]}")
    with pytest.raises(SystemExit, match="'wood' is already in another source file"):
        Sources(tmp_path, "1.0")


def test_what_a_version_lacks_is_left_out_and_what_none_has_is_an_error(tmp_path):
    text = """
families: {wood: [oak, glass]}
uses:
  - {item: brush, target: sand}
  - {item: bucket, target: sand, gives: [sand, sherd 20%]}
  - {item: bucket, target: cod, "on": mob}
  - {for: wood, item: "{wood}_boat", target: sand}
deposits:
  - {block: sand, biomes: [desert, mesa], per_cell: 1}
  - {block: sand, biomes: [mesa], per_cell: 1}
"""
    write(tmp_path, a=text)
    sources = Sources(tmp_path, "1.0")
    kinds = {"carried": ["bucket", "sand", "cod", "oak_boat"], "blocks": ["sand"], "mobs": ["cow"], "biomes": ["desert"]}
    names = Names(kinds, ["brush", "sherd"], sources)
    assert [(use["item"], use["target"], use.get("gives")) for use in names.pick("uses")] == [
        ("bucket", "sand", ["sand"]),  # cod is an item here, but no mob yet
        ("oak_boat", "sand", None),
    ]
    assert [deposit["biomes"] for deposit in names.pick("deposits")] == [["desert"]]
    write(tmp_path, a=text.replace("brush", "brusch"))
    with pytest.raises(SystemExit, match="no version has 'brusch'"):
        Names(kinds, ["brush", "sherd"], Sources(tmp_path, "1.0")).pick("uses")


def test_a_file_may_be_for_some_versions(tmp_path):
    ages = 'since: "1.14"\nuntil: "1.20"\nthings: [{name: a}, {name: b, since: "1.16"}]\nfamilies: {}\n'
    write(tmp_path, ages=ages, other="things: [{name: c}]\n")
    seen = {
        version: [entry["name"] for entry, _ in Sources(tmp_path, version).entries("things")]
        for version in ("1.13", "1.14", "1.16", "1.20")
    }
    assert seen == {"1.13": ["c"], "1.14": ["a", "c"], "1.16": ["a", "b", "c"], "1.20": ["c"]}


def test_versions_order_by_number():
    assert version_key("1.9") < version_key("1.16.5") < version_key("1.21.9") < version_key("1.21.11")


def test_sources_say_what_a_version_has():
    def fuels(version):
        return [
            entry["fuel"]
            for entry, _ in Sources(ROOT / "knowledge" / "sources", version).entries("items")
            if entry["item"] == "scaffolding"
        ]

    assert (fuels("1.17"), fuels("1.18")) == ([400], [50])


@each_version
def test_mobs_come_again_where_a_spawner_or_the_structure_brings_them_forth(version):
    structures = BOOKS[version].structures
    again = {name: {content.name for content in fact.holds if content.respawn} for name, fact in structures.items()}
    assert again["nether_fortress"] == {"blaze", "wither_skeleton"}
    assert again["ocean_monument"] == {"guardian"}  # never its elders
    assert again["swamp_hut"] == {"witch"}
    assert again["pillager_outpost"] == {"pillager", "pillager[captain]"}
    assert again["dungeon"] == {"zombie", "skeleton", "spider"}
    assert not again["end_city"] | again["village"] | again["dragon_island"] | again["woodland_mansion"]
    assert {content.name for fact in structures.values() for content in fact.holds if content.respawn} <= BOOKS[version].mobs.keys()


def test_rarity_follows_biome_share_and_number():
    biomes = {"wide": {"weight": 97}, "small": {"weight": 3}}
    deposits = [
        {"block": "weed", "biomes": ["wide"], "per_cell": 1},
        {"block": "gem", "biomes": ["small"], "per_cell": 1},
        {"block": "ore", "layer": "underground", "y": [0, 59], "per_cell": 12, "low": 4, "high": 8},
        {"block": "ruby", "layer": "underground", "y": [0, 59], "per_cell": 1, "low": 1, "high": 3},
    ]
    assert {fact["block"]: fact["rarity"] for fact in with_rarity(deposits, biomes)} == {
        "weed": "common",
        "gem": "rare",
        "ore": "common",
        "ruby": "rare",
    }


def test_an_unknown_version_is_refused_with_those_there_are(tmp_path):
    (tmp_path / "dataPaths.json").write_text('{"pc": {"1.9": {}}}', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"no version 7\.0; it has 1\.9"):
        read_newest(tmp_path, "7.0")
    with pytest.raises(SystemExit, match="give the unpacked npm package"):
        read_newest(tmp_path / "nothing", "7.0")
