"""Which LLM answers in which role, by the settings; recorded or replayed if that is wished."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, get_args

from gitm.config import Settings
from gitm.errors import SetupError
from gitm.events import Role
from gitm.llm import open_llm
from gitm.llm.providers import llm_name
from gitm.types import LLM

ROLES: tuple[Role, ...] = get_args(Role)


class Choice(NamedTuple):
    """What ``open_llm`` takes."""

    llm: str
    model: str | None
    base_url: str | None


def choice(settings: Settings, role: Role | None = None) -> Choice:
    """The LLM of a role (None: of those without one of their own). Model and address in general belong to the provider in general."""
    general = Choice(settings.llm, settings.model, settings.base_url)
    if role is None:
        return general
    own_llm, own_model = getattr(settings, f"{role}_llm"), getattr(settings, f"{role}_model")
    if own_llm in (None, settings.llm):
        return general._replace(model=own_model or settings.model)
    return Choice(own_llm, own_model, None)


def open_llms(settings: Settings, *, record: Path | None = None, replay: Path | None = None) -> dict[Role, LLM]:
    """The LLM of every role; one that serves several is opened once. No request is sent yet.

    ``record`` is a file that every exchange is written to, ``replay`` one that all answers come from: then nothing is opened, no key
    is needed. Raises :class:`SetupError` when one cannot be had.
    """
    if record and replay:
        raise SetupError("--record and --replay exclude each other: a replayed run asks nobody")
    opened: dict[Choice, LLM] = {}
    for chosen in {choice(settings, role) for role in ROLES}:
        opened[chosen] = _replayed(chosen, settings, replay) if replay else _opened(chosen, settings, record)
    return {role: opened[choice(settings, role)] for role in ROLES}


def names(settings: Settings) -> dict[Role, str]:
    """How the LLM of every role calls itself, found out without a key."""
    return {role: llm_name(chosen.llm, model=chosen.model, home=settings.home) for role in ROLES for chosen in [choice(settings, role)]}


def _opened(chosen: Choice, settings: Settings, record: Path | None) -> LLM:
    llm = open_llm(chosen.llm, model=chosen.model, base_url=chosen.base_url, home=settings.home)
    if record is None:
        return llm
    from gitm.llm.recorded import Recording

    return Recording(llm, record)


def _replayed(chosen: Choice, settings: Settings, file: Path) -> LLM:
    """The recorded LLM: the only one there is, or the one that the settings name."""
    from gitm.llm.recorded import Replay, recorded_names

    recorded = recorded_names(file)
    return Replay(file, recorded[0] if len(recorded) == 1 else llm_name(chosen.llm, model=chosen.model, home=settings.home))
