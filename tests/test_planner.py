"""Memory, then template, then LLM; what failed is not tried again, and an LLM is told why."""

from __future__ import annotations

import pytest
from toy import SENTENCES, Toy, actions_of, assemble, bare, finish, of, origins, prompts, run, seen, sight, task, toy_mind

from gitm.actions import VOCABULARY, Approach, Craft, DigDown, Explore, Mine, Smelt
from gitm.answers import PlanAnswer, WaysAnswer
from gitm.errors import LLMError
from gitm.events import Asked, SetAside, Stepped
from gitm.llm.reader import Reader
from gitm.llm.scripted import Scripted
from gitm.memory import Memory, alike, situation
from gitm.parts import NoMemory
from gitm.planner import PATIENCE, Attempt
from gitm.skills import Library
from gitm.types import Code, Feedback, Kind, Stack, Tool, Usage, Way

FELL = (Explore(object="tree"), Approach(object="tree"), Mine(object="tree", count=2))
LLM_PLAN = {"explanation": "", "thoughts": "just do it", "action_list": [{"name": "mine", "object": "tree", "count": 2}]}


class Fixture:
    """A planner for one sub-goal, 2 logs."""

    def __init__(self, answers=(), mode="auto", library=None, subgoal=None):
        self.llm = Scripted(answers)
        self.mind = assemble(bare(SENTENCES), self.llm, mode, library=library)
        self.task = subgoal or task(count=2)
        self.attempt = Attempt(self.task, "surface, far")

    def remember(self, *actions, where="surface, far", rules="toy", ticks=10):
        self.mind.memory.keep_plan(rules, "1", self.task, where, actions, ticks)

    def plan(self, observed=None, **extras):
        events, plan = finish(self.mind.planner.plan(self.attempt, observed or seen(), "toy", extras))
        self.events = events
        return plan

    def fail(self, message="no", code=Code.NOT_FOUND):
        self.attempt.note(FELL[0], Feedback(ok=False, code=code, message=message, ticks=5, observation=seen()))
        self.attempt.failed += 1


# --- the order ------------------------------------------------------------------------------------------------


def test_what_worked_before_comes_first():
    planner = Fixture()
    planner.remember(Mine(object="tree", count=2))
    plan = planner.plan()
    assert (plan.origin, plan.actions) == ("memory", (Mine(object="tree", count=2),))
    assert planner.attempt.recalled.successes == 1
    assert planner.llm.calls == 0


def test_then_the_template():
    planner = Fixture()
    planner.remember(Mine(object="tree", count=2), where="surface, reaches")
    planner.remember(Mine(object="tree", count=2), rules="another world")
    plan = planner.plan()
    assert (plan.origin, plan.actions) == ("skill:gather_on_surface", FELL)
    assert planner.attempt.recalled is None
    assert planner.llm.calls == 0


def test_then_the_llm():
    planner = Fixture([LLM_PLAN], library=Library([]))
    plan = planner.plan()
    assert (plan.origin, plan.actions, plan.thoughts) == ("llm", (Mine(object="tree", count=2),), "just do it")
    assert [(event.role, event.about) for event in planner.events] == [("planner", "log by mine tree")]


def test_a_template_that_keeps_failing_gives_way_to_the_llm():
    planner = Fixture([LLM_PLAN] * 9)
    found = []
    for _ in range(PATIENCE + 2):
        found.append(planner.plan().origin)
        planner.fail()
    assert found == ["skill:gather_on_surface"] * PATIENCE + ["llm", "llm"]


def test_an_llm_that_knew_no_other_plan_is_not_asked_again():
    agrees = {**LLM_PLAN, "action_list": [action.model_dump() for action in FELL]}
    planner = Fixture([agrees] * 9)
    for _ in range(PATIENCE):
        planner.fail()
    assert [planner.plan().origin for _ in range(3)] == ["llm", "skill:gather_on_surface", "skill:gather_on_surface"]

    planner.fail(code=Code.NO_PATH)  # another refusal is another question
    assert [planner.plan().origin for _ in range(2)] == ["llm", "skill:gather_on_surface"]
    planner.mind.planner.knowledge = bare({"log": f"{SENTENCES['log']} Better look in a forest."})  # and so is other knowledge
    assert planner.plan().origin == "llm"
    assert planner.llm.calls == 3


def test_an_llm_that_walks_where_the_template_tunnels_has_another_plan():
    walks = [Explore(object="ore", strategy="surface"), Approach(object="ore"), Mine(object="ore", tool="pick")]
    tunnels = [Explore(object="ore", strategy="underground"), *walks[1:]]
    assert not alike(walks, tunnels)
    assert alike(walks, [Explore(object="ore"), *walks[1:]])


def test_templates_alone_ask_nobody():
    planner = Fixture([LLM_PLAN], "templates")
    for _ in range(PATIENCE + 2):
        planner.fail()
    assert planner.plan().origin == "skill:gather_on_surface"
    assert planner.llm.calls == 0
    assert Fixture([LLM_PLAN], "templates", Library([])).plan() is None


