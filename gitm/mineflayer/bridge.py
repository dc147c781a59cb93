"""The Python end of the wire to the bot: a child process that is asked in JSON lines, and killed when it keeps silent.

``docs/bridge.md`` says why there is a process between the agent and the ``javascript`` bridge, and why deadlines live in JavaScript.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from gitm.mineflayer.node import Node

START = 30.0  # seconds until the child says that it is ready
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_TAIL = 300  # characters of the child's last words in a message


class BridgeError(Exception):
    """The bridge is gone: it died, or kept silent for too long and was killed. What it did last is not known."""


class Bridge:
    """One child process with Node in it, which starts at once and is waited for by the first request.

    It is used once: when it is gone, make another one.
    """

    def __init__(self, node: Node, *modules: Path) -> None:
        """``modules`` are the folders in which Node finds packages."""
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the bridge
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gitm.mineflayer.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={
                **os.environ,
                "NODE_BIN": str(node.binary),
                "NODE_PATH": os.pathsep.join(map(str, modules)),
                "NODE_NO_WARNINGS": "1",
                "PYTHONUNBUFFERED": "1",
            },
            start_new_session=True,  # a group of its own: Ctrl-C is ours to handle, and a kill reaches Node as well
        )
        self._replies: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        atexit.register(self.close)
        self._ready = False

    @property
    def pid(self) -> int:
        """The process group: the child and Node."""
        return self._process.pid

    def ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """The reply to a request. ``timeout`` (seconds) is past the request's own deadline, so its end means that the bridge is dead.

        Raises :class:`BridgeError`.
        """
        if not self._ready:
            self._wait(START)
            self._ready = True
        assert self._process.stdin is not None  # noqa: S101 - it was opened with a pipe
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            self.close()
            raise BridgeError(f"the bot's process is gone{self._last_words()}") from error
        return self._wait(timeout)

    def close(self) -> None:
        """Kill the whole group; no Node is left."""
        atexit.unregister(self.close)
        if self._process.stdin is not None:
            with suppress(OSError):  # it may be broken already
                self._process.stdin.close()
        with suppress(ProcessLookupError, PermissionError):  # it may have ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _wait(self, timeout: float) -> dict[str, Any]:
        try:
            line = self._replies.get(timeout=timeout)
        except queue.Empty:
            self.close()
            raise BridgeError(f"the bot's process kept silent for {timeout:.0f} s") from None
        if line is None:
            self.close()
            raise BridgeError(f"the bot's process died{self._last_words()}")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was opened with a pipe
        for line in self._process.stdout:
            self._replies.put(line)
        self._replies.put(None)

    def _last_words(self) -> str:
        self._errors.seek(0)
        words = _COLOURS.sub("", self._errors.read().decode(errors="replace")).strip()
        return f" ({words.splitlines()[-1][-_TAIL:]})" if words else ""
