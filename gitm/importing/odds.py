"""Conditions of loot tables: how likely each holds for a player who plays on, and which tool it asks for.

What depends on the block's or the mob's state is taken as a player finds it: ripe plants, single slabs, mobs that do not burn.
Conditions that no player brings about as a matter of course (a killer that is a skeleton, a biome) do not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from gitm.importing.names import Broken, Names, entries, mapping, number, plain

Needs = Literal["any", "shears", "silk_touch", "no_silk_touch"]
_OTHERWISE: dict[Needs, Needs] = {"silk_touch": "no_silk_touch", "no_silk_touch": "silk_touch", "shears": "any", "any": "any"}
_ALWAYS = frozenset({"survives_explosion", "killed_by_player", "weather_check", "time_check"})
_CHANCE = ("chance", "unenchanted_chance")  # without luck, Looting or Fortune


@dataclass(frozen=True)
class Odds:
    """How likely something happens, and the tool without which it never does."""

    chance: float = 1.0
    needs: Needs = "any"

    def __and__(self, other: Odds) -> Odds:
        if self.needs == "any" or other.needs in ("any", self.needs):
            return Odds(self.chance * other.chance, other.needs if self.needs == "any" else self.needs)
        if {self.needs, other.needs} == {"silk_touch", "no_silk_touch"}:
            return NEVER
        return Odds(self.chance * other.chance, "shears" if "shears" in (self.needs, other.needs) else "silk_touch")

    def otherwise(self) -> Odds:
        """What is left when this does not happen. Shears do not keep other drops from falling (see docs/facts.md)."""
        if self.needs != "any":
            return Odds(1.0, _OTHERWISE[self.needs])
        return Odds(1.0 - self.chance)


NEVER = Odds(0.0)
ALWAYS = Odds()


@dataclass(frozen=True)
class Judge:
    """Judges conditions. ``age`` is the highest age of a block that its table speaks of; ``of_function`` when a function asks."""

    names: Names
    age: int | None = None
    of_function: bool = False

    def for_functions(self) -> Judge:
        """The same judge, asked by a function: a state that only changes the amount (a double slab) does not hold."""
        return replace(self, of_function=True)

    def all(self, conditions: Any) -> Odds:
        """That all of them hold."""
        odds = ALWAYS
        for condition in entries(conditions or []):
            odds &= self.one(mapping(condition))
        return odds

    def one(self, condition: Mapping[str, Any]) -> Odds:
        """That one condition holds; unknown ones do not."""
        kind = plain(condition.get("condition"))
        if kind in _ALWAYS:
            return ALWAYS
        if kind.startswith("random_chance"):
            return Odds(_share(next((condition[key] for key in _CHANCE if key in condition), None)))
        if kind == "table_bonus":
            return Odds(_share(entries(condition.get("chances"))[0]))
        if kind == "match_tool":
            return self._tool(mapping(condition.get("predicate", {})))
        if kind == "inverted":
            return self.one(mapping(condition.get("term"))).otherwise()
        if kind in ("alternative", "any_of"):
            return _any(self.one(mapping(term)) for term in entries(condition.get("terms")))
        if kind == "all_of":
            return self.all(condition.get("terms"))
        return ALWAYS if self._state(kind, condition) else NEVER

    def _tool(self, predicate: Mapping[str, Any]) -> Odds:
        """Shears, or the enchantment Silk Touch in the form of before or after 1.20.5; no other tool is told apart."""
        items = predicate.get("items", predicate.get("item", []))
        if any(name == "shears" for entry in entries(items) for name in self._tools(entry)):
            return Odds(needs="shears")
        inner = predicate.get("predicates")
        enchantments = predicate.get("enchantments") or (inner.get("minecraft:enchantments") if isinstance(inner, dict) else None)
        for entry in entries(enchantments or []):
            wanted = mapping(entry).get("enchantments", mapping(entry).get("enchantment"))
            if "minecraft:silk_touch" in entries(wanted):
                return Odds(needs="silk_touch")
        return NEVER

    def _tools(self, entry: Any) -> tuple[str, ...]:
        try:
            return self.names.choice(entry)
        except Broken:
            return ()

    def _state(self, kind: str, condition: Mapping[str, Any]) -> bool:
        if kind == "block_state_property":
            age = mapping(condition.get("properties", {})).get("age")
            return str(age) == str(self.age) if age is not None else not self.of_function
        if kind == "entity_properties" and condition.get("entity") == "this":
            return "is_on_fire" not in str(condition) and "is_baby" not in str(condition)
        return False


def oldest(value: Any) -> int | None:
    """The highest ``age`` of a block that a loot table names, at which a plant is ripe."""
    if isinstance(value, list):
        ages = [oldest(entry) for entry in value]
    elif isinstance(value, dict):
        own = value.get("properties")
        age = own.get("age") if isinstance(own, dict) else None
        ages = [int(age) if isinstance(age, int | str) and str(age).isdecimal() else None, *map(oldest, value.values())]
    else:
        return None
    return max((age for age in ages if age is not None), default=None)


def _any(odds: Iterable[Odds]) -> Odds:
    """That one of them holds. Of several tools the first is told, since a drop names one."""
    fails, needs = 1.0, []
    for one in odds:
        if one.chance and one.needs != "any":
            needs.append(one.needs)
        else:
            fails *= 1.0 - one.chance
    if fails < 1 or not needs:
        return Odds(1.0 - fails)
    return Odds(needs="shears" if "shears" in needs else needs[0])


def _share(value: Any) -> float:
    """A chance; from 1.21 a number may be an object with the value in it."""
    if isinstance(value, dict):
        value = value.get("value", value.get("base", value.get("amount")))
    return min(1.0, max(0.0, number(value)))
