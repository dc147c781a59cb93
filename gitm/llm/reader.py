"""The reader: no model. It answers the same prompts as an LLM by reading the passages and the state in them, and nothing else.

It is the default without a key, the base line of every bench, and exact: what no passage states, it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from gitm.answers import Amount, CodeAnswer, PlanAnswer, WayAnswer, WaysAnswer, ways_code
from gitm.errors import LLMError
from gitm.llm.reading import read_ways
from gitm.types import Kind, Message, Reply, T, Usage, Way

_PASSAGE = re.compile(r"<passage[^>]*>(.*?)</passage>", re.DOTALL)
_NAME = r"[a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?"


class Reader:
    """Answers the decomposer's and the planner's prompts. Costs nothing; its calls are counted, its tokens are none."""

    name = "reader"
    condenses = False  # of plans that worked it can only say which was the cheapest, and that needs no question
    exact = True  # what it says of a text is all that the text says: never asked twice

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """An answer read out of the last user message; raises :class:`LLMError` for a question it has no rule for."""
        text = next(message.content for message in reversed(messages) if message.role == "user")
        answer: BaseModel
        if issubclass(schema, WaysAnswer):
            answer = _decompose(text)
        elif issubclass(schema, CodeAnswer):
            answer = CodeAnswer(code=ways_code(_decompose(text)))
        elif issubclass(schema, PlanAnswer):
            answer = _plan(text)
        else:
            raise LLMError(f"the reader only decomposes and plans, it cannot answer for {schema.__name__}; use --llm with a model")
        return Reply(value=schema.model_validate(answer.model_dump()), usage=Usage(calls=1))


# --- decomposer ------------------------------------------------------------------------------------------------


def _decompose(text: str) -> WaysAnswer:
    question = _PASSAGE.sub("", text)  # headings inside a passage are part of its text
    item = _section(question, "Item")
    ways = read_ways(item, "\n".join(_PASSAGE.findall(text)))
    if contradicted := _section(question, "Contradiction"):
        ways = [_corrected(way, contradicted) for way in ways]
    return WaysAnswer(ways=ways)


def _corrected(way: WayAnswer, feedback: str) -> WayAnswer:
    """A way after the world has said no to it: the feedback's own words are the newer guide."""
    told = _field(feedback, "way")
    believed = Way.model_validate_json(told) if told else None
    if believed and believed.kind != way.kind:
        return way
    missing = [Amount(item=item, count=int(count)) for count, item in re.findall(rf"(\d+) ({_NAME})", _field(feedback, "missing"))]
    if not missing:
        return way
    match _field(feedback, "code"):
        case "MISSING_TOOL":
            return way.model_copy(
                update={"tool": missing[0].item, "or_better": [name for name in way.or_better if name != missing[0].item]}
            )
        case "MISSING_STATION":
            return way.model_copy(update={"station": [*(way.station or []), *missing]})
        case "MISSING_MATERIAL":
            return way.model_copy(update={"material": _more(_at_least(way.material or [], believed), missing)})
        case _:
            return way


def _at_least(material: list[Amount], believed: Way | None) -> list[Amount]:
    """The amounts that are read, or those believed where the world has already taught that it takes more."""
    taught = {stack.item: stack.count for stack in believed.materials} if believed else {}
    return [Amount(item=amount.item, count=max(amount.count, taught.get(amount.item, 0))) for amount in material]


def _more(material: list[Amount], missing: list[Amount]) -> list[Amount]:
    known = {amount.item: amount.count for amount in material}
    for amount in missing:
        known[amount.item] = known.get(amount.item, 0) + amount.count
    return [Amount(item=item, count=count) for item, count in known.items()]


# --- planner ----------------------------------------------------------------------------------------------------


def _plan(text: str) -> PlanAnswer:
    """Look for what is sought, go there, do it: the shape of every plan, from the way and the state in the prompt."""
    way = Way.model_validate_json(_field(_section(text, "Sub-goal"), "way"))
    wanted = {key: int(_field(_section(text, "Sub-goal"), key)) for key in ("count", "performances")}
    state = _State(_section(text, "State"))
    actions: list[dict[str, Any]] = []
    for station in way.stations:
        if station.item in state.near:
            continue
        verb = "place" if station.item in state.inventory else "approach"
        actions += [{"name": verb, "object": station.item}] * (station.count if verb == "place" else 1)
    if way.kind in (Kind.CRAFT, Kind.SMELT):
        station_name = way.stations[0].item if way.stations else None
        act = {"name": way.kind.value, "object": way.item, "count": wanted["count"], "tool": station_name}
        if way.kind is Kind.SMELT:
            act["material"] = way.materials[0].item
        return PlanAnswer(thoughts="what it takes is in the inventory", action_list=[*actions, act])
    tilled = way.kind is Kind.GROW and (way.soil or way.target in state.sights)  # soil of one's own making, or planted before
    if way.sought and way.afield and not tilled and (way.kind is not Kind.BUILD or way.on):
        actions += _go_to(way, state)
    return PlanAnswer(
        thoughts=f"find {way.sought}, go there, {way.kind.value}",
        action_list=[*actions, *_perform(way, state, wanted["performances"], wanted["count"])],
    )


