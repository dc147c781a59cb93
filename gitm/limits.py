"""Budgets: game ticks, LLM calls and tokens, wall-clock seconds; and the meter that holds a run to them."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from gitm.errors import BudgetSpent, LLMError
from gitm.events import Asked, Event, Role
from gitm.types import LLM, Frozen, Message, T, Usage

ATTEMPTS = 3  # times one question is put to an LLM that fails


class Limits(Frozen):
    """What a run may cost; None is no limit. ``queries``: attempts a sub-goal (GITM: 30)."""

    max_ticks: int | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    max_seconds: float | None = None
    queries: int = 30


@dataclass
class Meter:
    """What has been spent so far in a run."""

    limits: Limits = Limits()
    usage: Usage = Usage()
    started: float = field(default_factory=time.monotonic)

    def check_time(self, ticks: int) -> None:
        """Raise :class:`BudgetSpent` when game time (ticks since the run began) or wall-clock time is used up."""
        if self.limits.max_ticks is not None and ticks >= self.limits.max_ticks:
            raise BudgetSpent(f"the budget of {self.limits.max_ticks} ticks is spent; raise it with --max-ticks")
        self._check_seconds()

    def _check_seconds(self) -> None:
        if self.limits.max_seconds is not None and time.monotonic() - self.started >= self.limits.max_seconds:
            raise BudgetSpent(f"the budget of {self.limits.max_seconds:g} seconds is spent; raise it with --max-seconds")

    def check_call(self) -> None:
        """Raise :class:`BudgetSpent` before a call that would exceed the budget."""
        if self.limits.max_calls is not None and self.usage.calls >= self.limits.max_calls:
            raise BudgetSpent(f"the budget of {self.limits.max_calls} LLM calls is spent; raise it with --max-calls")
        if self.limits.max_tokens is not None and self.usage.tokens >= self.limits.max_tokens:
            raise BudgetSpent(f"the budget of {self.limits.max_tokens} tokens is spent; raise it with --max-tokens")
        self._check_seconds()  # a slow LLM spends them as well


@dataclass
class Asker:
    """Puts questions to an LLM within a meter's budget, each with its :class:`Asked` event."""

    llm: LLM
    meter: Meter = field(default_factory=Meter)

    def ask(self, role: Role, about: str, messages: Sequence[Message], schema: type[T]) -> Generator[Event, None, T]:
        """The answer; raises :class:`LLMError` when the LLM fails again and again, :class:`BudgetSpent` before a call too many."""
        for attempt in range(1, ATTEMPTS + 1):
            self.meter.check_call()
            try:
                reply = self.llm.complete(messages, schema)
            except LLMError as error:
                spent = error.usage or Usage(calls=1)
                self.meter.usage += spent
                yield Asked(role=role, about=about, llm=self.llm.name, usage=spent, error=str(error))
                if attempt == ATTEMPTS:
                    raise
            else:
                self.meter.usage += reply.usage
                yield Asked(role=role, about=about, llm=self.llm.name, usage=reply.usage)
                return reply.value
        raise AssertionError("unreachable")
