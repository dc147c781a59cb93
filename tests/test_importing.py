"""Rule books from a server jar: jars built here, in the forms of several versions, honest and hostile."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gitm.cli import main
from gitm.errors import BadFile
from gitm.facts import DropFact, RuleBook, SmeltFact, load
from gitm.importing import Imported, import_jar, jar
from gitm.types import Stack

ITEMS = (
    "oak_log birch_log oak_planks birch_planks stick crafting_table wooden_pickaxe cobblestone stone flint gravel coal "
    "charcoal torch wheat wheat_seeds shears potion potion[swiftness] bone leather white_wool mutton cod fishing_rod "
    "chest netherite_sword diamond_sword netherite_ingot beef cooked_beef stone_bricks firework_rocket paper spawn_egg "
    "enchanted_book furnace short_grass"
)
PLACED = "oak_log birch_log crafting_table stone gravel wheat chest furnace stonecutter smithing_table campfire water chest[ruin]"
BASE = RuleBook.model_validate(
    {
        "name": "base",
        "version": "1.20.4",
        "items": {name: {} for name in ITEMS.split()}
        | {"wooden_pickaxe": {"stack": 1, "durability": 59, "tool": {"kind": "pickaxe", "speed": 2}}},
        "blocks": {name: {"hardness": 1.5} for name in PLACED.split()}
        | {"stone": {"hardness": 1.5, "tool": "pickaxe", "tier": 0}}
        | {"oak_log": {"hardness": 2, "drops": [{"item": "oak_log"}]}},
        "groups": {"planks": ["oak_planks", "birch_planks"], "coals": ["coal", "charcoal"]},
        "crafts": [
            {"item": "stick", "materials": [{"item": "bone"}]},
            {"item": "firework_rocket", "materials": [{"item": "paper"}]},
            {"item": "potion[swiftness]", "materials": [{"item": "potion"}]},
        ],
        "mobs": {"sheep": {"health": 8}},
        "uses": [{"item": "fishing_rod", "target": "water", "wear": 1, "ticks": 300}],
        "biomes": {"plains": {"top": "gravel", "below": "gravel"}},
        "deposits": [{"block": "oak_log", "per_cell": 3, "low": 2, "high": 4}, {"block": "stone", "layer": "underground", "per_cell": 90}],
        "unobtainable": {"spawn_egg": "only creative players have it", "flint": "a mistake of the base book"},
        "aliases": {"grass": "short_grass"},
    }
)


def item(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "minecraft:item", "name": f"minecraft:{name}", **more}


def pool(*entries: dict[str, Any], rolls: Any = 1, **more: Any) -> dict[str, Any]:
    return {"rolls": rolls, "entries": list(entries), **more}


def silk(new: bool) -> dict[str, Any]:
    level = {"levels": {"min": 1}}
    old = {"enchantments": [{"enchantment": "minecraft:silk_touch", **level}]}
    modern = {"predicates": {"minecraft:enchantments": [{"enchantments": "minecraft:silk_touch", **level}]}}
    return {"condition": "minecraft:match_tool", "predicate": modern if new else old}


def pack(*, new: bool) -> dict[str, Any]:
    """The same rules as 1.16 and as 1.21.4 write them."""

    def one(name: str) -> Any:
        return f"minecraft:{name}" if new else {"item": f"minecraft:{name}"}

    def tag(name: str) -> Any:
        return f"#minecraft:{name}" if new else {"tag": f"minecraft:{name}"}

    def made(name: str, count: int = 1) -> Any:
        return {"id" if new else "item": f"minecraft:{name}", "count": count}

    def plain(name: str) -> Any:
        return {"id": f"minecraft:{name}"} if new else f"minecraft:{name}"

    recipe, loot, tags = ("recipe", "loot_table", "tags/item") if new else ("recipes", "loot_tables", "tags/items")
    smithing = {"type": "minecraft:smithing_transform", "template": one("flint")} if new else {"type": "minecraft:smithing"}
    cut = {"result": made("stone_bricks", 2)} if new else {"result": "minecraft:stone_bricks", "count": 2}
    recipes = {
        "oak_planks": {"type": "minecraft:crafting_shapeless", "ingredients": [tag("oak_logs")], "result": made("oak_planks", 4)},
        "stick": {"type": "crafting_shaped", "pattern": ["#", "#"], "key": {"#": tag("planks")}, "result": made("stick", 4)},
        "table": {"type": "crafting_shaped", "pattern": ["##", "##"], "key": {"#": tag("planks")}, "result": made("crafting_table")},
        "pickaxe": {
            "type": "minecraft:crafting_shaped",
            "pattern": ["XXX", " # ", " # "],
            "key": {"X": tag("planks"), "#": one("stick")},
            "result": made("wooden_pickaxe"),
        },
        "torch": {
            "type": "minecraft:crafting_shaped",
            "pattern": ["X", "#"],
            "key": {"X": [one("coal"), one("charcoal")], "#": one("stick")},
            "result": made("torch", 4),
        },
        "stone": {"type": "minecraft:smelting", "ingredient": one("cobblestone"), "result": plain("stone"), "experience": 0.1},
        "beef": {
            "type": "minecraft:campfire_cooking",
            "ingredient": [one("beef")],
            "result": plain("cooked_beef"),
            "cookingtime": 600,
        },
        "bricks": {"type": "minecraft:stonecutting", "ingredient": one("stone"), **cut},
        "sword": {**smithing, "base": one("diamond_sword"), "addition": one("netherite_ingot"), "result": made("netherite_sword")},
        "rocket": {"type": "minecraft:crafting_special_firework_rocket"},
        "novel": {"type": "minecraft:crafting_shapeless", "ingredients": [one("grass")] * 5, "result": made("glow_thing")},
    }
    tables = {
        "blocks/stone": {
            "pools": [
                pool(
                    {
                        "type": "minecraft:alternatives",
                        "children": [
                            item("stone", conditions=[silk(new)]),
                            item("cobblestone", conditions=[{"condition": "minecraft:survives_explosion"}]),
                        ],
                    }
                )
            ]
        },
        "blocks/wheat": {
            "pools": [
                pool({"type": "alternatives", "children": [item("wheat", conditions=[age(7)]), item("wheat_seeds")]}),
                pool(item("wheat_seeds", functions=[bonus(3, 0.5)]), conditions=[age(7)]),
            ]
        },
        "blocks/gravel": {"pools": [pool(item("flint", conditions=[{"condition": "table_bonus", "chances": [0.1, 0.2]}]))]},
        "entities/sheep": {"pools": [pool(item("mutton", functions=[count(1, 2), looting()]))]},
        "entities/sheep/white": {
            "pools": [pool(item("white_wool")), pool({"type": "loot_table", "value" if new else "name": "minecraft:entities/sheep"})]
        },
        "chests/village/ruin": {
            "pools": [
                pool(item("bone", weight=3, functions=[count(1, 3)]), {"type": "minecraft:empty"}, rolls={"min": 2, "max": 2}),
                pool(item("leather"), rolls={"type": "minecraft:uniform", "min": 1, "max": 3}),
                pool(item("book", functions=[{"function": "minecraft:enchant_randomly"}])),
                pool(item("potion", functions=[{"function": "minecraft:set_potion", "id": "minecraft:swiftness"}])),
            ]
        },
        "gameplay/fishing": {"pools": [pool(item("cod"), item("leather", conditions=[{"condition": "location_check", "predicate": {}}]))]},
    }
    values = {"oak_logs": ["minecraft:oak_log"], "logs": ["#minecraft:oak_logs", "minecraft:birch_log"]}
    values["planks"] = ["minecraft:oak_planks", "minecraft:birch_planks", "minecraft:glow_planks"]
    files = {f"{recipe}/{name}": value for name, value in recipes.items()} | {f"{loot}/{name}": value for name, value in tables.items()}
    return files | {f"{tags}/{name}": {"values": members} for name, members in values.items()}


def age(ripe: int) -> dict[str, Any]:
    return {"condition": "minecraft:block_state_property", "block": "minecraft:wheat", "properties": {"age": str(ripe)}}


def bonus(extra: int, probability: float) -> dict[str, Any]:
    parameters = {"extra": extra, "probability": probability}
    return {"function": "minecraft:apply_bonus", "formula": "minecraft:binomial_with_bonus_count", "parameters": parameters}


def count(low: int, high: int) -> dict[str, Any]:
    return {"function": "minecraft:set_count", "count": {"type": "minecraft:uniform", "min": float(low), "max": float(high)}}


def looting() -> dict[str, Any]:
    return {"function": "minecraft:looting_enchant", "count": {"min": 0.0, "max": 1.0}}


def write(path: Path, files: Mapping[str, Any], version: str | None = "1.21.4", inside: str = "") -> Path:
    """A jar with these JSON files (bytes are taken as they are), perhaps inside a bundler jar."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        if version:
            made.writestr("version.json", json.dumps({"id": version}))
        for name, value in files.items():
            entry = name if name.startswith("!") or "." in name else f"data/minecraft/{name}.json"
            made.writestr(entry.removeprefix("!"), value if isinstance(value, bytes | str) else json.dumps(value))
    if inside:
        packed = path.read_bytes()
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr(inside, packed)
    return path


