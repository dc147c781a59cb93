"""The nouns of the project: frozen models for whatever crosses a border, and the two protocols.

Times are ticks of 1/20 s, distances blocks, health and food points (20 is full), heights Minecraft's y.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Generic, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from gitm.actions import Action, Count, Name


class Frozen(BaseModel):
    """Base of every model that crosses a border."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Stack(Frozen):
    """So many of one item (or of a group such as ``planks``)."""

    item: Name
    count: Count = 1

    def __str__(self) -> str:
        return f"{self.count} {self.item}"


# --- goals ---------------------------------------------------------------------------------------------


class Obtain(Frozen):
    """Have at least ``count`` of an item in the inventory at once."""

    kind: Literal["obtain"] = "obtain"
    item: Name
    count: Count = 1

    def __str__(self) -> str:
        return self.item if self.count == 1 else f"{self.count} {self.item}"


class All(Frozen):
    """Several goals that must hold together."""

    kind: Literal["all"] = "all"
    goals: tuple[Obtain, ...] = Field(min_length=1)

    def __str__(self) -> str:
        return ", ".join(str(goal) for goal in self.goals)


#: Structures, places and mobs will be further members of this union.
Goal = Annotated[Obtain | All, Field(discriminator="kind")]


# --- the world's side ----------------------------------------------------------------------------------


class Code(StrEnum):
    """How an action ended."""

    OK = "OK"
    PARTIAL = "PARTIAL"  # some of it was done: 3 of 5 mined
    NOT_FOUND = "NOT_FOUND"
    NO_PATH = "NO_PATH"
    MISSING_MATERIAL = "MISSING_MATERIAL"
    MISSING_TOOL = "MISSING_TOOL"
    MISSING_STATION = "MISSING_STATION"
    WRONG_DIMENSION = "WRONG_DIMENSION"
    WRONG_TIME = "WRONG_TIME"  # sleeping by day, eating when full
    INVENTORY_FULL = "INVENTORY_FULL"
    OUT_OF_REACH = "OUT_OF_REACH"
    TIMEOUT = "TIMEOUT"
    INTERRUPTED = "INTERRUPTED"
    DIED = "DIED"
    UNKNOWN_NAME = "UNKNOWN_NAME"
    IMPOSSIBLE = "IMPOSSIBLE"


#: Codes after which something of the action may have happened; every other failure changed nothing but time and place.
PARTLY_DONE = frozenset({Code.OK, Code.PARTIAL, Code.TIMEOUT, Code.INTERRUPTED, Code.DIED})


class Seen(Frozen):
    """Something in sight: the nearest of its kind and how many of them there are."""

    name: Name
    kind: Literal["block", "mob", "hostile", "station", "item"]
    count: int = 1
    distance: float
    y: int


class Observation(Frozen):
    """What the agent perceives: no pixels, no hidden state (GITM: inventory, environment, life, location)."""

    tick: int
    x: int
    y: int
    z: int
    dimension: str = "overworld"
    biome: str
    underground: bool
    day: bool
    weather: str = "clear"  # or rain, or thunder; clear where there is none
    health: float
    food: float
    experience: int = 0  # points
    inventory: dict[str, int]
    free_slots: int = 36  # empty slots of the inventory
    wear: dict[str, int] = {}  # uses left in the best one of each tool held
    charge: dict[str, int] = {}  # crafts that the fuel in each station within sight still feeds: a brewing stand's
    hand: str | None = None
    worn: tuple[str, ...] = ()  # armour on the body; it counts as held
    under: str = "air"  # the block below the feet
    above: str = "air"  # the block over the head
    nearby: tuple[Seen, ...] = ()

    def near(self, name: str, within: float = 4.5) -> bool:
        """Whether it stands or lives within so many blocks (4.5: a player's reach, wiki); what lies on the ground does not count."""
        return any(thing.name == name and thing.distance <= within and thing.kind != "item" for thing in self.nearby)


class Feedback(Frozen):
    """The world's answer to one action. ``change`` is the inventory difference; ``missing`` what would mend a refusal."""

    ok: bool
    code: Code
    message: str
    change: dict[str, int] = {}
    missing: dict[str, int] = {}
    ticks: int  # how long the action took
    observation: Observation


class WorldInfo(Frozen):
    """Which world this is. ``rules`` identifies the rules as far as known, so that plans are not carried between worlds."""

    name: str
    version: str
    rules: str
    seed: int | None = None


