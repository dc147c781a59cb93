"""Record every exchange with an LLM, and replay it later with no network.

A recording is a text file of JSON lines, one exchange a line, written as it happens; several LLMs may share one. An exchange is
known by a hash of the LLM's name, the messages and the schema. The same request asked again gets its answers in the order they
were given. Answers and failures are both kept, with their cost; keys never come here.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from gitm.errors import BadFile, LLMError, SetupError
from gitm.types import LLM, Frozen, Message, Reply, Usage

T = TypeVar("T", bound=BaseModel)


class Exchange(Frozen):
    """One line of a recording: what was asked, and the value or the error that came back."""

    format: Literal[1] = 1
    key: str
    llm: str
    asked_for: str  # the schema's name
    form: str  # and a hash of it
    messages: tuple[Message, ...]
    value: dict[str, Any] | None = None
    error: str | None = None
    usage: Usage


def exchange_key(llm: str, messages: Sequence[Message], schema: type[BaseModel]) -> str:
    """Sixteen hex digits that identify a request."""
    return _hash([llm, [message.model_dump() for message in messages], schema.model_json_schema()])


class Recording:
    """An LLM that answers as another does and writes every exchange to a file; to an old recording it adds.

    Raises :class:`SetupError` when the file cannot be written, at the start or later: a recording with gaps is of no use.
    """

    def __init__(self, llm: LLM, file: Path) -> None:
        self._llm, self._path = llm, file
        self._lock = threading.Lock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _drop_half_a_line(file)
            file.open("ab").close()
        except OSError as error:
            raise self._unwritable(error) from error

    @property
    def name(self) -> str:
        """The name of the LLM that is recorded."""
        return self._llm.name

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """The other's answer, or its :class:`LLMError`, once it is in the file."""
        try:
            reply = self._llm.complete(messages, schema)
        except LLMError as error:
            self._write(messages, schema, error=str(error), usage=error.usage or Usage())
            raise
        self._write(messages, schema, value=reply.value.model_dump(mode="json", by_alias=True), usage=reply.usage)
        return reply

    def _write(self, messages: Sequence[Message], schema: type[BaseModel], **outcome: Any) -> None:
        key, form = exchange_key(self.name, messages, schema), _hash(schema.model_json_schema())
        exchange = Exchange(key=key, llm=self.name, asked_for=schema.__name__, form=form, messages=tuple(messages), **outcome)
        line = f"{exchange.model_dump_json(exclude_none=True)}\n".encode()
        try:
            with self._lock, self._path.open("ab", buffering=0) as file:  # one write a line: several processes may share the file
                file.write(line)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> SetupError:
        return SetupError(f"{self._path}: the recording cannot be written ({error.strerror}); give --record another file")


class Replay:
    """An LLM that answers from a recording and asks nobody.

    ``name`` chooses among several recorded LLMs. A request that was never recorded, or not so often, raises :class:`LLMError`
    that says what is different. Raises :class:`BadFile` or :class:`SetupError` when the recording cannot be used.
    """

    def __init__(self, file: Path, name: str | None = None) -> None:
        self._path = file
        self._exchanges = list(_read(file))
        names = sorted({exchange.llm for exchange in self._exchanges})
        if not names or (name is None and len(names) > 1) or (name is not None and name not in names):
            there = f"it holds {', '.join(names)}" if names else "it holds no exchange"
            raise SetupError(f"{file}: no recording of {name or 'just one LLM'}: {there}; name one of these, or record again")
        self.name = name or names[0]
        self._answers: dict[str, deque[Exchange]] = defaultdict(deque)
        for exchange in self._exchanges:
            self._answers[exchange.key].append(exchange)
        self._lock = threading.Lock()

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """The recorded answer, or the recorded :class:`LLMError`; the cost is what it was then."""
        key = exchange_key(self.name, messages, schema)
        with self._lock:
            found = self._answers[key].popleft() if self._answers.get(key) else None
        if found is None:
            raise LLMError(f"{self._path}: {self._difference(key, messages, schema)}; record again with --record", Usage(), final=True)
        if found.error is not None:
            raise LLMError(found.error, found.usage)
        return Reply(value=schema.model_validate(found.value), usage=found.usage)

    def _difference(self, key: str, messages: Sequence[Message], schema: type[BaseModel]) -> str:
        """In what a request differs from the recorded one that is most like it."""
        if often := sum(exchange.key == key for exchange in self._exchanges):
            return f"this request was recorded {often} times and is asked once more"
        same_name = [exchange for exchange in self._exchanges if exchange.llm == self.name]
        alike = [exchange for exchange in same_name if exchange.asked_for == schema.__name__]
        if not alike:
            return f"no request for a {schema.__name__} was recorded of {self.name}"
        text = [message.model_dump_json() for message in messages]
        nearest = max(alike, key=lambda exchange: _alike([message.model_dump_json() for message in exchange.messages], text))
        if list(nearest.messages) == list(messages):
            return f"the schema {schema.__name__} is another than when it was recorded"
        return f"this request was not recorded; {_first_difference(nearest.messages, messages)}"


def recorded_names(path: Path) -> tuple[str, ...]:
    """The LLMs in a recording; raises :class:`BadFile` when it cannot be read."""
    return tuple(sorted({exchange.llm for exchange in _read(path)}))


def _read(path: Path) -> Iterator[Exchange]:
    """The exchanges of a file. A last line without its end was being written when the process died, and is left out."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise BadFile(path, "", f"the recording cannot be read ({error.strerror}); give --replay a file made with --record") from error
    for number, line in enumerate(lines, start=1):
        try:
            yield Exchange.model_validate_json(line)
        except ValidationError as error:
            raise BadFile(path, f"line {number}", "is no recorded exchange; remove the line, or record again") from error


def _drop_half_a_line(path: Path) -> None:
    """Cut what a killed process left behind the last whole line."""
    if path.is_file() and not (text := path.read_bytes()).endswith(b"\n"):
        os.truncate(path, text.rfind(b"\n") + 1)


def _alike(one: list[str], other: list[str]) -> int:
    """How many messages two conversations share at their starts, in characters of common beginning."""
    return sum(_common(old, new) for old, new in zip(one, other, strict=False))


def _common(one: str, other: str) -> int:
    """How long the common beginning of two texts is."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _first_difference(then: Sequence[Message], now: Sequence[Message]) -> str:
    """The first message in which two conversations differ, and how."""
    for number, (old, new) in enumerate(zip(then, now, strict=False), start=1):
        if old.role != new.role:
            return f"message {number} was from {old.role} and is from {new.role}"
        if old.content != new.content:
            gone, come = _changed(old.content, new.content)
            return f"message {number} ({new.role}) differs: recorded '{gone}', now '{come}'"
    return f"{len(then)} messages were recorded, now there are {len(now)}"


def _changed(old: str, new: str, most: int = 80) -> tuple[str, str]:
    """The first lines that differ, from just before the difference."""
    pairs = zip([*old.splitlines(), ""], [*new.splitlines(), ""], strict=False)
    was, now = next(((a, b) for a, b in pairs if a != b), (old, new))
    start = max(0, _common(was, now) - 20)
    return was[start : start + most], now[start : start + most]


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
