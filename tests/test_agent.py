"""The loop: how a run begins and ends, what interrupts it and what does not, and that what is known is what was read."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path

import pytest
from toy import SENTENCES, Toy, actions_of, assemble, bare, of, origins, run, sight, toy_mind

from gitm import Limits, open_mind, open_world, parse_goal, pursue
from gitm.actions import Craft, Explore, Mine
from gitm.answers import PlanAnswer, WaysAnswer
from gitm.decomposer import ROUNDS
from gitm.errors import BadFile, LLMError, NoWay
from gitm.events import EVENT, Achieved, Asked, Began, Decomposed, Ended, Learned, Planned, SetAside, Stepped
from gitm.limits import ATTEMPTS
from gitm.llm.reader import Reader
from gitm.llm.scripted import Scripted
from gitm.types import Code, Obtain, Reply, Usage

TINY = Path(__file__).parent / "data" / "tiny_world.json"


# --- beginnings and ends -----------------------------------------------------------------------------------------


def test_a_run_begins_with_began_and_ends_with_ended():
    events = list(pursue(Obtain(item="pick"), Toy(), toy_mind(), Limits(), {"seed": 7}))
    assert [type(event) for event in (events[0], events[-1])] == [Began, Ended]
    assert len(of(events, Began)) == len(of(events, Ended)) == 1
    assert (events[0].settings, events[0].goal, events[0].world.name) == ({"seed": 7}, Obtain(item="pick"), "toy")
    assert (events[-1].reached, events[-1].reason) == (True, "pick is in the inventory")
    assert events[-1].observation == of(events, Stepped)[-1].feedback.observation
    assert events[-1].observation.inventory["pick"] == 1


def test_every_event_survives_json():
    for event in run("rock", Toy(), toy_mind()):
        assert EVENT.validate_json(EVENT.dump_json(event)) == event


def test_what_is_planned_is_done_until_the_first_failure():
    world = Toy(lambda world, action: (Code.NO_PATH, "a river") if action.name == "approach" and len(world.done) == 2 else None)
    events = run("log", world, toy_mind())
    first, second = of(events, Planned)
    assert [action.name for action in first.plan.actions] == ["explore", "approach", "mine"]
    assert [action.name for action in world.done] == ["explore", "approach", *(action.name for action in second.plan.actions)]


def test_each_sub_goal_is_achieved_in_the_order_of_the_tree():
    events = run("pick", Toy(), toy_mind())
    first_tree = of(events, Decomposed)[0].tree
    assert [event.task.item for event in of(events, Achieved)] == [task.item for task in first_tree.subgoals]


def test_a_goal_already_met_ends_at_once():
    world = Toy(inventory={"pick": 1})
    events = run("pick", world, toy_mind())
    assert events[-1].reached
    assert world.done == []
    assert of(events, Asked) == []


def test_several_goals_hold_together():
    """The bench that the pick needs is not the bench that is asked for; the planks asked for are not used up."""
    events = run("pick, bench, 6 plank, 2 stick", Toy(), toy_mind())
    held = events[-1].observation.inventory
    assert events[-1].reached
    assert [item for item, count in {"pick": 1, "bench": 1, "plank": 6, "stick": 2}.items() if held.get(item, 0) < count] == []


def test_a_station_that_stands_is_not_yet_obtained():
    world = Toy(nearby=(sight("bench", 2.0, "station"),))
    assert run("bench", world, toy_mind())[-1].reached
    assert world.inventory["bench"] == 1


def test_no_way():
    sentences = {item: text for item, text in SENTENCES.items() if item != "stick"}
    world = Toy()
    events = run("pick", world, assemble(bare(sentences)))
    assert not events[-1].reached
    assert events[-1].reason == "no guide says how to obtain stick (needed for pick); add one with --guides"
    assert world.done == []


def test_stuck():
    world = Toy(lambda _, action: (Code.NOT_FOUND, "no tree anywhere") if isinstance(action, Explore) else None)
    events = run("log", world, toy_mind(), queries=4)
    assert not events[-1].reached
    assert "every known way was tried: log by mine tree did not work" in events[-1].reason
    assert [event.reason for event in of(events, SetAside)] == ["it failed 4 times, last: no tree anywhere"]
    assert len(world.done) == 4


# --- budgets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [0, 5_000_000])
def test_ticks_count_from_the_beginning_and_are_checked_before_an_action(start):
    world = Toy(tick=start, cost=10)
    events = run("pick", world, toy_mind(), max_ticks=35)
    assert (events[-1].reached, events[-1].reason) == (False, "the budget of 35 ticks is spent; raise it with --max-ticks")
    assert len(world.done) == 4
    assert events[-1].observation.tick == start + 40


def test_a_goal_reached_with_the_last_tick_is_reached():
    assert run("log", Toy(cost=10), toy_mind(), max_ticks=21)[-1].reached


def test_calls():
    llm = Reader()
    events = run("pick", Toy(), toy_mind(llm), max_calls=3)
    assert (events[-1].reached, len(of(events, Asked))) == (False, 3)
    assert "3 LLM calls is spent; raise it with --max-calls" in events[-1].reason


def test_tokens():
    class Wordy(Reader):
        def complete(self, messages, schema):
            return Reply(value=super().complete(messages, schema).value, usage=Usage(calls=1, prompt_tokens=900, completion_tokens=100))

    events = run("pick", Toy(), toy_mind(Wordy()), max_tokens=1500)
    assert len(of(events, Asked)) == 2
    assert "1500 tokens is spent" in events[-1].reason


def test_seconds(monkeypatch):
    now = [time.monotonic()]
    monkeypatch.setattr("gitm.limits.time.monotonic", lambda: now[0])

    def slowly(_world, _action):
        now[0] += 40.0

    world = Toy(slowly)
    events = run("pick", world, toy_mind(), max_seconds=100)
    assert "100 seconds is spent" in events[-1].reason
    assert len(world.done) == 3


def test_a_spent_budget_is_fresh_in_the_next_run():
    mind = toy_mind()
    assert not run("pick", Toy(), mind, max_calls=3)[-1].reached
    assert run("pick", Toy(), mind, max_calls=3)[-1].reached  # the other two items


# --- faults ----------------------------------------------------------------------------------------------------------


def test_an_llm_that_fails_for_ever_is_raised_after_the_record_is_closed():
    events = []
    with pytest.raises(LLMError, match="the server is down"):
        events.extend(pursue(Obtain(item="pick"), Toy(), toy_mind(Scripted(lambda *_: LLMError("the server is down")))))
    assert isinstance(events[-1], Ended)
    assert (events[-1].reached, events[-1].reason) == (False, "the server is down")
    assert len(of(events, Asked)) == ATTEMPTS * ROUNDS


def test_a_world_that_kills_once_is_replanned_from_what_is_really_held():
    """Half-way to the pick everything is lost."""

    def deadly(world, action):
        if action == Craft(object="stick", count=2) and not world.seen.get("weather"):
            world.seen["weather"] = "rain"  # once only
            world.inventory.clear()
            return Code.DIED, "slain by a zombie"
        return None

    events = run("pick", Toy(deadly), toy_mind())
    assert events[-1].reached
    assert [event.feedback.code for event in of(events, Stepped)].count(Code.DIED) == 1
    died = next(at for at, event in enumerate(events) if isinstance(event, Stepped) and event.feedback.code is Code.DIED)
    after = next(event.tree for event in events[died:] if isinstance(event, Decomposed))
    assert [task.item for task in after.subgoals] == ["log", "plank", "bench", "stick", "pick"]
    assert of(events, SetAside) == []


def test_a_tool_that_breaks_is_made_anew():
    def brittle(world, action):
        if isinstance(action, Mine) and action.object == "boulder" and world.inventory.get("pick") and world.inventory.get("rock", 0) < 2:
            world.inventory["pick"] -= 1
            return Code.PARTIAL, "mined 1: the pick broke", {"rock": 1}
        return None

    events = run("3 rock", Toy(brittle), toy_mind())
    assert events[-1].reached
    assert [event.task.item for event in of(events, Achieved)].count("pick") == 3
    assert of(events, SetAside) == []


def test_interruptions_are_nobodys_fault():
    def busy(world, action):
        return (Code.INTERRUPTED, "a cow is in the way") if isinstance(action, Explore) and len(world.done) <= 40 else None

    events = run("log", Toy(busy), toy_mind(), queries=3)
    assert events[-1].reached
    assert of(events, SetAside) == []


# --- the stub, as it ships -------------------------------------------------------------------------------------------


def pursued(goal: str, knowledge, *, seed: int = 3, llm=None, planner="auto", memory=None):
    return run(goal, open_world("stub", seed=seed), assemble(knowledge, llm, planner, memory=memory), max_ticks=400_000)


def lines(events) -> bytes:
    return b"\n".join(EVENT.dump_json(event) for event in events)


def test_wooden_pickaxe(shipped_knowledge):
    events = pursued("wooden_pickaxe", shipped_knowledge)
    assert events[-1].reached
    assert events[-1].observation.inventory["wooden_pickaxe"] == 1


def test_iron_pickaxe_and_the_same_again_costs_no_call(shipped_knowledge, fresh_home):
    home = fresh_home("home")
    runs = []
    for _ in range(2):
        mind = open_mind(home, llm=Reader())
        runs.append(run("iron_pickaxe", open_world("stub", seed=3), mind))
        mind.close()
    first, again = runs
    assert first[-1].reached
    assert again[-1].reached
    assert len(of(first, Asked)) >= 15
    assert of(again, Asked) == []
    assert all(event.remembered for event in of(again, Learned))
    assert "memory" in origins(again)


def test_same_seed_same_bytes(fresh_home):
    runs = []
    for name in ("one", "two"):
        mind = open_mind(fresh_home(name), llm=Reader())
        runs.append(lines(run("stone_pickaxe, 2 torch", open_world("stub", seed=11), mind)))
        mind.close()
    assert runs[0] == runs[1]
    assert b'"reached":true' in runs[0]


def test_another_seed_is_another_run(shipped_knowledge):
    assert lines(pursued("oak_log", shipped_knowledge, seed=1)) != lines(pursued("oak_log", shipped_knowledge, seed=2))


def test_gitms_planner_asks_for_every_sub_goal(shipped_knowledge):
    events = pursued("stone_pickaxe", shipped_knowledge, planner="llm")
    assert events[-1].reached
    assert {origin.split(":")[0] for origin in origins(events)} <= {"llm", "reflex"}
    assert len([event for event in of(events, Asked) if event.role == "planner"]) >= len(of(events, Achieved))


def test_templates_ask_no_planner_question(shipped_knowledge):
    llm = Scripted(lambda messages, schema: Reader().complete(messages, schema).value)
    events = pursued("stone_pickaxe", shipped_knowledge, llm=llm, planner="templates")
    assert events[-1].reached
    assert {schema for _, schema in llm.asked} == {WaysAnswer}
    assert PlanAnswer not in {schema for _, schema in llm.asked}


# --- what is known is what was read ------------------------------------------------------------------------------------

NAMES = frozenset(json.loads(TINY.read_text(encoding="utf-8"))["items"])
GOALS = tuple(sorted(NAMES - {"noog_seed", "quax_leg"}))


def edited(change) -> dict:
    book = copy.deepcopy(json.loads(TINY.read_text(encoding="utf-8")))
    change(book)
    return book


def without(section: str, key: str, value: str):
    def change(book):
        book[section] = [entry for entry in book[section] if entry[key] != value]

    return change


def recipe(item: str, **fields):
    def change(book):
        next(entry for entry in book["crafts"] if entry["item"] == item).update(fields)

    return change


class Lab:
    """Runs in invented worlds, the world's book and the guides' book each in its file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.minds = folder, {}

    def write(self, name: str, book: dict) -> Path:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(book), encoding="utf-8")
        return path

    def run(self, goal: str, *, world=lambda _: None, guides=lambda _: None, more: tuple[Path, ...] = (), **limits):
        rules, known = self.write("world", edited(world)), self.write("guides", edited(guides))
        mind = open_mind(self.folder / "home", llm=Reader(), guides=[known, *more])
        budget = Limits(**{"max_ticks": 300_000} | limits)
        events = list(pursue(parse_goal(goal, NAMES, {}), open_world("stub", seed=1, rules=rules), mind, budget))
        mind.close()
        return events


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path)


