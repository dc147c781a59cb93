"""A template to begin with."""

from __future__ import annotations

import re
from pathlib import Path

from gitm.errors import SetupError

_TEXT = """\
# A skill template: how one kind of sub-goal is carried out. docs/skills.md describes every word; check it with: gitm skills check {file}
name: {name}
about: One sentence for people - what this template does, and when.

# Which sub-goals it is for. The more fields, the more specific, and the sooner it is chosen. Others: target, use, on, night, station, ...
when:
  kind: mine # craft, smelt, mine, attack, apply or grow
  item: oak_log # only this item; leave the line out for all

# Structured actions, one after the other, written for any state: a step whose conditions do not hold is left out. When an action fails the
# rest is dropped, and the template is expanded again as things then are.
steps:
  - go_up: {{}}
    if: {{underground: true}}
    unless: {{sees: $target}}
  - explore: {{object: $target}} # $target: the block that is mined; docs/skills.md lists all parameters
    unless: {{sees: $target}}
  - approach: {{object: $target}}
    unless: {{reaches: $target}}
  - mine: {{object: $target, tool: $tool, count: $batches}}
"""


def write_starter(name: str, folder: Path) -> Path:
    """Write a commented template that passes the check; the path. Raises :class:`SetupError`; an existing file is never overwritten."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise SetupError(f"'{name}' is no name of a template; use lower case letters, digits and underscores, such as shear_sheep")
    path = folder / f"{name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_TEXT.format(name=name, file=path.name))
    except FileExistsError as error:
        raise SetupError(f"{path} is there already; choose another name, or remove it") from error
    except OSError as error:
        raise SetupError(f"cannot write {path} ({error.strerror}); choose another folder with --dir") from error
    return path
