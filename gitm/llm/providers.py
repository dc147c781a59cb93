"""An LLM by name: the reader, a server preset, a package's own (entry point ``gitm.llms``), or ``module:Class``."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from gitm.errors import GitmError, SetupError
from gitm.llm.call import Patience
from gitm.types import LLM

GROUP = "gitm.llms"
_IMPORT_PATH = re.compile(r"[\w.]+:\w+", re.ASCII)


def open_llm(
    name: str = "reader",
    *,
    model: str | None = None,
    base_url: str | None = None,
    patience: Patience | None = None,
    home: Path | None = None,
) -> LLM:
    """The LLM that goes by a name; raises :class:`SetupError` with the mend when it cannot be had.

    ``model`` and ``base_url`` (None: the usual ones) go to it if it takes them. ``home`` is the folder where it is remembered
    what a server can do and where the user's ``presets.yaml`` may lie. No request is sent yet.
    """
    given = {key: value for key, value in {"model": model, "base_url": base_url}.items() if value is not None}
    if name == "reader":
        return _made(name, _imported("gitm.llm.reader:Reader"), given)
    if _IMPORT_PATH.fullmatch(name):
        return _made(name, _imported(name), given)
    from gitm.llm.presets import load_presets, server_of  # reads YAML

    presets = load_presets(home)
    if preset := presets.get(name):
        from gitm.llm.ladder import Memo
        from gitm.llm.openai_client import OpenAIClient

        return OpenAIClient(server_of(name, preset, model=model, base_url=base_url), patience=patience, memo=Memo(home))
    packaged = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name in packaged:
        return _made(name, _imported(packaged[name].value), given)
    known = ["reader", *presets, *packaged]
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"known are {', '.join(known)}, or module:Class"
    raise SetupError(f"no LLM '{name}'; {hint}")


def llm_name(name: str, *, model: str | None = None, home: Path | None = None) -> str:
    """How the LLM that goes by a name calls itself. A server's is known without its key, any other is opened to ask it."""
    from gitm.llm.presets import load_presets

    if name != "reader" and (preset := load_presets(home).get(name)):
        return f"{name}:{model or preset.model}"
    return open_llm(name, model=model, home=home).name


def _imported(path: str) -> Callable[..., Any]:
    """What ``module:Class`` names."""
    module, _, attribute = path.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)  # type: ignore[no-any-return]
    except ImportError as error:
        raise SetupError(f"the LLM '{path}' cannot be imported ({error}); is its package installed in this environment?") from error
    except AttributeError as error:
        raise SetupError(f"the LLM '{path}' cannot be found: the module has no '{attribute}'") from error


def _made(name: str, make: Callable[..., Any], given: dict[str, str]) -> LLM:
    """The object, checked for what every LLM has."""
    try:
        llm = make(**given)
    except GitmError:
        raise
    except Exception as error:  # somebody else's constructor
        options = ", ".join(f"--{key.replace('_', '-')}" for key in given) or "no options"
        raise SetupError(f"the LLM '{name}' cannot be made with {options} ({type(error).__name__}: {error})") from error
    if not isinstance(llm, LLM):
        raise SetupError(f"'{name}' is no LLM: it must have a name and complete(messages, schema); see docs/llm.md")
    return llm
