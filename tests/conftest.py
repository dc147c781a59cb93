"""What all tests share: the user's own settings, runs and index are out of sight, and what is slow to make is made once."""

from __future__ import annotations

import gc
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
# Rule books and passages are many small objects that live as long as the run: looking them all through again and again takes a tenth of it.
gc.set_threshold(100_000)

TESTS = Path(__file__).parent
#: Real servers: a packet that comes late is no fault of ours, so a test that failed is tried again, at most twice.
REAL = ("mineflayer/", "server_tests/")
#: A real HTTP server with waits of tenths of a second: the same.
TIMED = ("llm/",)
#: Left out of ``make test`` so that it stays quick; ``make slow`` runs them, and so does CI. Folders, files, single tests.
SLOW = (
    *REAL,
    "bench/",
    "stub/test_play.py::test_the_same_seed_and_actions_give_the_same_bytes_in_every_process",
    "test_ablation.py",
    "test_any_llm.py::test_a_goal_is_reached_although_a_third_of_the_answers_is_faulty",
    "test_bad_input.py::test_a_rule_book_beyond_all_measure_is_refused_at_once",
    "test_bad_input.py::test_endless_knowledge_ends_at_once",
    "test_bench_changed.py",
    "test_bench_quality.py",
    "test_bench_retrieval.py",
    "test_cli_memory.py",
    "test_cli_process.py",
    "test_cli_skills.py",
    "test_decomposer.py::test_nonsense_ways_end_a_run_honestly",
    "test_docs.py",
    "test_doctor.py::test_in_a_whole_checkout_all_is_fine",
    "test_facts_all.py",
    "test_knowledge.py::test_two_processes_that_start_at_once_both_work",
    "test_memory_file.py::test_a_disk_that_fills_up_does_not_end_the_run",
    "test_memory_file.py::test_a_page_that_breaks_under_our_hands_does_not_end_the_run",
    "test_passages.py::test_played_from_nothing_each_of_the_262_is_reached",
    "test_resume.py",
    "test_skills.py::test_hostile_yaml_is_refused_quickly",
    "test_tree.py::test_a_chain_of_ten_thousand",
    "test_tree.py::test_a_cycle_of_ten_thousand_is_explained_in_one_line",
    "test_tree.py::test_a_hundred_thousand_children",
    "test_tree.py::test_a_tree_of_just_the_largest_size_is_computed",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and what plays on a real server."""
    for item in items:
        name = f"{item.path.relative_to(TESTS).as_posix()}::{item.name}"
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
