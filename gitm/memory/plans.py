"""What a remembered plan is, when it fits again, and how it is fitted to another amount: pure functions."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeGuard

from pydantic import Field, TypeAdapter

from gitm.actions import Action, Apply, Approach, Attack, Craft, DigDown, Explore, GoUp, Mine, Smelt
from gitm.types import Frozen, Observation, SubGoal, Way

ACTIONS: TypeAdapter[tuple[Action, ...]] = TypeAdapter(tuple[Action, ...])
Origin = Literal["run", "condensed"]
_COUNTED = (Craft, Smelt, Mine, Attack, Apply)  # what is done so many times
_LEADING = (Approach, DigDown, Explore, GoUp)  # what leads to where it is done
_MOST = 2304  # the largest count of one action: 36 slots of 64
_LEVEL = 8  # blocks above or below a height that still count as being there (as in skill templates)


class Remembered(Frozen):
    """A plan that worked for a sub-goal in a situation of a world, with its outcomes so far.

    ``wants``: the amount it was made for; 0 when its last count is the amount wanted, so that it serves any. ``origin``: seen to work in a
    ``run``, or ``condensed`` from several and, until it has a success, only on trial. ``ticks``: mean game time of a success.
    """

    id: int
    rules: str
    version: str
    subgoal: str
    situation: str
    actions: tuple[Action, ...] = Field(min_length=1)
    wants: int = Field(ge=0)
    ticks: int = Field(ge=0)
    successes: int = Field(ge=0)
    failures: int = Field(ge=0)
    origin: Origin = "run"
    reference: bool = False

    @property
    def item(self) -> str:
        """The item the sub-goal obtains."""
        return self.subgoal.partition(" by ")[0]

    @property
    def scales(self) -> bool:
        """Whether it serves any amount."""
        return self.wants == 0

    def fitted(self, task: SubGoal) -> tuple[Action, ...]:
        """The actions for the amount that is wanted now."""
        return with_amount(self.actions, task.way, task.batches, task.count) if self.scales else self.actions


def situation(task: SubGoal, seen: Observation) -> str:
    """All that decides whether a plan can be used again, and no more: what the conditions of skill templates ask about.

    Surface or underground, and there at the right height; whether a biome is to be reached first; whether the source (and the block that is
    made of it) is in sight or within reach; where the stations are; day or night when that matters.
    """
    way = task.way
    parts = ["underground" if seen.underground else "surface"]
    if seen.underground and way.place.layer == "underground" and way.place.y is not None:
        parts.append("level" if abs(seen.y - way.place.y) <= _LEVEL else "above" if seen.y > way.place.y else "below")
    if way.place.biomes and seen.biome not in way.place.biomes:
        parts.append("elsewhere")
    if way.sought:
        parts.append(_where(way.sought, seen))
    if way.prepared and way.on:
        parts.append(f"{way.on} {_where(way.on, seen)}")
    if way.use and way.target:
        parts.append(f"{way.target} {_where(way.target, seen)}")
    parts += [f"{stack.item} {_station(stack.item, seen)}" for stack in way.stations]
    if way.place.night:
        parts.append("day" if seen.day else "night")
    return ", ".join(parts)


def normal(actions: Sequence[Action], task: SubGoal) -> tuple[tuple[Action, ...], int] | None:
    """A plan as it is kept, and the amount it serves: one performance and 0 (any amount) when it scales, else itself and the amount.

    Of the ways to a place only the last is kept: the one before led to a place where all was done, or where nothing was to be done.
    It scales when it performs nothing but its way, each part once and for the whole amount. None for a success after more performances
    than the sub-goal takes: what of it was needed nobody knows, and to do it all again would be worse than to plan afresh.
    """
    way, actions = task.way, tuple(_without_detours(actions))
    own = [action for action in actions if _performs(action, way)]
    once = len({(action.name, action.object) for action in own}) == len(own)
    foreign = any(isinstance(action, _COUNTED) and action not in own for action in actions)
    if once and not foreign and with_amount(actions, way, task.batches, task.count) == actions:
        return with_amount(actions, way, 1, way.count), 0
    for name, thing in {(action.name, action.object) for action in own}:
        performed = sum(action.count for action in own if (action.name, action.object) == (name, thing))
        if performed > (task.batches * way.count if name in ("craft", "smelt") else task.batches):
            return None
    return actions, task.count


def _without_detours(actions: Sequence[Action]) -> Iterator[Action]:
    """The actions but what leads somewhere and is repeated before anything is done there; else each success of a plan makes it longer."""
    leading: list[Action] = []
    for action in actions:
        if isinstance(action, _LEADING):
            leading = [*(other for other in leading if other != action), action]
            continue
        yield from leading
        leading.clear()
        yield action
    yield from leading


def with_amount(actions: Sequence[Action], way: Way, batches: int, count: int) -> tuple[Action, ...]:
    """The actions for another amount: ``count`` items of what is crafted or smelted, ``batches`` performances of all else."""
    return tuple(
        action.model_copy(update={"count": min(_MOST, count if isinstance(action, Craft | Smelt) else batches)})
        if _performs(action, way)
        else action
        for action in actions
    )


def alike(one: Sequence[Action], other: Sequence[Action]) -> bool:
    """Whether two plans do the same things to the same objects, be it with another tool, fuel or amount."""
    return list(_shapes(one)) == list(_shapes(other))


def outline(actions: Sequence[Action]) -> str:
    """What a plan does to which objects, as a text: plans that are alike have the same."""
    return json.dumps(list(_shapes(actions)))


def actions_json(actions: Sequence[Action]) -> str:
    """The actions as the file keeps them; equal plans have equal texts."""
    return ACTIONS.dump_json(tuple(actions), exclude_defaults=False).decode()


def remembered(row: Sequence[Any], names: Sequence[str]) -> Remembered | None:
    """The plan in a row of these columns; None for one that is damaged or was written by another version of the program."""
    values = dict(zip(names, row, strict=True))
    try:
        return Remembered.model_validate(values | {"actions": json.loads(str(values["actions"]))})
    except (ValueError, RecursionError):  # no JSON; pydantic's error is a ValueError as well
        return None


def _performs(action: Action, way: Way) -> TypeGuard[Craft | Smelt | Mine | Attack | Apply]:
    """Whether the action performs (a part of) the way; all else leads up to it."""
    return isinstance(action, Apply) or (isinstance(action, _COUNTED) and action.object in (way.item, way.target))


def _shapes(actions: Sequence[Action]) -> Iterator[tuple[Any, ...]]:
    for action in actions:
        tunnels = getattr(action, "strategy", None) == "underground"
        yield action.name, getattr(action, "object", None), getattr(action, "target", None), getattr(action, "y_level", None), tunnels


def _where(name: str, seen: Observation) -> str:
    return "reaches" if seen.near(name) else "sees" if seen.near(name, math.inf) else "far"


def _station(name: str, seen: Observation) -> str:
    if seen.near(name):
        return "near"
    return "held" if name in seen.inventory else "seen" if seen.near(name, math.inf) else "away"
