"""The parts of GITM that can be switched off, to measure what each contributes (the paper's ablation)."""

from __future__ import annotations

from collections.abc import Sequence

from gitm.actions import Action
from gitm.memory import Agreement, Memory, Remembered
from gitm.stock import Stock
from gitm.tree import needs_of
from gitm.types import Frozen, Goal, Kind, SubGoal, Tree, Way

#: What the planner is told of a goal that nobody has divided.
UNDIVIDED = "No way is known: think of every step yourself, from what is held now to the goal."


class Parts(Frozen):
    """What is switched on.

    ``decomposition`` off: no sub-goal tree, the LLM is asked to plan for the goal itself, again and again. ``feedback`` off: no prompt
    says what became of an action, nor that the world contradicts a way. ``knowledge`` off: no passage is in any prompt. ``memory``
    off: nothing is recalled or kept.
    """

    decomposition: bool = True
    feedback: bool = True
    knowledge: bool = True
    memory: bool = True


class NoMemory(Memory):
    """A memory that keeps nothing and recalls nothing."""

    def __init__(self) -> None:
        super().__init__(None)

    def ways(self, item: str, knowledge: str, llm: str) -> tuple[Way, ...] | None:  # noqa: ARG002 - the memory's own signature
        """None, always."""
        return None

    def keep_ways(self, item: str, knowledge: str, llm: str, ways: Sequence[Way]) -> None:
        """Let it go."""

    def recall(self, rules: str, task: SubGoal, situation: str) -> Remembered | None:  # noqa: ARG002 - the same
        """None, always."""
        return None

    def keep_plan(self, rules: str, version: str, task: SubGoal, situation: str, actions: Sequence[Action], ticks: int) -> None:
        """Let it go."""

    def agreed(self, agreement: Agreement) -> bool:  # noqa: ARG002 - the same
        """No, never."""
        return False

    def keep_agreement(self, agreement: Agreement) -> None:
        """Let it go."""


def undivided(goal: Goal, stock: Stock) -> Tree:
    """A tree of the goal alone: one sub-goal for each item that is short, with no way to it."""
    short = {item: count - stock.held.get(item, 0) for item, count in needs_of(goal).items()}
    return Tree(
        goal=goal,
        subgoals=tuple(
            SubGoal(
                item=item,
                count=count,
                until=count + stock.held.get(item, 0),
                batches=count,
                way=Way(item=item, kind=Kind.ANY, info=UNDIVIDED),
            )
            for item, count in short.items()
            if count > 0
        ),
    )
