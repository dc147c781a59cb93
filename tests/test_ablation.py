"""The parts that can be switched off, the forgetful model, and the two benches that are made of them."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from toy import SENTENCES, Toy, bare, of, prompts, run, seen

from gitm.actions import Mine
from gitm.answers import Amount, PlanAnswer, WayAnswer, WaysAnswer
from gitm.beliefs import contradicts
from gitm.bench import ablation, noise
from gitm.bench.ablation import ROWS, Game, Result, Setup, measure, table
from gitm.decomposer import Decomposer
from gitm.errors import LLMError
from gitm.events import Decomposed, Ended
from gitm.limits import Asker
from gitm.llm.forgetful import Forgetful
from gitm.llm.reader import Reader
from gitm.llm.scripted import Scripted
from gitm.llm.slips import PLAN_SLIPS, WAY_SLIPS, Luck, Rates, clumsy, misremembered
from gitm.memory import Memory
from gitm.mind import Mind
from gitm.opening import open_mind
from gitm.parts import NoMemory, Parts, undivided
from gitm.plan_text import actions_of
from gitm.planner import Planner
from gitm.prompting import render
from gitm.rank import rank
from gitm.skills import Library
from gitm.stock import Stock
from gitm.types import All, Code, Feedback, Kind, Message, Obtain, Passage, Tool, Way

FELL = {"name": "mine", "object": "tree", "count": 1}
LOG = {"ways": [{"object": "log", "kind": "mine", "target": "tree"}]}


def mind_with(llm, parts: Parts, sentences=SENTENCES, memory: Memory | None = None) -> Mind:
    """A mind over the wooden world, put together as ``open_mind`` does."""
    memory = (memory or Memory(None)) if parts.memory else NoMemory()
    knowledge, asker = bare(sentences if parts.knowledge else {}), Asker(llm)
    planner = Planner(Library.open([]), knowledge, memory, asker, "llm")
    return Mind(Decomposer(knowledge, memory, asker), planner, asker, parts=parts)


def answering(plans) -> Scripted:
    """Says that logs are felled, and then one plan after another."""
    left = iter(plans)
    return Scripted(lambda _, schema: LOG if schema is WaysAnswer else {"action_list": next(left)})


# --- switches ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [True, False])
def test_feedback_off_leaves_no_word_of_what_failed_in_any_prompt(on):
    no = iter([(Code.NOT_FOUND, "no tree in sight: explore first"), (Code.MISSING_TOOL, "needs an axe", {"axe": 1})])
    llm = answering([[FELL], [{"name": "chop"}], [FELL], [FELL]])
    run("log", Toy(lambda *_: next(no, None)), mind_with(llm, Parts(feedback=on)))
    plans, ways = "\n".join(prompts(llm, PlanAnswer)), "\n".join(prompts(llm, WaysAnswer))
    assert len(prompts(llm, PlanAnswer)) == (3 if on else 4)  # a way that is contradicted and not corrected is set aside
    assert ("# Feedback" in plans) is on
    assert ("needs an axe" in ways) is on
    assert "needs an axe" not in plans
    assert ("explore first" in plans) is on
    assert ("there is no action 'chop'" in plans) is on
    assert ("# Contradiction" in ways) is on


def test_decomposition_off_asks_for_the_goal_itself_again_and_again():
    llm = answering([[FELL], [{"name": "craft", "object": "plank", "count": 4}]])
    events = run("plank", Toy(), mind_with(llm, Parts(decomposition=False)))
    assert of(events, Ended)[0].reached
    assert prompts(llm, WaysAnswer) == []
    assert all("Obtain 1 plank." in prompt and "No way is known" in prompt for prompt in prompts(llm, PlanAnswer))
    assert [[task.item for task in event.tree.subgoals] for event in of(events, Decomposed)] == [["plank"], []]


def test_decomposition_off_ends_after_as_many_queries_as_a_sub_goal_has():
    llm = answering([[{"name": "explore", "object": "plank"}]] * 99)
    events = run("plank", Toy(lambda *_: (Code.NOT_FOUND, "none")), mind_with(llm, Parts(decomposition=False)), queries=7)
    assert "every plan for plank failed" in of(events, Ended)[0].reason
    assert llm.calls == 7


def test_an_undivided_goal_is_what_is_short_of_each_item():
    goal = All(goals=(Obtain(item="log", count=3), Obtain(item="stick")))
    tasks = undivided(goal, Stock({"log": 1, "stick": 1})).subgoals
    assert [(task.item, task.count, task.until) for task in tasks] == [("log", 2, 3)]


@pytest.mark.parametrize("on", [True, False])
def test_knowledge_off_leaves_no_passage_in_any_prompt_and_the_llm_is_asked_all_the_same(on, tmp_path):
    llm = Scripted(lambda _, schema: {"ways": [{"object": "dirt", "kind": "mine"}]} if schema is WaysAnswer else {"action_list": []})
    mind = open_mind(tmp_path, llm=llm, planner="llm", parts=Parts(knowledge=on))
    run_until_asked(mind, llm)
    mind.close()
    asked = [messages[-1].content for messages, _ in llm.asked]
    assert {schema for _, schema in llm.asked} == {WaysAnswer, PlanAnswer}
    assert all(("<passage" in prompt) is on for prompt in asked)


def run_until_asked(mind: Mind, llm: Scripted) -> None:
    from gitm.agent import pursue

    for _ in pursue(Obtain(item="dirt"), Toy(), mind):
        if any(schema is PlanAnswer for _, schema in llm.asked):
            return


@pytest.mark.parametrize("on", [True, False])
def test_memory_off_recalls_and_keeps_nothing(on):
    memory = Memory(None)
    for _ in range(2):
        llm = answering([[FELL]])
        run("log", Toy(), mind_with(llm, Parts(memory=on), memory=memory))
    assert ("# Reference plan" in prompts(llm, PlanAnswer)[0]) is on
    assert (len(prompts(llm, WaysAnswer)) == 0) is on
    assert (memory.counts()["plans"] > 0) is on


def test_memory_off_makes_no_file(tmp_path):
    open_mind(tmp_path, llm=Reader(), parts=Parts(memory=False)).close()
    assert not list(tmp_path.glob("*.sqlite"))


def test_a_tool_that_the_way_never_named_does_not_contradict_it():
    way = Way(item="gem", kind=Kind.MINE, target="ore", tools=(Tool(item="iron_pick"),))
    held = seen(inventory={"iron_pick": 1, "stone_pick": 1})
    no = Feedback(ok=False, code=Code.MISSING_TOOL, message="no", missing={"diamond_pick": 1}, ticks=1, observation=held)
    said = {tool: contradicts(way, Mine(object="ore", tool=tool), no, lambda item: (item,)) for tool in ("stone_pick", "iron_pick", None)}
    assert said == {"stone_pick": False, "iron_pick": True, None: True}


def test_a_held_tool_that_nothing_makes_is_not_chosen_to_be_made():
    ways = {"pick": (Way(item="pick", kind=Kind.MINE, target="bush", lasts=60),)}
    ranking = rank(ways, Stock({"old_pick": 1}))
    assert "old_pick" in ranking.order
    assert ranking.for_uses(("old_pick", "pick"), 5) == "pick"
    assert ranking.for_uses(("old_pick",), 5) is None


# --- the forgetful model -----------------------------------------------------------------------------------------

MEMORY = {
    "pick": "Crafting 1 pick requires 3 plank and 2 stick as the material and a bench as the tool.",
    "gem": "Mining ore gives 1 gem; it takes a pick. ore is rare: it is found underground in any biome, most often at height -50.",
}


def ask_ways(llm, item: str, passages=(), contradiction=None) -> list[WayAnswer]:
    return llm.complete(render("decomposer", item=item, passages=passages, contradiction=contradiction), WaysAnswer).value.ways


def ask_plan(llm, way: Way, **values) -> list[dict]:
    state = {
        "feedback": (), "inventory": "1 bench, 1 pick", "hand": "nothing", "health": "20", "food": "20", "biome": "plains",
        "dimension": "overworld",
        "place": "surface", "height": 64, "time": "day", "sights": "nothing", "item": way.item, "count": 3, "performances": 3,
        "materials": "", "tool": "", "info": way.info, "way": way.model_dump_json(exclude_defaults=True, exclude={"info"}),
        "passages": (), "reference": "", "vocabulary": "",
    }  # fmt: skip
    return llm.complete(render("planner", **state | values), PlanAnswer).value.action_list


GEM = Way.model_validate(
    {
        "item": "gem",
        "kind": "mine",
        "target": "ore",
        "tools": [{"item": "pick"}],
        "place": {"layer": "underground", "y": -50},
    }
)
NEVER = Rates().at(0)


def only(**rates: float) -> Rates:
    return NEVER.model_copy(update=rates)


def test_without_slips_it_is_the_reader_and_its_own_memory():
    llm = Forgetful(MEMORY, 1, NEVER)
    knowing = [Passage(id="p", text=MEMORY["pick"], items=("pick",), source="s")]
    assert ask_ways(llm, "pick") == ask_ways(Reader(), "pick", knowing)
    assert ask_ways(llm, "refined_stick") == []
    assert ask_plan(llm, GEM) == ask_plan(Reader(), GEM)


def test_the_same_seed_says_the_same_and_another_does_not():
    def session(seed: int) -> str:
        llm = Forgetful(MEMORY, seed, only(wrong_count=0.5, missing_step=0.5, wrong_place=0.5))
        plans = [ask_plan(llm, GEM) for _ in range(5)]
        return json.dumps([plans, [way.model_dump() for item in MEMORY for way in ask_ways(llm, item)]])

    assert session(3) == session(3)
    assert len({session(seed) for seed in range(12)}) > 6


def test_a_wrong_memory_of_an_item_stays_until_it_is_told_better():
    llm = Forgetful(MEMORY, 1, only(wrong_count=1, missing_station=1))
    first = ask_ways(llm, "pick")
    assert first[0].station is None
    assert all(ask_ways(llm, "pick") == first for _ in range(5))
    believed = {"way": '{"item":"pick","kind":"craft"}', "code": "MISSING_STATION", "missing": "1 bench", "message": "needs a bench"}
    told = [ask_ways(llm, "pick", contradiction=believed | {"message": f"needs a bench {n}"})[0].station for n in range(200)]
    assert told.count([Amount(item="bench")]) == pytest.approx(200 * llm.rates.heeding, abs=30)


@pytest.mark.parametrize("slip", WAY_SLIPS)
def test_slips_of_recall_are_as_frequent_as_stated(slip):
    others = " ".join(f"Crafting 1 x requires 1 thing{n} as the material and nothing as the tool." for n in "abcdefghijklmnopqrst")

    def changed(item: str, seed: int) -> bool:
        llm = Forgetful(MEMORY | {"x": others}, seed, only(**{slip: 0.2}))
        return ask_ways(llm, item) != ask_ways(Forgetful(MEMORY, 0, NEVER), item)

    item, parts = ("gem", 1) if slip in ("missing_tool", "wrong_place") else ("pick", 2 if slip in ("wrong_material", "wrong_count") else 1)
    share = sum(changed(item, seed) for seed in range(600)) / 600
    expected = 1 - 0.8**parts
    if slip == "wrong_material":
        expected *= 21 / 22  # one time in as many things that come to mind it is the right one
    assert share == pytest.approx(expected, abs=0.06)


def test_passages_leave_few_slips_of_reading():
    llm = Forgetful({}, 1, only(missing_station=1.0))
    stated = [Passage(id="p", text=MEMORY["pick"], items=("pick",), source="s")]
    wrong = sum(ask_ways(llm, "pick", stated)[0].station is None for _ in range(1000))
    assert wrong == pytest.approx(1000 * llm.rates.reading, abs=28)


def test_slips_in_plans_are_as_frequent_as_stated():
    counts = Counter()
    for seed in range(600):
        llm = Forgetful(MEMORY, seed, only(missing_step=0.2, wrong_amount=0.3, invented_action=0.1, wrong_height=0.4))
        plan = ask_plan(llm, GEM)
        counts["explore"] += not any(action["name"] in ("explore", "search_for") for action in plan)
        counts["amount"] += any(action.get("count", 3) != 3 for action in plan)
        counts["height"] += any(action.get("y_level", -50) != -50 for action in plan)
        counts["mine"] += any(action["name"] == "break_block" for action in plan)
    shares = {name: count / 600 for name, count in counts.items()}
    assert shares == pytest.approx({"explore": 0.2, "amount": 0.3, "height": 0.4 * 0.8, "mine": 0.1}, abs=0.06)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({}, 1.0),
        ({"feedback": ("mine(object=ore) failed with NOT_FOUND: no ore in sight: explore first",)}, 1 - Rates().heeding),
        ({"feedback": ("mine(object=ore) worked: NOT_FOUND",)}, 1.0),
        ({"reference": "explore(object=ore)"}, Rates().guided),
    ],
)
def test_feedback_and_reference_plans_make_slips_rarer(given, part):
    missing = 0
    for seed in range(800):
        plan = ask_plan(Forgetful(MEMORY, seed, only(missing_step=0.5)), GEM, **given)
        missing += not any(action["name"] == "explore" for action in plan)
    assert missing / 800 == pytest.approx(0.5 * part, abs=0.06)


def test_malformed_answers_are_errors_as_often_as_stated():
    llm, errors = Forgetful(MEMORY, 1, only(malformed=0.3)), 0
    for _ in range(500):
        try:
            ask_ways(llm, "pick")
        except LLMError as error:
            assert error.usage is not None and error.usage.calls == 1  # noqa: PT017, PT018 - a share of them, not all
            errors += 1
    assert errors / 500 == pytest.approx(0.3, abs=0.07)


def test_it_thinks_an_undivided_goal_through_with_the_ways_it_recalls():
    memory = dict(SENTENCES)
    way = undivided(Obtain(item="rock"), Stock()).subgoals[0].way
    plan = ask_plan(Forgetful(memory, 1, NEVER), way, count=1, performances=1, inventory="nothing")
    assert [(action["name"], action["object"]) for action in plan if action["name"] in ("mine", "craft", "place")] == [
        ("mine", "tree"),
        ("craft", "plank"),
        ("craft", "bench"),
        ("craft", "stick"),
        ("place", "bench"),
        ("craft", "pick"),
        ("mine", "bench"),
        ("mine", "boulder"),
    ]
    world = Toy()
    for action in actions_of({"action_list": plan}):
        assert world.step(action).ok
    assert world.inventory["rock"] == 1


def test_it_only_decomposes_and_plans():
    with pytest.raises(LLMError, match="only decomposes and plans"):
        Forgetful(MEMORY, 1, NEVER).complete([Message(role="user", content="")], Way)


def test_levels_scale_slips_and_nothing_else():
    doubled = Rates().at(2)
    assert doubled.wrong_place == pytest.approx(2 * Rates().wrong_place)
    assert doubled.heeding == Rates().heeding
    assert max(Rates().at(1000).model_dump().values()) == 1


def test_groups_are_never_misremembered():
    way = WayAnswer(object="planks", kind="any", material=[Amount(item="oak_planks")])
    assert misremembered(way, Rates().at(1000), Luck(1), ["stick"]) == way


# --- the benches -------------------------------------------------------------------------------------------------


def test_two_games_with_learning_are_played_and_not_played_again(tmp_path):
    setup = Setup(rates=NEVER, max_ticks=600, learning=1)
    rows, log, told = (ROWS[0], ROWS[-1]), tmp_path / "log.jsonl", []
    results = measure(setup, 1, log, rows, workers=1, told=lambda: told.append(1))
    assert [result.row for result in results] == ["none", "+ memory"]
    assert len(told) == 3
    assert all(result.ticks >= 600 and "budget of 600 ticks" in result.reason and result.calls for result in results)
    assert measure(setup, 1, log, rows, workers=1, told=lambda: told.append(1)) == results
    assert len(told) == 3
    (memory,) = tmp_path.glob("*.sqlite")
    assert Memory(memory).counts()["plans"] > 0


def test_a_table_counts_what_was_held_within_the_budget():
    setup = Setup(max_ticks=100, learning=0)

    def game(seed: int, held: dict[str, int]) -> Result:
        return Result(setup=setup, row="none", seed=seed, held=held, calls=(0, 10, 90), ticks=100, reason="", seconds=0)

    results = [game(1, {"crafting_table": 10, "diamond": 60}), game(2, {"crafting_table": 50}), game(3, {}), game(4, {})]
    (entry,) = table(results, ROWS[:1], 50)
    assert entry["success_pct"] == [50, 0, 0, 0, 0]
    assert entry["calls_mean"] == 2
    assert entry["interval_pct"][0] == pytest.approx([15.0, 85.0], abs=0.1)  # Wilson's interval of 2 in 4, by hand
    assert table(results, ROWS[:1], 100)[0]["success_pct"] == [50, 0, 0, 0, 25]


def test_each_row_switches_one_more_part_on():
    switched = [sum(row.parts.model_dump().values()) for row in ROWS]
    assert switched == [0, 1, 2, 3, 4]
    assert all(len(row.paper) == len(ablation.MILESTONES) for row in ROWS)


def test_a_damaged_answer_has_one_slip():
    ways = WaysAnswer(
        ways=[WayAnswer(object="pick", kind="craft", material=[Amount(item="stick", count=2)], station=[Amount(item="bench")])] * 2
    )
    plan = PlanAnswer(action_list=[{"name": "approach", "object": "ore"}, {"name": "mine", "object": "ore", "tool": "pick", "count": 4}])
    for seed in range(200):
        damaged = noise.damage(ways, random.Random(seed))
        assert sum(one != other for one, other in zip(damaged.ways, ways.ways, strict=True)) == 1
        written = noise.damage(plan, random.Random(seed)).action_list
        assert written != plan.action_list
        same = sum(action in written for action in plan.action_list)
        assert same == 1
    assert noise.damage(WaysAnswer(ways=[]), random.Random(1)) == WaysAnswer(ways=[])


def test_noise_games_are_played_at_the_rates_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(noise, "RATES", (0.0, 1.0))
    results = noise.measure("stick", 1, 20_000, tmp_path / "log.jsonl", workers=1)
    assert [(result.planner, result.rate) for result in results] == [("auto", 0.0), ("auto", 1.0), ("llm", 0.0), ("llm", 1.0)]
    assert results[0].reached and results[2].reached  # noqa: PT018
    assert [entry["success_pct"] for entry in noise.table(results)][::2] == [100, 100]


def test_a_game_is_the_same_when_it_is_played_again():
    game = Game(setup=Setup(rates=Rates(), max_ticks=1500, learning=0), row="+ feedback", seed=2)
    first, second = ablation.play(game), ablation.play(game)
    assert first.model_copy(update={"seconds": 0}) == second.model_copy(update={"seconds": 0})


def test_a_plan_written_without_slips_is_the_plan():
    plan = [{"name": "mine", "object": "ore", "tool": "pick", "count": 4}]
    assert clumsy(plan, NEVER, Luck(1), Luck(2)) == plan
    for slip in PLAN_SLIPS:
        assert clumsy(plan, only(**{slip: 1.0}), Luck(1), Luck(2), {slip: 0.0}) == plan


def test_steps_tell_milestones_and_a_world_that_digs_faster_gives_more_of_them():
    def held(dig_speed: float) -> dict[str, int]:
        setup = Setup(rates=NEVER, max_ticks=4000, dig_speed=dig_speed, learning=0)
        return ablation.play(Game(setup=setup, row="+ knowledge", seed=1)).held

    fast, vanilla = held(ablation.DIG_SPEED), held(1)
    assert 0 < fast["crafting_table"] < fast["wooden_pickaxe"] < fast["diamond"] <= 4000
    assert fast["crafting_table"] < vanilla["crafting_table"] < vanilla["wooden_pickaxe"] <= 4000
    assert "diamond" not in vanilla
