"""The child process that holds the ``javascript`` bridge and Node, so that their death cannot take the agent along.

One JSON line in, one call of the bot's ``handle``, one JSON line out. It says ``{"ready": true}`` first. It ends, and Node with it, when
its stdin ends; and when Node ends, for the bridge itself would wait for ever then.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any, NoReturn

FOREVER = 7 * 24 * 3600.0  # the deadline lives on the JavaScript side; a late reply would break the bridge for good
NODE_ENDED, STDIN_ENDED = 3, 0


def main() -> None:
    """Serve until stdin ends. ``NODE_BIN`` and ``NODE_PATH`` say which Node and where its packages are."""
    wire = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # whatever the bridge or Node print must not get between our lines
    from javascript import connection, require

    lines = _Lines(connection)
    threading.Thread(target=_end_with_node, args=(connection,), daemon=True).start()
    bot = require("./bot/index.js")
    _say(wire, b'{"ready": true}')
    while (line := lines.next()) is not None:
        _say(wire, bot.handle(line, timeout=FOREVER).encode())
    _leave(connection, STDIN_ENDED)


class _Lines:
    """The lines of stdin, read in a thread of their own: their end ends the process also while an action runs."""

    def __init__(self, connection: Any) -> None:
        import queue

        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: Any) -> None:
        for line in sys.stdin.buffer:
            self._lines.put(line.decode())
        _leave(connection, STDIN_ENDED)

    def next(self) -> str | None:
        """The next line, or None at the end."""
        return self._lines.get()


def _end_with_node(connection: Any) -> None:
    while connection.proc is None or connection.proc.poll() is None:
        time.sleep(0.1)
    os._exit(NODE_ENDED)


def _leave(connection: Any, code: int) -> NoReturn:
    """End at once: Node first, then this process, past whatever the bridge would still wait for."""
    if connection.proc is not None:
        connection.proc.kill()
    os._exit(code)


def _say(wire: Any, line: bytes) -> None:
    wire.write(line + b"\n")
    wire.flush()


if __name__ == "__main__":
    main()
