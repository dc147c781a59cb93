"""The compiled rule books against what is known of the game, and against a search that shares no code with any world."""

import csv
import json
import re
import sys
from pathlib import Path

import pytest

from gitm.actions import NAME_PATTERN
from gitm.errors import BadFile
from gitm.facts import RuleBook, load, rules_hash

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from facts.reach import obtainable  # noqa: E402

VERSIONS = ("1.21.11", "1.16.5")
BOOKS = {version: load(ROOT / "knowledge" / "facts" / f"{version}.json") for version in VERSIONS}
ROWS = list(csv.DictReader((ROOT / "gitm" / "bench" / "gitm262.csv").open(encoding="utf-8")))
WANTED = [row["modern_id"] for row in ROWS]
TINY = ROOT / "tests" / "data" / "tiny_world.json"

each_version = pytest.mark.parametrize("version", VERSIONS)


def reachable(book: RuleBook) -> set[str]:
    """Every item that bare hands can come to, whatever the time: the least fixpoint of the book's rules, written for clarity."""
    have: set[str] = set()
    there: set[str] = set()
    mobs: set[str] = set()
    dimensions = {"overworld"}

    def held(name: str) -> bool:
        return name in have or bool(have & set(book.groups.get(name, ())))

    def all_held(stacks) -> bool:
        return all(held(stack.item) for stack in stacks)

    def found(biomes) -> bool:
        return bool({book.biomes[name].dimension for name in biomes} & dimensions) if biomes else True

    def drops(block, drop) -> bool:
        if block.liquid or block.hardness is None:
            return False
        fit = [tool for tool in tools if block.tier is None or (tool.kind == block.tool and tool.tier >= block.tier)]
        if drop.needs == "shears":
            return any(tool.kind == "shears" for tool in tools)
        if drop.needs == "silk_touch":
            return any(tool.silk_touch for tool in fit)
        return block.tier is None or any(not tool.silk_touch for tool in fit)

    def made(name: str) -> None:
        (mobs if name in book.mobs else there).add(name)

    while True:
        before = len(have) + len(there) + len(mobs) + len(dimensions)
        tools = [book.items[name].tool for name in have if book.items[name].tool]
        dimensions |= {dimension for portal, dimension in book.portals.items() if portal in there}
        for biome in book.biomes.values():
            there |= {biome.top, biome.below} if biome.dimension in dimensions else set()
        there |= {deposit.block for deposit in book.deposits if found(deposit.biomes)}
        mobs |= {name for name, mob in book.mobs.items() if mob.density > 0 and found(mob.biomes)}
        for structure in book.structures.values():
            for content in structure.holds if found(structure.biomes) else ():
                made(content.name)
        there |= have & set(book.blocks)  # what is held can be placed
        have |= {drop.item for name in there for drop in book.blocks[name].drops if drops(book.blocks[name], drop)}
        have |= {drop.item for name in mobs for drop in book.mobs[name].drops if drop.high > 0}
        for craft in book.crafts:
            fed = craft.station not in book.fuels or bool(have & set(book.fuels[craft.station]))
            if all_held(craft.materials) and (craft.station is None or craft.station in there) and fed:
                have.add(craft.item)
        fuel = any(book.items[name].fuel for name in have)
        have |= {s.item for s in book.smelts if (fuel or not s.fuel) and held(s.material) and s.station in there}
        there |= {grow.plant for grow in book.grows if grow.seed in have and grow.soil in there}
        points = any(book.mobs[name].experience for name in mobs)
        for use in book.uses:
            aimed = use.target == "self" or use.target in (mobs if use.on == "mob" else there)
            if (
                aimed
                and held(use.item)
                and all_held(use.materials)
                and all(s.item in there for s in use.near)
                and (points or not use.experience)
            ):
                have |= {drop.item for drop in use.gives} | ({use.item_becomes} if use.item_becomes else set())
                if use.target_becomes not in (None, "air"):
                    made(use.target_becomes)
        have |= {trade.item for trade in book.trades if trade.mob in mobs and all_held(trade.materials)}
        for build in book.builds:
            if all_held(build.materials) and (not build.tools or have & set(build.tools)) and (build.on is None or build.on in there):
                made(build.makes)
        if len(have) + len(there) + len(mobs) + len(dimensions) == before:
            return have