def test_the_llm_alone_is_always_asked_with_what_worked_as_its_reference():
    planner = Fixture([LLM_PLAN], "llm")
    planner.remember(*FELL)
    assert planner.plan().origin == "llm"
    (prompt,) = prompts(planner.llm, PlanAnswer)
    assert (
        "# Reference plan\nIt worked before in such a situation:\nexplore(object=tree)\napproach(object=tree)\nmine(object=tree, count=2)"
        in prompt
    )


def test_without_a_reference_none_is_shown():
    planner = Fixture([LLM_PLAN], "llm")
    planner.plan()
    assert "Reference" not in prompts(planner.llm, PlanAnswer)[0]


def test_a_remembered_plan_that_failed_is_not_tried_again_for_this_sub_goal():
    planner = Fixture()
    planner.remember(Mine(object="tree", count=2))
    planner.plan()
    planner.attempt.distrusted.add(planner.attempt.recalled.id)
    assert planner.plan().origin == "skill:gather_on_surface"
    planner.attempt = Attempt(planner.task, "surface, far")
    assert planner.plan().origin == "memory"


# --- what is remembered is fitted ---------------------------------------------------------------------------------


def test_a_remembered_plan_takes_todays_tool():
    axes = Tool(item="wooden_axe", or_better=("stone_axe",))
    planner = Fixture(subgoal=task(count=3, tools=(axes,)))
    planner.remember(DigDown(y_level=5, tool="wooden_axe"), Mine(object="tree", tool="wooden_axe", count=3))
    assert planner.plan(seen(inventory={"stone_axe": 1})).actions == (
        DigDown(y_level=5, tool="stone_axe"),
        Mine(object="tree", tool="stone_axe", count=3),
    )
    assert planner.plan(seen(inventory={"wooden_axe": 1, "stone_axe": 1})).actions[1].tool == "wooden_axe"


def test_a_remembered_plan_burns_todays_fuel():
    way = Way(item="ingot", kind=Kind.SMELT, materials=(Stack(item="ore"),), stations=(Stack(item="furnace"),))
    planner = Fixture(subgoal=task(way=way, count=2))
    planner.remember(Smelt(object="ingot", count=2, material="ore", fuel="coal"), where="surface, furnace away")
    (smelt,) = planner.plan(fuel="charcoal", material="ore").actions
    assert (smelt.fuel, smelt.material) == ("charcoal", "ore")


# --- the LLM ------------------------------------------------------------------------------------------------------


def test_the_prompt_tells_state_way_knowledge_and_feedback():
    planner = Fixture([LLM_PLAN], "llm")
    planner.fail("no tree in sight:\n explore the forest")
    planner.plan(seen(inventory={"plank": 2, "apple": 1}, y=70, day=False, nearby=(sight("cow", 7.0, "mob"),)))
    messages, _ = planner.llm.asked[0]
    for name in VOCABULARY:
        assert f"- {name}(" in messages[0].content
    for line in (
        "explore(object=tree) failed with NOT_FOUND: no tree in sight: explore the forest",
        "inventory: 1 apple, 2 plank",
        "height: 70",
        "time: night",
        "in sight: cow (mob) at 7.0",
        "Obtain 2 log.",
        "performances: 2",
        f"way: {planner.task.way.model_dump_json(exclude_defaults=True)}",
        SENTENCES["log"],
    ):
        assert line in messages[1].content


def test_only_the_latest_feedback_is_shown():
    planner = Fixture([LLM_PLAN], "llm")
    for number in range(20):
        planner.fail(f"refusal number {number}.")
    planner.plan()
    (prompt,) = prompts(planner.llm, PlanAnswer)
    assert "refusal number 19." in prompt
    assert "refusal number 13." not in prompt


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"action_list": [{"name": "teleport", "object": "tree"}]}, "there is no action 'teleport'; the actions are equip"),
        ({"action_list": [{"name": "mine"}]}, "Field required"),
        ({"action_list": [{"name": "mine", "object": "tree", "count": -3}]}, "greater than or equal to 1"),
        ({"action_list": [{"name": "mine", "object": "rm -rf /"}]}, "String should match pattern"),
    ],
)
def test_an_answer_that_is_no_plan_becomes_feedback(answer, said):
    planner = Fixture([answer, LLM_PLAN], "llm")
    assert planner.plan() is None
    assert planner.plan().origin == "llm"
    prompt = prompts(planner.llm, PlanAnswer)[1]
    assert "your answer was no plan: " in prompt
    assert said in prompt
    assert len([line for line in prompt.split("# State")[0].splitlines() if line]) == 2  # the heading and one line


def test_no_actions_are_no_plan():
    assert Fixture([{"action_list": []}], "llm").plan() is None


def test_when_the_llm_fails_the_template_goes_on():
    planner = Fixture([LLMError("down", Usage(calls=1))] * 3)
    for _ in range(PATIENCE):
        planner.fail()
    assert planner.plan().origin == "skill:gather_on_surface"
    assert [event.error for event in planner.events] == ["down"] * 3


