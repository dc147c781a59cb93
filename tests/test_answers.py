"""What models write becomes ways or is dropped; it never raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from gitm.answers import PlanAnswer, WayAnswer, WaysAnswer, name, ways_of
from gitm.types import Kind, Place, Rarity, Stack, Tool, Way


def ways(item, *entries):
    return ways_of(item, WaysAnswer.model_validate({"ways": list(entries)}), source="guides/iron.md")


def way(item, **entry):
    (found,) = ways(item, {"object": item} | entry)
    return found


def test_a_tidy_answer():
    found = way(
        "raw_iron",
        kind="mine",
        target="iron_ore",
        tool="stone_pickaxe",
        or_better=["iron_pickaxe"],
        rarity="uncommon",
        underground=True,
        y=15,
        digger="wooden_pickaxe",
        biomes=["plains"],
        chance=0.5,
        lasts=9,
        info="Deep below.",
    )
    assert found == Way(
        item="raw_iron",
        kind=Kind.MINE,
        target="iron_ore",
        tools=(Tool(item="stone_pickaxe", or_better=("iron_pickaxe",)),),
        rarity=Rarity.UNCOMMON,
        place=Place(layer="underground", y=15, digger=Tool(item="wooden_pickaxe"), biomes=("plains",)),
        chance=0.5,
        lasts=9,
        info="Deep below.",
        source="guides/iron.md",
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            {"kind": "craft", "count": 4, "material": {"planks": 2}, "tool": "None"},
            {"count": 4, "materials": (Stack(item="planks", count=2),)},
        ),
        (
            {"kind": "Craft ", "material": {"Oak Planks": 3}, "tool": "Crafting Table"},
            {"materials": (Stack(item="oak_planks", count=3),), "stations": (Stack(item="crafting_table"),)},
        ),
        ({"kind": "craft", "material": "minecraft:planks", "tool": None}, {"materials": (Stack(item="planks"),)}),
        ({"kind": "craft", "material": {"item": "planks", "count": 2}}, {"materials": (Stack(item="planks", count=2),)}),
        (
            {"kind": "craft", "material": [{"item": "planks", "count": "2"}, {"item": "None"}]},
            {"materials": (Stack(item="planks", count=2),)},
        ),
        ({"kind": "smelt", "material": {"raw_iron": 1}, "tool": "furnace"}, {"stations": (Stack(item="furnace"),), "tools": ()}),
        (
            {"kind": "smelt", "material": {"raw_iron": 1}, "tool": "x", "station": {"blast_furnace": 1}},
            {"stations": (Stack(item="blast_furnace"),), "tools": ()},
        ),
        ({"kind": "mine", "material": "None", "tool": "hands"}, {"target": "thing", "materials": (), "tools": ()}),
        ({"kind": "mine", "target": "ore", "or_better": None, "biomes": None, "tool": "pick"}, {"tools": (Tool(item="pick"),)}),
        (
            {"kind": "apply", "use": "shears", "on": "Sheep"},
            {"use": "shears", "on": "sheep", "tools": (Tool(item="shears"),), "materials": ()},
        ),
        ({"kind": "apply", "use": "bucket", "on": "cow", "material": {"bucket": 1}}, {"tools": (), "materials": (Stack(item="bucket"),)}),
        (
            {"kind": "apply", "use": "silk", "on": "x", "tool": "shears", "or_better": ["silk"]},
            {"tools": (Tool(item="shears", or_better=("silk",)),)},
        ),
        ({"kind": "grow", "use": "seeds", "on": "farmland", "minutes": 20, "material": {"seeds": 1}}, {"delay": 24_000, "tools": ()}),
        ({"kind": "mine", "chance": 0}, {"chance": 0.0005}),
        ({"kind": "mine", "chance": 250}, {"chance": 1.0}),
        ({"kind": "any", "material": {"oak_planks": 1}}, {"kind": Kind.ANY}),
        ({"kind": "mine", "rarity": "Very Rare"}, {"rarity": Rarity.VERY_RARE}),
        ({"kind": "mine", "rarity": "None", "biomes": ["Dark Forest"]}, {"rarity": Rarity.COMMON, "place": Place(biomes=("dark_forest",))}),
        ({"kind": "mine", "info": None, "count": None, "underground": None, "station": None}, {"info": "", "count": 1}),
        ({"kind": "mine", "info": "x" * 5000}, {"info": "x" * 600}),
    ],
)
def test_sloppy_answers_are_understood(entry, expected):
    found = way("thing", **entry)
    assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize(
    "entry",
    [
        {"object": "other", "kind": "mine"},
        {"object": "thing", "kind": "teleport"},
        {"object": "thing", "kind": ""},
        {"object": "thing", "kind": "mine", "count": 0},
        {"object": "thing", "kind": "craft", "material": {"planks": -3}},
        {"object": "thing", "kind": "mine", "tool": "a pickaxe, of iron!"},
        {"object": "", "kind": "mine"},
        {"object": "thing", "kind": "mine", "target": "x" * 500},
    ],
)
def test_malformed_ways_are_dropped_and_the_others_kept(entry):
    good = {"object": "Thing", "kind": "mine", "target": "rock"}
    assert [found.target for found in ways("thing", entry, good)] == ["rock"]


def test_the_same_way_twice_is_one():
    assert len(ways("thing", {"object": "thing", "kind": "mine"}, {"object": "Thing", "kind": "MINE", "target": "thing"})) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iron Ingot", "iron_ingot"),
        ("minecraft:stone", "stone"),
        (" Flint-and-Steel ", "flint_and_steel"),
        ("None", None),
        ("", None),
        ("bare hands", None),
        (None, None),
        ("N/A", None),
    ],
)
def test_names_are_spelt_our_way(text, expected):
    assert name(text) == expected


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["None", "Iron Ingot", "mine", "craft", "rare", "oak_log"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("item"), inner, max_size=3),
    max_leaves=6,
)
entries = st.fixed_dictionaries(
    {"object": st.just("thing"), "kind": st.sampled_from([*Kind, "Mine", "walk"])},
    optional={key: values for key in WayAnswer.model_fields if key not in ("object", "kind")},
)


@settings(max_examples=100, deadline=None)
@given(st.lists(entries, max_size=3))
def test_whatever_the_schema_lets_through_becomes_ways_or_is_dropped(found):
    try:
        answer = WaysAnswer.model_validate_json(json.dumps({"ways": found}))
    except ValidationError:
        return  # the client tells the model, and asks again
    for made in ways_of("thing", answer):
        assert made.item == "thing"
        assert Way.model_validate_json(made.model_dump_json()) == made


@settings(max_examples=100, deadline=None)
@given(st.text() | values.map(json.dumps))
def test_any_reply_is_an_answer_or_a_validation_error(text):
    for schema in (WaysAnswer, PlanAnswer):
        try:
            answer = schema.model_validate_json(text)
        except ValidationError:
            continue
        assert isinstance(answer, schema)