REACHABLE = {version: reachable(book) for version, book in BOOKS.items()}


def without(book: RuleBook, **changes) -> RuleBook:
    return book.model_copy(update=changes)


# --- the 262 ----------------------------------------------------------------------------------------------


def test_the_list_is_the_papers():
    assert len(WANTED) == len(set(WANTED)) == 262
    assert {"diamond_pickaxe", "rabbit_stew", "grass_block", "short_grass", "enchanted_book", "firework_rocket"} <= set(WANTED)


@each_version
def test_all_262_items_can_be_obtained_from_nothing(version):
    assert set(WANTED) - REACHABLE[version] == set()


def without_names(*names):
    """A change that takes structures, mobs of the wild, uses and trades with these names out of a book."""

    def change(book):
        return {
            "structures": {name: place for name, place in book.structures.items() if name not in names},
            "mobs": {name: mob for name, mob in book.mobs.items() if name not in names or not mob.density},
            "uses": tuple(use for use in book.uses if not {use.item, use.target} & set(names)),
            "trades": tuple(trade for trade in book.trades if trade.mob not in names),
        }

    return change


@pytest.mark.parametrize(
    ("lost", "change"),
    [
        (
            "iron_ingot",
            lambda b: {"crafts": tuple(c for c in b.crafts if "furnace" not in c.item), "mobs": {}, "structures": {}, "trades": ()},
        ),
        ("sea_lantern", lambda b: {"uses": (), "structures": {}, "trades": ()}),
        ("mushroom_stem", lambda b: {"uses": tuple(u for u in b.uses if u.target not in ("enchanting_table", "anvil"))}),
        ("oak_leaves", lambda b: {"crafts": tuple(c for c in b.crafts if c.item != "shears"), "uses": (), "trades": (), "structures": {}}),
        ("rabbit_stew", without_names("rabbit", "villager[butcher]")),
        ("slime_block", without_names("slime", "wandering_trader")),
        ("glass", lambda b: {"deposits": (), "biomes": {}, "mobs": {}, "structures": {}}),
        ("elytra", without_names("end_ship")),
        ("dragon_egg", without_names("dragon_island")),
        ("dragon_egg", lambda b: {"builds": tuple(build for build in b.builds if build.makes != "end_portal")}),
        ("nether_star", lambda b: {"builds": tuple(build for build in b.builds if build.makes != "wither")}),
        ("blaze_rod", lambda b: {"portals": {"end_portal": "the_end"}}),
        ("potion[swiftness]", lambda b: {"fuels": {"brewing_stand": {}}}),
        ("chainmail_helmet", lambda b: {"trades": ()}),
        ("nautilus_shell", without_names("fishing_rod", "drowned", "wandering_trader", "nautilus")),
        ("totem_of_undying", without_names("woodland_mansion")),
        ("filled_map", without_names("self")),
        ("heart_of_the_sea", without_names("buried_treasure")),
        ("white_concrete", without_names("water")),
    ],
)
@each_version
def test_an_item_is_out_of_reach_without_an_entry_it_needs(version, lost, change):
    book = BOOKS[version]
    assert lost in REACHABLE[version]
    assert lost not in obtainable(without(book, **change(book)))


@each_version
def test_every_item_can_be_had_or_has_the_reason_why_not(version):
    book = BOOKS[version]
    assert REACHABLE[version] == obtainable(book)
    assert set(book.items) - REACHABLE[version] == set(book.unobtainable)
    assert all(why and why[0].islower() and why[-1] not in ".!" for why in book.unobtainable.values())


# --- what is known of the game ------------------------------------------------------------------------------


