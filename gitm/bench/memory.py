"""Memory of a running ``gitm run`` on a real server: the agent, the worker that holds the bridge, and Node, each apart."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from statistics import median

from gitm.types import Frozen


class Memory(Frozen):
    """Resident megabytes of each process; 0 when it does not run."""

    python: float = 0.0
    worker: float = 0.0
    node: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float]) -> Memory:
        """From the three values in their order."""
        python, worker, node = (round(value, 1) for value in values)
        return cls(python=python, worker=worker, node=node)

    @property
    def values(self) -> tuple[float, float, float]:
        """The three values in their order."""
        return self.python, self.worker, self.node


def resident(pid: int) -> Memory:
    """What the process of that id and its descendants hold now, as ``ps`` tells."""
    return of_tree(pid, processes())


def processes() -> list[tuple[int, int, int]]:
    """Every process: its id, its parent's, and the KiB it holds."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout  # noqa: S607
    rows = (line.split() for line in listed.splitlines())
    return [(int(row[0]), int(row[1]), int(row[2])) for row in rows if len(row) == 3]


def of_tree(pid: int, rows: Iterable[tuple[int, int, int]]) -> Memory:
    """The same from rows of (id, parent's id, KiB): the agent is the process itself, the worker its child, Node whatever is below."""
    rows = list(rows)
    generation, held = {pid}, [0.0, 0.0, 0.0]
    for depth in range(5):
        held[min(depth, 2)] += sum(kib for own, _, kib in rows if own in generation) / 1024
        generation = {own for own, parent, _ in rows if parent in generation}
    return Memory.of(held)


def medians(samples: Sequence[Memory]) -> Memory:
    """The median of each over several moments."""
    return Memory.of([median(column) for column in zip(*(sample.values for sample in samples), strict=True)]) if samples else Memory()
