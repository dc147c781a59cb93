"""Memory as text: JSON lines to look at, to keep, to carry to another home."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gitm.errors import BadFile
from gitm.memory import Memory
from gitm.memory.plans import Remembered
from gitm.memory.ways import KnownWays

FORMAT = 1
_MEND = "give a file that 'gitm memory export' wrote"


def lines(memory: Memory) -> Iterator[str]:
    """The whole memory: a line that names the format, then one for each entry."""
    yield json.dumps({"kind": "memory", "format": FORMAT})
    for entry in memory.known():
        yield json.dumps({"kind": "ways", **entry.model_dump(mode="json", exclude_defaults=True)}, ensure_ascii=False)
    for plan in memory.plans():
        yield json.dumps({"kind": "plan", **plan.model_dump(mode="json", exclude={"id", "reference"})}, ensure_ascii=False)


def read(path: Path) -> tuple[list[Remembered], list[KnownWays]]:
    """The entries in a file; raises :class:`BadFile` naming the first line that is none."""
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadFile(path, "", f"cannot be read ({error.strerror}); {_MEND}") from error
    except UnicodeDecodeError as error:
        raise BadFile(path, "", f"is no text ({error}); {_MEND}") from error
    plans: list[Remembered] = []
    ways: list[KnownWays] = []
    for number, text in enumerate(texts or [""], 1):
        try:
            _take(json.loads(text), plans, ways, first=number == 1)
        except (ValueError, RecursionError) as error:
            raise BadFile(path, f"line {number}", f"{_why(error)}; {_MEND}") from error
    return plans, ways


def _take(value: Any, plans: list[Remembered], ways: list[KnownWays], *, first: bool) -> None:
    kind = value.pop("kind", None) if isinstance(value, dict) else None
    if first:
        if kind != "memory" or value.get("format") != FORMAT:
            raise ValueError(f"this is no memory of format {FORMAT}")
    elif kind == "plan":
        plan = Remembered.model_validate({"id": 0, **value})
        if not plan.successes:
            return  # on trial only: no world has confirmed it
        plans.append(plan)
    elif kind == "ways":
        ways.append(KnownWays.model_validate(value))
    else:
        raise ValueError(f"no entry of kind {kind!r}; there are 'plan' and 'ways'")


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
