"""What an LLM is asked to fill in, and how its words become ways and plans: lenient where models are sloppy, strict behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from gitm.literals import read_records
from gitm.types import OVERWORLD, Kind, Place, Rarity, Stack, Tool, Way

SLOTS = 36  # of an inventory
WAYS = 64  # of one item, the most practical first, as far as they are read
_NOTHING = {"", "none", "null", "nothing", "no", "n/a", "hand", "hands", "bare_hands", "bare_hand"}


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Amount(_Lenient):
    """So many of an item."""

    item: str
    count: int = 1


class WayAnswer(_Lenient):
    """GITM's tuple (object, count, material, tool, info) for one way of obtaining the object, and how and where it is done."""

    object: str = Field(description="the item this way gives")
    count: int = Field(1, description="how many of the object one performance gives")
    kind: str = Field(
        description="craft, smelt, mine, attack (kill a mob), apply (use an item on something), grow, trade, build, or any (a group)"
    )
    material: list[Amount] | None = Field(None, description="what is used up, for one performance")
    tool: str | None = Field(None, description="the most basic tool that is held, or None")
    or_better: list[str] = Field([], description="tools that do as well")
    station: list[Amount] | None = Field(None, description="what must stand near: crafting_table, furnace, ...")
    use: str | None = Field(None, description="for apply and grow: the item that is applied")
    on: str | None = Field(None, description="for apply and grow: what it is applied on")
    target: str | None = Field(None, description="for mine the block, for attack the mob, for grow the ripe plant, for trade the trader")
    soil: str | None = Field(
        None, description="for grow: what the tool is used on to make the ground for it; for apply: what another item first turns into `on`"
    )
    makes: int = Field(1, description="for apply with soil: how many of `on` the other item makes at once")
    harvester: str | None = Field(None, description="for grow: the most basic tool with which the ripe plant is taken, or None")
    harvester_or_better: list[str] = Field([], description="tools that take it as well")
    chance: float = Field(1.0, description="probability that one performance gives the object")
    lasts: int | None = Field(None, description="uses until the object wears out, when it is a tool")
    minutes: float = Field(0.0, description="for grow: minutes until it is ripe; for apply: minutes that one use takes")
    rarity: str | None = Field(None, description="of the source: common, uncommon, rare, very rare or extremely rare")
    underground: bool = Field(default=False, description="whether the source lies underground")
    y: int | None = Field(None, description="the height at which it is most common")
    digger: str | None = Field(None, description="the most basic tool with which one digs one's way to an underground source")
    digger_or_better: list[str] = Field([], description="tools that dig as well")
    biomes: list[str] = Field([], description="where it is found; none: anywhere")
    structure: str | None = Field(None, description="the structure inside which it is found")
    dimension: str | None = Field(None, description="the dimension where it is found, if not the overworld")
    portal: str | None = Field(None, description="the portal through which one gets to that dimension")
    night: bool = Field(default=False, description="whether it is found only at night")
    info: str = Field("", description="what else matters, at most three sentences")

    @field_validator("material", "station", mode="before")
    @classmethod
    def _mapping(cls, value: Any) -> Any:
        """GITM writes ``{"planks": 3}``; models also write a bare name."""
        if isinstance(value, dict) and "item" not in value:
            return [{"item": item, "count": count} for item, count in value.items()]
        if isinstance(value, str):
            return None if name(value) is None else [{"item": value}]
        return [value] if isinstance(value, dict) else value

    @field_validator("or_better", "digger_or_better", "harvester_or_better", "biomes", mode="before")
    @classmethod
    def _one_word(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, value: Any) -> Any:
        """Models write null for whatever does not apply."""
        return {key: given for key, given in value.items() if given is not None} if isinstance(value, dict) else value


class WaysAnswer(_Lenient):
    """All the ways of obtaining one item that the knowledge supports."""

    ways: list[WayAnswer]


class CodeAnswer(_Lenient):
    """All the ways of obtaining one item, as the Python list that completes the code in the prompt."""

    code: str = Field(description="the completed list: [Way(object=..., kind=..., ...), ...]")

    @field_validator("code")
    @classmethod
    def _readable(cls, code: str) -> str:
        """Refused with the reason, so that a client's repair turn can tell the model."""
        _ways_in(code)
        return code

    @property
    def ways(self) -> WaysAnswer:
        """What the code says."""
        return _ways_in(self.code)


def _ways_in(code: str) -> WaysAnswer:
    try:
        return WaysAnswer.model_validate({"ways": read_records(code, ("Way", "Amount"))})
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise ValueError("; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in faults[:3])) from None


def way_header() -> str:
    """The classes that the code shape shows a model, made of the same fields as :class:`WayAnswer`."""
    lines = ["@dataclass", "class Amount:", "    item: str", "    count: int = 1", "", "@dataclass", "class Way:"]
    for key, field in WayAnswer.model_fields.items():
        kind = "list[Amount] | None" if key in ("material", "station") else _type_name(field.annotation)
        default = "" if field.is_required() else f" = {field.default!r}"
        lines.append(f"    {key}: {kind}{default}  # {field.description}")
    return "\n".join(lines)


def _type_name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) and annotation is not list and not get_args(annotation) else str(annotation)


