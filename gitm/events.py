"""What happens in a run, as one stream of typed events: the record, the live view, the budgets and the tests read the same."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter

from gitm.actions import Action
from gitm.types import Feedback, Frozen, Goal, Observation, Plan, SubGoal, Tree, Usage, Way, WorldInfo

T = TypeVar("T")

#: What an LLM is asked for.
Role = Literal["decomposer", "planner", "condenser"]


#: A value among the settings of a run.
Setting = str | int | float | bool | None | tuple[str, ...]


class Began(Frozen):
    """The run starts; everything needed to repeat it."""

    kind: Literal["began"] = "began"
    goal: Goal
    world: WorldInfo
    settings: dict[str, Setting] = {}
    observation: Observation


class Asked(Frozen):
    """An LLM was asked: what for, about which item or sub-goal, and at what cost. ``error`` when it failed.

    ``cost`` is in US dollars by the prices of that day, None when none is known.
    """

    kind: Literal["asked"] = "asked"
    role: Role
    about: str
    llm: str
    usage: Usage
    cost: float | None = None
    error: str | None = None


class Learned(Frozen):
    """Ways of an item are now known: read from these passages just now, or remembered from an earlier run."""

    kind: Literal["learned"] = "learned"
    item: str
    ways: tuple[Way, ...]
    passages: tuple[str, ...] = ()
    remembered: bool = False


class Decomposed(Frozen):
    """The sub-goal tree, computed anew from what is really there."""

    kind: Literal["decomposed"] = "decomposed"
    tree: Tree


class Planned(Frozen):
    """The next sub-goal and the actions meant to reach it."""

    kind: Literal["planned"] = "planned"
    task: SubGoal
    plan: Plan


class Stepped(Frozen):
    """One action and the world's answer."""

    kind: Literal["stepped"] = "stepped"
    task: SubGoal | None  # None: a reflex (eating, defence), not part of a plan
    action: Action
    feedback: Feedback


class Achieved(Frozen):
    """A sub-goal is reached: the inventory says so."""

    kind: Literal["achieved"] = "achieved"
    task: SubGoal


class SetAside(Frozen):
    """A way is given up for this run: what was believed, and what the world said."""

    kind: Literal["set_aside"] = "set_aside"
    way: Way
    reason: str


class Ended(Frozen):
    """The run is over. ``broken_off``: by Ctrl-C, a crash or a fault of world or LLM, so that it can be resumed."""

    kind: Literal["ended"] = "ended"
    reached: bool
    reason: str
    observation: Observation
    broken_off: bool = False


class Resumed(Frozen):
    """A run that was cut off goes on. ``replayed`` actions were done again; ``difference``: in what the world is not what it was."""

    kind: Literal["resumed"] = "resumed"
    replayed: int = 0
    difference: str = ""
    observation: Observation


Event = Annotated[
    Began | Asked | Learned | Decomposed | Planned | Stepped | Achieved | SetAside | Ended | Resumed, Field(discriminator="kind")
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def drained(steps: Generator[Event, None, T]) -> tuple[list[Event], T]:
    """The events and the return value of one of the agent's generators."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as stop:
            return events, stop.value
