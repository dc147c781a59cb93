"""Prompts are files: ``gitm/prompts/*.md``, jinja2 with a ``system`` and a ``user`` block, undefined values are errors."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gitm.types import Message


def render(name: str, **values: Any) -> list[Message]:
    """The system and the user message of a prompt."""
    template = _environment().get_template(f"{name}.md")
    context = template.new_context(values)
    return [
        Message(role="system", content="".join(template.blocks["system"](context)).strip()),
        Message(role="user", content="".join(template.blocks["user"](context)).strip()),
    ]


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "prompts"
    # Not HTML, so nothing is escaped: what separates data from instructions is the template's own text.
    return Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)  # noqa: S701
