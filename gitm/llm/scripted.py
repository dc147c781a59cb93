"""An LLM that says what it is told to: for tests, examples and benches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gitm.errors import LLMError
from gitm.llm.extract import problem_of
from gitm.types import Message, Reply, Usage

T = TypeVar("T", bound=BaseModel)

#: An answer: fields of the schema, a model, or an exception to raise.
Scripting = dict[str, Any] | BaseModel | Exception
Script = Iterable[Scripting] | Callable[[Sequence[Message], type[BaseModel]], Scripting]


class Scripted:
    """A double of :class:`gitm.types.LLM`: answers come from a list, in order, or from a function of the request.

    ``calls`` counts the requests and ``asked`` keeps them. At the end of a list it raises :class:`LLMError`, as it does for an
    answer that does not fit the schema; an exception in the script is raised as it is.
    """

    def __init__(self, answers: Script, *, name: str = "scripted") -> None:
        self.name = name
        self.asked: list[tuple[tuple[Message, ...], type[BaseModel]]] = []
        self._answer = answers if callable(answers) else None
        self._left = iter(() if callable(answers) else answers)
        self._lock = threading.Lock()

    @property
    def calls(self) -> int:
        """How many requests there were."""
        return len(self.asked)

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """The next answer of the script."""
        usage = Usage(calls=1)
        with self._lock:
            self.asked.append((tuple(messages), schema))
            said = self._answer(messages, schema) if self._answer else next(self._left, None)
        if said is None:
            raise LLMError(f"{self.name}: the script is at its end after {self.calls - 1} answers", usage)
        if isinstance(said, Exception):
            raise said
        try:
            return Reply(value=schema.model_validate(said.model_dump() if isinstance(said, BaseModel) else said), usage=usage)
        except ValidationError as error:
            problem = problem_of(error)
        raise LLMError(f"{self.name}: answer {self.calls} is no {schema.__name__}: {problem}", usage)