@pytest.mark.parametrize(
    ("gap", "missing", "unreachable"),
    [
        (without("crafts", "item", "vunt"), "vunt", {"vunt", "drim_bar", "pail", "pail_of_wibble", "blorb"}),
        (without("deposits", "block", "drim_vein"), "drim_lump", {"drim_lump", "drim_bar", "pail", "pail_of_wibble", "blorb"}),
        (without("smelts", "item", "drim_bar"), "drim_bar", {"drim_bar", "pail", "pail_of_wibble", "blorb"}),
        (without("uses", "item", "pail"), "pail_of_wibble", {"pail_of_wibble", "blorb"}),
        (without("deposits", "block", "thrum"), "thrum_pole", {"thrum_pole"}),  # the other poles do as well
        (lambda book: book["mobs"].clear(), "zill", {"zill", "blorb"}),
    ],
    ids=["recipe", "deposit", "smelting", "use", "one of a group", "mobs"],
)
def test_a_gap_in_the_guides_stops_exactly_what_needs_it(tmp_path, gap, missing, unreachable):
    """The world is whole; one fact is missing from the guides. Planned ahead for all goals, played for two of them."""
    lab = Lab(tmp_path)
    mind = open_mind(tmp_path / "home", llm=Reader(), guides=[lab.write("guides", edited(gap))])
    reasons = {}
    for goal in GOALS:
        try:
            mind.plan_ahead(Obtain(item=goal))
        except NoWay as reason:
            reasons[goal] = str(reason)
    mind.close()
    assert set(reasons) == unreachable
    assert all(f"no guide says how to obtain {missing}" in reason for reason in reasons.values())


