"""The planner: sub-goal, observation, feedback, memory and templates to a list of actions.

In this order (``auto``): a remembered plan that worked in such a situation; a skill template; the LLM, unless it was asked before what to
do when the template's plan fails like this, and knew no other one. ``llm`` asks the LLM for every sub-goal with the remembered plan as its
reference, as GITM does; ``templates`` never asks.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from gitm.actions import Action, Attack, DigDown, Mine, Smelt, action_text, vocabulary_text
from gitm.answers import PlanAnswer
from gitm.errors import LLMError
from gitm.events import Event
from gitm.knowledge import Knowledge, fingerprint
from gitm.limits import Asker
from gitm.memory import Agreement, Memory, Remembered, alike, outline, situation
from gitm.plan_text import actions_of
from gitm.prompting import render
from gitm.skills import Library, expand, parameters
from gitm.types import Feedback, Observation, Passage, Plan, SubGoal

Mode = Literal["auto", "llm", "templates"]
PATIENCE = 3  # plans of a template that may fail one after another before the LLM is asked
_SHOWN = 6  # pieces of feedback an LLM is shown
_PASSAGES = 2


@dataclass
class Attempt:
    """What has been tried for the sub-goal at hand."""

    task: SubGoal
    situation: str
    held: int = 0  # of the item, at the last progress
    failed: int = 0  # plans in a row without progress
    cramped: bool = False  # the world had no room for what the sub-goal gives
    packed: bool = False  # stations were taken back before leaving
    done: list[Action] = field(default_factory=list)  # actions that worked, for the memory
    ticks: int = 0
    feedback: list[str] = field(default_factory=list)
    refusal: str = ""  # what failed last, and how
    recalled: Remembered | None = None
    distrusted: set[int] = field(default_factory=set)  # remembered plans that failed here

    def note(self, action: Action, feedback: Feedback) -> None:
        """Keep what an LLM will want to hear of an action, and what the memory may keep."""
        self.ticks += feedback.ticks
        if feedback.ok:
            self.done.append(action)
        else:
            self.refusal = f"{action.name} {feedback.code}"
        result = "worked" if feedback.ok else f"failed with {feedback.code}"
        self.feedback.append(f"{action_text(action)} {result}: {' '.join(feedback.message.split())}")

    def go_on(self, seen: Observation) -> None:
        """A part is done: what gets the rest starts from here, and is no plan for where the attempt began."""
        self.situation, self.ticks = situation(self.task, seen), 0
        self.done.clear()


class Planner:
    """Maps a sub-goal to actions."""

    def __init__(self, library: Library, knowledge: Knowledge, memory: Memory, asker: Asker, mode: Mode = "auto") -> None:
        self.library, self.knowledge, self.memory, self.asker, self.mode = library, knowledge, memory, asker, mode

    def plan(
        self, attempt: Attempt, seen: Observation, rules: str, extras: Mapping[str, Any] | None = None
    ) -> Generator[Event, None, Plan | None]:
        """The next plan for the attempt's sub-goal; None when nobody has one. ``extras`` are parameters for templates."""
        task = attempt.task
        remembered = self.memory.recall(rules, task, situation(task, seen))
        if remembered is not None and remembered.id in attempt.distrusted:
            remembered = None
        attempt.recalled = None
        if self.mode != "llm":
            if remembered is not None:
                attempt.recalled = remembered
                return Plan(
                    actions=_with_tools_at_hand(remembered.fitted(task), {**parameters(task, seen), **(extras or {})}, seen),
                    origin="memory",
                )
            plan = expand(self.library, task, seen, extras)
            plan = plan if plan is not None and plan.actions else None
            if self.mode == "templates" or (plan is not None and attempt.failed < PATIENCE):
                return plan
            if plan is not None:
                return (yield from self._instead(plan, attempt, seen, rules, remembered))
        return (yield from self._ask(attempt, seen, remembered))

    def _instead(
        self, plan: Plan, attempt: Attempt, seen: Observation, rules: str, reference: Remembered | None
    ) -> Generator[Event, None, Plan]:
        """What the LLM would do instead of a plan that keeps failing; where it knew nothing else before it is not asked again."""
        agreement = Agreement(
            rules=rules,
            subgoal=attempt.task.key,
            plan=outline(plan.actions),
            refusal=attempt.refusal,
            knowledge=fingerprint(self._passages(attempt.task)),
            llm=self.asker.llm_for("planner").name,
        )
        if self.memory.agreed(agreement):
            return plan
        answer = yield from self._ask(attempt, seen, reference)
        if answer is None:
            return plan  # an LLM that fails does not end what can go on
        if alike(answer.actions, plan.actions):
            self.memory.keep_agreement(agreement)
        return answer

    def _passages(self, task: SubGoal) -> tuple[Passage, ...]:
        """What an LLM is shown of the guides."""
        return self.knowledge.retrieve(task.item, _PASSAGES)

    def _ask(self, attempt: Attempt, seen: Observation, reference: Remembered | None) -> Generator[Event, None, Plan | None]:
        """GITM's prompt; an answer that is no plan is told to the LLM as feedback the next time."""
        task = attempt.task
        messages = render("planner", vocabulary=vocabulary_text(), **self._values(attempt, seen, reference))
        try:
            answer = yield from self.asker.ask("planner", task.key, messages, PlanAnswer)
        except LLMError:
            return None
        try:
            actions = actions_of(answer.model_dump())
        except (ValidationError, ValueError) as error:
            attempt.feedback.append(f"your answer was no plan: {' '.join(str(error).split())[:300]}")
            return None
        if reference is not None and alike(actions, reference.actions):
            attempt.recalled = reference  # the LLM follows it: what becomes of it counts for it
        return Plan(actions=actions, origin="llm", thoughts=answer.thoughts[:600]) if actions else None

    def _values(self, attempt: Attempt, seen: Observation, reference: Remembered | None) -> dict[str, object]:
        task, way = attempt.task, attempt.task.way
        return {
            "feedback": attempt.feedback[-_SHOWN:],
            "inventory": ", ".join(f"{count} {item}" for item, count in sorted(seen.inventory.items())) or "nothing",
            "hand": seen.hand or "nothing",
            "health": f"{seen.health:g} of 20",
            "food": f"{seen.food:g} of 20",
            "dimension": seen.dimension,
            "biome": seen.biome,
            "place": "underground" if seen.underground else "surface",
            "height": seen.y,
            "time": "day" if seen.day else "night",
            "sights": "; ".join(f"{thing.name} ({thing.kind}) at {thing.distance:.1f}" for thing in seen.nearby) or "nothing",
            "item": task.item,
            "count": task.count,
            "performances": task.batches,
            "materials": ", ".join(str(stack) for stack in way.materials),
            "tool": ", ".join([*(tool.item for tool in way.tools), *(str(stack) for stack in way.stations)]),
            "info": way.info,
            "way": way.model_dump_json(exclude_defaults=True, exclude={"source", "info"}),
            "passages": self._passages(task),
            "reference": "\n".join(action_text(action) for action in reference.fitted(task)) if reference else "",
        }


def _with_tools_at_hand(actions: Sequence[Action], values: Mapping[str, Any], seen: Observation) -> tuple[Action, ...]:
    """A remembered plan with today's tool and fuel where yesterday's is not held."""
    fitted: list[Action] = []
    for action in actions:
        if isinstance(action, Mine | Attack | DigDown) and action.tool is not None and action.tool not in seen.inventory:
            fitted.append(action.model_copy(update={"tool": values["tool"]}))
        elif isinstance(action, Smelt):
            fitted.append(action.model_copy(update={"fuel": values["fuel"], "material": values["material"]}))
        else:
            fitted.append(action)
    return tuple(fitted)