def main_ok(command: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(command)
    assert not left.value.code


def imported(path: Path) -> Imported:
    return import_jar(path, lambda _: BASE)


@pytest.fixture(scope="module", params=[False, True], ids=["1.16", "1.21"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    version = "1.21.4" if request.param else "1.16.5"
    return imported(write(tmp_path_factory.mktemp("jar") / "server.jar", pack(new=request.param), version)).book


def crafts_of(book: RuleBook, name: str) -> list[tuple[int, str, str | None]]:
    return [(fact.count, ", ".join(sorted(map(str, fact.materials))), fact.station) for fact in book.crafts if fact.item == name]


def test_recipes_take_the_place_of_the_base_books(book: RuleBook) -> None:
    assert crafts_of(book, "oak_planks") == [(4, "1 oak_log", None)]
    assert crafts_of(book, "stick") == [(4, "2 planks", None)]  # no longer of bone
    assert crafts_of(book, "wooden_pickaxe") == [(1, "2 stick, 3 planks", "crafting_table")]
    assert crafts_of(book, "torch") == [(4, "1 coals, 1 stick", None)]  # the alternatives are a group that the base book names
    assert crafts_of(book, "stone_bricks") == [(2, "1 stone", "stonecutter")]
    [(_, materials, station)] = crafts_of(book, "netherite_sword")
    assert materials.endswith("1 diamond_sword, 1 flint, 1 netherite_ingot" if book.version == "1.21.4" else "1 netherite_ingot")
    assert station == "smithing_table"
    assert SmeltFact(item="stone", material="cobblestone", experience=0.1) in book.smelts
    assert SmeltFact(item="cooked_beef", material="beef", ticks=600, station="campfire", fuel=False) in book.smelts


def test_what_a_jar_does_not_say_stays(book: RuleBook) -> None:
    assert crafts_of(book, "firework_rocket") == [(1, "1 paper", None)]  # made by code, as the jar's special recipe says
    assert crafts_of(book, "potion[swiftness]") == [(1, "1 potion", None)]
    assert book.deposits == BASE.deposits
    assert book.blocks["stone"].hardness == 1.5
    assert book.blocks["stone"].tool == "pickaxe"
    assert next(use for use in book.uses if use.item == "fishing_rod").ticks == 300


def test_new_things_are_known(book: RuleBook) -> None:
    assert {"glow_thing", "glow_planks"} <= set(book.items)
    assert book.groups["planks"] == ("oak_planks", "birch_planks", "glow_planks")
    assert crafts_of(book, "glow_thing") == [(1, "5 short_grass", "crafting_table")]  # an older id, under our name
    assert set(book.unobtainable) == {"spawn_egg"}  # gravel gives flint


def test_tools_and_chances_of_drops(book: RuleBook) -> None:
    assert set(book.blocks["stone"].drops) == {
        DropFact(item="stone", needs="silk_touch"),
        DropFact(item="cobblestone", needs="no_silk_touch"),
    }
    assert book.blocks["wheat"].drops == (DropFact(item="wheat"), DropFact(item="wheat_seeds", low=1, high=4))
    assert book.blocks["gravel"].drops == (DropFact(item="flint", chance=0.1),)
    assert set(book.mobs["sheep"].drops) == {DropFact(item="white_wool"), DropFact(item="mutton", low=1, high=2)}
    [fishing] = [use for use in book.uses if use.item == "fishing_rod"]
    assert fishing.gives == (DropFact(item="cod"),)  # what only a jungle gives is not promised


def test_a_chest_gives_itself_and_its_loot(book: RuleBook) -> None:
    drops = {drop.item: drop for drop in book.blocks["chest[ruin]"].drops}
    assert drops["chest"] == DropFact(item="chest")
    assert drops["leather"] == DropFact(item="leather", low=1, high=3)
    assert drops["potion[swiftness]"].chance == drops["enchanted_book"].chance == 1
    bone = drops["bone"]
    assert bone.chance == 1 - 0.25**2  # at least one of two rolls
    assert bone.chance * (bone.low + bone.high) / 2 == pytest.approx(2 * 0.75 * 2, rel=0.1)  # so many on average


def test_a_jar_within_a_jar(tmp_path: Path, book: RuleBook) -> None:
    new = book.version == "1.21.4"
    inside = f"META-INF/versions/{book.version}/server-{book.version}.jar"
    nested = write(tmp_path / "bundle.jar", pack(new=new), book.version, inside)
    assert imported(nested).book == book


ONE = {"recipe/x": {"type": "crafting_shapeless", "ingredients": ["minecraft:bone"], "result": {"id": "stick"}}}
BROKEN = {
    "not JSON": ({"recipe/x": b"{"}, "recipe/x.json.*not JSON"),
    "nested without end": ({"recipe/x": b"[" * 100_000}, "recipe/x.json.*not JSON"),
    "not a number": ({"recipe/x": b'{"a": NaN}'}, "NaN is no number"),
    "no recipes": ({"recipes.txt": "hello"}, "no recipes.*1.14"),
    "a tag that is missing": ({"recipe/x": {"type": "stonecutting", "ingredient": "#minecraft:no", "result": {"id": "stick"}}}, "'no'"),
    "a recipe without a key": ({"recipe/x": {"type": "crafting_shaped", "pattern": ["#"], "key": {}, "result": {"id": "stick"}}}, "'#'"),
    "a foreign id": ({"recipe/x": {"type": "stonecutting", "ingredient": "mod:thing", "result": {"id": "stick"}}}, "mod:thing"),
    "too many at once": (ONE | {"loot_table/blocks/x": {"pools": [pool(item("bone"), rolls=1e300)]}}, "blocks/x.*number"),
    "a table of itself": (ONE | {"loot_table/blocks/x": {"pools": [pool({"type": "loot_table", "value": "blocks/x"})]}}, "without end"),
    "a tag of itself": (ONE | {"tags/item/planks": {"values": ["#planks"]}}, "without end"),
    "a way out": (ONE | {"!../../evil.json": "{}"}, "leads out"),
    "an absolute name": (ONE | {"!/etc/evil.json": "{}"}, "leads out"),
    "a bomb": (ONE | {"recipe/y": b" " * (jar.LARGEST_ENTRY + 1)}, "recipe/y.json.*unpacks to"),
}


@pytest.mark.parametrize(("files", "told"), BROKEN.values(), ids=list(BROKEN))
def test_a_bad_jar_is_refused_with_the_place(tmp_path: Path, files: dict[str, Any], told: str) -> None:
    path = write(tmp_path / "server.jar", files)
    with pytest.raises(BadFile, match=told) as caught:
        imported(path)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value).splitlines()) == 1


def test_what_is_no_jar_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.jar").write_text("hello")
    cut = write(tmp_path / "whole.jar", ONE).read_bytes()
    (tmp_path / "cut.jar").write_bytes(cut[: len(cut) // 2])
    nested = write(tmp_path / "nested.jar", {"META-INF/versions/1/server-1.jar": b"hello"}, version=None)
    for path in (tmp_path / "text.jar", tmp_path / "cut.jar", tmp_path, tmp_path / "none.jar", nested):
        with pytest.raises(BadFile, match="jar"):
            imported(path)
    with pytest.raises(BadFile, match="version"):
        imported(write(tmp_path / "mod.jar", ONE, version=None))


def test_the_whole_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "server.jar", ONE)
    for bound, value in (("LARGEST_JAR", 10), ("LARGEST_TOTAL", 10), ("MOST_ENTRIES", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(jar, bound, value)
            with pytest.raises(BadFile, match=r"at most|more than"):
                imported(path)


def test_the_book_is_written_and_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("gitm.data.rule_book", lambda _: base)
    monkeypatch.chdir(tmp_path)
    base = tmp_path / "1.20.4.json"
    base.write_text(BASE.model_dump_json())
    write(tmp_path / "server.jar", pack(new=True))
    commands = (["facts", "import", "server.jar"], ["run", "cobblestone", "--rules", "1.21.4.json", "--guides", "1.21.4.json"])
    main_ok(commands[0])
    main_ok([*commands[1], "--home", str(tmp_path / "home")])
    assert load(tmp_path / "1.21.4.json") == imported(tmp_path / "server.jar").book
    assert (
        Stack(item="planks", count=2) in next(craft for craft in load(tmp_path / "1.21.4.json").crafts if craft.item == "stick").materials
    )
    said = capsys.readouterr().out
    assert "Minecraft 1.21.4, over those of 1.20.4" in said
    assert "1 crafting_special_firework_rocket" in said
