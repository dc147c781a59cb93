"""What has become of one dimension: its map, and all that was seen, put down, dropped, sown and built there."""

from __future__ import annotations

from env_stub.map import Map
from env_stub.rules import Rules
from env_stub.things import Thing, Things


class Realm:
    """One dimension of a running game; the game holds those of the present one as its own."""

    __slots__ = ("charged", "deep", "growing", "lying", "map", "memory", "placed", "portals", "returning", "seen", "tunnels")

    def __init__(self, rules: Rules, seed: int, dimension: str) -> None:
        self.map = Map(rules, seed, dimension)
        self.deep: dict[tuple[int, int], Things] = {}  # what is known underground, by cell
        self.placed: Things = {}  # blocks put down by the agent
        self.lying: list[Thing] = []  # things on the ground, the oldest first
        self.growing: list[Thing] = []
        self.memory: dict[str, dict[tuple[int, int], None]] = {}  # name -> cells it was seen in (an ordered set)
        self.seen: set[tuple[int, int]] = set()
        self.charged: list[Thing] = []  # stations with fuel of their own in them
        self.returning: list[tuple[int, Thing]] = []  # what was killed or used up and is there again, and when
        self.portals: Things = {}  # those one knows: they are not forgotten
        self.tunnels: set[tuple[int, int, int]] = set()  # cells that tunnels lead through, and in which eight blocks of height
