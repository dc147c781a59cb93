"""The optimum against exhaustive search on small graphs, and our tree never below it."""

from __future__ import annotations

import itertools
import json
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gitm.bench.optimum import optimum, performances
from gitm.bench.quality import Question, measure, times, without_wear
from gitm.cli import app
from gitm.errors import NoWay
from gitm.llm.reading import read_ways
from gitm.tree import decompose
from gitm.types import Kind, Obtain, Place, Rarity, Stack, Tool, Way

pytest.importorskip("ortools")
ITEMS = ["a", "b", "c", "d"]
MOST = 4  # performances of one way in exhaustive search


@st.composite
def graphs(draw):
    """Up to two ways for each of four items, with cycles, tools, stations and yields."""
    ways = {}
    for item in ITEMS:
        options = []
        for number in range(draw(st.integers(0, 2))):
            made = draw(st.booleans())
            names = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=2, unique=True)) if made else []
            kept = draw(st.lists(st.sampled_from(ITEMS), max_size=1))
            options.append(
                Way(
                    item=item,
                    kind=Kind.CRAFT if made else Kind.MINE,
                    count=draw(st.integers(1, 3)),
                    target=None if made else f"{item}_ore{number}",
                    materials=tuple(Stack(item=name, count=draw(st.integers(1, 2))) for name in names),
                    tools=tuple(Tool(item=name) for name in kept) if not made else (),
                    stations=tuple(Stack(item=name) for name in kept) if made else (),
                )
            )
        ways[item] = tuple(options)
    return ways


def feasible(plan, goal):
    """Whether performances [(way, times)] give the goal: enough of everything, in an order in which nothing depends on itself."""
    need = dict.fromkeys(ITEMS, 0)
    made = dict.fromkeys(ITEMS, 0)
    after = {item: set() for item in ITEMS}
    kept = dict.fromkeys(ITEMS, 0) | {goal: 1}
    for way, times_done in plan:
        made[way.item] += way.count * times_done
        for stack in way.materials:
            need[stack.item] += stack.count * times_done
            after[way.item].add(stack.item)
        for name in [tool.item for tool in way.tools] + [stack.item for stack in way.stations]:
            kept[name] = max(kept[name], 1)
            after[way.item].add(name)
    if any(made[item] < need[item] + kept[item] for item in ITEMS):
        return False
    ordered = set()
    while len(ordered) < len(ITEMS):
        ready = {item for item in ITEMS if item not in ordered and after[item] <= ordered}
        if not ready:
            return False
        ordered |= ready
    return True


def exhaustive(goal, ways, upper):
    """The least cost by trying every combination of performances."""
    flat = [way for options in ways.values() for way in options]
    best = math.inf
    for counts in itertools.product(range(MOST + 1), repeat=len(flat)):
        if sum(counts) < min(best, upper + 1) and feasible([(w, n) for w, n in zip(flat, counts, strict=True) if n], goal):
            best = sum(counts)
    return best


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_the_optimum_is_that_of_exhaustive_search(ways):
    assume(sum(map(len, ways.values())) <= 5)
    found = optimum("a", ways, MOST, seconds=20)
    assert (found.cost if found else math.inf) == exhaustive("a", ways, MOST)
    assert found is None or found.proved


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_our_tree_is_a_plan_that_the_optimum_knows(ways):
    """What the tree asks for is feasible for the optimum too, so it is never better than it."""
    try:
        tree = decompose(Obtain(item="a"), ways)
    except NoWay:
        assume(False)
        raise
    ours = tree.gathers + tree.crafts
    assume(ours <= 40)
    found = optimum("a", ways, ours, seconds=20)
    assert found is not None
    assert found.cost <= ours


def group(name, *members):
    return tuple(Way(item=name, kind=Kind.ANY, materials=(Stack(item=member),)) for member in members)


