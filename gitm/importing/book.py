"""A jar's data pack laid over the nearest shipped rule book: the jar's recipes and drops, the book's everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from gitm.errors import BadFile
from gitm.facts import BlockFact, CraftFact, DropFact, ItemFact, RuleBook, UseFact
from gitm.importing.jar import DataPack, read_jar
from gitm.importing.loot import Tables
from gitm.importing.names import Broken, Names
from gitm.importing.recipes import Groups, Recipes

T = TypeVar("T")
STATIONS = frozenset({None, "crafting_table", "stonecutter", "smithing_table"})  # whose recipes a jar has all of
CONTAINERS = ("chest", "barrel", "dispenser", "decorated_pot")  # blocks whose variants hold the loot of a table
HARDNESS = 2.0  # of a block that no book knows: that of planks and bricks
FISHING = UseFact(item="fishing_rod", target="water", wear=1, ticks=400)
BARTERING = UseFact(item="gold_ingot", target="piglin", on="mob", consumes=True, ticks=120)


@dataclass
class Imported:
    """The finished book, and what a user should know of how it came about."""

    book: RuleBook
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def import_jar(jar: Path, base: Callable[[str], RuleBook]) -> Imported:
    """The rule book of a server jar; ``base`` gives the book for the jar's version that says what the jar does not.

    Raises :class:`BadFile` naming the entry of the jar that is broken.
    """
    pack = read_jar(jar)
    return _Import(jar, pack, base(pack.version)).imported()


class _Import:
    """One import: gathers the parts, then checks the whole."""

    def __init__(self, jar: Path, pack: DataPack, base: RuleBook) -> None:
        self.jar, self.pack, self.base = jar, pack, base
        self.names = Names(pack.item_tags, base.items, base.aliases)
        self.tables = Tables(pack.loot, self.names)
        self.counts: Counter[str] = Counter()
        self.notes: list[str] = []
        self.blocks, self.mobs, self.uses = dict(base.blocks), dict(base.mobs), list(base.uses)

    def imported(self) -> Imported:
        """Everything the jar says, over everything the base book does."""
        groups = self._at("tags", lambda: Groups(self.base.groups, self.names, frozenset({*self.base.items, *self.base.blocks})))
        recipes = Recipes(self.names, groups)
        for name, value in self.pack.recipes.items():
            self._at(f"recipe {name}", recipes.add, value)
        crafts = tuple(dict.fromkeys((*recipes.crafts, *self._kept(recipes.crafts))))
        stations = {smelt.station for smelt in recipes.smelts}
        smelts = tuple(dict.fromkeys((*recipes.smelts, *(smelt for smelt in self.base.smelts if smelt.station not in stations))))
        for name in self.pack.loot:
            self._loot(name)
        made = {craft.item for craft in crafts} | {smelt.item for smelt in smelts} | {drop.item for drop in self._drops()}
        changes = {
            "version": self.pack.version,
            "groups": groups.members,
            "crafts": crafts,
            "smelts": smelts,
            "blocks": self.blocks,
            "mobs": self.mobs,
            "uses": tuple(self.uses),
            "unobtainable": {name: why for name, why in self.base.unobtainable.items() if name not in made},
        }
        book = self._checked(changes)
        self.counts |= {"crafts": len(recipes.crafts), "smelts": len(recipes.smelts)}
        if left := sum(recipes.left_out.values()):
            self.notes.append(f"{left} recipes left out: " + ", ".join(f"{n} {kind}" for kind, n in sorted(recipes.left_out.items())))
        return Imported(book, dict(self.counts), self.notes)

    def _kept(self, crafts: list[CraftFact]) -> Iterator[CraftFact]:
        """The base book's crafts that a jar does not speak of: at other stations, of variants, and of what only the game's code makes."""
        made = {craft.item for craft in crafts}
        yield from (craft for craft in self.base.crafts if craft.station not in STATIONS or craft.item not in made)

    def _loot(self, name: str) -> None:
        folder, _, rest = name.partition("/")
        if folder == "blocks":
            self._block(rest, name)
        elif folder == "entities":
            self._mob(rest.partition("/")[0], name)
        elif folder == "chests":
            self._container(rest, name)
        elif folder == "archaeology":
            self._use(name, lambda use: use.item == "brush" and use.target.endswith(f"[{rest}]"), None)
        elif name == "gameplay/fishing":
            self._use(name, lambda use: (use.item, use.target) == (FISHING.item, FISHING.target), FISHING)
        elif name == "gameplay/piglin_bartering":
            self._use(name, lambda use: (use.item, use.target) == (BARTERING.item, BARTERING.target), BARTERING)

    def _block(self, block: str, table: str) -> None:
        drops, known = self._at(f"loot table {table}", self.tables.drops, table), self.names.item(block)
        if known not in self.blocks:
            self.counts["blocks of unknown hardness"] += 1
        fact = self.blocks.get(known, BlockFact(hardness=HARDNESS))
        self.blocks[known] = fact.model_copy(update={"drops": drops})
        self.counts["blocks"] += 1

    def _mob(self, mob: str, table: str) -> None:
        """A mob's drops. A sheep's are told by the colour: of the tables of one mob that with the most kinds of things counts."""
        if mob not in self.mobs:
            self.counts["mobs without a place in the base book"] += 1
            return
        if table.count("/") > 1 and not table.endswith("/white"):
            return
        drops, fact = self._at(f"loot table {table}", self.tables.drops, table), self.mobs[mob]
        if table.count("/") == 1 or len({drop.item for drop in drops}) > len({drop.item for drop in fact.drops}):
            self.mobs[mob] = fact.model_copy(update={"drops": drops})
            self.counts["mobs"] += 1

    def _container(self, rest: str, table: str) -> None:
        """What is in a chest of a structure: the base book's block called like the table holds it, besides itself."""
        place = rest.rpartition("/")[2]
        suffix = next((kind for kind in CONTAINERS if place.endswith(f"_{kind}")), "")
        place = place.removesuffix(f"_{suffix}") if suffix else place
        places = (f"trial_{place}", place) if rest.startswith("trial_chambers/") else (place,)
        block = next((name for kind in (suffix or "chest",) for at in places if (name := f"{kind}[{at}]") in self.blocks), None)
        if block is None:
            self.counts["chests without a place in the base book"] += 1
            return
        drops = self._at(f"loot table {table}", self.tables.drops, table)
        kind = block.partition("[")[0]
        self.blocks[block] = self.blocks[block].model_copy(update={"drops": (DropFact(item=kind), *drops)})
        self.counts["chests"] += 1

    def _use(self, table: str, fits: Callable[[UseFact], bool], new: UseFact | None) -> None:
        """What a use gives: one of the base book's, or a new one if the book knows its item and what it is applied on."""
        drops = self._at(f"loot table {table}", self.tables.drops, table)
        at = next((at for at, use in enumerate(self.uses) if fits(use)), None)
        if at is not None:
            self.uses[at] = self.uses[at].model_copy(update={"gives": drops})
        elif new and new.item in self.base.items and new.target in {*self.blocks, *self.mobs}:
            self.uses.append(new.model_copy(update={"gives": drops}))
        else:
            self.counts["tables without a place in the base book"] += 1
            return
        self.counts["uses"] += 1

    def _drops(self) -> Iterator[DropFact]:
        for block in self.blocks.values():
            yield from block.drops
        for mob in self.mobs.values():
            yield from mob.drops
        for use in self.uses:
            yield from use.gives

    def _checked(self, changes: dict[str, Any]) -> RuleBook:
        """The whole book, with every item that the jar names and no book knows; it can be stacked, and no more is known of it."""
        named = {stack.item for craft in changes["crafts"] for stack in craft.materials} | {craft.item for craft in changes["crafts"]}
        named |= {name for smelt in changes["smelts"] for name in (smelt.item, smelt.material)} | {drop.item for drop in self._drops()}
        named |= {member for members in changes["groups"].values() for member in members}
        new = sorted(named - set(self.base.items) - set(changes["groups"]))
        self.counts["items that no book knew"] = len(new)
        items = {**self.base.items, **{name: ItemFact() for name in new}}
        book = self.base.model_copy(update={**changes, "items": items})
        return self._at("the whole", lambda: RuleBook.model_validate_json(book.model_dump_json()))

    def _at(self, where: str, read: Callable[..., T], *values: Any) -> T:
        """What ``read`` gives, its errors told with the entry of the jar."""
        try:
            return read(*values)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]["msg"]
        except Broken as error:
            problem = str(error)
        except RecursionError:
            problem = "is nested too deeply"
        raise BadFile(self.jar, where, f"{problem}; get the server jar anew from where Minecraft is sold")
