"""A run in figures, counted from its events alone."""

from __future__ import annotations

from collections.abc import Iterable

from gitm.events import Achieved, Asked, Began, Ended, Event, Planned, Stepped
from gitm.types import Code, Frozen, Observation, Usage


class Summary(Frozen):
    """A run in figures, in the order in which ``--json`` prints them. ``ticks`` is game time, ``seconds`` the clock on the wall."""

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
    return event.observation if isinstance(event, Began | Ended) else None


class Tally:
    """Counts a run's events as they come.

    A replan is a plan made after an action of the plan before it failed and its sub-goal was not reached.
    """

    def __init__(self) -> None:
        self.began: Began | None = None
        self.ended: Ended | None = None
        self.seen: Observation | None = None
        self.usage = Usage()
        self.actions = self.deaths = self.replans = 0
        self._failed = False

    def add(self, event: Event) -> None:
        """Count one event."""
        self.seen = observation_of(event) or self.seen
        match event:
            case Began():
                self.began = event
            case Asked():
                self.usage += event.usage
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

    def summary(self, *, seconds: float = 0.0, run: str = "") -> Summary:
        """The figures so far."""
        return Summary(
            goal=str(self.began.goal) if self.began else "",
            reached=self.ended.reached if self.ended else False,
            reason=self.ended.reason if self.ended else "the record stops before the run's end",
            actions=self.actions,
            ticks=self.seen.tick - self.began.observation.tick if self.seen and self.began else 0,
            deaths=self.deaths,
            replans=self.replans,
            llm_calls=self.usage.calls,
            llm_tokens=self.usage.tokens,
            seconds=seconds,
            run=run,
            inventory=dict(self.seen.inventory) if self.seen else {},
        )
