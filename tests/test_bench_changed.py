"""Permuted worlds: really changed, nothing lost, possible by a proof of its own; and what the bench counts in them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from test_facts import reachable

from gitm.actions import Craft
from gitm.answers import WaysAnswer
from gitm.bench.changed import CONDITIONS, Memoriser, Watch, World, goals_of, play, vanilla
from gitm.bench.nonsense import invented
from gitm.bench.paper import paper_rates
from gitm.bench.report import interval
from gitm.bench.shuffled import changed, shuffled
from gitm.bench.solvable import Reach, Rule, reach
from gitm.cli import app
from gitm.errors import SetupError
from gitm.events import Learned, SetAside, Stepped
from gitm.facts import load
from gitm.types import Code, Feedback, Kind, Message, Observation, Seen, Stack, SubGoal, Way

TINY = load(Path(__file__).parent / "data" / "tiny_world.json")
GOALS = ("stone_pickaxe", "iron_ingot", "cake", "bookshelf")


def lists(book):
    return Counter(frozenset(map(str, craft.materials)) for craft in book.crafts), Counter(smelt.material for smelt in book.smelts)


# --- what is possible ---------------------------------------------------------------------------------------


def test_the_fixpoint_agrees_with_the_search_of_the_rule_books_own_tests():
    for book in (vanilla(), TINY):
        assert {name for name in reach(book).work if name in book.items} == {name for name in reachable(book) if name in book.items}


def test_nothing_is_made_of_itself_and_work_is_at_least_that_of_the_inputs():
    found = Reach()
    found.learn([Rule("ingot", 9, (("block", 1.0),)), Rule("block", 1, (("ingot", 9.0),))])
    assert not found.work
    found.learn([Rule("ingot", 1, (("ore", 1.0),), (frozenset({"pick", "better_pick"}),)), Rule("ore"), Rule("better_pick")])
    assert found.work == {"ore": 1.0, "better_pick": 1.0, "ingot": 2.0, "block": 19.0}


def test_rules_may_come_in_any_order():
    together, one_by_one = reach(vanilla()), Reach()
    from gitm.bench.solvable import crafting, smelting, sources

    rules = [*map(smelting, vanilla().smelts), *map(crafting, vanilla().crafts), *sources(vanilla())]
    for rule in rules:
        one_by_one.learn([rule])
    assert one_by_one.work.keys() == together.work.keys()


# --- the worlds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "level"), [(1, 100), (2, 50), (3, 10)])
def test_a_permuted_world_is_solvable_really_changed_and_loses_no_list(seed, level):
    book = shuffled(vanilla(), seed, GOALS, level)
    assert set(GOALS) <= reachable(book)  # by a search that shares no code with the dealer
    assert changed(vanilla(), book) == pytest.approx(level / 100, abs=0.05)
    assert lists(book) == lists(vanilla())
    assert [(c.item, c.count, c.station) for c in book.crafts] == [(c.item, c.count, c.station) for c in vanilla().crafts]
    assert book.model_copy(update={"crafts": (), "smelts": (), "name": ""}) == vanilla().model_copy(
        update={"crafts": (), "smelts": (), "name": ""}
    )


def test_a_seed_is_a_world():
    one, same, other = (shuffled(vanilla(), seed, GOALS[:1]) for seed in (5, 5, 6))
    assert one == same
    assert changed(one, other) > 0.9


def test_invented_names_leave_the_rules_as_they_were():
    book, names = invented(vanilla(), 1)
    assert {names.get(name, name) for name in vanilla().items} == set(book.items)
    assert not set(names.values()) & set(names)
    assert len(set(names.values())) == len(names)
    back = {new: old for old, new in names.items()}
    assert sorted(map(str, (_back(craft, back) for craft in book.crafts))) == sorted(map(_plainly, vanilla().crafts))
    told, known = reach(book).work, reach(vanilla()).work
    assert {names.get(name, name): work for name, work in known.items() if ":" not in name} == {
        name: work for name, work in told.items() if ":" not in name
    }


def _plainly(craft):
    return str(_back(craft, {}))


def _back(craft, names):
    materials = sorted((names.get(stack.item, stack.item), stack.count) for stack in craft.materials)
    return (names.get(craft.item, craft.item), craft.count, materials, names.get(craft.station, craft.station))


def test_a_goal_that_no_deal_makes_possible_is_said():
    with pytest.raises(SetupError, match=r"no solvable world of seed 1 .* for drim_bar; choose other goals"):
        shuffled(TINY.model_copy(update={"deposits": ()}), 1, ["drim_bar"], dearest=100.0)


def test_goals_are_of_every_depth_and_all_of_the_papers_take_their_turn():
    first, work = goals_of(1, 10), reach(vanilla()).work
    assert [work[goal] for goal in first] == sorted(work[goal] for goal in first)
    assert work[first[-1]] > 5 * work[first[0]]
    turns = {goal for seed in range(1, 51) for goal in goals_of(seed, 10)}
    assert turns <= set(paper_rates())
    assert len(turns) > 70  # of those that no chest or building holds


# --- what is counted ------------------------------------------------------------------------------------------

BELIEF = Way(item="stick", kind=Kind.CRAFT, count=4, materials=(Stack(item="planks", count=2),))
TASK = SubGoal(item="stick", count=4, until=4, batches=1, way=BELIEF)


def stepped(code, message, **held):
    seen = Observation(
        tick=1,
        x=0,
        y=64,
        z=0,
        biome="plains",
        underground=False,
        day=True,
        health=20,
        food=20,
        inventory=held,
        nearby=(Seen(name="crafting_table", kind="station", distance=1.0, y=64),),
    )
    feedback = Feedback(ok=code is Code.OK, code=code, message=message, ticks=1, observation=seen)
    return Stepped(task=TASK, action=Craft(object="stick", count=4), feedback=feedback)


def other_sticks():
    """The original, but sticks are made of something else."""
    crafts = [c.model_copy(update={"materials": (Stack(item="diamond"),)}) if c.item == "stick" else c for c in vanilla().crafts]
    return vanilla().model_copy(update={"crafts": tuple(crafts)})


def test_a_false_belief_that_is_refused_is_met_and_noticed_only_with_the_worlds_words():
    watch = Watch(other_sticks())
    watch.see(stepped(Code.MISSING_MATERIAL, "needs 1 diamond", oak_planks=1, birch_planks=1))
    assert (len(watch.met), len(watch.noticed)) == (1, 0)
    watch.see(SetAside(way=BELIEF, reason="it failed 30 times"))
    watch.see(Learned(item="stick", ways=(), passages=("item:stick",)))
    assert not watch.noticed
    watch.see(SetAside(way=BELIEF, reason="needs 1 diamond"))
    assert watch.noticed == set(watch.met)
    again = Watch(other_sticks())
    again.see(stepped(Code.MISSING_MATERIAL, "needs 1 diamond", oak_planks=2))
    again.see(Learned(item="stick", ways=(), passages=("feedback: needs 1 diamond",)))
    assert len(again.noticed) == 1


def test_what_the_world_merely_lacks_is_no_contradiction():
    watch = Watch(other_sticks())
    watch.see(stepped(Code.MISSING_MATERIAL, "needs 1 diamond", oak_planks=1))  # not even what was believed is there
    watch.see(stepped(Code.INVENTORY_FULL, "no room", oak_planks=2))
    watch.see(stepped(Code.OK, "crafted", oak_planks=2))
    assert not watch.met
    right = Watch(vanilla())
    right.see(stepped(Code.MISSING_MATERIAL, "needs 2 planks", oak_planks=2))
    assert not right.met  # the belief is true: the world is at fault


def test_the_memoriser_answers_by_heart_whatever_the_prompt_says():
    known = {"stick": "Crafting 4 stick requires 2 planks as the material and nothing as the tool."}
    said = known["stick"].replace("2 planks", "1 diamond")
    prompt = f"# Item\nstick\n# Knowledge\n<passage source='x'>{said}</passage>"
    reply = Memoriser(lambda item: known.get(item, "")).complete([Message(role="user", content=prompt)], WaysAnswer)
    (way,) = reply.value.ways
    assert [(amount.item, amount.count) for amount in way.material] == [("planks", 2)]
    assert reply.usage.calls == 1


def test_a_world_is_played_under_all_conditions():
    played = play(World(seed=3, level=100, goals=("oak_door", "stone_pickaxe"), max_ticks=1_000_000))
    tries = {(entry.condition, entry.item): entry for entry in played.tries}
    assert len(tries) == 2 * len(CONDITIONS)
    assert played.changed > 0.99
    for item in played.goals:
        assert tries["vanilla", item].unaided
        assert tries["changed", item].unaided
        assert not tries["memoriser", item].unaided
        wrong = tries["vanilla guides", item]
        assert not wrong.unaided
        assert wrong.met == wrong.noticed > 0
        assert "did not work" in wrong.reason or "budget" in wrong.reason or wrong.reached


# --- the command ----------------------------------------------------------------------------------------------


def test_the_command_goes_on_where_it_was(tmp_path, capsys):
    log = tmp_path / "log.jsonl"
    one = ["--worlds", "1", "--goals", "1", "--workers", "1", "--max-ticks", "100000"]
    arguments = ["bench", "changed-worlds", *one, "--json", "--log", str(log)]
    with pytest.raises(SystemExit) as left:
        app(arguments)
    first = json.loads(capsys.readouterr().out)
    reached = {name: figures["reached"] for name, figures in first["conditions"].items()}
    assert left.value.code == (0 if reached["changed"] == reached["vanilla"] else 1)
    assert first["conditions"]["memoriser"]["reached_before_feedback"] == 0
    assert {"bench", "at", "settings", "machine", "versions", "seconds"} <= first.keys()
    log.write_text(log.read_text(encoding="utf-8") + '{"seed": 1, "lev', encoding="utf-8")  # as an interruption leaves it
    with pytest.raises(SystemExit):
        app(arguments)
    assert json.loads(capsys.readouterr().out)["worlds"] == first["worlds"]  # seconds included: nothing was played again


def test_intervals_are_wilsons():
    assert interval(0, 0) == (0.0, 1.0)
    assert interval(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)  # Wilson 1927, as R's prop.test without correction
    assert interval(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
