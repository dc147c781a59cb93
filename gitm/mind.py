"""The mind: decomposer, planner, memory and reflexes behind the three questions the loop asks."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from itertools import takewhile

from gitm.actions import Action, Approach, Explore, GoUp, Wait
from gitm.beliefs import contradicts
from gitm.condenser import Condenser
from gitm.decomposer import Decomposer
from gitm.errors import NoWay, Stuck
from gitm.events import Achieved, Decomposed, Event
from gitm.instincts import FOOD, TIGHT, Instincts
from gitm.knowledge import Knowledge
from gitm.limits import Asker, Limits, Meter
from gitm.memory import alike, situation
from gitm.parts import Parts, undivided
from gitm.planner import Attempt, Planner
from gitm.provisions import detours
from gitm.searches import Searches
from gitm.skills import expand
from gitm.stock import Stock
from gitm.travels import Travels
from gitm.tree import needs_of
from gitm.types import PARTLY_DONE, Code, Feedback, Goal, Kind, Observation, Plan, Rarity, SubGoal, Tree, Way, WorldInfo

PATIENCE = 20  # reflexes in a row after which the sub-goal has its turn: nothing urgent may stop a run for ever
SUSPICION = 4  # failures in a row after which an LLM is asked whether its way is right
TRAVEL = "travel"  # the origin of plans that lead to another dimension
#: How much longer than usual one goes on with a way whose source is rare: what is not found yet is not refused.
_PERSEVERANCE = {Rarity.COMMON: 1, Rarity.UNCOMMON: 1, Rarity.RARE: 2, Rarity.VERY_RARE: 8, Rarity.EXTREMELY_RARE: 10}
NOWHERE = Observation(
    tick=0, x=0, y=64, z=0, biome="", underground=False, day=True, health=20, food=20, inventory={}
)  # where one plans ahead from


class Mind:
    """What the loop talks to. State of a run lives here only as attempts and ways set aside; what is done, the inventory says."""

    def __init__(
        self,
        decomposer: Decomposer,
        planner: Planner,
        asker: Asker,
        aliases: Mapping[str, str] | None = None,
        parts: Parts = Parts(),
    ) -> None:
        self.decomposer, self.planner, self.asker, self.parts = decomposer, planner, asker, parts
        self.library, self.memory = planner.library, planner.memory
        self.instincts = Instincts(decomposer, planner.library)
        self.travels, self.searches = Travels(), Searches()
        self.condenser = Condenser(asker)
        self.aliases = aliases or {}
        self.world = WorldInfo(name="none", version="", rules="")
        self._attempt: Attempt | None = None
        self._failures: dict[tuple[str, str], int] = {}
        self._fruitless: dict[tuple[str, str], int] = {}  # plans for a way since it last gave anything
        self._reflexes = 0  # reflexes in a row
        self._shown: Tree | None = None
        self._whole: Tree | None = None  # the goal's own tree, also while a detour is shown
        self.unfinished: tuple[SubGoal, Plan] | None = None  # of a run that is resumed, of a wait that was disturbed
        self._goal_items: set[str] = set()

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
        meter = self.asker.begin(limits)
        self._attempt, self._shown, self._whole, self.unfinished = None, None, None, None
        self._reflexes = 0
        self.instincts.begin()
        self.travels.begin()
        self.searches.begin()
        self._failures.clear()
        self._fruitless.clear()
        self.decomposer.begin(world.rules)
        return meter

    # --- the three questions ---------------------------------------------------------------------------------

    def next_task(self, goal: Goal, seen: Observation) -> Generator[Event, None, SubGoal | None]:
        """The first sub-goal of the tree as things are, None when the goal is met; raises :class:`NoWay` or :class:`Stuck`."""
        self._goal_items = set(needs_of(goal))
        stock = self._stock(seen)
        self._whole = tree = yield from self._tree(goal, stock)
        if tree.subgoals:
            tree = (yield from self._provisions(tree, seen, stock)) or tree
        if tree != self._shown:
            self._shown = tree
            yield Decomposed(tree=tree)
        task = tree.subgoals[0] if tree.subgoals else None
        if self.unfinished is not None:  # what it took is used up, so the tree would begin anew
            task = next((other for other in tree.subgoals if other.key == self.unfinished[0].key), task)
        yield from self._settle(task, seen)
        return task

    def plan(self, task: SubGoal, seen: Observation) -> Generator[Event, None, Plan]:
        """Actions for the sub-goal, or for what is more urgent. An empty plan means: think again."""
        if self._reflexes < PATIENCE and (urgent := self.instincts.reflex(seen, task.way)) is not None:
            self._reflexes += 1
            return urgent
        self._reflexes = 0
        attempt = self._attempt
        assert attempt is not None, "next_task comes first"  # noqa: S101 - the order of calls is ours
        body = self.instincts
        cramped = seen.free_slots < TIGHT or (attempt.cramped and attempt.failed > 0)  # once something fits, there is room enough
        if cramped and (room := body.make_room(seen, filter(None, (self._whole, self._shown)), {*self._goal_items, task.item})):
            return Plan(actions=room, origin="reflex:make_room")
        if packing := body.pack_up(attempt, seen):
            return Plan(actions=packing, origin="reflex:pack_up")
        if leg := self.travels.leg(task.way, seen):
            return Plan(actions=leg, origin=TRAVEL)
        left, self.unfinished = self.unfinished, None
        if left is not None and left[0].key == task.key:
            return left[1]
        extras: dict[str, str | int | None] = {
            "food": body.held(FOOD, seen),
            "fuel": body.fuel(task, seen),
            "material": body.material(task, seen),
        }
        if attempt.cramped:  # a little at a time is better than nothing
            extras |= {"count": task.way.count, "batches": 1}
        if not self.parts.feedback:
            attempt.feedback.clear()
        plan = yield from self.planner.plan(attempt, seen, self.world.rules, extras)
        if plan is None:
            yield from self._failed(attempt, "no plan was found")
            return Plan(actions=(), origin="none")
        return plan

    def learn(self, task: SubGoal, plan: Plan, action: Action, feedback: Feedback) -> Generator[Event, None, None]:
        """Take in what the world said of an action of a plan for the sub-goal."""
        attempt = self._attempt
        if feedback.code is Code.INTERRUPTED and isinstance(action, Wait) and task.way.kind is Kind.GROW:
            self.unfinished = task, _from_there(plan, action, feedback)
        self.instincts.note(task, action, feedback)
        self.searches.note(action, feedback)
        if plan.origin.startswith("reflex") and feedback.code not in PARTLY_DONE:
            self._reflexes = PATIENCE  # it was refused: what it is about must wait until something else was done
        if attempt is None or plan.origin.startswith("reflex") or feedback.code in (Code.INTERRUPTED, Code.DIED):
            return
        if plan.origin == TRAVEL:
            yield from self._travelled(attempt, action, feedback)
            return
        attempt.note(action, feedback)
        if (held := _held(feedback.observation, task)) > attempt.held:
            attempt.held, attempt.failed = held, 0
            self._failures.pop((task.item, task.way.key), None)
            self._fruitless.pop((task.item, task.way.key), None)
            if not feedback.ok:
                attempt.go_on(feedback.observation)
            return
        attempt.cramped = attempt.cramped or feedback.code is Code.INVENTORY_FULL
        if feedback.ok or feedback.code is Code.PARTIAL:
            if not feedback.ok or action is plan.actions[-1]:
                attempt.failed = 0  # it can be done; whether it gives anything is counted apart
                self._failures.pop((task.item, task.way.key), None)
                if feedback.ok and attempt.recalled is not None:  # it did all it says and gave nothing: now plan afresh
                    attempt.distrusted.add(attempt.recalled.id)
                yield from self._in_vain(task.way)
            return
        if attempt.recalled is not None:
            self.memory.demote(attempt.recalled.id)
            attempt.distrusted.add(attempt.recalled.id)
        if self.parts.feedback and contradicts(task.way, action, feedback, self.instincts.members):
            yield from self.decomposer.contradict(task.way, feedback)
        yield from self._failed(attempt, feedback.message)

    # --- how -------------------------------------------------------------------------------------------------

    def _tree(self, goal: Goal, stock: Stock) -> Generator[Event, None, Tree]:
        if not self.parts.decomposition:
            return self._undivided(goal, stock)
        try:
            return (yield from self.decomposer.tree(goal, stock))
        except NoWay as error:
            if self.decomposer.aside:
                tried = ", ".join(sorted(f"{item} by {key}" for item, key in self.decomposer.aside))
                raise Stuck(f"every known way was tried: {tried} did not work; then {error}") from error
            raise

    def _undivided(self, goal: Goal, stock: Stock) -> Tree:
        tree = undivided(goal, stock)
        if any((task.item, task.way.key) in self.decomposer.aside for task in tree.subgoals):
            raise Stuck(f"every plan for {goal} failed")
        return tree

    def _provisions(self, tree: Tree, seen: Observation, stock: Stock) -> Generator[Event, None, Tree | None]:
        """The tree of what should be had before the tree is gone on with (:mod:`gitm.provisions`); None: no need or no way."""
        for goal, longest in detours(tree, seen, self.instincts, self.names):
            if (detour := (yield from self._detour(goal, stock, longest))) is not None:
                return detour
        return None

    def _detour(self, goal: Goal, stock: Stock, longest: int) -> Generator[Event, None, Tree | None]:
        if not self.parts.decomposition:
            return None
        try:
            tree = yield from self.decomposer.tree(goal, stock)
        except NoWay:
            return None
        return tree if 0 < len(tree.subgoals) <= longest else None

    def _settle(self, task: SubGoal | None, seen: Observation) -> Generator[Event, None, None]:
        """Close the attempt at hand when its sub-goal is reached or no longer the next; open one for the next."""
        attempt = self._attempt
        if attempt is not None:
            if _held(seen, attempt.task) >= attempt.task.until:
                if attempt.done:
                    yield from self._remember(attempt)
                yield Achieved(task=attempt.task)
            elif task is not None and task.key == attempt.task.key:
                attempt.task = task
                return
        self._attempt = Attempt(task, situation(task, seen), _held(seen, task)) if task is not None else None

    def _remember(self, attempt: Attempt) -> Generator[Event, None, None]:
        """Keep what reached a sub-goal, or count one more success of the remembered plan that did."""
        recalled, rules = attempt.recalled, self.world.rules
        self.decomposer.prove(attempt.task.way)
        if recalled is not None and alike(attempt.done, recalled.actions):
            self.memory.confirm(recalled.id, attempt.ticks)
        else:
            self.memory.keep_plan(rules, self.world.version, attempt.task, attempt.situation, attempt.done, attempt.ticks)
        yield from self.condenser.condense(self.memory, rules, attempt.task, attempt.situation)

    def _stock(self, seen: Observation) -> Stock:
        self.travels.note((way for ways in self.decomposer.known.values() for way in ways), seen)
        return Stock.of(seen, self.instincts.cut_off, self.travels.standing(seen.dimension), self.searches.vain)

    def _travelled(self, attempt: Attempt, action: Action, feedback: Feedback) -> Generator[Event, None, None]:
        """A portal that cannot be got at does not count as standing: then another one is built."""
        if not feedback.ok and feedback.code not in PARTLY_DONE:
            if isinstance(action, Approach | Explore):
                self.instincts.cut_off.add(action.object)
            yield from self._failed(attempt, feedback.message)

    def _failed(self, attempt: Attempt, reason: str) -> Generator[Event, None, None]:
        """Count a failure; a way that keeps failing is set aside."""
        attempt.failed += 1
        way = attempt.task.way
        key = (way.item, way.key)
        self._failures[key] = self._failures.get(key, 0) + 1
        yield from self._suspect(way, self._failures[key], SUSPICION)
        if self._failures[key] >= self.asker.meter.limits.queries * _PERSEVERANCE[way.rarity] and key not in self.decomposer.aside:
            yield self.decomposer.set_aside(way, f"it failed {self._failures.pop(key)} times, last: {reason}")

    def _suspect(self, way: Way, failures: int, often: int) -> Generator[Event, None, None]:
        """After every so many failures have the way doubted; an undivided goal has none, and to doubt is to heed feedback."""
        if failures % often == 0 and self.parts.decomposition and self.parts.feedback:
            yield from self.decomposer.doubt(way)

    def _in_vain(self, way: Way) -> Generator[Event, None, None]:
        """Count a plan that worked and gave nothing; a way that keeps doing so is set aside, the later the rarer it is said to give."""
        key = (way.item, way.key)
        self._fruitless[key] = self._fruitless.get(key, 0) + 1
        yield from self._suspect(way, self._fruitless[key], max(SUSPICION, round(SUSPICION / way.chance)))
        if self._fruitless[key] > self.asker.meter.limits.queries / way.chance and key not in self.decomposer.aside:
            yield self.decomposer.set_aside(way, f"{self._fruitless.pop(key)} plans gave no {way.item}")

    def plan_ahead(self, goal: Goal) -> tuple[Tree, tuple[Action, ...]]:
        """The tree and the actions from an empty inventory, without a world; raises :class:`NoWay` (exit 1) or :class:`LLMError`."""
        tree = _finish(self.decomposer.tree(goal, Stock(), whole=True))
        plans = (expand(self.library, task, NOWHERE) for task in tree.subgoals)
        return tree, tuple(action for plan in plans if plan for action in plan.actions)

    def close(self) -> None:
        """Release memory and index."""
        self.memory.close()
        self.knowledge.close()


def _from_there(plan: Plan, wait: Wait, feedback: Feedback) -> Plan:
    """What is left of a plan from a wait on, of which some is over; who waits on the surface comes up again if he hides meanwhile."""
    at = next(number for number, action in enumerate(plan.actions) if action is wait)
    more = (Wait(ticks=wait.ticks - feedback.ticks),) if feedback.ticks < wait.ticks else ()
    waits = (*more, *takewhile(lambda action: isinstance(action, Wait), plan.actions[at + 1 :]))
    rest = plan.actions[at + 1 + len(waits) - len(more) :]
    up = () if feedback.observation.underground or (rest and isinstance(rest[0], GoUp)) else (GoUp(),)
    return plan.model_copy(update={"actions": (*waits, *up, *rest)})


def _held(seen: Observation, task: SubGoal) -> int:
    """How many are held; experience counts in points, and what is built when it stands in sight."""
    stock = Stock.of(seen)
    return int(task.item in stock.stations) if task.way.kind is Kind.BUILD else stock.held.get(task.item, 0)


def _finish(steps: Generator[Event, None, Tree]) -> Tree:
    """Run a generator to its return value."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
