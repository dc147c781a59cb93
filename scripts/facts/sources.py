"""The hand-written half: ``knowledge/sources/*.yaml``, cut to one version, families written out, short drops read.

A section (``blocks``, ``uses``, ...) may go on in any number of files, so that a file can be about one theme. An entry may carry
``since:`` and ``until:`` (exclusive) versions, and ``for:`` one or several families, in which case it stands for one entry per
member (or combination), with ``{family}`` replaced everywhere in it; of a member that is a mapping, ``{family.key}`` is. A file may
begin with ``since:`` or ``until:`` itself: the range of each of its entries that does not name another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml


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
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            versions = {bound: data.pop(bound) for bound in ("since", "until") if bound in data}
            for section, entries in data.items():
                self._add(path, section, [{**versions, **entry} for entry in entries] if isinstance(entries, list) else entries)
        self.families: Mapping[str, list[Any]] = self._data["families"]

    def _add(self, path: Path, section: str, entries: Any) -> None:
        """A list goes on, a mapping is added to; the same key in two files is a mistake."""
        if section not in self._data:
            self._data[section] = entries
        elif isinstance(entries, list):
            self._data[section] = [*self._data[section], *entries]
        elif twice := set(entries) & set(self._data[section]):
            raise SystemExit(f"{path}: {section}: '{min(twice)}' is already in another source file")
        else:
            self._data[section] = {**self._data[section], **entries}

    def mapping(self, section: str) -> dict[str, Any]:
        """A section that is a plain mapping, unaffected by versions."""
        return dict(self._data[section])

    def entries(self, section: str) -> Iterator[tuple[dict[str, Any], bool]]:
        """Every entry of a section that holds in this version, and whether it is one of a family (and so may name what is not there)."""
        for entry in self._data[section]:
            entry = dict(entry)
            if not self.holds(entry.pop("since", None), entry.pop("until", None)):
                self.skipped[f"{section}: other versions"] += 1
                continue
            families = entry.pop("for", [])
            filled = [entry]
            for family in [families] if isinstance(families, str) else families:
                filled = [_fill(one, family, member) for one in filled for member in self.families[family]]
            yield from ((one, bool(families)) for one in filled)

    def holds(self, since: str | None, until: str | None) -> bool:
        """Whether this version is in the range."""
        return (since is None or self.version >= version_key(since)) and (until is None or self.version < version_key(until))


def _fill(value: Any, family: str, member: Any) -> Any:
    """The value with ``{family}`` (or ``{family.key}``) replaced by the member in every string of it."""
    if isinstance(value, str):
        parts = {f"{family}.{key}": text for key, text in member.items()} if isinstance(member, dict) else {family: member}
        for name, text in parts.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, list):
        return [_fill(part, family, member) for part in value]
    if isinstance(value, dict):
        return {_fill(key, family, member): _fill(part, family, member) for key, part in value.items()}
    return value
