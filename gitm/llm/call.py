"""One request for a value, from the first try to the last: the ladder, the waits, the repair turn, the deadline and the costs.

    ask ──► the server refuses the format ──► one rung down the ladder, ask again
     │ ───► it is busy, broken or silent ───► wait (bounded), ask again
     ▼
    answer ──► it fits the schema ──► the value
         └───► it does not ──► one repair turn that quotes the error ──► the value, or why there is none

Pure of any HTTP: what is sent and what comes of it are an :class:`Answer` or a :class:`Fault`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel, Field, SecretStr

from gitm.llm.extract import candidates, read_answer
from gitm.llm.ladder import Habits, Rung, response_format, with_schema
from gitm.llm.schema import WireSchema
from gitm.types import Frozen, Message, Usage

T = TypeVar("T", bound=BaseModel)

_LONGEST_QUOTE = 2000  # characters of a wrong answer that a repair turn repeats
#: Words by which a refused request blames the format asked for; every server has its own sentence.
_FORMAT_WORDS = ("response_format", "schema", "json", "grammar", "structured", "format")


class Patience(Frozen):
    """How long to wait, in seconds: for one request, between two, and for the whole call; and how often to try again."""

    request: float = Field(default=120.0, gt=0)
    first_wait: float = Field(default=0.5, ge=0)  # doubled with every try
    longest_wait: float = Field(default=30.0, ge=0)
    total: float = Field(default=300.0, gt=0)
    retries: int = Field(default=3, ge=0)


class Server(Frozen):
    """A server and a model on it: what a preset and the command line come to. The key is kept out of every text."""

    preset: str
    base_url: str
    model: str
    key: SecretStr | None = None
    key_variable: str = ""
    rungs: tuple[Rung, ...] = tuple(Rung)
    limit_field: str = "max_tokens"
    longest_answer: int = Field(default=8192, ge=1)  # tokens
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] = Field(default_factory=dict)
    mend: str = "is the server running, and is the base URL right?"


class Answer(Frozen):
    """What the model said. ``cut`` when it was stopped at the longest answer allowed; ``refusal`` when it declined, and why."""

    text: str
    cut: bool = False
    refusal: str = ""
    usage: Usage


class Trouble(StrEnum):
    """What can be done about a fault."""

    PASSING = "passing"  # try again later
    REQUEST = "request"  # ask in another way
    KEY = "key"  # nothing, with this key
    FINAL = "final"  # nothing


class Fault(Frozen):
    """Why there is no answer. ``detail`` is the server's own words, key removed; ``wait`` the seconds it asked for."""

    trouble: Trouble
    problem: str
    detail: str = ""
    wait: float | None = None
    usage: Usage = Usage()


#: Sends messages with the other fields of a request, within so many seconds.
Send = Callable[[Sequence[Message], dict[str, Any], float], Answer | Fault]


