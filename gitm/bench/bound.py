"""A lower bound of the time a recorded run could have taken, and where its time went.

What was mined must be dug, what was smelted must burn, and who acts here and there must walk between: no plan does the same in less.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from gitm.actions import Mine, Smelt
from gitm.events import Began, Event, Resumed, Stepped
from gitm.facts import BlockFact, RuleBook
from gitm.types import Code, Frozen, Observation

SPRINT = 5.612  # blocks a second (wiki, "Sprinting")
TICK = 0.05  # seconds


class Bound(Frozen):
    """Seconds that a run cannot have done without: digging what ``mine`` brought, smelting, straight lines between actions."""

    dig: float = 0.0
    smelt: float = 0.0
    walk: float = 0.0

    @property
    def seconds(self) -> float:
        """The whole bound."""
        return self.dig + self.smelt + self.walk


def lower_bound(events: Iterable[Event], book: RuleBook) -> Bound:
    """The bound of the recorded actions under the rules of a book.

    Tunnels and stairs count as walking only, for they may have led through caves; so does whatever else was done.
    """
    dig = smelt = walk = 0.0
    seen: Observation | None = None
    for event in events:
        if isinstance(event, Began | Resumed):
            seen = event.observation
        if not isinstance(event, Stepped) or seen is None:
            continue
        after, change = event.feedback.observation, event.feedback.change
        if isinstance(event.action, Mine):
            dig += TICK * _dig_ticks(event.action, change, seen.inventory, book)
        elif isinstance(event.action, Smelt):
            smelt += TICK * _smelt_ticks(event.action, change, book)
        if event.feedback.code is not Code.DIED:  # who wakes elsewhere did not walk there
            walk += math.hypot(after.x - seen.x, after.z - seen.z) / SPRINT
        seen = after
    return Bound(dig=round(dig, 1), smelt=round(smelt, 1), walk=round(walk, 1))


def seconds_by_action(events: Iterable[Event]) -> dict[str, float]:
    """Game time that went into each kind of action, most first."""
    spent: Counter[str] = Counter()
    for event in events:
        if isinstance(event, Stepped):
            spent[event.action.name] += event.feedback.ticks
    return {name: round(ticks * TICK, 1) for name, ticks in spent.most_common()}


def _dig_ticks(action: Mine, change: dict[str, int], held: dict[str, int], book: RuleBook) -> float:
    """Ticks of the fewest blocks of the object that drop what was gained, each with the tool named or else the best one held."""
    blocks = [name for name in book.groups.get(action.object, (action.object,)) if name in book.blocks]
    times = {name: min(dig_ticks(book, name, tool) for tool in ([action.tool] if action.tool else [None, *held])) for name in blocks}
    dug: dict[str, float] = {}
    for item, count in change.items():
        costs = {name: math.ceil(count / most) * times[name] for name in blocks if (most := _most(book.blocks[name], item)) and count > 0}
        if costs:
            name = min(costs, key=costs.__getitem__)
            dug[name] = max(dug.get(name, 0.0), costs[name])  # one block may drop several things
    return sum(dug.values())


def _most(block: BlockFact, item: str) -> int:
    return max((drop.high for drop in block.drops if drop.item == item), default=0)


def _smelt_ticks(action: Smelt, change: dict[str, int], book: RuleBook) -> int:
    made = max(0, change.get(action.object, 0))
    return made * min((smelt.ticks for smelt in book.smelts if smelt.item == action.object and smelt.station == action.tool), default=0)


def dig_ticks(book: RuleBook, block: str, tool: str | None) -> float:
    """Ticks to dig a block with what is in the hand (wiki, "Breaking"); infinite when it cannot be broken."""
    fact = book.blocks[block]
    held = book.items[tool].tool if tool and tool in book.items else None
    if fact.hardness is None:
        return math.inf
    right = held is not None and held.kind == fact.tool
    harvests = fact.tier is None or (right and held is not None and held.tier >= fact.tier)
    speed = held.speed if right and held is not None else 1.0
    return max(1, math.ceil(fact.hardness * (30 if harvests else 100) / speed - 1e-9))
