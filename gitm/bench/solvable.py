"""What can be obtained in a world at all: a fixpoint over its rule book, for benches to prove that a goal is possible.

It shares no code with :mod:`gitm.rank` and :mod:`gitm.tree`, which work on ways that were read; this works on the rules themselves.
Names are settled in the order of their work (Knuth 1977): one more than that of all inputs, and no less than that of what is kept.
So nothing is obtained from itself, and the work is an upper bound of the performances that one batch takes. What guides advise does not
count as needed: monsters can be fought with bare hands, and what lies below the ground and on it, however rarely, can be had without
digging. Only what lies nowhere but below the ground needs a pickaxe, since worlds do not let one dig through rock by hand.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from gitm.facts import SELF, BlockFact, CraftFact, DropFact, RuleBook, SmeltFact, ToolFact, UseFact

FUEL = "fuel"  # so many ticks of burning
EXPERIENCE = "experience"


@dataclass(frozen=True)
class Rule:
    """One performance gives ``count`` of ``gives``; it takes ``takes`` (name, count) and keeps one of each of ``keeps``."""

    gives: str
    count: float = 1.0
    takes: tuple[tuple[str, float], ...] = ()
    keeps: tuple[frozenset[str], ...] = ()


@dataclass
class Reach:
    """Names that can be obtained, with their work, as rules become known one after another."""

    work: dict[str, float] = field(default_factory=dict)
    batch: dict[str, float] = field(default_factory=dict)  # how many a performance gives
    _waiting: defaultdict[str, list[tuple[Rule, list[int], int]]] = field(default_factory=lambda: defaultdict(list))
    _heap: list[tuple[float, str, float]] = field(default_factory=list)

    def learn(self, rules: Iterable[Rule]) -> None:
        """Add rules and settle whatever they make possible."""
        for rule in rules:
            needs = [frozenset({name}) for name, _ in rule.takes] + list(rule.keeps)
            open_needs = {at for at, names in enumerate(needs) if not names & self.work.keys()}
            left = [len(open_needs)]
            for at in open_needs:
                for name in needs[at]:
                    self._waiting[name].append((rule, left, at))
            if not open_needs:
                self._ready(rule)
        self._settle()

    def can(self, names: Iterable[str]) -> bool:
        """Whether all of them can be obtained."""
        return all(name in self.work for name in names)

    def cost(self, stacks: Iterable[tuple[str, float]]) -> float:
        """The work of so many of each; infinite when something cannot be obtained."""
        return sum(math.ceil(count / self.batch[name]) * self.work[name] if name in self.work else math.inf for name, count in stacks)

    def _ready(self, rule: Rule) -> None:
        kept = max((min(self.work.get(name, math.inf) for name in names) for names in rule.keeps), default=0.0)
        tries = max(1.0, 1.0 / rule.count)  # a rare drop is tried more often
        work = max(tries * (1.0 + self.cost(rule.takes)), kept + 1.0)
        heapq.heappush(self._heap, (work, rule.gives, max(1.0, rule.count)))

    def _settle(self) -> None:
        while self._heap:
            work, name, count = heapq.heappop(self._heap)
            if name in self.work:
                continue
            self.work[name], self.batch[name] = work, count
            met: set[tuple[int, int]] = set()
            for rule, left, at in self._waiting.pop(name, ()):
                if (id(left), at) in met or left[0] <= 0:
                    continue
                met.add((id(left), at))
                if self._newly(rule, at, name):
                    left[0] -= 1
                if left[0] == 0:
                    self._ready(rule)

    def _newly(self, rule: Rule, at: int, name: str) -> bool:
        """Whether the name is the first of its alternatives; for what is taken it always is."""
        kept = at - len(rule.takes)
        return kept < 0 or not any(other in self.work for other in rule.keeps[kept] if other != name)


def reach(book: RuleBook) -> Reach:
    """Everything that can be obtained in a world from nothing."""
    found = Reach()
    crafts = [_fuelled(book, fact) for fact in book.crafts]
    found.learn([*sources(book), *crafts, *map(smelting, book.smelts)])
    return found


def _fuelled(book: RuleBook, fact: CraftFact) -> Rule:
    """A recipe as a rule, with the fuel that its station takes: a brewing stand's."""
    rule = crafting(fact)
    fuels = book.fuels.get(fact.station or "", {})
    return replace(rule, keeps=(*rule.keeps, frozenset(fuels))) if fuels else rule


def crafting(fact: CraftFact) -> Rule:
    """A recipe as a rule."""
    keeps = (frozenset({fact.station, f":{fact.station}"}),) if fact.station else ()
    return Rule(fact.item, fact.count, tuple((stack.item, float(stack.count)) for stack in fact.materials), keeps)


def smelting(fact: SmeltFact) -> Rule:
    """A smelting recipe as a rule; fuel is counted in smelts of usual length."""
    keeps = (frozenset({fact.station, f":{fact.station}"}),)
    return Rule(fact.item, 1.0, ((fact.material, 1.0), (FUEL, fact.ticks / 200)) if fact.fuel else ((fact.material, 1.0),), keeps)


