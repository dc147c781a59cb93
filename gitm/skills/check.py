"""Checking templates as a user writes them: every fault with its line, and every name against those that a rule book has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from gitm.errors import BadFile
from gitm.goals import nearest
from gitm.skills.parameters import placeholder
from gitm.skills.reading import faults, plain, templates, text_of
from gitm.skills.schema import Skill

_NAMES = ("object", "target", "tool", "material", "fuel", "sees", "reaches", "holds", "item", "use", "on")  # fields that name a thing


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and what mends it; ``line`` counts from 1, 0: the file as a whole."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


@dataclass(frozen=True)
class Names:
    """What a rule book knows: the names of its items, groups, blocks, mobs and biomes, and other words for them."""

    known: Collection[str]
    aliases: Collection[str] = ()


def check(path: Path, names: Names) -> tuple[list[Path], list[Problem]]:
    """The templates at a path, a file or a folder, and all that is wrong with them."""
    if not path.is_dir():
        return [path], list(_problems(path, names))
    found: list[Path] = []
    problems: list[Problem] = []
    try:
        found = [Path(str(entry)) for entry in templates(path)]
    except BadFile as error:
        problems.append(Problem(error.path, 0, error.problem))
    return found, problems + [problem for entry in found for problem in _problems(entry, names)]


def _problems(path: Path, names: Names) -> Iterator[Problem]:
    try:
        text = text_of(path)
        data = plain(path, text)
    except BadFile as error:
        line = int(error.where.removeprefix("line ")) if error.where.startswith("line ") else 0
        yield Problem(error.path, line, error.problem)
        return
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    try:
        Skill.model_validate(data)
    except ValidationError as error:
        for where, problem in faults(error):
            yield Problem(path, _line(root, where), f"{'.'.join(map(str, where)) or 'top'}: {problem}; see docs/skills.md")
        return
    for where, name in _constants(data, ()):
        base = name.partition("[")[0]  # a variant: iron_pickaxe[silk_touch]
        if base not in names.known and base not in names.aliases:
            near = nearest(base, names.known)
            mend = f"did you mean '{near}'?" if near else "for another world's names give its rule book with --rules"
            yield Problem(path, _line(root, where), f"{'.'.join(map(str, where))}: no item, block or mob '{name}'; {mend}")


def _constants(value: Any, where: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every name in a template that is no placeholder, and where."""
    if isinstance(value, list):
        for at, entry in enumerate(value):
            yield from _constants(entry, (*where, at))
    if not isinstance(value, dict):
        return
    for key, entry in value.items():
        key = "on" if key is True else key  # YAML 1.1 reads a bare on as true
        if key == "materials" and isinstance(entry, dict):
            yield from (((*where, key), name) for name in entry if not placeholder(name))
        elif key in _NAMES and isinstance(entry, str):
            if not placeholder(entry):
                yield (*where, key), entry
        else:
            yield from _constants(entry, (*where, key))


def _line(root: yaml.Node | None, where: tuple[int | str, ...]) -> int:
    """The line of an entry, or of what encloses it as far as the file has it."""
    node = root
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        below: yaml.Node | None = None
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            below = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            below = next((value for key, value in node.value if key.value == part), None)
        if below is None:
            break
        node, line = below, below.start_mark.line + 1
    return line
