"""Goals in words."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gitm.errors import BadName, GitmError, SetupError
from gitm.goals import nearest, parse_goal
from gitm.types import All, Obtain

WORDS = (
    "iron_pickaxe iron_ingot stone_pickaxe diamond flint_and_steel water_bucket torch string stick glass iron_block oak_leaves bookshelf "
    "shears cobblestone carrot_on_a_stick potato bread black_dye cooked_beef planks lapis_lazuli sugar_cane wheat iron_pickaxe[silk_touch] "
    "grass_block"
)
NAMES = frozenset(WORDS.split())
ALIASES = {"steak": "cooked_beef", "grass": "grass_block", "wood_planks": "planks"}


def goal(text: str) -> Obtain | All:
    return parse_goal(text, NAMES, ALIASES)


@pytest.mark.parametrize(
    ("text", "item", "count"),
    [
        ("iron_pickaxe", "iron_pickaxe", 1),
        ("3 iron_ingot", "iron_ingot", 3),
        ("obtain 3 iron ingots", "iron_ingot", 3),
        ("get me a stone pickaxe", "stone_pickaxe", 1),
        ("I want two dozen sticks, please", "stick", 24),
        ("half a dozen torches", "torch", 6),
        ("twenty-four torches", "torch", 24),
        ("two hundred sticks", "stick", 200),
        ("a stack of cobblestone", "cobblestone", 64),
        ("a bucket of water", "water_bucket", 1),
        ("five pieces of string", "string", 5),
        ("blocks of iron", "iron_block", 1),
        ("3x iron_ingot", "iron_ingot", 3),
        ("iron ingot x3", "iron_ingot", 3),
        ("iron_ingot × 3", "iron_ingot", 3),
        ("oak leaves", "oak_leaves", 1),
        ("bookshelves", "bookshelf", 1),
        ("potatoes", "potato", 1),
        ("some glass", "glass", 1),
        ("shears", "shears", 1),
        ("minecraft:diamond", "diamond", 1),
        ("Diamond!", "diamond", 1),
        ("flint and steel", "flint_and_steel", 1),
        ("a carrot on a stick", "carrot_on_a_stick", 1),
        ("2 steaks", "cooked_beef", 2),
        ("wood planks", "planks", 1),
        ("iron_pickaxe[silk_touch]", "iron_pickaxe[silk_touch]", 1),
    ],
)
def test_one_item(text, item, count):
    words = text.removesuffix(", please")
    assert goal(words) == Obtain(item=item, count=count)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch, 2 bread", ["torch", "2 bread"]),
        ("torch and 2 loaves of bread", ["torch", "2 bread"]),
        ("flint and steel and 3 torches", ["flint_and_steel", "3 torch"]),
        ("torch, bread, and a diamond", ["torch", "bread", "diamond"]),
        ("2 torch; 3 torch\nbread", ["5 torch", "bread"]),
    ],
)
def test_several_items(text, expected):
    found = goal(text)
    assert isinstance(found, All)
    assert [str(part) for part in found.goals] == expected


def test_a_misspelt_item_names_the_nearest():
    with pytest.raises(BadName) as caught:
        goal("daimond")
    assert str(caught.value) == "no item 'daimond'; did you mean 'diamond'?"
    with pytest.raises(BadName, match="did you mean 'cooked_beef'"):  # near to an alias, the item is named
        goal("3 staek")
    with pytest.raises(BadName, match="gitm knowledge search"):
        goal("quantum flux capacitor")
    with pytest.raises(BadName, match="'daimond'"):  # the one at fault
        goal("torch and daimond and bread")


@pytest.mark.parametrize(
    ("text", "mend"), [("", "empty"), (" , ", "empty"), ("0 stick", "1 to 2304"), ("2305 stick", "1 to 2304"), ("3", "names no item")]
)
def test_goals_that_cannot_be(text, mend):
    with pytest.raises(SetupError, match=mend):
        goal(text)


def test_a_whole_name_wins_over_its_words():
    names = {"get_well_card", "well_card", "a", "stick"}
    assert parse_goal("get well card", names, {}) == Obtain(item="get_well_card")
    assert parse_goal("a", names, {}) == Obtain(item="a")


@given(item=st.sampled_from(sorted(NAMES)), count=st.integers(1, 2304), verb=st.sampled_from(["", "obtain ", "get me ", "Please make "]))
def test_any_item_in_any_amount_in_any_words(item, count, verb):
    assert goal(f"{verb}{count} {item.replace('_', ' ')}") == Obtain(item=item, count=count)


@given(parts=st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(1, 99), min_size=1))
def test_a_goals_own_text_means_the_goal(parts):
    wanted = tuple(Obtain(item=item, count=count) for item, count in parts.items())
    made = wanted[0] if len(wanted) == 1 else All(goals=wanted)
    assert goal(str(made)) == made


@given(
    st.text() | st.lists(st.sampled_from(["3", "x", "of", "and", "a", "half", "dozen", "hundred", "stick", ",", "two-", "-"])).map(" ".join)
)
@example("half a")
@example("hundred hundred hundred hundred hundred stick")
@example("9" * 5000 + " stick")
def test_any_text_is_a_goal_or_a_typed_error(text):
    with contextlib.suppress(GitmError):
        found = goal(text)
        parts = found.goals if isinstance(found, All) else (found,)
        assert all(part.item in NAMES for part in parts)


def test_nothing_near_is_none():
    assert nearest("zzzz", NAMES) is None
    assert nearest("torhc", NAMES) == "torch"
