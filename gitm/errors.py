"""Every exception this package raises on purpose, in one small tree.

    GitmError
    ├── SetupError            the run cannot start; the message ends with the mend   (exit 2)
    │   ├── BadName           a name that no knowledge and no world has
    │   ├── BadFile           a file we read is not what it should be: file, place, mend
    │   └── BadWorld          a world breaks the contract of ``check_world``
    ├── LLMError              the provider failed, was refused, or spoke nonsense to the end
    └── NotReached            the run ended honestly without the goal                 (exit 1)
        ├── NoWay             nothing we know obtains an item; names the missing knowledge
        ├── Stuck             every way we know was tried and set aside
        ├── NoAnswer          no LLM can be asked, now or later: a key, a model's name, a recording that does not fit
        └── BudgetSpent       ticks, calls, tokens, money or seconds are used up

A world that says "no" raises none of these: a refusal is a :class:`gitm.types.Feedback`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitm.types import Usage


class GitmError(Exception):
    """Base of the tree; ``str(error)`` is one line a user can act on."""


class SetupError(GitmError):
    """The run cannot start; the message says what, where, and what mends it."""


class BadName(SetupError):
    """A name that neither the knowledge nor the world has."""


class BadFile(SetupError):
    """A file is not what it should be.

    ``path`` and ``where`` (a line, an entry) locate the fault; ``problem`` names it and its mend.
    """

    def __init__(self, path: Path | str, where: str, problem: str) -> None:
        self.path, self.where, self.problem = Path(path), where, problem
        super().__init__(f"{path}: {where}: {problem}" if where else f"{path}: {problem}")


class BadWorld(SetupError):
    """A world breaks the contract every world must keep."""


class LLMError(GitmError):
    """The LLM gave no usable answer; never to be mistaken for the model's words.

    ``usage`` is what the attempt cost, if known; ``final`` means that no later attempt would do better.
    """

    def __init__(self, message: str, usage: Usage | None = None, *, final: bool = False) -> None:
        self.usage, self.final = usage, final
        super().__init__(message)


class NotReached(GitmError):
    """The goal was not reached, and this is why."""


class NoWay(NotReached):
    """Nothing we know obtains an item.

    ``item`` is the one that is missing, ``chain`` what it is needed for, as the end of a sentence.
    """

    def __init__(self, message: str, item: str | None = None, chain: str = "") -> None:
        self.item, self.chain = item, chain
        super().__init__(message)


class Stuck(NotReached):
    """Every way we know was tried and set aside."""


class NoAnswer(NotReached):
    """No LLM can be asked, now or later."""


class BudgetSpent(NotReached):
    """A budget (ticks, calls, tokens, money, seconds) is used up."""
