"""The structured actions: the only things that can ever reach a world (GITM, appendix: "structured actions").

One frozen model each; its docstring is what an LLM is shown, so it states arguments, preconditions and
effects. ``limit`` is the longest an action may take, in ticks of 1/20 s. :func:`parse_actions` is total:
any text gives actions or a :class:`Rejected`, never an exception.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

#: ``iron_ingot``, or with a variant ``iron_pickaxe[silk_touch]``.
NAME_PATTERN = r"^[a-z][a-z0-9_]*(\[[a-z0-9_]+\])?$"
Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=80)]
Count = Annotated[int, Field(ge=1, le=2304)]  # 36 slots of 64


class BaseAction(BaseModel):
    """What all structured actions share."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    limit: ClassVar[int] = 1200


class Equip(BaseAction):
    """Take an item of the inventory into the hand. Fails when it is not in the inventory."""

    name: Literal["equip"] = "equip"
    object: Name
    limit: ClassVar[int] = 20


class Explore(BaseAction):
    """Walk (surface) or tunnel (underground) until the object is in sight.

    The object is a block, a mob, a biome or a structure. Strategy "surface" climbs no shaft: use go_up first; "underground"
    tunnels at the present height and needs a tool in the inventory that digs; "auto" follows where you are.
    """

    name: Literal["explore"] = "explore"
    object: Name
    strategy: Literal["auto", "surface", "underground"] = "auto"
    limit: ClassVar[int] = 6000


class Approach(BaseAction):
    """Go within reach of the nearest object in sight. Fails when none is in sight: explore first."""

    name: Literal["approach"] = "approach"
    object: Name
    limit: ClassVar[int] = 1200


class Mine(BaseAction):
    """Dig up to count blocks of the object with the tool, starting with one within reach, and pick up what they drop.

    Goes on to others of the same kind in sight. With the wrong tool nothing would drop, so it refuses.
    """

    name: Literal["mine"] = "mine"
    object: Name
    tool: Name | None = None
    count: Count = 1
    limit: ClassVar[int] = 6000


class Attack(BaseAction):
    """Fight count mobs of the object with the tool until they die, and pick up what they drop. One must be within reach."""

    name: Literal["attack"] = "attack"
    object: Name
    tool: Name | None = None
    count: Count = 1
    limit: ClassVar[int] = 2400


class DigDown(BaseAction):
    """Dig a staircase down to the height y_level with the tool. The way back up is remembered."""

    name: Literal["dig_down"] = "dig_down"
    y_level: int = Field(ge=-64, le=320)
    tool: Name | None = None
    limit: ClassVar[int] = 6000


class GoUp(BaseAction):
    """Return from underground to the surface."""

    name: Literal["go_up"] = "go_up"
    tool: Name | None = None
    limit: ClassVar[int] = 3000


class Craft(BaseAction):
    """Craft at least count of the object from materials in the inventory.

    tool is the station it needs: none (2x2), crafting_table, ... It must be placed within reach.
    """

    name: Literal["craft"] = "craft"
    object: Name
    count: Count = 1
    materials: dict[Name, Count] | None = None
    tool: Name | None = None
    limit: ClassVar[int] = 600


class Smelt(BaseAction):
    """Smelt count of the object from the material with fuel from the inventory, at a placed station within reach.

    Without a fuel named, whatever burns best in the inventory is used.
    """

    name: Literal["smelt"] = "smelt"
    object: Name
    count: Count = 1
    material: Name | None = None
    fuel: Name | None = None
    tool: Name = "furnace"
    limit: ClassVar[int] = 14400


class Place(BaseAction):
    """Put the object from the inventory down within reach, as a block."""

    name: Literal["place"] = "place"
    object: Name
    limit: ClassVar[int] = 40


class Apply(BaseAction):
    """Use the item object on the target count times: bucket on water, shears on sheep, seeds on farmland, ...

    The target must be within reach; what comes of it is picked up.
    """

    name: Literal["apply"] = "apply"
    object: Name
    target: Name
    count: Count = 1
    limit: ClassVar[int] = 2400


class Build(BaseAction):
    """Build the blueprint from blocks in the inventory, here."""

    name: Literal["build"] = "build"
    blueprint: Name
    limit: ClassVar[int] = 6000


class Eat(BaseAction):
    """Eat one of the object. Fails when not hungry, or when it is no food."""

    name: Literal["eat"] = "eat"
    object: Name
    limit: ClassVar[int] = 60


class Sleep(BaseAction):
    """Sleep through the night in a bed that is placed within reach; sets the place to wake after death."""

    name: Literal["sleep"] = "sleep"
    limit: ClassVar[int] = 12000


class Wait(BaseAction):
    """Do nothing for some ticks (1/20 s each)."""

    name: Literal["wait"] = "wait"
    ticks: int = Field(default=100, ge=1, le=12000)
    limit: ClassVar[int] = 12000


class Drop(BaseAction):
    """Throw count of the object away."""

    name: Literal["drop"] = "drop"
    object: Name
    count: Count = 1
    limit: ClassVar[int] = 40


