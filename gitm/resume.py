"""Going on with a run that was cut off: after ``kill -9``, Ctrl-C, a crash, an LLM that was away.

There is little to restore, since state lives in the world. What was learned, set aside and spent comes from the record. A world that
starts again from its seed is brought to where it was by its recorded actions, each compared with what was recorded; a live world is
looked at. Where the world differs from the record, the world is right: the difference is told and the run goes on from what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from gitm.actions import Action
from gitm.agent import go_on
from gitm.config import Settings
from gitm.errors import BadFile
from gitm.events import Asked, Began, Ended, Event, Learned, Planned, Resumed, SetAside, Stepped
from gitm.limits import Limits, Meter
from gitm.mind import Mind
from gitm.record import Run
from gitm.tally import Tally
from gitm.types import Observation, Plan, SubGoal, World, WorldInfo

__all__ = ["beginning", "outcome", "resume", "settings_of"]

_HIDDEN = "…"  # stands in a record for what was secret
_SHOWN = 3  # fields that are named when two observations differ


def resume(run: Run, world: World, mind: Mind, limits: Limits = Limits()) -> Iterator[Event]:
    """The further events of a run: the first is :class:`Resumed`, the last :class:`Ended`.

    What the run has spent counts. Raises :class:`BadFile` when the record does not say what the run was to reach.
    """
    began = beginning(run)
    meter = mind.begin(world.info, limits)
    spent = _restore(run, mind, meter)
    seen, replayed, difference = _return(run, world)
    if replayed and not difference:
        mind.unfinished = _unfinished(run.events)
    differences = (_other_world(began.world, world.info), difference)
    yield Resumed(replayed=replayed, difference="; ".join(filter(None, differences)), observation=seen)
    yield from go_on(began.goal, world, mind, meter, seen, since=seen.tick - spent)


def beginning(run: Run) -> Began:
    """How the run began; raises :class:`BadFile` when the record stops before."""
    first = run.events[0] if run.events else None
    if not isinstance(first, Began):
        raise BadFile(run.path, "", "the record stops before the run began, so there is nothing to resume; start it anew with: gitm run")
    return first


def outcome(run: Run) -> Ended | None:
    """How the run ended; None when it was cut off or broken off, so that it can be resumed."""
    last = run.events[-1] if run.events else None
    return last if isinstance(last, Ended) and not last.broken_off else None


def settings_of(run: Run, now: Settings) -> Settings:
    """The settings the run was started with, in the home folder of today; only what a record hides comes from today's.

    Raises :class:`BadFile` when this version of the program does not know them.
    """
    began = beginning(run)
    values: dict[str, Any] = {key: value for key, value in began.settings.items() if not (isinstance(value, str) and _HIDDEN in value)}
    values |= {key: getattr(now, key) for key in began.settings.keys() - values.keys() if key in Settings.model_fields}
    if began.world.seed is not None:  # the one that was played, also where none was asked for
        values["seed"] = began.world.seed
    try:
        return Settings.model_validate(values | {"home": now.home})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = f"line 2: settings.{'.'.join(map(str, first['loc']))}"
        raise BadFile(run.path, where, f"{first['msg']}; resume it with version {run.header.gitm or 'it was recorded with'}") from error


def _restore(run: Run, mind: Mind, meter: Meter) -> int:
    """Give mind and meter what the record holds: nothing that was learned is asked again. The ticks that were spent."""
    tally = Tally()
    for event in run.events:
        tally.add(event)
        match event:
            case Learned() | SetAside():
                mind.decomposer.restore(event)
            case Asked():
                meter.spend(event.usage, event.cost)
            case Stepped(task=SubGoal() as task):
                mind.instincts.note(task, event.action, event.feedback)
            case _:
                pass
    meter.started -= run.seconds
    return tally.ticks


def _return(run: Run, world: World) -> tuple[Observation, int, str]:
    """Join the world, and bring it to where it was if it starts again: what is seen, actions played again, and what differs."""
    start, steps = _history(beginning(run).observation, run.events)
    seen = world.reset()
    if seen != start:  # a live world has moved on; one with a seed should not have
        return seen, 0, "" if world.info.seed is None else f"the world starts otherwise than recorded: {_unlike(start, seen)}"
    for number, (action, then) in enumerate(steps, 1):
        seen = world.step(action).observation
        if seen != then:
            return seen, number, f"after action {number} of {len(steps)} the world is not as recorded: {_unlike(then, seen)}"
    return seen, len(steps), ""


def _history(start: Observation, events: Iterable[Event]) -> tuple[Observation, Sequence[tuple[Action, Observation]]]:
    """What was first seen, and every action since with what was seen after it, as the world of the last session knows them."""
    steps: list[tuple[Action, Observation]] = []
    for event in events:
        match event:
            case Stepped():
                steps.append((event.action, event.feedback.observation))
            case Resumed():  # that session went on from where its own replay ended
                del steps[event.replayed :]
                if steps:
                    steps[-1] = (steps[-1][0], event.observation)
                else:
                    start = event.observation
            case _:
                pass
    return start, steps


def _unfinished(events: Sequence[Event]) -> tuple[SubGoal, Plan] | None:
    """What is left of a plan that an LLM was asked for and the run was cut off in; the other origins cost nothing to ask again."""
    done = 0
    for event in reversed(events):
        match event:
            case Stepped() if event.feedback.ok:
                done += 1
            case Planned() if event.plan.origin == "llm" and done < len(event.plan.actions):
                return event.task, event.plan.model_copy(update={"actions": event.plan.actions[done:]})
            case Ended() if event.broken_off:
                pass
            case _:
                return None
    return None


def _unlike(then: Observation, now: Observation) -> str:
    """In what two observations differ, in words."""
    fields = [name for name in Observation.model_fields if getattr(then, name) != getattr(now, name)]
    shown = [f"{name} was {_short(getattr(then, name))} and is {_short(getattr(now, name))}" for name in fields[:_SHOWN]]
    return ", ".join([*shown, f"{len(fields) - _SHOWN} more"] if len(fields) > _SHOWN else shown)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _other_world(then: WorldInfo, now: WorldInfo) -> str:
    return "" if then == now else f"the world was {_world_text(then)} and is {_world_text(now)}"


def _world_text(info: WorldInfo) -> str:
    return f"{info.name} {info.version}, rules {info.rules or 'unknown'}, seed {info.seed}"
