"""Skill templates: YAML files that say how a kind of sub-goal, or a reflex, is carried out with structured actions.

A template holds data only: placeholders are looked up in a fixed table (:func:`parameters`), conditions come from a closed
vocabulary (:class:`Condition`), and every step must become a valid structured action. ``docs/skills.md`` describes the format.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from gitm.actions import ACTION, VOCABULARY, Action
from gitm.errors import BadFile
from gitm.types import Frozen, Kind, Observation, Plan, Stack, SubGoal

DAY, NIGHTFALL = 24_000, 13_000
_ROW = 12_000  # the longest a single wait may be
_MOST = 2304  # the largest count of one action: 36 slots of 64
_BEDROCK = -64  # the lowest height one can dig to
_LARGEST = 65_536  # bytes of a template file; the largest shipped one has under a thousand


#: What cannot wait for the sub-goal at hand.
Reflex = Literal["attacked", "hungry", "hurt", "benighted", "bereft"]


class When(Frozen):
    """Which sub-goals a template is for; the more fields are given, the more specific it is and the sooner it is chosen."""

    kind: Kind | None = None
    item: str | None = None
    target: str | None = None
    use: str | None = None
    on: str | None = None
    underground: bool | None = None
    night: bool | None = None
    station: bool | None = None  # whether something must stand near
    made: bool | None = None  # whether the block is made first, by applying an item
    reflex: Reflex | None = None

    @model_validator(mode="before")
    @classmethod
    def _yaml_on(cls, value: Any) -> Any:
        """YAML 1.1 reads the bare key ``on`` as true."""
        return {("on" if key is True else key): entry for key, entry in value.items()} if isinstance(value, dict) else value

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Whether every given field has the sub-goal's value."""
        return all(facts.get(key) == value for key, value in self.given.items())

    @property
    def given(self) -> dict[str, Any]:
        """The fields that are set."""
        return self.model_dump(exclude_none=True)


class Condition(Frozen):
    """What must be so, as the observation shows it; several fields must all hold."""

    sees: str | None = None
    reaches: str | None = None
    holds: str | None = None
    has: str | None = None  # whether a parameter has a value
    underground: bool | None = None
    day: bool | None = None
    below: int | str | None = None  # deeper than this height by more than a few blocks
    level: int | str | None = None  # within a few blocks of this height

    @property
    def given(self) -> list[Any]:
        """The values of the fields that are set."""
        return list(self.model_dump(exclude_none=True).values())


