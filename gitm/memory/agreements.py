"""Where an LLM had nothing to add: asked about a plan that keeps failing, it answered with the same plan."""

from __future__ import annotations

from gitm.types import Frozen


class Agreement(Frozen):
    """That an LLM which was told how the plan for a sub-goal failed knew no other one.

    It claims nothing of the world: the plan may fail for ever. ``plan`` is its outline (:func:`gitm.memory.plans.outline`), ``refusal``
    what the world said to it last, ``knowledge`` a hash of the passages that were shown.
    """

    rules: str
    subgoal: str
    plan: str
    refusal: str
    knowledge: str
    llm: str
