"""What is remembered: by rules, situation and amount, with outcomes, from several processes, past damaged rows."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import seen, sight, task

from gitm.actions import Apply, Approach, Attack, Craft, Explore, GoUp, Mine, Place, Smelt, Wait
from gitm.memory import Agreement, Memory, alike, situation
from gitm.types import Kind, Stack, Way
from gitm.types import Place as Where

WALK = (Explore(object="tree"), Approach(object="tree"))
STICK = Way(item="stick", count=4, kind=Kind.CRAFT, materials=(Stack(item="plank", count=2),))
FORGE = Way(item="ingot", kind=Kind.SMELT, materials=(Stack(item="ore"),), stations=(Stack(item="furnace"),))


@pytest.fixture
def memory():
    memory = Memory(None)
    yield memory
    memory.close()


def keep(memory: Memory, subgoal, *actions, where="surface, far", ticks=100, rules="r1"):
    memory.keep_plan(rules, "1", subgoal, where, actions, ticks)


# --- ways ---------------------------------------------------------------------------------------------------


def test_ways_are_kept_by_item_knowledge_and_llm(memory):
    memory.keep_ways("stick", "k1", "reader", [STICK])
    assert memory.ways("stick", "k1", "reader") == (STICK,)
    assert memory.ways("stick", "k2", "reader") is None
    assert memory.ways("stick", "k1", "gpt") is None
    assert memory.ways("plank", "k1", "reader") is None


def test_no_way_is_an_answer_too_and_the_last_one_counts(memory):
    memory.keep_ways("stick", "k1", "reader", [STICK])
    memory.keep_ways("stick", "k1", "reader", [])
    assert memory.ways("stick", "k1", "reader") == ()
    assert memory.counts() == {"ways": 1, "plans": 0}


# --- plans --------------------------------------------------------------------------------------------------


def test_a_plan_comes_back_in_its_situation_only(memory):
    keep(memory, task(count=3), *WALK, Mine(object="tree", count=3))
    assert memory.recall("r1", task(count=3), "surface, far").actions[:2] == WALK
    assert memory.recall("r1", task(count=3), "surface, sees") is None
    assert memory.recall("r1", task("rock"), "surface, far") is None


def test_of_what_leads_to_a_place_only_the_last_is_kept(memory):
    """The first search was disturbed, and the second tree one walked up to was felled by a part only: no reason to do so every time."""
    keep(memory, task(count=2), GoUp(), Explore(object="hill"), *WALK, GoUp(), *WALK, *WALK, Mine(object="tree", count=2), ticks=100)
    keep(memory, task(count=2), Explore(object="hill"), GoUp(), *WALK, Mine(object="tree", count=2), ticks=300)
    recalled = memory.recall("r1", task(count=2), "surface, far")
    assert recalled.fitted(task(count=2)) == (Explore(object="hill"), GoUp(), *WALK, Mine(object="tree", count=2))
    assert (recalled.successes, recalled.ticks) == (2, 200)


def test_what_led_to_a_place_where_something_was_done_is_kept(memory):
    plan = (*WALK, Place(object="bench"), *WALK, Mine(object="tree"))
    keep(memory, task(), *plan)
    assert memory.recall("r1", task(), "surface, far").actions == plan


def test_another_world_recalls_nothing(memory):
    keep(memory, task(), Mine(object="tree"), rules="r1")
    assert memory.recall("r2", task(), "surface, far") is None


@pytest.mark.parametrize(("kept", "wanted"), [(3, 7), (7, 3), (1, 64)])
def test_performances_scale(memory, kept, wanted):
    keep(memory, task(count=kept), *WALK, Mine(object="tree", count=kept))
    recalled = memory.recall("r1", task(count=wanted), "surface, far")
    assert recalled.fitted(task(count=wanted)) == (*WALK, Mine(object="tree", count=wanted))


def test_crafting_scales_by_items_not_by_performances(memory):
    keep(memory, task(count=8, way=STICK), Craft(object="stick", count=8))
    assert memory.recall("r1", task(way=STICK), "surface, far").fitted(task(count=20, way=STICK)) == (Craft(object="stick", count=20),)


def test_one_plan_for_every_amount_is_one_plan(memory):
    for count in (1, 5, 9):
        keep(memory, task(count=count), *WALK, Mine(object="tree", count=count))
    assert memory.counts()["plans"] == 1
    assert memory.recall("r1", task(), "surface, far").successes == 3


def test_a_plan_that_does_not_scale_comes_back_for_its_own_amount_only(memory):
    actions = (Attack(object="cow", count=2), Wait(ticks=5))
    keep(memory, task(count=5), *actions)
    assert memory.recall("r1", task(count=9), "surface, far") is None  # it would do too little, or too much
    recalled = memory.recall("r1", task(count=5), "surface, far")
    assert not recalled.scales
    assert recalled.fitted(task(count=5)) == actions


def test_a_count_never_exceeds_what_one_action_may(memory):
    keep(memory, task(count=2), Mine(object="tree", count=2))
    (mine,) = memory.recall("r1", task(), "surface, far").fitted(task(count=9999))
    assert Mine.model_validate(mine.model_dump()).count == 2304


def test_the_reference_is_most_often_right_then_quickest_then_oldest(memory):
    slow, quick, late = (Mine(object="tree", tool=tool) for tool in ("slow_axe", "quick_axe", "late_axe"))
    keep(memory, task(), slow, ticks=500)
    keep(memory, task(), quick, ticks=50)
    keep(memory, task(), late, ticks=50)

    def reference():
        return memory.recall("r1", task(), "surface, far")

    assert reference().actions == (quick,)
    keep(memory, task(), slow, ticks=500)
    assert reference().actions == (slow,)
    memory.demote(reference().id)
    assert reference().actions == (quick,)
    memory.demote(reference().id)
    assert reference().actions == (late,)  # one success, one failure: no longer trusted
    memory.demote(reference().id)
    assert reference().actions == (slow,)
    memory.demote(reference().id)
    assert reference() is None


def test_a_success_after_a_failure_restores_trust(memory):
    keep(memory, task(), Mine(object="tree"))
    memory.demote(memory.recall("r1", task(), "surface, far").id)
    assert memory.recall("r1", task(), "surface, far") is None
    keep(memory, task(), Mine(object="tree"))
    recalled = memory.recall("r1", task(), "surface, far")
    assert (recalled.successes, recalled.failures) == (2, 1)


@given(counts=st.lists(st.integers(1, 64), min_size=1, max_size=8), wanted=st.integers(1, 200))
def test_what_is_recalled_performs_at_least_what_is_wanted(counts, wanted):
    memory = Memory(None)
    for count in counts:
        keep(memory, task(count=count), *WALK, Mine(object="tree", count=count))
    fitted = memory.recall("r1", task(), "surface, far").fitted(task(count=wanted))
    assert sum(action.count for action in fitted if isinstance(action, Mine)) == wanted
    memory.close()


# --- situations ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subgoal", "observed", "expected"),
    [
        (task(), seen(), "surface, far"),
        (task(), seen(underground=True), "underground, far"),
        (task(), seen(nearby=(sight("tree", 20.0),)), "surface, sees"),
        (task(), seen(nearby=(sight("tree", 4.0),)), "surface, reaches"),
        (task(way=STICK), seen(), "surface"),
        (task(way=FORGE), seen(), "surface, furnace away"),
        (task(way=FORGE), seen(nearby=(sight("furnace", 1.0, "station"),)), "surface, furnace near"),
        (task("bone", kind=Kind.ATTACK, target="skeleton", place=Where(night=True)), seen(day=False), "surface, far, night"),
    ],
)
def test_situation(subgoal, observed, expected):
    assert situation(subgoal, observed) == expected


# --- the file --------------------------------------------------------------------------------------------------


AGREED = Agreement(rules="r1", subgoal="log by mine tree", plan="[]", refusal="explore NOT_FOUND", knowledge="k1", llm="reader")


def test_an_llm_agreed_to_just_what_it_was_asked(memory):
    memory.keep_agreement(AGREED)
    memory.keep_agreement(AGREED)
    assert memory.agreed(AGREED)
    for name in Agreement.model_fields:
        assert not memory.agreed(AGREED.model_copy(update={name: "other"}))


@pytest.mark.parametrize(("forgotten", "left"), [({"item": "log"}, False), ({"item": "stick"}, True), ({"everything": True}, False)])
def test_an_agreement_is_forgotten_with_its_item(memory, forgotten, left):
    memory.keep_agreement(AGREED)
    memory.forget(**forgotten)
    assert memory.agreed(AGREED) is left


def test_it_survives_closing(tmp_path):
    path = tmp_path / "deep" / "memory.sqlite"
    memory = Memory(path)
    memory.keep_ways("stick", "k1", "reader", [STICK])
    keep(memory, task(way=FORGE), Place(object="furnace"), Smelt(object="ingot", fuel="coal"))
    memory.keep_agreement(AGREED)
    memory.close()
    again = Memory(path)
    assert again.agreed(AGREED)
    assert again.ways("stick", "k1", "reader") == (STICK,)
    assert again.recall("r1", task(way=FORGE), "surface, far").actions == (Place(object="furnace"), Smelt(object="ingot", fuel="coal"))
    again.close()


DAMAGE = ("'[{'", "'{}'", '\'[{"name": "jump"}]\'', "'[]x'", "x'ff00fe'", "CAST(x'ff00fe' AS TEXT)", "''")


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_row_is_passed_over(tmp_path, damage):
    path = tmp_path / "memory.sqlite"
    memory = Memory(path)
    keep(memory, task(), Mine(object="tree", tool="good_axe"), ticks=900)
    keep(memory, task(), Mine(object="tree"), ticks=1)  # the reference, soon damaged
    memory.keep_ways("stick", "k1", "reader", [STICK])
    with sqlite3.connect(path) as other:
        other.execute(f"UPDATE plans SET actions = {damage} WHERE ticks = 1")
        other.execute(f"UPDATE ways SET ways = {damage}")
    other.close()
    assert memory.recall("r1", task(), "surface, far").actions == (Mine(object="tree", tool="good_axe"),)
    assert memory.ways("stick", "k1", "reader") is None
    memory.close()


# --- what is kept, and for what amount ----------------------------------------------------------------------------


CRYSTAL = Way(
    item="shard", kind=Kind.MINE, target="crystal", use="salt", on="brine", place=Where(layer="underground", y=10, biomes=("cave",))
)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (seen(), "surface, elsewhere, far, crystal far"),
        (seen(biome="cave"), "surface, far, crystal far"),
        (seen(underground=True, y=40), "underground, above, elsewhere, far, crystal far"),
        (seen(underground=True, y=18), "underground, level, elsewhere, far, crystal far"),
        (seen(underground=True, y=1), "underground, below, elsewhere, far, crystal far"),
        (seen(biome="cave", nearby=(sight("crystal", 3.0), sight("brine", 9.0))), "surface, sees, crystal reaches"),
    ],
)
def test_a_situation_is_all_that_a_template_looks_at(observed, expected):
    assert situation(task(way=CRYSTAL), observed) == expected


@pytest.mark.parametrize(("held", "where"), [({}, "away"), ({"furnace": 1}, "held")])
def test_a_station_that_is_carried_is_another_situation_than_none(held, where):
    assert situation(task(way=FORGE), seen(inventory=held)) == f"surface, furnace {where}"
    assert situation(task(way=FORGE), seen(inventory=held, nearby=(sight("furnace", 9.0, "station"),))).endswith("held" if held else "seen")


def test_all_parts_of_a_way_scale_together(memory):
    subgoal = task(way=CRYSTAL, count=3)
    keep(memory, subgoal, Apply(object="salt", target="brine", count=3), Mine(object="crystal", count=3))
    fitted = memory.recall("r1", task(way=CRYSTAL), "surface, far").fitted(task(way=CRYSTAL, count=7))
    assert fitted == (Apply(object="salt", target="brine", count=7), Mine(object="crystal", count=7))


def test_what_took_more_than_the_sub_goal_takes_is_not_kept(memory):
    keep(memory, task(count=2), Mine(object="tree", count=2), *WALK, Mine(object="tree", count=2))
    assert memory.plans() == ()
    keep(memory, task(count=5), Mine(object="tree", count=2), *WALK, Mine(object="tree", count=3))
    assert [plan.wants for plan in memory.plans()] == [5]


def test_a_plan_followed_with_another_tool_is_the_same_plan():
    assert alike([Mine(object="tree", tool="axe", count=3)], [Mine(object="tree")])
    assert not alike([Mine(object="tree")], [Mine(object="bush")])
    assert not alike([*WALK, Mine(object="tree")], [Mine(object="tree")])
