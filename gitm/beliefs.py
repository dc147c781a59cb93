"""When the world says no to a way: is the belief wrong, or was something merely not there?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from gitm.actions import Action, Apply, Attack, Build, Craft, Mine, Smelt, Trade
from gitm.types import Code, Feedback, Kind, Observation, Way

Members = Callable[[str], tuple[str, ...]]  # the items a group stands for; a plain item is itself

REACH = 4.5  # blocks (wiki)
#: Refusals that say a belief is wrong, when everything the way was believed to need is there.
CONTRADICTIONS = frozenset({Code.MISSING_TOOL, Code.MISSING_STATION, Code.MISSING_MATERIAL, Code.UNKNOWN_NAME, Code.IMPOSSIBLE})
#: The actions that perform a way of each kind; the others only lead up to it.
_PERFORMS: dict[Kind, type | tuple[type, ...]] = {
    Kind.CRAFT: Craft,
    Kind.SMELT: Smelt,
    Kind.MINE: (Mine, Apply),
    Kind.ATTACK: Attack,
    Kind.APPLY: Apply,
    Kind.GROW: (Mine, Apply),
    Kind.TRADE: Trade,
    Kind.BUILD: Build,
    Kind.ANY: (),
}


def contradicts(way: Way, action: Action, feedback: Feedback, members: Members) -> bool:
    """Whether the way itself was refused although everything it was believed to need was there: then the belief is wrong."""
    held = feedback.observation.inventory
    performs = isinstance(action, _PERFORMS[way.kind]) and _aim(action) in (way.item, way.target, way.use)
    equipped = all(any(name in held for name in tool.any_of) for tool in way.tools)
    equipped = equipped and _as_believed(getattr(action, "tool", None), way, held)
    if feedback.code not in CONTRADICTIONS or not performs or not equipped:
        return False
    if feedback.code in (Code.UNKNOWN_NAME, Code.IMPOSSIBLE):
        return True
    return any(_enough(name, way, action, feedback.observation, members) for name in feedback.missing)


def _as_believed(tool: str | None, way: Way, held: Mapping[str, int]) -> bool:
    """Whether the tool that a plan names is one that the way was believed to take, and there; another one's failing says nothing."""
    if tool is None or tool in stations_of(way):
        return True
    return tool in held and (not way.tools or any(tool in known.any_of for known in way.tools))


def _enough(name: str, way: Way, action: Action, seen: Observation, members: Members) -> bool:
    """Whether as much as the way was believed to take of something is there, for as much as the action wanted."""
    wanted = getattr(action, "count", 1)
    batches = math.ceil(wanted / way.count) if isinstance(action, Craft | Smelt) else 1
    if name in (stations := stations_of(way)):
        return sum(thing.count for thing in seen.nearby if thing.name == name and thing.distance <= REACH) >= stations.count(name)
    for stack in way.materials:
        if name in (alike := members(stack.item)):
            named = {item for item in alike if item in _named(action)}  # an action may say which members it means
            return sum(seen.inventory.get(item, 0) for item in named or alike) >= batches * stack.count
    return True  # it was not believed to be needed at all


def stations_of(way: Way) -> tuple[str, ...]:
    """Every station a way needs, as often as it needs it."""
    return tuple(stack.item for stack in way.stations for _ in range(stack.count))


def _aim(action: Action) -> str | None:
    return action.blueprint if isinstance(action, Build) else getattr(action, "object", None)


def _named(action: Action) -> tuple[str, ...]:
    """The materials that an action names."""
    if isinstance(action, Craft):
        return tuple(action.materials or ())
    return tuple(filter(None, (action.material, action.fuel))) if isinstance(action, Smelt) else ()