def ways_code(answer: WaysAnswer) -> str:
    """Ways as the code that a model would write; what has its default is left out."""
    lines = [f"    Way({_keywords(way)})," for way in answer.ways]
    return "\n".join(["[", *lines, "]"])


def _keywords(model: BaseModel) -> str:
    """The fields of a model as keyword arguments, amounts as calls."""
    given = {
        key: getattr(model, key)
        for key, field in type(model).model_fields.items()
        if field.is_required() or getattr(model, key) != field.default
    }
    return ", ".join(f"{key}={_code(value)}" for key, value in given.items())


def _code(value: Any) -> str:
    if isinstance(value, Amount):
        return f"Amount(item={value.item!r}, count={value.count!r})"
    return f"[{', '.join(map(_code, value))}]" if isinstance(value, list) else repr(value)


class GoalAnswer(_Lenient):
    """The items, and how many of each, that a user's free words come to."""

    goals: list[Amount] = Field(description="what to obtain; empty when the words ask for nothing that items could give")


class PlanAnswer(_Lenient):
    """GITM's reply of the planner."""

    explanation: str = Field("", description="why the last action failed, if one did")
    thoughts: str = Field("", description="how the sub-goal will be reached")
    action_list: list[dict[str, Any]] = Field(description="actions as objects: name and its arguments")


def name(text: str | None) -> str | None:
    """A model's spelling as an item name: ``Iron Ingot`` -> ``iron_ingot``; words for nothing -> None."""
    if text is None:
        return None
    spelt = re.sub(r"[\s-]+", "_", text.strip().lower().removeprefix("minecraft:"))
    return None if spelt in _NOTHING else spelt


def ways_of(item: str, answer: WaysAnswer, source: str = "") -> tuple[Way, ...]:
    """The valid ways of the item in an answer; malformed ones and ways of other items are dropped."""
    return tuple(dict.fromkeys(islice(_valid_ways(item, answer, source), WAYS)))


def is_sound(answer: WaysAnswer) -> bool:
    """Whether every entry of an answer is a way, of whatever item."""
    try:
        return all(_way(entry, "") is not None for entry in answer.ways)
    except (ValidationError, ValueError, OverflowError):
        return False


def _valid_ways(item: str, answer: WaysAnswer, source: str) -> Iterator[Way]:
    for entry in answer.ways:
        try:
            way = _way(entry, source)
        except (ValidationError, ValueError, OverflowError):  # the last: infinitely many minutes
            continue
        if way.item == item:
            yield way


def _way(entry: WayAnswer, source: str) -> Way:
    kind = Kind(entry.kind.strip().lower())
    tool, stations = name(entry.tool), _stacks(entry.station)
    if kind in (Kind.CRAFT, Kind.SMELT) and tool:  # GITM: "smelting is a craft whose tool is a furnace"
        stations, tool = stations or (Stack(item=tool),), None
    object_, target, use = name(entry.object) or "", name(entry.target), name(entry.use)
    materials, tools = _stacks(entry.material), _tools(tool, entry.or_better)
    if len(materials) > SLOTS:
        raise ValueError(f"{len(materials)} kinds of materials do not fit into an inventory")
    if kind is Kind.GROW:
        tools += _tools(entry.harvester, entry.harvester_or_better)
    if use and use not in {stack.item for stack in materials} and not any(use in known.any_of for known in tools):
        tools += _tools(use, [])  # what is applied and not used up is a tool
    if kind in (Kind.MINE, Kind.BUILD) and target is None:
        target = object_
    return Way(
        item=object_,
        count=entry.count,
        kind=kind,
        materials=materials,
        tools=tools,
        stations=stations,
        use=use,
        on=name(entry.on),
        target=target,
        soil=name(entry.soil),
        makes=entry.makes,
        chance=min(1.0, max(0.0005, entry.chance)),
        lasts=entry.lasts,
        delay=round(entry.minutes * 1200),
        rarity=_rarity(entry.rarity),
        place=Place(
            layer="underground" if entry.underground else "surface",
            biomes=tuple(filter(None, map(name, entry.biomes))),
            structure=name(entry.structure),
            y=entry.y,
            digger=next(iter(_tools(entry.digger, entry.digger_or_better)), None),
            dimension=name(entry.dimension) or OVERWORLD,
            portal=name(entry.portal),
            night=entry.night,
        ),
        info=entry.info[:600],
        source=source,
    )


def _rarity(text: str | None) -> Rarity:
    """The rarity a word stands for; words we do not know stand for nothing special."""
    spelt = (name(text) or "").replace("_", " ")
    return Rarity(spelt) if spelt in list(Rarity) else Rarity.COMMON


def _tools(basic: str | None, better: list[str]) -> tuple[Tool, ...]:
    spelt = name(basic)
    return (Tool(item=spelt, or_better=tuple(filter(None, map(name, better)))),) if spelt else ()


def _stacks(amounts: list[Amount] | None) -> tuple[Stack, ...]:
    return tuple(Stack(item=spelt, count=amount.count) for amount in amounts or () if (spelt := name(amount.item)))
