"""Why an item cannot be obtained: what no guide tells of, nearest to it, or else a cycle."""

from __future__ import annotations

from collections.abc import Mapping

from gitm.errors import NoWay
from gitm.graph import Ways, requirements
from gitm.rank import Ranking
from gitm.types import Way


def explain(item: str, ways: Ways, ranking: Ranking) -> NoWay:
    """Why an item cannot be obtained: the knowledge that is missing nearest to it, or, when none is, a cycle."""
    before: dict[str, str | None] = {item: None}  # by what each thing was come to, breadth first
    for name in (ahead := [item]):
        blocked = [names for way in ways.get(name, ()) if (names := _blocked(way, ranking))]
        if not blocked:
            path = _path(name, before)
            chain = "" if len(path) == 1 else f" (needed for {_chain(path[1:])})"
            more = "more " if name in ranking.order else ""
            return NoWay(f"no guide says how to obtain {more}{name}{chain}; add one with --guides", name, chain)
        for other in [other for names in blocked for other in names if other not in before]:
            before[other] = name
            ahead.append(other)
    cycle = _cycle(item, ways, ranking)
    return NoWay(f"{item} cannot be obtained: {_chain(cycle)} is a cycle, and no guide gives another way")


def _path(name: str, before: Mapping[str, str | None]) -> list[str]:
    """From a thing back to what was asked for."""
    path = [name]
    while (user := before[path[-1]]) is not None:
        path.append(user)
    return path


def _cycle(item: str, ways: Ways, ranking: Ranking) -> list[str]:
    """A cycle that one comes to by following, of each thing, the first need of the way that lacks least."""
    path: list[str] = []
    while item not in path:
        path.append(item)
        item = min((names for way in ways[item] if (names := _blocked(way, ranking))), key=len)[0]
    return [*path[path.index(item) :], item]


def _chain(names: list[str]) -> str:
    return " <- ".join(names if len(names) <= 9 else [*names[:4], f"{len(names) - 8} more", *names[-4:]])


def _blocked(way: Way, ranking: Ranking) -> list[str]:
    """What a way waits for in vain."""
    return [need.names[0] for need in requirements(way) if not any(name in ranking.chosen for name in need.names)]
