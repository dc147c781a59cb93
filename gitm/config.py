"""Settings, and where each comes from: flag > environment ``GITM_*`` > file > default.

Two files are read, both optional: ``config.toml`` in the user's configuration folder, and one in the home folder,
which wins. :class:`Settings` is the whole table; ``gitm config show`` prints it.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_config_path, user_data_path
from pydantic import Field, ValidationError, field_validator

from gitm.errors import BadFile, SetupError
from gitm.goals import nearest
from gitm.types import Frozen

PREFIX = "GITM_"
FILE = "config.toml"
_PATHS = frozenset({"rules", "guides", "skills", "home"})


class Settings(Frozen):
    """Every setting. A limit that is None does not limit; paths are absolute: those in a file are meant from its folder."""

    world: str = Field(default="stub", description="the world: an installed one's name, or module:Class")
    seed: int | None = Field(default=None, description="the seed of a world that has one")
    rules: Path | None = Field(default=None, description="another rule book for the world alone")
    host: str | None = Field(default=None, description="the server of a live world; localhost when not given")
    port: int | None = Field(default=None, ge=1, le=65535, description="the server's port; 25565 when not given")
    username: str | None = Field(default=None, pattern=r"^\w{1,16}$", description="the bot's name on the server; gitm when not given")
    auth: Literal["offline", "microsoft"] | None = Field(default=None, description="how the bot logs in; offline when not given")
    mc_version: str | None = Field(default=None, description="the version to speak with the server; detected when not given")
    view: int | None = Field(default=None, ge=0, le=65535, description="the port of a page that shows a live world; 0 takes a free one")
    llm: str = Field(default="reader", description="reader (no model), openai, a preset, or module:Class")
    model: str | None = Field(default=None, description="the model's name")
    base_url: str | None = Field(default=None, description="an OpenAI-compatible server")
    decomposer_llm: str | None = Field(default=None, description="another LLM to read the guides")
    decomposer_model: str | None = Field(default=None, description="another model to read the guides")
    planner_llm: str | None = Field(default=None, description="another LLM to plan")
    planner_model: str | None = Field(default=None, description="another model to plan")
    condenser_llm: str | None = Field(default=None, description="another LLM to condense plans that worked")
    condenser_model: str | None = Field(default=None, description="another model to condense plans that worked")
    prompt_shape: Literal["text", "code"] = Field(default="text", description="how ways are asked for: in words, or as code to complete")
    planner: Literal["auto", "llm", "templates"] = Field(default="auto", description="who plans: auto, llm or templates")
    guides: tuple[Path, ...] = Field(default=(), description="further guides: folders of Markdown, or rule books that replace ours")
    skills: tuple[Path, ...] = Field(default=(), description="further folders of skill templates")
    successes: int = Field(default=5, ge=1, description="successes of a sub-goal after which its remembered plans are condensed")
    embedder: str = Field(default="hash", description="how guides are compared: hash, minilm (extra [embed]) or openai:<model>")
    home: Path = Field(
        default_factory=lambda: user_data_path("gitm"),
        description="runs, memory, the index of guides; its folders guides and skills are read",
    )
    max_ticks: int | None = Field(default=None, ge=1, description="game time a run may take, in ticks of 1/20 s")
    max_calls: int | None = Field(default=None, ge=0, description="LLM calls a run may make")
    max_tokens: int | None = Field(default=None, ge=0, description="LLM tokens a run may use")
    max_cost: float | None = Field(default=None, ge=0, description="US dollars that the LLMs of a run may cost")
    max_seconds: float | None = Field(default=None, gt=0, description="seconds a run may take")

    @field_validator("guides", "skills", mode="before")
    @classmethod
    def _path_list(cls, value: Any) -> Any:
        """The environment gives several paths as the shell does: ``a:b`` (``a;b`` on Windows)."""
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("rules", "guides", "skills", "home")
    @classmethod
    def _absolute(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(path.expanduser().absolute() for path in value)
        return value.expanduser().absolute() if value is not None else None


class Resolved(Frozen):
    """Settings, the origin of each ("flag", "env GITM_SEED", a file's path, "default"), the files that are read when they are there, and
    variables that look like ours and are not.
    """

    settings: Settings
    origins: dict[str, str]
    files: tuple[Path, ...] = ()
    strangers: tuple[str, ...] = ()


def resolve(flags: Mapping[str, Any] | None = None, env: Mapping[str, str] | None = None, *, user_file: Path | None = None) -> Resolved:
    """The settings in force. A flag that is None or empty was not given.

    Raises :class:`BadFile` for a file with an unknown key (with its line and the nearest name) or a bad value,
    :class:`SetupError` for a bad flag or variable.
    """
    env = os.environ if env is None else env
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}

    def take(source: Mapping[str, Any], origin: str) -> None:
        for key, value in source.items():
            values[key], origins[key] = value, origin.format(key.upper())

    given = {key: value for key, value in (flags or {}).items() if value not in (None, (), [])}
    from_env = {key: env[PREFIX + key.upper()] for key in Settings.model_fields if env.get(PREFIX + key.upper())}
    user_file = user_file or user_config_path("gitm") / FILE
    take(_read(user_file), str(user_file))
    home = Path(given.get("home") or from_env.get("home") or values.get("home") or user_data_path("gitm")).expanduser()
    home_file = home.absolute() / FILE
    if home_file != user_file:
        take(_read(home_file, beside_home=True), str(home_file))
    take(from_env, f"env {PREFIX}{{}}")
    take(given, "flag")
    known = {PREFIX + key.upper() for key in Settings.model_fields}
    return Resolved(
        settings=_settings(values, origins),
        origins={key: origins.get(key, "default") for key in Settings.model_fields},
        files=tuple(dict.fromkeys((user_file, home_file))),
        strangers=tuple(sorted(key for key in env if key.startswith(PREFIX) and key not in known)),
    )


def masked(value: Any) -> str:
    """A value for screen and record: passwords and keys inside URLs are hidden, None is a dash."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    if value is None:
        return "-"
    return re.sub(r"(?<=://)[^/@\s]+(?=@)|(?<=key=)[^&\s]+|(?<=token=)[^&\s]+", "…", str(value))


def masked_key(key: str) -> str:
    """How a key is begun, enough to tell two apart; nothing of a short one."""
    return "-" if not key else f"{key[:3]}…" if len(key) >= 16 else "…"


def _settings(values: dict[str, Any], origins: dict[str, str]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0])
        problem = f"{first['input']!r} does not fit: {first['msg'][:1].lower()}{first['msg'][1:]}"
        origin = origins[key]
        if origin == "flag":
            raise SetupError(f"--{key.replace('_', '-')}: {problem}") from error
        if origin.startswith("env "):
            raise SetupError(f"{origin[4:]}: {problem}") from error
        raise BadFile(origin, f"line {_line_of(Path(origin), key)}", f"{key}: {problem}") from error


