"""Placeholders of templates: what there are, and the value each has for a sub-goal as things are."""

from __future__ import annotations

from typing import Any

from gitm.types import LONGEST_WAIT, Observation, SubGoal

DAY, NIGHTFALL = 24_000, 13_000
_MOST = 2304  # the largest count of one action: 36 slots of 64
_BEDROCK = -64  # the lowest height one can dig to

#: Every placeholder and what it stands for.
PARAMETERS = {
    "item": "the item of the sub-goal",
    "count": "how many more are wanted, at most what an inventory holds",
    "batches": "how many performances that takes, at most as many",
    "target": "the block that is mined, the mob that is fought, the plant",
    "sought": "what must be in sight first",
    "use": "the item that is applied",
    "on": "what it is applied on",
    "soil": "what is made ground for planting, or first turned into what the item is applied on; none when there is such a thing",
    "tiller": "the most basic item in the inventory that does that",
    "tool": "the most basic tool in the inventory that does",
    "station": "the first station",
    "each": "in a step with `each: stations`: one station after the other",
    "material": "the first material",
    "y": "the height where it is most common; who looks for what lies at any height below the ground goes 20 blocks down",
    "biome": "the first biome where it is found, none when one is there or it is found anywhere",
    "delay": "ticks until what was planted is ripe, at most 12,000; in a step with `each: waits`: one stretch of the wait after the other",
    "nightfall": "ticks until night, none when it is night",
    "daybreak": "ticks until morning, none by day",
    "shelter": "a height four blocks below",
    "lost": "something of one's own, or what is wanted, that lies in sight",
    "lost_count": "how many of it lie there",
    "attacker": "the nearest hostile mob",
    "weapon": "the tool in the inventory that is a sword or an axe",
    "fuel": "what is burnt, enough of it in the inventory",
    "food": "something to eat in the inventory",
    "refuge": "the nearest harmless thing in sight that is more than 16 blocks away",
    "armor": "a piece of armour in the inventory that is not worn, nor another for its part of the body",
}
_NUMBERS = frozenset({"count", "batches", "y", "delay", "nightfall", "daybreak", "shelter", "lost_count"})  # the others are names


def parameters(task: SubGoal | None, seen: Observation) -> dict[str, Any]:
    """The value of every parameter; None where there is none."""
    values: dict[str, Any] = dict.fromkeys(PARAMETERS)
    time = seen.tick % DAY
    values["nightfall"] = (
        NIGHTFALL - time if 0 < NIGHTFALL - time <= LONGEST_WAIT else (NIGHTFALL - time) // 2 if time < NIGHTFALL else None
    )
    values["daybreak"] = min(LONGEST_WAIT, DAY - time) if not seen.day else None
    values["shelter"] = max(_BEDROCK, seen.y - 4)
    hostile = [thing for thing in seen.nearby if thing.kind == "hostile"]
    values["attacker"] = min(hostile, key=lambda thing: thing.distance).name if hostile else None
    values["weapon"] = _weapon(seen)
    if task is None:
        return values
    way = task.way
    held = [[name for name in tool.any_of if name in seen.inventory and name != way.use] for tool in way.tools]
    tillers = [name for name in way.tillers if name in seen.inventory]
    tools = [name for names in held for name in names if name not in way.tillers]
    return values | {
        "item": task.item,
        "count": min(task.count, _MOST),
        "batches": min(task.batches, _MOST),
        "target": way.target,
        "sought": way.sought,
        "use": way.use,
        "on": way.on,
        "soil": way.soil,
        "tiller": tillers[0] if tillers else None,
        "tool": tools[0] if tools else None,
        "station": way.stations[0].item if way.stations else None,
        "material": way.materials[0].item if way.materials else None,
        "y": way.place.level(seen.y, underground=seen.underground),
        "biome": next(iter(way.place.biomes), None) if seen.biome not in way.place.biomes else None,
        "delay": min(way.delay, LONGEST_WAIT) or None,
    }


def _weapon(seen: Observation) -> str | None:
    """The best sword, else axe, by the uses a better material lasts; the agent knows no damage tables."""
    for ending in ("_sword", "_axe", "_pickaxe"):
        found = [name for name in seen.inventory if name.endswith(ending)]
        if found:
            return max(found, key=lambda name: (seen.wear.get(name, 0), name))
    return None


def example(entry: Any) -> Any:
    """A value that a placeholder might have; anything else is itself."""
    return (1 if entry[1:] in _NUMBERS else "stone") if placeholder(entry) else entry


def placeholder(entry: Any) -> bool:
    """Whether an entry of a template stands for a parameter."""
    return isinstance(entry, str) and entry.startswith("$")
