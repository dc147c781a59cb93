"""Servers by name. A preset is data (``presets.yaml`` here, and the user's own in the home folder); this file reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import Field, SecretStr, TypeAdapter, ValidationError

from gitm.errors import BadFile, SetupError
from gitm.llm.call import Server
from gitm.llm.ladder import Rung
from gitm.types import Frozen

_SHIPPED = Path(__file__).with_name("presets.yaml")
_VARIABLE = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")


class Preset(Frozen):
    """A server by name; the head of ``presets.yaml`` explains the fields."""

    about: str = ""
    base_url: str
    key: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    key_needed: bool = False
    model: str | None = None
    rungs: tuple[Rung, ...] = Field(default=tuple(Rung), min_length=1)
    limit_field: str = "max_tokens"
    longest_answer: int = Field(default=8192, ge=1)
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] = Field(default_factory=dict)
    mend: str = "is the server running, and is the base URL right?"


def load_presets(home: Path | None = None) -> dict[str, Preset]:
    """The shipped presets and those of ``home/presets.yaml``, which win; raises :class:`BadFile` when one is not well formed."""
    own = home / "presets.yaml" if home else None
    return {**_read(_SHIPPED), **(_read(own) if own and own.is_file() else {})}


def server_of(name: str, preset: Preset, *, model: str | None, base_url: str | None) -> Server:
    """The server that a preset, the command line and the environment come to; raises :class:`SetupError` naming what is missing.

    A server at another address than the preset's own may need no key: then one is sent only if it is set.
    """
    chosen = model or preset.model
    if not chosen:
        raise SetupError(f"the LLM '{name}' has no usual model; name one with --model")
    address = _checked(name, (base_url or _filled(name, preset.base_url)).rstrip("/"))
    key = _key(preset)
    if key is None and preset.key_needed and not base_url:
        raise SetupError(f"the LLM '{name}' needs a key; set the environment variable {preset.key}, or run without one: --llm reader")
    shared = preset.model_dump(include={"rungs", "limit_field", "longest_answer", "headers", "body", "mend"})
    return Server(preset=name, base_url=address, model=chosen, key=key, key_variable=preset.key, **shared)


def without_keys(environment: Mapping[str, str], home: Path | None = None) -> dict[str, str]:
    """The environment for a child process: all of it but the API keys that presets name, which no child of ours needs."""
    keys = {preset.key for preset in load_presets(home).values()}
    return {name: value for name, value in environment.items() if name not in keys}


def _key(preset: Preset) -> SecretStr | None:
    """The key in the environment, if one is set. It is never held as plain text, so that no traceback can show it."""
    key = SecretStr(os.environ.get(preset.key, "").strip())
    if not (key.get_secret_value().isascii() and key.get_secret_value().isprintable()):
        raise SetupError(f"the key in the environment variable {preset.key} has characters that no key has; set it again")
    return key if key.get_secret_value() else None


def _filled(name: str, url: str) -> str:
    """The address with the environment's variables in it."""
    for variable in _VARIABLE.findall(url):
        if not os.environ.get(variable):
            raise SetupError(f"the LLM '{name}' needs an address; set the environment variable {variable}, or give --base-url")
        url = url.replace(f"{{{variable}}}", os.environ[variable].rstrip("/"))
    return url


def _checked(name: str, url: str) -> str:
    """The address, if it is one. A password has no place in it: addresses are shown and recorded."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise SetupError(f"the base URL of the LLM '{name}' is no address; give one like http://localhost:8000/v1")
    if parts.username or parts.password:
        raise SetupError(f"the base URL of the LLM '{name}' has a password in it; set the key's environment variable instead")
    return url


def _read(path: Path) -> dict[str, Preset]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _PRESETS.validate_python(found or {})
    except OSError as error:
        raise BadFile(path, "", f"cannot be read ({error.strerror}); mend its permissions, or remove it") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BadFile(path, f"line {mark.line + 1}" if mark else "", "is not YAML; docs/llm.md shows a preset") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "top"
        raise BadFile(path, where, f"{first['msg']}; docs/llm.md shows a preset") from error


_PRESETS: TypeAdapter[dict[str, Preset]] = TypeAdapter(dict[str, Preset])
