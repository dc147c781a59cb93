"""One memory file, several processes: nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from toy import task

from gitm.actions import Mine
from gitm.memory import Memory
from gitm.types import Kind, Way

STICK = Way(item="stick", count=4, kind=Kind.CRAFT)
FAR = "surface, far"
SPAWN = multiprocessing.get_context("forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn")
SPAWN.set_forkserver_preload(["gitm.memory", "toy"])  # imported once, not by every process
OPERATIONS = int(os.environ.get("GITM_TEST_OPERATIONS", "2000"))  # 10,000 for the full check


def _work(path: Path, start: int, rounds: int, together: Barrier) -> None:
    """Ten operations a round: six writes and four reads."""
    together.wait(60)
    notes: list[str] = []
    memory = Memory(path, notes.append)
    for number in range(start, start + rounds):
        own, shared = task(f"item_{number}"), task("shared")
        memory.keep_plan("r1", "1", own, FAR, [Mine(object="tree")], 100)
        memory.keep_plan("r1", "1", shared, FAR, [Mine(object="tree")], 100)
        memory.keep_ways(f"item_{number}", "k1", "reader", [STICK])
        assert memory.ways(f"item_{number}", "k1", "reader") == (STICK,)
        recalled = memory.recall("r1", own, FAR)
        assert recalled is not None
        memory.confirm(recalled.id, 100)
        memory.demote(recalled.id)
        memory.due("r1", shared, FAR)
        assert memory.recall("r1", shared, FAR) is not None
        memory.counts()
    memory.close()
    assert notes == []


def test_two_processes_lose_nothing(tmp_path):
    path, rounds = tmp_path / "memory.sqlite", OPERATIONS // 20
    together = SPAWN.Barrier(2)
    other = SPAWN.Process(target=_work, args=(path, rounds, rounds, together))
    other.start()
    _work(path, 0, rounds, together)
    other.join(120)
    assert other.exitcode == 0
    memory = Memory(path)
    assert memory.counts() == {"ways": 2 * rounds, "plans": 2 * rounds + 1}
    shared = memory.recall("r1", task("shared"), FAR)
    assert (shared.successes, shared.failures) == (2 * rounds, 0)
    assert all((plan.successes, plan.failures) == (2, 1) for plan in memory.plans() if plan.item != "shared")
    times = memory._db.execute("SELECT times FROM condensed").fetchall()
    assert times == [(2 * rounds // memory.successes,)]  # every turn to condense was taken, and by one of them
    memory.close()


def _open(path: Path, together: Barrier, said: multiprocessing.Queue) -> None:
    together.wait(60)
    notes: list[str] = []
    memory = Memory(path, notes.append)
    memory.keep_plan("r1", "1", task(f"item_{os.getpid()}"), FAR, [Mine(object="tree")], 1)
    memory.close()
    said.put(notes)


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 1000], ids=["new", "empty", "garbage"])
def test_processes_that_open_at_once_end_with_one_whole_file(tmp_path, content):
    path, together, said = tmp_path / "memory.sqlite", SPAWN.Barrier(4), SPAWN.Queue()
    if content is not None:
        path.write_bytes(content)
    processes = [SPAWN.Process(target=_open, args=(path, together, said)) for _ in range(4)]
    for process in processes:
        process.start()
    notes = [note for _ in processes for note in said.get(timeout=60)]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    asides = list(tmp_path.glob("memory.sqlite.damaged-*"))
    assert len(notes) == len([aside for aside in asides if not aside.name.endswith(("-wal", "-shm"))]) == (content is not None)
    memory = Memory(path)
    assert memory.counts()["plans"] == 4
    memory.close()
    assert list(tmp_path.glob("*.new")) == []
