"""A run in figures, counted from its events alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gitm.events import Achieved, Asked, Began, Ended, Event, Planned, Resumed, Stepped
from gitm.types import Code, Frozen, Observation, Usage


class Bill(Frozen):
    """What an LLM took: calls, tokens, and US dollars; ``cost`` is None as soon as the price of a part is not known."""

    calls: int = 0
    tokens: int = 0
    cost: float | None = 0.0

    def plus(self, usage: Usage, cost: float | None) -> Bill:
        """The bill with one more usage on it."""
        total = None if self.cost is None or cost is None else round(self.cost + cost, 9)
        return Bill(calls=self.calls + usage.calls, tokens=self.tokens + usage.tokens, cost=total)


def billed(bills: Mapping[str, Bill], event: Asked) -> dict[str, Bill]:
    """The bills by role with one more question on them."""
    return {**bills, event.role: bills.get(event.role, Bill()).plus(event.usage, event.cost)}


def total_cost(bills: Mapping[str, Bill]) -> float | None:
    """The costs of all roles together, None when one of them is not known."""
    costs = [bill.cost for bill in bills.values()]
    return None if None in costs else round(sum(cost for cost in costs if cost is not None), 9)


class Summary(Frozen):
    """A run in figures, in the order in which ``--json`` prints them. ``ticks`` is game time, ``seconds`` the clock on the wall.

    ``llm_cost`` is in US dollars, None when a price is not known; ``llm`` is the bill of each role that was asked.
    """

    goal: str
    reached: bool
    reason: str
    actions: int
    ticks: int
    deaths: int
    replans: int
    llm_calls: int
    llm_tokens: int
    seconds: float
    run: str
    inventory: dict[str, int]
    llm_cost: float | None = 0.0
    llm: dict[str, Bill] = {}


def summary(events: Iterable[Event], *, seconds: float = 0.0, run: str = "") -> Summary:
    """A run in figures, from its events alone; the clock on the wall and the path are the record's."""
    tally = Tally()
    for event in events:
        tally.add(event)
    return tally.summary(seconds=seconds, run=run)


def observation_of(event: Event) -> Observation | None:
    """What was seen at the end of an event, for the kinds that carry it."""
    if isinstance(event, Stepped):
        return event.feedback.observation
    return event.observation if isinstance(event, Began | Ended | Resumed) else None


class Tally:
    """Counts a run's events as they come.

    A replan is a plan made after an action of the plan before it failed and its sub-goal was not reached. Between the end of a record
    and its resumption no game time is counted.
    """

    def __init__(self) -> None:
        self.began: Began | None = None
        self.ended: Ended | None = None
        self.seen: Observation | None = None
        self.usage = Usage()
        self.bills: dict[str, Bill] = {}
        self.actions = self.deaths = self.replans = 0
        self._failed = False
        self._since = 0  # the tick from which game time counts, moved on by what passed while nobody played

    def add(self, event: Event) -> None:
        """Count one event."""
        if isinstance(event, Resumed):
            self._since += event.observation.tick - (self.seen.tick if self.seen else 0)
            self.ended = None
        self.seen = observation_of(event) or self.seen
        match event:
            case Began():
                self.began, self._since = event, event.observation.tick
            case Asked():
                self.usage += event.usage
                self.bills = billed(self.bills, event)
            case Stepped():
                self.actions += 1
                self.deaths += event.feedback.code is Code.DIED
                self._failed |= event.task is not None and not event.feedback.ok
            case Planned():
                self.replans, self._failed = self.replans + self._failed, False
            case Achieved():
                self._failed = False
            case Ended():
                self.ended = event
            case _:
                pass

    @property
    def ticks(self) -> int:
        """Game time so far."""
        return self.seen.tick - self._since if self.seen and self.began else 0

    def summary(self, *, seconds: float = 0.0, run: str = "") -> Summary:
        """The figures so far."""
        return Summary(
            goal=str(self.began.goal) if self.began else "",
            reached=self.ended.reached if self.ended else False,
            reason=self.ended.reason if self.ended else "the record stops before the run's end",
            actions=self.actions,
            ticks=self.ticks,
            deaths=self.deaths,
            replans=self.replans,
            llm_calls=self.usage.calls,
            llm_tokens=self.usage.tokens,
            seconds=seconds,
            run=run,
            inventory=dict(self.seen.inventory) if self.seen else {},
            llm_cost=total_cost(self.bills),
            llm=self.bills,
        )
