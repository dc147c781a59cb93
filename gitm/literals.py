"""Python literals as a model writes them when it completes a list of records: parsed, never run.

Accepted is a list of calls to known names with keyword arguments that are literals, lists or mappings of them, or such calls; it may be
assigned to a name, fenced, or begin where the prompt's open bracket left off. Anything else is refused with a sentence for the model.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection
from typing import Any

LONGEST = 50_000  # characters that are looked at
DEEPEST = 60  # brackets inside each other; the parser itself gives up far later

_FENCE = re.compile(r"^\s*```[\w+-]*\s*\n(.*?)(?:\n\s*```.*)?\Z", re.DOTALL)


def read_records(text: str, known: Collection[str]) -> list[dict[str, Any]]:
    """The records in a text, each as its keyword arguments; ``known`` are the names that may be called.

    Total: raises :class:`ValueError` with one sentence for whatever is no such list, and nothing else.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the code is longer than {LONGEST:,} characters")
    if (fenced := _FENCE.match(text)) is not None:
        text = fenced[1]
    if not text.strip():
        raise ValueError("there is no code; the empty list is []")
    problem = ""
    for candidate in (text.strip(), f"[{text.strip()}", f"[{text.strip()}]"):  # whole, or what comes after the prompt's bracket
        try:
            return _records(_list_in(candidate), known)
        except _NotParsed as error:
            problem = problem or str(error)
    raise ValueError(problem)


class _NotParsed(ValueError):
    """The text is no Python of the shape asked for."""


def _list_in(text: str) -> ast.List:
    """The list that the text is, or that it assigns."""
    if _depth(text) > DEEPEST:
        raise ValueError("the code is nested too deeply")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except SyntaxError as error:
        raise _NotParsed(f"the code is no Python: {error.msg} in line {error.lineno}") from None
    except (ValueError, MemoryError, RecursionError, OverflowError):  # a null byte, a number of 10,000 digits, deep nesting
        raise _NotParsed("the code is no Python that can be read") from None
    value = getattr(body[-1], "value", None) if body else None
    if len(body) != 1 or not isinstance(body[0], ast.Expr | ast.Assign | ast.AnnAssign) or not isinstance(value, ast.List):
        raise _NotParsed("the code must be one list and nothing else")
    return value


def _depth(text: str) -> int:
    """An upper bound of how deep the brackets go."""
    deepest = depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}" and depth > 0)
        deepest = max(deepest, depth)
    return deepest


def _records(found: ast.List, known: Collection[str]) -> list[dict[str, Any]]:
    if strange := [entry for entry in found.elts if not isinstance(entry, ast.Call)]:
        raise ValueError(f"line {strange[0].lineno}: the list may hold only {' and '.join(known)}")
    return [_value(entry, known) for entry in found.elts]


def _value(node: ast.expr, known: Collection[str]) -> Any:
    """What a node stands for, made by looking at it and never by running it."""
    match node:
        case ast.Constant(value=None | bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(number, bool):
            return -number
        case ast.List(elts=entries) | ast.Tuple(elts=entries):
            return [_value(entry, known) for entry in entries]
        case ast.Dict(keys=keys, values=values):
            return {_key(key): _value(value, known) for key, value in zip(keys, values, strict=True)}
        case ast.Call(func=ast.Name(id=called), args=[], keywords=keywords) if called in known:
            return {_argument(keyword): _value(keyword.value, known) for keyword in keywords}
        case ast.Call(func=ast.Name(id=called)) if called in known:
            raise ValueError(f"line {node.lineno}: {called} takes its arguments by name, as in {called}(item='stick')")
        case _:
            what = type(node).__name__.lower()
            raise ValueError(f"line {node.lineno}: only literals and {', '.join(known)} are allowed here, not a {what}")


def _key(node: ast.expr | None) -> str:
    match node:
        case ast.Constant(value=str() as key):
            return key
        case _:
            raise ValueError("the keys of a mapping must be strings")


def _argument(keyword: ast.keyword) -> str:
    if keyword.arg is None:
        raise ValueError(f"line {keyword.lineno}: ** is not allowed")
    return keyword.arg
