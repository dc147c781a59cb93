"""All templates that are known, and which of them a sub-goal or a reflex calls for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from gitm.skills.parameters import parameters
from gitm.skills.reading import load_all
from gitm.skills.schema import Skill
from gitm.types import Kind, Observation, Plan, SubGoal


class Library:
    """All templates known, later ones (the user's) before earlier ones (shipped) where both fit equally well."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self.skills = tuple(skills)

    @classmethod
    def open(cls, folders: Iterable[tuple[str, Path | Traversable]]) -> Library:
        """Load every ``*.yaml`` of the folders, each given with the name of its origin; raises :class:`BadFile`.

        A template takes the place of an earlier one of its name.
        """
        return cls(list({skill.name: skill for origin, folder in folders for skill in load_all(folder, origin)}.values()))

    def __iter__(self) -> Iterator[Skill]:
        return iter(self.skills)

    def choose(self, task: SubGoal) -> Skill | None:
        """The most specific template that fits the sub-goal."""
        return self._best(_facts(task))

    def reflex(self, name: str) -> Skill | None:
        """The template of a reflex."""
        return self._best({"reflex": name})

    def _best(self, facts: Mapping[str, Any]) -> Skill | None:
        reflex = "reflex" in facts
        fitting = [
            (len(skill.when.given), at, skill)
            for at, skill in enumerate(self.skills)
            if (skill.when.reflex is not None) == reflex and skill.when.fits(facts)
        ]
        return max(fitting, key=lambda entry: entry[:2])[2] if fitting else None


def expand(library: Library, task: SubGoal, seen: Observation, extras: Mapping[str, Any] | None = None) -> Plan | None:
    """The plan of the best template, or None when no template fits. ``extras`` are parameters that only the mind can know."""
    skill = library.choose(task)
    if skill is None:
        return None
    return Plan(
        actions=skill.expand({**parameters(task, seen), **(extras or {})}, seen, task.way.stations, task.way.waits),
        origin=f"skill:{skill.name}",
    )


def _facts(task: SubGoal) -> dict[str, Any]:
    way = task.way
    return {
        "kind": way.kind,
        "item": way.item,
        "target": way.target,
        "use": way.use,
        "on": way.on,
        "underground": way.place.layer == "underground",
        "night": way.place.night,
        "station": bool(way.stations) and not way.afield,
        "made": (way.kind is Kind.MINE and way.use is not None) or way.built,
        "prepared": way.prepared,
        "carried": way.carried,
    }
