"""``gitm doctor``: is everything here that a run needs, and if not, which command mends it?"""

from __future__ import annotations

import importlib
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from gitm.config import Settings
from gitm.data import shipped
from gitm.errors import GitmError
from gitm.types import Frozen

PACKAGES = ("chromadb", "jinja2", "numpy", "openai", "platformdirs", "pydantic", "rich", "typer", "yaml")
DATA = {"knowledge/facts": "*.json", "knowledge/guides": "*.md", "skills": "*.yaml", "prompts": "*.md"}
PROMPTS = Path(__file__).parent / "prompts"  # code's own data: beside it in wheel and checkout alike
REINSTALL = "pip install --force-reinstall gitm-agent"


class Check(Frozen):
    """One line: what was looked at, whether it is fine, what was found, and the command or step that mends it."""

    what: str
    ok: bool
    found: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """All checks, one after the other; none raises."""
    checks: tuple[tuple[str, Callable[[Settings], Iterator[Check]]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("data", _data),
        ("home", _home),
        ("knowledge", _knowledge),
        ("llm", _llm),
        ("world", _world),
    )
    for what, check in checks:
        try:
            yield from check(settings)
        except GitmError as error:
            yield Check(what=what, ok=False, found=str(error), mend=str(error).rpartition("; ")[2])
        except Exception as error:  # a doctor reports whatever is wrong, it does not die of it
            yield Check(what=what, ok=False, found=f"{type(error).__name__}: {error}", mend=REINSTALL)


def _python(_: Settings) -> Iterator[Check]:
    found = ".".join(map(str, sys.version_info[:3]))
    yield Check(what="python", ok=sys.version_info >= (3, 11), found=found, mend="install Python 3.11 or newer")


def _packages(_: Settings) -> Iterator[Check]:
    broken = []
    for name in PACKAGES:
        try:
            importlib.import_module(name)
        except Exception as error:  # a package that is there may still fail in any way when imported
            broken.append(f"{name} ({error})")
    yield Check(what="packages", ok=not broken, found=", ".join(broken) or f"{len(PACKAGES)} importable", mend=REINSTALL)


def _data(_: Settings) -> Iterator[Check]:
    for name, pattern in DATA.items():
        try:
            folder = PROMPTS if name == "prompts" else shipped(name)
            count = len(list(folder.glob(pattern)))
        except GitmError:
            count = 0
        yield Check(what=f"data: {name}", ok=count > 0, found=f"{count} files", mend=REINSTALL)


def _home(settings: Settings) -> Iterator[Check]:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        found = f"{settings.home} cannot be written ({error.strerror})"
        yield Check(what="home", ok=False, found=found, mend="give another folder: --home DIR, or GITM_HOME=DIR")
        return
    yield Check(what="home", ok=True, found=str(settings.home))


def _knowledge(settings: Settings) -> Iterator[Check]:
    from gitm.session import Session

    with Session(settings) as session:
        knowledge = session.mind.knowledge
        problems = knowledge.check()
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        found = f"{problems[0]}{more}" if problems else f"{len(knowledge.names)} items are known"
        yield Check(what="knowledge", ok=not problems, found=found, mend="gitm knowledge build")


def _llm(settings: Settings) -> Iterator[Check]:
    from gitm.session import open_settings_llm

    llm = open_settings_llm(settings)
    server = getattr(llm, "server", None)
    base_url = getattr(server, "base_url", None) or settings.base_url
    if server is None or base_url is None:
        yield Check(what="llm", ok=True, found=f"{llm.name} (no server)")
        return
    key = getattr(server, "key", None)
    problem = _unreachable(base_url, key.get_secret_value() if key else None)
    found = f"{llm.name} at {base_url}" + (f": {problem}" if problem else "")
    yield Check(what="llm", ok=not problem, found=found, mend=getattr(server, "mend", "") if problem else "")


def _unreachable(base_url: str, key: str | None, timeout: float = 5.0) -> str:
    """Why the server cannot be asked, or nothing. Any answer but a refusal of the key counts as reachable."""
    if not base_url.startswith(("http://", "https://")):
        return "the base URL must begin with http:// or https://"
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    request = urllib.request.Request(f"{base_url.rstrip('/')}/models", headers=headers)  # noqa: S310 - http(s) only, see above
    try:
        with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310 - the same
            return ""
    except urllib.error.HTTPError as error:
        return f"the key is refused (HTTP {error.code})" if error.code in (401, 403) else ""
    except (OSError, ValueError) as error:
        return f"not reachable ({getattr(error, 'reason', error)})"


def _world(settings: Settings) -> Iterator[Check]:
    from gitm.actions import Wait
    from gitm.worlds import open_world

    if settings.world == "mineflayer":
        from gitm.mineflayer.doctor import examine_server

        given = settings.model_dump(include={"host", "port", "username", "auth", "mc_version", "home"}, exclude_none=True)
        for what, ok, found, mend in examine_server(**given):
            yield Check(what=what, ok=ok, found=found, mend=mend)
    world = open_world("stub", seed=settings.seed)
    try:
        before = world.reset()
        feedback = world.step(Wait(ticks=1))
    finally:
        world.close()
    ok = feedback.ok and feedback.observation.tick > before.tick
    yield Check(what="stub world", ok=ok, found=f"version {world.info.version}; it steps" if ok else feedback.message, mend=REINSTALL)
