"""An LLM that is wrong at stated rates: a seeded wrapper around a good one, to measure what errors cost."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel, Field, model_validator

from gitm.errors import LLMError
from gitm.types import LLM, Frozen, Message, Reply, Usage

T = TypeVar("T", bound=BaseModel)

#: Makes a wrong answer of a right one, of the same class; draws whatever it needs from the generator.
Damage = Callable[[BaseModel, random.Random], BaseModel]


class NoiseRates(Frozen):
    """How often each fault happens, as parts of all requests; at most one happens to a request.

    ``error``: the server fails, the model is not asked. ``malformed``: the model answers, to the end, with what is no value of
    the schema. ``damaged``: the answer fits the schema and is wrong.
    """

    error: float = Field(default=0.0, ge=0, le=1)
    malformed: float = Field(default=0.0, ge=0, le=1)
    damaged: float = Field(default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _parts_of_one(self) -> NoiseRates:
        if self.error + self.malformed + self.damaged > 1 + 1e-9:
            raise ValueError("the rates of all faults together are above 1")
        return self


class Noisy:
    """A :class:`gitm.types.LLM` that spoils another's answers. Same seed and same order of requests: the same faults."""

    def __init__(self, llm: LLM, seed: int, rates: NoiseRates, damage: Damage | None = None) -> None:
        if rates.damaged and damage is None:
            raise ValueError("a rate of damaged answers needs a damage function")
        self._llm, self._rates, self._damage = llm, rates, damage
        self._draw = random.Random(seed)  # noqa: S311  it must be repeatable, not secret
        self._lock = threading.Lock()
        self.faults = {"error": 0, "malformed": 0, "damaged": 0}

    @property
    def name(self) -> str:
        """The good LLM's name, marked."""
        return f"noisy:{self._llm.name}"

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """The good LLM's answer, or what has become of it; raises :class:`LLMError` for the first two faults."""
        with self._lock:
            fault, own = self._next()
        if fault == "error":
            raise LLMError(f"{self.name}: the server failed (noise)", Usage(calls=1))
        reply = self._llm.complete(messages, schema)
        if fault == "malformed":
            raise LLMError(f"{self.name}: the answer is no {schema.__name__} (noise)", reply.usage)
        if fault == "damaged" and self._damage:
            damaged = self._damage(reply.value, own)
            return Reply(value=schema.model_validate(damaged.model_dump()), usage=reply.usage)
        return reply

    def _next(self) -> tuple[str | None, random.Random]:
        """Which fault happens now, and a generator for it, so that what a damage draws does not shift later faults."""
        at, own = self._draw.random(), random.Random(self._draw.getrandbits(64))  # noqa: S311
        for fault in self.faults:
            if at < (rate := getattr(self._rates, fault)):
                self.faults[fault] += 1
                return fault, own
            at -= rate
        return None, own
