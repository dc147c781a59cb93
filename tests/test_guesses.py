"""Guesses about what nobody was asked about yet: read from exact sentences, plain for prose, and never taken for an answer."""

from __future__ import annotations

import pytest
from toy import SENTENCES, TREE, bare, finish, of

from gitm.decomposer import Decomposer
from gitm.events import Asked
from gitm.graph import Graph, requirements
from gitm.guesses import Guesses, is_guess, plain
from gitm.limits import Asker
from gitm.llm.reader import Reader
from gitm.memory import Memory
from gitm.stock import Stock
from gitm.tree import decompose
from gitm.types import Kind, Obtain, Rarity, Stack, Way

PICK = Way(item="pick", kind=Kind.CRAFT, materials=(Stack(item="stick", count=2),), stations=(Stack(item="bench"),))


def asked(events):
    return [event.about for event in of(events, Asked)]


def decomposer_of(knowledge):
    return Decomposer(knowledge, Memory(None), Asker(Reader()))


def test_exact_sentences_are_read_as_far_as_they_lead():
    guesses = Guesses(bare(SENTENCES)).about({"pick": (PICK,)}, ["pick"])
    assert guesses.keys() == {"stick", "bench", "plank", "log"}
    assert all(is_guess(ways) for ways in guesses.values())
    (stick,) = guesses["stick"]
    assert (stick.count, stick.materials) == (4, (Stack(item="plank", count=2),))


def test_prose_is_not_read_and_stands_for_a_minute():
    prose = SENTENCES | {"stick": "Sticks fall from leaves, they say."}
    guesses = Guesses(bare(prose)).about({"pick": (PICK,)}, ["pick"])
    assert [(way.kind, way.rarity) for way in guesses["stick"]] == [(Kind.MINE, Rarity.UNCOMMON)]
    assert "plank" in guesses  # of the bench


def test_without_guides_a_guess_rests_on_nothing():
    ways = {"pick": (PICK,)}
    assert Guesses(bare({})).about(ways, ["pick", "axe"]) == plain(ways, ["pick", "axe"])
    assert plain(ways, ["axe"]).keys() == {"stick", "bench", "axe"}


def test_guides_that_lead_on_and_on_are_not_followed():
    chain = {f"i{n}": f"Crafting 1 i{n} requires 1 i{n + 1} as the material and nothing as the tool." for n in range(10_000)}
    assert Guesses(bare(chain)).about({}, ["i0"]) == plain({}, ["i0"])


def test_what_is_known_is_not_guessed_even_if_it_cannot_be_had():
    guesses = Guesses(bare(SENTENCES)).about({"pick": (PICK,), "stick": ()}, ["pick", "stick"])
    assert "stick" not in guesses


def test_the_first_of_several_is_guessed_to_be_nearer_wherever_it_is_mentioned():
    any_wood = tuple(Way(item="wood", kind=Kind.ANY, materials=(Stack(item=name),)) for name in ("oak", "acacia"))
    fence = Way(item="fence", kind=Kind.CRAFT, materials=(Stack(item="acacia"),))
    rarities = {name: ways[0].rarity for name, ways in Guesses(bare({})).about({"wood": any_wood}, []).items()}
    assert rarities == {"oak": Rarity.UNCOMMON, "acacia": Rarity.RARE}
    for guess in (Guesses(bare({})).about, plain):
        assert guess({"wood": any_wood, "fence": (fence,)}, [])["acacia"][0].rarity is Rarity.UNCOMMON


# --- in the decomposer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("item", "source"), [("stick", "planks"), ("acacia_fence", "acacia_planks")])
def test_the_first_tree_is_that_of_one_who_knows_everything(shipped_knowledge, item, source):
    """With a guess of a minute for everything, sticks were broken off dead bushes though planks are nearer."""
    decomposer = decomposer_of(shipped_knowledge)
    _, tree = finish(decomposer.tree(Obtain(item=item), Stock(), whole=True))
    assert tree == decompose(Obtain(item=item), {**Guesses(shipped_knowledge).about({}, [item]), **decomposer.known})
    assert source in {stack.item for task in tree.subgoals for stack in task.way.materials}


def test_everything_a_tree_rests_on_was_asked_about_groups_included(shipped_knowledge):
    decomposer = decomposer_of(shipped_knowledge)
    events, tree = finish(decomposer.tree(Obtain(item="crafting_table"), Stock(), whole=True))
    assert not any(is_guess([task.way]) for task in tree.subgoals)
    needed = {stack.item for task in tree.subgoals for stack in task.way.materials}
    assert needed <= decomposer.known.keys()
    assert {"planks", "oak_logs"} <= set(asked(events))


def test_a_way_given_up_brings_back_what_was_not_wanted():
    sentences = {
        "torch": "Crafting 1 torch requires 1 log as the material and nothing as the tool."
        " Crafting 1 torch requires 5 resin as the material and nothing as the tool.",
        "log": SENTENCES["log"],
        "resin": f"Mining tree gives 1 resin; it takes bare hands. {TREE}",
    }
    decomposer = decomposer_of(bare(sentences))
    events, tree = finish(decomposer.tree(Obtain(item="torch"), Stock()))
    assert set(asked(events)) == {"torch", "log"}
    assert finish(decomposer.tree(Obtain(item="torch"), Stock())) == ([], tree)
    decomposer.set_aside(tree.subgoals[-1].way, "for this test")
    events, tree = finish(decomposer.tree(Obtain(item="torch"), Stock()))
    assert asked(events) == ["resin"]
    assert {name for task in tree.subgoals for need in requirements(task.way) for name in need.names} == {"resin"}


def test_a_graph_leads_to_the_same_guesses_as_the_ways_it_is_made_of():
    log = Way(item="log", kind=Kind.ANY, materials=(Stack(item="oak_log"),))
    ways = {"pick": (PICK,), "log": (log, log.model_copy(update={"materials": (Stack(item="birch_log"),)}))}
    assert plain(Graph(ways), ["axe"]) == plain(ways, ["axe"])
    assert {name: way.rarity for name, (way,) in plain(Graph(ways), []).items()} == {
        "stick": Rarity.UNCOMMON,
        "bench": Rarity.UNCOMMON,
        "oak_log": Rarity.UNCOMMON,
        "birch_log": Rarity.RARE,
    }
    guesses = Guesses(bare(SENTENCES))
    assert guesses.about(Graph(ways), ["pick"]) == guesses.about(ways, ["pick"])
