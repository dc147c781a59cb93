"""Structures, with what each holds."""

from __future__ import annotations

from typing import Any

from facts.names import Names
from facts.shorthand import contents


def structures(names: Names) -> list[dict[str, Any]]:
    """The structures of a version, without those that would hold nothing in it."""
    found = [{**entry, "holds": contents(entry["holds"])} for entry in names.pick("structures")]
    return [entry for entry in found if entry["holds"]]
