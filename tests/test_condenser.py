"""From several plans that worked to one reference plan: when it is asked for, what is taken of an answer, and who has the last word."""

from __future__ import annotations

import pytest
from toy import SENTENCES, Toy, actions_of, assemble, bare, finish, of, origins, run, seen, task, toy_mind

from gitm.actions import Approach, Explore, Mine, Wait
from gitm.condenser import Condenser, ReferenceAnswer
from gitm.errors import LLMError
from gitm.events import Asked
from gitm.limits import Asker, Limits
from gitm.llm.reader import Reader
from gitm.llm.scripted import Scripted
from gitm.memory import SUCCESSES, Memory, situation
from gitm.skills import Library
from gitm.types import Code, Usage

FAR = "surface, far"
DIRECT = (Approach(object="tree"), Mine(object="tree"))
CAREFUL = (Explore(object="tree"), Approach(object="tree"), Mine(object="tree"))
SLOW = (Wait(ticks=500), *CAREFUL)
TWO = [{"name": "explore", "object": "tree"}, {"name": "mine", "object": "tree"}]


@pytest.fixture
def memory():
    memory = Memory(None)
    yield memory
    memory.close()


def keep(memory, actions, ticks, times=1, count=1):
    for _ in range(times):
        memory.keep_plan("toy", "1", task(count=count), FAR, [*actions[:-1], Mine(object="tree", count=count)], ticks)


def condense(memory, answer=None, condenser=None):
    llm = Reader() if answer is None else Scripted(answer)
    condenser = condenser or Condenser(Asker(llm))
    events, _ = finish(condenser.condense(memory, "toy", task(), FAR))
    return llm, events


def reference(memory):
    return memory.recall("toy", task(), FAR)


def test_it_is_not_time_before_enough_successes(memory):
    keep(memory, SLOW, 700, SUCCESSES - 2)
    keep(memory, DIRECT, 300)
    llm, _ = condense(memory, [{"action_list": TWO}])
    assert llm.calls == 0
    assert not any(plan.reference for plan in memory.plans())


def test_without_a_model_the_cheapest_that_worked_becomes_the_reference(memory):
    keep(memory, SLOW, 700, SUCCESSES)
    keep(memory, DIRECT, 300)
    assert reference(memory).actions == SLOW  # most often right
    _, events = condense(memory)
    assert events == []  # and nobody was asked
    assert reference(memory).actions == DIRECT
    memory.demote(reference(memory).id)
    assert reference(memory).actions == SLOW  # one failure, and it is out


def test_a_plan_that_was_always_the_same_needs_no_condensing(memory):
    keep(memory, DIRECT, 300, SUCCESSES)
    llm, _ = condense(memory, [{"action_list": TWO}])
    assert llm.calls == 0
    assert reference(memory).reference


def test_the_llm_sees_every_plan_and_its_answer_goes_on_trial(memory):
    keep(memory, SLOW, 700, SUCCESSES - 1)
    keep(memory, DIRECT, 300)
    llm, events = condense(memory, [{"thoughts": "look first", "action_list": TWO}])
    ((messages, schema),) = llm.asked
    assert schema is ReferenceAnswer
    assert [event.role for event in of(events, Asked)] == ["condenser"]
    prompt = messages[-1].content
    assert "# Plan 1\nIt worked 1 times, failed 0 times, and took 300 ticks.\napproach(object=tree)\nmine(object=tree)\n" in prompt
    assert "wait(ticks=500)" in prompt
    assert "- mine(object, tool=None, count=1)" in messages[0].content
    plan = reference(memory)
    assert (plan.actions, plan.origin, plan.successes) == ((Explore(object="tree"), Mine(object="tree")), "condensed", 0)
    assert plan.fitted(task(count=7))[-1] == Mine(object="tree", count=7)


def test_the_world_has_the_last_word_on_a_proposal(memory):
    keep(memory, SLOW, 700, SUCCESSES - 1)
    keep(memory, DIRECT, 300)
    condense(memory, [{"action_list": TWO}])
    trial = reference(memory)
    memory.demote(trial.id)
    assert reference(memory).origin == "run"
    memory.confirm(trial.id, 200)  # had it worked first and then failed, it would be no better than even
    assert reference(memory).id != trial.id
    memory.confirm(trial.id, 200)
    assert reference(memory).id == trial.id


@pytest.mark.parametrize(
    "answer",
    [
        {"action_list": []},
        {"action_list": [{"name": "fly", "object": "tree"}]},
        {"action_list": [{"name": "mine", "object": "diamond_ore"}]},  # in none of the plans
        {"action_list": [{"name": "mine", "object": "tree", "tool": "chainsaw"}]},
        {"action_list": [{"name": "wait", "ticks": 1}] * 50},
        {"action_list": [{"name": "mine", "object": "../../etc"}]},
        LLMError("down", Usage(calls=1)),
    ],
)
def test_no_valid_answer_leaves_the_cheapest(memory, answer):
    keep(memory, SLOW, 700, SUCCESSES - 1)
    keep(memory, DIRECT, 300)
    condense(memory, [answer] * 3)
    assert reference(memory).actions == DIRECT
    assert all(plan.origin == "run" for plan in memory.plans())