@pytest.mark.parametrize(("goal", "reached"), [("frake", True), ("vunt", True), ("drim_bar", False), ("pail", False)])
def test_a_gap_in_the_guides_in_the_played_world(lab, goal, reached):
    events = lab.run(goal, guides=without("smelts", "item", "drim_bar"))
    assert events[-1].reached == reached
    if not reached:
        assert "no guide says how to obtain drim_bar" in events[-1].reason
        assert actions_of(events) == []


def test_world_and_guides_changed_together_are_followed(lab):
    def change(book):
        recipe("blorb", materials=[{"item": "noog", "count": 2}], station=None)(book)
        recipe("vunt", materials=[{"item": "quax_leg", "count": 1}])(book)

    events = lab.run("blorb, vunt", world=change, guides=change)
    assert events[-1].reached
    assert all(event.feedback.code is not Code.MISSING_MATERIAL for event in of(events, Stepped))
    assert "drim_bar" not in [event.task.item for event in of(events, Achieved)]


def corrections(events) -> list[Learned]:
    return [event for event in of(events, Learned) if event.passages[:1] and event.passages[0].startswith("feedback: ")]


def test_a_recipe_that_needs_more_than_believed(lab):
    changed = recipe("blorb", materials=[{"item": "drim_bar", "count": 5}, {"item": "zill", "count": 2}, {"item": "pail_of_wibble"}])
    events = lab.run("blorb", world=changed)
    assert events[-1].reached
    (learned,) = corrections(events)
    assert "blorb needs 5 drim_bar, 2 zill and 1 pail_of_wibble; you lack 2 drim_bar" in learned.passages[0]
    assert [(stack.item, stack.count) for stack in learned.ways[0].materials] == [("drim_bar", 5), ("zill", 2), ("pail_of_wibble", 1)]