class Step(Frozen):
    """One action with placeholders, perhaps conditional, perhaps once for each station."""

    name: str
    arguments: dict[str, Any]
    only: tuple[Condition, ...] = Field((), alias="if")  # all must hold
    unless: tuple[Condition, ...] = ()  # none may hold
    each: Literal["stations"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _action_key(cls, value: Any) -> Any:
        """YAML writes ``- mine: {object: $target}``: the key that is an action names it."""
        if not isinstance(value, dict) or str(value.get("name")) in VOCABULARY:
            return value
        names = [key for key in value if key in VOCABULARY]
        if len(names) != 1:
            has = ", ".join(map(str, value)) or "none"
            raise ValueError(f"a step needs exactly one action of {', '.join(VOCABULARY)}; it has {has}")
        rest = {key: [entry] if isinstance(entry, dict) else entry for key, entry in value.items() if key != names[0]}
        return {"name": names[0], "arguments": value[names[0]] or {}, **rest}

    @model_validator(mode="after")
    def _known_arguments(self) -> Step:
        known = [key for key in VOCABULARY[self.name].model_fields if key != "name"]
        if unknown := set(self.arguments) - set(known):
            raise ValueError(f"{self.name} has no argument '{min(unknown)}'; it has {', '.join(known) or 'none'}")
        conditions = (*self.only, *self.unless)
        for word in [*self.arguments.values(), *(word for condition in conditions for word in condition.given)]:
            if isinstance(word, str) and word.startswith("$") and word[1:] not in PARAMETERS:
                raise ValueError(f"no parameter '{word}'; there are {', '.join('$' + key for key in PARAMETERS)}")
        heights = [height for condition in conditions for height in (condition.below, condition.level) if height is not None]
        if words := [height for height in heights if not isinstance(_example(height), int)]:
            raise ValueError(f"'{words[0]}' is no height; give a number or a parameter that is one, such as $y")
        return self

    @model_validator(mode="after")
    def _valid_action(self) -> Step:
        """Whatever the parameters will be, the step is to become a valid action: held against examples of them."""
        try:
            VOCABULARY[self.name].model_validate({key: _example(entry) for key, entry in self.arguments.items()})
        except ValidationError as error:
            first = next((fault for fault in error.errors(include_url=False, include_input=False) if fault["type"] != "missing"), None)
            if first is not None:
                raise ValueError(f"{self.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        return self


class Skill(Frozen):
    """A template: a name, what it is for, when it fits, and its steps."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    about: str = Field(min_length=10)
    when: When
    steps: tuple[Step, ...] = Field(min_length=1)
    origin: str = "shipped"

    def expand(self, values: Mapping[str, Any], seen: Observation, stations: Sequence[Stack] = ()) -> tuple[Action, ...]:
        """The actions for these parameters as things are; steps whose conditions fail, or that lack a value, are left out."""
        return tuple(action for step in self.steps for action in _expanded(step, values, seen, stations))


def _expanded(step: Step, values: Mapping[str, Any], seen: Observation, stations: Sequence[Stack]) -> Iterator[Action]:
    for each, count in [(stack.item, stack.count) for stack in stations] if step.each else [(None, 1)]:
        here = {**values, "each": each}
        arguments = {key: value for key, entry in step.arguments.items() if (value := _value(entry, here)) is not None}
        required = {key for key, info in VOCABULARY[step.name].model_fields.items() if info.is_required()}
        if required <= set(arguments) and _allowed(step, here, seen):
            times = max(0, count - _standing(seen, each)) if each and step.name == "place" else 1
            yield from [ACTION.validate_python({"name": step.name, **arguments})] * times


def _example(entry: Any) -> Any:
    """A value that a placeholder might have; anything else is itself."""
    return (1 if entry[1:] in _NUMBERS else "stone") if isinstance(entry, str) and entry.startswith("$") else entry


#: Every placeholder and what it stands for.
PARAMETERS = {
    "item": "the item of the sub-goal",
    "count": "how many more are wanted, at most what an inventory holds",
    "batches": "how many performances that takes, at most as many",
    "target": "the block that is mined, the mob that is fought, the plant",
    "sought": "what must be in sight first",
    "use": "the item that is applied",
    "on": "what it is applied on",
    "tool": "the most basic tool in the inventory that does",
    "station": "the first station",
    "each": "in a step with `each: stations`: one station after the other",
    "material": "the first material",
    "y": "the height where it is most common",
    "biome": "the first biome where it is found, none when one is there or it is found anywhere",
    "delay": "ticks until what was planted is ripe, at most 12,000",
    "nightfall": "ticks until night, none when it is night",
    "daybreak": "ticks until morning, none by day",
    "shelter": "a height four blocks below",
    "lost": "something of one's own that lies in sight",
    "lost_count": "how many of it lie there",
    "attacker": "the nearest hostile mob",
    "weapon": "the tool in the inventory that is a sword or an axe",
    "fuel": "what is burnt, enough of it in the inventory",
    "food": "something to eat in the inventory",
}
_NUMBERS = frozenset({"count", "batches", "y", "delay", "nightfall", "daybreak", "shelter", "lost_count"})  # the others are names


def parameters(task: SubGoal | None, seen: Observation) -> dict[str, Any]:
    """The value of every parameter; None where there is none."""
    values: dict[str, Any] = dict.fromkeys(PARAMETERS)
    time = seen.tick % DAY
    values["nightfall"] = NIGHTFALL - time if 0 < NIGHTFALL - time <= _ROW else (NIGHTFALL - time) // 2 if time < NIGHTFALL else None
    values["daybreak"] = min(_ROW, DAY - time) if not seen.day else None
    values["shelter"] = max(_BEDROCK, seen.y - 4)
    hostile = [thing for thing in seen.nearby if thing.kind == "hostile"]
    values["attacker"] = min(hostile, key=lambda thing: thing.distance).name if hostile else None
    values["weapon"] = _weapon(seen)
    if task is None:
        return values
    way = task.way
    tools = [name for tool in way.tools for name in tool.any_of if name in seen.inventory and name != way.use]
    return values | {
        "item": task.item,
        "count": min(task.count, _MOST),
        "batches": min(task.batches, _MOST),
        "target": way.target,
        "sought": way.sought,
        "use": way.use,
        "on": way.on,
        "tool": tools[0] if tools else None,
        "station": way.stations[0].item if way.stations else None,
        "material": way.materials[0].item if way.materials else None,
        "y": way.place.y,
        "biome": next(iter(way.place.biomes), None) if seen.biome not in way.place.biomes else None,
        "delay": min(way.delay, _ROW) or None,
    }


def _weapon(seen: Observation) -> str | None:
    """The best sword, else axe, by the uses a better material lasts; the agent knows no damage tables."""
    for ending in ("_sword", "_axe", "_pickaxe"):
        found = [name for name in seen.inventory if name.endswith(ending)]
        if found:
            return max(found, key=lambda name: (seen.wear.get(name, 0), name))
    return None


class Library:
    """All templates known, later ones (the user's) before earlier ones (shipped) where both fit equally well."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self.skills = tuple(skills)

    @classmethod
    def open(cls, folders: Iterable[tuple[str, Path]]) -> Library:
        """Load every ``*.yaml`` of the folders, each given with the name of its origin; raises :class:`BadFile`."""
        folders = tuple(folders)
        if missing := [folder for _, folder in folders if not folder.is_dir()]:
            raise BadFile(missing[0], "", "is no folder; skills are looked for in a folder of YAML files")
        return cls([load(path, origin) for origin, folder in folders for path in sorted(folder.glob("*.yaml"))])

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


def load(path: Path, origin: str = "shipped") -> Skill:
    """One template; raises :class:`BadFile` with the line or the entry and what is wrong there."""
    data = _yaml(path)
    try:
        return Skill.model_validate({**data, "origin": origin} if isinstance(data, dict) else data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "top"
        raise BadFile(path, where, f"{first['msg'].removeprefix('Value error, ')}; see docs/skills.md") from error


def _yaml(path: Path) -> Any:
    """The data in a YAML file: plain values only, nothing that names a Python object."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadFile(path, "", f"is larger than {_LARGEST} bytes; a skill is one short template, see docs/skills.md")
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFile(path, f"line {line}", f"not valid YAML ({error.problem}); see docs/skills.md") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadFile(path, "", f"cannot be read ({error}); a skill is a UTF-8 YAML file") from error
    except (ValueError, RecursionError) as error:  # a date that is none, a number or a nesting beyond all bounds
        raise BadFile(path, "", f"not valid YAML ({str(error)[:100]}); see docs/skills.md") from error


def expand(library: Library, task: SubGoal, seen: Observation, extras: Mapping[str, Any] | None = None) -> Plan | None:
    """The plan of the best template, or None when no template fits. ``extras`` are parameters that only the mind can know."""
    skill = library.choose(task)
    if skill is None:
        return None
    return Plan(actions=skill.expand({**parameters(task, seen), **(extras or {})}, seen, task.way.stations), origin=f"skill:{skill.name}")


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
        "station": bool(way.stations),
        "made": way.kind is Kind.MINE and way.use is not None,
    }


def _value(entry: Any, values: Mapping[str, Any]) -> Any:
    return values.get(entry[1:]) if isinstance(entry, str) and entry.startswith("$") else entry


def _allowed(step: Step, values: Mapping[str, Any], seen: Observation) -> bool:
    return all(_holds(condition, values, seen) for condition in step.only) and not any(
        _holds(condition, values, seen) for condition in step.unless
    )


def _holds(condition: Condition, values: Mapping[str, Any], seen: Observation) -> bool:
    return all(_TESTS[key](_value(entry, values), seen) for key, entry in condition.model_dump(exclude_none=True).items())


def _standing(seen: Observation, name: str) -> int:
    return sum(thing.count for thing in seen.nearby if thing.name == name and thing.kind == "station")


_TESTS: dict[str, Any] = {
    "sees": lambda name, seen: name is not None and seen.near(name, math.inf),
    "reaches": lambda name, seen: name is not None and seen.near(name),
    "holds": lambda name, seen: name in seen.inventory,
    "has": lambda value, _: value is not None,
    "underground": lambda wanted, seen: seen.underground == wanted,
    "day": lambda wanted, seen: seen.day == wanted,
    "below": lambda y, seen: y is not None and seen.y < int(y) - 8,
    "level": lambda y, seen: y is None or abs(seen.y - int(y)) <= 8,
}