def test_an_llm_that_failed_is_not_asked_again_and_a_spent_budget_ends_nothing(memory):
    llm = Scripted([LLMError("down", Usage(calls=1))] * 9)
    condenser = Condenser(Asker(llm))
    for _ in range(2):
        keep(memory, SLOW, 700, SUCCESSES)
        keep(memory, DIRECT, 300, SUCCESSES)
        condense(memory, condenser=condenser)
    assert llm.calls == 3  # one question, put three times
    poor = Condenser(Asker(Scripted([{"action_list": TWO}])))
    poor.asker.begin(Limits(max_calls=0))
    keep(memory, SLOW, 700, SUCCESSES)
    condense(memory, condenser=poor)
    assert reference(memory).actions == DIRECT


def test_it_is_time_again_after_as_many_more(memory):
    keep(memory, SLOW, 700, SUCCESSES)
    keep(memory, DIRECT, 300)
    answers = Scripted([{"action_list": TWO}] * 5)
    condenser = Condenser(Asker(answers))
    for at in range(SUCCESSES * 2):
        condense(memory, condenser=condenser)
        keep(memory, DIRECT, 300)
        assert answers.calls == 1 + (at + 1) // SUCCESSES


def test_a_proposal_known_to_work_is_the_reference_at_once_one_known_to_fail_is_not(memory):
    keep(memory, SLOW, 700, SUCCESSES)
    keep(memory, DIRECT, 300)
    bad = (Explore(object="tree"), Mine(object="tree"))
    keep(memory, bad, 100)
    failed = next(plan for plan in memory.plans() if plan.actions == bad)
    memory.demote(failed.id)
    memory.propose(failed, bad)
    assert reference(memory).actions == SLOW
    memory.propose(failed, DIRECT)
    assert (reference(memory).actions, reference(memory).origin) == (DIRECT, "run")


# --- in runs -----------------------------------------------------------------------------------------------------


def test_a_run_tries_the_proposal_and_the_world_confirms_it():
    memory = Memory(None)
    keep(memory, SLOW, 700, SUCCESSES - 1)
    keep(memory, DIRECT, 300, 1)
    condense(memory, [{"action_list": TWO}])
    events = run("log", Toy(), toy_mind(memory=memory))
    assert origins(events) == ["memory"]
    assert (reference(memory).origin, reference(memory).successes) == ("condensed", 1)


def test_a_run_in_which_the_proposal_fails_goes_on_with_what_has_worked_and_never_tries_it_again():
    memory = Memory(None)
    keep(memory, SLOW, 700, SUCCESSES - 1)
    keep(memory, DIRECT, 300, 1)
    condense(memory, [{"action_list": TWO}])
    world = Toy(lambda world, action: (Code.OUT_OF_REACH, "too far") if isinstance(action, Mine) and len(world.done) == 2 else None)
    events = run("log", world, toy_mind(memory=memory))
    assert events[-1].reached
    assert [action.name for action in actions_of(events)] == ["explore", "mine", *(action.name for action in SLOW)]
    assert [plan.failures for plan in memory.plans() if plan.origin == "condensed"] == [1]
    assert actions_of(run("log", Toy(), toy_mind(memory=memory))) == list(SLOW)


def test_a_remembered_plan_that_works_but_gives_nothing_is_not_repeated():
    memory = Memory(None)
    memory.keep_plan("toy", "1", task(), FAR, [Explore(object="tree"), Approach(object="tree")], 1)
    events = run("log", Toy(), toy_mind(memory=memory))
    assert events[-1].reached
    assert origins(events) == ["memory", "skill:gather_on_surface"]


def test_a_reference_that_the_llm_follows_is_demoted_when_it_fails():
    memory = Memory(None)
    memory.keep_plan("toy", "1", task(), situation(task(), seen()), [Mine(object="tree")], 1)
    reader = Reader()

    def follow(messages, schema):
        if "# Reference plan" in messages[-1].content:
            return {"action_list": [{"name": "mine", "object": "tree"}]}
        return reader.complete(messages, schema).value

    world = Toy(lambda world, _: (Code.OUT_OF_REACH, "too far") if len(world.done) == 1 else None)
    events = run("log", world, assemble(bare(SENTENCES), Scripted(follow), "llm", memory=memory, library=Library([])))
    assert events[-1].reached
    assert memory.plan(1).failures == 1
