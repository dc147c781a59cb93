"""How long a run looked in vain for what it needs: what was not found in an hour will hardly be found in the next minute."""

from __future__ import annotations

from collections.abc import Mapping

from gitm.actions import Action, Explore
from gitm.types import Feedback


class Searches:
    """What was looked for since it was last seen, and for how long."""

    def __init__(self) -> None:
        self._vain: dict[str, float] = {}

    @property
    def vain(self) -> Mapping[str, float]:
        """Seconds of game time that were spent looking for a thing since it was last in sight."""
        return self._vain

    def begin(self) -> None:
        """A new run: another world has other things lying about."""
        self._vain.clear()

    def note(self, action: Action, feedback: Feedback) -> None:
        """Take in how an action went."""
        if isinstance(action, Explore) and not feedback.ok:
            self._vain[action.object] = self._vain.get(action.object, 0.0) + feedback.ticks / 20
        for thing in feedback.observation.nearby if self._vain else ():
            self._vain.pop(thing.name, None)  # what is in sight need not be looked for