@runtime_checkable
class World(Protocol):
    """A world. It answers every action; it raises only for broken set-ups. ``gitm.check_world`` holds the contract."""

    @property
    def info(self) -> WorldInfo:
        """Which world this is; the same for its whole life."""
        ...

    def reset(self) -> Observation:
        """Start (a stub: from the seed, again; a live world: join it as it is)."""
        ...

    def step(self, action: Action) -> Feedback:
        """Do one action and tell how it went. Whatever the action contains, it does not raise."""
        ...

    def close(self) -> None:
        """Let go of whatever the world holds."""
        ...


# --- knowledge ------------------------------------------------------------------------------------------


class Passage(Frozen):
    """A retrievable piece of a guide.

    ``items`` are the names it is about, ``source`` the file (and heading) it is from. ``asked`` are questions it answers, in the words of
    who would ask them: it is found by them, and they are never shown.
    """

    id: str
    text: str
    items: tuple[str, ...] = ()
    source: str
    title: str = ""
    asked: tuple[str, ...] = ()


class Tool(Frozen):
    """A tool that is held and wears but is not used up: the most basic one, and those that do as well."""

    item: Name
    or_better: tuple[Name, ...] = ()

    @property
    def any_of(self) -> tuple[str, ...]:
        """The names of all tools that do, most basic first."""
        return (self.item, *self.or_better)


class Kind(StrEnum):
    """By which kind of action a way obtains its item."""

    CRAFT = "craft"
    SMELT = "smelt"
    MINE = "mine"
    ATTACK = "attack"
    APPLY = "apply"
    GROW = "grow"
    TRADE = "trade"
    BUILD = "build"  # what comes of it stands in the world: a portal
    ANY = "any"  # the item is a group; any member will do


class Rarity(StrEnum):
    """How hard the source of a way is to find, in the words of guides."""

    COMMON = "common"
    UNCOMMON = "uncommon"
    RARE = "rare"
    VERY_RARE = "very rare"
    EXTREMELY_RARE = "extremely rare"  # a structure of one biome: hours of walking


OVERWORLD = "overworld"
LONGEST_WAIT = 12_000  # ticks of one action
_MOST_WAITS = 150  # 25 hours of game time
USUAL = ("crafting_table", "furnace")  # stations that go without saying
ARMOR = ("helmet", "chestplate", "leggings", "boots")  # the parts of a suit of armour, as items end


def fuel_of(station: str) -> str:
    """What feeds a station that takes a fuel of its own, as guides call it."""
    return f"{station}_fuel"


class Place(Frozen):
    """Where: on the surface or below it, in which biomes (none: any), at which height it is most common, with which tool one digs there.

    What belongs to a ``structure`` is found inside it only.
    """

    layer: Literal["surface", "underground"] = "surface"
    biomes: tuple[str, ...] = ()
    structure: str | None = None
    y: int | None = None
    digger: Tool | None = None
    dimension: str = OVERWORLD
    portal: str | None = None  # through which one gets there from the overworld
    night: bool = False

    def level(self, y: int, *, underground: bool) -> int | None:
        """The height at which to look: where it is most common; of what lies anywhere below the ground 20 blocks under who is on it.

        None where any height will do.
        """
        if self.y is not None or self.layer == "surface" or underground:
            return self.y
        return y - 20


