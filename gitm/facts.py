"""The rule book: the schema of ``knowledge/facts/*.json`` and its loader.

Worlds play it, passages are rendered from it, benches read it. Decomposer, planner and agent never import it:
what they know, they read (an import-linter contract holds this). ``docs/facts.md`` explains every field.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from gitm import mentions
from gitm.actions import Name
from gitm.errors import BadFile
from gitm.types import Frozen, Rarity, Stack

FORMAT = 1
LARGEST = 2_000_000  # bytes of a rule book; the newest Minecraft's has a third of it
MOST = 5_000  # entries of a kind; Minecraft has 1,500 items
SELF = "self"  # the target of what one uses without aiming at anything: a map, a firework
SLOTS = 36  # what takes more kinds of materials than an inventory has slots can never be made


class ToolFact(Frozen):
    """What an item does as a tool: its kind, its tier (0 wood and gold, 1 stone, 2 iron, 3 diamond, 4 netherite), its speed."""

    kind: Literal["pickaxe", "axe", "shovel", "hoe", "sword", "shears"]
    tier: int = 0
    speed: float = 1.0
    silk_touch: bool = False


class ItemFact(Frozen):
    """An item: how many stack, how long it lasts, what it feeds, burns, protects and leaves behind."""

    stack: int = 64
    durability: int | None = None
    tool: ToolFact | None = None
    damage: float = 1.0  # attack damage in the hand, in health points
    food: int = 0  # food points
    saturation: float = 0.0
    harmful: bool = False  # eating it may poison or weaken
    fuel: int = 0  # ticks it burns
    armor: int = 0  # armour points when worn
    remainder: Name | None = None  # what a recipe leaves of it: milk_bucket -> bucket


class DropFact(Frozen):
    """Between ``low`` and ``high`` of an item, with a chance, perhaps only with a special tool."""

    item: Name
    low: int = 1
    high: int = 1
    chance: float = Field(default=1.0, gt=0, le=1)
    needs: Literal["any", "shears", "silk_touch", "no_silk_touch"] = "any"


class BlockFact(Frozen):
    """A block: how hard, which tool kind digs it fast, the least tier without which nothing drops (None: bare hands do)."""

    hardness: float | None = None  # None: unbreakable
    tool: str | None = None
    tier: int | None = None
    drops: tuple[DropFact, ...] = ()
    experience: int = 0
    station: bool = False
    liquid: bool = False


class CraftFact(Frozen):
    """A recipe. A material may be a group; ``station`` None means the 2x2 grid of the inventory."""

    item: Name
    count: int = 1
    materials: tuple[Stack, ...] = Field(max_length=SLOTS)
    station: Name | None = None
    ticks: int = 0  # how long it takes: brewing


class SmeltFact(Frozen):
    """A smelting recipe: one of ``material`` gives one of ``item``. Stations without ``fuel`` burn by themselves (a campfire)."""

    item: Name
    material: Name
    ticks: int = 200
    station: Name = "furnace"
    fuel: bool = True
    experience: float = 0.0


class MobFact(Frozen):
    """A mob: how strong, what it drops, where and when it is met. ``density`` is the mean number per map cell (16x16) where it lives."""

    health: float
    damage: float = 0.0  # per hit, normal difficulty
    hostile: bool = False
    drops: tuple[DropFact, ...] = ()
    experience: int = 0
    biomes: tuple[Name, ...] = ()  # none: any
    layer: Literal["surface", "underground", "water"] = "surface"
    time: Literal["any", "day", "night"] = "any"
    density: float = 0.1
    rarity: Rarity = Rarity.COMMON


class UseFact(Frozen):
    """Applying an item on a target: bucket on water, shears on sheep, book on enchanting_table, water_bucket on lava."""

    item: Name
    target: Name  # a block or mob that must be within reach; SELF: nothing need be
    on: Literal["block", "mob"] = "block"
    gives: tuple[DropFact, ...] = ()
    item_becomes: Name | None = None  # the item in hand turns into this
    consumes: bool = False  # the item in hand is used up
    wear: int = 0
    target_becomes: Name | None = None  # "air": it is gone; None: it stays
    count: int = Field(default=1, ge=1)  # how many of those in sight it changes at most: an omen comes over all trial spawners near
    materials: tuple[Stack, ...] = ()  # consumed besides
    experience: int = 0  # points it costs
    near: tuple[Stack, ...] = ()  # further stations that must be near: 7 bookshelf
    rest: int = 0  # ticks until the same target can be used again (a sheep regrows its wool)
    ticks: int = 0  # how long one use takes (until a fish bites)


class GrowFact(Frozen):
    """Growing: the seed applied on the soil turns into the plant after so many ticks, or sooner with bone_meal."""

    seed: Name
    soil: Name
    plant: Name  # a block with drops
    ticks: int
    bone_meal: int = 0  # applications that ripen it at once; 0: bone meal does nothing
    count: int = Field(default=1, ge=1)  # blocks of the plant that then stand there: a tree's logs


class TradeFact(Frozen):
    """An offer: ``count`` of ``item`` for one or two kinds of ``materials`` from a mob that has come to ``level`` (1 novice, 5 master)."""

    mob: Name  # villager[librarian], wandering_trader
    item: Name
    count: int = 1
    materials: tuple[Stack, ...] = Field(min_length=1, max_length=2)
    level: int = Field(default=1, ge=1, le=5)
    chance: float = Field(default=1.0, gt=0, le=1)  # that such a one makes this offer


class BuildFact(Frozen):
    """A blueprint: ``materials`` set up as a structure (a portal, kept while it stands) or called to life as a mob (a wither)."""

    makes: Name  # a block of ``portals``, or a mob
    materials: tuple[Stack, ...] = Field(min_length=1, max_length=SLOTS)
    tools: tuple[Name, ...] = ()  # any of these, which wears by one: flint_and_steel
    on: Name | None = None  # a block that must be within reach and is turned into it: end_portal_frame


class ContentFact(Frozen):
    """What a structure holds: between ``low`` and ``high`` of a block or a mob; a chest is a block whose drops are its loot."""

    name: Name
    low: int = 1
    high: int = 1
    respawn: int = Field(default=0, ge=0)  # ticks until a mob of it that was killed is there again; 0: never


class StructureFact(Frozen):
    """A structure that is found by exploring: ``per_cell`` is the mean number in a map cell (16x16) of its biomes."""

    biomes: tuple[Name, ...] = ()  # none: any land biome of the overworld
    layer: Literal["surface", "underground"] = "surface"
    y: int | None = None  # the height of one underground
    per_cell: float = Field(gt=0)
    holds: tuple[ContentFact, ...] = Field(min_length=1)


class DepositFact(Frozen):
    """Where a block occurs: biomes, layer, heights; ``per_cell`` mean clusters per 16x16 cell of between ``low`` and ``high`` blocks."""

    block: Name
    biomes: tuple[Name, ...] = ()  # none: any land biome
    layer: Literal["surface", "underground"] = "surface"
    y: tuple[int, int] | None = None  # underground: lowest and highest
    peak: int | None = None  # where it is most common (triangular), None: even
    per_cell: float = Field(gt=0)
    low: int = 1
    high: int = 1
    rarity: Rarity = Rarity.COMMON


class BiomeFact(Frozen):
    """A biome: its share of its dimension, the block underfoot and the one below that; ``height`` is the mean surface y.

    What names no biomes is of the overworld.
    """

    dimension: Name = "overworld"
    weight: float = 1.0
    top: Name = "grass_block"
    below: Name = "dirt"
    water: bool = False  # an ocean, a river
    height: int = 68


class RuleBook(Frozen):
    """Everything a world plays by. ``docs/facts.md`` documents it; :func:`load` reads it."""

    format: Literal[1] = 1
    name: str
    version: str
    items: dict[Name, ItemFact] = Field(max_length=MOST)
    blocks: dict[Name, BlockFact] = Field(max_length=MOST)
    groups: dict[Name, tuple[Name, ...]] = {}
    crafts: tuple[CraftFact, ...] = Field(default=(), max_length=MOST)
    smelts: tuple[SmeltFact, ...] = Field(default=(), max_length=MOST)
    mobs: dict[Name, MobFact] = {}
    uses: tuple[UseFact, ...] = Field(default=(), max_length=MOST)
    grows: tuple[GrowFact, ...] = ()
    biomes: dict[Name, BiomeFact]
    deposits: tuple[DepositFact, ...] = ()
    structures: dict[Name, StructureFact] = {}
    trades: tuple[TradeFact, ...] = Field(default=(), max_length=MOST)
    builds: tuple[BuildFact, ...] = ()
    portals: dict[Name, Name] = {}  # block -> the dimension it leads to from the overworld, and back from there
    fuels: dict[Name, dict[Name, int]] = {}  # station -> item -> crafts that one of it feeds: a brewing_stand's blaze_powder, 20
    unobtainable: dict[Name, str] = {}  # items no survival player can have -> why, as the end of a sentence
    aliases: dict[str, Name] = {}  # other names, older or spoken -> ours

    @model_validator(mode="after")
    def _names_exist(self) -> RuleBook:
        for where, name in mentions.items(self):
            if name not in self.items and name not in self.groups:
                raise ValueError(f"{where}: no item or group '{name}' in items or groups")
        for where, name in mentions.blocks(self):
            if name not in self.blocks:
                raise ValueError(f"{where}: no block '{name}' in blocks")
        for where, name in mentions.mobs(self):
            if name not in self.mobs:
                raise ValueError(f"{where}: no mob '{name}' in mobs")
        for where, biomes in mentions.biomes(self):
            if unknown := set(biomes) - set(self.biomes):
                raise ValueError(f"{where}: no biome '{min(unknown)}' in biomes")
        if both := set(self.groups) & (set(self.items) | set(self.blocks)):
            raise ValueError(f"groups.{min(both)}: a group must not be called like an item or a block")
        return self


def load(path: Path) -> RuleBook:
    """The rule book in a JSON file; raises :class:`BadFile` naming the entry and the mend."""
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise BadFile(path, "", f"has {size:,} bytes, and a rule book has at most {LARGEST:,}; leave out what is not needed")
        return RuleBook.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadFile(path, "", f"cannot be read ({error.strerror}); give the path of a rule book, see docs/facts.md") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "top"
        raise BadFile(path, where, f"{first['msg']}; docs/facts.md describes the format") from error


def rules_hash(book: RuleBook) -> str:
    """Twelve hex digits that identify the rules; two books with equal entries have equal hashes."""
    text = json.dumps(book.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
