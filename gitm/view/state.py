"""The state of a view: what a run's events so far amount to. Immutable, so that a drawing thread always reads a whole one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from gitm.actions import Action
from gitm.events import Achieved, Asked, Began, Decomposed, Ended, Event, Planned, Resumed, SetAside, Stepped
from gitm.tally import Bill, billed
from gitm.types import Feedback, Goal, Observation, SubGoal, Tree, Usage, WorldInfo


class Status(Enum):
    """How a sub-goal stands."""

    DONE = "done"
    RUNNING = "running"
    WAITING = "waiting"
    SET_ASIDE = "set aside"  # a way of it was given up; another one waits or runs


@dataclass(frozen=True)
class Node:
    """A sub-goal as last computed, and the sub-goals it was ever seen to wait for."""

    task: SubGoal
    needs: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """Everything a view shows. ``open`` are the items whose sub-goals are still to do; ``nodes`` all that ever were."""

    goal: Goal | None = None
    world: WorldInfo | None = None
    nodes: Mapping[str, Node] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    current: SubGoal | None = None
    origin: str = ""
    action: Action | None = None
    feedback: Feedback | None = None
    seen: Observation | None = None
    set_aside: Mapping[str, str] = field(default_factory=dict)  # the item, and why its way was given up
    usage: Usage = field(default_factory=Usage)
    bills: Mapping[str, Bill] = field(default_factory=dict)  # what LLMs took, by role
    actions: int = 0
    ended: Ended | None = None
    indexed: tuple[int, int] | None = None  # passages so far, and in all, while the index is built

    def status(self, item: str) -> Status:
        """How the sub-goal for an item stands. Done is what the inventory no longer asks for."""
        if item not in self.open:
            return Status.DONE
        if self.current is not None and self.current.item == item:
            return Status.RUNNING
        return Status.SET_ASIDE if item in self.set_aside else Status.WAITING


def state_of(events: Iterable[Event]) -> State:
    """The state after these events."""
    state = State()
    for event in events:
        state = advance(state, event)
    return state


def advance(state: State, event: Event) -> State:
    """The state after one more event."""
    match event:
        case Began():
            return replace(state, goal=event.goal, world=event.world, seen=event.observation)
        case Asked():
            return replace(state, usage=state.usage + event.usage, bills=billed(state.bills, event))
        case Decomposed():
            return _with_tree(state, event.tree)
        case Planned():
            return replace(state, current=event.task, origin=event.plan.origin, open=state.open | {event.task.item})
        case Stepped():
            seen = event.feedback.observation
            return replace(state, action=event.action, feedback=event.feedback, seen=seen, actions=state.actions + 1)
        case Achieved():
            return replace(state, open=state.open - {event.task.item}, current=None)
        case SetAside():
            return replace(state, set_aside={**state.set_aside, event.way.item: event.reason})
        case Ended():
            return replace(state, ended=event, seen=event.observation, current=None)
        case Resumed():
            return replace(state, ended=None, seen=event.observation)
        case _:
            return state


def _with_tree(state: State, tree: Tree) -> State:
    """What is in the tree is still to do; what was in an earlier one and no longer is, is done."""
    nodes = dict(state.nodes)
    for task in tree.subgoals:
        before = nodes[task.item].needs if task.item in nodes else ()
        nodes[task.item] = Node(task, tuple(dict.fromkeys((*before, *task.needs))))
    return replace(state, nodes=nodes, open=frozenset(task.item for task in tree.subgoals))
