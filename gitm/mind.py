"""The mind: decomposer, planner, memory and reflexes behind the three questions the loop asks."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping

from gitm.actions import Action, Apply, Approach, Attack, Craft, Drop, Mine, Place, Smelt, Take
from gitm.decomposer import CONTRADICTIONS, Decomposer
from gitm.errors import NoWay, Stuck
from gitm.events import Achieved, Decomposed, Event
from gitm.knowledge import Knowledge
from gitm.limits import Asker, Limits, Meter
from gitm.memory import situation
from gitm.planner import Attempt, Planner
from gitm.rank import GATHERING, Stock, requirements
from gitm.skills import Reflex, expand, parameters
from gitm.tree import needs_of
from gitm.types import PARTLY_DONE, Code, Feedback, Goal, Kind, Observation, Obtain, Plan, Seen, SubGoal, Tree, Way, WorldInfo

FOOD, WEAPON, FUEL = "food", "weapon", "fuel"  # the groups of what is eaten, fought with and burnt, as guides call them
HUNGRY = 14  # food points at which one eats, or goes looking for food
HURT, WEAK = 8, 12  # health points at which one rests, and at which one does not stay out at night
TIGHT = 2  # empty slots below which one makes room
STACK = 64
ROOM = 4  # kinds of items thrown away at once when the inventory is full
PATIENCE = 20  # reflexes in a row after which the sub-goal has its turn: nothing urgent may stop a run for ever
SHORT = 4  # sub-goals that a detour for a weapon may take
REACH = 4.5  # blocks (wiki)
_AT_STATION = frozenset({Kind.CRAFT, Kind.SMELT})
#: The actions that perform a way of each kind; the others only lead up to it.
_PERFORMS: dict[Kind, type | tuple[type, ...]] = {
    Kind.CRAFT: Craft,
    Kind.SMELT: Smelt,
    Kind.MINE: (Mine, Apply),
    Kind.ATTACK: Attack,
    Kind.APPLY: Apply,
    Kind.GROW: (Mine, Apply),
    Kind.ANY: (),
}
NOWHERE = Observation(
    tick=0, x=0, y=64, z=0, biome="unknown", underground=False, day=True, health=20, food=20, inventory={}
)  # where one plans ahead from


class Mind:
    """What the loop talks to. State of a run lives here only as attempts and ways set aside; what is done, the inventory says."""

    def __init__(self, decomposer: Decomposer, planner: Planner, asker: Asker, aliases: Mapping[str, str] | None = None) -> None:
        self.decomposer, self.planner, self.asker = decomposer, planner, asker
        self.library, self.memory = planner.library, planner.memory
        self.aliases = aliases or {}
        self.world = WorldInfo(name="none", version="", rules="")
        self._attempt: Attempt | None = None
        self._failures: dict[tuple[str, str], int] = {}
        self._fruitless: dict[tuple[str, str], int] = {}  # plans for a way since it last gave anything
        self._reflexes = 0  # reflexes in a row
        self._shown: Tree | None = None
        self._goal_items: set[str] = set()
        self._cut_off: set[str] = set()  # stations in sight that cannot be got at
        self._lost: set[str] = set()  # what one died with and has not fetched

    @property
    def knowledge(self) -> Knowledge:
        """The guides."""
        return self.decomposer.knowledge

    @property
    def names(self) -> frozenset[str]:
        """Every name that a guide tells how to obtain."""
        return self.knowledge.names

    def begin(self, world: WorldInfo, limits: Limits) -> Meter:
        """Start a run: its meter, from here on."""
        self.world = world
        self.asker.meter = Meter(limits)
        self._attempt, self._shown = None, None
        self._reflexes, self._lost, self._cut_off = 0, set(), set()
        self._failures.clear()
        self._fruitless.clear()
        self.decomposer.begin()
        return self.asker.meter

    # --- the three questions ---------------------------------------------------------------------------------

    def next_task(self, goal: Goal, seen: Observation) -> Generator[Event, None, SubGoal | None]:
        """The first sub-goal of the tree as things are, None when the goal is met; raises :class:`NoWay` or :class:`Stuck`."""
        self._goal_items = set(needs_of(goal))
        stock = Stock.of(seen, self._cut_off)
        tree = yield from self._tree(goal, stock)
        if tree.subgoals:
            tree = (yield from self._provisions(tree, seen, stock)) or tree
        if tree != self._shown:
            self._shown = tree
            yield Decomposed(tree=tree)
        task = tree.subgoals[0] if tree.subgoals else None
        yield from self._settle(task, seen)
        return task

    def plan(self, task: SubGoal, seen: Observation) -> Generator[Event, None, Plan]:
        """Actions for the sub-goal, or for what is more urgent. An empty plan means: think again."""
        if self._reflexes < PATIENCE and (urgent := self._reflex(seen)) is not None:
            self._reflexes += 1
            return urgent
        self._reflexes = 0
        attempt = self._attempt
        assert attempt is not None, "next_task comes first"  # noqa: S101 - the order of calls is ours
        if (seen.free_slots < TIGHT or attempt.cramped) and (room := self._make_room(seen)):
            return Plan(actions=room, origin="reflex:make_room")
        if packing := self._pack_up(attempt, seen):
            return Plan(actions=packing, origin="reflex:pack_up")
        extras: dict[str, str | int | None] = {
            "food": self._held(FOOD, seen),
            "fuel": self._fuel(task, seen),
            "material": self._material(task, seen),
        }
        if attempt.cramped:  # a little at a time is better than nothing
            extras |= {"count": task.way.count, "batches": 1}
        plan = yield from self.planner.plan(attempt, seen, self.world.rules, extras)
        if plan is None:
            yield from self._failed(attempt, "no plan was found")
            return Plan(actions=(), origin="none")
        return plan

    def learn(self, task: SubGoal, plan: Plan, action: Action, feedback: Feedback) -> Generator[Event, None, None]:
        """Take in what the world said of an action of a plan for the sub-goal."""
        attempt = self._attempt
        if feedback.code is Code.DIED:
            self._lost = {item for item, count in feedback.change.items() if count < 0}
        elif isinstance(action, Place) and feedback.ok:
            self._cut_off.discard(action.object)
        elif isinstance(action, Approach) and feedback.code in (Code.NO_PATH, Code.MISSING_TOOL) and action.object in _stations(task.way):
            self._cut_off.add(action.object)
        elif isinstance(action, Take) or (isinstance(action, Approach) and not feedback.ok):
            self._lost.discard(action.object)  # fetched, or out of reach for good
        if plan.origin.startswith("reflex") and feedback.code not in PARTLY_DONE:
            self._reflexes = PATIENCE  # it was refused: what it is about must wait until something else was done
        if attempt is None or plan.origin.startswith("reflex") or feedback.code in (Code.INTERRUPTED, Code.DIED):
            return
        attempt.note(action, feedback)
        if (held := _held(feedback.observation, task.item)) > attempt.held:
            attempt.held, attempt.failed = held, 0
            self._failures.pop((task.item, task.way.key), None)
            self._fruitless.pop((task.item, task.way.key), None)
            return
        attempt.cramped = attempt.cramped or feedback.code is Code.INVENTORY_FULL
        if feedback.ok or feedback.code is Code.PARTIAL:
            if not feedback.ok or action is plan.actions[-1]:
                yield from self._in_vain(task.way)
            return
        if attempt.recalled is not None:
            self.memory.demote(attempt.recalled.id)
            attempt.distrusted.add(attempt.recalled.id)
        if self._contradicts(task.way, action, feedback):
            yield from self.decomposer.contradict(task.way, feedback)
        yield from self._failed(attempt, feedback.message)

    # --- how -------------------------------------------------------------------------------------------------

    def _tree(self, goal: Goal, stock: Stock) -> Generator[Event, None, Tree]:
        try:
            return (yield from self.decomposer.tree(goal, stock))
        except NoWay as error:
            if self.decomposer.aside:
                tried = ", ".join(sorted(f"{item} by {key}" for item, key in self.decomposer.aside))
                raise Stuck(f"every known way was tried: {tried} did not work; then {error}") from error
            raise

    def _provisions(self, tree: Tree, seen: Observation, stock: Stock) -> Generator[Event, None, Tree | None]:
        """A detour for food when there is none and it is time to eat, or for a weapon before it gets dangerous; None: no need or no way."""
        if self._hungry(seen) and FOOD in self.names and self._held(FOOD, seen) is None:
            return (yield from self._detour(Obtain(item=FOOD, count=3), stock, 99))
        dangerous = any(task.way.place.layer == "underground" or task.way.place.night for task in tree.subgoals)
        if dangerous and WEAPON in self.names and self._held(WEAPON, seen) is None:
            return (yield from self._detour(Obtain(item=WEAPON), stock, SHORT))
        return None

    def _detour(self, goal: Goal, stock: Stock, longest: int) -> Generator[Event, None, Tree | None]:
        try:
            tree = yield from self.decomposer.tree(goal, stock)
        except NoWay:
            return None
        return tree if 0 < len(tree.subgoals) <= longest else None

    def _hungry(self, seen: Observation) -> bool:
        return seen.food <= HUNGRY or (seen.health <= WEAK and seen.food < 18)

    def _held(self, group: str, seen: Observation) -> str | None:
        """The first member of a group that is held; None as well while nothing is known of the group."""
        return next((item for item in self._members(group) if seen.inventory.get(item)), None)

    def _settle(self, task: SubGoal | None, seen: Observation) -> Generator[Event, None, None]:
        """Close the attempt at hand when its sub-goal is reached or no longer the next; open one for the next."""
        attempt = self._attempt
        if attempt is not None:
            if _held(seen, attempt.task.item) >= attempt.task.until:
                if attempt.done:
                    self.memory.keep_plan(
                        self.world.rules, self.world.version, attempt.task, attempt.situation, attempt.done, attempt.ticks
                    )
                yield Achieved(task=attempt.task)
            elif task is not None and task.key == attempt.task.key:
                attempt.task = task
                return
        self._attempt = Attempt(task, situation(task, seen), _held(seen, task.item)) if task is not None else None

    def _fuel(self, task: SubGoal, seen: Observation) -> str | None:
        """The first fuel of which enough is held for the whole sub-goal."""
        for way in self.decomposer.known.get(FUEL, ()):
            stack = way.materials[0]
            if seen.inventory.get(stack.item, 0) * way.count >= task.batches * stack.count:
                return stack.item
        return None

    def _material(self, task: SubGoal, seen: Observation) -> str | None:
        """The first material; of a group, the member that is held most. None when it is not enough: then the world mixes them."""
        if not task.way.materials:
            return None
        stack = task.way.materials[0]
        most = max(self._members(stack.item), key=lambda item: seen.inventory.get(item, 0))
        return most if seen.inventory.get(most, 0) >= task.batches * stack.count else None

    def _reflex(self, seen: Observation) -> Plan | None:
        """What cannot wait: an attacker, hunger, the night, wounds."""
        skill = self.library.reflex(name) if (name := self._urge(seen)) else None
        if skill is None:
            return None
        lost = self._in_sight_again(seen)
        values = {"food": self._held(FOOD, seen), "lost": lost.name if lost else None, "lost_count": lost.count if lost else None}
        actions = skill.expand({**parameters(None, seen), **values}, seen)
        return Plan(actions=actions, origin=f"reflex:{skill.name}") if actions else None

    def _urge(self, seen: Observation) -> Reflex | None:
        if any(thing.kind == "hostile" and thing.distance <= REACH for thing in seen.nearby):
            return "attacked"
        if self._hungry(seen) and self._held(FOOD, seen):
            return "hungry"
        if not seen.day and seen.health <= WEAK and not seen.underground:
            return "benighted"
        if self._in_sight_again(seen) is not None:
            return "bereft"
        if seen.health <= HURT and seen.food >= 18:  # only a full stomach heals (wiki: natural regeneration)
            return "hurt"
        return None

    def _in_sight_again(self, seen: Observation) -> Seen | None:
        """The nearest thing on the ground of those one died with."""
        return next((thing for thing in seen.nearby if thing.kind == "item" and thing.name in self._lost), None)

    def _pack_up(self, attempt: Attempt, seen: Observation) -> tuple[Action, ...]:
        """Take back, once, the stations placed here before leaving to gather (GITM carries table and furnace along)."""
        way = attempt.task.way
        if way.kind not in GATHERING or way.stations or attempt.packed:
            return ()
        attempt.packed = True
        carried = {
            stack.item for ways in self.decomposer.known.values() for way in ways if way.kind in _AT_STATION for stack in way.stations
        }
        near = [thing for thing in seen.nearby if thing.kind == "station" and thing.distance <= REACH and thing.name in carried]
        return tuple(Mine(object=thing.name, count=thing.count) for thing in near)

    def _contradicts(self, way: Way, action: Action, feedback: Feedback) -> bool:
        """Whether the way itself was refused although everything it was believed to need was there: then the belief is wrong."""
        held = feedback.observation.inventory
        performs = isinstance(action, _PERFORMS[way.kind]) and _object(action) in (way.item, way.target, way.use)
        equipped = all(any(name in held for name in tool.any_of) for tool in way.tools)
        equipped = equipped and getattr(action, "tool", None) in (None, *held, *_stations(way))
        if feedback.code not in CONTRADICTIONS or not performs or not equipped:
            return False
        if feedback.code in (Code.UNKNOWN_NAME, Code.IMPOSSIBLE):
            return True
        return any(self._enough(name, way, action, feedback.observation) for name in feedback.missing)

    def _enough(self, name: str, way: Way, action: Action, seen: Observation) -> bool:
        """Whether as much as the way was believed to take of something is there, for as much as the action wanted."""
        wanted = getattr(action, "count", 1)
        batches = math.ceil(wanted / way.count) if isinstance(action, Craft | Smelt) else 1
        if name in _stations(way):
            return sum(thing.count for thing in seen.nearby if thing.name == name and thing.distance <= REACH) >= _stations(way).count(name)
        for stack in way.materials:
            if name in (members := self._members(stack.item)):
                named = {item for item in members if item in _named(action)}  # an action may say which members it means
                return sum(seen.inventory.get(item, 0) for item in named or members) >= batches * stack.count
        return True  # it was not believed to be needed at all

    def _members(self, group: str) -> tuple[str, ...]:
        """The items a group stands for, as far as known; a plain item is itself."""
        return (group, *(way.materials[0].item for way in self.decomposer.known.get(group, ()) if way.kind is Kind.ANY))

    def _make_room(self, seen: Observation) -> tuple[Action, ...]:
        """Throw away what neither the tree nor the way of life needs, the bulkiest first."""
        tasks = self._shown.subgoals if self._shown else ()
        needed = {name for task in tasks for need in requirements(task.way) for item in need.names for name in self._members(item)}
        needed |= {task.item for task in tasks} | {name for group in (FOOD, WEAPON, FUEL) for name in self._members(group)[:6]}
        needed |= {stack.item for ways in self.decomposer.known.values() for way in ways for stack in way.stations}
        needed |= self._goal_items
        spare = sorted((item for item in seen.inventory if item not in needed), key=lambda item: (-seen.inventory[item], item))
        if spare:
            return tuple(Drop(object=item, count=seen.inventory[item]) for item in spare[:ROOM])
        bulk, count = max(
            ((item, count) for item, count in seen.inventory.items() if item not in self._goal_items),
            key=lambda pair: pair[1],
            default=("", 0),
        )
        return (Drop(object=bulk, count=count - STACK),) if count > STACK else ()

    def _failed(self, attempt: Attempt, reason: str) -> Generator[Event, None, None]:
        """Count a failure; a way that keeps failing is set aside."""
        attempt.failed += 1
        way = attempt.task.way
        key = (way.item, way.key)
        self._failures[key] = self._failures.get(key, 0) + 1
        if self._failures[key] >= self.asker.meter.limits.queries and key not in self.decomposer.aside:
            yield self.decomposer.set_aside(way, f"it failed {self._failures[key]} times, last: {reason}")

    def _in_vain(self, way: Way) -> Generator[Event, None, None]:
        """Count a plan that worked and gave nothing; a way that keeps doing so is set aside, the later the rarer it is said to give."""
        key = (way.item, way.key)
        self._fruitless[key] = self._fruitless.get(key, 0) + 1
        if self._fruitless[key] > self.asker.meter.limits.queries / way.chance and key not in self.decomposer.aside:
            yield self.decomposer.set_aside(way, f"{self._fruitless[key]} plans gave no {way.item}")

    def plan_ahead(self, goal: Goal) -> tuple[Tree, tuple[Action, ...]]:
        """The tree and the actions from an empty inventory, without a world; raises :class:`NoWay` (exit 1) or :class:`LLMError`."""
        tree = _finish(self.decomposer.tree(goal, Stock()))
        plans = (expand(self.library, task, NOWHERE) for task in tree.subgoals)
        return tree, tuple(action for plan in plans if plan for action in plan.actions)

    def close(self) -> None:
        """Release memory and index."""
        self.memory.close()
        self.knowledge.close()


def _held(seen: Observation, item: str) -> int:
    """How many are held; experience counts in points."""
    return Stock.of(seen).held.get(item, 0)


def _stations(way: Way) -> tuple[str, ...]:
    """Every station a way needs, as often as it needs it."""
    return tuple(stack.item for stack in way.stations for _ in range(stack.count))


def _object(action: Action) -> str | None:
    return getattr(action, "object", None)


def _named(action: Action) -> tuple[str, ...]:
    """The materials that an action names."""
    if isinstance(action, Craft):
        return tuple(action.materials or ())
    return tuple(filter(None, (action.material, action.fuel))) if isinstance(action, Smelt) else ()


def _finish(steps: Generator[Event, None, Tree]) -> Tree:
    """Run a generator to its return value."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
