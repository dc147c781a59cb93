"""Template files: read as plain data, up to a size, from no place but the folder they are looked for in."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from gitm.errors import BadFile
from gitm.skills.schema import Skill

LARGEST = 65_536  # bytes of a template file; the largest shipped one has under a thousand


def load(path: Path | Traversable, origin: str = "shipped") -> Skill:
    """One template; raises :class:`BadFile` with the line or the entry and what is wrong there."""
    data = plain(path, text_of(path))
    try:
        return Skill.model_validate({**data, "origin": origin} if isinstance(data, dict) else data)
    except ValidationError as error:
        where, problem = next(faults(error))
        raise BadFile(named(path), ".".join(map(str, where)) or "top", f"{problem}; see docs/skills.md") from error


def load_all(folder: Path | Traversable, origin: str) -> list[Skill]:
    """Every template of a folder, by name of file; raises :class:`BadFile`."""
    return [load(path, origin) for path in templates(folder)]


def templates(folder: Path | Traversable) -> list[Path | Traversable]:
    """The files ``*.yaml`` in a folder. Raises :class:`BadFile` for one that leads out of it, and when there is no such folder."""
    if not folder.is_dir():
        raise BadFile(named(folder), "", "is no folder; skills are looked for in a folder of YAML files")
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    for entry in found:
        if isinstance(entry, Path) and not entry.resolve().is_relative_to(Path(str(folder)).resolve()):
            raise BadFile(entry, "", "is a link that leads out of its folder, and is not read; put a copy of the file there")
    return list(found)


def text_of(path: Path | Traversable) -> str:
    """The text of a file that is a plain one and not too large; raises :class:`BadFile`."""
    if isinstance(path, Path) and path.exists() and not path.is_file():  # a pipe would be waited for
        raise BadFile(path, "", "cannot be read (it is no plain file); a skill is a UTF-8 YAML file")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise BadFile(named(path), "", f"is larger than {LARGEST} bytes; a skill is one short template, see docs/skills.md")
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(named(path), "", f"cannot be read ({error}); a skill is a UTF-8 YAML file") from error


def plain(path: Path | Traversable, text: str) -> Any:
    """The data in a YAML text: plain values only, nothing that names a Python object. Raises :class:`BadFile`."""
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFile(named(path), f"line {line}", f"not valid YAML ({error.problem}); see docs/skills.md") from error
    except yaml.YAMLError as error:
        raise BadFile(named(path), "", f"cannot be read ({error}); a skill is a UTF-8 YAML file") from error
    except (ValueError, RecursionError) as error:  # a date that is none, a number or a nesting beyond all bounds
        raise BadFile(named(path), "", f"not valid YAML ({str(error)[:100]}); see docs/skills.md") from error


def faults(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every fault: where it is, and what."""
    for fault in error.errors(include_url=False, include_input=False):
        yield fault["loc"], fault["msg"].removeprefix("Value error, ")


def named(path: Path | Traversable) -> Path:
    """The path of a file as people are told it."""
    return path if isinstance(path, Path) else Path(str(path))
