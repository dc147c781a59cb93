"""One passage of natural sentences per item, rendered from a rule book: the guides that ship without being written by hand.

GITM feeds its decomposer recipe sentences rendered from game data and wiki paragraphs; these are ours. The sentences are those
of :mod:`gitm.grammar`.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence

from gitm import grammar as g
from gitm.ease import Ease, burnable
from gitm.facts import BlockFact, BuildFact, DropFact, GrowFact, RuleBook, UseFact
from gitm.types import ARMOR, Passage, fuel_of
from gitm.whereabouts import wheres

_SMELT_TICKS = 200
_FUELS = 12  # as many fuels as are worth reading


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
        self.tools = {name: item.tool for name, item in book.items.items() if item.tool}
        self.made: defaultdict[str, list[UseFact]] = defaultdict(list)
        for use in book.uses:
            if use.target_becomes in book.blocks and use.target_becomes != use.target:
                self.made[use.target_becomes].append(use)
        self.planted: defaultdict[str, list[GrowFact]] = defaultdict(list)
        for grow in book.grows:
            self.planted[grow.plant].append(grow)
        self.built: defaultdict[str, list[BuildFact]] = defaultdict(list)
        for build in book.builds:
            self.built[build.makes].append(build)
        self.where = wheres(book, self._ground_tools())
        self.ease = Ease(book)

    def texts(self) -> dict[str, str]:
        """Item -> its passage."""
        self._crafts()
        self._mining()
        self._mobs()
        self._uses()
        self._smelts()
        self._trades()
        self._portals()
        self._groups()
        self._durability()
        self._unobtainable()
        return {name: " ".join(dict.fromkeys(found)) for name, found in self.sentences.items()}

    def _say(self, about: str, forms: Sequence[g.Form], /, **slots: str) -> None:
        """One sentence about the item, in a form that varies from item to item but never for one."""
        form = forms[zlib.crc32(about.encode()) % len(forms)]
        self.sentences[about].append(form.render(**slots))

    def _crafts(self) -> None:
        for craft in self.book.crafts:
            fuel = [(fuel_of(craft.station), 1)] if craft.station in self.book.fuels else []
            stacks = g.stacks_text([*((stack.item, stack.count) for stack in craft.materials), *fuel])
            station = g.a(craft.station) if craft.station else "nothing"
            self._say(craft.item, g.CRAFT, n=str(craft.count), item=craft.item, stacks=stacks, tools=station)

    def _smelts(self) -> None:
        for smelt in self.book.smelts:
            fuel = [("fuel", max(1, round(smelt.ticks / _SMELT_TICKS)))] if smelt.fuel else []
            stacks = g.stacks_text([(smelt.material, 1), *fuel])
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
        for use in self.made.get(block, ()):
            self._made(item, use, block)
        for grow in self.planted.get(block, ()):
            self._say(item, g.GROW, use=grow.seed, on=grow.soil, target=block, minutes=g.figure(grow.ticks / 1200))
            self.sentences[item] += self.where.get(grow.soil, [])
            for use in [] if self._placed(grow.soil) else self.made.get(grow.soil, []):
                self._made(item, use, grow.soil)

    def _placed(self, block: str) -> bool:
        """Whether it is found nowhere but can be had and put down."""
        return block not in self.where and block in self.book.items and block not in self.book.unobtainable

    def _made(self, item: str, use: UseFact, block: str) -> None:
        spent = " and uses it up" if _spends(use) else ""
        several = g.several_text(use.count)
        self._say(item, g.MAKE, use=use.item, on=use.target, several=several, target=block, spent=spent, besides=_besides(use))
        self.sentences[item] += self.where.get(use.target, [])

    def _diggers(self, fact: BlockFact, drop: DropFact) -> tuple[str, ...] | None:
        """The tools that make the block give that drop, most basic first; empty: bare hands; None: there is no such tool."""
        if drop.needs == "shears":
            return tuple(name for name, tool in self.tools.items() if tool.kind == "shears") or None
        silk = drop.needs == "silk_touch"
        if fact.tier is None and not silk:
            return ()
        found = [
            (tool.tier, tool.speed, name)
            for name, tool in self.tools.items()
            if tool.silk_touch == silk and (fact.tier is None or (tool.kind == fact.tool and tool.tier >= fact.tier))
        ]
        return tuple(name for *_, name in sorted(found)) or None

    def _mobs(self) -> None:
        weapons = self._weapons()
        for mob, fact in self.book.mobs.items():
            if mob not in self.where and mob not in self.built:
                continue  # nowhere to be met
            advice = f"; {g.tool_text(weapons)} is advised" if fact.hostile and len(weapons) > 1 else ""
            drops = list(fact.drops)
            if fact.experience:
                drops.append(DropFact(item="experience", low=fact.experience, high=fact.experience))
            for drop in drops:
                self._gives(drop, g.ATTACK, mob, advice=advice)
                self.sentences[drop.item] += self.where.get(mob, [])
                self._blueprints(drop.item, mob)

    def _blueprints(self, item: str, makes: str) -> None:
        """How what a blueprint makes is built, told of an item that comes of it."""
        for build in self.built.get(makes, ()):
            stacks = g.stacks_text([(stack.item, stack.count) for stack in build.materials])
            upon = f" on {build.on}" if build.on else ""
            self._say(item, g.BUILD, item=makes, upon=upon, stacks=stacks, tool=g.tool_text(build.tools))
            self.sentences[item] += self.where.get(build.on or "", [])

    def _portals(self) -> None:
        for portal, dimension in self.book.portals.items():
            self._blueprints(portal, portal)
            self._say(portal, g.ENTER, world=dimension, portal=portal)

    def _trades(self) -> None:
        for trade in self.book.trades:
            if trade.mob not in self.where:
                continue
            stacks = g.stacks_text([(stack.item, stack.count) for stack in trade.materials])
            level = f" at level {trade.level}" if trade.level > 1 else ""
            odds = g.odds_text(trade.chance)
            self._say(trade.item, g.TRADE, partner=trade.mob, level=level, n=str(trade.count), item=trade.item, stacks=stacks, odds=odds)
            self.sentences[trade.item] += self.where[trade.mob]

    def _weapons(self) -> list[str]:
        """What a fighter wants in the hand, weakest first; wood is not enough."""
        swords = [
            (item.damage, item.durability or 0, name)
            for name, item in self.book.items.items()
            if item.tool and item.tool.kind == "sword" and item.tool.tier >= 1
        ]
        return [name for *_, name in sorted(swords)]

    def _armor(self) -> dict[str, list[str]]:
        """For each part of the body what protects it well: at least two thirds as well as the best, which leather does not."""
        found = {}
        for part in ARMOR:
            points = {name: item.armor for name, item in self.book.items.items() if item.armor and name.endswith(f"_{part}")}
            if pieces := [name for name, armor in points.items() if 3 * armor >= 2 * max(points.values())]:
                found[part] = pieces
        return found

    def _uses(self) -> None:
        for use in self.book.uses:
            gives = list(use.gives)
            if use.item_becomes and use.item_becomes != use.item:
                gives.append(DropFact(item=use.item_becomes))
            pace = f" for about {g.figure(use.ticks / 20)} seconds" if use.ticks else ""
            for drop in gives:
                self._say(
                    drop.item,
                    g.APPLY,
                    use=use.item,
                    on=use.target,
                    pace=pace,
                    near=f", with {g.stacks_text([(s.item, s.count) for s in use.near])} near" if use.near else "",
                    amount=g.amount_text(drop.low, drop.high),
                    item=drop.item,
                    odds=g.odds_text(drop.chance),
                    fate="uses it up" if _spends(use) else "keeps it",
                    besides=_besides(use),
                )
                self.sentences[drop.item] += self.where.get(use.target, [])
                self._blueprints(drop.item, use.target)
                if use.target not in self.where and not self._placed(use.target):
                    for made in self.made.get(use.target, ()):
                        self._made(drop.item, made, use.target)

    def _ground_tools(self) -> tuple[str, ...]:
        """With what one digs through the ground: its hardest common block decides."""
        rock: tuple[str, ...] = ("stone", "deepslate")
        ground = [name for name in rock if name in self.book.blocks] or [biome.below for biome in self.book.biomes.values()]
        tools = [self._diggers(self.book.blocks[name], DropFact(item=name)) for name in ground if name in self.book.blocks]
        return min((found for found in tools if found), key=len, default=())

    def _groups(self) -> None:
        for group, members in self.book.groups.items():
            self._say(group, g.GROUP, item=group, names=g.names_text(self.ease.easiest_first(members), "or"))
        burning = [(item.fuel, name) for name, item in self.book.items.items() if burnable(name, item) and self.ease.worth_burning(name)]
        for ticks, name in sorted(burning, key=lambda pair: (int(self.ease.of(pair[1])), -pair[0], pair[1]))[:_FUELS]:
            count = -(-_SMELT_TICKS // ticks) if ticks < _SMELT_TICKS else 2 if ticks % _SMELT_TICKS else 1
            self._counts("fuel", name, count, ticks * count // _SMELT_TICKS)
        for station, fuels in self.book.fuels.items():
            for name, crafts in fuels.items():
                self._counts(fuel_of(station), name, 1, crafts)
        if weapons := self._weapons():
            self._say("weapon", g.GROUP, item="weapon", names=g.names_text(weapons, "or"))
        for part, pieces in self._armor().items():
            self._say(part, g.GROUP, item=part, names=g.names_text(self.ease.easiest_first(pieces), "or"))
        eaten = [name for name, item in self.book.items.items() if item.food >= 2 and not item.harmful]
        if eaten:
            self._say("food", g.GROUP, item="food", names=g.names_text(self.ease.easiest_first(eaten), "or"))

    def _counts(self, group: str, name: str, count: int, crafts: int) -> None:
        self._say(group, g.COUNTS, item=group, stacks=g.stacks_text([(name, count)]), n=str(crafts))

    def _unobtainable(self) -> None:
        for name, reason in self.book.unobtainable.items():
            said = " ".join(re.sub(r"\.(?!\d)", " ", reason).split())  # one sentence, whatever a book of one's own says
            self._say(name, g.UNOBTAINABLE, item=name, reason=said or "no reason is known")

    def _durability(self) -> None:
        for name, item in self.book.items.items():
            if item.durability and (item.tool or name in self.sentences):
                self._say(name, g.LASTS, item=name, n=str(item.durability))


def _besides(use: UseFact) -> str:
    """What else a use takes, as the end of its sentence."""
    stacks = [(stack.item, stack.count) for stack in use.materials] + ([("experience", use.experience)] if use.experience else [])
    return f"; it also takes {g.stacks_text(stacks)}" if stacks else ""


def _spends(use: UseFact) -> bool:
    """Whether the item in hand is gone afterwards."""
    return use.consumes or bool(use.item_becomes and use.item_becomes != use.item)
