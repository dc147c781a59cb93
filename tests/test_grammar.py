"""Every sentence form reads back what was written with it."""

from __future__ import annotations

import inspect
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitm import grammar as g

FORMS = {name: forms for name, forms in inspect.getmembers(g) if name.isupper() and isinstance(forms, tuple)}
#: What a sentence's own words could be mistaken for is left out of random names.
names = st.from_regex(r"[a-z][a-z0-9_]{0,12}(\[[a-z0-9_]{1,9}\])?", fullmatch=True).filter(
    lambda name: name.split("[")[0] not in {"a", "an", "and", "or", "nothing", "better", "is", "advised", "bare", "hands"}
) | st.sampled_from(["iron_pickaxe[silk_touch]", "andesite", "orange_dye", "anvil", "and_gate", "to_and_fro"])
several = st.lists(names, min_size=1, max_size=4, unique=True)
stacks = st.lists(st.tuples(names, st.integers(1, 2304)), min_size=1, max_size=4)
amounts = st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda pair: g.amount_text(pair[0], pair[0] + pair[1]))
counts = st.integers(1, 9999).map(str)
SLOTS = {
    "item": names,
    "target": names,
    "use": names,
    "on": names,
    "n": counts,
    "stacks": stacks.map(g.stacks_text),
    "names": several.map(lambda found: g.names_text(found, "or")),
    "amount": amounts,
    "odds": st.floats(0.001, 1).map(g.odds_text),
    "tool": st.lists(names, max_size=4, unique=True).map(g.tool_text),
    "tools": st.just("nothing") | names.map(g.a) | stacks.map(g.stacks_text),
    "advice": st.just("") | st.lists(names, min_size=2, max_size=4, unique=True).map(lambda found: f"; {g.tool_text(found)} is advised"),
    "fate": st.sampled_from(["uses it up", "keeps it"]),
    "besides": st.just("") | stacks.map(lambda found: f"; it also takes {g.stacks_text(found)}"),
    "near": st.just("") | stacks.map(lambda found: f", with {g.stacks_text(found)} near"),
    "rarity": st.sampled_from(["common", "uncommon", "rare", "very rare", "extremely rare"]),
    "layer": st.sampled_from(["on the surface", "underground"]),
    "biomes": st.just("in any biome") | several.map(lambda found: f"in {g.names_text(found, 'or')}"),
    "height": st.just("") | st.integers(-64, 320).map(lambda y: f", most often at height {y}"),
    "when": st.sampled_from(["", " at night"]),
    "minutes": st.floats(0.1, 9000).map(g.figure),
    "spent": st.sampled_from(["", " and uses it up"]),
    "several": st.integers(1, 99).map(g.several_text),
    "pace": st.just("") | st.floats(0.1, 9000).map(lambda value: f" for about {g.figure(value)} seconds"),
    "dimension": st.just("") | names.map(lambda name: f" of {name}"),
    "inside": st.just("") | names.map(lambda name: f", inside {name}"),
    "upon": st.just("") | names.map(lambda name: f" on {name}"),
    "partner": names,
    "level": st.just("") | st.integers(2, 5).map(lambda level: f" at level {level}"),
    "world": names,
    "portal": names,
    "reason": st.from_regex(r"[a-z][a-z ,_]{0,40}[a-z]", fullmatch=True),
}


def test_every_slot_of_every_form_is_tried_here():
    used = {slot for forms in FORMS.values() for form in forms for slot in re.findall(r"\{(\w+)\}", form.text)}
    assert used == set(SLOTS)
    assert len(FORMS) == 16


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
def test_a_sentence_is_found_alone_and_among_others(name, data):
    for form in FORMS[name]:
        slots = {slot: data.draw(SLOTS[slot], slot) for slot in re.findall(r"\{(\w+)\}", form.text)}
        sentence = form.render(**slots)
        assert list(form.find(sentence)) == [slots]
        assert list(form.find(f"Mind the night. {sentence} {sentence}\nThat is all.")) == [slots, slots]
        assert list(g.find_all(FORMS[name], sentence)) == [slots]
        others = [other for other, forms in FORMS.items() if other != name and list(g.find_all(forms, sentence))]
        assert others == []


@given(stacks)
def test_stacks_are_read_back(found):
    assert g.read_stacks(g.stacks_text(found)) == found


@given(several, st.sampled_from(["and", "or"]))
def test_names_are_read_back(found, word):
    assert g.read_names(g.names_text(found, word)) == found


@given(st.lists(names, max_size=4, unique=True))
def test_tools_are_read_back(found):
    assert g.read_tool(g.tool_text(found)) == found
    assert g.read_tool(f"; {g.tool_text(found)} is advised") == found


@given(names)
def test_one_of_something_is_read_with_its_article(name):
    assert g.read_stacks(g.a(name)) == [(name, 1)]


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.0005, 1))
def test_numbers_are_read_back(low, more, chance):
    assert g.read_amount(g.amount_text(low, low + more)) == low + more / 2
    assert g.read_odds(g.odds_text(chance)) == pytest.approx(chance, rel=1e-3)


def test_words_for_nothing():
    assert g.read_stacks("nothing") == g.read_stacks("bare hands") == g.read_tool("bare hands") == []
    assert g.read_odds("") == 1.0
    assert (g.a("iron_axe"), g.a("stick")) == ("an iron_axe", "a stick")


def test_a_slot_that_does_not_fit_is_our_own_mistake():
    with pytest.raises(AssertionError, match="does not read back"):
        g.CRAFT[0].render(n="1", item="Iron Ingot", stacks="1 iron_ore", tools="nothing")


def test_examples_read_as_english():
    craft = g.CRAFT[0].render(n="4", item="stick", stacks="2 planks", tools="nothing")
    assert craft == "Crafting 4 stick requires 2 planks as the material and nothing as the tool."
    tool = g.tool_text(["stone_pickaxe", "iron_pickaxe", "iron_pickaxe[silk_touch]"])
    mine = g.MINE[0].render(target="iron_ore", amount="1", item="raw_iron", odds="", tool=tool)
    assert mine == "Mining iron_ore gives 1 raw_iron; it takes a stone_pickaxe or better (iron_pickaxe, iron_pickaxe[silk_touch])."
    assert g.odds_text(0.025) == " in 2.5% of cases"
