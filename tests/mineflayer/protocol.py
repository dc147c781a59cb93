"""Running ``protocol.cjs``, the least that is a Minecraft server of any version."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gitm.mineflayer.install import ensure
from gitm.mineflayer.node import find_node
from gitm.mineflayer.world import BOT

PROGRAM = Path(__file__).with_name("protocol.cjs")


class ProtocolServer:
    """A context manager; ``port`` is where it listens. Options are those of ``protocol.cjs``."""

    def __init__(self, home: Path, version: str, **options: str | int) -> None:
        self._process = subprocess.Popen(
            [str(find_node().binary), str(PROGRAM), json.dumps({"version": version, **options})],
            env={**os.environ, "NODE_PATH": str(ensure(BOT, home))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.port: int = self.line()["port"]

    def line(self) -> dict[str, Any]:
        """The next thing it says."""
        assert self._process.stdout is not None
        line: dict[str, Any] = json.loads(self._process.stdout.readline())
        return line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()
