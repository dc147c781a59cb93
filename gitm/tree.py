"""The sub-goal tree as a pure function of (goal, ways known, what is held): rank, net, order.

Netting is material requirements planning: consumers are visited before suppliers, so the whole demand for an item is known when
its turn comes; what is held is subtracted once and the rest rounded up to batches. Ordering is depth first, suppliers first
(GITM's post-order). Nothing is ever marked done: after every sub-goal the tree is computed again from the inventory, so a broken
tool, a death or a resumed run need no code of their own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from gitm.dead_ends import explain
from gitm.errors import NoWay
from gitm.graph import GATHERING, Graph, Requirement, Ways, node_of, requirements
from gitm.rank import TUNNEL, Anyway, Ranking, rank
from gitm.stock import Scene, Stock, effort, performances
from gitm.types import All, Goal, Kind, SubGoal, Tree, Way

LARGEST = 20_000  # items a tree may be about: all of Minecraft has 1,500, and a run must not wait for what nobody can follow
REFINED = 100  # sub-goals up to which a tree is drafted again with what it contains anyway in mind


def needs_of(goal: Goal) -> dict[str, int]:
    """What must be held at once for the goal: item -> count."""
    needs: dict[str, int] = {}
    for part in goal.goals if isinstance(goal, All) else (goal,):
        needs[part.item] = max(needs.get(part.item, 0), part.count)
    return needs


def decompose(goal: Goal, ways: Ways, stock: Stock | None = None) -> Tree:
    """The tree of what is still to do; empty when the goal is met. Raises :class:`NoWay` naming what is missing."""
    return draft(goal, ways, stock or Stock())[0]


def draft(goal: Goal, ways: Ways, stock: Stock) -> tuple[Tree, tuple[str, ...]]:
    """The tree, and the groups by whose members it obtains something. Raises :class:`NoWay`."""
    needs = needs_of(goal)
    if len(ways) > LARGEST:
        raise NoWay(f"{goal} would take a tree of {len(ways)} items, more than the {LARGEST} a tree may be about; use smaller guides")
    ways = ways if isinstance(ways, Graph) else Graph(ways)
    scene = Scene(stock)
    best = _Draft(needs, ways, stock, rank(ways, scene, goals=needs))
    if len(best.tasks) <= REFINED:
        tried = [Anyway()]  # what counts on nothing more than an earlier draft did is the same as that one
        for hint in (_Draft.by_count, _Draft.by_name, _Draft.by_tools, _Draft.by_held):
            if (anyway := hint(best)) not in tried:
                tried.append(anyway)
                best = _better(best, anyway, needs, ways, scene)
    ordered = tuple(_with_few_trips(list(_post_order(needs, best.tasks, best.ranking)), stock.dimension))
    return Tree(goal=goal, subgoals=ordered), tuple(best.groups())


def _better(best: _Draft, anyway: Anyway, needs: Mapping[str, int], ways: Ways, scene: Scene) -> _Draft:
    """The draft, or another that counts on what it contains, if that takes less time."""
    try:
        other = _Draft(needs, ways, scene.stock, rank(ways, scene, anyway, needs))
    except NoWay:  # what is held cannot be added to in this manner
        return best
    return min(best, other, key=lambda draft: draft.seconds)


class _Draft:
    """A ranking netted: the sub-goals by item, what they take, and what another ranking may count on. Raises :class:`NoWay`."""

    def __init__(self, needs: Mapping[str, int], ways: Ways, stock: Stock, ranking: Ranking) -> None:
        for item, count in needs.items():
            if item not in ranking.order and stock.held.get(item, 0) < count:
                raise explain(item, ways, ranking)
        self.needs, self.ways, self.stock, self.ranking = needs, ways, stock, ranking
        net = _Net(ways, stock, ranking)
        self.tasks = net.run(needs)
        if robbed := net.robbed():
            net = _Net(ways, stock, ranking)
            self.tasks = net.run(needs, robbed)
        self.kept, self.used = net.kept, net.used
        self.seconds = sum(_seconds(task, stock) for tasks in self.tasks.values() for task in tasks)

    def by_count(self) -> Anyway:
        """Ways are compared for as much as is wanted."""
        return Anyway(wanted=self._wanted())

    def by_name(self) -> Anyway:
        """Groups of which none is held are made of the member that is asked for by name."""
        named = [name for name in (*self.needs, *self._asked()) if name in self.tasks]
        members: dict[str, str] = {}
        for group, way in self.ranking.chosen.items():
            if way.kind is Kind.ANY:
                stacks = [
                    other.materials[0] for other in self.ways[group] if other.kind is Kind.ANY and other.count == 1 and other.materials
                ]
                options = [stack.item for stack in stacks if stack.count == 1]
                member = next((name for name in named if name in options), None)
                if member is not None and not any(self.stock.held.get(name) for name in options):
                    members[group] = member
        return Anyway(wanted=self._wanted(), members=members)

    def by_held(self) -> Anyway:
        """What is held is used rather than something else obtained."""
        return Anyway(held=frozenset(item for item, count in self.stock.held.items() if count > 0 and item not in self.needs))

    def by_tools(self) -> Anyway:
        """Tools and stations are made anyway, and so is what they are made of."""
        chosen, made = self.ranking.chosen, set[str]()
        ahead = [name for name, count in self.kept.items() if count and name not in self.needs and name in self.tasks]
        while ahead:
            if (name := ahead.pop()) in made or name not in chosen:
                continue
            made.add(name)
            for need in requirements(chosen[name]):
                ahead += [other for other in need.names if not need.kept or other in self.tasks]
        ordered = sorted(made, key=self.ranking.order.__getitem__)
        return Anyway(
            made={name: chosen[name] for name in ordered}, more={name: self.ranking.more[name] for name in ordered}, wanted=self._wanted()
        )

    def groups(self) -> Iterator[str]:
        """Groups that are asked for."""
        asked = (name for name, way in self.ranking.chosen.items() if way.kind is Kind.ANY)
        return (name for name in asked if self.used[name] or self.kept[name])

    def _asked(self) -> Iterator[str]:
        """Materials that some sub-goal takes, by name."""
        for tasks in self.tasks.values():
            for task in tasks:
                yield from (stack.item for stack in task.way.materials)

    def _wanted(self) -> dict[str, int]:
        """How much of each item, where one batch of some way of it would not do."""
        made = {item: sum(task.count for task in tasks) for item, tasks in self.tasks.items()}
        wanted = {name: self.used[name] for name, way in self.ranking.chosen.items() if way.kind is Kind.ANY} | made
        return {name: count for name, count in wanted.items() if any(count > way.count for way in self.ways[name])}


def _seconds(task: SubGoal, stock: Stock) -> float:
    """Expected seconds of a sub-goal, its suppliers apart."""
    first, more = effort(task.way, stock)
    return first + (task.batches - 1) * more


class _Net:
    """One pass of netting. ``stock`` is what is held and not yet promised to anybody."""

    def __init__(self, ways: Ways, stock: Stock, ranking: Ranking) -> None:
        self.ways, self.given, self.ranking = ways, stock, ranking
        self.stock = defaultdict(int, stock.held)
        self.used: defaultdict[str, int] = defaultdict(int)  # consumed by recipes
        self.kept: defaultdict[str, int] = defaultdict(int)  # tools, stations, the goal itself
        self.goal: Mapping[str, int] = {}
        self.wear: defaultdict[str, float] = defaultdict(float)  # uses asked of a tool
        self.late: dict[str, int] = {}  # held tools and stations that were netted before it was known that they are needed
        self.tasks: dict[str, list[SubGoal]] = {}

    def run(self, needs: Mapping[str, int], spared: Mapping[str, int] | None = None) -> dict[str, list[SubGoal]]:
        """Sub-goals by item; an item from surplus and by its best way has two. ``spared`` is known to be needed from the start."""
        self.goal = needs
        self.kept.update({**(spared or {}), **needs})
        for item in (spared or {}).keys() - self.ranking.order.keys():  # never visited, so promised here
            self.stock[item] = max(0, self.stock[item] - self.kept[item])
        for item in sorted(self.ranking.order, key=self.ranking.order.__getitem__, reverse=True):
            if (item in self.used or item in self.kept) and (short := self._short(item)):
                self._supply(item, short)
        return self.tasks

    def robbed(self) -> dict[str, int]:
        """Held tools and stations that something else was to be made of, though they are needed as they are."""
        held = self.given.held
        return {item: count for item, count in self.late.items() if self.stock[item] < min(count, held.get(item, 0))}

    def _short(self, item: str) -> int:
        """How many are missing after what is held; stations that stand in sight count for being kept, but not for the goal."""
        standing = 1 if item in self.given.stations else 0
        way = self.ranking.chosen.get(item)
        met = standing if way is not None and way.kind is Kind.BUILD else 0  # what is built is never carried
        wanted = self.used[item] + max(self.goal.get(item, 0) - met, self.kept[item] - standing)
        taken = min(wanted, self.stock[item])
        self.stock[item] -= taken
        return wanted - taken

    def _supply(self, item: str, short: int) -> None:
        way = self.ranking.chosen.get(item)
        short = self._from_members(item, short) if way is not None and way.kind is Kind.ANY else self._from_surplus(item, short)
        if short <= 0:
            return
        if way is None:  # some are held, more cannot be had
            raise explain(item, self.ways, self.ranking)
        self._by(way, short)

    def _from_members(self, group: str, short: int) -> int:
        """Promise spare members of a group, most held first; what is left is made of the cheapest member."""
        members = [(way.materials[0], way.count) for way in self.ways[group] if way.kind is Kind.ANY]
        for stack, count in sorted(members, key=lambda pair: (-self.stock[pair[0].item] * pair[1], pair[0].item)):
            member = stack.item
            batches = max(0, min(self._spare(member, group) // stack.count, math.ceil(short / count)))
            if batches and self.ranking.below(member, group):  # not yet visited: it will be netted against this demand
                self.used[member] += batches * stack.count
            else:
                self.stock[member] -= batches * stack.count
            short = max(0, short - batches * count)
        return short

    def _from_surplus(self, item: str, short: int) -> int:
        """Make what surplus allows by another recipe: nine ingots of a block that is held."""
        best = self.ranking.chosen.get(item)
        for way in self.ways.get(item, ()):
            if (
                way is best
                or way.kind is not Kind.CRAFT
                or not all(self.given.stays(station.item, node_of(way)) for station in way.stations)
            ):
                continue
            spare = min((self._spare(stack.item, item) // stack.count for stack in way.materials), default=0)
            batches = min(spare, math.ceil(short / way.count))
            if batches <= 0:
                continue
            for stack in way.materials:
                self.stock[stack.item] -= batches * stack.count
            self._add(way, min(short, batches * way.count), batches, ())
            short -= batches * way.count
        return short

    def _spare(self, name: str, item: str) -> int:
        """How many of ``name`` are held and asked for by nobody, as far as is known when ``item`` is netted."""
        pending = self.used[name] + self.kept[name] if self.ranking.below(name, item) else 0
        return max(0, self.stock[name] - pending)

    def _by(self, way: Way, short: int) -> None:
        """Obtain the rest by the best way and pass its demands on to what was settled before it."""
        batches = performances(way, short)
        waits: list[str] = []
        for need in node_of(way).needs:
            if need.leads == self.given.dimension:
                continue
            ready = need.makes in self.given.sights  # the first performances need none
            if not need.kept:
                self.used[need.names[0]] += max(0, math.ceil(batches / need.serves) - ready) * need.count
                waits.append(need.names[0])
            elif ready:
                continue
            else:
                uses = self._digging(way) if need.digs else batches if way.kind in GATHERING else 0
                if (kept := self._keep(need, uses, way.item)) is not None:
                    waits.append(kept)
        if way.kind is not Kind.ANY:
            self._add(way, short, batches, tuple(waits))

    def _digging(self, way: Way) -> int:
        """Uses of a tool until an underground source is reached: two blocks a step down, then tunnels."""
        if way.sought in self.given.sights:
            return 4
        down = 0 if way.place.y is None else 2 * max(0, self.given.y - way.place.y)
        return down + TUNNEL[way.rarity]

    def _keep(self, need: Requirement, uses: int, item: str) -> str | None:
        """Have a tool for so many uses (or stations) at hand; the name that must be made first, None when there is nothing to wait for."""
        held = [name for name in need.names if self.given.at_hand(name)]
        left = sum(self._left(name) - self.wear[name] for name in held)
        if held and uses <= left and need.count <= sum(max(1, self.given.held.get(name, 0)) for name in held):
            keep = min(held, key=need.names.index)
            self.kept[keep] = max(self.kept[keep], need.count)
            if not self.ranking.below(keep, item):
                self.late[keep] = need.count
            self.wear[keep] += uses
            return None  # it is there: waiting for a second one could close a circle
        options = tuple(name for name in need.names if self.ranking.below(name, item))
        pick = self.ranking.for_uses(options, uses - max(0.0, left) if held else uses)
        if pick is None:
            return None  # only what is held is known; when it is worn out, the tree is computed again
        lasts = self.ranking.chosen[pick].lasts or math.inf
        self.wear[pick] += uses
        fresh = math.ceil((self.wear[pick] - self._left(pick)) / lasts) if math.isfinite(lasts) else 0
        self.kept[pick] = max(self.kept[pick], need.count, self.given.held.get(pick, 0) + fresh)
        return pick

    def _left(self, name: str) -> float:
        """Uses left in all that is held of a tool; only the best one's wear is seen, the others count as new."""
        count = self.given.held.get(name, 0)
        if not count or name not in self.given.wear:
            return math.inf if count or name in self.given.stations else 0.0
        way = self.ranking.chosen.get(name)
        return self.given.wear[name] + (count - 1) * ((way.lasts if way else None) or 0)

    def _add(self, way: Way, count: int, batches: int, waits: tuple[str, ...]) -> None:
        tasks = self.tasks.setdefault(way.item, [])
        until = self.given.held.get(way.item, 0) + count + sum(task.count for task in tasks)
        tasks.append(SubGoal(item=way.item, count=count, until=until, batches=batches, way=way, needs=waits))


