"""A pure-Python world that plays a rule book: no Minecraft, no network, a seed and some arithmetic.

``make_world(seed, rules)`` is its entry point (``--world stub``). It knows nothing of the agent, and the agent nothing of it:
they share :mod:`gitm.types` and :mod:`gitm.actions`, nothing else.
"""

from __future__ import annotations

from pathlib import Path

from env_stub.rules import load_rules
from env_stub.world import StubWorld

__all__ = ["StubWorld", "make_world"]


def make_world(seed: int = 0, rules: Path | None = None, dig_speed: float = 1.0) -> StubWorld:
    """A stub world of this seed, playing the rule book file (default: the newest shipped), digging ``dig_speed`` times as fast.

    Raises :class:`gitm.errors.BadFile` when the file is no rule book, ``SetupError`` when the speed is not above 0.
    """
    return StubWorld(load_rules(rules), seed, dig_speed)