def test_when_the_llm_fails_and_there_is_no_template_there_is_no_plan():
    assert Fixture([LLMError("down", Usage(calls=1))] * 3, library=Library([])).plan() is None


# --- in a run -------------------------------------------------------------------------------------------------------


def test_a_remembered_plan_that_fails_is_demoted_and_the_run_goes_on():
    memory = Memory(None)
    for _ in range(2):  # even one that worked twice, and so is still trusted after one failure
        memory.keep_plan("toy", "1", task(), situation(task(), seen()), [Mine(object="tree")], 1)
    world = Toy(lambda world, _: (Code.OUT_OF_REACH, "too far") if len(world.done) == 1 else None)
    events = run("log", world, toy_mind(memory=memory))
    assert events[-1].reached
    assert origins(events) == ["memory", "skill:gather_on_surface"]
    outcomes = memory._db.execute("SELECT successes, failures FROM plans ORDER BY id").fetchall()
    assert outcomes == [(2, 1), (1, 0)]


def test_a_remembered_plan_that_did_a_part_is_not_demoted():
    memory = Memory(None)
    memory.keep_plan("toy", "1", task(), "surface, far", [Mine(object="tree")], 1)
    world = Toy(lambda world, _: (Code.PARTIAL, "the log rolled away") if len(world.done) == 1 else None)
    events = run("log", world, toy_mind(memory=memory))
    assert origins(events) == ["memory", "memory"]
    assert memory._db.execute("SELECT failures FROM plans").fetchall() == [(0,)]


def test_what_got_the_rest_is_remembered_for_where_it_began():
    def one_tree_here(world, action):
        if isinstance(action, Mine) and not world.inventory:
            world.seen["nearby"] = ()  # the only tree in sight is felled
            return Code.PARTIAL, "no more of it in sight: explore for the rest", {"log": 1}
        return None

    mind = toy_mind()
    events = run("3 log", Toy(one_tree_here, nearby=(sight("tree"),)), mind)
    assert actions_of(events) == [Mine(object="tree", count=3), *FELL]
    assert [(plan.situation, plan.fitted(task(count=2))) for plan in mind.memory.plans()] == [("surface, far", FELL)]


def test_what_worked_is_remembered_and_used_in_the_next_run():
    memory = Memory(None)
    first = run("pick", Toy(), toy_mind(memory=memory))
    again = run("pick", Toy(), toy_mind(memory=memory))
    assert {origin.split(":")[0] for origin in origins(first)} == {"skill"}
    assert set(origins(again)) == {"memory"}
    assert actions_of(again) == actions_of(first)
    assert of(again, Asked) == []


def hidden(world, action):
    """No tree shows before the twentieth search."""
    if isinstance(action, Explore) and sum(isinstance(done, Explore) for done in world.done) < 20:
        return Code.NOT_FOUND, "no tree in sight: explore further"
    return None


def test_what_the_llm_had_nothing_to_add_to_is_not_asked_in_the_next_run():
    memory = Memory(None)
    first = run("pick", Toy(hidden), toy_mind(memory=memory))
    again = run("pick", Toy(hidden), toy_mind(memory=memory))
    assert first[-1].reached
    assert again[-1].reached
    assert [event.about for event in of(first, Asked) if event.role == "planner"] == ["log by mine tree"]
    assert of(again, Asked) == []
    assert len(actions_of(again)) <= len(actions_of(first))


def test_without_a_memory_the_llm_is_asked_at_every_failure():
    events = run("pick", Toy(hidden), toy_mind(memory=NoMemory()))
    assert len([event for event in of(events, Asked) if event.role == "planner"]) > 10


def test_an_llm_that_dies_after_reading_does_not_end_what_templates_can_do():
    reader = Reader()

    def answer(messages, schema):
        return reader.complete(messages, schema).value if schema is WaysAnswer else LLMError("gone", Usage(calls=1))

    def stubborn(world, action):
        return (Code.NO_PATH, "a river") if isinstance(action, Approach) and len(world.done) < 12 else None

    events = run("log", Toy(stubborn), toy_mind(Scripted(answer)))
    assert events[-1].reached
    assert {event.error for event in of(events, Asked) if event.role == "planner"} == {"gone"}


def test_a_way_nobody_can_plan_is_set_aside_after_the_queries_allowed():
    llm = Scripted(lambda messages, schema: Reader().complete(messages, schema).value if schema is WaysAnswer else {"action_list": []})
    mind = assemble(bare(SENTENCES), llm, library=Library([]))
    events = run("log", Toy(), mind, queries=4)
    assert len([event for event in of(events, Asked) if event.role == "planner"]) == 4
    assert [event.reason for event in of(events, SetAside)] == ["it failed 4 times, last: no plan was found"]
    assert of(events, Stepped) == []
    assert "every known way was tried" in events[-1].reason


def test_gitms_planner_reaches_the_goal_with_the_reader_as_llm():
    events = run("pick", Toy(), toy_mind(planner="llm"))
    assert events[-1].reached
    assert set(origins(events)) == {"llm"}
    assert Craft(object="pick", tool="bench") in actions_of(events)