def sources(book: RuleBook) -> Iterator[Rule]:
    """Everything but recipes: groups, fuel, blocks, mobs, uses, growing, structures, trades. Blocks and mobs have a colon before them."""
    for group, members in book.groups.items():
        yield from (Rule(group, 1.0, ((member, 1.0),)) for member in members)
    for name, item in book.items.items():
        if item.fuel >= 100 and item.durability is None:
            yield Rule(FUEL, item.fuel / 200, ((name, 1.0),))
    yield from _afar(book)
    open_to_all = {deposit.block for deposit in book.deposits if deposit.layer == "surface"}
    open_to_all |= {block for biome in book.biomes.values() for block in (biome.top, biome.below)}
    tools = {name: item.tool for name, item in book.items.items() if item.tool}
    pickaxes = frozenset(name for name, tool in tools.items() if tool.kind == "pickaxe")
    for block in sorted({deposit.block for deposit in book.deposits} | open_to_all):
        dug = () if block in open_to_all or not pickaxes else (pickaxes,)
        yield from (Rule(f":{block}", keeps=(*dug, *gate)) for gate in _gates(book, _biomes_of(book, block)))
    for block, fact in book.blocks.items():
        for drop in fact.drops:
            yield from _dug(tools, block, fact, drop)
        if fact.experience:
            yield from _dug(tools, block, fact, DropFact(item=EXPERIENCE, low=fact.experience, high=fact.experience))
    for mob, being in book.mobs.items():
        if being.density:  # others are only where a structure holds them, or built
            yield from (Rule(f":{mob}", keeps=gate) for gate in _gates(book, [being.biomes]))
        for drop in being.drops:
            yield Rule(drop.item, _mean(drop), ((f":{mob}", 1.0),))
        if being.experience:
            yield Rule(EXPERIENCE, being.experience, ((f":{mob}", 1.0),))
    for use in book.uses:
        yield from _used(use)
    for grow in book.grows:
        yield Rule(f":{grow.plant}", grow.count, ((grow.seed, 1.0),), (frozenset({f":{grow.soil}"}),))


def _afar(book: RuleBook) -> Iterator[Rule]:
    """Structures and what they hold, offers, blueprints, and what stands about as a station."""
    for structure in book.structures.values():
        for gate in _gates(book, [structure.biomes]):
            yield from (Rule(f":{content.name}", keeps=gate) for content in structure.holds if content.high)
    for trade in book.trades:
        takes = tuple((stack.item, float(stack.count)) for stack in trade.materials)
        yield Rule(trade.item, trade.count, takes, (frozenset({f":{trade.mob}"}),))
    for build in book.builds:
        takes = tuple((stack.item, float(stack.count)) for stack in build.materials)
        keeps = [frozenset(build.tools)] if build.tools else []
        keeps += [frozenset({f":{build.on}"})] if build.on else []
        yield Rule(f":{build.makes}", 1.0, takes, tuple(keeps))


def _biomes_of(book: RuleBook, block: str) -> list[tuple[str, ...]]:
    """The sets of biomes in which a block lies, one for each of its deposits and each biome that is made of it."""
    lies = [deposit.biomes for deposit in book.deposits if deposit.block == block]
    return lies + [(name,) for name, biome in book.biomes.items() if block in (biome.top, biome.below)]


def _gates(book: RuleBook, places: Iterable[tuple[str, ...]]) -> set[tuple[frozenset[str], ...]]:
    """What one must have gone through to be at one of the places: nothing in the overworld, elsewhere a portal that stands."""
    dimensions = {book.biomes[biome].dimension for biomes in places for biome in biomes}
    if "overworld" in dimensions or not dimensions or any(not biomes for biomes in places):
        return {()}
    return {(frozenset({f":{portal}"}),) for portal, leads in book.portals.items() if leads in dimensions}


def _dug(tools: Mapping[str, ToolFact], block: str, fact: BlockFact, drop: DropFact) -> Iterator[Rule]:
    fit = frozenset(name for name, tool in tools.items() if _does(fact, drop, tool))
    bare = fact.tier is None and drop.needs in ("any", "no_silk_touch")
    if bare or fit:
        yield Rule(drop.item, _mean(drop), ((f":{block}", 1.0),), () if bare else (fit,))


def _does(fact: BlockFact, drop: DropFact, tool: ToolFact) -> bool:
    """Whether a tool makes the block give the drop."""
    if (drop.needs == "shears" and tool.kind != "shears") or (drop.needs == "silk_touch" and not tool.silk_touch):
        return False
    return fact.tier is None or drop.needs == "shears" or (tool.kind == fact.tool and tool.tier >= fact.tier)


def _used(use: UseFact) -> Iterator[Rule]:
    """Applying an item: on what stands in the world, or on what is held and can be placed."""
    becomes = use.item_becomes if use.item_becomes != use.item else None
    takes = [(stack.item, float(stack.count)) for stack in use.materials]
    takes += [(EXPERIENCE, float(use.experience))] if use.experience else []
    takes += [(use.item, 1.0)] if use.consumes or becomes else []
    near = [stack.item for stack in use.near] + ([use.target] if use.target != SELF else [])
    keeps = [frozenset({use.item}), *(frozenset({name, f":{name}"}) for name in near)]
    gives = [(drop.item, _mean(drop)) for drop in use.gives] + ([(becomes, 1.0)] if becomes else [])
    if use.target_becomes and use.target_becomes != "air":
        gives.append((f":{use.target_becomes}", 1.0))
    for name, count in gives:
        yield Rule(name, count, tuple(takes), tuple(keeps))


def _mean(drop: DropFact) -> float:
    return (drop.low + drop.high) / 2 * drop.chance
