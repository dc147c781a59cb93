"""The npm packages: installed once into the user's folder from a lock file, trimmed, and checked by hash ever after.

A lock file names every package's version and hash but no address, so whichever registry the user's npm is set up for serves them.
Nothing is fetched while a bot runs.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gitm.errors import SetupError
from gitm.mineflayer.node import Node, find_node
from gitm.types import Frozen

MANIFEST = "gitm-manifest.json"
PATIENCE = 900  # seconds npm may take
_NPM = ("ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error")

#: What no bot reads: Bedrock's data alone is 334 MB of 537 (measured, minecraft-data 3.119.0).
UNUSED = (
    "minecraft-data/minecraft-data/data/bedrock/[0-9]*",
    "minecraft-data/minecraft-data/data/bedrock/latest",
    "minecraft-data/minecraft-data/data/pc/*/proto.yml",
    "@types",
    "rxjs/src",
    "rxjs/dist/types",
    "rxjs/dist/bundles",
    "rxjs/dist/esm",
    "rxjs/dist/esm5",
    "@azure/msal-*/dist/**/*.map",
    "**/*.d.ts",
)

Progress = Callable[[str], None]


class Manifest(Frozen):
    """What was installed, file by file; looked at on every start."""

    format: int = 1
    files: dict[str, tuple[int, str]]  # path -> size in bytes, SHA-256
    before: int  # bytes as npm left them
    after: int  # bytes once trimmed


class Described(Frozen):
    """The table ``gitm`` of a ``package.json``: for whom it is, how many MB npm fetches and unpacks, what else than UNUSED nobody reads."""

    title: str = "the bot"
    fetched: int = 0
    unused: tuple[str, ...] = ()


def ensure(packages: Path, home: Path, progress: Progress | None = None) -> Path:
    """The ``node_modules`` of a folder with ``package.json`` and ``package-lock.json``, installed under ``home/node`` when it is not yet.

    A changed lock file gets a folder of its own, and what is not whole any more is installed anew. Two processes that come at the same
    time wait for each other. Raises :class:`SetupError` when npm fails.
    """
    folder = folder_of(packages, home)
    modules = folder / "node_modules"
    if intact(folder):
        return modules
    with _alone(folder.with_suffix(".lock")):
        if not intact(folder):
            _install(packages, folder, progress or (lambda _: None))
    return modules


def folder_of(packages: Path, home: Path) -> Path:
    """Where the packages of this lock file belong."""
    lock = (packages / "package-lock.json").read_bytes()
    return home / "node" / hashlib.sha256(lock).hexdigest()[:16]


def intact(folder: Path, *, thorough: bool = False) -> bool:
    """Whether every file that was installed is there in its size; with ``thorough`` also in its content (about a second)."""
    manifest = _manifest(folder)
    if manifest is None:
        return False
    modules = folder / "node_modules"
    for name, (size, digest) in manifest.files.items():
        try:
            path = modules / name
            if path.stat().st_size != size or ((thorough or _is_code(name)) and _hash(path) != digest):
                return False
        except OSError:
            return False
    return True


def _is_code(name: str) -> bool:
    """What can be run is read anew on every start: a few MB; the game's data is only measured."""
    return name.endswith((".js", ".cjs", ".mjs", ".node", ".wasm", "package.json"))


def sizes(folder: Path) -> tuple[int, int]:
    """Bytes before and after trimming, as noted when it was installed."""
    manifest = _manifest(folder)
    return (manifest.before, manifest.after) if manifest else (0, 0)


def _manifest(folder: Path) -> Manifest | None:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None


def _install(packages: Path, folder: Path, progress: Progress) -> None:
    node = find_node()
    fresh = folder.with_suffix(f".{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(packages / name, fresh / name)
        about = _described(packages)
        progress(f"installing npm packages for {about.title}, once ({about.fetched} MB are unpacked, most of it is removed again)")
        _npm(node, fresh, about.title)
        modules = fresh / "node_modules"
        before = _size(modules)
        progress("removing what is never read")
        trim(modules, UNUSED + about.unused)
        files = {str(path.relative_to(modules)): (path.stat().st_size, _hash(path)) for path in sorted(_files(modules))}
        manifest = Manifest(files=files, before=before, after=sum(size for size, _ in files.values()))
        (fresh / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
        progress(f"installed: {manifest.after / 1e6:.0f} MB of {before / 1e6:.0f} kept")
    except OSError as error:
        raise SetupError(f"{folder}: cannot install the npm packages ({error.strerror}); make room, or give another --home") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _described(packages: Path) -> Described:
    return Described.model_validate(json.loads((packages / "package.json").read_text(encoding="utf-8")).get("gitm", {}))


def trim(modules: Path, unused: tuple[str, ...] = UNUSED) -> None:
    """Remove what is never read: paths as patterns."""
    for pattern in unused:
        for path in sorted(modules.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _npm(node: Node, folder: Path, title: str) -> None:
    env = {**os.environ, "PATH": os.pathsep.join((str(node.binary.parent), os.environ.get("PATH", "")))}
    try:
        done = subprocess.run([*node.npm, *_NPM], cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603 - npm
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"npm did not end within {PATIENCE} s; look at the network and run again") from error
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        why = next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "no reason given")
        raise SetupError(f"npm cannot install the packages for {title}: {why.strip()[:200]}; look at the network (npm ping) and run again")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files(folder))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
