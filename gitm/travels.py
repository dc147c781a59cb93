"""Going to another dimension and back: which portals stand where, where they lead, and the next leg of a journey.

A portal leads from the overworld to one dimension, and from there back. What leads where is read in the ways; where one stands is seen.
"""

from __future__ import annotations

from collections.abc import Iterable

from gitm.actions import Action, Approach, Enter, Explore
from gitm.beliefs import REACH
from gitm.types import OVERWORLD, Observation, Way

_NEARBY = 64  # blocks from which going straight there is one action


class Travels:
    """What a run knows of portals."""

    def __init__(self) -> None:
        self._leads: dict[str, str] = {}  # portal -> the dimension to which it leads from the overworld
        self._stand: dict[str, set[str]] = {}  # dimension -> the portals seen standing there

    def begin(self) -> None:
        """A new run: portals of another world do not stand in this one."""
        self._stand.clear()

    def note(self, ways: Iterable[Way], seen: Observation) -> None:
        """Take in what ways say of portals, and which of them stand here."""
        self._leads.update({way.place.portal: way.place.dimension for way in ways if way.place.portal is not None})
        stations = {thing.name for thing in seen.nearby if thing.kind == "station"}
        self._stand[seen.dimension] = self._leads.keys() & stations

    def standing(self, dimension: str) -> frozenset[str]:
        """The portals of the overworld, which serve from everywhere: who is elsewhere goes home first."""
        return frozenset(self._stand.get(OVERWORLD, ()) if dimension != OVERWORLD else ())

    def leg(self, way: Way, seen: Observation) -> tuple[Action, ...]:
        """The actions that bring one a dimension nearer to where the way leads; none when one is there or knows of no portal."""
        here, there = seen.dimension, way.place.dimension
        if not way.afield or there == here:
            return ()
        portal = way.place.portal if here == OVERWORLD else self._home(here)
        if portal is None:
            return ()
        if seen.near(portal, REACH):
            return (Enter(portal=portal),)
        steps = () if seen.near(portal, _NEARBY) else (Explore(object=portal),)  # five times as long an action: it goes farther
        return (*steps, Approach(object=portal), Enter(portal=portal))

    def _home(self, here: str) -> str | None:
        """The portal that leads from a dimension to the overworld."""
        return next((portal for portal, dimension in self._leads.items() if dimension == here), None)