def crafts(book, item):
    return {(c.count, c.station, frozenset((s.item, s.count) for s in c.materials)) for c in book.crafts if c.item == item}


@each_version
@pytest.mark.parametrize(
    ("item", "count", "station", "materials"),
    [
        ("oak_planks", 4, None, {"oak_logs": 1}),
        ("crafting_table", 1, None, {"planks": 4}),
        ("stick", 4, None, {"planks": 2}),
        ("chest", 1, "crafting_table", {"planks": 8}),
        ("wooden_pickaxe", 1, "crafting_table", {"planks": 3, "stick": 2}),
        ("furnace", 1, "crafting_table", {"stone_crafting_materials": 8}),
        ("torch", 4, None, {"coals": 1, "stick": 1}),
        ("white_bed", 1, "crafting_table", {"white_wool": 3, "planks": 3}),
        ("tnt", 1, "crafting_table", {"gunpowder": 5, "smelts_to_glass": 4}),
        ("painting", 1, "crafting_table", {"stick": 8, "wool": 1}),
        ("barrel", 1, "crafting_table", {"planks": 6, "wooden_slabs": 2}),
        ("campfire", 1, "crafting_table", {"logs": 3, "stick": 3, "coals": 1}),
        ("rabbit_stew", 1, "crafting_table", {"bowl": 1, "cooked_rabbit": 1, "carrot": 1, "baked_potato": 1, "brown_mushroom": 1}),
        ("firework_rocket", 3, None, {"paper": 1, "gunpowder": 1}),
        ("mushroom_stew", 1, None, {"bowl": 1, "brown_mushroom": 1, "red_mushroom": 1}),
        ("wheat", 9, None, {"hay_block": 1}),
    ],
)
def test_crafting_recipes_fold_over_groups(version, item, count, station, materials):
    assert (count, station, frozenset(materials.items())) in crafts(BOOKS[version], item)


@each_version
@pytest.mark.parametrize("item", ["chest", "stick", "furnace", "torch", "campfire", "white_bed", "tnt"])
def test_a_folded_recipe_leaves_none_of_its_members_behind(version, item):
    members = {member for name in ("planks", "coals", "logs", "smelts_to_glass") for member in BOOKS[version].groups[name]}
    assert not [c for c in BOOKS[version].crafts if c.item == item and members & {s.item for s in c.materials}]


@each_version
@pytest.mark.parametrize(
    ("block", "tool", "tier", "hardness"),
    [
        ("oak_log", "axe", None, 2.0),
        ("dirt", "shovel", None, 0.5),
        ("stone", "pickaxe", 0, 1.5),
        ("coal_ore", "pickaxe", 0, 3.0),
        ("iron_ore", "pickaxe", 1, 3.0),
        ("diamond_ore", "pickaxe", 2, 3.0),
        ("obsidian", "pickaxe", 3, 50.0),
        ("snow", "shovel", 0, 0.1),
        ("bedrock", None, None, None),
        ("water", None, None, None),
    ],
)
def test_blocks_need_the_games_tools(version, block, tool, tier, hardness):
    fact = BOOKS[version].blocks[block]
    assert (fact.tier, fact.hardness) == (tier, hardness)
    assert tool is None or fact.tool == tool


@each_version
@pytest.mark.parametrize(
    ("item", "facts"),
    [
        ("apple", {"food": 4, "saturation": 2.4}),
        ("cooked_beef", {"food": 8, "saturation": 12.8}),
        ("golden_carrot", {"food": 6, "saturation": 14.4}),
        ("coal", {"fuel": 1600}),
        ("oak_planks", {"fuel": 300}),
        ("lava_bucket", {"fuel": 20000, "stack": 1, "remainder": "bucket"}),
        ("iron_pickaxe", {"durability": 250, "damage": 4.0, "stack": 1}),
        ("diamond_sword", {"durability": 1561, "damage": 7.0}),
        ("shears", {"durability": 238}),
        ("egg", {"stack": 16}),
        ("iron_chestplate", {"armor": 6}),
    ],
)
def test_items_have_the_games_figures(version, item, facts):
    found = BOOKS[version].items[item]
    assert {name: getattr(found, name) for name in facts} == facts


