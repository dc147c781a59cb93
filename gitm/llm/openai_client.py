"""The LLM over any OpenAI-compatible server: one answer of the schema asked for, or a typed error."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from gitm.errors import LLMError
from gitm.llm.call import Answer, Call, Fault, Patience, Server, Trouble
from gitm.llm.ladder import Habits, Memo
from gitm.llm.schema import wire_schema
from gitm.types import Message, Reply

if TYPE_CHECKING:
    from gitm.llm.wire import Wire

T = TypeVar("T", bound=BaseModel)

#: Calls whose answer ignored the schema, one after the other, before a server is taken not to hold it.
_IGNORED_OFTEN = 2


class OpenAIClient:
    """A :class:`gitm.types.LLM` on a server, for any number of threads. ``memo`` is where it is kept what the server can do."""

    def __init__(self, server: Server, *, patience: Patience | None = None, memo: Memo | None = None) -> None:
        self.server = server
        self._patience = patience or Patience()
        self._memo = memo or Memo(None)
        self._place = f"{server.base_url} {server.model}"
        known = self._memo.recall(self._place)
        self._habits = known if known and known.rung in server.rungs else Habits(rung=server.rungs[0])
        self._ignored = 0
        self._answered = False
        self._wire: Wire | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """``preset:model``, by which records and prices know it."""
        return f"{self.server.preset}:{self.server.model}"

    def __repr__(self) -> str:
        return f"OpenAIClient({self.name!r}, {self.server.base_url!r})"

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """One answer of the schema; raises :class:`LLMError` (with ``usage``) when the server or the model gives none.

        Takes at most ``Patience.total`` seconds. ``usage.calls`` counts the requests that may have reached the model: those
        turned away before it (a key, a format, a rate limit) and those that found no server cost nothing.
        """
        call = Call(self._send, self.server, self._patience, self._habits, messages, wire_schema(schema))
        value = call.value(schema)
        self._learn(call, answered=not isinstance(value, str))
        if isinstance(value, str):  # raised outside of any except block: nothing of the transport, and no key, hangs on it
            raise LLMError(f"{self.name}: {value}", call.usage, final=self._is_final(call.trouble))
        return Reply(value=value, usage=call.usage)

    def _send(self, messages: Sequence[Message], body: dict[str, Any], timeout: float) -> Answer | Fault:
        """Over the connection, which is made when first needed, because its library takes long to import."""
        with self._lock:
            if self._wire is None:
                from gitm.llm.wire import Wire

                self._wire = Wire(self.server.base_url, self.server.key, self.server.headers)
        return self._wire.send(messages, body, timeout)

    def _is_final(self, trouble: Trouble | None) -> bool:
        """Whether asking again later is of no use. A wrong page from a server that did answer before is a passing fault."""
        return trouble is Trouble.KEY or (trouble is Trouble.FINAL and not self._answered)

    def _learn(self, call: Call, *, answered: bool) -> None:
        """Keep what led to an answer. A server that again and again ignores the schema is asked one rung lower."""
        self._answered |= answered
        self._ignored = self._ignored + 1 if call.ignored else 0
        habits = call.habits if answered else self._habits
        if self._ignored >= _IGNORED_OFTEN:
            self._ignored, habits = 0, habits.lower(self.server.rungs) or habits
        if habits != self._habits:
            self._habits = habits
            self._memo.keep(self._place, habits)
