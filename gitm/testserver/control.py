"""The tests' own door to the test server: give items, set blocks, hurt, kick, stall. Line JSON over TCP on loopback."""

from __future__ import annotations

import json
import socket
from typing import Any

TIMEOUT = 15.0  # seconds a command may take


class Refused(RuntimeError):
    """The server did not do what a test asked for; the message is the server's."""


class Control:
    """A connection to the control port; ``docs/testserver.md`` lists the commands and what each answers."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._lines = self._socket.makefile("r", encoding="utf-8")

    def do(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Do one command and return its answer. Raises :class:`Refused`, or OSError when the server is gone."""
        self._socket.sendall((json.dumps({"do": command, **arguments}) + "\n").encode())
        line = self._lines.readline()
        if not line:
            raise ConnectionError("the test server closed its control port")
        answer: dict[str, Any] = json.loads(line)
        if not answer.pop("ok"):
            raise Refused(answer["error"])
        return answer

    def close(self) -> None:
        """Hang up; the server goes on."""
        self._lines.close()
        self._socket.close()
