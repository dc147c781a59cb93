"""The mind: decomposer, planner, memory and reflexes behind the three questions the loop asks."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from gitm.actions import Action, Mine
from gitm.decomposer import CONTRADICTIONS, Decomposer
from gitm.errors import NoWay, Stuck
from gitm.events import Achieved, Decomposed, Event
from gitm.knowledge import Knowledge
from gitm.limits import Asker, Limits, Meter
from gitm.memory import situation
from gitm.planner import Attempt, Planner
from gitm.rank import GATHERING, Stock
from gitm.skills import expand, parameters
from gitm.types import Code, Feedback, Goal, Kind, Observation, Obtain, Plan, SubGoal, Tree, WorldInfo

FOOD = "food"  # the group of what can be eaten, as guides call it
HUNGRY, STARVING = 14, 6  # food points at which one eats, at which one goes looking for food
HURT = 8  # health points at which one rests
DANGER = 5.0  # blocks within which a hostile mob is fought
REACH = 4.5  # blocks (wiki)
_AT_STATION = frozenset({Kind.CRAFT, Kind.SMELT})
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
        self._shown: Tree | None = None

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
        self._failures.clear()
        self.decomposer.aside.clear()
        return self.asker.meter

    # --- the three questions ---------------------------------------------------------------------------------

    def next_task(self, goal: Goal, seen: Observation) -> Generator[Event, None, SubGoal | None]:
        """The first sub-goal of the tree as things are, None when the goal is met; raises :class:`NoWay` or :class:`Stuck`."""
        stock = Stock.of(seen)
        tree = yield from self._hunger(seen, stock)
        if tree is None:
            tree = yield from self._tree(goal, stock)
        if tree != self._shown:
            self._shown = tree
            yield Decomposed(tree=tree)
        task = tree.subgoals[0] if tree.subgoals else None
        yield from self._settle(task, seen)
        return task

    def plan(self, task: SubGoal, seen: Observation) -> Generator[Event, None, Plan]:
        """Actions for the sub-goal, or for what is more urgent. An empty plan means: think again."""
        if (urgent := self._reflex(seen)) is not None:
            return urgent
        attempt = self._attempt
        assert attempt is not None, "next_task comes first"  # noqa: S101 - the order of calls is ours
        plan = yield from self.planner.plan(attempt, seen, self.world.rules)
        if plan is None:
            yield from self._failed(attempt, "no plan was found")
            return Plan(actions=(), origin="none")
        packing = self._pack_up(task, seen)
        return plan.model_copy(update={"actions": (*packing, *plan.actions)}) if packing else plan

    def learn(self, task: SubGoal, plan: Plan, action: Action, feedback: Feedback) -> Generator[Event, None, None]:
        """Take in what the world said of an action of a plan for the sub-goal."""
        attempt = self._attempt
        if attempt is None or plan.origin.startswith("reflex") or feedback.code in (Code.INTERRUPTED, Code.DIED):
            return
        attempt.note(action, feedback)
        if feedback.change.get(task.item, 0) > 0:
            attempt.failed = 0
            self._failures.pop((task.item, task.way.key), None)
            return
        if feedback.ok or feedback.code is Code.PARTIAL:
            return
        if attempt.recalled is not None:
            self.memory.demote(attempt.recalled.id)
            attempt.distrusted.add(attempt.recalled.id)
        if feedback.code in CONTRADICTIONS and self._should_have_worked(task, feedback):
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

    def _hunger(self, seen: Observation, stock: Stock) -> Generator[Event, None, Tree | None]:
        """A detour for food when there is little left to live on; None when there is no need, or no way."""
        if seen.food > STARVING or FOOD not in self.names:
            return None
        try:
            tree = yield from self.decomposer.tree(Obtain(item=FOOD, count=2), stock)
        except NoWay:
            return None
        return tree if tree.subgoals else None

    def _settle(self, task: SubGoal | None, seen: Observation) -> Generator[Event, None, None]:
        """Close the attempt at hand when its sub-goal is reached or no longer the next; open one for the next."""
        attempt = self._attempt
        if attempt is not None:
            if seen.inventory.get(attempt.task.item, 0) >= attempt.task.until:
                if attempt.done:
                    self.memory.keep_plan(
                        self.world.rules, self.world.version, attempt.task, attempt.situation, attempt.done, attempt.ticks
                    )
                yield Achieved(task=attempt.task)
            elif task is not None and task.key == attempt.task.key:
                attempt.task = task
                return
        self._attempt = Attempt(task, situation(task, seen)) if task is not None else None

    def _reflex(self, seen: Observation) -> Plan | None:
        """What cannot wait: an attacker, hunger, wounds."""
        edible = self._edible(seen)
        attacked = any(thing.kind == "hostile" and thing.distance <= DANGER for thing in seen.nearby)
        name = "attacked" if attacked else "hungry" if seen.food <= HUNGRY and edible else "hurt" if _must_rest(seen) else None
        skill = self.library.reflex(name) if name else None
        if skill is None:
            return None
        actions = skill.expand({**parameters(None, seen), "food": edible}, seen)
        return Plan(actions=actions, origin=f"reflex:{skill.name}") if actions else None

    def _edible(self, seen: Observation) -> str | None:
        members = [way.materials[0].item for way in self.decomposer.known.get(FOOD, ())]
        return next((item for item in members if seen.inventory.get(item)), None)

    def _pack_up(self, task: SubGoal, seen: Observation) -> tuple[Action, ...]:
        """Take back the stations that were placed here before leaving to gather (GITM carries table and furnace along)."""
        if task.way.kind not in GATHERING or task.way.stations:
            return ()
        carried = {stack.item for ways in self.decomposer.known.values() for way in ways if way.kind in _AT_STATION for stack in way.stations}
        near = [thing for thing in seen.nearby if thing.kind == "station" and thing.distance <= REACH and thing.name in carried]
        return tuple(Mine(object=thing.name, count=thing.count) for thing in near)

    def _should_have_worked(self, task: SubGoal, feedback: Feedback) -> bool:
        """Whether everything the way was believed to need was there, so that the belief is what is wrong."""
        held = feedback.observation.inventory
        tools = all(any(name in held for name in tool.any_of) for tool in task.way.tools)
        return tools and not any(stack.item in feedback.missing for stack in task.way.materials)

    def _failed(self, attempt: Attempt, reason: str) -> Generator[Event, None, None]:
        """Count a failure; a way that keeps failing is set aside."""
        attempt.failed += 1
        way = attempt.task.way
        key = (way.item, way.key)
        self._failures[key] = self._failures.get(key, 0) + 1
        if self._failures[key] >= self.asker.meter.limits.queries and key not in self.decomposer.aside:
            yield self.decomposer.set_aside(way, f"it failed {self._failures[key]} times, last: {reason}")

    def plan_ahead(self, goal: Goal) -> tuple[Tree, tuple[Action, ...]]:
        """The tree and the actions from an empty inventory, without a world; raises :class:`NoWay` (exit 1) or :class:`LLMError`."""
        tree = _finish(self.decomposer.tree(goal, Stock()))
        plans = (expand(self.library, task, NOWHERE) for task in tree.subgoals)
        return tree, tuple(action for plan in plans if plan for action in plan.actions)

    def close(self) -> None:
        """Release memory and index."""
        self.memory.close()
        self.knowledge.close()


def _must_rest(seen: Observation) -> bool:
    return seen.health <= HURT and seen.food >= 18  # only a full stomach heals (wiki: natural regeneration)


def _finish(steps: Generator[Event, None, Tree]) -> Tree:
    """Run a generator to its return value."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
