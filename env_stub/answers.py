"""How an action ends inside the stub, and the quick way to build the models that cross its border.

Pydantic validates what comes from outside; what the stub itself made is right by construction, so its answers are put
together without validation (0.7 µs instead of 3.6 µs an observation, measured). A test compares both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from gitm.types import Code

if TYPE_CHECKING:
    from env_stub.game import Game

M = TypeVar("M", bound=BaseModel)
#: The four slots of a pydantic model, set by their descriptors: half the time of ``object.__setattr__``.
_SLOTS = BaseModel.__dict__
_set_fields, _set_names = _SLOTS["__dict__"].__set__, _SLOTS["__pydantic_fields_set__"].__set__
_new = object.__new__
_set_extra, _set_private = _SLOTS["__pydantic_extra__"].__set__, _SLOTS["__pydantic_private__"].__set__


class Ending(Exception):
    """An action ends with anything but OK: the code, a sentence that names the mend, and what is missing."""

    def __init__(self, code: Code, message: str, missing: dict[str, int] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.missing = code, message, missing or {}


def builder(model: type[M]) -> Callable[[dict[str, Any]], M]:
    """What makes models of complete and valid fields."""
    names = set(model.model_fields)  # shared between instances

    def build(fields: dict[str, Any]) -> M:
        made: M = _new(model)
        _set_fields(made, fields)
        _set_names(made, names)
        _set_extra(made, None)
        _set_private(made, None)
        return made

    return build


def gains(game: Game) -> dict[str, int]:
    """What the running action has brought so far."""
    return {name: count for name, count in game.inventory.delta.items() if count > 0}


def a(name: str) -> str:
    """A name with its article: "a zombie", "an axe"."""
    return f"an {name}" if name[:1] in "aeiou" else f"a {name}"


def amounts(counts: dict[str, int]) -> str:
    """ "3 stick and 1 oak_log"."""
    if len(counts) == 1:
        ((name, count),) = counts.items()
        return f"{count} {name}"
    parts = [f"{count} {name}" for name, count in counts.items()]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "nothing"
