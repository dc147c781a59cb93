"""Where the shipped data lies: in the wheel under ``gitm/_data``, in a checkout at its top level. And which rule book is a version's."""

from __future__ import annotations

from pathlib import Path

from gitm.errors import SetupError

_HERE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The path of a shipped folder or file such as ``knowledge/guides``; the packaged one is preferred."""
    for root in (_HERE / "_data", _HERE.parent):
        if (found := root / name).exists():
            return found
    raise SetupError(f"the shipped data '{name}' is missing; reinstall with: pip install --force-reinstall gitm-agent")


def rule_book(version: str | None) -> Path:
    """The shipped rule book for a version of Minecraft: its own, else the nearest at or below, the newest for one that cannot be read.

    The third number changes little (1.16.4 is played as 1.16.5), so a book with the same first two comes before an older one. The same
    rule serves worlds and guides. Raises :class:`SetupError` when no book is shipped.
    """
    books = sorted((numbers(path.stem), path) for path in shipped("knowledge/facts").glob("*.json") if numbers(path.stem))
    if not books:
        raise SetupError("no rule book is shipped; reinstall with: pip install --force-reinstall gitm-agent")
    wanted = numbers(version or "") or books[-1][0]
    kin = [(stem, path) for stem, path in books if stem[:2] == wanted[:2]]
    below = [path for stem, path in kin or books if stem <= wanted]
    return below[-1] if below else (kin or books)[0][1]


def stand_in(version: str | None) -> str:
    """What a user should know when a version is played by another one's rule book; empty when there is nothing to say."""
    if not numbers(version or "") or (book := rule_book(version).stem) == version:
        return ""
    return f"there is no rule book of Minecraft {version}: that of {book} is used, and what changed in between is not known"


def numbers(version: str) -> tuple[int, ...]:
    """1.16.5 as (1, 16, 5); empty when it is no version."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()
