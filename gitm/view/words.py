"""Events in words: one line each, for logs, plain terminals and ``gitm show``."""

from __future__ import annotations

from collections.abc import Mapping

from gitm.actions import action_text
from gitm.events import Achieved, Asked, Began, Decomposed, Ended, Event, Learned, Planned, Resumed, SetAside, Stepped
from gitm.plain import one_line
from gitm.tally import Bill, total_cost
from gitm.types import Feedback, Observation

TICKS_A_DAY = 24_000
WAYS_SHOWN = 3
SUNRISE = 6  # tick 0 of a day is six in the morning


def clock(tick: int) -> str:
    """Game time as Minecraft's day and hour: ``day 1, 06:00`` is tick 0."""
    day, rest = divmod(tick, TICKS_A_DAY)
    minutes = rest * 24 * 60 // TICKS_A_DAY + SUNRISE * 60
    return f"day {day + 1 + minutes // 1440}, {minutes // 60 % 24:02}:{minutes % 60:02}"


def change_text(change: Mapping[str, int]) -> str:
    """An inventory change: ``+3 oak_log -1 stick``; empty when there is none."""
    return " ".join(f"{count:+} {item}" for item, count in change.items() if count)


def feedback_text(feedback: Feedback) -> str:
    """The world's answer: ``ok (+3 oak_log)`` or ``refused NOT_FOUND: …``."""
    change = change_text(feedback.change)
    if feedback.ok:
        return f"ok ({change})" if change else "ok"
    return f"refused {feedback.code}: {one_line(feedback.message)}" + (f" ({change})" if change else "")


def place_text(seen: Observation) -> str:
    """Where one is and how one feels."""
    where = " underground" if seen.underground else ""
    return f"{one_line(seen.biome)}{where} at {seen.x}, {seen.y}, {seen.z}; health {seen.health:g}, food {seen.food:g}"


def bills_text(bills: Mapping[str, Bill]) -> str:
    """What LLMs cost, and the share of each role: `` for $0.01 (decomposer 9: 700 tokens for $0.01)``; empty when none was asked."""
    parts = "; ".join(f"{role} {bill.calls}: {bill.tokens:,} tokens{_for_money(bill.cost)}" for role, bill in bills.items())
    return f"{_for_money(total_cost(bills))} ({parts})" if bills else ""


def _for_money(dollars: float | None) -> str:
    """An amount of money; nothing of an unknown one and of none."""
    return f" for ${dollars:.4f}" if dollars else ""


def feed_line(event: Event) -> str | None:
    """One event as one line, or None for what would only fill the screen."""
    line = _line(event)
    return None if line is None else one_line(line)


def _line(event: Event) -> str | None:
    match event:
        case Began():
            return f"goal: {event.goal} (in {event.world.name} {event.world.version}" + (
                f", seed {event.world.seed})" if event.world.seed is not None else ")"
            )
        case Asked():
            failed = f" failed: {event.error}" if event.error else ""
            return f"asked {event.llm} ({event.role}) about {event.about}: {event.usage.tokens} tokens{_for_money(event.cost)}{failed}"
        case Learned():
            how = "remembered" if event.remembered else "read"
            keys = [way.key for way in event.ways[:WAYS_SHOWN]] or ["nothing"]
            more = f"; and {len(event.ways) - WAYS_SHOWN} more" if len(event.ways) > WAYS_SHOWN else ""
            return f"{how} how to obtain {event.item}: {'; '.join(keys)}{more}"
        case Decomposed():
            return f"sub-goals to do: {len(event.tree.subgoals)}" if event.tree.subgoals else None
        case Planned():
            task, plan = event.task, event.plan
            return f"sub-goal: {task.until} {task.item} ({task.way.key}), {len(plan.actions)} actions from {plan.origin}"
        case Stepped():
            reflex = "reflex " if event.task is None else ""
            return f"  {clock(event.feedback.observation.tick)}  {reflex}{action_text(event.action)}: {feedback_text(event.feedback)}"
        case Achieved():
            return f"done: {event.task.until} {event.task.item}"
        case SetAside():
            return f"set aside: {event.way.item} by {event.way.key}: {event.reason}"
        case Ended():
            return f"{'reached' if event.reached else 'not reached'}: {event.reason}"
        case Resumed():
            return f"resumed after {event.replayed} actions played again" + (f"; {event.difference}" if event.difference else "")
