"""Which items can be had at all: a rule book as Horn clauses, and what follows from nothing.

A clause says that a *token* (``item stick``, ``block lava``, ``mob cow``, ``dimension the_end``, ``tool pickaxe 2``) comes about once all
of its conditions have. Time, chance, number and distance are left out: this asks whether, never how dear.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitm.facts import SELF, BlockFact, DropFact, RuleBook, UseFact
from gitm.types import Stack

POINTS = "item experience"
FUEL = "item fuel"


@dataclass(frozen=True)
class Clause:
    """``head`` comes about by ``kind`` of way once everything in ``body`` has."""

    kind: str
    head: str
    body: tuple[str, ...] = ()


def clauses(book: RuleBook) -> list[Clause]:
    """Everything the book allows."""
    return [*_makings(book), *_findings(book), *_workings(book), *_dealings(book)]


def closure(rules: Iterable[Clause]) -> dict[str, list[Clause]]:
    """Every token that follows from nothing, with the clauses that hold for it (linear in the size of the rules: unit propagation)."""
    waiting: dict[str, list[int]] = defaultdict(list)
    rules = list(rules)
    missing = [len(set(rule.body)) for rule in rules]
    for at, rule in enumerate(rules):
        for token in set(rule.body):
            waiting[token].append(at)
    held: dict[str, list[Clause]] = {}
    ready = [at for at, count in enumerate(missing) if not count]
    while ready:
        rule = rules[ready.pop()]
        if rule.head in held:
            held[rule.head].append(rule)
            continue
        held[rule.head] = [rule]
        for at in waiting[rule.head]:
            missing[at] -= 1
            if not missing[at]:
                ready.append(at)
    return held


def obtainable(book: RuleBook) -> set[str]:
    """Every item that can be had from nothing."""
    found = closure(clauses(book))
    return {name for name in book.items if f"item {name}" in found}


def _makings(book: RuleBook) -> Iterator[Clause]:
    """Crafting, smelting, brewing, groups, placing."""
    for group, members in book.groups.items():
        yield from (Clause("group", f"item {group}", (f"item {member}",)) for member in members)
    for name, item in book.items.items():
        if item.fuel:
            yield Clause("group", FUEL, (f"item {name}",))
        if name in book.blocks:
            yield Clause("place", f"block {name}", (f"item {name}",))
        if item.remainder:
            yield Clause("remainder", f"item {item.remainder}", (f"item {name}",))
    for craft in book.crafts:
        station = [f"block {craft.station}"] if craft.station else []
        yield Clause(craft.station or "hand", f"item {craft.item}", (*_items(craft.materials), *station, *_feeds(book, craft.station)))
    for station, fuels in book.fuels.items():
        yield from (Clause("group", f"fuel {station}", (f"item {name}",)) for name in fuels)
    for smelt in book.smelts:
        fuel = (FUEL,) if smelt.fuel else ()
        yield Clause(smelt.station, f"item {smelt.item}", (f"item {smelt.material}", f"block {smelt.station}", *fuel))


def _findings(book: RuleBook) -> Iterator[Clause]:
    """What lies and lives somewhere."""
    yield Clause("start", "dimension overworld")
    for portal, dimension in book.portals.items():
        yield Clause("portal", f"dimension {dimension}", (f"block {portal}",))
    for name, biome in book.biomes.items():
        yield from (Clause("explore", f"block {block}", _in(book, [name])) for block in (biome.top, biome.below))
    for deposit in book.deposits:
        yield from (Clause("explore", f"block {deposit.block}", home) for home in _homes(book, deposit.biomes))
    for name, mob in book.mobs.items():
        if mob.density > 0:
            yield from (Clause("explore", f"mob {name}", home) for home in _homes(book, mob.biomes))
    for structure in book.structures.values():
        for content in structure.holds:
            kind = "mob" if content.name in book.mobs else "block"
            yield from (Clause("structure", f"{kind} {content.name}", home) for home in _homes(book, structure.biomes))


def _workings(book: RuleBook) -> Iterator[Clause]:
    """Digging and fighting, with the tools they take."""
    for name, item in book.items.items():
        if (tool := item.tool) is not None:
            kinds = ("silk_touch",) if tool.silk_touch else ("any",)
            for kind in kinds:
                yield from (Clause("hold", f"tool {tool.kind} {tier} {kind}", (f"item {name}",)) for tier in range(tool.tier + 1))
    for name, block in book.blocks.items():
        if block.liquid or block.hardness is None:
            continue
        for drop in block.drops:
            kind = "structure" if "[" in name else "mine"
            yield from (Clause(kind, f"item {drop.item}", (f"block {name}", *tool)) for tool in _tools(block, drop))
        if block.experience:
            yield Clause("mine", POINTS, (f"block {name}", *_tools(block, DropFact(item=name))[0]))
    for name, mob in book.mobs.items():
        yield from (Clause("attack", f"item {drop.item}", (f"mob {name}",)) for drop in mob.drops if drop.high)
        if mob.experience:
            yield Clause("attack", POINTS, (f"mob {name}",))


def _tools(block: BlockFact, drop: DropFact) -> list[tuple[str, ...]]:
    """The tools, any one of which makes the block give that drop; an empty one is the bare hand."""
    if drop.needs == "shears":
        return [("tool shears 0 any",)]
    if drop.needs == "silk_touch":
        kinds = (block.tool,) if block.tier is not None else ("pickaxe", "axe", "shovel", "hoe")
        return [(f"tool {kind} {block.tier or 0} silk_touch",) for kind in kinds]
    return [(f"tool {block.tool} {block.tier} any",)] if block.tier is not None else [()]


def _dealings(book: RuleBook) -> Iterator[Clause]:
    """Applying, growing, trading, building."""
    for use in book.uses:
        body = (f"item {use.item}", *_target(use), *_items(use.materials), *(f"block {stack.item}" for stack in use.near))
        body += (POINTS,) if use.experience else ()
        gives = {drop.item for drop in use.gives} | ({use.item_becomes} if use.item_becomes else set())
        yield from (Clause("apply", f"item {name}", body) for name in sorted(gives))
        if use.target_becomes and use.target_becomes != "air":
            yield Clause("apply", f"{'mob' if use.target_becomes in book.mobs else 'block'} {use.target_becomes}", body)
    for grow in book.grows:
        yield Clause("grow", f"block {grow.plant}", (f"item {grow.seed}", f"block {grow.soil}"))
    for trade in book.trades:
        yield Clause("trade", f"item {trade.item}", (f"mob {trade.mob}", *_items(trade.materials)))
    for build in book.builds:
        kind = "mob" if build.makes in book.mobs else "block"
        on = (f"block {build.on}",) if build.on else ()
        for tool in build.tools or ("",):
            yield Clause("build", f"{kind} {build.makes}", (*_items(build.materials), *on, *((f"item {tool}",) if tool else ())))


def _target(use: UseFact) -> tuple[str, ...]:
    return () if use.target == SELF else (f"{use.on} {use.target}",)


def _items(stacks: Iterable[Stack]) -> tuple[str, ...]:
    return tuple(f"item {stack.item}" for stack in stacks)


def _feeds(book: RuleBook, station: str | None) -> tuple[str, ...]:
    return (f"fuel {station}",) if station in book.fuels else ()


def _homes(book: RuleBook, biomes: Iterable[str]) -> list[tuple[str, ...]]:
    """One condition for each dimension the biomes lie in; what names none is of the overworld."""
    return [(f"dimension {name}",) for name in sorted({book.biomes[biome].dimension for biome in biomes} or {"overworld"})]


def _in(book: RuleBook, biomes: Iterable[str]) -> tuple[str, ...]:
    return _homes(book, biomes)[0]