class Way(Frozen):
    """One way to obtain an item: GITM's five-tuple (object, count, material, tool, info) and how and where.

    One performance gives ``count`` of the item with probability ``chance``; it takes ``materials`` and keeps ``tools`` and ``stations``.
    ``use``/``on``: the item that is applied on something, alone (bucket on cow), to make the target (water_bucket on lava makes obsidian)
    or to plant it (seeds on farmland). ``target``: the block that is then mined, the mob that is fought or traded with, what is built.
    ``soil``: what the first tool (the first material, when that is used up) turns into ``on`` before something is planted or applied there.
    A mob whose fight takes ``materials`` is built.
    """

    item: Name
    count: Count = 1
    kind: Kind
    materials: tuple[Stack, ...] = ()
    tools: tuple[Tool, ...] = ()
    stations: tuple[Stack, ...] = ()
    use: Name | None = None
    on: Name | None = None
    target: Name | None = None
    soil: Name | None = None
    makes: Count = 1  # so many of ``on`` come about at once, and so many performances need the first tool or material only once
    chance: float = Field(default=1.0, gt=0, le=1)
    lasts: int | None = None  # uses until the item wears out, when it is a tool
    delay: int = 0  # ticks until what was planted is ripe, or that one use or craft takes
    rarity: Rarity = Rarity.COMMON
    place: Place = Place()
    info: str = ""
    source: str = ""
    unaided: bool = False  # done without what is advised for it, because that cannot be had

    @property
    def key(self) -> str:
        """A short identity within an item's ways: ``smelt raw_iron``, ``mine diamond_ore``, ``craft stone at stonecutter``."""
        given = [self.use, self.on] if self.use else [stack.item for stack in self.materials]
        station = self.stations[0].item if self.stations and self.kind in (Kind.CRAFT, Kind.SMELT) else None
        where = [f"at {station}"] if station and station not in USUAL else []
        where += [f"in {self.place.dimension}"] if self.place.dimension != OVERWORLD else []
        return " ".join(part for part in (self.kind.value, self.target, *given, *where) if part)

    @property
    def built(self) -> bool:
        """Whether its mob is built before it is fought, or before an item is applied on it."""
        return bool(self.materials) and (self.kind is Kind.ATTACK or (self.kind is Kind.APPLY and self.target == self.on is not None))

    @property
    def prepared(self) -> bool:
        """Whether what an item is applied on comes about by applying another one first: an ominous bottle on a trial spawner."""
        return self.kind is Kind.APPLY and self.soil is not None

    @property
    def tillers(self) -> tuple[str, ...]:
        """The items any one of which turns the soil into what is planted or applied on, most basic first; none when there is no soil."""
        if self.soil is None:
            return ()
        tools = [tool for tool in self.tools if tool.item != self.use]
        return tools[0].any_of if tools else tuple(stack.item for stack in self.materials[:1])

    @property
    def carried(self) -> bool:
        """Whether what an item is applied on is brought along and placed first: no world has it lying about."""
        return self.kind is Kind.MINE and any(stack.item == self.on for stack in self.materials)

    @property
    def sought(self) -> str | None:
        """What must be in sight first: the block, the mob, the thing an item is applied on, or what becomes that."""
        return (self.soil if self.prepared else None) or self.on or self.target

    @property
    def afield(self) -> bool:
        """Whether one goes to some place for it; what is made, or done with what one carries, is done anywhere."""
        if self.kind in (Kind.CRAFT, Kind.SMELT, Kind.ANY) or self.built or self.carried:
            return False
        return self.sought not in (None, "self", *(station.item for station in self.stations))

    @property
    def waits(self) -> tuple[int, ...]:
        """The delay in stretches that an action can have, in ticks."""
        return tuple(min(LONGEST_WAIT, self.delay - done) for done in range(0, self.delay, LONGEST_WAIT))[:_MOST_WAITS]

    def without_advice(self) -> Way:
        """The same with what is in the hand: a mob is fought as one is, and what one cannot dig for is looked for above the ground."""
        bare = {"layer": "surface", "y": None, "digger": None}
        place = self.place.model_copy(update=bare) if self.place.digger else self.place
        tools = () if self.kind is Kind.ATTACK else self.tools
        return self.model_copy(update={"tools": tools, "place": place, "unaided": True})


class SubGoal(Frozen):
    """A node of the tree: obtain ``count`` more of ``item`` this way, ``batches`` performances; then ``until`` are held."""

    item: Name
    count: int
    until: int
    batches: int
    way: Way
    needs: tuple[str, ...] = ()  # items of the sub-goals this one waits for
    depth: int = 0

    @property
    def key(self) -> str:
        """A short identity: the item and the way."""
        return f"{self.item} by {self.way.key}"


class Tree(Frozen):
    """The sub-goal tree of a goal and an inventory: what is still to do, suppliers first."""

    goal: Goal
    subgoals: tuple[SubGoal, ...] = ()

    @property
    def gathers(self) -> int:
        """Units mined, picked, killed or traded for."""
        return sum(task.batches for task in self.subgoals if task.way.kind not in (Kind.CRAFT, Kind.SMELT, Kind.BUILD, Kind.ANY))

    @property
    def crafts(self) -> int:
        """Craft, smelt and build operations."""
        return sum(task.batches for task in self.subgoals if task.way.kind in (Kind.CRAFT, Kind.SMELT, Kind.BUILD))


class Plan(Frozen):
    """Actions for one sub-goal, and who thought of them."""

    actions: tuple[Action, ...]
    origin: str  # "memory", "skill:<name>", "llm", "reflex"
    thoughts: str = ""


# --- LLM --------------------------------------------------------------------------------------------------


class Message(Frozen):
    """One turn of a conversation with an LLM."""

    role: Literal["system", "user", "assistant"]
    content: str


class Usage(Frozen):
    """What one or more calls cost."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
        )


T = TypeVar("T", bound=BaseModel)


class Reply(BaseModel, Generic[T]):
    """An answer of the asked-for schema, and its cost."""

    model_config = ConfigDict(frozen=True)
    value: T
    usage: Usage


@runtime_checkable
class LLM(Protocol):
    """A language model. Raises :class:`gitm.errors.LLMError` when no valid answer can be had."""

    @property
    def name(self) -> str:
        """Identifies the model: answers of one are not taken for another's."""
        ...

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """An answer of this schema to the last message."""
        ...
