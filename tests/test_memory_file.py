"""The memory's file: versions, damage that is set aside, and a disk that fails while a run goes on."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from toy import Toy, run, task, toy_mind

from gitm.actions import Explore, Mine
from gitm.memory import Agreement, Memory
from gitm.memory.file import VERSION
from gitm.types import Kind, Way

STICK = Way(item="stick", count=4, kind=Kind.CRAFT)
FAR = "surface, far"
AGREED = Agreement(rules="r1", subgoal="log by mine tree", plan="[]", refusal="explore NOT_FOUND", knowledge="k1", llm="reader")
PLAN = [*[Explore(object=f"tree_{n}") for n in range(9)], Mine(object="tree")]


def filled(path: Path, plans: int = 300) -> Path:
    """A memory of many pages, closed."""
    memory = Memory(path)
    for number in range(plans):
        memory.keep_plan("r1", "1", task(f"item_{number}"), FAR, PLAN, 100)
    memory.keep_ways("stick", "k1", "reader", [STICK])
    memory.close()
    return path


def opened(path: Path) -> tuple[Memory, list[str]]:
    notes: list[str] = []
    return Memory(path, notes.append), notes


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def malformed(path: Path) -> None:
    """Garbage in the middle: the header is whole."""
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(path.stat().st_size - 8192))


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE songs (title TEXT)")
    db.close()


def without_a_column(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE plans DROP COLUMN ticks")
    db.close()


def from_the_future(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_bytes(b"garbage " * 4000), "is damaged"),
        (truncated, "is damaged"),
        (malformed, "is damaged"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (foreign, "is no memory of gitm"),
        (without_a_column, "is no memory of gitm"),
        (from_the_future, "is of version 99, which this gitm does not know"),
    ],
    ids=["garbage", "truncated", "malformed", "empty", "foreign", "column", "future"],
)
def test_a_damaged_file_is_set_aside_whole_and_a_new_one_begun(tmp_path, damage, said):
    path = filled(tmp_path / "memory.sqlite")
    damage(path)
    content = path.read_bytes()
    memory, notes = opened(path)
    (note,) = notes
    assert said in note
    aside = path.with_name(note.split(" set aside as ")[1].split(",")[0])
    assert aside.read_bytes()[100:] == content[100:]  # SQLite may note in the header that it was opened
    assert memory.counts() == {"ways": 0, "plans": 0}
    memory.keep_ways("stick", "k1", "reader", [STICK])
    memory.close()
    again, notes = opened(path)
    assert notes == []
    assert again.ways("stick", "k1", "reader") == (STICK,)
    again.close()


def test_a_whole_file_is_opened_without_a_word(tmp_path):
    memory, notes = opened(filled(tmp_path / "memory.sqlite"))
    assert notes == []
    assert memory.counts() == {"ways": 1, "plans": 300}
    assert memory._db.execute("PRAGMA user_version").fetchone() == (VERSION,)
    memory.close()


FIRST = """
CREATE TABLE ways (
    item TEXT NOT NULL, knowledge TEXT NOT NULL, llm TEXT NOT NULL, ways TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (item, knowledge, llm)
);
CREATE TABLE plans (
    id INTEGER PRIMARY KEY, rules TEXT NOT NULL, version TEXT NOT NULL, subgoal TEXT NOT NULL, situation TEXT NOT NULL,
    actions TEXT NOT NULL, scales INTEGER NOT NULL, ticks INTEGER NOT NULL,
    successes INTEGER NOT NULL DEFAULT 1, failures INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    UNIQUE (rules, subgoal, situation, actions)
);
CREATE INDEX plans_by_subgoal ON plans (rules, subgoal, situation);
INSERT INTO ways VALUES ('stick', 'k1', 'reader', '[{"item": "stick", "count": 4, "kind": "craft"}]', 1.0);
INSERT INTO plans (rules, version, subgoal, situation, actions, scales, ticks, at) VALUES ('r1', '1', 'x', 'y', '[]', 1, 9, 1.0);
"""


def test_the_first_version_is_brought_up_to_date_with_all_that_was_read(tmp_path):
    path = tmp_path / "memory.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(FIRST)
    db.close()
    memory, notes = opened(path)
    assert notes == []
    assert memory.ways("stick", "k1", "reader") == (STICK,)
    assert memory.plans() == ()  # their situations said less than ours do
    memory.keep_plan("r1", "1", task(), FAR, [Mine(object="tree")], 1)
    memory.close()
    assert Memory(path).counts() == {"ways": 1, "plans": 1}


def test_the_second_version_is_brought_up_to_date_with_all_it_holds(tmp_path):
    path = filled(tmp_path / "memory.sqlite", 2)
    with sqlite3.connect(path) as db:
        db.executescript("DROP TABLE agreed; PRAGMA user_version = 2")
    db.close()
    memory, notes = opened(path)
    memory.keep_agreement(AGREED)
    memory.close()
    again, more = opened(path)
    assert notes == more == []
    assert again.counts() == {"ways": 1, "plans": 2}
    assert again.agreed(AGREED)
    again.close()


# --- what cannot be used --------------------------------------------------------------------------------------


@pytest.mark.parametrize("blocked", ["a file in the way", "a folder of its name"])
def test_where_no_file_can_be_the_run_goes_on_without(tmp_path, blocked):
    path = tmp_path / "home" / "memory.sqlite"
    if blocked == "a file in the way":
        (tmp_path / "home").write_text("not a folder")
    else:
        path.mkdir(parents=True)
    memory, notes = opened(path)
    (note,) = notes
    assert "nothing is remembered beyond this run; give another folder with --home" in note
    assert run("pick", Toy(), toy_mind(memory=memory))[-1].reached
    assert memory.counts()["plans"] > 0  # of this process
    memory.close()


def test_a_page_that_breaks_under_our_hands_does_not_end_the_run(tmp_path):
    path = filled(tmp_path / "memory.sqlite", 3000)
    memory, notes = opened(path)
    malformed(path)
    assert run("pick", Toy(), toy_mind(memory=memory))[-1].reached
    assert len(memory.plans("item_7")) in (0, 1)
    for number in range(3000):  # by now the broken pages were met
        memory.keep_plan("r1", "1", task(f"item_{number}"), FAR, PLAN, 100)
    (note,) = notes
    assert "nothing more is kept in this run" in note
    memory.close()


FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from toy import Toy, run, task, toy_mind
from gitm.actions import Explore, Mine
from gitm.memory import Memory
PLAN = [*[Explore(object=f"tree_{n}") for n in range(9)], Mine(object="tree")]
notes = []
memory = Memory(Path(sys.argv[1]), notes.append)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
for number in range(2000):
    memory.keep_plan("r1", "1", task(f"item_{number}"), "surface, far", PLAN, 1)
kept = memory.counts()["plans"]
print(run("pick", Toy(), toy_mind(memory=memory))[-1].reached, len(notes), notes[0])
memory.close()
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="limits of file sizes")
def test_a_disk_that_fills_up_does_not_end_the_run(tmp_path):
    path = filled(tmp_path / "memory.sqlite", 10)
    done = subprocess.run([sys.executable, "-c", FULL, str(path), str(Path(__file__).parent)], capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith("True 1 the memory "), done.stderr
    assert "free some disk space" in done.stdout
    memory, notes = opened(path)
    assert notes == []  # the file is whole: what could not be written is not half there
    assert 10 <= memory.counts()["plans"] < 2000
    memory.close()


def test_a_mistake_of_ours_is_not_taken_for_a_failing_disk():
    memory = Memory(None)
    memory.close()
    with pytest.raises(sqlite3.ProgrammingError):
        memory.counts()
