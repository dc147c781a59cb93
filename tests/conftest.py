"""What all tests share: the user's own settings, runs and index are out of sight, and what is slow to make is made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gitm.knowledge import Knowledge
from gitm.opening import gather

# The same examples in every run, and no wall clock: a busy machine is no fault of ours.
settings.register_profile("gitm", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gitm")

TESTS = Path(__file__).parent
#: Real servers: a packet that comes late is no fault of ours, so a test that failed is tried again, at most twice.
REAL = ("mineflayer/", "server_tests/")
#: A real HTTP server with waits of tenths of a second: the same.
TIMED = ("llm/",)
#: Left out of ``make test`` so that it stays quick; ``make slow`` runs them, and so does CI.
SLOW = (
    *REAL,
    "bench/",
    "test_ablation.py",
    "test_bench_changed.py",
    "test_bench_quality.py",
    "test_bench_retrieval.py",
    "test_cli_memory.py",
    "test_cli_process.py",
    "test_cli_skills.py",
    "test_docs.py",
    "test_resume.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and what plays on a real server."""
    for item in items:
        name = item.path.relative_to(TESTS).as_posix()
        if name.startswith(SLOW):
            item.add_marker("slow")
        if name.startswith((*REAL, *TIMED)):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="session", autouse=True)
def _apart_from_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GITM_")]:
            patch.delenv(name)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        yield


@pytest.fixture(scope="session")
def shipped_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The shipped guides of the newest version with their index; do not close it."""
    knowledge = Knowledge.open(tmp_path_factory.mktemp("shared_home"), gather(None, ())[0])
    knowledge.build()
    return knowledge


@pytest.fixture
def fresh_home(shipped_knowledge: Knowledge, tmp_path: Path) -> Callable[[str], Path]:
    """Makes home folders in which the index of the shipped guides is built and nothing is remembered."""

    def make(name: str) -> Path:
        home = tmp_path / name
        for folder in shipped_knowledge._home.glob("index-*"):
            shutil.copytree(folder, home / folder.name)
        return home

    return make
