"""The structured actions: the only things that can ever reach a world (GITM, appendix: "structured actions").

One frozen model each; its docstring is what an LLM is shown, so it states arguments, preconditions and
effects. ``limit`` is the longest an action may take, in ticks of 1/20 s. What an LLM writes of them is read in :mod:`gitm.plan_text`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

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

    tool is the station it needs: none (2x2), crafting_table, ... One that is carried is placed, one in sight is gone to.
    """

    name: Literal["craft"] = "craft"
    object: Name
    count: Count = 1
    materials: dict[Name, Count] | None = None
    tool: Name | None = None
    limit: ClassVar[int] = 600


class Smelt(BaseAction):
    """Smelt count of the object from the material with fuel from the inventory, at a station within reach, carried or in sight.

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
    """Build the blueprint from blocks in the inventory, here: a portal, or a mob that is built."""

    name: Literal["build"] = "build"
    blueprint: Name
    limit: ClassVar[int] = 6000


class Trade(BaseAction):
    """Buy at least count of the object from the partner, a villager or trader within reach who makes that offer.

    Its price, one or two kinds of items, must be in the inventory.
    """

    name: Literal["trade"] = "trade"
    object: Name
    partner: Name
    count: Count = 1
    limit: ClassVar[int] = 600


class Enter(BaseAction):
    """Go through the portal, which must stand within reach, into the dimension it leads to, or back."""

    name: Literal["enter"] = "enter"
    portal: Name
    limit: ClassVar[int] = 400


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
    | Apply | Build | Trade | Enter | Eat | Sleep | Wait | Drop | Store | Take,
    Field(discriminator="name"),
]  # fmt: skip
#: Every action class, by the name it goes by.
VOCABULARY: dict[str, type[BaseAction]] = {cls.model_fields["name"].default: cls for cls in get_args(get_args(Action)[0])}
ACTION: TypeAdapter[Action] = TypeAdapter(Action)


def action_text(action: BaseAction) -> str:
    """One line for people and prompts: ``mine(object=iron_ore, tool=stone_pickaxe, count=3)``."""
    fields = action.model_dump(exclude={"name"}, exclude_defaults=True)
    return f"{getattr(action, 'name', '?')}({', '.join(f'{key}={value}' for key, value in fields.items())})"


def vocabulary_text() -> str:
    """The whole vocabulary as the text an LLM is shown."""
    return "\n".join(f"- {_signature(name, cls)}: {_one_line(cls.__doc__)}" for name, cls in VOCABULARY.items())


def _signature(name: str, cls: type[BaseAction]) -> str:
    fields = [key if field.is_required() else f"{key}={field.default}" for key, field in cls.model_fields.items() if key != "name"]
    return f"{name}({', '.join(fields)})"


def _one_line(doc: str | None) -> str:
    return " ".join((doc or "").split())
