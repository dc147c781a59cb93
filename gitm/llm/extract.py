"""From what a model said to a value of the schema asked for: total over any text, linear in its length, never running any of it.

Models wrap JSON in fences, prose and ``<think>`` blocks, and GITM's own prompts make them write Python's ``None`` and single
quotes. Every object in the text is tried in order until one fits the schema.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)

#: Bounds for noise: characters of an answer that are looked at, openings ``{`` or ``[`` that are tried, levels of a Python literal.
LONGEST, MOST_TRIES, DEEPEST = 200_000, 50, 100

_THOUGHT_END = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_THOUGHT_START = re.compile(r"<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_STRING = r""" "[^"\\]*+(?:\\.[^"\\]*+)*+" | '[^'\\]*+(?:\\.[^'\\]*+)*+' """
_STRING_OR_WORD = re.compile(rf"{_STRING} | \b(?:null|true|false)\b", re.VERBOSE | re.DOTALL)
_STRING_OR_BRACKET = re.compile(rf"{_STRING} | [{{}}\[\]]", re.VERBOSE | re.DOTALL)
_OPENING = re.compile(r"[{\[]")
_PYTHON_WORDS = {"null": "None", "true": "True", "false": "False"}
_CLOSERS = {"{": "}", "[": "]"}


def read_answer(text: str, schema: type[T]) -> T:
    """The first value in the text that fits the schema; ``ValueError`` with one sentence to show the model when none does."""
    problem = ""
    for value in candidates(text):
        try:
            return _fit(value, schema)
        except ValidationError as error:
            problem = problem or problem_of(error)
        except RecursionError:
            problem = problem or "the value is nested too deeply"
    raise ValueError(problem or "there is no JSON object in the answer")


def problem_of(error: ValidationError) -> str:
    """The first faults of a validation in one line: where, and what (the input is left out: it may be long)."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    lines = [f"{'.'.join(str(part) for part in fault['loc']) or 'the object'}: {fault['msg']}" for fault in faults[:3]]
    return "; ".join(lines)[:500]


def candidates(text: str) -> Iterator[Any]:
    """The objects and lists in a text, decoded, in the order in which they begin. Those inside a list follow it."""
    text = spoken(text)[:LONGEST]
    at = 0
    for _ in range(MOST_TRIES):
        if (opening := _OPENING.search(text, at)) is None:
            return
        value, end = _decode(text, opening.start())
        if value is not None:
            yield value
        at = end if isinstance(value, dict) else opening.start() + 1


def spoken(text: str) -> str:
    """The text without the model's thoughts, also when the opening tag was part of the prompt or the closing one is missing."""
    if text.lstrip()[:1] in ("{", "["):
        return text  # an answer at once; a tag inside it is a string of the answer
    if ends := list(_THOUGHT_END.finditer(text)):
        text = text[ends[-1].end() :]
    if start := _THOUGHT_START.search(text):
        text = text[: start.start()]
    return text


def _fit(value: Any, schema: type[T]) -> T:
    """The value as the schema; a null where the schema wants something else means "not given"."""
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        if (pruned := _without_nulls(value)) == value:
            raise
        try:
            return schema.model_validate(pruned)
        except ValidationError:
            raise error from None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(entry) for key, entry in value.items() if entry is not None}
    return [_without_nulls(entry) for entry in value] if isinstance(value, list) else value


def _decode(text: str, start: int) -> tuple[Any, int]:
    """The JSON value or Python literal that begins here and where it ends; ``(None, start)`` when there is none."""
    try:
        return _JSON.raw_decode(text, start)
    except (ValueError, RecursionError):
        end = _end_of(text, start)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\/" is good JSON and a doubtful Python escape
            return ast.literal_eval(_STRING_OR_WORD.sub(_python_word, text[start:end])), end
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None, start


def _python_word(found: re.Match[str]) -> str:
    return _PYTHON_WORDS.get(found.group(), found.group())


def _end_of(text: str, start: int) -> int:
    """Just behind the bracket that closes the one at ``start`` (strings skipped); ``start`` when none does or it is too deep."""
    waiting: list[str] = []
    for found in _STRING_OR_BRACKET.finditer(text, start):
        if (token := found.group()) in _CLOSERS:
            waiting.append(_CLOSERS[token])
        elif token in ("}", "]") and waiting.pop() != token:
            return start
        if not waiting:
            return found.end()
        if len(waiting) > DEEPEST:
            return start
    return start


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_JSON = json.JSONDecoder(parse_constant=_no_such_number)
