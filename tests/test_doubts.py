"""What an LLM says is believed until the world or another answer says otherwise; what the world taught is kept for its rules."""

from __future__ import annotations

from toy import RECIPES, SENTENCES, Toy, assemble, bare, finish, of, run

from gitm.actions import Craft
from gitm.answers import WaysAnswer
from gitm.decomposer import CARE
from gitm.events import Asked, Learned, SetAside, Stepped
from gitm.llm.reader import Reader
from gitm.llm.scripted import Scripted
from gitm.memory import Memory
from gitm.stock import Stock
from gitm.types import Code, Obtain


def llm_with(slip, name="model"):
    """The reader's answers as a model's; ``slip(item, number, answer)`` may change them, by how often the item was asked about."""
    times: dict[str, int] = {}

    def answer(messages, schema):
        value = Reader().complete(messages, schema).value
        if schema is WaysAnswer:
            item = messages[-1].content.split("\n")[1]
            times[item] = times.get(item, 0) + 1
            return slip(item, times[item], value) or value
        return value

    return Scripted(answer, name=name)


def asked(events):
    return [event.about for event in of(events, Asked)]


def sticks_of_five(world, action):
    """A changed world: two planks are three too few."""
    if isinstance(action, Craft) and action.object == "stick":
        return world._craft(action, 4, {"plank": 5}, None)
    return None


def test_a_forgotten_way_is_asked_about_again_and_not_kept():
    memory = Memory(None)
    forgets = llm_with(lambda item, number, _: {"ways": []} if (item, number) == ("plank", 1) else None)
    events = run("stick", Toy(), assemble(bare(SENTENCES), forgets, memory=memory))
    assert events[-1].reached
    assert asked(events).count("plank") == 2
    assert all(entry.ways for entry in memory.known())


def test_the_reader_is_never_asked_twice():
    events = run("stick", Toy(), assemble(bare({**SENTENCES, "plank": "Planks are flat."})))
    assert not events[-1].reached
    assert len(asked(events)) == len(set(asked(events)))


def rarely(item, number, times):
    """A way that takes thousands of blows, instead of the usual one, in the first so many answers."""
    return (
        {"ways": [{"object": "stick", "kind": "attack", "target": "ghost", "chance": 0.0002}]}
        if (item == "stick" and number <= times)
        else None
    )


def test_a_way_that_would_take_hours_is_asked_about_again_before_it_is_tried():
    events = run("stick", Toy(), assemble(bare(SENTENCES), llm_with(lambda item, number, _: rarely(item, number, 1))))
    assert events[-1].reached
    assert asked(events).count("stick") == 2
    assert "attack" not in [event.action.name for event in of(events, Stepped)]


def test_it_is_believed_when_the_answer_stays_the_same():
    mind = assemble(bare(SENTENCES), llm_with(lambda item, number, _: rarely(item, number, 99)))
    events, tree = finish(mind.decomposer.tree(Obtain(item="stick"), Stock()))
    assert asked(events).count("stick") == 1 + CARE
    assert [task.way.target for task in tree.subgoals] == ["ghost"]
    assert asked(finish(mind.decomposer.tree(Obtain(item="stick"), Stock()))[0]) == []


def test_a_correction_is_kept_for_the_rules_of_its_world():
    memory = Memory(None)
    first = run("4 stick", Toy(sticks_of_five), assemble(bare(SENTENCES), memory=memory))
    assert first[-1].reached
    assert asked(first).count("stick") > 1
    second = run("4 stick", Toy(sticks_of_five), assemble(bare(SENTENCES), memory=memory))
    assert second[-1].reached
    assert asked(second) == []
    assert [event.feedback.code for event in second if event.kind == "stepped" and not event.feedback.ok] == []
    elsewhere = Toy()
    elsewhere.info = elsewhere.info.model_copy(update={"rules": "another"})
    mind = assemble(bare(SENTENCES), memory=memory)
    events = run("4 stick", elsewhere, mind)
    assert events[-1].reached
    assert asked(events) == []
    assert [stack.count for stack in mind.decomposer.known["stick"][0].materials] == [RECIPES["stick"][1]["plank"]]


def test_an_unproven_way_is_forgotten_when_the_world_says_no_and_a_proven_one_is_not():
    def wrong(item, number, _):
        return (
            {"ways": [{"object": "stick", "kind": "craft", "count": 4, "material": {"log": 1}}]}
            if item == "stick" and number == 1
            else None
        )

    memory = Memory(None)
    events = run("stick", Toy(), assemble(bare(SENTENCES), llm_with(wrong), memory=memory))
    assert events[-1].reached
    assert [event.way.materials[0].item for event in of(events, SetAside)] == ["log"]
    as_read = [entry for entry in memory.known() if entry.item == "stick" and "@" not in entry.knowledge]
    assert as_read == []  # in another world it is asked anew

    memory = Memory(None)
    assert run("stick", Toy(), assemble(bare(SENTENCES), llm_with(lambda *_: None), memory=memory))[-1].reached  # proven
    changed = Toy(sticks_of_five)
    changed.info = changed.info.model_copy(update={"rules": "changed"})
    assert run("stick", changed, assemble(bare(SENTENCES), llm_with(lambda *_: None), memory=memory))[-1].reached
    assert sorted(entry.knowledge.partition("@")[2] for entry in memory.known() if entry.item == "stick") == ["", "changed"]


def test_a_question_that_fails_is_put_off_while_something_else_can_be_done():
    from gitm.errors import LLMError
    from gitm.limits import ATTEMPTS

    fails = llm_with(lambda item, number, _: LLMError("down") if item == "stick" and number <= ATTEMPTS else None)
    mind = assemble(bare(SENTENCES), fails)
    events = run("pick", Toy(), mind)
    assert events[-1].reached
    kinds = [(event.kind, getattr(event, "about", "")) for event in events]
    down = max(at for at, event in enumerate(events) if isinstance(event, Asked) and event.error)
    again = next(at for at in range(down + 1, len(events)) if kinds[at] == ("asked", "stick"))
    assert any(event.kind == "stepped" for event in events[down:again])
    assert Code.UNKNOWN_NAME not in [event.feedback.code for event in events if event.kind == "stepped"]


def test_keeping_nothing_leaves_the_memory_as_it_was():
    memory = Memory(None)
    mind = assemble(bare(SENTENCES), memory=memory)
    mind.decomposer.keeps = False
    events, _ = finish(mind.decomposer.learn("stick"))
    assert of(events, Learned)
    assert memory.counts()["ways"] == 0
