"""The loop: pursue a goal in a world, one typed event after another.

This is the whole of GITM's figure 3. What there is to do comes from the mind, what happened from the world; the record, the live
view, the budgets and the tests all consume the events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitm.errors import GitmError, NotReached
from gitm.events import Began, Ended, Event, Planned, Setting, Stepped
from gitm.limits import Limits, Meter
from gitm.mind import Mind
from gitm.types import Goal, Observation, World

__all__ = ["Limits", "go_on", "pursue"]


def pursue(
    goal: Goal, world: World, mind: Mind, limits: Limits = Limits(), settings: Mapping[str, Setting] | None = None
) -> Iterator[Event]:
    """Reach the goal, or say why not: the first event is :class:`Began`, the last :class:`Ended`.

    ``settings`` go into the record as they are. Only our own faults and broken set-ups raise.
    """
    seen = world.reset()
    meter = mind.begin(world.info, limits)
    yield Began(goal=goal, world=world.info, settings=dict(settings or {}), observation=seen)
    yield from go_on(goal, world, mind, meter, seen, since=seen.tick)


def go_on(goal: Goal, world: World, mind: Mind, meter: Meter, seen: Observation, since: int) -> Iterator[Event]:
    """The loop, from what is seen now; game time counts from the tick ``since``."""
    try:
        while (task := (yield from mind.next_task(goal, seen))) is not None:
            plan = yield from mind.plan(task, seen)
            yield Planned(task=task, plan=plan)
            for action in plan.actions:
                meter.check_time(seen.tick - since)
                feedback = world.step(action)
                seen = feedback.observation
                yield Stepped(task=task, action=action, feedback=feedback)
                yield from mind.learn(task, plan, action, feedback)
                if not feedback.ok:
                    break
    except NotReached as reason:
        yield Ended(reached=False, reason=str(reason), observation=seen)
    except GitmError as fault:  # an LLM or a world that failed: the record is closed before the fault goes on
        yield Ended(reached=False, reason=str(fault), observation=seen, broken_off=True)
        raise
    else:
        yield Ended(reached=True, reason=f"{goal} is in the inventory", observation=seen)