def test_chances_are_rounded_up_once_and_groups_cost_nothing():
    egg = Way(item="egg", kind=Kind.ATTACK, target="hen", chance=0.25)
    ways = {
        "eggs": group("eggs", "egg"),
        "egg": (egg,),
        "cake": (Way(item="cake", kind=Kind.CRAFT, materials=(Stack(item="eggs", count=3),)),),
    }
    found = optimum("cake", ways, 20)
    assert found.cost == 13
    assert found.plan["egg by attack hen"] == 12
    assert performances(group("eggs", "egg")[0]) == (0, 0)


def test_what_costs_too_much_is_not_found_and_what_nothing_gives_neither():
    ways = {
        "a": (Way(item="a", kind=Kind.CRAFT, materials=(Stack(item="b", count=9),)),),
        "b": (Way(item="b", kind=Kind.MINE, target="o"),),
    }
    assert optimum("a", ways, 9) is None
    assert optimum("a", ways, 10).cost == 10
    assert optimum("c", ways, 10) is None


def test_what_lies_beyond_a_portal_takes_the_portal():
    portal = Way(item="gate", kind=Kind.BUILD, target="gate", materials=(Stack(item="stone", count=10),))
    ways = {
        "stone": (Way(item="stone", kind=Kind.MINE, target="rock"),),
        "gate": (portal,),
        "wart": (Way(item="wart", kind=Kind.MINE, target="plant", place=Place(dimension="far", portal="gate")),),
    }
    found = optimum("wart", ways, 50)
    assert found is not None
    assert {name.split()[0]: times for name, times in found.plan.items()} == {"stone": 10, "gate": 1, "wart": 1}


def test_costs_of_ones_own_change_the_optimum():
    rare = Way(item="a", kind=Kind.MINE, target="rare", count=9, rarity=Rarity.VERY_RARE)
    common = Way(item="a", kind=Kind.MINE, target="common")
    ways = {"a": (rare, common), "b": (Way(item="b", kind=Kind.CRAFT, materials=(Stack(item="a", count=5),)),)}
    assert "a by mine rare" in optimum("b", ways, 10).plan
    assert "a by mine common" in optimum("b", ways, 10**6, costs=times).plan


def test_the_fewest_may_be_looked_for_among_plans_that_take_no_longer():
    far = Way(item="a", kind=Kind.MINE, target="far", count=9, rarity=Rarity.EXTREMELY_RARE)
    near = Way(item="a", kind=Kind.MINE, target="near", count=3)
    ways = {"a": (far, near)} | {"b": (Way(item="b", kind=Kind.CRAFT, materials=(Stack(item="a", count=9),)),)}
    assert optimum("b", ways, 10).cost == 2
    within = optimum("b", ways, 10, within=(times, 100 * 60))
    assert within.cost == 4
    assert within.plan["a by mine near"] == 3
    assert optimum("b", ways, 10, within=(times, 100)) is None


def test_real_items_are_measured_with_both_plans():
    quality = measure(Question(item="torch", seconds=20))
    assert quality.bound == quality.optimum <= quality.ours <= quality.worn
    assert quality.bound_time == quality.least_time <= quality.our_time
    assert quality.tree["torch by craft coals stick"] == 1
    assert sum(quality.best.values()) >= quality.optimum


def test_guides_of_lasting_tools_are_the_same_without_their_uses():
    text = "Crafting 1 pick requires 3 plank as the material and nothing as the tool. One pick lasts 60 uses. It is of wood."
    assert read_ways("pick", text)[0].lasts == 60
    assert read_ways("pick", without_wear(text)) == [read_ways("pick", text)[0].model_copy(update={"lasts": None})]


def test_the_command_names_the_worst(tmp_path, capsys):
    with pytest.raises(SystemExit):
        app(["bench", "plan-quality", "--item", "stick", "--item", "cake", "--workers", "1", "--json", "--log", str(tmp_path / "log")])
    report = json.loads(capsys.readouterr().out)
    assert report["items"] == report["proved"] == 2
    assert {entry["item"] for entry in report["all"]} == {"stick", "cake"}
    assert report["mean_ratio"] == pytest.approx(sum(entry["ratio"] for entry in report["all"]) / 2)
    assert "ortools" in report["versions"]