def _read(path: Path, *, beside_home: bool = False) -> dict[str, Any]:
    """The keys of one file; none when it does not exist."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadFile(path, "", f"cannot be read ({error.strerror}); mend its rights or remove it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(path, "", f"is no TOML: {error}") from error
    for key in table:
        if key not in Settings.model_fields:
            near = nearest(key, Settings.model_fields)
            mend = f"did you mean '{near}'?" if near else f"the settings are {', '.join(Settings.model_fields)}"
            raise BadFile(path, f"line {_line_of(path, key)}", f"no setting '{key}'; {mend}")
    if beside_home and "home" in table:
        raise BadFile(path, f"line {_line_of(path, 'home')}", "home cannot be set in the file that lies in it; use GITM_HOME or --home")
    return {key: _from_folder(path.parent, value) if key in _PATHS else value for key, value in table.items()}


def _from_folder(folder: Path, value: Any) -> Any:
    """Paths in a file are meant from the file's folder."""
    if isinstance(value, list):
        return [_from_folder(folder, part) for part in value]
    return str(folder / Path(value).expanduser()) if isinstance(value, str) else value


def _line_of(path: Path, key: str) -> int:
    """The line that sets a top-level key (or opens its table), counted from 1."""
    pattern = re.compile(rf"""^\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)
