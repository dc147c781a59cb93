"""Every name that a rule book mentions, with the entry that does: what must exist for the book to make sense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitm.facts import RuleBook
    from gitm.types import Stack

Mention = tuple[str, str]  # where, name
_NOWHERE = ("air", "self")  # what a use may leave behind, and what it need not aim at


def items(book: RuleBook) -> Iterator[Mention]:
    """Items and groups."""
    yield from ((f"groups.{group}", member) for group, members in book.groups.items() for member in members)
    yield from ((f"items.{name}", item.remainder) for name, item in book.items.items() if item.remainder)
    yield from ((f"crafts[{at}]", name) for at, craft in enumerate(book.crafts) for name in (craft.item, *_names(craft.materials)))
    yield from ((f"smelts[{at}]", name) for at, smelt in enumerate(book.smelts) for name in (smelt.item, smelt.material))
    yield from ((f"blocks.{name}", drop.item) for name, block in book.blocks.items() for drop in block.drops)
    yield from ((f"mobs.{name}", drop.item) for name, mob in book.mobs.items() for drop in mob.drops)
    for at, use in enumerate(book.uses):
        names = (use.item, use.item_becomes or use.item, *_names(use.materials), *(drop.item for drop in use.gives))
        yield from ((f"uses[{at}]", name) for name in names)
    yield from ((f"grows[{at}]", grow.seed) for at, grow in enumerate(book.grows))
    yield from ((f"trades[{at}]", name) for at, trade in enumerate(book.trades) for name in (trade.item, *_names(trade.materials)))
    yield from ((f"builds[{at}]", name) for at, build in enumerate(book.builds) for name in (*build.tools, *_names(build.materials)))
    yield from ((f"fuels.{station}", name) for station, fuels in book.fuels.items() for name in fuels)
    yield from ((f"unobtainable.{name}", name) for name in book.unobtainable)


def blocks(book: RuleBook) -> Iterator[Mention]:
    """Blocks. A use may also aim at a mob, or leave nothing; a structure holds both blocks and mobs."""
    yield from ((f"deposits[{at}]", deposit.block) for at, deposit in enumerate(book.deposits))
    yield from ((f"crafts[{at}]", craft.station) for at, craft in enumerate(book.crafts) if craft.station)
    yield from ((f"smelts[{at}]", smelt.station) for at, smelt in enumerate(book.smelts))
    yield from ((f"grows[{at}]", name) for at, grow in enumerate(book.grows) for name in (grow.soil, grow.plant))
    yield from ((f"biomes.{biome}", name) for biome, fact in book.biomes.items() for name in (fact.top, fact.below))
    yield from ((f"portals.{name}", name) for name in book.portals)
    yield from ((f"fuels.{station}", station) for station in book.fuels)
    yield from ((f"builds[{at}]", build.on) for at, build in enumerate(book.builds) if build.on)
    yield from ((f"builds[{at}]", build.makes) for at, build in enumerate(book.builds) if build.makes not in book.mobs)
    for name, structure in book.structures.items():
        yield from ((f"structures.{name}", content.name) for content in structure.holds if content.name not in book.mobs)
    for at, use in enumerate(book.uses):
        aims = (use.target, use.target_becomes, *_names(use.near))
        yield from ((f"uses[{at}]", name) for name in aims if name is not None and name not in _NOWHERE and name not in book.mobs)


def mobs(book: RuleBook) -> Iterator[Mention]:
    """Mobs that can be nothing else."""
    yield from ((f"trades[{at}]", trade.mob) for at, trade in enumerate(book.trades))


def biomes(book: RuleBook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every set of biomes, and where."""
    yield from ((f"deposits[{at}]", deposit.biomes) for at, deposit in enumerate(book.deposits))
    yield from ((f"mobs.{name}", mob.biomes) for name, mob in book.mobs.items())
    yield from ((f"structures.{name}", structure.biomes) for name, structure in book.structures.items())


def _names(stacks: tuple[Stack, ...]) -> Iterator[str]:
    return (stack.item for stack in stacks)
