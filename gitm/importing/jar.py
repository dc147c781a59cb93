"""The data pack inside a server jar, read in memory: nothing is unpacked to disk, no code runs, sizes are bounded."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from gitm.errors import BadFile

LARGEST_JAR = 300_000_000  # bytes, packed or nested; the newest server's has a fifth of it
LARGEST_ENTRY = 1_000_000  # bytes of one JSON file; the longest loot table has a tenth of it
LARGEST_TOTAL = 100_000_000  # bytes of all JSON files together
MOST_ENTRIES = 200_000
RENAMED = {"recipe": "recipe", "recipes": "recipe", "loot_table": "loot", "loot_tables": "loot"}  # the plural until 1.20.6

_DATA = re.compile(r"data/minecraft/(recipes?|loot_tables?|tags/(?:items?|blocks?))/([a-z0-9_./-]+)\.json")
_BUNDLED = re.compile(r"META-INF/versions/[^\\]+\.jar")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_MEND = "get the server jar anew from where Minecraft is sold"


@dataclass
class DataPack:
    """What a jar says: JSON values by id without ``minecraft:``, such as ``blocks/stone``."""

    version: str
    recipes: dict[str, Any] = field(default_factory=dict)
    loot: dict[str, Any] = field(default_factory=dict)
    item_tags: dict[str, Any] = field(default_factory=dict)
    block_tags: dict[str, Any] = field(default_factory=dict)

    def part(self, folder: str) -> dict[str, Any]:
        """The part that a folder of the jar fills."""
        named = {"recipe": self.recipes, "loot": self.loot}
        return named[RENAMED[folder]] if folder in RENAMED else self.block_tags if folder.startswith("tags/block") else self.item_tags


def read_jar(path: Path) -> DataPack:
    """The data pack of a server jar, also of one that lies in a bundler jar.

    Raises :class:`BadFile` for what is no such jar: not a zip, broken, too large, encrypted, with names that lead out of it.
    """
    try:
        if not path.is_file():
            raise BadFile(path, "", "is not a file; give the path of a Minecraft server jar")
        if (size := path.stat().st_size) > LARGEST_JAR:
            raise BadFile(path, "", f"has {size:,} bytes, and a server jar has at most {LARGEST_JAR:,}; give the jar that Minecraft offers")
        with zipfile.ZipFile(path) as jar:
            names = _names(path, jar)
            inner = [name for name in names if _BUNDLED.fullmatch(name)]
            if any(_DATA.fullmatch(name) for name in names) or not inner:
                return _read(path, jar, names)
            with zipfile.ZipFile(io.BytesIO(_bytes(path, jar, inner[0], LARGEST_JAR))) as server:
                return _read(path, server, _names(path, server))
    except _BROKEN as error:
        raise BadFile(path, "", f"cannot be read as a jar ({error}); {_MEND}") from error


def _names(path: Path, jar: zipfile.ZipFile) -> list[str]:
    names = jar.namelist()
    if len(names) > MOST_ENTRIES:
        raise BadFile(path, "", f"has {len(names):,} entries, and a server jar has at most {MOST_ENTRIES:,}; {_MEND}")
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise BadFile(path, ascii(name), f"leads out of the jar; {_MEND}")
    return names


def _read(path: Path, jar: zipfile.ZipFile, names: list[str]) -> DataPack:
    version = _json(path, jar, "version.json") if "version.json" in names else None
    if not isinstance(version, dict) or not isinstance(version.get("id"), str):
        raise BadFile(path, "version.json", "does not name the version; give a server jar of Minecraft 1.14 or newer")
    pack, total = DataPack(version["id"]), 0
    for name in sorted(set(names)):
        if found := _DATA.fullmatch(name):
            total += jar.getinfo(name).file_size
            if total > LARGEST_TOTAL:
                raise BadFile(path, name, f"more than {LARGEST_TOTAL:,} bytes of JSON; {_MEND}")
            pack.part(found[1])[found[2]] = _json(path, jar, name)
    if not pack.recipes:
        raise BadFile(path, "data/minecraft/recipe", "has no recipes; give a server jar of Minecraft 1.14 or newer, not a client or mod")
    return pack


def _json(path: Path, jar: zipfile.ZipFile, name: str) -> Any:
    raw = _bytes(path, jar, name, LARGEST_ENTRY)
    try:
        return json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadFile(path, name, f"is not JSON ({str(error) or 'nested too deeply'}); {_MEND}") from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _bytes(path: Path, jar: zipfile.ZipFile, name: str, largest: int) -> bytes:
    """An entry's bytes. What it claims to unpack to is bounded, and zipfile never gives more than an entry claims."""
    if (size := jar.getinfo(name).file_size) > largest:
        raise BadFile(path, name, f"unpacks to {size:,} bytes, at most {largest:,} are read; {_MEND}")
    return jar.read(name)
