"""What is somewhere: a cluster (a tree, a vein, a patch of flowers) is one :class:`Thing` with the number of blocks left."""

from __future__ import annotations

CELL = 16  # blocks of a side of a map cell


class Thing:
    """Something somewhere: a cluster of blocks, a mob, a station, an item on the ground.

    ``left`` blocks or items remain; ``health`` is a mob's; ``ready`` the tick from which it can be used again (a shorn sheep)
    or until which it exists (an item on the ground); ``holds`` what it contains or is becoming.
    """

    __slots__ = ("deep", "health", "holds", "kind", "left", "name", "ready", "x", "y", "z")

    def __init__(self, name: str, kind: str, x: int, y: int, z: int, left: int = 1, *, health: float = 0.0, deep: bool = False) -> None:
        self.name, self.kind, self.x, self.y, self.z, self.left = name, kind, x, y, z, left
        self.health, self.deep = health, deep  # deep: below the surface
        self.ready = 0
        self.holds: object = None


#: Things by name: a look for one kind passes over all others.
Things = dict[str, list[Thing]]