class Call:
    """A request for one value. Afterwards ``usage`` is what it cost and ``habits`` what the server turned out to want."""

    def __init__(
        self, send: Send, server: Server, patience: Patience, habits: Habits, messages: Sequence[Message], schema: WireSchema
    ) -> None:
        self._send, self._server, self._patience = send, server, patience
        self._messages, self._schema = tuple(messages), schema
        self._deadline = time.monotonic() + patience.total
        self._limit = server.longest_answer
        self.habits, self.usage = habits, Usage()
        self.ignored = False  # the server took the schema and then did not hold it
        self.trouble: Trouble | None = None  # what the last fault of a call without an answer was

    def value(self, schema: type[T]) -> T | str:
        """The value of the first answer, or of the one after a repair turn; else the sentence that says why there is none."""
        messages, problem = self._messages, ""
        for _ in range(2):
            answer = self._ask(messages)
            if isinstance(answer, str):
                return answer
            if answer.refusal:
                return f"the model declined: {' '.join(answer.refusal.split())[:300]}"
            try:
                return read_answer(answer.text, schema)
            except ValueError as error:
                problem = self._wrong_with(answer, str(error))
            messages = self._repair(answer.text, problem)
        return f"no valid answer, even after it was told what was wrong: {problem}"

    def _ask(self, messages: tuple[Message, ...]) -> Answer | str:
        """An answer, good or bad, or why there is none. Steps down the ladder, and waits and tries again."""
        tries = 0
        while (left := self._deadline - time.monotonic()) > 0:
            told = with_schema(messages, self.habits.rung, self._schema)
            outcome = self._send(told, self._body(), min(self._patience.request, left))
            self.usage += outcome.usage
            if isinstance(outcome, Answer):
                return outcome
            if outcome.trouble is Trouble.REQUEST and (other := self._otherwise(outcome.detail.lower())):
                self.habits = other
                continue
            tries += 1
            wait = self._wait(outcome, tries)
            if outcome.trouble is not Trouble.PASSING or tries > self._patience.retries or wait is None:
                self.trouble = outcome.trouble
                return self._sentence(outcome, tries)
            time.sleep(wait)
        return f"no answer within {self._patience.total:g} s"

    def _body(self) -> dict[str, Any]:
        """Every field of the request but the messages, without those that the server will not have."""
        optional = {self._server.limit_field: self._limit, **self._server.body}
        kept = {name: value for name, value in optional.items() if name not in self.habits.without}
        return {"model": self._server.model, **kept, **response_format(self.habits.rung, self._schema)}

    def _otherwise(self, said: str) -> Habits | None:
        """Another way to ask, by what the server says of this one; None when it complains of something else."""
        limit = self._server.limit_field
        for name in (limit, *self._server.body):
            if name not in self.habits.without and (name.lower() in said or (name == limit and "context length" in said)):
                return self.habits.drop(name)
        return self.habits.lower(self._server.rungs) if any(word in said for word in _FORMAT_WORDS) else None

    def _wait(self, fault: Fault, tries: int) -> float | None:
        """Seconds until the next try; None when the server wants longer than we will wait."""
        own = min(self._patience.first_wait * 2 ** (tries - 1), self._patience.longest_wait)
        wait = own if fault.wait is None else fault.wait
        left = self._deadline - time.monotonic()
        return wait if wait <= self._patience.longest_wait and wait < left else None

    def _sentence(self, fault: Fault, tries: int) -> str:
        """The fault in one line that ends with its mend."""
        where = f"{self._server.base_url}: {fault.problem}"
        said = f': "{fault.detail}"' if fault.detail else ""
        often = f", {tries} times" if tries > 1 else ""
        mends = {
            Trouble.KEY: f"check the key in {self._server.key_variable or 'your settings'}",
            Trouble.REQUEST: "check --model",
            Trouble.FINAL: "check --model and --base-url",
            Trouble.PASSING: self._server.mend,
        }
        if fault.wait is not None and fault.wait > self._patience.longest_wait:
            return f"{where}{said}; it asks to wait {fault.wait:g} s, more than the {self._patience.longest_wait:g} s allowed: try later"
        return f"{where}{often}{said}; {mends[fault.trouble]}"

    def _wrong_with(self, answer: Answer, problem: str) -> str:
        """What to tell the model was wrong; what it says about the server is noted."""
        if answer.cut:
            self._limit *= 2
            return f"it was cut off after {answer.usage.completion_tokens} tokens; be brief"
        if not answer.text.strip():
            return "it was empty"
        needed = set(self._schema.schema_.get("required", ()))
        shaped = any(isinstance(found, dict) and needed <= found.keys() for found in candidates(answer.text))
        self.ignored = self.habits.rung is Rung.JSON_SCHEMA and not shaped
        return problem

    def _repair(self, said: str, problem: str) -> tuple[Message, ...]:
        """The conversation with the wrong answer, the error in it, and the wish for a better one."""
        wish = f"That answer was not valid: {problem}. Answer again with one JSON object that fits the schema, and nothing else."
        if self.habits.rung is Rung.JSON_SCHEMA:  # on this rung the model itself was never told
            wish += f" The schema:\n{json.dumps(self._schema.schema_)}"
        turns = [Message(role="assistant", content=said[:_LONGEST_QUOTE])] if said.strip() else []
        return (*self._messages, *turns, Message(role="user", content=wish))
