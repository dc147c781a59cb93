"""Rendered and read again, the rule book loses nothing: every item of GITM's list, against the book itself."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
from tree_sim import Hands, play

from gitm.answers import WAYS, WaysAnswer, ways_of
from gitm.facts import BlockFact, DropFact, RuleBook, load
from gitm.grammar import UNOBTAINABLE, find_all
from gitm.graph import requirements
from gitm.llm.reading import read_ways
from gitm.passages import render
from gitm.stock import Stock
from gitm.tree import decompose
from gitm.types import Kind, Obtain, Rarity, Way

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("1.21.11", "1.16.5")
WANTED = [row["modern_id"] for row in csv.DictReader((ROOT / "gitm" / "bench" / "gitm262.csv").open(encoding="utf-8"))]
TINY = ROOT / "tests" / "data" / "tiny_world.json"

each_version = pytest.mark.parametrize("version", VERSIONS)


@cache
def book(version: str) -> RuleBook:
    return load(ROOT / "knowledge" / "facts" / f"{version}.json")


@cache
def read(version: str) -> dict[str, tuple[Way, ...]]:
    """Every item's ways, read from its own passage and nothing else."""
    return {p.items[0]: ways_of(p.items[0], WaysAnswer(ways=read_ways(p.items[0], p.text))) for p in render(book(version))}


def within(ways, item):
    """The ways that matter for an item."""
    found, ahead = {}, [item]
    while ahead:
        name = ahead.pop()
        if name not in found and name in ways:
            found[name] = ways[name]
            ahead += [other for way in ways[name] for need in requirements(way) for other in need.names]
    return found


# --- what the rules say, in the words of ways ---------------------------------------------------------------


def mean(drop: DropFact) -> str:
    return about((drop.low + drop.high) / 2 * drop.chance)


def about(number: float) -> str:
    """Three digits; the little more keeps two roundings of one tie together."""
    return f"{number * 1.0001:.3g}"


def drops_with(tool, block: BlockFact, drop: DropFact) -> bool:
    """Whether the block gives the drop to this tool (None: bare hands): the rule, in one place."""
    if drop.needs == "shears" and (tool is None or tool.kind != "shears"):
        return False
    if drop.needs == "silk_touch" and (tool is None or not tool.silk_touch):
        return False
    if drop.needs == "no_silk_touch" and tool is not None and tool.silk_touch:
        return False
    return drop.needs == "shears" or block.tier is None or (tool is not None and tool.kind == block.tool and tool.tier >= block.tier)


def fit_tools(rules: RuleBook, block: BlockFact, drop: DropFact) -> frozenset[str] | None:
    """Every tool that will do; empty when bare hands do, None when nothing does. Silk touch is a waste where it is not needed."""
    if drops_with(None, block, drop):
        return frozenset()
    tools = {name: item.tool for name, item in rules.items.items() if item.tool and drops_with(item.tool, block, drop)}
    return frozenset(name for name, tool in tools.items() if tool.silk_touch == (drop.needs == "silk_touch")) or None


@cache
def stated(version: str) -> dict[str, set[tuple]]:
    """Every way of every item that the rule book has."""
    rules = book(version)
    found: dict[str, set[tuple]] = {}

    def add(item: str, *way) -> None:
        found.setdefault(item, set()).add(way)

    for craft in rules.crafts:
        feed = {(f"{craft.station}_fuel", 1)} if craft.station in rules.fuels else set()
        add(craft.item, "craft", craft.count, frozenset({(s.item, s.count) for s in craft.materials} | feed), craft.station)
    for smelt in rules.smelts:
        fuel = {("fuel", max(1, round(smelt.ticks / 200)))} if smelt.fuel else set()
        add(smelt.item, "smelt", 1, frozenset({(smelt.material, 1)} | fuel), smelt.station)
    for trade in rules.trades:
        add(trade.item, "trade", trade.mob, about(trade.count), frozenset((s.item, s.count) for s in trade.materials))
    held = {content.name for structure in rules.structures.values() for content in structure.holds}
    lies = (
        held
        | {deposit.block for deposit in rules.deposits}
        | {name for biome in rules.biomes.values() for name in (biome.top, biome.below)}
    )
    for name, block in rules.blocks.items():
        for drop in block.drops:
            if (tools := fit_tools(rules, block, drop)) is None:
                continue
            if name in lies:
                add(drop.item, "mine", name, None, None, mean(drop), tools)
            for use in rules.uses:
                if use.target_becomes == name:
                    add(drop.item, "mine", name, use.item, use.target, mean(drop), tools | {use.item})
            for grow in rules.grows:
                if grow.plant == name:
                    add(drop.item, "grow", name, grow.seed, grow.soil, mean(drop))
    for name, mob in rules.mobs.items():
        for drop in mob.drops:
            add(drop.item, "attack", name, mean(drop))
    for use in rules.uses:
        becomes = use.item_becomes if use.item_becomes != use.item else None
        taken = {(s.item, s.count) for s in use.materials} | ({("experience", use.experience)} if use.experience else set())
        if use.consumes or becomes:
            taken.add((use.item, 1))
        makers = [other for other in rules.uses if other.target_becomes == use.target and use.target not in lies | rules.items.keys()]
        spent = [{(other.item, 1)} if other.consumes or other.item_becomes else set() for other in makers] or [set()]
        for drop in (*use.gives, *((DropFact(item=becomes),) if becomes else ())):
            for before in spent:
                add(drop.item, "apply", use.item, use.target, mean(drop), frozenset(taken | before))
    return found


