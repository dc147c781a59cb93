"""The ranking of ways against value iteration, which knows nothing of heaps and settling."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitm.graph import GROUP, PERFORM, SEARCH, requirements
from gitm.rank import Ranking, rank
from gitm.stock import UNAIDED, Stock, effort, performances
from gitm.types import Kind, Observation, Place, Rarity, Seen, Stack, Tool, Way

NAMES = [f"i{number}" for number in range(8)]
some_name = st.sampled_from(NAMES)


@st.composite
def single_ways(draw, item):
    """A way that takes one of everything: mined from somewhere, or made of things by things."""
    kind = draw(st.sampled_from([Kind.MINE, Kind.MINE, Kind.CRAFT, Kind.SMELT]))
    tools = draw(st.lists(st.lists(some_name, min_size=1, max_size=2, unique=True), max_size=1))
    made = kind is not Kind.MINE
    return Way(
        item=item,
        kind=kind,
        target=None if made else f"{item}_ore{draw(st.integers(0, 2))}",
        rarity=draw(st.sampled_from(Rarity)),
        chance=1.0 if made else draw(st.sampled_from([1.0, 0.5])),
        materials=tuple(Stack(item=name) for name in draw(st.lists(some_name, min_size=made, max_size=3 * made))),
        tools=tuple(Tool(item=names[0], or_better=tuple(names[1:])) for names in tools),
        stations=tuple(Stack(item=name) for name in draw(st.lists(some_name, max_size=int(made)))),
    )


@st.composite
def graphs(draw):
    """Ways of up to eight items, with as many cycles and dead ends as chance makes."""
    ways = {item: tuple(draw(st.lists(single_ways(item), max_size=3))) for item in NAMES}
    return {item: options for item, options in ways.items() if options}


stocks = st.builds(Stock, held=st.dictionaries(some_name, st.integers(0, 2), max_size=3), stations=st.frozensets(some_name, max_size=1))


def value_iteration(ways, stock):
    """The least cost of every item, by improving until nothing improves: the definition, not an algorithm."""
    cost = dict.fromkeys(ways, math.inf)
    for _ in range(len(ways) + 1):
        for item, options in ways.items():
            for way in options:
                first, more = effort(way, stock)
                total = first + (1 / way.chance - 1) * more
                for need in [(tool.any_of, True) for tool in way.tools] + [((s.item,), True) for s in way.stations]:
                    taken = [stack.item for stack in way.materials]  # one of each: what is used up is not there as a tool besides
                    if not any(stock.held.get(name, 0) > taken.count(name) or name in stock.stations for name in need[0]):
                        total += min(cost.get(name, math.inf) for name in need[0])
                total += sum(cost.get(stack.item, math.inf) for stack in way.materials)
                cost[item] = min(cost[item], total)
    return {item: value for item, value in cost.items() if math.isfinite(value)}


@settings(max_examples=60)
@given(graphs(), stocks)
def test_the_first_batch_takes_no_longer_than_when_nothing_is_shared(ways, stock):
    least = value_iteration(ways, stock)
    ranking = rank(ways, stock)
    assert all(ranking.first[item] <= least[item] * (1 + 1e-9) for item in least)  # what is shared is paid once, never more often
    beyond = {item for item, count in stock.held.items() if count} - set(least)
    assert bool(set(ranking.order) - set(least)) == bool(beyond)  # only what is held makes more possible
    assert set(ranking.chosen) == set(ranking.first) == set(ranking.more)
    assert set(ranking.order) - set(ranking.chosen) <= beyond
    assert all(way in ways[item] for item, way in ranking.chosen.items())


def paid_for(item, ranking):
    """Each tool and each search under its name, and the rest of one batch, by following the chosen ways: all ways take one of each."""
    way = ranking.chosen[item]
    first, more = effort(way, Stock())
    once, rest = {f"search {item}": first - more}, more / way.chance
    for need in requirements(way):
        name = min((name for name in need.names if name in ranking.order), key=ranking.order.__getitem__)
        shared, own = paid_for(name, ranking)
        once |= shared
        if need.kept:
            once[f"tool {name}"] = own
        else:
            rest += own / way.chance
    return once, rest


@settings(max_examples=60)
@given(graphs())
def test_what_is_shared_is_paid_once(ways):
    ranking = rank(ways)
    for item in ranking.chosen:
        once, rest = paid_for(item, ranking)
        assert ranking.first[item] == pytest.approx(sum(once.values()) + rest)
        assert ranking.more[item] == pytest.approx(rest)


def test_a_long_chain_with_few_tools_is_not_longer_than_it_is():
    """Four parts that take the same pickaxe: it is made once, so a trader who has the whole is not worth looking for."""
    parts = [f"part{number}" for number in range(4)]
    made = craft("engine", **dict.fromkeys(parts, 1))
    bought = Way(item="engine", kind=Kind.TRADE, target="trader", rarity=Rarity.RARE)
    ways = {part: (mine(part, tools=(Tool(item="pick"),)),) for part in parts} | {
        "pick": (craft("pick", bar=10),),
        "bar": (mine("bar"),),
        "engine": (bought, made),
    }
    ranking = rank(ways)
    assert ranking.chosen["engine"] == made
    assert ranking.first["engine"] < effort(bought, Stock())[0] < sum(ranking.first[part] for part in parts)


@settings(max_examples=60)
@given(graphs(), stocks)
def test_a_chosen_way_needs_only_what_was_settled_before_or_is_at_hand(ways, stock):
    ranking = rank(ways, stock)
    for item, way in ranking.chosen.items():
        for need in requirements(way):
            at_hand = need.kept and any(stock.at_hand(name) for name in need.names)
            assert at_hand or any(ranking.below(name, item) for name in need.names)
    assert len(set(ranking.order.values())) == len(ranking.order)


def test_nothing_is_below_what_was_not_settled():
    ranking = Ranking(order={"a": 0, "b": 1})
    assert ranking.below("a", "b")
    assert not ranking.below("b", "a")
    assert not ranking.below("a", "a")
    assert not ranking.below("a", "unknown")
    assert not ranking.below("unknown", "b")


def mine(item, rarity=Rarity.COMMON, **more):
    return Way(item=item, kind=Kind.MINE, target=more.pop("target", f"{item}_ore"), rarity=rarity, **more)


def craft(item, count=1, **materials):
    return Way(item=item, count=count, kind=Kind.CRAFT, materials=tuple(Stack(item=name, count=n) for name, n in materials.items()))


def test_a_cycle_is_entered_from_the_side_that_has_a_source():
    ingot, block = craft("ingot", 9, block=1), craft("block", ingot=9)
    assert "ingot" not in rank({"ingot": (ingot,), "block": (block,)}).chosen
    mined = mine("ingot")
    assert rank({"ingot": (ingot, mined), "block": (block,)}).chosen == {"ingot": mined, "block": block}
    found = mine("block")
    assert rank({"ingot": (ingot,), "block": (block, found)}).chosen == {"ingot": ingot, "block": found}


def test_rare_sources_lose_to_more_work_on_common_ones():
    zombie = Way(item="iron_ingot", kind=Kind.ATTACK, target="zombie", chance=0.0083, place=Place(night=True))
    smelt = Way(item="iron_ingot", kind=Kind.SMELT, materials=(Stack(item="raw_iron"),), stations=(Stack(item="furnace"),))
    ways = {
        "iron_ingot": (zombie, smelt),
        "raw_iron": (mine("raw_iron", Rarity.UNCOMMON, tools=(Tool(item="pick"),)),),
        "furnace": (craft("furnace", stone=8),),
        "stone": (mine("stone", tools=(Tool(item="pick"),)),),
        "pick": (craft("pick", log=2),),
        "log": (mine("log"),),
    }
    assert rank(ways).chosen["iron_ingot"] == smelt


def test_effort_grows_with_rarity_depth_and_night_and_small_chances_take_more_tries():
    plain = effort(mine("x"), Stock())[0]
    by_rarity = [effort(mine("x", rarity), Stock())[0] for rarity in SEARCH]
    assert by_rarity == sorted(by_rarity)
    assert len(set(by_rarity)) == len(SEARCH)
    for harder in (
        mine("x", place=Place(y=-40)),
        mine("x", place=Place(night=True)),
        mine("x", place=Place(dimension="nether")),
    ):
        assert effort(harder, Stock())[0] > plain
    first, more = effort(mine("x"), Stock())
    half = rank({"x": (mine("x", chance=0.5),)})
    assert (half.first["x"], half.more["x"]) == (first + more, 2 * more)


def test_what_is_in_sight_is_cheaper_the_nearer_it_is():
    deep = mine("x", Rarity.RARE, place=Place(y=-50))
    near, far = (effort(deep, Stock(sights={"x_ore": distance}))[0] for distance in (4.0, 40.0))
    assert near < far < effort(deep, Stock())[0]


def test_a_species_already_held_is_cheaper_than_another():
    assert effort(mine("oak_log"), Stock(held={"oak_log": 1}))[0] < effort(mine("birch_log"), Stock(held={"oak_log": 1}))[0]


def test_the_tool_is_picked_for_the_uses_asked_of_it():
    ways = {
        "wooden": (craft("wooden", planks=3).model_copy(update={"lasts": 59}),),
        "stone": (craft("stone", rock=3).model_copy(update={"lasts": 131}),),
        "diamond": (craft("diamond", gem=3).model_copy(update={"lasts": 1561}),),
        "planks": (mine("planks"),),
        "rock": (mine("rock", tools=(Tool(item="wooden"),)),),
        "gem": (mine("gem", Rarity.RARE, tools=(Tool(item="stone"),)),),
    }
    ranking = rank(ways)
    names = ("wooden", "stone", "diamond")
    assert ranking.for_uses(names, 1) == "stone"  # hardly more work, and quicker
    assert ranking.for_uses(names, 200) == "stone"  # two of them are less work than gems
    assert ranking.for_uses(names, 100_000) == "diamond"
    assert ranking.for_uses(("wooden",), 1) == "wooden"
    assert ranking.for_uses(("none_such",), 1) is None


def test_of_rare_successes_each_brings_the_whole_count():
    way = Way(item="x", kind=Kind.MINE, count=4, chance=0.25)
    assert [performances(way, count) for count in (1, 4, 5)] == [4, 4, 8]
    assert performances(Way(item="x", kind=Kind.MINE, chance=0.1), 3) == 30


def test_stock_of_an_observation():
    seen = Observation(
        tick=1,
        x=0,
        y=12,
        z=0,
        biome="plains",
        underground=True,
        day=True,
        health=20,
        food=20,
        experience=7,
        inventory={"stick": 2},
        wear={"pick": 9},
        nearby=(Seen(name="furnace", kind="station", distance=3, y=12), Seen(name="cow", kind="mob", distance=9, y=12)),
    )
    stock = Stock.of(seen)
    assert stock.held == {"stick": 2, "experience": 7}
    assert (stock.wear, stock.stations, stock.y) == ({"pick": 9}, {"furnace"}, 12)
    assert stock.sights == {"furnace": 3, "cow": 9}
    assert stock.at_hand("furnace")
    assert stock.at_hand("stick")
    assert not stock.at_hand("cow")


# --- advice ---------------------------------------------------------------------------------------------------

PICK = Tool(item="pick", or_better=("iron_pick",))
GRAVEL = Way(item="gravel", kind=Kind.MINE, target="gravel", place=Place(layer="underground", y=45, digger=PICK))
STRING = Way(item="string", kind=Kind.ATTACK, target="spider", tools=(Tool(item="sword"),), place=Place(night=True))


def made_of(item, *materials):
    return Way(item=item, kind=Kind.CRAFT, materials=tuple(Stack(item=name) for name in materials))


def test_advice_is_heeded_where_it_can_be():
    ways = {"gravel": (GRAVEL,), "string": (STRING,), "pick": (made_of("pick", "log"),), "sword": (made_of("sword", "log"),)}
    ranking = rank({**ways, "log": (Way(item="log", kind=Kind.MINE, target="log"),)})
    assert (ranking.chosen["gravel"], ranking.chosen["string"]) == (GRAVEL, STRING)


@pytest.mark.parametrize("way", [GRAVEL, STRING])
def test_advice_that_cannot_be_had_is_done_without(way):
    """The tool that is advised is made of what it is advised for."""
    ways = {way.item: (way,), "pick": (made_of("pick", "gravel"),), "sword": (made_of("sword", "string"),)}
    ranking = rank(ways)
    assert ranking.chosen[way.item] == way.without_advice()
    assert not list(requirements(ranking.chosen[way.item]))
    assert ranking.first[way.item] > UNAIDED
    assert ranking.order[way.item] < min(ranking.order.get(name, math.inf) for name in ("pick", "sword"))
    tool = "pick" if way is GRAVEL else "sword"
    assert rank(ways, Stock(held={tool: 1})).chosen[way.item] == way  # once there is one, it is used


def test_what_a_block_takes_is_no_advice():
    stone = Way(item="stone", kind=Kind.MINE, target="stone", tools=(PICK,))
    assert "stone" not in rank({"stone": (stone,), "pick": (made_of("pick", "stone"),)}).order


def test_what_comes_by_chance_takes_its_materials_for_every_try():
    """One key in ten opens a chest with a gem: ten keys, not one; digging gems takes longer than one key, and less long than ten."""
    key = mine("key", rarity=Rarity.UNCOMMON)
    lucky = Way(item="gem", kind=Kind.APPLY, use="key", on="self", materials=(Stack(item="key"),), chance=0.1)
    dug = mine("gem", rarity=Rarity.RARE)
    first, more = effort(key, Stock())
    once, again = effort(lucky, Stock())
    found = rank({"key": (key,), "gem": (lucky,)})
    assert found.first["gem"] == pytest.approx(once + 9 * again + first + 9 * more)
    assert found.more["gem"] == pytest.approx(10 * again + 10 * more)
    assert once + first < effort(dug, Stock())[0] < found.first["gem"]
    assert rank({"key": (key,), "gem": (lucky, dug)}).chosen["gem"] == dug


def test_what_is_very_rare_is_searched_for_anew_each_time_and_who_sells_is_found_once():
    for rarity, share in ((Rarity.RARE, 1 / GROUP), (Rarity.VERY_RARE, 1.0)):
        assert effort(mine("x", rarity), Stock())[1] - PERFORM[Kind.MINE] == SEARCH[rarity] * share
    house = Place(structure="house")
    for loot, share in ((mine("x", chance=0.5, place=house), 1.0), (mine("x", place=house), 1 / GROUP)):
        assert effort(loot, Stock())[1] - PERFORM[Kind.MINE] == SEARCH[Rarity.COMMON] * share
    sold = Way(item="x", kind=Kind.TRADE, target="trader", rarity=Rarity.VERY_RARE, materials=(Stack(item="coin"),))
    assert effort(sold, Stock())[1] == PERFORM[Kind.TRADE]


def test_what_lives_elsewhere_is_farther_than_what_lives_here():
    fish, sheep = (
        Way(item=name, kind=Kind.ATTACK, target=name, place=Place(biomes=(home,))) for name, home in (("fish", "sea"), ("sheep", "hills"))
    )
    assert effort(fish, Stock(biome="hills"))[0] > effort(sheep, Stock(biome="hills"))[0] == effort(sheep, Stock())[0]
    assert effort(fish, Stock(biome="sea"))[0] == effort(fish, Stock())[0]
    ways = {
        "food": tuple(Way(item="food", kind=Kind.ANY, materials=(Stack(item=name),)) for name in ("fish", "sheep")),
        "fish": (fish,),
        "sheep": (sheep,),
    }
    for home, chosen in (("sea", "fish"), ("hills", "sheep")):
        assert rank(ways, Stock(biome=home)).chosen["food"].materials[0].item == chosen
