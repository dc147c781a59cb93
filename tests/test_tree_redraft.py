"""A tree is drafted again with what it contains anyway in mind: amounts, tools and the members of groups that are asked for by name."""

from __future__ import annotations

from gitm.tree import decompose
from gitm.types import Kind, Obtain, Rarity, Stack, Tool, Way


def mine(item, *tools, **more):
    return Way(item=item, kind=Kind.MINE, target=f"{item}_ore", tools=tuple(Tool(item=tool) for tool in tools), **more)


def craft(item, count=1, **stacks):
    return Way(item=item, kind=Kind.CRAFT, count=count, materials=tuple(Stack(item=name, count=n) for name, n in stacks.items()))


def batches(goal, ways, count=1):
    return {task.key: task.batches for task in decompose(Obtain(item=goal, count=count), ways).subgoals}


def test_a_little_comes_from_what_is_near_and_much_from_what_gives_much():
    """Bone meal: a cod now and then leaves one, a skeleton is far but leaves bones of three."""
    cod = Way(item="meal", kind=Kind.ATTACK, target="cod", chance=0.25)
    skeleton = Way(item="bone", kind=Kind.ATTACK, target="skeleton", count=2, rarity=Rarity.RARE)
    ways = {"meal": (cod, craft("meal", 3, bone=1)), "bone": (skeleton,)}
    assert batches("meal", ways) == {"meal by attack cod": 4}
    assert batches("meal", ways, 30) == {"bone by attack skeleton": 5, "meal by craft bone": 10}


def test_a_tool_that_is_made_anyway_costs_nothing_again():
    """A witch leaves redstone too; but the pickaxe is needed for the gold, so the ore is at hand."""
    witch = Way(item="redstone", kind=Kind.ATTACK, target="witch", rarity=Rarity.UNCOMMON)
    pick = craft("pick", bar=30)
    ways = {
        "redstone": (witch, mine("redstone", "pick")),
        "gold": (mine("gold", "pick"),),
        "pick": (pick,),
        "bar": (mine("bar"),),
        "clock": (craft("clock", gold=4, redstone=1),),
    }
    assert "redstone by attack witch" in batches("redstone", ways)
    assert "redstone by mine redstone_ore" in batches("clock", ways)


def test_what_a_station_is_made_of_is_weighed_again_for_as_much_as_it_takes():
    """One stone is soonest found in a chest; for the ten of a portal a pickaxe is worth its while."""
    chest = Way(item="stone", kind=Kind.MINE, target="chest", rarity=Rarity.UNCOMMON)
    ways = {
        "stone": (chest, mine("stone", "pick")),
        "pick": (craft("pick", bar=10),),
        "bar": (mine("bar"),),
        "portal": (Way(item="portal", kind=Kind.BUILD, materials=(Stack(item="stone", count=10),)),),
        "star": (craft("star", dust=1).model_copy(update={"stations": (Stack(item="portal"),)}),),
        "dust": (mine("dust"),),
    }
    assert "stone by mine chest" in batches("stone", ways)
    assert batches("star", ways)["stone by mine stone_ore"] == 10


def test_what_is_asked_for_by_name_serves_the_group_too():
    """Four fences of birch take birch and sticks: the sticks are made of what is left of the same log."""
    ways = {
        "oak_planks": (craft("oak_planks", 4, oak_log=1),),
        "birch_planks": (craft("birch_planks", 4, birch_log=1),),
        "oak_log": (mine("oak_log"),),
        "birch_log": (mine("birch_log", rarity=Rarity.UNCOMMON),),
        "planks": tuple(Way(item="planks", kind=Kind.ANY, materials=(Stack(item=member),)) for member in ("oak_planks", "birch_planks")),
        "stick": (craft("stick", 4, planks=2),),
        "fence": (craft("fence", 3, birch_planks=2, stick=2),),
    }
    assert "oak_log by mine oak_log_ore" not in batches("fence", ways)
    assert batches("stick", ways)["oak_log by mine oak_log_ore"] == 1


def test_a_group_of_which_something_is_held_is_made_of_that():
    from gitm.stock import Stock

    planks = tuple(Way(item="planks", kind=Kind.ANY, materials=(Stack(item=name),)) for name in ("oak", "birch"))
    ways = {"planks": planks, "birch": (mine("birch"),), "gate": (craft("gate", birch=1, planks=1),)}
    tree = decompose(Obtain(item="gate"), ways, Stock(held={"oak": 1}))
    assert {task.key: task.batches for task in tree.subgoals} == {"birch by mine birch_ore": 1, "gate by craft birch planks": 1}


def test_a_cycle_is_not_made_by_counting_on_a_member():
    """The member asked for by name is itself made of the group: the group must stay with another."""
    planks = tuple(Way(item="planks", kind=Kind.ANY, materials=(Stack(item=name),)) for name in ("oak", "fine"))
    ways = {"planks": planks, "oak": (mine("oak"),), "fine": (craft("fine", planks=2),), "gate": (craft("gate", fine=1, planks=1),)}
    assert batches("gate", ways) == {"oak by mine oak_ore": 3, "fine by craft planks": 1, "gate by craft fine planks": 1}
