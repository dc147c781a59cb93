"""The condenser: several plans that worked become one reference plan (GITM's text memory).

After N successes of a sub-goal in a situation its plans are put before the LLM, which is to keep what is necessary even if a lucky run
skipped it, and to drop luck and redundancy. What it answers is only a proposal: it goes on trial, and the world decides. Without a model
the cheapest plan that worked becomes the reference.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gitm.actions import Action, action_text, vocabulary_text
from gitm.errors import BudgetSpent, LLMError
from gitm.events import Event
from gitm.limits import Asker
from gitm.memory import Memory, Remembered
from gitm.plan_text import actions_of
from gitm.prompting import render
from gitm.types import SubGoal

_SHOWN = 5  # plans that are shown, the cheapest first
_LONGER = 5  # actions that an answer may have beyond the longest plan


class ReferenceAnswer(BaseModel):
    """The condenser's reply."""

    model_config = ConfigDict(extra="ignore")
    thoughts: str = Field("", description="what differs between the plans, and why")
    action_list: list[dict[str, Any]] = Field(description="actions as objects: name and its arguments")


class Condenser:
    """Condenses when it is time to. An LLM that could not answer once is not asked again."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self._mute: set[str] = set()

    def condense(self, memory: Memory, rules: str, task: SubGoal, situation: str) -> Generator[Event, None, None]:
        """After a success: nothing, unless the sub-goal has had enough of them. Raises nothing: a run does not depend on it."""
        plans = memory.due(rules, task, situation)
        if not plans:
            return
        proposal = None
        if len(plans) > 1:  # one that was the only one to work so many times is its own reference
            proposal = yield from self._ask(plans[:_SHOWN], task)
        if proposal is None:
            memory.refer(plans[0])
        else:
            memory.propose(plans[0], proposal)

    def _ask(self, plans: Sequence[Remembered], task: SubGoal) -> Generator[Event, None, tuple[Action, ...] | None]:
        """The LLM's one plan for these; None when there is no model, or it gives no valid one."""
        llm = self.asker.llm_for("condenser")
        if llm.name in self._mute or not getattr(llm, "condenses", True):
            return None
        messages = render("condenser", vocabulary=vocabulary_text(), **_values(plans, task))
        try:
            answer = yield from self.asker.ask("condenser", task.key, messages, ReferenceAnswer)
        except (LLMError, BudgetSpent):
            self._mute.add(llm.name)
            return None
        return _checked(answer, plans, task)


def _values(plans: Sequence[Remembered], task: SubGoal) -> dict[str, object]:
    shown = [
        {
            "successes": plan.successes,
            "failures": plan.failures,
            "ticks": plan.ticks,
            "lines": [action_text(action) for action in plan.actions],
        }
        for plan in plans
    ]
    first = plans[0]
    return {
        "item": task.item,
        "way": task.way.key,
        "any_amount": first.scales,
        "amount": first.wants,
        "situation": first.situation,
        "plans": shown,
    }


def _checked(answer: ReferenceAnswer, plans: Sequence[Remembered], task: SubGoal) -> tuple[Action, ...] | None:
    """The actions in an answer: valid, not much longer than what they come from, and about nothing that is not in it."""
    try:
        actions = actions_of(answer.model_dump())
    except (ValidationError, ValueError, RecursionError):
        return None
    known = {name for plan in plans for action in plan.actions for name in _names(action)} | _words(task)
    longest = max(len(plan.actions) for plan in plans)
    strange = any(name not in known for action in actions for name in _names(action))
    return None if not actions or len(actions) > longest + _LONGER or strange else actions


def _names(action: Action) -> set[str]:
    """The things an action is about."""
    fields = (getattr(action, key, None) for key in ("object", "tool", "target", "material", "fuel", "blueprint"))
    return {name for name in fields if isinstance(name, str)} | set(getattr(action, "materials", None) or ())


def _words(task: SubGoal) -> set[str]:
    """The names a sub-goal's way speaks of."""
    way = task.way
    tools = {name for tool in way.tools for name in tool.any_of} | (set(way.place.digger.any_of) if way.place.digger else set())
    stacks = {stack.item for stack in (*way.materials, *way.stations)}
    return {name for name in (way.item, way.target, way.use, way.on, way.soil) if name} | tools | stacks | set(way.place.biomes)
