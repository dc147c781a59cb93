"""Worlds by name: the entry points of group ``gitm.worlds``, or ``module:Class`` for one's own.

The core never imports a world, so a further world costs no line here.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from gitm.errors import BadWorld, SetupError
from gitm.goals import nearest
from gitm.types import World

GROUP = "gitm.worlds"


def world_names() -> tuple[str, ...]:
    """The names of the installed worlds."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def open_world(name: str, **options: Any) -> World:
    """The world of that name, made with those of the options that its factory accepts and that are not None.

    Raises :class:`SetupError` when there is none (with the known ones) and lets the factory's own pass through;
    :class:`BadWorld` when what the factory makes is no world.
    """
    factory = _factory(name)
    world = factory(**_accepted(factory, options))
    if not isinstance(world, World):
        raise BadWorld(f"'{name}' makes a {type(world).__name__}, which lacks info, reset, step or close; see gitm.types.World")
    return world


def _factory(name: str) -> Callable[..., Any]:
    for point in entry_points(group=GROUP):
        if point.name == name:
            return _attribute(point.module, point.attr, name)
    module, colon, attribute = name.partition(":")
    if module and colon and attribute:
        return _attribute(module, attribute, name)
    near = nearest(name, world_names())
    hint = f"did you mean '{near}'? " if near else ""
    raise SetupError(f"no world '{name}'; {hint}known are {', '.join(world_names()) or 'none'}; your own is given as module:Class")


def _attribute(module: str, attribute: str, name: str) -> Callable[..., Any]:
    try:
        found: Any = importlib.import_module(module)
    except ImportError as error:
        raise SetupError(f"world '{name}': {error}; install it, or put its folder on PYTHONPATH") from error
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise SetupError(f"world '{name}': module '{module}' has no '{attribute}'; give it as module:Class")
        found = getattr(found, part)
    if not callable(found):
        raise SetupError(f"world '{name}': '{attribute}' is a {type(found).__name__}, not a class or a function that makes a world")
    return found  # type: ignore[no-any-return]


def _accepted(factory: Callable[..., Any], options: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in options.items() if value is not None}
    parameters = inspect.signature(factory).parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
        return given
    named = {p.name for p in parameters if p.kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)}
    return {key: value for key, value in given.items() if key in named}