def in_words(way: Way) -> tuple:
    """A way that was read, in the shape of :func:`stated`."""
    given = about(way.count * way.chance)
    materials = frozenset((s.item, s.count) for s in way.materials)
    match way.kind:
        case Kind.CRAFT | Kind.SMELT:
            return (way.kind.value, way.count, materials, way.stations[0].item if way.stations else None)
        case Kind.MINE:
            return ("mine", way.target, way.use, way.on, given, frozenset(name for tool in way.tools for name in tool.any_of))
        case Kind.GROW:
            return ("grow", way.target, way.use, way.on, given)
        case Kind.ATTACK:
            return ("attack", way.target, given)
        case Kind.TRADE:
            return ("trade", way.target, given, materials)
        case _:
            return ("apply", way.use, way.on, given, materials)


def one_maker(way: tuple) -> tuple:
    """Of several things that make the block (six hoes make farmland) one is enough."""
    return ("made", way[1], way[4]) if way[0] == "mine" and way[2] else way


@each_version
def test_every_way_read_is_in_the_rules_and_every_rule_is_read(version):
    for item in WANTED:
        words = {in_words(way) for way in read(version)[item]}
        assert words <= stated(version)[item], item
        if len(read(version)[item]) < WAYS:  # more are not taken down of one item; there is much that buys an emerald
            assert {one_maker(way) for way in words} == {one_maker(way) for way in stated(version)[item]}, item


@each_version
def test_played_from_nothing_each_of_the_262_is_reached(version):
    for item in WANTED:
        ways = within(read(version), item)
        goal = Obtain(item=item)
        tree = decompose(goal, ways, Stock())
        assert tree.subgoals, item
        play(Hands(ways), goal, tree.subgoals)


@each_version
def test_places_are_those_of_the_rules(version):
    rules = book(version)
    deposits = {}
    for deposit in rules.deposits:
        deposits.setdefault(deposit.block, []).append(deposit)
    held = {content.name for structure in rules.structures.values() for content in structure.holds}
    ease = list(Rarity)
    for item in WANTED:
        for way in read(version)[item]:
            if way.kind is Kind.MINE and way.use is None and way.target in set(deposits) - held:
                there = deposits[way.target]
                assert ease.index(way.rarity) == min(ease.index(deposit.rarity) for deposit in there)
                assert way.place.layer in {deposit.layer for deposit in there}
                if way.place.layer == "underground":
                    heights = [deposit.y or (-64, 320) for deposit in there if deposit.layer == "underground"]
                    assert any(low <= way.place.y <= high for low, high in heights), way.key
                    assert way.place.digger is not None
                assert set(way.place.biomes) <= {biome for deposit in there for biome in deposit.biomes}
            if way.kind is Kind.ATTACK and not way.built:
                mob = rules.mobs[way.target]
                homes = [place for place in rules.structures.values() if way.target in {content.name for content in place.holds}]
                assert way.rarity is mob.rarity or homes  # how rare what a structure holds is follows from where all such structures are
                assert way.place.night == (mob.time == "night")
                assert set(way.place.biomes) in [set(mob.biomes)] + [set(home.biomes) for home in homes]


@each_version
def test_tools_are_named_most_basic_first_and_last_as_long_as_they_do(version):
    rules = book(version)
    for item in WANTED:
        assert {way.lasts for way in read(version)[item]} == {rules.items[item].durability}
        for way in read(version)[item]:
            for tool in way.tools:
                tiers = [rules.items[name].tool.tier for name in tool.any_of if rules.items[name].tool]
                assert tiers == sorted(tiers)


@each_version
def test_groups_have_the_members_of_the_rules(version):
    for group, members in book(version).groups.items():
        found = read(version)[group]
        assert {way.materials[0].item for way in found} == set(members)
        assert all(way.kind is Kind.ANY and way.count == way.materials[0].count == 1 for way in found)


@each_version
def test_fuel_burns_for_what_the_rules_say(version):
    rules = book(version)
    for way in read(version)["fuel"]:
        (stack,) = way.materials
        burns = max(rules.items[name].fuel for name in rules.groups.get(stack.item, (stack.item,)))
        assert way.count == stack.count * burns // 200 >= 1
    counted = {way.materials[0].item: (way.materials[0].count, way.count) for way in read(version)["fuel"]}
    assert counted["coal"] == (1, 8)


def test_there_is_one_passage_an_item_in_a_fixed_order():
    passages = render(book("1.16.5"))
    names = [passage.items[0] for passage in passages]
    assert names == sorted(set(names))
    assert all(passage.id == f"item:{name}" and name in passage.title for passage, name in zip(passages, names, strict=True))
    assert passages == render(book("1.16.5"))
    assert {passage.source for passage in passages} == {"minecraft 1.16.5"} or all("1.16.5" in passage.source for passage in passages)


@pytest.mark.parametrize(
    ("reason", "read"),
    [
        ("it is in creative mode only before 1.19", "it is in creative mode only before 1.19"),
        ("nobody. knows\nwhy.", "nobody knows why"),
        (" . ", "no reason is known"),
    ],
)
def test_a_reason_may_name_a_version_and_stays_one_sentence(reason, read):
    rules = load(TINY)
    (name, *_) = rules.items
    (text,) = [p.text for p in render(rules.model_copy(update={"unobtainable": {name: reason}})) if p.items[0] == name]
    assert [found["reason"] for found in find_all(UNOBTAINABLE, text)] == [read]


def test_an_invented_world_is_rendered_in_the_same_words():
    rules = load(TINY)
    texts = {passage.items[0]: passage.text for passage in render(rules)}
    for craft in rules.crafts:
        (way,) = [way for way in ways_of(craft.item, WaysAnswer(ways=read_ways(craft.item, texts[craft.item]))) if way.kind is Kind.CRAFT]
        assert {(s.item, s.count) for s in way.materials} == {(s.item, s.count) for s in craft.materials}
