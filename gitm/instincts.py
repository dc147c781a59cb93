"""What comes before any sub-goal: danger, hunger, night, wounds, things lost, no room; and what one carries for it.

Reflexes are plans made from skill templates with ``when: {reflex: ...}``. What counts as food, weapon or fuel is knowledge: the groups of
these names in the guides; so are the parts of a suit of armour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from gitm.actions import Action, Apply, Approach, Build, DigDown, Drop, Explore, GoUp, Mine, Place, Take
from gitm.beliefs import REACH, stations_of
from gitm.decomposer import Decomposer
from gitm.graph import GATHERING, requirements
from gitm.planner import Attempt
from gitm.skills import Library, Reflex, parameters
from gitm.types import ARMOR, Code, Feedback, Kind, Observation, Plan, Seen, SubGoal, Tree, Way

FOOD, WEAPON, FUEL = "food", "weapon", "fuel"  # the groups of what is eaten, fought with and burnt, as guides call them
HUNGRY = 14  # food points at which one eats, or goes looking for food
HURT, WEAK, WELL = 8, 12, 16  # health points at which one rests, at which one does not stay out at night, and until which one rests
SWARM = 3  # monsters, one of them within reach, that one who is hurt runs from
AWAY = 16  # blocks after which pursuers give up
TIGHT = 2  # empty slots below which one makes room
STACK = 64
ROOM = 4  # kinds of items thrown away at once when the inventory is full
_AT_STATION = frozenset({Kind.CRAFT, Kind.SMELT})


class Instincts:
    """Looks after the body. Remembers of a run only what was lost in death, what tool is lacking and which stations cannot be got at."""

    def __init__(self, decomposer: Decomposer, library: Library) -> None:
        self.decomposer, self.library = decomposer, library
        self.lost: set[str] = set()  # what one died with and has not fetched
        self.left: set[str] = set()  # what lies there and cannot be fetched
        self.lacking: str | None = None  # the tool without which one could not get on
        self.cut_off: set[str] = set()  # stations in sight that cannot be got at
        self.slain = False  # whether one has died
        self.recovering = False  # hurt some time ago, and not well yet
        self.waiting = False  # what an item was applied on is in sight and was used already

    def begin(self) -> None:
        """A new run."""
        self.lost, self.left, self.cut_off, self.lacking = set(), set(), set(), None
        self.slain = self.recovering = self.waiting = False

    def note(self, task: SubGoal, action: Action, feedback: Feedback) -> None:
        """Take in what became of an action."""
        if feedback.code is Code.DIED:
            self.lost = {item for item, count in feedback.change.items() if count < 0}
            self.slain = True
        elif _leads_up(action) and feedback.code is Code.MISSING_TOOL and task.way.place.digger is None:
            self.lacking = next(iter(feedback.missing), None)  # the tree knows of no need for it: one is underground without a pickaxe
        self.waiting = (
            isinstance(action, Apply)
            and feedback.code is Code.NOT_FOUND
            and any(thing.name == action.target for thing in feedback.observation.nearby)
        )
        if isinstance(action, Place) and feedback.ok:
            self.cut_off.discard(action.object)
        elif isinstance(action, Build) and feedback.ok:
            self.cut_off.discard(action.blueprint)
        elif isinstance(action, Approach) and feedback.code in (Code.NO_PATH, Code.MISSING_TOOL) and action.object in stations_of(task.way):
            self.cut_off.add(action.object)
        elif isinstance(action, Take | Drop) or (isinstance(action, Approach) and not feedback.ok):
            self.lost.discard(action.object)  # fetched, thrown away, or out of reach for good
            if not feedback.ok and feedback.code not in (Code.PARTIAL, Code.INVENTORY_FULL, Code.INTERRUPTED):
                self.left.add(action.object)

    def lacks(self, seen: Observation) -> str | None:
        """The tool without which one cannot get on from here; None when there is no need, or it is held by now."""
        if self.lacking is not None and self.lacking in seen.inventory:
            self.lacking = None
        return self.lacking

    # --- what is urgent --------------------------------------------------------------------------------------

    def reflex(self, seen: Observation, way: Way | None = None) -> Plan | None:
        """A plan for what cannot wait, None when nothing is urgent. What the way applies an item on is spared while it can be."""
        if way is not None and way.kind is Kind.APPLY and seen.health > WEAK:
            seen = seen.model_copy(update={"nearby": tuple(thing for thing in seen.nearby if thing.name != way.on)})
        wanted = way.item if way is not None else None
        skill = self.library.reflex(name) if (name := self._urge(seen, wanted)) else None
        if skill is None:
            return None
        lost, refuge = self._on_the_ground(seen, wanted), _refuge(seen)
        values = {
            "refuge": refuge.name if refuge else None,
            "food": self.held(FOOD, seen),
            "armor": self._not_put_on(seen),
            "lost": lost.name if lost else None,
            "lost_count": lost.count if lost else None,
        }
        actions = skill.expand({**parameters(None, seen), **values}, seen)
        return Plan(actions=actions, origin=f"reflex:{skill.name}") if actions else None

    def _urge(self, seen: Observation, wanted: str | None) -> Reflex | None:
        self.recovering = seen.health <= HURT or (self.recovering and seen.health < WELL)
        attackers = [thing for thing in seen.nearby if thing.kind == "hostile" and thing.distance <= REACH]
        if seen.health <= HURT and sum(thing.count for thing in attackers) >= SWARM and _refuge(seen) is not None:
            return "outnumbered"
        if attackers:
            return "attacked"
        if self._not_put_on(seen) is not None:
            return "unarmored"
        if hungry(seen) and self.held(FOOD, seen):
            return "hungry"
        if not seen.day and seen.health <= WEAK and not seen.underground:
            return "benighted"
        if self._on_the_ground(seen, wanted) is not None:
            return "bereft"
        if self.recovering and seen.food >= 18:  # only a full stomach heals (wiki: natural regeneration)
            return "hurt"
        return "waiting" if self.waiting else None

    def _not_put_on(self, seen: Observation) -> str | None:
        """A piece of armour that is carried where nothing is worn."""
        for part in ARMOR:
            pieces = [item for item in self.members(part) if item in seen.inventory]
            if pieces and not any(item in seen.worn for item in pieces):
                return pieces[0]
        return None

    def _on_the_ground(self, seen: Observation, wanted: str | None) -> Seen | None:
        """The nearest thing on the ground of those one died with, or of what is wanted: for want of room it may not have been picked up."""
        names = {*self.lost, wanted} - self.left
        return next((thing for thing in seen.nearby if thing.kind == "item" and thing.name in names), None)

    # --- what is carried -------------------------------------------------------------------------------------

    def members(self, group: str) -> tuple[str, ...]:
        """The items a group stands for, as far as known; a plain item is itself."""
        return (group, *(way.materials[0].item for way in self.decomposer.known.get(group, ()) if way.kind is Kind.ANY))

    def held(self, group: str, seen: Observation) -> str | None:
        """The first member of a group that is held; None as well while nothing is known of the group."""
        return next((item for item in self.members(group) if seen.inventory.get(item)), None)

    def amount(self, group: str, seen: Observation) -> int:
        """How many of the members of a group are held."""
        return sum(seen.inventory.get(item, 0) for item in self.members(group))

    def fuel(self, task: SubGoal, seen: Observation) -> str | None:
        """The first fuel of which enough is held for the whole sub-goal; None where nothing is burnt."""
        if not any(stack.item == FUEL for stack in task.way.materials):
            return None
        for way in self.decomposer.known.get(FUEL, ()):
            stack = way.materials[0]
            if seen.inventory.get(stack.item, 0) * way.count >= task.batches * stack.count:
                return stack.item
        return None

    def material(self, task: SubGoal, seen: Observation) -> str | None:
        """The first material; of a group, the member that is held most. None when it is not enough: then the world mixes them."""
        if not task.way.materials:
            return None
        stack = task.way.materials[0]
        most = max(self.members(stack.item), key=lambda item: seen.inventory.get(item, 0))
        return most if seen.inventory.get(most, 0) >= task.batches * stack.count else None

    def pack_up(self, attempt: Attempt, seen: Observation) -> tuple[Action, ...]:
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

    def make_room(self, seen: Observation, trees: Iterable[Tree], goal_items: Iterable[str]) -> tuple[Action, ...]:
        """Throw away what neither the goal, the trees nor the way of life needs, the bulkiest first.

        Else what is more than a stack; else half of the tools or stations of a kind that nothing is to be made of, which take a slot each.
        The trees are the goal's and that of the detour at hand.
        """
        tasks = tuple(chain.from_iterable(tree.subgoals for tree in trees))
        kept = set(goal_items)
        needed = {name for task in tasks for need in requirements(task.way) for item in need.names for name in self.members(item)}
        needed |= {task.item for task in tasks} | {name for group in (FOOD, WEAPON, FUEL, *ARMOR) for name in self.members(group)[:6]}
        stations = {stack.item for ways in self.decomposer.known.values() for way in ways for stack in way.stations}
        needed |= stations | kept
        spare = sorted((item for item in seen.inventory if item not in needed), key=lambda item: (-seen.inventory[item], item))
        if spare:
            return tuple(Drop(object=item, count=seen.inventory[item]) for item in spare[:ROOM])
        bulk = max((item for item in seen.inventory if item not in kept), key=lambda item: seen.inventory[item], default="")
        excess = seen.inventory.get(bulk, 0) - STACK
        if excess > 0:
            return (Drop(object=bulk, count=excess),)
        used = Counter[str]()
        for task in tasks:
            used.update({stack.item: stack.count * task.batches for stack in task.way.materials})
        spares = ((item, seen.inventory[item] - used[item]) for item in stations.union(seen.wear) - kept if item in seen.inventory)
        several = {item: count for item, count in spares if count > 1}
        most = max(several, key=lambda item: (several[item], item), default=None)
        return (Drop(object=most, count=several[most] // 2),) if most is not None else ()


def _refuge(seen: Observation) -> Seen | None:
    """The nearest harmless thing that is far enough away from here; None where one sees no farther than monsters do."""
    harmless = (thing for thing in seen.nearby if thing.kind in ("block", "mob", "station") and thing.distance > AWAY)
    return min(harmless, key=lambda thing: thing.distance, default=None)


def _leads_up(action: Action) -> bool:
    """Whether the action only goes somewhere."""
    return isinstance(action, Approach | DigDown | Explore | GoUp)


def hungry(seen: Observation) -> bool:
    """Time to eat: hungry, or hurt and not full enough to heal."""
    return seen.food <= HUNGRY or (seen.health <= WEAK and seen.food < 18)