def _post_order(needs: Mapping[str, int], tasks: Mapping[str, list[SubGoal]], ranking: Ranking) -> Iterator[SubGoal]:
    """The sub-goals, suppliers first, with their depth and with groups resolved to the members that have a sub-goal."""
    done: set[str] = set()
    stack: list[tuple[str, int, bool]] = [(_resolve(item, ranking), 0, False) for item in reversed(list(needs))]
    while stack:
        item, depth, ready = stack.pop()
        if ready:
            for task in tasks.get(item, ()):
                waits = dict.fromkeys(_resolve(name, ranking) for name in task.needs)
                yield task.model_copy(update={"depth": depth, "needs": tuple(name for name in waits if name in tasks)})
            continue
        if item in done:
            continue
        done.add(item)
        stack.append((item, depth, True))
        names = dict.fromkeys(name for task in tasks.get(item, ()) for name in task.needs)
        stack.extend((_resolve(name, ranking), depth + 1, False) for name in reversed(names))


def _with_few_trips(tasks: list[SubGoal], here: str) -> Iterator[SubGoal]:
    """The sub-goals so ordered that one stays in a dimension as long as there is something to do that waits for nothing else."""
    if all(_can_be_done(task, here) for task in tasks):
        yield from tasks
        return
    left = tasks
    while left:
        missing = {task.item for task in left}
        ready = [task for task in left if not missing.intersection(task.needs)] or left[:1]
        task = next((task for task in ready if _can_be_done(task, here)), ready[0])
        here = task.way.place.dimension if task.way.afield else here
        left = [other for other in left if other is not task]
        yield task


def _can_be_done(task: SubGoal, here: str) -> bool:
    return not task.way.afield or task.way.place.dimension == here


def _resolve(name: str, ranking: Ranking) -> str:
    """The member a group was resolved to; a plain item is itself."""
    while (way := ranking.chosen.get(name)) is not None and way.kind is Kind.ANY:
        name = way.materials[0].item
    return name
