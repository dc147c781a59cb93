"""The short forms in which the sources write drops, stacks, contents, offers and chest loot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

_NAME = r"[a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?"
_RANGE = r"(?P<low>\d+)(?:-(?P<high>\d+))?"
_DROP = re.compile(rf"^(?P<name>{_NAME})(?: {_RANGE})?(?: (?P<chance>[\d.]+)%)?(?: (?P<needs>shears|silk_touch|no_silk_touch))?$")
_CONTENT = re.compile(rf"^(?P<name>{_NAME})(?: {_RANGE})?(?: respawn (?P<respawn>\d+))?$")
_STACK = re.compile(rf"^(?P<name>{_NAME})(?: (?P<count>\d+))?$")
_OFFER = re.compile(rf"^(?P<price>.+) -> (?P<gets>{_NAME}(?: \d+)?)(?: (?P<chance>[\d.]+)%)?$")
_ENTRY = re.compile(rf"^(?P<weight>\d+) (?P<name>{_NAME})(?: {_RANGE})?(?: since (?P<since>[\d.]+))?(?: until (?P<until>[\d.]+))?$")
NOTHING = "nothing"  # the entry of a loot table that gives nothing

Holds = Callable[[str | None, str | None], bool]  # whether this version is in the range
Lacks = Callable[[str], bool]  # whether this version has no such item


def drops(entries: Iterable[str]) -> list[dict[str, Any]]:
    """Short drops such as ``gunpowder 0-2``, ``flint 10%``, ``stone silk_touch`` as drop facts."""
    return [_drop(_match(_DROP, entry, "item [low-high] [chance%] [shears | silk_touch | no_silk_touch]")) for entry in entries]


def stacks(entries: Iterable[str]) -> list[dict[str, Any]]:
    """Short stacks such as ``lapis_lazuli 3``."""
    found = [_match(_STACK, entry, "item [count]") for entry in entries]
    return [{"item": match["name"], "count": int(match["count"] or 1)} for match in found]


def contents(entries: Iterable[str]) -> list[dict[str, Any]]:
    """What a structure holds: ``chest[igloo]``, ``blaze 3-8 respawn 500`` (ticks until a killed one is there again); low may be 0."""
    found = [_match(_CONTENT, entry, "name [low-high] [respawn ticks]") for entry in entries]
    return [{"name": match["name"], **_range(match), "respawn": int(match["respawn"] or 0)} for match in found]


def offer(entry: str) -> dict[str, Any]:
    """``emerald 5, book -> enchanted_book 20%`` as the fields of a trade fact."""
    match = _match(_OFFER, entry, "price [count][, price [count]] -> item [count] [chance%]")
    gets = stacks([match["gets"]])[0]
    return {**gets, "materials": stacks(match["price"].split(", ")), "chance": _share(match["chance"])}


def name_of(entry: str) -> str:
    """The name a short form begins with."""
    return entry.partition(" ")[0]


def loot(pools: Sequence[Mapping[str, Any]], holds: Holds, lacks: Lacks) -> list[dict[str, Any]]:
    """What a loot table comes to, as drop facts: for each item the chance that it is there, and how many then.

    A pool is rolled ``rolls`` times, and each roll picks one entry by weight. An item that several rolls or pools may give counts
    once: its chance is that of at least one.
    """
    never: dict[str, float] = {}
    amounts: dict[str, tuple[int, int]] = {}
    for pool in pools:
        if not holds(pool.get("since"), pool.get("until")):
            continue
        low, high = (int(part) for part in (str(pool.get("rolls", 1)).split("-") * 2)[:2])
        entries = [_match(_ENTRY, text, "weight item [low-high] [since V] [until V]") for text in pool["of"]]
        entries = [
            entry for entry in entries if holds(entry["since"], entry["until"]) and (entry["name"] == NOTHING or not lacks(entry["name"]))
        ]
        total = sum(int(entry["weight"]) for entry in entries)
        weights: Counter[str] = Counter()  # one roll gives one entry, so those of one item add up
        for entry in entries:
            weights[entry["name"]] += int(entry["weight"])
            least, most = _range(entry).values()
            smallest, largest = amounts.get(entry["name"], (least, most))
            amounts[entry["name"]] = min(smallest, least), max(largest, most)
        for name, weight in weights.items():
            share = weight / total * float(pool.get("chance", 100)) / 100
            never[name] = never.get(name, 1.0) * sum((1 - share) ** rolls for rolls in range(low, high + 1)) / (high - low + 1)
    return [
        {"item": name, "low": low, "high": high, "chance": min(1.0, max(0.0001, round(1 - never[name], 4))), "needs": "any"}
        for name, (low, high) in amounts.items()
        if name != NOTHING
    ]


def _drop(match: re.Match[str]) -> dict[str, Any]:
    return {"item": match["name"], **_range(match), "chance": _share(match["chance"]), "needs": match["needs"] or "any"}


def _range(match: re.Match[str]) -> dict[str, int]:
    low = int(match["low"] or 1)
    return {"low": low, "high": int(match["high"] or low)}


def _share(percent: str | None) -> float:
    return round(float(percent or 100) / 100, 6)


def _match(pattern: re.Pattern[str], entry: str, form: str) -> re.Match[str]:
    match = pattern.match(entry)
    if match is None:
        raise SystemExit(f"'{entry}' does not read; write: {form}")
    return match
