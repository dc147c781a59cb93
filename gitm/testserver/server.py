"""Starting and stopping the test server: a Node process that listens on loopback and ends with us."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, get_args

from pydantic import Field

from gitm.errors import SetupError
from gitm.mineflayer.install import ensure
from gitm.mineflayer.node import find_node
from gitm.testserver.control import Control
from gitm.types import Frozen

Version = Literal["1.13.2", "1.14.4", "1.15.2", "1.16.5", "1.17.1", "1.18.2", "1.19.4", "1.20.1", "1.20.4", "1.21.1", "1.21.4"]
VERSION: Version = "1.16.5"
#: The versions that are spoken; the rules are those of 1.16.5 in all of them (``docs/testserver.md``).
VERSIONS: tuple[Version, ...] = get_args(Version)
FILES = Path(__file__).parent / "js"
START = 30.0  # seconds until it must be ready
END = 5.0  # seconds until it must be gone after it was asked to end

Fault = Literal["unconfirmed_clicks", "silent_respawn", "lost_cursor", "forgotten_state"]
#: Ways in which real servers differ from vanilla, each of which can be switched on (``docs/testserver.md``).
FAULTS: tuple[Fault, ...] = get_args(Fault)


class Options(Frozen):
    """How a server is to be. ``port`` 0 takes a free one; ``view`` is in chunks; ``save`` keeps the world in a folder."""

    port: int = Field(default=25565, ge=0, le=65535)
    seed: int = Field(default=1, ge=0, lt=2**31)
    version: Version = VERSION
    view: int = Field(default=6, ge=3, le=16)
    save: Path | None = None
    mobs: bool = True
    control: bool = False
    faults: tuple[Fault, ...] = ()

    def arguments(self) -> list[str]:
        """As the Node side reads them."""
        values = {**self.model_dump(mode="json"), "save": str(self.save or ""), "faults": ",".join(self.faults)}
        return [f"--{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in values.items()]


class Server:
    """A running server. ``host`` and ``port`` are where a client joins (offline login, any name); ``ready`` all it said of itself."""

    def __init__(self, process: subprocess.Popen[str], ready: dict[str, Any]) -> None:
        self.process, self.ready = process, ready
        self.host: str = ready["host"]
        self.port: int = ready["port"]
        self.version: str = ready["version"]
        self._control: Control | None = None

    @classmethod
    def start(cls, options: Options, home: Path, *, log: Path | None = None, progress: Callable[[str], None] = lambda _: None) -> Self:
        """Start a server and wait until it can be joined.

        npm packages are installed into ``home`` at first use; ``progress`` is told so. What goes wrong inside is written to ``log``.
        Raises :class:`SetupError`: no Node, packages not to be had, port taken.
        """
        node = find_node()
        modules = ensure(FILES, home, progress)
        with open(log or os.devnull, "a", encoding="utf-8") as faults:  # noqa: PTH123 - os.devnull is no Path
            process = subprocess.Popen(  # noqa: S603 - our own program
                [str(node.binary), "--max-old-space-size=512", str(FILES / "main.js"), *options.arguments()],
                env={**os.environ, "NODE_PATH": str(modules)},
                stdin=subprocess.PIPE,  # its end tells Node that we are gone, however we went
                stdout=subprocess.PIPE,
                stderr=faults,
                text=True,
            )
        try:
            ready = _first_line(process)
        except BaseException:
            _end(process)
            raise
        if not ready["ready"]:
            _end(process)
            raise SetupError(_why_not(ready["error"], options))
        return cls(process, ready)

    @property
    def control(self) -> Control:
        """The tests' door; only when the server was started with it."""
        if self._control is None:
            self._control = Control(self.ready["control"])
        return self._control

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process.poll() is None

    def wait_or_interrupt(self) -> int:
        """Until the server ends by itself (its exit code) or Ctrl-C (0)."""
        try:
            return self.process.wait()
        except KeyboardInterrupt:
            return 0

    def stop(self) -> None:
        """Players are told, the world is saved, the process is gone afterwards."""
        if self._control is not None:
            self._control.close()
            self._control = None
        _end(self.process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def _first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What the server says when it is ready, or that it is not."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    lines: queue.Queue[str] = queue.Queue()
    stdout = process.stdout
    threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=START)
    except queue.Empty:
        raise SetupError(
            f"the test server was not ready within {START:.0f} s; try again, or look at its log (gitm server --log FILE)"
        ) from None
    if not line:
        raise SetupError(f"the test server ended at once (exit code {process.wait()}); look at its log: gitm server --log FILE")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _why_not(error: str, options: Options) -> str:
    if error == "EADDRINUSE":
        return f"port {options.port} is taken; choose another: gitm server --port {options.port + 1}"
    if error == "EACCES":
        return f"port {options.port} is not ours to use; choose one above 1023: gitm server --port 25565"
    return f"the test server could not start: {error}"


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    try:
        process.wait(timeout=END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
