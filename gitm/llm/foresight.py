"""A whole goal thought through in one's head: ways recalled, put in order, and acted out on an imagined state, as one long plan.

What a language model is left to do when nobody decomposes the goal for it. The ways are whatever it recalls, right or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gitm.answers import PlanAnswer
from gitm.errors import NoWay
from gitm.graph import requirements
from gitm.llm.reader import Reader
from gitm.stock import Stock
from gitm.tree import decompose
from gitm.types import Kind, Message, Obtain, Rarity, SubGoal, Way

Recall = Callable[[str], Sequence[Way]]

_MOST = 400  # items thought of
_CARRIED = frozenset({Kind.CRAFT, Kind.SMELT})


@dataclass
class Imagined:
    """The state as one believes it will be."""

    held: dict[str, int]
    sights: dict[str, float] = field(default_factory=dict)  # name -> distance
    height: int = 64
    underground: bool = False
    day: bool = True

    @classmethod
    def of(cls, state: str) -> Imagined:
        """Out of the state section of a prompt."""

        def line(key: str) -> str:
            found = re.search(rf"^{key}: (.*)$", state, re.MULTILINE)
            return found[1] if found else ""

        return cls(
            held={item: int(count) for count, item in re.findall(r"(\d+) ([\w\[\]]+)", line("inventory"))},
            sights={name: float(far) for name, far in re.findall(r"([\w\[\]]+) \([^)]*\) at ([\d.]+)", line("in sight"))},
            height=int(line("height") or 64),
            underground=line("place") == "underground",
            day=line("time") != "night",
        )

    def text(self) -> str:
        """As the state section of a prompt."""
        return "\n".join(
            (
                "# State",
                f"inventory: {', '.join(f'{count} {item}' for item, count in self.held.items() if count > 0) or 'nothing'}",
                f"place: {'underground' if self.underground else 'surface'}",
                f"height: {self.height}",
                f"time: {'day' if self.day else 'night'}",
                f"in sight: {'; '.join(f'{name} (block) at {far:.1f}' for name, far in self.sights.items()) or 'nothing'}",
            )
        )


def think_through(item: str, count: int, state: str, recall: Recall) -> list[dict[str, Any]]:
    """Actions from the state to the item, as far as what is recalled leads there; the goal itself dug for when it leads nowhere."""
    now = Imagined.of(state)
    stock = Stock(held=now.held, sights=now.sights, stations=frozenset(now.sights), y=now.height)
    try:
        tree = decompose(Obtain(item=item, count=now.held.get(item, 0) + count), _all_ways(item, recall), stock)
    except NoWay:
        return [{"name": "explore", "object": item}, {"name": "approach", "object": item}, {"name": "mine", "object": item, "count": count}]
    return [action for task in tree.subgoals for action in _act_out(task, now)]


def _all_ways(item: str, recall: Recall) -> dict[str, tuple[Way, ...]]:
    """What is recalled of the item and of everything it may take; what nothing is recalled of and nothing else can replace, lies about."""
    ways: dict[str, tuple[Way, ...]] = {}
    todo = [(item, True)]
    for name, needed in todo:
        if name in ways or len(ways) >= _MOST:
            continue
        recalled = tuple(recall(name))
        if not recalled and not needed:
            continue
        ways[name] = recalled or (Way(item=name, kind=Kind.MINE, target=name, rarity=Rarity.VERY_RARE),)
        todo += [(other, len(need.names) == 1) for way in ways[name] for need in requirements(way) for other in need.names]
    return ways


def _act_out(task: SubGoal, now: Imagined) -> Iterator[dict[str, Any]]:
    """The actions of one sub-goal, and the imagined state after it."""
    way = task.way
    if way.kind not in _CARRIED and not way.stations:  # off to somewhere else: what stands here is taken along
        for station in [name for name in now.sights if name in now.held and now.sights[name] <= 4.5]:
            yield {"name": "mine", "object": station}
            now.held[station] += 1
            del now.sights[station]
    question = f"{now.text()}\n# Sub-goal\ncount: {task.count}\nperformances: {task.batches}\nway: {way.model_dump_json()}\n# Answer"
    actions = Reader().complete([Message(role="user", content=question)], PlanAnswer).value.action_list
    yield from actions
    for action in actions:
        match action["name"]:
            case "place" if action["object"] in now.held:
                now.held[action["object"]] -= 1
                now.sights[action["object"]] = 1.0
            case "dig_down":
                now.height, now.underground = action["y_level"], True
            case "go_up":
                now.height, now.underground = 64, False
            case "explore":
                now.sights = {}
                now.underground = action["strategy"] == "underground"
    for stack in way.materials:
        now.held[stack.item] = now.held.get(stack.item, 0) - stack.count * task.batches
    now.held[task.item] = now.held.get(task.item, 0) + task.batches * way.count