def test_a_recipe_that_needs_something_else_besides(lab):
    changed = recipe("frake", materials=[{"item": "poles", "count": 3}, {"item": "noog"}])
    events = lab.run("frake", world=changed)
    assert events[-1].reached
    (aside,) = of(events, SetAside)
    assert [(stack.item, stack.count) for stack in aside.way.materials] == [("poles", 3)]  # what was believed
    assert "frake needs 1 noog and 3 poles; you lack 1 noog" in aside.reason  # what the world said


def test_a_block_that_needs_a_better_tool(lab):
    def superfrake(book):
        tool = {"kind": "pickaxe", "tier": 2, "speed": 6.0}
        book["items"]["superfrake"] = {"stack": 1, "durability": 300, "tool": tool, "damage": 4.0}
        materials = [{"item": "gorm", "count": 3}, {"item": "poles", "count": 2}]
        book["crafts"].append({"item": "superfrake", "materials": materials, "station": "tramp"})

    def harder(book):
        superfrake(book)
        book["blocks"]["drim_vein"]["tier"] = 2

    events = lab.run("drim_lump", world=harder, guides=superfrake)
    assert events[-1].reached
    (learned,) = corrections(events)
    assert "needs a superfrake or better" in learned.passages[0]
    assert "superfrake" in [event.task.item for event in of(events, Achieved)]


def test_what_the_world_does_not_make_at_all(lab):
    events = lab.run("pail", world=without("crafts", "item", "pail"))
    assert not events[-1].reached
    (aside,) = of(events, SetAside)
    assert (aside.way.key, aside.reason.startswith("no recipe makes pail")) == ("craft drim_bar at tramp", True)
    assert "every known way was tried: pail by craft drim_bar at tramp did not work" in events[-1].reason


def test_a_users_guide_makes_a_goal_reachable(lab, tmp_path):
    gap = without("crafts", "item", "vunt")
    assert not lab.run("drim_bar", guides=gap)[-1].reached
    own = tmp_path / "own"
    own.mkdir()
    (own / "vunt.md").write_text(
        "---\ntitle: Vunts\nitems: [vunt]\n---\nMy grandmother's advice.\n\n## Making one\n"
        "Crafting 1 vunt requires 6 gorm as the material and a tramp as the tool.\n",
        encoding="utf-8",
    )
    events = lab.run("drim_bar", guides=gap, more=(own,))
    assert events[-1].reached
    (learned,) = [event for event in of(events, Learned) if event.item == "vunt"]
    assert "vunt.md" in learned.ways[0].source


def test_guides_that_are_not_there_are_named(tmp_path):
    with pytest.raises(BadFile, match=r"nowhere: does not exist; --guides takes a folder of Markdown files or a rule book file"):
        open_mind(tmp_path / "home", llm=Reader(), guides=[tmp_path / "nowhere"])
    with pytest.raises(BadFile, match=r"no_skills: is no folder"):
        open_mind(tmp_path / "home", llm=Reader(), guides=[TINY], skills=[tmp_path / "no_skills"])
