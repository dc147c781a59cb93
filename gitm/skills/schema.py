"""The shape of a template: when it fits, its steps, their conditions; and how it expands to actions as things are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from gitm.actions import ACTION, VOCABULARY, Action
from gitm.skills.parameters import PARAMETERS, example, placeholder
from gitm.types import Frozen, Kind, Observation, Stack

#: What cannot wait for the sub-goal at hand.
Reflex = Literal["attacked", "hungry", "hurt", "benighted", "bereft", "unarmored", "outnumbered", "waiting"]


class When(Frozen):
    """Which sub-goals a template is for; the more fields are given, the more specific it is and the sooner it is chosen."""

    kind: Kind | None = None
    item: str | None = None
    target: str | None = None
    use: str | None = None
    on: str | None = None
    underground: bool | None = None
    night: bool | None = None
    station: bool | None = None  # whether something must stand near where one is; not: where what is sought is led to
    made: bool | None = None  # whether the block is made first, by applying an item; or the mob, by building it
    prepared: bool | None = None  # whether what an item is applied on is made first, by applying another one
    carried: bool | None = None  # whether what an item is applied on is brought along
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
    lacks: str | None = None  # whether it has none
    underground: bool | None = None
    day: bool | None = None
    below: int | str | None = None  # deeper than this height by more than a few blocks
    level: int | str | None = None  # within a few blocks of this height

    @property
    def given(self) -> list[Any]:
        """The values of the fields that are set."""
        return list(self.model_dump(exclude_none=True).values())


class Step(Frozen):
    """One action with placeholders, perhaps conditional, perhaps once for each station or wait."""

    name: str
    arguments: dict[str, Any]
    only: tuple[Condition, ...] = Field((), alias="if")  # all must hold
    unless: tuple[Condition, ...] = ()  # none may hold
    each: Literal["stations", "waits"] | None = None

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
            if placeholder(word) and word[1:] not in PARAMETERS:
                raise ValueError(f"no parameter '{word}'; there are {', '.join('$' + key for key in PARAMETERS)}")
        heights = [height for condition in conditions for height in (condition.below, condition.level) if height is not None]
        if words := [height for height in heights if not isinstance(example(height), int)]:
            raise ValueError(f"'{words[0]}' is no height; give a number or a parameter that is one, such as $y")
        return self

    @model_validator(mode="after")
    def _valid_action(self) -> Step:
        """Whatever the parameters will be, the step is to become a valid action: held against examples of them."""
        try:
            VOCABULARY[self.name].model_validate({key: example(entry) for key, entry in self.arguments.items()})
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

    def expand(
        self, values: Mapping[str, Any], seen: Observation, stations: Sequence[Stack] = (), waits: Sequence[int] = ()
    ) -> tuple[Action, ...]:
        """The actions for these parameters as things are; steps whose conditions fail, or that lack a value, are left out."""
        several: dict[str, list[Any]] = {
            "stations": [(stack.item, stack.count) for stack in stations],
            "waits": [(ticks, 1) for ticks in waits],
        }
        return tuple(action for step in self.steps for action in _expanded(step, values, seen, several))


def _expanded(step: Step, values: Mapping[str, Any], seen: Observation, several: Mapping[str, list[Any]]) -> Iterator[Action]:
    for each, count in several[step.each] if step.each else [(None, 1)]:
        here = {**values, "each": each} | ({"delay": each} if step.each == "waits" else {})
        arguments = {key: value for key, entry in step.arguments.items() if (value := _value(entry, here)) is not None}
        required = {key for key, info in VOCABULARY[step.name].model_fields.items() if info.is_required()}
        if required <= set(arguments) and _allowed(step, here, seen):
            times = max(0, count - _standing(seen, each)) if each and step.name == "place" else 1
            yield from [ACTION.validate_python({"name": step.name, **arguments})] * times


def _value(entry: Any, values: Mapping[str, Any]) -> Any:
    return values.get(entry[1:]) if placeholder(entry) else entry


def _allowed(step: Step, values: Mapping[str, Any], seen: Observation) -> bool:
    return all(_holds(condition, values, seen) for condition in step.only) and not any(
        _holds(condition, values, seen) for condition in step.unless
    )


def _holds(condition: Condition, values: Mapping[str, Any], seen: Observation) -> bool:
    return all(_TESTS[key](_value(entry, values), seen) for key, entry in condition.model_dump(exclude_none=True).items())


def _standing(seen: Observation, name: str) -> int:
    return sum(thing.count for thing in seen.nearby if thing.name == name and thing.kind == "station")


_TESTS: dict[str, Any] = {
    "sees": lambda name, seen: name is not None and (name == seen.under or seen.near(name, math.inf)),
    "reaches": lambda name, seen: name is not None and (name == seen.under or seen.near(name)),
    "holds": lambda name, seen: name in seen.inventory,
    "has": lambda value, _: value is not None,
    "lacks": lambda value, _: value is None,
    "underground": lambda wanted, seen: seen.underground == wanted,
    "day": lambda wanted, seen: seen.day == wanted,
    "below": lambda y, seen: y is not None and seen.y < int(y) - 8,
    "level": lambda y, seen: y is None or abs(seen.y - int(y)) <= 8,
}
