"""Plans as LLMs write them: any text gives actions or a :class:`Rejected`, never an exception."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from gitm.actions import ACTION, VOCABULARY, Action

#: GITM's own other names for the same things (its main text and appendix disagree).
ALIASES = {
    "digdown": "dig_down",
    "dig": "mine",
    "go_back_to_ground": "go_up",
    "goup": "go_up",
    "kill": "attack",
    "use": "apply",
    "throw": "drop",
}


#: Stations at which GITM's craft is our smelt.
SMELTERS = ("furnace", "blast_furnace", "smoker")

_NAMED = {"object", "tool", "target", "material", "materials", "fuel", "blueprint", "partner", "portal"}  # arguments that hold names
_NOTHING = {"", "none", "null"}  # models write Python's None, also as a word
_LONGEST = 200_000  # characters of an answer that are looked at
_TRIES = 20  # fences, and brackets, at which a plan may begin


class Rejected(BaseModel):
    """Why a text is not a plan; ``problem`` is one sentence that can be shown to an LLM."""

    model_config = ConfigDict(frozen=True)
    problem: str


class _Plan(BaseModel):
    """The outer shape an LLM answers with (GITM: explanation, thoughts, action_list)."""

    model_config = ConfigDict(extra="ignore")
    action_list: list[dict[str, Any]]

    @model_validator(mode="before")
    @classmethod
    def _bare_list(cls, value: Any) -> Any:
        return {"action_list": value} if isinstance(value, list) else value


def parse_actions(text: str) -> tuple[Action, ...] | Rejected:
    """The actions in an LLM's answer: JSON or a Python literal, fenced or not, a bare list or GITM's outer object."""
    try:
        return actions_of(_first_value(text))
    except (ValueError, RecursionError) as error:
        return Rejected(problem=_sentence(error))


def actions_of(value: Any) -> tuple[Action, ...]:
    """The actions in an already decoded answer; raises ``ValueError`` (pydantic's is one) when it is none."""
    plan = _Plan.model_validate(value)
    return tuple(ACTION.validate_python(_canonical(entry)) for entry in plan.action_list)


def _canonical(entry: dict[str, Any]) -> dict[str, Any]:
    """One action entry in our own shape: aliases resolved, GITM's ``args`` flattened, nulls and expectations dropped."""
    nested = entry.get("args", entry.get("arguments"))
    flat = {**entry, **nested} if isinstance(nested, dict) else dict(entry)
    for key in _NAMED & flat.keys():
        flat[key] = _spelt(flat[key])
    if isinstance(wanted := flat.get("object"), dict) and len(wanted) == 1:  # GITM: craft({"stick": 4}, ...)
        ((flat["object"], flat["count"]),) = wanted.items()
    name = _spelt(str(entry.get("name", ""))) or ""
    name = ALIASES.get(name, name)
    if name == "craft" and flat.get("tool") in SMELTERS:  # GITM: smelting is a craft whose tool is a furnace
        name = "smelt"
    cls = VOCABULARY.get(name)
    if cls is None:
        raise ValueError(f"there is no action '{name[:80]}'; the actions are {', '.join(VOCABULARY)}")
    flat["name"] = name
    return {key: value for key, value in flat.items() if key in cls.model_fields and value not in (None, {})}


def _spelt(value: Any) -> Any:
    """A name as models write it in our spelling: ``Iron Ore`` -> ``iron_ore``, words for nothing -> None; the keys of a dict likewise."""
    if isinstance(value, dict):
        return {_spelt(key): count for key, count in value.items()}
    if not isinstance(value, str):
        return value
    spelt = re.sub(r"[\s-]+", "_", value.strip().lower().removeprefix("minecraft:"))
    return None if spelt in _NOTHING else spelt


def _first_value(text: str) -> Any:
    """The first value in a text that looks like a plan, fenced ones before others; failing that the first value of all."""
    text = text[:_LONGEST]
    fenced = (match[1] for match in islice(re.finditer(r"```(?:json|python)?(.*?)(?:```|\Z)", text, re.DOTALL), _TRIES))
    first = None
    for value in (value for body in (*fenced, text) for value in _values(body)):
        if (isinstance(value, dict) and "action_list" in value) or (isinstance(value, list) and any(isinstance(e, dict) for e in value)):
            return value
        first = value if first is None else first
    if first is None:
        raise ValueError("neither JSON nor a Python literal in the answer; answer with one object that has an action_list")
    return first


def _values(text: str) -> Iterator[Any]:
    """Every outermost JSON value or Python literal in a text, of those that begin at one of its first brackets."""
    end = 0
    for start in (match.start() for match in islice(re.finditer(r"[{\[]", text), _TRIES)):
        if start < end:
            continue
        try:
            value, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            try:
                value = ast.literal_eval(text[start : max(text.rfind("}"), text.rfind("]")) + 1])
            except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
                continue
            end = len(text)
        yield value


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)[:500] or type(error).__name__
