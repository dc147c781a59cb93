"""One passage of natural sentences per item, rendered from a rule book: the guides that ship without being written by hand.

GITM feeds its decomposer recipe sentences rendered from game data and wiki paragraphs; these are ours. The sentences are those
of :mod:`gitm.grammar`.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from gitm import grammar as g
from gitm.facts import BlockFact, DepositFact, DropFact, ItemFact, MobFact, RuleBook, UseFact
from gitm.rank import SEARCH
from gitm.types import Passage, Rarity

_EASE = list(SEARCH)  # from common to very rare
_SMELT_TICKS = 200
_FUELS = 12  # as many fuels as are worth reading
_DIG_LIMIT = 45  # "most often" heights above this are on the surface or in the air; one digs lower instead


def render(book: RuleBook) -> tuple[Passage, ...]:
    """The passages of a rule book, in the order of item names; ids are ``item:<name>``."""
    return tuple(
        Passage(id=f"item:{name}", text=text, items=(name,), source=f"{book.name} {book.version}", title=f"How to get {name}")
        for name, text in sorted(_Renderer(book).texts().items())
    )


class _Renderer:
    """Collects the sentences of every item, then joins them."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.sentences: defaultdict[str, list[str]] = defaultdict(list)
        self.made = {use.target_becomes: use for use in book.uses if use.target_becomes in book.blocks}
        self.planted = {grow.plant: grow for grow in book.grows}
        self.where = self._wheres()
        self.eases: dict[tuple[str, int], float] = {}

    def texts(self) -> dict[str, str]:
        """Item -> its passage."""
        self._crafts()
        self._mining()
        self._mobs()
        self._uses()
        self._smelts()
        self._groups()
        self._tools()
        return {name: " ".join(dict.fromkeys(found)) for name, found in self.sentences.items()}

    def _say(self, about: str, forms: Sequence[g.Form], /, **slots: str) -> None:
        """One sentence about the item, in a form that varies from item to item but never for one."""
        form = forms[zlib.crc32(about.encode()) % len(forms)]
        self.sentences[about].append(form.render(**slots))

    def _crafts(self) -> None:
        for craft in self.book.crafts:
            stacks = g.stacks_text([(stack.item, stack.count) for stack in craft.materials])
            station = g.a(craft.station) if craft.station else "nothing"
            self._say(craft.item, g.CRAFT, n=str(craft.count), item=craft.item, stacks=stacks, tools=station)

    def _smelts(self) -> None:
        for smelt in self.book.smelts:
            fuel = max(1, round(smelt.ticks / _SMELT_TICKS))
            stacks = g.stacks_text([(smelt.material, 1), ("fuel", fuel)])
            self._say(smelt.item, g.SMELT, n="1", item=smelt.item, stacks=stacks, tools=g.a(smelt.station))

    def _mining(self) -> None:
        for block, fact in self.book.blocks.items():
            if block not in self.where and block not in self.made and block not in self.planted:
                continue  # only ever placed by a player
            for drop in fact.drops:
                tools = self._diggers(fact, drop)
                if tools is None:
                    continue
                self._gives(drop, g.MINE, block, tool=g.tool_text(tools))
                self._source(drop.item, block)
            if fact.experience and block in self.where:
                tools = self._diggers(fact, DropFact(item=block, needs="no_silk_touch")) or ()
                self._say(
                    "experience", g.MINE, target=block, amount=str(fact.experience), item="experience", odds="", tool=g.tool_text(tools)
                )
                self._source("experience", block)

    def _gives(self, drop: DropFact, forms: Sequence[g.Form], target: str, **slots: str) -> None:
        amount = g.amount_text(drop.low, drop.high)
        self._say(drop.item, forms, target=target, amount=amount, item=drop.item, odds=g.odds_text(drop.chance), **slots)

    def _source(self, item: str, block: str) -> None:
        """Where the block is found, or how it comes about."""
        self.sentences[item] += self.where.get(block, [])
        if (use := self.made.get(block)) is not None:
            self._made(item, use, block)
        if (grow := self.planted.get(block)) is not None:
            minutes = f"{grow.ticks / 1200:.3g}"
            self._say(item, g.GROW, use=grow.seed, on=grow.soil, target=block, minutes=minutes)
            if (use := self.made.get(grow.soil)) is not None:
                self._made(item, use, grow.soil)

    def _made(self, item: str, use: UseFact, block: str) -> None:
        self._say(item, g.MAKE, use=use.item, on=use.target, target=block)
        self.sentences[item] += self.where.get(use.target, [])

    def _diggers(self, fact: BlockFact, drop: DropFact) -> tuple[str, ...] | None:
        """The tools that make the block give that drop, most basic first; empty: bare hands; None: there is no such tool."""
        if drop.needs == "shears":
            return tuple(name for name, item in self.book.items.items() if item.tool and item.tool.kind == "shears") or None
        silk = drop.needs == "silk_touch"
        if fact.tier is None and not silk:
            return ()
        found = [
            (item.tool.tier, item.tool.speed, name)
            for name, item in self.book.items.items()
            if item.tool
            and item.tool.silk_touch == silk
            and (fact.tier is None or (item.tool.kind == fact.tool and item.tool.tier >= fact.tier))
        ]
        return tuple(name for *_, name in sorted(found)) or None

    def _mobs(self) -> None:
        weapons = self._weapons()
        for mob, fact in self.book.mobs.items():
            advice = f"; {g.tool_text(weapons)} is advised" if fact.hostile and len(weapons) > 1 else ""
            drops = list(fact.drops)
            if fact.experience:
                drops.append(DropFact(item="experience", low=fact.experience, high=fact.experience))
            for drop in drops:
                self._gives(drop, g.ATTACK, mob, advice=advice)
                self.sentences[drop.item] += self.where.get(mob, [])

    def _weapons(self) -> list[str]:
        """What a fighter wants in the hand, weakest first; wood is not enough."""
        swords = [
            (item.damage, item.durability or 0, name)
            for name, item in self.book.items.items()
            if item.tool and item.tool.kind == "sword" and item.tool.tier >= 1
        ]
        return [name for *_, name in sorted(swords)]

    def _uses(self) -> None:
        for use in self.book.uses:
            stacks = [(stack.item, stack.count) for stack in use.materials]
            if use.experience:
                stacks.append(("experience", use.experience))
            gives = list(use.gives)
            if use.item_becomes and use.item_becomes != use.item:
                gives.append(DropFact(item=use.item_becomes))
            fate = "uses it up" if use.consumes or (use.item_becomes and use.item_becomes != use.item) else "keeps it"
            for drop in gives:
                self._say(
                    drop.item,
                    g.APPLY,
                    use=use.item,
                    on=use.target,
                    near=f", with {g.stacks_text([(s.item, s.count) for s in use.near])} near" if use.near else "",
                    amount=g.amount_text(drop.low, drop.high),
                    item=drop.item,
                    odds=g.odds_text(drop.chance),
                    fate=fate,
                    besides=f"; it also takes {g.stacks_text(stacks)}" if stacks else "",
                )
                self.sentences[drop.item] += self.where.get(use.target, [])

    def _ground_tools(self) -> tuple[str, ...]:
        """With what one digs through the ground: its hardest common block decides."""
        rock: tuple[str, ...] = ("stone", "deepslate")
        ground = [name for name in rock if name in self.book.blocks] or [biome.below for biome in self.book.biomes.values()]
        tools = [self._diggers(self.book.blocks[name], DropFact(item=name)) for name in ground if name in self.book.blocks]
        return min((found for found in tools if found), key=len, default=())

    def _groups(self) -> None:
        for group, members in self.book.groups.items():
            self._say(group, g.GROUP, item=group, names=g.names_text(self._easiest_first(members), "or"))
        burning = [(item.fuel, name) for name, item in self.book.items.items() if _burnable(name, item) and self._worth_burning(name)]
        for ticks, name in sorted(burning, key=lambda pair: (int(self._ease(pair[1])), -pair[0], pair[1]))[:_FUELS]:
            count = -(-_SMELT_TICKS // ticks) if ticks < _SMELT_TICKS else 2 if ticks % _SMELT_TICKS else 1
            self._say("fuel", g.COUNTS, item="fuel", stacks=g.stacks_text([(name, count)]), n=str(ticks * count // _SMELT_TICKS))
        if weapons := self._weapons():
            self._say("weapon", g.GROUP, item="weapon", names=g.names_text(weapons, "or"))
        eaten = [name for name, item in self.book.items.items() if item.food >= 2 and not item.harmful]
        if eaten:
            self._say("food", g.GROUP, item="food", names=g.names_text(self._easiest_first(eaten), "or"))

    def _worth_burning(self, name: str) -> bool:
        """Whether it is dug up, or burns no worse than what it is made of: coal and planks do, boats and fences do not."""
        fuel = self.book.items[name].fuel
        return any(self._drops(deposit.block, name) for deposit in self.book.deposits) or all(
            fuel * craft.count >= sum(stack.count * self._fuel(stack.item) for stack in craft.materials)
            for craft in self.book.crafts
            if craft.item == name
        )

    def _fuel(self, name: str) -> int:
        members = self.book.groups.get(name, (name,))
        return max((self.book.items[member].fuel for member in members), default=0)

    def _easiest_first(self, members: Iterable[str]) -> list[str]:
        return sorted(members, key=lambda name: (self._ease(name), name))

    def _ease(self, item: str, depth: int = 4) -> float:
        """A rough height of the work for an item: rarity of its sources, a little more for each step of making."""
        if (item, depth) not in self.eases:
            self.eases[item, depth] = self._worked_out_ease(item, depth) if depth > 0 else 9.0
        return self.eases[item, depth]

    def _worked_out_ease(self, item: str, depth: int) -> float:
        if item in self.book.groups:
            return min(self._ease(member, depth - 1) for member in self.book.groups[item])
        ease = [
            _EASE.index(deposit.rarity) + 0.01 / deposit.per_cell + _depth(deposit)
            for deposit in self.book.deposits
            if self._drops(deposit.block, item)
        ]
        ease += [_EASE.index(mob.rarity) + 0.2 for mob in self.book.mobs.values() if any(drop.item == item for drop in mob.drops)]
        if not ease:
            for craft in self.book.crafts:
                if craft.item == item and len(craft.materials) <= 3:
                    ease.append(0.1 + sum(self._ease(stack.item, depth - 1) for stack in craft.materials))
            ease += [1.0 + self._ease(smelt.material, depth - 1) for smelt in self.book.smelts if smelt.item == item]
        return min(ease, default=9.0)

    def _drops(self, block: str, item: str) -> bool:
        return any(drop.item == item and drop.needs in ("any", "no_silk_touch") for drop in self.book.blocks[block].drops)

    def _tools(self) -> None:
        for name, item in self.book.items.items():
            if item.durability and (item.tool or name in self.sentences):
                self._say(name, g.LASTS, item=name, n=str(item.durability))

    def _wheres(self) -> dict[str, list[str]]:
        """Block or mob -> the sentences that say where it is found."""
        found: dict[str, list[str]] = {}
        layers: defaultdict[tuple[str, str], list[DepositFact]] = defaultdict(list)
        for deposit in self.book.deposits:
            layers[deposit.block, deposit.layer].append(deposit)
        diggers = self._ground_tools()
        for (block, layer), deposits in layers.items():
            found.setdefault(block, []).append(_where_block(block, deposits))
            if layer == "underground":
                found[block].append(g.DIG[0].render(item=block, tool=g.tool_text(diggers)))
        for biome in self.book.biomes.values():
            for block in (biome.top, biome.below):
                if block not in found and block in self.book.blocks:
                    homes = [name for name, other in self.book.biomes.items() if block in (other.top, other.below)]
                    found[block] = [_where(block, Rarity.COMMON, "on the surface", homes)]
        for mob, fact in self.book.mobs.items():
            found.setdefault(mob, []).append(_where_mob(mob, fact))
        return found


def _depth(deposit: DepositFact) -> float:
    """What digging adds to the height of the work."""
    return 0.2 + (_DIG_LIMIT - _height(deposit)) / 400 if deposit.layer == "underground" else 0.0


def _burnable(name: str, item: ItemFact) -> bool:
    """Things one would burn: not what lasts, not what stands or leaves something behind."""
    return item.fuel >= 100 and item.durability is None and item.remainder is None and not name.endswith(("_table", "chest"))


def _where(item: str, rarity: Rarity, layer: str, biomes: Sequence[str], when: str = "", height: int | None = None) -> str:
    return g.WHERE[0].render(
        item=item,
        rarity=rarity.value,
        layer=layer,
        biomes=f"in {g.names_text(list(dict.fromkeys(biomes)), 'or')}" if biomes else "in any biome",
        when=when,
        height="" if height is None else f", most often at height {height}",
    )


def _where_block(block: str, deposits: Sequence[DepositFact]) -> str:
    best = min(deposits, key=lambda deposit: (_EASE.index(deposit.rarity), -deposit.per_cell))
    biomes = [] if any(not d.biomes for d in deposits) else [name for d in deposits for name in d.biomes]
    underground = best.layer == "underground"
    return _where(
        block, best.rarity, "underground" if underground else "on the surface", biomes, height=_height(best) if underground else None
    )


def _height(deposit: DepositFact) -> int:
    """The height at which one digs for it: the peak, or the highest that is surely below ground."""
    low, high = deposit.y or (-60, 60)
    best = high if deposit.peak is None else deposit.peak
    return max(low, min(best, high, _DIG_LIMIT))


def _where_mob(mob: str, fact: MobFact) -> str:
    layer = "underground" if fact.layer == "underground" else "on the surface"
    return _where(mob, fact.rarity, layer, fact.biomes, when=" at night" if fact.time == "night" else "")
