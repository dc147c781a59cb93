"""Budgets: game ticks, LLM calls, tokens and money, wall-clock seconds; the meter that holds a run to them, and who asks LLMs."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from gitm.errors import BudgetSpent, LLMError, NoAnswer, SetupError
from gitm.events import Asked, Event, Role
from gitm.types import LLM, Frozen, Message, T, Usage

ATTEMPTS = 3  # times one question is put to an LLM that fails, before it is put off
CHARACTERS_A_TOKEN = 4  # a rule of thumb for English, by which a prompt is measured before it is sent

#: US dollars that a usage of the LLM of that name costs; None when no price is known.
Price = Callable[[str, Usage], float | None]


class Limits(Frozen):
    """What a run may cost; None is no limit. ``max_cost`` is in US dollars, ``queries`` attempts a sub-goal (GITM: 30)."""

    max_ticks: int | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    max_seconds: float | None = None
    queries: int = 30


@dataclass
class Meter:
    """What has been spent so far in a run. ``cost`` is the part of it that has a known price, in US dollars."""

    limits: Limits = Limits()
    usage: Usage = Usage()
    started: float = field(default_factory=time.monotonic)
    cost: float = 0.0

    def check_time(self, ticks: int) -> None:
        """Raise :class:`BudgetSpent` when game time (ticks since the run began) or wall-clock time is used up."""
        if self.limits.max_ticks is not None and ticks >= self.limits.max_ticks:
            raise BudgetSpent(f"the budget of {self.limits.max_ticks} ticks is spent; raise it with --max-ticks")
        self._check_seconds()

    def _check_seconds(self) -> None:
        if self.limits.max_seconds is not None and time.monotonic() - self.started >= self.limits.max_seconds:
            raise BudgetSpent(f"the budget of {self.limits.max_seconds:g} seconds is spent; raise it with --max-seconds")

    def check_call(self, cost: float | None = 0.0) -> None:
        """Raise :class:`BudgetSpent` before a call that would exceed the budget; ``cost`` is that of its prompt, None: not known."""
        limits = self.limits
        if limits.max_calls is not None and self.usage.calls >= limits.max_calls:
            raise BudgetSpent(f"the budget of {limits.max_calls} LLM calls is spent; raise it with --max-calls")
        if limits.max_tokens is not None and self.usage.tokens >= limits.max_tokens:
            raise BudgetSpent(f"the budget of {limits.max_tokens} tokens is spent; raise it with --max-tokens")
        if limits.max_cost is not None and cost is not None and self.cost + cost > limits.max_cost:
            raise BudgetSpent(f"the budget of {limits.max_cost:g} dollars is spent; raise it with --max-cost")
        self._check_seconds()  # a slow LLM spends them as well

    def spend(self, usage: Usage, cost: float | None) -> None:
        """Add what a call cost."""
        self.usage += usage
        self.cost += cost or 0.0


@dataclass
class Asker:
    """Puts questions to LLMs within a meter's budget, each with its :class:`Asked` event.

    ``llm`` answers in every role that ``others`` does not name another one for. Without a ``price`` no cost is known.
    """

    llm: LLM
    meter: Meter = field(default_factory=Meter)
    others: Mapping[Role, LLM] = field(default_factory=dict)
    price: Price | None = None
    _before: Meter | None = None  # what was asked before the run

    def llm_for(self, role: Role) -> LLM:
        """The LLM that answers in a role."""
        return self.others.get(role, self.llm)

    def prepare(self, limits: Limits) -> None:
        """Questions are to be asked before a run: they count in the budget of the run that begins next."""
        self.meter = self._before = Meter(limits)

    def begin(self, limits: Limits) -> Meter:
        """A run begins: its meter."""
        spent, self._before = self._before or Meter(), None
        self.meter = Meter(limits, usage=spent.usage, cost=spent.cost)
        return self.meter

    def ask(self, role: Role, about: str, messages: Sequence[Message], schema: type[T]) -> Generator[Event, None, T]:
        """The answer; raises :class:`LLMError` when the LLM fails again and again, :class:`BudgetSpent` before a call too many.

        Raises :class:`NoAnswer` at once for what no later attempt would mend, and :class:`SetupError` when a budget in money is
        to be kept and no price is known.
        """
        llm = self.llm_for(role)
        for attempt in range(1, ATTEMPTS + 1):
            self.meter.check_call(self._prompt_cost(llm, messages))
            try:
                reply = llm.complete(messages, schema)
            except LLMError as error:
                yield self._spent(role, about, llm, error.usage or Usage(calls=1), str(error))
                if error.final:
                    raise NoAnswer(str(error)) from error
                if attempt == ATTEMPTS:
                    raise
            else:
                yield self._spent(role, about, llm, reply.usage)
                return reply.value
        raise AssertionError("unreachable")

    def _prompt_cost(self, llm: LLM, messages: Sequence[Message]) -> float | None:
        """What a prompt alone will cost, by its length; 0 when nothing is limited by it."""
        if self.meter.limits.max_cost is None:
            return 0.0
        tokens = sum(len(message.content) for message in messages) // CHARACTERS_A_TOKEN
        cost = self.price(llm.name, Usage(prompt_tokens=tokens)) if self.price else None
        if cost is None:
            raise SetupError(f"no price of {llm.name} is known, so --max-cost cannot be kept; use --max-tokens instead")
        return cost

    def _spent(self, role: Role, about: str, llm: LLM, usage: Usage, error: str | None = None) -> Asked:
        cost = self.price(llm.name, usage) if self.price else None
        self.meter.spend(usage, cost)
        return Asked(role=role, about=about, llm=llm.name, usage=usage, cost=cost, error=error)