class Store(BaseAction):
    """Put count of the object into a chest within reach."""

    name: Literal["store"] = "store"
    object: Name
    count: Count = 1
    limit: ClassVar[int] = 100


class Take(BaseAction):
    """Take count of the object out of a chest within reach, or from the ground within reach."""

    name: Literal["take"] = "take"
    object: Name
    count: Count = 1
    limit: ClassVar[int] = 100


Action = Annotated[
    Equip | Explore | Approach | Mine | Attack | DigDown | GoUp | Craft | Smelt | Place
    | Apply | Build | Eat | Sleep | Wait | Drop | Store | Take,
    Field(discriminator="name"),
]  # fmt: skip
#: Every action class, by the name it goes by.
VOCABULARY: dict[str, type[BaseAction]] = {cls.model_fields["name"].default: cls for cls in get_args(get_args(Action)[0])}
ACTION: TypeAdapter[Action] = TypeAdapter(Action)

#: GITM's own other names for the same things (its main text and appendix disagree).
ALIASES = {
    "digdown": "dig_down",
    "dig": "mine",
    "go_back_to_ground": "go_up",
    "goup": "go_up",
    "kill": "attack",
    "use": "apply",
    "throw": "drop",
}


class Rejected(BaseModel):
    """Why a text is not a plan; ``problem`` is one sentence that can be shown to an LLM."""

    model_config = ConfigDict(frozen=True)
    problem: str


class _Plan(BaseModel):
    """The outer shape an LLM answers with (GITM: explanation, thoughts, action_list)."""

    model_config = ConfigDict(extra="ignore")
    action_list: list[dict[str, Any]]

    @model_validator(mode="before")
    @classmethod
    def _bare_list(cls, value: Any) -> Any:
        return {"action_list": value} if isinstance(value, list) else value


def parse_actions(text: str) -> tuple[Action, ...] | Rejected:
    """The actions in an LLM's answer: JSON or a Python literal, fenced or not, a bare list or GITM's outer object."""
    try:
        return actions_of(_first_value(text))
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        return Rejected(problem=_sentence(error))


def actions_of(value: Any) -> tuple[Action, ...]:
    """The actions in an already decoded answer; raises ``ValueError`` (pydantic's is one) when it is none."""
    plan = _Plan.model_validate(value)
    return tuple(ACTION.validate_python(_canonical(entry)) for entry in plan.action_list)


def action_text(action: BaseAction) -> str:
    """One line for people and prompts: ``mine(object=iron_ore, tool=stone_pickaxe, count=3)``."""
    fields = action.model_dump(exclude={"name"}, exclude_defaults=True)
    return f"{getattr(action, 'name', '?')}({', '.join(f'{key}={value}' for key, value in fields.items())})"


def vocabulary_text() -> str:
    """The whole vocabulary as the text an LLM is shown."""
    return "\n".join(f"- {_signature(name, cls)}: {_one_line(cls.__doc__)}" for name, cls in VOCABULARY.items())


def _canonical(entry: dict[str, Any]) -> dict[str, Any]:
    """One action entry in our own shape: aliases resolved, GITM's ``args`` flattened, nulls and expectations dropped."""
    nested = entry.get("args", entry.get("arguments"))
    flat = {**entry, **nested} if isinstance(nested, dict) else dict(entry)
    name = str(entry.get("name", "")).strip().lower()
    name = ALIASES.get(name, name)
    cls = VOCABULARY.get(name)
    if cls is None:
        raise ValueError(f"there is no action '{name}'; the actions are {', '.join(VOCABULARY)}")
    flat["name"] = name
    if isinstance(wanted := flat.get("object"), dict) and len(wanted) == 1:  # GITM: craft({"stick": 4}, ...)
        ((flat["object"], flat["count"]),) = wanted.items()
    for key in set(cls.model_fields) & {"object", "tool", "target", "material", "fuel"}:
        if isinstance(text := flat.get(key), str):
            flat[key] = re.sub(r"[\s-]+", "_", text.strip().lower().removeprefix("minecraft:")) or None
    return {key: value for key, value in flat.items() if key in cls.model_fields and value not in (None, {}, "none")}


def _first_value(text: str) -> Any:
    """The first JSON value or Python literal in a text that may be fenced or surrounded by prose."""
    text = text[:200_000]
    if fenced := re.search(r"```(?:json|python)?\s*(.*?)```", text, re.DOTALL):
        text = fenced.group(1)
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    if not starts:
        raise ValueError("no JSON object in the answer; answer with one object that has an action_list")
    text = text[min(starts) :]
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except ValueError:
        try:
            return ast.literal_eval(text[: max(text.rfind("}"), text.rfind("]")) + 1])
        except SyntaxError as error:
            raise ValueError("the answer is neither JSON nor a Python literal") from error


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)[:500] or type(error).__name__


def _signature(name: str, cls: type[BaseAction]) -> str:
    fields = [key if field.is_required() else f"{key}={field.default}" for key, field in cls.model_fields.items() if key != "name"]
    return f"{name}({', '.join(fields)})"


def _one_line(doc: str | None) -> str:
    return " ".join((doc or "").split())
