"""A simulator that plays a sub-goal tree naively, one performance after the other: the reference for :mod:`gitm.tree`.

It shares no code with the tree: it counts what is in the hands, takes what a performance takes, and stops at the first thing missing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from gitm.types import All, Goal, Kind, SubGoal, Way

EPSILON = 1e-9


class Short(AssertionError):
    """A performance lacks something."""


class Hands:
    """What is held. Tools that wear are kept one by one, with the uses left in each; all else is a number.

    A group such as fuel may have a remainder: what is left of the planks that count for three.
    """

    def __init__(
        self,
        ways: Mapping[str, Sequence[Way]],
        held: Mapping[str, int] | None = None,
        stations: frozenset[str] = frozenset(),
        wear: Mapping[str, int] | None = None,
    ) -> None:
        self.lasts = {item: options[0].lasts for item, options in ways.items() if options and options[0].lasts}
        self.groups = {item: options for item, options in ways.items() if any(way.kind is Kind.ANY for way in options)}
        self.stations = stations
        self.amount: defaultdict[str, float] = defaultdict(float)
        self.worn: defaultdict[str, list[float]] = defaultdict(list)
        for item, count in (held or {}).items():
            if wear and item in wear:
                self.worn[item] = [wear[item], *[self.lasts.get(item, 0)] * (count - 1)]
            elif item in self.lasts:
                self.worn[item] = [math.inf] * count  # its wear is not seen
            else:
                self.amount[item] = count

    def has(self, item: str) -> float:
        return len(self.worn[item]) if item in self.lasts else self.amount[item]

    def has_any(self, item: str) -> float:
        """Of the item, or counted in members when it is a group."""
        total = self.has(item)
        for way in self.groups.get(item, ()):
            total += self.has_any(way.materials[0].item) // way.materials[0].count * way.count
        return total

    def add(self, item: str, count: float) -> None:
        if item in self.lasts:
            self.worn[item] += [self.lasts[item]] * math.floor(count + EPSILON)
        else:
            self.amount[item] += count

    def take(self, item: str, count: int, later: Mapping[str, float]) -> None:
        """Use up so many; of a group, those members first that nothing later needs for itself."""
        while item in self.groups and self.has(item) + EPSILON < count:
            self._break_up(item, later)
        if self.has(item) + EPSILON < count:
            raise Short(f"{count} {item} needed, {self.has(item):g} held")
        if item in self.lasts:
            del self.worn[item][len(self.worn[item]) - count :]
        else:
            self.amount[item] -= count

    def _break_up(self, group: str, later: Mapping[str, float]) -> None:
        options = [way for way in self.groups[group] if self.has_any(way.materials[0].item) + EPSILON >= way.materials[0].count]
        if not options:
            raise Short(f"no member of {group} is left")
        way = max(
            options, key=lambda way: self.has_any(way.materials[0].item) - way.materials[0].count - later.get(way.materials[0].item, 0)
        )
        self.take(way.materials[0].item, way.materials[0].count, later)
        self.amount[group] += way.count

    def wear_down(self, names: Sequence[str]) -> None:
        """One use of a tool: of one that does not wear, else of the most worn."""
        held = [(name, at) for name in names for at in range(len(self.worn[name]))]
        if any(name not in self.lasts and self.amount[name] >= 1 for name in names):
            return
        if not held:
            raise Short(f"no {' or '.join(names)} is left")
        name, at = max(held, key=lambda tool: math.isinf(self.worn[tool[0]][tool[1]]) * 2 - self.worn[tool[0]][tool[1]] / 1e9)
        self.worn[name][at] -= 1
        if self.worn[name][at] <= 0:
            del self.worn[name][at]


def perform(hands: Hands, task: SubGoal, later: dict[str, float]) -> None:
    """Every performance of a sub-goal; raises :class:`Short` when something is missing. ``later``: what this and the rest will need."""
    way, given = task.way, 0
    for number in range(1, task.batches + 1):
        for station in way.stations:
            if hands.has(station.item) + (station.item in hands.stations) < station.count:
                raise Short(f"{task.key}: no {station}")
        for tool in (*way.tools, *((way.place.digger,) if way.place.digger else ())):
            if not any(hands.has(name) or name in hands.stations for name in tool.any_of):
                raise Short(f"{task.key}: no {tool.item}")
        for material in sorted(way.materials, key=lambda stack: stack.item in hands.groups):  # what has no substitute first
            ask(hands, later, material.item, -material.count)
            hands.take(material.item, material.count, later)
        if way.kind in (Kind.MINE, Kind.ATTACK, Kind.APPLY):
            for tool in way.tools:
                hands.wear_down(tool.any_of)
        due = math.floor(number * way.count * way.chance + EPSILON)  # what chance gives on average
        hands.add(way.item, due - given)
        given = due


def ask(hands: Hands, later: dict[str, float], item: str, count: float) -> None:
    """Note a later need of an item; of a group, one of each member, for any may be what it will be met with."""
    later[item] += count
    for way in hands.groups.get(item, ()):
        ask(hands, later, way.materials[0].item, count / way.count * way.materials[0].count)


def reserved(hands: Hands, goal: Goal, tasks: Sequence[SubGoal]) -> dict[str, float]:
    """What the goal and these sub-goals will need, or may need, of each item."""
    later: defaultdict[str, float] = defaultdict(float)
    for part in goal.goals if isinstance(goal, All) else (goal,):
        later[part.item] = max(later[part.item], part.count)
    for task in tasks:
        for material in task.way.materials:
            ask(hands, later, material.item, material.count * task.batches)
        for name in [station.item for station in task.way.stations] + [name for tool in task.way.tools for name in tool.any_of]:
            later[name] = max(later[name], 1)
    return later


def play(hands: Hands, goal: Goal, tasks: Sequence[SubGoal]) -> None:
    """Execute the sub-goals in their order; raises :class:`Short` unless the goal is then held."""
    for at, task in enumerate(tasks):
        perform(hands, task, reserved(hands, goal, tasks[at:]))
    for part in goal.goals if isinstance(goal, All) else (goal,):
        if hands.has_any(part.item) + EPSILON < part.count:
            raise Short(f"{part} is the goal, {hands.has_any(part.item):g} held")
