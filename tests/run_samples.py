"""Small events and runs that several test files share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gitm.actions import Craft, Explore, Mine
from gitm.events import Achieved, Asked, Began, Decomposed, Ended, Event, Learned, Planned, SetAside, Stepped
from gitm.types import Code, Feedback, Kind, Observation, Obtain, Plan, Seen, Stack, SubGoal, Tree, Usage, Way, WorldInfo

LOG = Way(item="oak_log", kind=Kind.MINE, target="oak_log", source="guides/wood.md")
PLANKS = Way(item="oak_planks", count=4, kind=Kind.CRAFT, materials=(Stack(item="oak_log"),))
LOGS = SubGoal(item="oak_log", count=2, until=2, batches=2, way=LOG, depth=1)
BOARDS = SubGoal(item="oak_planks", count=8, until=8, batches=2, way=PLANKS, needs=("oak_log",))
GOAL = Obtain(item="oak_planks", count=8)
BOTH = Tree(goal=GOAL, subgoals=(LOGS, BOARDS))
ONLY_BOARDS = Tree(goal=GOAL, subgoals=(BOARDS,))


def seen(tick: int = 0, inventory: Mapping[str, int] | None = None, **more: Any) -> Observation:
    values: dict[str, Any] = {
        "tick": tick,
        "x": 1,
        "y": 64,
        "z": -3,
        "biome": "forest",
        "underground": False,
        "day": True,
        "health": 20.0,
        "food": 18.0,
        "inventory": dict(inventory or {}),
        "nearby": (Seen(name="oak_log", kind="block", count=3, distance=2.5, y=65),),
    }
    return Observation(**{**values, **more})


def stepped(task: SubGoal | None, action: Any, tick: int, inventory: Mapping[str, int], code: Code = Code.OK, **more: Any) -> Stepped:
    feedback = Feedback(ok=code is Code.OK, code=code, message=more.pop("message", ""), ticks=10, observation=seen(tick, inventory), **more)
    return Stepped(task=task, action=action, feedback=feedback)


def story() -> tuple[Event, ...]:
    """A short run with everything in it: a refusal, a replan, a way set aside, a death in a reflex, and success."""
    mine = Mine(object="oak_log", count=2)
    return (
        Began(goal=GOAL, world=WorldInfo(name="toy", version="1", rules="abc", seed=7), settings={"seed": 7}, observation=seen(100)),
        Asked(role="decomposer", about="oak_planks", llm="reader", usage=Usage(calls=1, prompt_tokens=90, completion_tokens=10)),
        Learned(item="oak_planks", ways=(PLANKS,), passages=("facts:oak_planks",)),
        Decomposed(tree=BOTH),
        Planned(task=LOGS, plan=Plan(actions=(mine,), origin="skill:mine_surface")),
        stepped(LOGS, mine, 140, {}, Code.NOT_FOUND, message="no oak_log in sight; explore first"),
        Asked(role="planner", about="oak_log", llm="reader", usage=Usage(calls=2, prompt_tokens=40, completion_tokens=5), cost=0.25),
        SetAside(way=LOG, reason="not found twice"),
        Planned(task=LOGS, plan=Plan(actions=(Explore(object="oak_log"), mine), origin="llm")),
        stepped(LOGS, Explore(object="oak_log"), 400, {}),
        stepped(None, mine, 420, {}, Code.DIED, message="slain by a zombie"),
        stepped(LOGS, mine, 600, {"oak_log": 2}, change={"oak_log": 2}),
        Achieved(task=LOGS),
        Decomposed(tree=ONLY_BOARDS),
        Planned(task=BOARDS, plan=Plan(actions=(Craft(object="oak_planks", count=8),), origin="memory")),
        stepped(BOARDS, Craft(object="oak_planks", count=8), 610, {"oak_planks": 8}, change={"oak_log": -2, "oak_planks": 8}),
        Achieved(task=BOARDS),
        Ended(reached=True, reason="8 oak_planks are in the inventory", observation=seen(610, {"oak_planks": 8})),
    )


def long_story(actions: int) -> Iterator[Event]:
    """A run as large as a real one: many things in sight, a full inventory, a tree of twenty sub-goals computed ever again."""
    sight = tuple(Seen(name=f"thing_{number}", kind="block", count=number, distance=number * 1.5, y=60 + number) for number in range(1, 16))
    tasks = tuple(
        BOARDS.model_copy(update={"item": f"item_{number}", "way": PLANKS.model_copy(update={"info": "x" * 200, "item": f"item_{number}"})})
        for number in range(20)
    )
    yield Began(goal=GOAL, world=WorldInfo(name="toy", version="1", rules="abc"), observation=seen())
    for number in range(actions):
        task = tasks[number % 20]
        if number % 10 == 0:
            yield Decomposed(tree=Tree(goal=GOAL, subgoals=tasks))
            yield Planned(task=task, plan=Plan(actions=(Mine(object="oak_log"),) * 8, origin="llm"))
        held = {f"held_{slot}": number % 64 + 1 for slot in range(30)}
        view = seen(number, held, nearby=sight, x=number)
        yield Stepped(
            task=task,
            action=Mine(object="oak_log", count=2),
            feedback=Feedback(ok=True, code=Code.OK, message="mined 2 oak_log", change={"oak_log": 2}, ticks=30, observation=view),
        )
    yield Ended(reached=True, reason="done", observation=seen(actions))
