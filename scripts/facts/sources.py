"""The hand-written half: ``knowledge/sources/*.yaml``, cut to one version, families written out, short drops read.

An entry may carry ``since:`` and ``until:`` (exclusive) versions, and ``for:`` the name of a family, in which case the entry
stands for one entry per member, with ``{member}`` replaced everywhere in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_DROP = re.compile(
    r"^(?P<item>[a-z0-9_\[\]]+)"
    r"(?: (?P<low>\d+)(?:-(?P<high>\d+))?)?"
    r"(?: (?P<chance>[\d.]+)%)?"
    r"(?: (?P<needs>shears|silk_touch|no_silk_touch))?$"
)


def version_key(version: str) -> tuple[int, ...]:
    """``1.21.11`` -> (1, 21, 11), which orders as versions do."""
    return tuple(int(part) for part in str(version).split("."))


class Sources:
    """All source files of a folder, as one version sees them. ``skipped`` counts what that version lacks, by section."""

    def __init__(self, folder: Path, version: str) -> None:
        self.version = version_key(version)
        self.skipped: Counter[str] = Counter()
        self._data: dict[str, Any] = {}
        for path in sorted(folder.glob("*.yaml")):
            for section, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                if section in self._data:
                    raise SystemExit(f"{path}: the section '{section}' is already in another source file")
                self._data[section] = entries
        self.families: Mapping[str, list[str]] = self._data["families"]

    def mapping(self, section: str) -> dict[str, Any]:
        """A section that is a plain mapping, unaffected by versions."""
        return dict(self._data[section])

    def entries(self, section: str) -> Iterator[tuple[dict[str, Any], bool]]:
        """Every entry of a section that holds in this version, and whether it is one of a family (and so may name what is not there)."""
        for entry in self._data[section]:
            entry = dict(entry)
            if not self._holds(entry.pop("since", None), entry.pop("until", None)):
                self.skipped[f"{section}: other versions"] += 1
                continue
            family = entry.pop("for", None)
            if family is None:
                yield entry, False
                continue
            for member in self.families[family]:
                yield _fill(entry, family, member), True

    def _holds(self, since: str | None, until: str | None) -> bool:
        return (since is None or self.version >= version_key(since)) and (until is None or self.version < version_key(until))


def drops(entries: list[str]) -> list[dict[str, Any]]:
    """Short drops such as ``gunpowder 0-2``, ``flint 10%``, ``stone silk_touch`` as drop facts."""
    return [_drop(entry) for entry in entries]


def stacks(entries: list[str]) -> list[dict[str, Any]]:
    """Short stacks such as ``lapis_lazuli 3``."""
    found = []
    for entry in entries:
        item, _, count = entry.partition(" ")
        found.append({"item": item, "count": int(count or 1)})
    return found


def _drop(entry: str) -> dict[str, Any]:
    match = _DROP.match(entry)
    if match is None:
        raise SystemExit(f"'{entry}' is no drop; write: item [low-high] [chance%] [shears | silk_touch | no_silk_touch]")
    low = int(match["low"] or 1)
    return {
        "item": match["item"],
        "low": low,
        "high": int(match["high"] or low),
        "chance": round(float(match["chance"] or 100) / 100, 6),
        "needs": match["needs"] or "any",
    }


def _fill(value: Any, family: str, member: str) -> Any:
    """The value with ``{family}`` replaced by the member in every string of it."""
    if isinstance(value, str):
        return value.replace("{" + family + "}", member)
    if isinstance(value, list):
        return [_fill(part, family, member) for part in value]
    if isinstance(value, dict):
        return {_fill(key, family, member): _fill(part, family, member) for key, part in value.items()}
    return value
