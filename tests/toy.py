"""A tiny scripted world and a mind over a handful of sentences: what the tests of the agent's side share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gitm.actions import Action, Craft, Mine
from gitm.agent import Limits, pursue
from gitm.data import shipped
from gitm.decomposer import Decomposer
from gitm.events import Event, Planned, Stepped
from gitm.goals import parse_goal
from gitm.knowledge import Hit, Knowledge
from gitm.limits import Asker
from gitm.llm.reader import Reader
from gitm.memory import Memory
from gitm.mind import Mind
from gitm.planner import Mode, Planner
from gitm.skills import Library
from gitm.types import LLM, Code, Feedback, Kind, Observation, Passage, Seen, SubGoal, Way, WorldInfo

TREE = "tree is common: it is found on the surface in any biome."
#: A wooden world, by item.
SENTENCES = {
    "log": f"Mining tree gives 1 log; it takes bare hands. {TREE}",
    "plank": "Crafting 4 plank requires 1 log as the material and nothing as the tool.",
    "stick": "Crafting 4 stick requires 2 plank as the material and nothing as the tool.",
    "bench": "Crafting 1 bench requires 4 plank as the material and nothing as the tool.",
    "pick": "Crafting 1 pick requires 3 plank and 2 stick as the material and a bench as the tool. One pick lasts 60 uses.",
    "rock": "Mining boulder gives 1 rock; it takes a pick. boulder is uncommon: it is found on the surface in any biome.",
}
#: What the toy world crafts: item -> (count, materials, station).
RECIPES: dict[str, tuple[int, dict[str, int], str | None]] = {
    "plank": (4, {"log": 1}, None),
    "stick": (4, {"plank": 2}, None),
    "bench": (1, {"plank": 4}, None),
    "pick": (1, {"plank": 3, "stick": 2}, "bench"),
}
Said = tuple[Code, str] | tuple[Code, str, dict[str, int]]  # code, message, change or (of a refusal) what is missing
Rules = Callable[["Toy", Action], Said | None]
OK: Said = (Code.OK, "done")


class Toy:
    """A world of a few mutable attributes. Every action takes ``cost`` ticks; what it does is up to ``rules``.

    ``rules(toy, action)`` answers for an action, or None to leave it to the wooden world's own rules.
    """

    def __init__(self, rules: Rules | None = None, *, cost: int = 10, tick: int = 0, slots: int = 36, **seen: Any) -> None:
        self.rules, self.cost, self.start, self.tick, self.slots = rules, cost, tick, tick, slots
        self.seen: dict[str, Any] = {"inventory": {}, "nearby": (), "health": 20.0, "food": 20.0, "day": True, "underground": False} | seen
        self.done: list[Action] = []
        self.info = WorldInfo(name="toy", version="1", rules="toy")

    @property
    def inventory(self) -> dict[str, int]:
        held: dict[str, int] = self.seen["inventory"]
        return held

    def reset(self) -> Observation:
        self.tick = self.start
        return self.observe()

    def observe(self) -> Observation:
        held = {item: count for item, count in self.inventory.items() if count > 0}
        body = {**self.seen, "inventory": held, "free_slots": self.slots - len(held)}
        return Observation(tick=self.tick, x=0, y=64, z=0, biome="plains", **body)

    def step(self, action: Action) -> Feedback:
        self.done.append(action)
        self.tick += self.cost
        before = self.observe().inventory
        code, message, *more = (self.rules(self, action) if self.rules else None) or self._wooden(action)
        details = more[0] if more else {}
        if code in (Code.OK, Code.PARTIAL):
            for item, count in details.items():
                self.inventory[item] = self.inventory.get(item, 0) + count
        after = self.observe()
        names = before.keys() | after.inventory.keys()
        change = {name: diff for name in sorted(names) if (diff := after.inventory.get(name, 0) - before.get(name, 0))}
        missing = details if code not in (Code.OK, Code.PARTIAL) else {}
        return Feedback(ok=code is Code.OK, code=code, message=message, change=change, missing=missing, ticks=self.cost, observation=after)

    def close(self) -> None:
        pass

    def _wooden(self, action: Action) -> Said:
        match action:
            case Mine(object="tree"):
                return Code.OK, "felled", {"log": action.count}
            case Mine(object="boulder"):
                return (Code.OK, "dug", {"rock": action.count}) if self.inventory.get("pick") else (Code.MISSING_TOOL, "no", {"pick": 1})
            case Craft() if action.object in RECIPES:
                return self._craft(action, *RECIPES[action.object])
        if isinstance(action, Mine) and self.observe().near(action.object):  # a station is taken back
            self.seen["nearby"] = tuple(thing for thing in self.seen["nearby"] if thing.name != action.object)
            return Code.OK, "taken back", {action.object: 1}
        if action.name == "place":
            self.inventory[action.object] -= 1
            self.seen["nearby"] = (*self.seen["nearby"], Seen(name=action.object, kind="station", distance=1.0, y=64))
        return OK

    def _craft(self, action: Craft, makes: int, materials: Mapping[str, int], station: str | None) -> Said:
        batches = -(-action.count // makes)
        short = {item: lack for item, count in materials.items() if (lack := batches * count - self.inventory.get(item, 0)) > 0}
        if short:
            return Code.MISSING_MATERIAL, f"you lack {short}", short
        if station and not self.observe().near(station):
            return Code.MISSING_STATION, f"needs a {station}", {station: 1}
        return Code.OK, "crafted", {action.object: batches * makes} | {item: -batches * count for item, count in materials.items()}


class Bare(Knowledge):
    """Guides without an index: what is about an item is found, nothing is similar."""

    def search(self, text: str, k: int = 5) -> tuple[Hit, ...]:
        return ()


def bare(sentences: Mapping[str, str]) -> Bare:
    passages = [Passage(id=f"item:{item}", text=text, items=(item,), source=f"toy.md#{item}") for item, text in sentences.items()]
    knowledge = Bare.open(Path("unused"), passages)
    assert isinstance(knowledge, Bare)
    return knowledge


def assemble(
    knowledge: Knowledge, llm: LLM | None = None, planner: Mode = "auto", *, memory: Memory | None = None, library: Library | None = None
) -> Mind:
    """A mind, with a memory of this process unless one is given."""
    library = library or Library.open([("shipped", shipped("skills"))])
    asker = Asker(llm or Reader())
    memory = memory or Memory(None)
    return Mind(Decomposer(knowledge, memory, asker), Planner(library, knowledge, memory, asker, planner), asker)


def toy_mind(llm: LLM | None = None, planner: Mode = "auto", *, memory: Memory | None = None, **sentences: str) -> Mind:
    """A mind that knows the wooden world, and the sentences given besides or instead."""
    return assemble(bare({**SENTENCES, **sentences}), llm, planner, memory=memory)


def run(goal: str, world: Any, mind: Mind, **limits: Any) -> list[Event]:
    """All events of a run that ends."""
    return list(pursue(parse_goal(goal, mind.names, mind.aliases), world, mind, Limits(**limits)))


def of(events: Iterable[Event], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def actions_of(events: Iterable[Event]) -> list[Action]:
    return [event.action for event in of(events, Stepped)]


def origins(events: Iterable[Event]) -> list[str]:
    return [event.plan.origin for event in of(events, Planned)]


def finish(steps: Iterator[Any]) -> tuple[list[Event], Any]:
    """The events and the return value of one of the agent's generators."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as stop:
            return events, stop.value


def seen(**values: Any) -> Observation:
    """An observation of a calm morning on the plains."""
    calm = {"tick": 1000, "x": 0, "y": 64, "z": 0, "biome": "plains", "underground": False, "day": True, "health": 20, "food": 20}
    return Observation.model_validate({**calm, "inventory": {}, **values})


def sight(name: str, distance: float = 2.0, kind: str = "block", count: int = 1) -> Seen:
    return Seen.model_validate({"name": name, "kind": kind, "distance": distance, "y": 64, "count": count})


def task(item: str = "log", count: int = 1, batches: int | None = None, way: Way | None = None, **fields: Any) -> SubGoal:
    """A sub-goal: mining a tree unless a way is given, or fields of one."""
    way = way or Way(**{"item": item, "kind": Kind.MINE, "target": "tree", **fields})
    return SubGoal(item=way.item, count=count, until=count, batches=batches or -(-count // way.count), way=way)


def prompts(llm: Any, schema: type[Any]) -> Sequence[str]:
    """The user messages that a scripted LLM was sent with this schema."""
    return [messages[-1].content for messages, asked in llm.asked if asked is schema]
