"""What was read about one item."""

from __future__ import annotations

from gitm.types import Frozen, Way


class KnownWays(Frozen):
    """The ways of an item: from which knowledge (a hash of the passages) they were read, and by which LLM."""

    item: str
    knowledge: str
    llm: str
    ways: tuple[Way, ...]