def _go_to(way: Way, state: _State) -> list[dict[str, Any]]:
    if way.sought in state.near or (way.prepared and way.on in state.near):
        return []
    steps: list[dict[str, Any]] = []
    if way.sought not in state.sights:
        below = way.place.layer == "underground"
        level = way.place.level(state.height, underground=state.underground)
        if below and level is not None and abs(state.height - level) > 8:
            steps += [{"name": "go_up"}] if state.height < level else []
            steps.append({"name": "dig_down", "y_level": level})
        elif not below and state.underground:
            steps.append({"name": "go_up"})
        if way.place.night and state.day:
            steps.append({"name": "wait", "ticks": 6000})
        steps.append({"name": "explore", "object": way.sought, "strategy": "underground" if below else "surface"})
    return [*steps, {"name": "approach", "object": way.sought}]


def _perform(way: Way, state: _State, performances: int, wanted: int) -> list[dict[str, Any]]:
    tools = way.tools[1:] if way.kind is Kind.GROW and way.soil else way.tools
    tool = next((name for need in tools for name in need.any_of if name in state.inventory and name != way.use), None)
    mine = {"name": "mine", "object": way.target, "tool": tool, "count": performances}
    apply = {"name": "apply", "object": way.use, "target": way.on, "count": performances}
    tiller = next((name for name in way.tillers if name in state.inventory), None)
    till = {"name": "apply", "object": tiller, "target": way.soil, "count": performances}
    match way.kind:
        case Kind.MINE if way.carried and way.target not in state.near:
            return [{"name": "place", "object": way.on}, {**apply, "count": 1}, {**mine, "count": 1}]
        case Kind.APPLY if way.built and way.target not in state.near:
            return [{"name": "build", "blueprint": way.target}, {"name": "approach", "object": way.target}, apply]
        case Kind.APPLY if tiller and way.on not in state.near:
            return [{**till, "count": 1}, apply]
        case Kind.ATTACK if way.built and way.target not in state.near:
            return [{"name": "build", "blueprint": way.target}, {"name": "attack", "object": way.target, "tool": tool}]
        case Kind.MINE if way.use and way.target not in state.near:
            return [apply, mine]
        case Kind.MINE:
            return [mine]
        case Kind.ATTACK:
            return [{"name": "attack", "object": way.target, "tool": tool, "count": performances}]
        case Kind.GROW if way.target in state.sights:
            return [{"name": "approach", "object": way.target}, mine]
        case Kind.GROW:
            waits = [{"name": "wait", "ticks": ticks} for ticks in way.waits or (1,)]
            return [*(_to_soil(way.soil, state) if way.soil else ()), *([till] if tiller else []), apply, *waits, mine]
        case Kind.TRADE:
            return [{"name": "trade", "object": way.item, "partner": way.target, "count": wanted}]
        case Kind.BUILD:
            return [{"name": "build", "blueprint": way.item}]
        case _:
            return [apply]


def _to_soil(soil: str, state: _State) -> list[dict[str, Any]]:
    """Where something can be planted."""
    steps = [] if soil in state.sights else [{"name": "explore", "object": soil}]
    return steps if soil in state.near else [*steps, {"name": "approach", "object": soil}]


class _State:
    """The state section of a planner's prompt."""

    def __init__(self, text: str) -> None:
        self.inventory = {item: int(count) for count, item in re.findall(rf"(\d+) ({_NAME})", _field(text, "inventory"))}
        seen = re.findall(rf"({_NAME}) \([^)]*\) at (\d+(?:\.\d+)?)", _field(text, "in sight"))
        self.sights = {name for name, _ in seen}
        self.near = {name for name, distance in seen if float(distance) <= 4.5}
        self.height = int(_field(text, "height") or 64)
        self.underground = _field(text, "place") == "underground"
        self.day = _field(text, "time") == "day"


def _section(text: str, title: str) -> str:
    """What stands under a ``# Title`` heading, up to the next one."""
    found = re.search(rf"^# {re.escape(title)}\n(.*?)(?=^# |\Z)", text, re.DOTALL | re.MULTILINE)
    return found[1].strip() if found else ""


def _field(section: str, key: str) -> str:
    """The value of a ``key: value`` line."""
    found = re.search(rf"^{re.escape(key)}: (.*)$", section, re.MULTILINE)
    return found[1].strip() if found else ""
