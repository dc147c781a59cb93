"""What all tests share: the user's own settings, runs and index are out of sight, and what is slow to make is made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitm.knowledge import Knowledge
from gitm.opening import gather


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