@each_version
def test_tool_tiers_and_speeds(version):
    tools = {name: fact.tool for name, fact in BOOKS[version].items.items() if fact.tool}
    ranks = [
        (tools[f"{m}_pickaxe"].tier, tools[f"{m}_pickaxe"].speed) for m in ("wooden", "stone", "iron", "diamond", "netherite", "golden")
    ]
    assert ranks == [(0, 2), (1, 4), (2, 6), (3, 8), (4, 9), (0, 12)]
    assert tools["iron_pickaxe[silk_touch]"].silk_touch
    assert [name for name, tool in tools.items() if tool.silk_touch] == ["iron_pickaxe[silk_touch]"]


def test_versions_differ_as_the_game_did():
    new, old = BOOKS["1.21.11"], BOOKS["1.16.5"]
    assert [drop.item for drop in old.blocks["iron_ore"].drops] == ["iron_ore"]
    assert [(drop.item, drop.needs) for drop in new.blocks["iron_ore"].drops] == [("raw_iron", "no_silk_touch"), ("iron_ore", "silk_touch")]
    assert "raw_iron" not in old.items
    assert "deepslate" not in old.blocks
    assert min(deposit.y[0] for deposit in old.deposits if deposit.y) >= 0
    assert min(deposit.y[0] for deposit in new.deposits if deposit.y) == -63
    assert {deposit.block for deposit in new.deposits if "diamond" in deposit.block} == {"diamond_ore", "deepslate_diamond_ore"}
    assert ("string", 5) in {(s.item, s.count) for c in new.crafts if c.item == "lead" for s in c.materials}
    assert ("slime_ball", 1) in {(s.item, s.count) for c in old.crafts if c.item == "lead" for s in c.materials}


@each_version
def test_rare_drops_have_the_games_chances(version):
    mobs = BOOKS[version].mobs
    chances = {(name, drop.item): drop.chance for name, mob in mobs.items() for drop in mob.drops}
    assert chances["zombie", "iron_ingot"] == pytest.approx(0.025 / 3, rel=0.01)
    assert chances["rabbit", "rabbit_foot"] == 0.1
    assert chances["cow", "beef"] == 1
    assert {drop.item: drop.chance for drop in BOOKS[version].blocks["potatoes"].drops}["poisonous_potato"] == 0.02
    assert {drop.item: drop.chance for drop in BOOKS[version].blocks["gravel"].drops} == {"gravel": 0.9, "flint": 0.1}


@each_version
def test_ores_get_rarer_in_the_known_order(version):
    """Coal and iron are commoner than gold, gold than diamonds: words and blocks per cell agree."""
    book = BOOKS[version]

    def blocks(*names):
        return sum(
            d.per_cell * (d.low + d.high) / 2 for d in book.deposits if d.block in names and d.layer == "underground" and not d.biomes
        )

    coal, iron, gold, diamond = (blocks(f"{ore}_ore", f"deepslate_{ore}_ore") for ore in ("coal", "iron", "gold", "diamond"))
    assert coal > iron > gold > diamond > 2
    words = {d.block: d.rarity.value for d in book.deposits if d.layer == "underground" and not d.biomes and d.peak is not None}
    words |= {
        d.block: d.rarity.value
        for d in book.deposits
        if d.layer == "underground" and not d.biomes and d.peak is None and d.block not in words
    }
    assert words["iron_ore"] == words["coal_ore"] == "common"
    assert words["gold_ore"] == "uncommon"
    deep = "deepslate_diamond_ore" if "deepslate_diamond_ore" in words else "diamond_ore"  # since 1.18 they lie deep
    assert words[deep] == "rare"


