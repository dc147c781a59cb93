"""How a server is asked for structure, from the strictest way to the plainest, and what is remembered about each server.

    json_schema     the server holds the model to the schema
    json_object     the server holds the model to JSON; the schema is in the prompt
    text            nothing is held; the schema is in the prompt and the first object that fits is taken

Which rung a server stands on, and which optional parameters it refuses, is learned from its refusals once and kept in a small
JSON file in the home folder, by address and model. Deleting the file is harmless: it is learned again.
"""

from __future__ import annotations

import contextlib
import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gitm.llm.schema import WireSchema
from gitm.types import Frozen, Message

FILE_NAME = "llm-servers.json"


class Rung(StrEnum):
    """A way to ask for structure; the order is from strict to plain."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    TEXT = "text"


class Habits(Frozen):
    """What is known of a server and model: the rung it stands on, and the parameters it will not have."""

    rung: Rung = Rung.JSON_SCHEMA
    without: tuple[str, ...] = ()

    def lower(self, rungs: tuple[Rung, ...]) -> Habits | None:
        """The same one rung down on this server's ladder; None at its foot."""
        plainer = list(Rung)[list(Rung).index(self.rung) + 1 :]
        return next((self.model_copy(update={"rung": rung}) for rung in plainer if rung in rungs), None)

    def drop(self, parameter: str) -> Habits:
        """The same without one more parameter."""
        return self.model_copy(update={"without": (*self.without, parameter)})


def response_format(rung: Rung, schema: WireSchema) -> dict[str, Any]:
    """The request's fields that ask for structure on this rung."""
    if rung is Rung.TEXT:
        return {}
    if rung is Rung.JSON_OBJECT:
        return {"response_format": {"type": "json_object"}}
    form = {"name": schema.name, "schema": schema.schema_, "strict": schema.strict}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


def with_schema(messages: tuple[Message, ...], rung: Rung, schema: WireSchema) -> tuple[Message, ...]:
    """The messages as this rung needs them: where the server does not hold the schema, the model is told it.

    The schema joins the first system message, because many chat templates accept only one, and only at the start.
    """
    if rung is Rung.JSON_SCHEMA:
        return messages
    form = f"Answer with one JSON object and nothing else. It must fit this JSON schema:\n{json.dumps(schema.schema_)}"
    if messages and messages[0].role == "system":
        return (Message(role="system", content=f"{messages[0].content}\n\n{form}"), *messages[1:])
    return (Message(role="system", content=form), *messages)


class Memo:
    """The file in which habits are kept. Without a home, or where it cannot be read or written, nothing is remembered."""

    def __init__(self, home: Path | None) -> None:
        self._path = home / FILE_NAME if home else None

    def recall(self, server: str) -> Habits | None:
        """What is known of a server and model, by the key it was kept under."""
        return self._read().get(server)

    def keep(self, server: str, habits: Habits) -> None:
        """Remember; a file that cannot be written is no reason to stop a run."""
        if self._path is None:
            return
        known = {**self._read(), server: habits}
        text = json.dumps({key: entry.model_dump(mode="json") for key, entry in sorted(known.items())}, indent=1)
        part = self._path.with_name(f"{FILE_NAME}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
            part.replace(self._path)  # at once, so that another process never reads half a file

    def _read(self) -> dict[str, Habits]:
        if self._path is None:
            return {}
        try:
            return _KNOWN.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return {}


_KNOWN: TypeAdapter[dict[str, Habits]] = TypeAdapter(dict[str, Habits])
