"""What is obtained before anything asks for it: a tool to get on with, food, a weapon, armour, and food for a journey.

What counts as food, weapon or armour is knowledge: the groups of these names in the guides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitm.instincts import FOOD, WEAPON, Instincts, hungry
from gitm.types import ARMOR, OVERWORLD, All, Goal, Kind, Observation, Obtain, Place, SubGoal, Tree

ANY_LENGTH = 99
SHORT = 4  # sub-goals that a detour for a weapon may take, until one has died
BITES = 5  # pieces of food obtained at a time
FEW, PLENTY = 6, 12  # pieces of food: with fewer one does not set out for another dimension, and how many one then gets
FIGHTS = 8  # with monsters: from so many on armour is worth its iron, about a quarter of an hour


class Detour(NamedTuple):
    """What to obtain first, if that takes at most so many sub-goals."""

    goal: Goal
    longest: int = ANY_LENGTH


def detours(tree: Tree, seen: Observation, body: Instincts, names: frozenset[str]) -> Iterator[Detour]:
    """What is wanted before the tree is gone on with, the most urgent first; ``names`` are what guides tell how to obtain."""
    if (tool := body.lacks(seen)) is not None and tool in names:
        yield Detour(Obtain(item=tool))
    if hungry(seen) and FOOD in names and body.held(FOOD, seen) is None:
        yield Detour(Obtain(item=FOOD, count=BITES))
    dangerous = any(_is_dangerous(task.way.place) for task in tree.subgoals)
    if dangerous and WEAPON in names and body.held(WEAPON, seen) is None:
        yield Detour(Obtain(item=WEAPON), ANY_LENGTH if body.slain else SHORT)
    if seen.dimension != OVERWORLD:
        return  # what is missing there is not worth the way back
    if (body.slain and dangerous) or is_perilous(tree):
        bare = tuple(Obtain(item=part) for part in ARMOR if part in names and body.held(part, seen) is None)
        if bare:
            yield Detour(All(goals=bare))
    if FOOD in names and _leads_away(tree.subgoals[0]) and body.amount(FOOD, seen) < FEW:
        yield Detour(Obtain(item=FOOD, count=PLENTY))


def is_perilous(tree: Tree) -> bool:
    """Whether a player would not go without armour: to another dimension, or into many fights with monsters."""
    fights = sum(task.batches for task in tree.subgoals if task.way.kind is Kind.ATTACK and task.way.tools)  # a weapon is advised
    return fights >= FIGHTS or any(_leads_away(task) for task in tree.subgoals)


def _is_dangerous(place: Place) -> bool:
    """Whether monsters are met there: below the ground, at night, in structures."""
    return place.layer == "underground" or place.night or place.structure is not None


def _leads_away(task: SubGoal) -> bool:
    return task.way.afield and task.way.place.dimension != OVERWORLD