@each_version
def test_names_are_names_and_aliases_hide_nothing(version):
    book = BOOKS[version]
    for name in (*book.items, *book.blocks, *book.groups, *book.mobs, *book.biomes):
        assert re.match(NAME_PATTERN, name)
    for alias, name in book.aliases.items():
        assert name in book.items
        assert alias not in book.items
        assert alias not in book.groups
        assert alias not in book.blocks
    assert book.aliases["reeds"] == "sugar_cane"
    assert book.aliases["grass"] == "short_grass"


@each_version
def test_the_papers_old_names_lead_to_the_modern_ones(version):
    book = BOOKS[version]
    # A name that means another item, group or mob today cannot lead to the old meaning; "grass" was a block, then a plant.
    taken = {"grass", *book.items, *book.groups, *book.mobs}
    old = {row["name_1_11_2"]: row["modern_id"] for row in ROWS if row["name_1_11_2"] != row["modern_id"]}
    assert len(old) == 40
    assert {name: book.aliases.get(name) for name in old if name not in taken} == {name: old[name] for name in old if name not in taken}
    assert len(set(old) & taken) < 10


# --- the loader ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "entry", "says"),
    [
        ("crafts", [{"item": "blorp", "materials": [{"item": "gorm"}]}], "crafts[0]: no item or group 'blorp'"),
        ("crafts", [{"item": "blorb", "materials": [{"item": "gorm"}], "station": "trump"}], "crafts[0]: no block 'trump'"),
        ("deposits", [{"block": "snub", "per_cell": 1}], "deposits[0]: no block 'snub'"),
        ("deposits", [{"block": "snib", "per_cell": 1, "biomes": ["moon"]}], "deposits[0]: no biome 'moon'"),
        ("deposits", [{"block": "snib", "per_cell": 0}], "deposits.0.per_cell"),
        ("mobs", {"quax": {"health": 1, "drops": [{"item": "gold"}]}}, "mobs.quax: no item or group 'gold'"),
        ("grows", [{"seed": "noog_seed", "soil": "mud", "plant": "noog_bush", "ticks": 1}], "grows[0]: no block 'mud'"),
        ("uses", [{"item": "pail", "target": "wobble"}], "uses[0]: no block 'wobble'"),
        ("uses", [{"item": "pail", "target": "wibble", "item_becomes": "soup"}], "uses[0]: no item or group 'soup'"),
        ("groups", {"poles": ["snib_pole"], "gorm": ["zill"]}, "groups.gorm: a group must not be called like"),
        ("smelts", [{"item": "drim_bar", "material": "zill", "station": "oven"}], "smelts[0]: no block 'oven'"),
        ("format", 2, "format"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, part, entry, says):
    data = json.loads(TINY.read_text(encoding="utf-8")) | {part: entry}
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load(path)
    assert says in str(caught.value)
    assert "wrong.json" in str(caught.value)
    assert "docs/facts.md" in str(caught.value)


def test_a_missing_file_is_a_bad_file(tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        load(tmp_path / "none.json")


def test_equal_rules_have_equal_hashes_and_others_not():
    book = load(TINY)
    assert rules_hash(book) == rules_hash(load(TINY))
    assert rules_hash(book) != rules_hash(without(book, aliases={}))
    assert rules_hash(BOOKS["1.21.11"]) != rules_hash(BOOKS["1.16.5"])


def test_the_tiny_world_is_whole():
    book = load(TINY)
    assert reachable(book) == set(book.items)
    assert "blorb" not in reachable(without(book, smelts=()))


def test_the_documented_example_is_a_whole_world(tmp_path):
    (text,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "facts.md").read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "example.json"
    path.write_text(text, encoding="utf-8")
    book = load(path)
    assert reachable(book) == set(book.items) == {"reed", "digger", "glimmer"}


def test_the_docs_name_every_field():
    text = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    schema = RuleBook.model_json_schema()
    fields = set(schema["properties"])
    for name, part in schema["$defs"].items():
        fields |= set(part.get("properties", {})) if name.endswith("Fact") else set()
    assert not {field for field in fields if f"`{field}`" not in text}
