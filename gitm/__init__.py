"""A runnable Ghost in the Minecraft: told a goal, an agent decomposes, plans, acts, and remembers what worked.

    from gitm import open_llm, open_mind, open_world, parse_goal, pursue

The names below are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gitm.agent import Limits, pursue
    from gitm.check import check_world
    from gitm.goals import parse_goal
    from gitm.llm import open_llm
    from gitm.opening import open_mind
    from gitm.worlds import open_world

__all__ = ["Limits", "check_world", "open_llm", "open_mind", "open_world", "parse_goal", "pursue"]

_HOMES = {
    "Limits": "gitm.agent",
    "check_world": "gitm.check",
    "open_llm": "gitm.llm",
    "open_mind": "gitm.opening",
    "open_world": "gitm.worlds",
    "parse_goal": "gitm.goals",
    "pursue": "gitm.agent",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gitm' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
