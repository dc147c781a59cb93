"""Loot tables as drops: how often at least one of an item falls, and how many then; the mean is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gitm.facts import DropFact
from gitm.importing.names import DEEPEST, Broken, Names, entries, mapping, number, plain
from gitm.importing.odds import ALWAYS, NEVER, Judge, Odds, oldest
from gitm.importing.recipes import variant

RAREST = 0.00005  # what falls more rarely than this is rounded to never
MOST_ROLLS = 1_000
MOST = 2_000  # drops of a table, nested ones included; the longest has a hundredth of it


@dataclass(frozen=True)
class Span:
    """A whole number between two bounds, evenly."""

    low: int
    high: int

    @property
    def mean(self) -> float:
        """Its mean."""
        return (self.low + self.high) / 2

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)


@dataclass(frozen=True)
class Drop:
    """So many of an item, with these odds."""

    item: str
    count: Span
    odds: Odds


def span(value: Any) -> Span:
    """A number provider: a number, ``{"min", "max"}``, constant, uniform, or binomial (as an even one of the same mean)."""
    if isinstance(value, dict):
        if "n" in value:
            return Span(0, max(1, round(2 * number(value["n"]) * number(value.get("p", 1)))))
        if "min" in value or "max" in value:
            low, high = span(value.get("min", 0)), span(value.get("max", 0))
            return Span(low.low, max(low.low, high.high))
        value = value.get("value")
    return Span(int(number(value)), int(number(value)))


class Tables:
    """The loot tables of a jar."""

    def __init__(self, tables: Mapping[str, Any], names: Names) -> None:
        self.tables, self.names = tables, names

    def drops(self, name: str) -> tuple[DropFact, ...]:
        """What a table gives, in its own order; raises :class:`Broken` when it is not what a table is."""
        return tuple(fact for drop in self._table(self.tables[name], 0) if (fact := _fact(drop)) is not None)

    def _table(self, value: Any, depth: int) -> list[Drop]:
        if depth > DEEPEST:
            raise Broken("the tables lead to one another without end")
        table = mapping(value)
        judge = Judge(self.names, oldest(value))
        found = [drop for pool in entries(table.get("pools", [])) for drop in self._pool(mapping(pool), judge, depth)]
        if len(found) > MOST:
            raise Broken(f"it gives more than {MOST:,} different things")
        return [self._changed(drop, table.get("functions"), judge) for drop in found]

    def _pool(self, pool: Mapping[str, Any], judge: Judge, depth: int) -> Iterator[Drop]:
        odds = judge.all(pool.get("conditions"))
        if (rolls := span(pool.get("rolls", 1))).high > MOST_ROLLS:
            raise Broken(f"a pool is rolled {rolls.high:,} times, and the game's at most {MOST_ROLLS}")
        chosen = [(share, self._entry(entry, judge, depth)) for share, entry in _weighted(pool, judge)]
        for share, drops in chosen if odds.chance and rolls.high > 0 else ():
            for drop in drops:
                changed = self._changed(drop, pool.get("functions"), judge)
                needs = changed.odds.needs
                yield _with(odds, _rolled(replace(changed, odds=Odds(changed.odds.chance * share, needs)), rolls))

    def _entry(self, entry: Mapping[str, Any], judge: Judge, depth: int) -> list[Drop]:
        odds, kind = judge.all(entry.get("conditions")), plain(entry.get("type"))
        if not odds.chance:
            return []
        found = [_with(odds, drop) for drop in self._inside(kind, entry, judge, depth)]
        return [self._changed(drop, entry.get("functions"), judge) for drop in found]

    def _inside(self, kind: str, entry: Mapping[str, Any], judge: Judge, depth: int) -> list[Drop]:
        if kind == "item":
            return [Drop(self.names.item(entry.get("name")), Span(1, 1), ALWAYS)]
        if kind == "tag":
            members = self.names.tag(str(entry.get("name")))
            share = 1 / len(members) if entry.get("expand") and members else 1.0
            return [Drop(name, Span(1, 1), Odds(share)) for name in members]
        if kind == "loot_table":
            inner = entry.get("value", entry.get("name"))
            return self._table(inner if isinstance(inner, dict) else self._named(inner), depth + 1)
        if kind in ("group", "sequence"):
            return [drop for child in entries(entry.get("children")) for drop in self._entry(mapping(child), judge, depth)]
        if kind == "alternatives":
            return self._first(entries(entry.get("children")), judge, depth)
        return []  # empty; dynamic: what is in a shulker box

    def _first(self, children: list[Any], judge: Judge, depth: int) -> list[Drop]:
        """The first child whose conditions hold: a later one has what the earlier ones leave over."""
        found, left = [], ALWAYS
        for child in map(mapping, children):
            found += [_with(left, drop) for drop in self._entry(child, judge, depth)]
            odds = judge.all(child.get("conditions"))
            left &= odds.otherwise() if odds.chance else ALWAYS
            if not left.chance:
                break
        return [drop for drop in found if drop.odds.chance]

    def _named(self, name: Any) -> Any:
        key = name.removeprefix("minecraft:") if isinstance(name, str) else ""
        if key not in self.tables:
            raise Broken(f"the loot table {str(name)[:60]!r} is not in the jar")
        return self.tables[key]

    def _changed(self, drop: Drop, functions: Any, judge: Judge) -> Drop:
        for function in map(mapping, entries(functions or [])):
            odds = judge.for_functions().all(function.get("conditions"))
            if odds.chance == 1 and odds.needs == "any":
                drop = self._function(drop, plain(function.get("function")), function)
        return drop

    def _function(self, drop: Drop, kind: str, function: Mapping[str, Any]) -> Drop:
        """What a function makes of a drop; bonuses of Looting and Fortune are none without the enchantment."""
        if kind == "set_count":
            return _counted(drop, span(function.get("count")), add=function.get("add") is True)
        if kind == "apply_bonus" and str(function.get("formula")).endswith("binomial_with_bonus_count"):
            given = mapping(function.get("parameters", {}))
            extra = number(given.get("extra", 0)) * number(given.get("probability", 0))
            return _counted(drop, Span(0, round(2 * extra)), add=True)
        if kind == "limit_count":
            limit = mapping(function["limit"]) if isinstance(function.get("limit"), dict) else {"max": function.get("limit")}
            low, high = (int(number(limit[key])) if limit.get(key) is not None else None for key in ("min", "max"))
            bounds = [max(low or 0, min(n, high if high is not None else n)) for n in (drop.count.low, drop.count.high)]
            return replace(drop, count=Span(*bounds))
        return replace(drop, item=self._turned(drop.item, kind, function))

    def _turned(self, item: str, kind: str, function: Mapping[str, Any]) -> str:
        if kind in ("enchant_randomly", "enchant_with_levels"):
            return "enchanted_book" if item == "book" else item
        if kind == "exploration_map":
            return "filled_map" if item == "map" else item
        if kind == "set_potion":
            return variant(self.names, item, {"minecraft:potion_contents": {"potion": function.get("id")}})
        return variant(self.names, item, mapping(function.get("components", {}))) if kind == "set_components" else item


def _weighted(pool: Mapping[str, Any], judge: Judge) -> list[tuple[float, Mapping[str, Any]]]:
    """The entries that may be chosen, each with its share of the weight."""
    found = [(max(0.0, number(entry.get("weight", 1))), entry) for entry in map(mapping, entries(pool.get("entries", [])))]
    found = [(weight, entry) for weight, entry in found if judge.all(entry.get("conditions")).chance]
    total = sum(weight for weight, _ in found)
    return [(weight / total, entry) for weight, entry in found if total]


def _with(odds: Odds, drop: Drop) -> Drop:
    return replace(drop, odds=odds & drop.odds)


def _counted(drop: Drop, count: Span, *, add: bool) -> Drop:
    count = drop.count + count if add else count
    if count.low >= 0:
        return replace(drop, count=count)
    share = max(0, count.high) / (count.high - count.low + 1)  # the game makes nothing of a negative number
    return replace(drop, count=Span(1, max(1, count.high)), odds=Odds(drop.odds.chance * share, drop.odds.needs))


def _rolled(drop: Drop, rolls: Span) -> Drop:
    """Several rolls of a pool as one drop: the exact chance of any, and as many then as keeps the mean."""
    chance = drop.odds.chance
    if chance >= 1:
        return replace(drop, count=Span(drop.count.low * max(0, rolls.low), drop.count.high * rolls.high))
    numbers = range(max(0, rolls.low), rolls.high + 1)
    some = 1 - sum((1 - chance) ** number for number in numbers) / len(numbers)
    if some <= 0:
        return replace(drop, odds=NEVER)
    mean = chance * (sum(numbers) / len(numbers)) * drop.count.mean / some
    high = max(drop.count.low, round(2 * mean - drop.count.low))
    return replace(drop, count=Span(drop.count.low, high), odds=Odds(some, drop.odds.needs))


def _fact(drop: Drop) -> DropFact | None:
    """The drop as the rule book has it; None for what as good as never falls."""
    if drop.odds.chance < RAREST or drop.count.high < 1:
        return None
    chance = min(1.0, round(drop.odds.chance, 4))
    return DropFact(item=drop.item, low=drop.count.low, high=drop.count.high, chance=max(chance, 0.0001), needs=drop.odds.needs)
