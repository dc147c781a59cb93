"""Ids, tags and numbers as data packs write them, in every form they have had since 1.14."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

_ID = re.compile(r"[a-z][a-z0-9_]*")
DEEPEST = 20  # how far tags and tables may lead to one another


class Broken(ValueError):
    """An entry is not what its format says; ``str()`` says what is wrong with it."""


def plain(value: Any) -> str:
    """``minecraft:oak_log`` as ``oak_log``; raises :class:`Broken` for what is no id of the game itself."""
    if not isinstance(value, str) or not _ID.fullmatch(name := value.removeprefix("minecraft:")) or len(name) > 70:
        raise Broken(f"{str(value)[:60]!r} is not an id of the game")
    return name


def entries(value: Any) -> list[Any]:
    """A list, or one thing alone as a list of it."""
    return value if isinstance(value, list) else [value]


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; raises :class:`Broken` for anything else."""
    if not isinstance(value, dict):
        raise Broken(f"an object is expected, not {str(value)[:60]!r}")
    return value


def number(value: Any) -> float:
    """A finite number below a million; raises :class:`Broken`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e6:
        raise Broken(f"{str(value)[:60]!r} is not a number that the game would use")
    return float(value)


class Names:
    """The names of a jar's items, its tags resolved, and older ids led to ours by the base book's aliases."""

    def __init__(self, tags: Mapping[str, Any], known: Iterable[str], aliases: Mapping[str, str]) -> None:
        self.tags, self.known, self.aliases = tags, frozenset(known), aliases
        self._resolved: dict[str, tuple[str, ...]] = {}

    def item(self, value: Any) -> str:
        """The item of an id, under the name that our books have for it."""
        name = plain(value)
        return name if name in self.known else self.aliases.get(name, name)

    def tag(self, value: str, depth: int = 0) -> tuple[str, ...]:
        """The items of a tag (``minecraft:logs``, perhaps behind a ``#``), each once, nested tags resolved.

        Raises :class:`Broken` when the jar has no such tag or tags lead on without end.
        """
        name = value.removeprefix("#").removeprefix("minecraft:")
        if name not in self._resolved:
            if name not in self.tags or depth > DEEPEST:
                raise Broken(f"the tag {name[:60]!r} " + ("leads on without end" if name in self.tags else "is not in the jar"))
            found: dict[str, None] = {}
            for entry in entries(mapping(self.tags[name]).get("values", [])):
                found |= dict.fromkeys(self._member(entry, depth + 1))
            self._resolved[name] = tuple(found)
        return self._resolved[name]

    def _member(self, entry: Any, depth: int) -> tuple[str, ...]:
        optional = isinstance(entry, dict) and entry.get("required") is False
        value = entry.get("id") if isinstance(entry, dict) else entry
        try:
            return self.tag(value, depth) if isinstance(value, str) and value.startswith("#") else (self.item(value),)
        except Broken:
            if optional:
                return ()
            raise

    def choice(self, value: Any) -> tuple[str, ...]:
        """The items an ingredient allows: ``{"item"}``, ``{"tag"}``, an id, ``#tag``, or a list of these."""
        if isinstance(value, list):
            return tuple(dict.fromkeys(name for entry in value for name in self.choice(entry)))
        if isinstance(value, dict):
            return self.tag(str(value["tag"])) if "tag" in value else (self.item(value.get("item")),)
        return self.tag(value) if isinstance(value, str) and value.startswith("#") else (self.item(value),)
