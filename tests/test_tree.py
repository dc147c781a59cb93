"""The sub-goal tree against a naive simulator (``tree_sim.py``), over random ways with cycles, groups, yields, tools and wear."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tree_sim import Hands, Short, perform, play, reserved

from gitm.errors import NoWay
from gitm.rank import rank
from gitm.stock import Stock
from gitm.tree import LARGEST, decompose, needs_of
from gitm.types import All, Kind, Obtain, Place, Rarity, Stack, Tool, Tree, Way

ITEMS = [f"i{number}" for number in range(7)]
TOOLS = ["pick", "better_pick"]
GROUPS = ["any_a", "any_b"]
LASTS = {"pick": 3, "better_pick": 7}
materials = st.lists(
    st.builds(Stack, item=st.sampled_from(ITEMS + GROUPS), count=st.integers(1, 5)), min_size=1, max_size=3, unique_by=lambda s: s.item
)
tools = st.sampled_from([(), (Tool(item="pick", or_better=("better_pick",)),), (Tool(item="better_pick"),)])
stations = st.lists(st.builds(Stack, item=st.sampled_from(ITEMS)), max_size=1).map(tuple)


@st.composite
def ways_of(draw, item):
    """Up to three ways of an item; always, or never, with a source."""
    found = []
    for number in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
        if draw(st.booleans()):
            way = Way(
                item=item,
                kind=Kind.MINE,
                target=f"{item}_ore{number}",
                count=draw(st.integers(1, 3)),
                tools=draw(tools),
                rarity=draw(st.sampled_from(Rarity)),
            )
        else:
            way = Way(item=item, kind=Kind.CRAFT, count=draw(st.integers(1, 9)), materials=tuple(draw(materials)), stations=draw(stations))
        found.append(way.model_copy(update={"lasts": LASTS.get(item)}))
    return tuple({way.key: way for way in found}.values())


@st.composite
def graphs(draw):
    """Ways of seven items, two tools that wear and two groups (one counts members unevenly, as fuel does)."""
    ways = {item: draw(ways_of(item)) for item in ITEMS + TOOLS}
    ways["any_a"] = tuple(
        Way(item="any_a", kind=Kind.ANY, materials=(Stack(item=item),))
        for item in draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True))
    )
    ways["any_b"] = tuple(
        Way(item="any_b", kind=Kind.ANY, count=count, materials=(Stack(item=item, count=taken),))
        for item, count, taken in draw(
            st.lists(
                st.tuples(st.sampled_from(ITEMS), st.integers(1, 8), st.integers(1, 2)), min_size=1, max_size=2, unique_by=lambda t: t[0]
            )
        )
    )
    return {item: options for item, options in ways.items() if options}


goals = st.lists(st.builds(Obtain, item=st.sampled_from(ITEMS), count=st.integers(1, 6)), min_size=1, max_size=2).map(
    lambda parts: parts[0] if len(parts) == 1 else All(goals=tuple(parts))
)
held_items = st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 12), max_size=4)


def tree_or_skip(goal, ways, stock=None) -> Tree:
    try:
        return decompose(goal, ways, stock)
    except NoWay:
        assume(False)
        raise


def mine(item, **more):
    return Way(item=item, kind=Kind.MINE, target=more.pop("target", f"{item}_ore"), **more)


def craft(item, count=1, station=None, **stacks):
    return Way(
        item=item,
        count=count,
        kind=Kind.CRAFT,
        materials=tuple(Stack(item=name, count=n) for name, n in stacks.items()),
        stations=(Stack(item=station),) if station else (),
    )


def group(name, **members):
    return tuple(Way(item=name, kind=Kind.ANY, materials=(Stack(item=member),), count=count) for member, count in members.items())


def batches(tree):
    return {task.key: task.batches for task in tree.subgoals}


# --- properties -------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(graphs(), goals, held_items)
def test_played_in_its_order_the_tree_reaches_the_goal(ways, goal, held):
    tree = tree_or_skip(goal, ways, Stock(held=held))
    play(Hands(ways, held), goal, tree.subgoals)


@settings(max_examples=40, deadline=None)
@given(graphs(), goals, held_items)
def test_suppliers_come_first_and_nothing_depends_on_itself(ways, goal, held):
    tree = tree_or_skip(goal, ways, Stock(held=held))
    place = {task.item: at for at, task in enumerate(tree.subgoals)}
    for at, task in enumerate(tree.subgoals):
        assert all(place[need] < at for need in task.needs)
        assert task.way in ways[task.item]
        assert task.way.kind is not Kind.ANY
        assert task.count >= 1
        assert task.batches >= 1
        assert task.until >= task.count + held.get(task.item, 0)
    assert len({task.key for task in tree.subgoals}) == len(tree.subgoals)
    ancestors = {task.item: set(task.needs) for task in tree.subgoals}
    for item, needs in ancestors.items():
        above, new = set(), set(needs)
        while new:
            above |= new
            new = {name for need in new for name in ancestors.get(need, ())} - above
        assert item not in above


@settings(max_examples=40, deadline=None)
@given(graphs(), goals, st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 8)))
def test_the_tree_is_empty_exactly_when_the_goal_is_met(ways, goal, held):
    tree = tree_or_skip(goal, ways, Stock(held=held))
    met = all(held.get(item, 0) >= count for item, count in needs_of(goal).items())
    assert (tree.subgoals == ()) == met


@settings(max_examples=40, deadline=None)
@given(graphs(), goals)
def test_batches_are_rounded_up_and_no_further(ways, goal):
    for task in tree_or_skip(goal, ways).subgoals:
        assert task.batches * task.way.count >= task.count > (task.batches - 1) * task.way.count


@settings(max_examples=40, deadline=None)
@given(graphs(), goals, held_items)
def test_the_tree_is_worked_off_step_by_step(ways, goal, held):
    """The loop: play the first sub-goal, compute anew. No thrash: the work left never grows, and the end is reached."""
    assume(not any(task.way.tools for task in tree_or_skip(goal, ways, Stock(held=held)).subgoals))  # wear is another test's
    hands = Hands(ways, held)
    left = math.inf
    for _ in range(60):
        now = {item: int(hands.has(item)) for item in ITEMS if hands.has(item)}
        tree = decompose(goal, ways, Stock(held=now))
        if not tree.subgoals:
            return
        work = sum(task.batches for task in tree.subgoals)
        assert work < left
        left = work
        perform(hands, tree.subgoals[0], reserved(hands, goal, tree.subgoals))
    pytest.fail("still not reached")


@settings(max_examples=40, deadline=None)
@given(graphs(), goals)
def test_nothing_can_be_had_from_nothing(ways, goal):
    """Without a single source every goal is out of reach, whatever the recipes."""
    recipes = {item: tuple(way for way in options if way.kind is not Kind.MINE) for item, options in ways.items()}
    assert rank(recipes).chosen == {}
    with pytest.raises(NoWay):
        decompose(goal, recipes)


@st.composite
def single_source_graphs(draw):
    """Exactly one way an item, suppliers before consumers: the amounts are then forced."""
    ways = {}
    for number, item in enumerate(ITEMS):
        below = ITEMS[:number]
        stacks = (
            draw(
                st.lists(
                    st.builds(Stack, item=st.sampled_from(below), count=st.integers(1, 5)),
                    min_size=1,
                    max_size=3,
                    unique_by=lambda s: s.item,
                )
            )
            if below
            else []
        )
        count = draw(st.integers(1, 5))
        ways[item] = (
            Way(item=item, kind=Kind.CRAFT, count=count, materials=tuple(stacks))
            if stacks and draw(st.booleans())
            else mine(item, count=count),
        )
    return ways


@settings(max_examples=40, deadline=None)
@given(single_source_graphs(), goals, held_items)
def test_amounts_are_the_least_that_do(ways, goal, held):
    """Against material requirements planning by hand; and one batch less of anything fails."""
    short, used = {}, dict.fromkeys(ITEMS, 0)
    for item in reversed(ITEMS):
        wanted = used[item] + needs_of(goal).get(item, 0)
        short[item] = -(-max(0, wanted - held.get(item, 0)) // ways[item][0].count)
        for stack in ways[item][0].materials:
            used[stack.item] += stack.count * short[item]
    tree = decompose(goal, ways, Stock(held=held))
    assert {task.item: task.batches for task in tree.subgoals} == {item: count for item, count in short.items() if count}
    for at, task in enumerate(tree.subgoals):
        fewer = [*tree.subgoals[:at], task.model_copy(update={"batches": task.batches - 1}), *tree.subgoals[at + 1 :]]
        with pytest.raises(Short):
            play(Hands(ways, held), goal, fewer)


# --- cases ------------------------------------------------------------------------------------------------

WOOD = {
    "oak_log": (mine("oak_log"),),
    "birch_log": (mine("birch_log"),),
    "oak_planks": (craft("oak_planks", 4, oak_log=1),),
    "birch_planks": (craft("birch_planks", 4, birch_log=1),),
    "planks": group("planks", oak_planks=1, birch_planks=1),
    "stick": (craft("stick", 4, planks=2),),
    "crafting_table": (craft("crafting_table", planks=4),),
    "wooden_pickaxe": (craft("wooden_pickaxe", station="crafting_table", planks=3, stick=2).model_copy(update={"lasts": 59}),),
    "cobblestone": (mine("cobblestone", target="stone", tools=(Tool(item="wooden_pickaxe", or_better=("stone_pickaxe",)),)),),
    "stone_pickaxe": (craft("stone_pickaxe", station="crafting_table", cobblestone=3, stick=2).model_copy(update={"lasts": 131}),),
    "furnace": (craft("furnace", station="crafting_table", cobblestone=8),),
    "coal": (mine("coal", tools=(Tool(item="wooden_pickaxe"),), rarity=Rarity.UNCOMMON),),
    "fuel": (
        Way(item="fuel", kind=Kind.ANY, materials=(Stack(item="coal"),), count=8),
        Way(item="fuel", kind=Kind.ANY, materials=(Stack(item="planks", count=2),), count=3),
    ),
    "raw_iron": (mine("raw_iron", target="iron_ore", tools=(Tool(item="stone_pickaxe"),), rarity=Rarity.UNCOMMON),),
    "iron_ingot": (
        Way(item="iron_ingot", kind=Kind.SMELT, materials=(Stack(item="raw_iron"), Stack(item="fuel")), stations=(Stack(item="furnace"),)),
        craft("iron_ingot", 9, iron_block=1),
        craft("iron_ingot", iron_nugget=9),
    ),
    "iron_block": (craft("iron_block", station="crafting_table", iron_ingot=9),),
    "iron_nugget": (craft("iron_nugget", 9, iron_ingot=1),),
}


def wood(item, count=1, held=None, **stock):
    goal = Obtain(item=item, count=count)
    tree = decompose(goal, WOOD, Stock(held=held or {}, **stock))
    play(Hands(WOOD, held, frozenset(stock.get("stations", ()))), goal, tree.subgoals)
    return batches(tree)


def test_shared_needs_are_merged():
    assert wood("wooden_pickaxe") == {
        "oak_log by mine oak_log_ore": 3,  # 3 planks + 2 for sticks + 4 for the table: 9 of 12
        "oak_planks by craft oak_log": 3,
        "stick by craft planks": 1,
        "crafting_table by craft planks": 1,
        "wooden_pickaxe by craft planks stick": 1,
    }


def test_what_is_held_is_used_once():
    assert wood("wooden_pickaxe", held={"oak_planks": 5, "stick": 2, "crafting_table": 1}) == {"wooden_pickaxe by craft planks stick": 1}
    assert wood("wooden_pickaxe", held={"oak_planks": 3, "stick": 2}, stations=frozenset({"crafting_table"})) == {
        "wooden_pickaxe by craft planks stick": 1
    }
    short = wood("wooden_pickaxe", held={"oak_planks": 5, "stick": 2})
    assert short == {
        "oak_log by mine oak_log_ore": 1,
        "oak_planks by craft oak_log": 1,
        "crafting_table by craft planks": 1,
        "wooden_pickaxe by craft planks stick": 1,
    }


def test_one_wood_species_rather_than_a_mix():
    assert set(wood("crafting_table", held={"birch_log": 1})) == {"birch_planks by craft birch_log", "crafting_table by craft planks"}
    more = decompose(Obtain(item="stick", count=60), WOOD, Stock(held={"birch_log": 2}))
    assert {task.item for task in more.subgoals} == {"birch_log", "birch_planks", "stick"}
    mixed = wood("crafting_table", held={"birch_planks": 2, "oak_planks": 2})
    assert mixed == {"crafting_table by craft planks": 1}


def test_ingots_blocks_and_nuggets_turn_into_each_other():
    table = frozenset({"crafting_table"})
    assert wood("iron_ingot", 3, held={"iron_block": 1}) == {"iron_ingot by craft iron_block": 1}
    assert wood("iron_ingot", 3, held={"iron_nugget": 30}) == {"iron_ingot by craft iron_nugget": 3}
    assert wood("iron_nugget", 12, held={"iron_block": 1}) == {"iron_ingot by craft iron_block": 1, "iron_nugget by craft iron_ingot": 2}
    assert wood("iron_block", held={"iron_ingot": 9}, stations=table) == {"iron_block by craft iron_ingot": 1}
    assert wood("iron_block", held={"iron_nugget": 81}, stations=table) == {
        "iron_ingot by craft iron_nugget": 9,
        "iron_block by craft iron_ingot": 1,
    }


def test_a_block_that_is_the_goal_is_not_broken_up():
    goal = All(goals=(Obtain(item="iron_block"), Obtain(item="iron_ingot")))
    held = {"iron_block": 1, "raw_iron": 1, "coal": 1}
    tree = decompose(goal, WOOD, Stock(held=held, stations=frozenset({"furnace"})))
    assert batches(tree) == {"iron_ingot by smelt raw_iron fuel": 1}
    both = decompose(goal, WOOD, Stock(held={"iron_block": 2}))
    assert batches(both) == {"iron_ingot by craft iron_block": 1}


@pytest.mark.parametrize(("ingots", "coal"), [(1, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_a_piece_of_coal_smelts_eight(ingots, coal):
    held = {"raw_iron": ingots, "wooden_pickaxe": 1, "stone_pickaxe": 1, "furnace": 1}
    ways = WOOD | {"fuel": WOOD["fuel"][:1]}
    tree = decompose(Obtain(item="iron_ingot", count=ingots), ways, Stock(held=held))
    assert batches(tree) == {"coal by mine coal_ore": coal, "iron_ingot by smelt raw_iron fuel": ingots}


@pytest.mark.parametrize(("ingots", "planks"), [(1, 2), (3, 2), (4, 4), (6, 4), (7, 6)])
def test_two_planks_smelt_three(ingots, planks):
    held = {"raw_iron": ingots, "oak_planks": planks, "furnace": 1}
    assert wood("iron_ingot", ingots, held=held) == {"iron_ingot by smelt raw_iron fuel": ingots}
    assert len(wood("iron_ingot", ingots, held=held | {"oak_planks": planks - 1})) > 1


def test_worn_tools_are_replaced_before_they_break():
    few, many = wood("cobblestone", 59), wood("cobblestone", 60)
    assert few["wooden_pickaxe by craft planks stick"] == 1
    assert many["wooden_pickaxe by craft planks stick"] == 2
    assert many["cobblestone by mine stone"] == 60
    worn = {"held": {"wooden_pickaxe": 1, "crafting_table": 1}, "wear": {"wooden_pickaxe": 3}}
    assert wood("cobblestone", 3, **worn) == {"cobblestone by mine stone": 3}
    # broken in the middle of the work, it is made anew by the next tree
    again = wood("cobblestone", 4, held={"cobblestone": 3, "crafting_table": 1})
    assert (again["wooden_pickaxe by craft planks stick"], again["cobblestone by mine stone"]) == (1, 1)


def test_a_better_tool_that_is_held_will_do():
    assert wood("cobblestone", 5, held={"stone_pickaxe": 1}) == {"cobblestone by mine stone": 5}


def test_digging_there_takes_a_tool_and_its_uses():
    deep = mine(
        "gem", place=Place(layer="underground", y=-50, digger=Tool(item="wooden_pickaxe", or_better=("stone_pickaxe",))), rarity=Rarity.RARE
    )
    ways = WOOD | {"gem": (deep,)}
    dug = decompose(Obtain(item="gem"), ways, Stock(y=64))
    picks = next(task for task in dug.subgoals if task.item.endswith("_pickaxe") and task.item in dug.subgoals[-1].needs)
    assert picks.batches * picks.way.lasts >= 2 * (64 + 50)
    seen = decompose(
        Obtain(item="gem"), ways, Stock(y=-50, sights={"gem_ore": 3.0}, held={"wooden_pickaxe": 1}, wear={"wooden_pickaxe": 20})
    )
    assert batches(seen) == {"gem by mine gem_ore": 1}


def test_chance_asks_for_as_many_as_it_takes_on_average():
    ways = {"flint": (mine("flint", target="gravel", chance=0.1),)}
    assert batches(decompose(Obtain(item="flint", count=3), ways)) == {"flint by mine gravel": 30}


def test_counts_of_one_item_in_several_goals_are_not_added():
    assert needs_of(All(goals=(Obtain(item="a", count=2), Obtain(item="b"), Obtain(item="a", count=3)))) == {"a": 3, "b": 1}


def test_gathers_and_crafts_are_counted_apart():
    tree = decompose(Obtain(item="wooden_pickaxe"), WOOD)
    assert (tree.gathers, tree.crafts) == (3, 6)


def test_the_message_names_the_knowledge_that_is_missing():
    with pytest.raises(NoWay, match=r"^no guide says how to obtain diamond; add one with --guides$"):
        decompose(Obtain(item="diamond"), WOOD)
    ways = WOOD | {"diamond_pickaxe": (craft("diamond_pickaxe", diamond=3, stick=2),), "case": (craft("case", diamond_pickaxe=1),)}
    with pytest.raises(NoWay, match=r"no guide says how to obtain diamond \(needed for diamond_pickaxe <- case\)"):
        decompose(Obtain(item="case"), ways)
    assert decompose(Obtain(item="diamond"), {}, Stock(held={"diamond": 1})).subgoals == ()
    with pytest.raises(NoWay):
        decompose(Obtain(item="diamond", count=2), {}, Stock(held={"diamond": 1}))


def test_the_message_names_a_cycle():
    ways = {"ingot": (craft("ingot", 9, block=1),), "block": (craft("block", ingot=9),)}
    with pytest.raises(NoWay, match=r"ingot cannot be obtained: ingot <- block <- ingot is a cycle"):
        decompose(Obtain(item="ingot"), ways)


def test_what_is_missing_is_named_rather_than_a_cycle_beside_it():
    ways = {"ingot": (craft("ingot", 9, block=1),), "block": (craft("block", ingot=9),), "gem": (craft("gem", ingot=1, dust=1),)}
    with pytest.raises(NoWay, match=r"no guide says how to obtain dust \(needed for gem <- ring\)"):
        decompose(Obtain(item="ring"), ways | {"ring": (craft("ring", gem=2),)})


def test_what_is_held_but_no_guide_speaks_of_is_used():
    """A saddle out of a chest, or raw iron of a source that was set aside since."""
    ways = {"harness": (craft("harness", saddle=1, stick=1),), "stick": (mine("stick"),)}
    tree = decompose(Obtain(item="harness", count=2), ways, Stock(held={"saddle": 2}))
    assert batches(tree) == {"stick by mine stick_ore": 2, "harness by craft saddle stick": 2}
    with pytest.raises(NoWay, match="no guide says how to obtain more saddle; add one"):
        decompose(Obtain(item="harness", count=3), ways, Stock(held={"saddle": 2}))
    loop = {"ingot": (craft("ingot", 9, block=1),), "block": (craft("block", ingot=9),)}
    assert batches(decompose(Obtain(item="ingot", count=4), loop, Stock(held={"block": 1}))) == {"ingot by craft block": 1}


# --- size -------------------------------------------------------------------------------------------------


def test_a_chain_of_ten_thousand():
    chain = {f"c{number}": (craft(f"c{number}", **{f"c{number - 1}": 1}) if number else mine("c0"),) for number in range(10_000)}
    begun = time.process_time()
    tree = decompose(Obtain(item="c9999"), chain)
    assert [task.item for task in tree.subgoals] == [f"c{number}" for number in range(10_000)]
    assert tree.subgoals[0].depth == 9_999
    assert time.process_time() - begun < 5


def test_a_hundred_thousand_children():
    leaf, names = mine("leaf0"), [f"leaf{number}" for number in range(100_000)]
    ways = {name: (leaf.model_copy(update={"item": name}),) for name in names}
    ways["root"] = (
        Way.model_construct(item="root", kind=Kind.CRAFT, materials=tuple(Stack.model_construct(item=name, count=1) for name in names)),
    )
    begun = time.process_time()
    with pytest.raises(NoWay, match="100001 items"):
        decompose(Obtain(item="root"), ways)
    assert time.process_time() - begun < 1


def test_a_tree_of_just_the_largest_size_is_computed():
    names = [f"leaf{number}" for number in range(LARGEST - 1)]
    ways = {name: (mine(name),) for name in names}
    parts = tuple(Stack.model_construct(item=name, count=1) for name in names)
    ways["root"] = (Way.model_construct(item="root", kind=Kind.CRAFT, materials=parts),)
    tree = decompose(Obtain(item="root"), ways)
    assert len(tree.subgoals) == LARGEST
    assert tree.subgoals[-1].item == "root"


def test_a_cycle_of_ten_thousand_is_explained_in_one_line():
    ring = {f"c{number}": (craft(f"c{number}", **{f"c{(number - 1) % 10_000}": 1}),) for number in range(10_000)}
    begun = time.process_time()
    with pytest.raises(NoWay) as raised:
        decompose(Obtain(item="c0"), ring)
    assert len(str(raised.value)) < 500
    assert time.process_time() - begun < 5


def test_a_station_that_is_held_is_no_fuel_for_what_is_made_at_it():
    ways = {
        "rock": (mine("rock"),),
        "rubble": group("rubble", rock=1, oven=1),
        "tile": (craft("tile", station="oven", rubble=1),),
        "oven": (craft("oven", rock=4),),
    }
    goal = Obtain(item="tile")
    tree = decompose(goal, ways, Stock(held={"oven": 1}))
    play(Hands(ways, {"oven": 1}), goal, tree.subgoals)
    assert batches(tree) == {"rock by mine rock_ore": 1, "tile by craft rubble at oven": 1}


def test_what_the_goal_keeps_is_not_spare():
    ways = {"sand": (mine("sand"),), "glass": (mine("glass"), craft("glass", 9, sand=30))}
    goal = All(goals=(Obtain(item="sand", count=30), Obtain(item="glass")))
    assert batches(decompose(goal, ways, Stock(held={"sand": 30}))) == {"glass by mine glass_ore": 1}
    assert batches(decompose(goal, ways, Stock(held={"sand": 60}))) == {"glass by craft sand": 1}
