"""``gitm memory``, and what a user is told when memory, index or home are damaged; real runs in the stub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from gitm.actions import Explore, Mine, Wait
from gitm.cli import main
from gitm.memory import MEMORY, Memory
from gitm.types import Kind, SubGoal, Way

LOG = SubGoal(item="log", count=1, until=1, batches=1, way=Way(item="log", kind=Kind.MINE, target="tree"))
STICK = Way(item="stick", count=4, kind=Kind.CRAFT)


@pytest.fixture
def gitm(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("GITM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*args, home=None):
        if home:
            monkeypatch.setenv("GITM_HOME", str(home))
        with pytest.raises(SystemExit) as left:
            main(args)
        out, err = capfd.readouterr()
        return left.value.code or 0, out, err

    return run


@pytest.fixture
def filled(tmp_path):
    """A home in which two plans and the ways of an item are remembered."""
    memory = Memory(tmp_path / "home" / MEMORY)
    memory.keep_plan("r1", "1.21", LOG, "surface, far", [Explore(object="tree"), Mine(object="tree")], 120)
    memory.keep_plan("r1", "1.21", LOG, "surface, far", [Wait(ticks=9), Mine(object="tree")], 200)
    memory.keep_ways("stick", "k1", "reader", [STICK])
    memory.close()
    return tmp_path / "home"


def test_list_and_show(gitm, filled):
    code, out, err = gitm("memory", "list")
    assert code == 0
    assert "log by mine tree [surface, far] 1 worked, 0 failed, 120 ticks (run; rules r1, 1.21)" in out.splitlines()[0]
    assert err == "2 plans, ways of 1 items\n"
    assert gitm("memory", "list", "stick")[1] == ""
    _, out, _ = gitm("memory", "show", "1")
    assert [line.strip() for line in out.splitlines()[1:]] == ["1. explore(object=tree)", "2. mine(object=tree)"]
    assert gitm("memory", "show", "stick")[1].startswith("way of stick: craft")
    code, out, err = gitm("memory", "show", "99")
    assert (code, out) == (1, "")
    assert "gitm memory list" in err


@pytest.mark.parametrize(
    ("args", "left"),
    [
        (["1"], {"ways": 1, "plans": 1}),
        (["log"], {"ways": 1, "plans": 0}),
        (["stick"], {"ways": 0, "plans": 2}),
        (["--all"], {"ways": 0, "plans": 0}),
    ],
)
def test_forget(gitm, filled, args, left, monkeypatch):
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123 - nobody answers
    assert gitm("memory", "forget", *args)[0] == 1
    assert Memory(filled / MEMORY).counts() == {"ways": 1, "plans": 2}
    assert gitm("memory", "forget", *args, "--yes")[0] == 0
    assert Memory(filled / MEMORY).counts() == left
    assert gitm("memory", "forget", *args, "--yes")[0] == 1  # nothing is left to forget


def test_forget_needs_to_be_told_what(gitm, filled):
    for args in ([], ["log", "--all"]):
        code, _, err = gitm("memory", "forget", *args, "--yes")
        assert code == 2
        assert "a plan's number, an item, or --all" in err


def test_export_and_import_carry_everything_and_twice_is_as_once(gitm, filled, tmp_path):
    assert gitm("memory", "export", "all.jsonl")[0] == 0
    assert gitm("memory", "export", "all.jsonl")[0] == 2  # never overwritten
    for _ in range(2):
        code, out, _ = gitm("memory", "import", "all.jsonl", home=tmp_path / "other")
        assert (code, out) == (0, "2 plans and 1 ways are known now\n")
    code, out, _ = gitm("memory", "export")
    assert out == Path("all.jsonl").read_text()
    ours, theirs = (Memory(home / MEMORY) for home in (filled, tmp_path / "other"))
    assert ours.recall("r1", LOG, "surface, far") == theirs.recall("r1", LOG, "surface, far")
    assert theirs.ways("stick", "k1", "reader") == (STICK,)


PLAN = {
    "kind": "plan",
    "rules": "r",
    "version": "1",
    "subgoal": "log by mine tree",
    "situation": "surface",
    "actions": [{"name": "mine", "object": "tree"}],
    "wants": 0,
    "ticks": 5,
    "successes": 3,
    "failures": 0,
}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 3"),
        ("[]", "line 3: no entry of kind None"),
        ("[" * 100_000, "line 3"),
        (json.dumps({**PLAN, "actions": [{"name": "run_code", "code": "x"}]}), "line 3: actions.0"),
        (json.dumps({**PLAN, "actions": []}), "line 3: actions"),
        (json.dumps({**PLAN, "successes": -1}), "line 3: successes"),
        (json.dumps({**PLAN, "more": 1}), "line 3: more: Extra inputs"),
        (json.dumps({"kind": "ways", "item": "x", "knowledge": "k", "llm": "l", "ways": [{"item": "x"}]}), "line 3: ways.0.kind"),
        (json.dumps({"kind": "spell"}), "there are 'plan' and 'ways'"),
    ],
)  # fmt: skip
def test_one_bad_line_and_nothing_is_imported(gitm, tmp_path, line, problem):
    file = tmp_path / "bad.jsonl"
    file.write_text("\n".join(['{"kind": "memory", "format": 1}', json.dumps(PLAN), line]))
    code, _, err = gitm("memory", "import", str(file))
    assert code == 2
    assert f"{file}: " in err
    assert problem in err
    assert "gitm memory export" in err
    assert Memory(tmp_path / "home" / MEMORY).counts()["plans"] == 0


@pytest.mark.parametrize("content", [b"", b'{"kind": "memory", "format": 2}\n', b"\xff\xfe\x00"])
def test_what_is_no_export_is_not_imported(gitm, tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    assert gitm("memory", "import", "other")[0] == 2
    assert gitm("memory", "import", "nowhere")[0] == 2


def test_a_plan_no_world_has_confirmed_is_not_imported(gitm, tmp_path):
    file = tmp_path / "trial.jsonl"
    file.write_text("\n".join(['{"kind": "memory", "format": 1}', json.dumps({**PLAN, "successes": 0, "origin": "condensed"})]))
    assert gitm("memory", "import", str(file))[1].startswith("0 plans")


# --- damage, as a user meets it ----------------------------------------------------------------------------------


def test_a_damaged_memory_is_told_and_the_run_reaches_its_goal(gitm, fresh_home):
    home = fresh_home("home")
    (home / MEMORY).write_bytes(b"garbage " * 1000)
    code, out, err = gitm("run", "crafting_table", "--json", home=home)
    assert code == 0
    assert json.loads(out)["reached"]
    assert "was set aside as memory.sqlite.damaged-" in err
    code, out, err = gitm("run", "crafting_table", "--json")
    assert json.loads(out)["llm_calls"] == 0  # the new one remembers
    assert "set aside" not in err


def _cut(folder: Path) -> None:
    """The largest vector file loses its second half."""
    file = max(folder.rglob("*.bin"), key=lambda path: path.stat().st_size)
    os.truncate(file, file.stat().st_size // 2)


def _garble(folder: Path) -> None:
    file = max(folder.rglob("*.bin"), key=lambda path: path.stat().st_size)
    file.write_bytes(os.urandom(file.stat().st_size))


def _without_segment(folder: Path) -> None:
    import shutil

    shutil.rmtree(next(path for path in folder.iterdir() if path.is_dir()))


def _emptied(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"")


def _without_tables(folder: Path) -> None:
    import sqlite3

    with sqlite3.connect(folder / "chroma.sqlite3") as db:
        db.execute("DELETE FROM embeddings")
    db.close()


#: A world of many things, so that its index has files, and small enough to be indexed in no time. Their names are as unlike as those of a
#: game: among texts that differ in a number only, an approximate index may lose some, and others after each build.
FLOWERS = ["flower_7", *map("".join, product(("ba", "kin", "no", "lus", "fe", "zor"), repeat=3))]
GARDEN = {
    "name": "garden",
    "version": "1",
    "items": {flower: {} for flower in FLOWERS},
    "blocks": {"soil": {}} | {f"bed_of_{flower}": {"hardness": 1, "drops": [{"item": flower}]} for flower in FLOWERS},
    "biomes": {"garden": {"top": "soil", "below": "soil"}},
    "deposits": [{"block": f"bed_of_{flower}", "per_cell": 1} for flower in FLOWERS],
}


@pytest.mark.parametrize("damage", [_cut, _garble, _without_segment, _emptied, _without_tables])
def test_a_damaged_index_is_told_and_mended(gitm, tmp_path, damage):
    (tmp_path / "garden.json").write_text(json.dumps(GARDEN))
    search = ("knowledge", "search", "which bed has flower 7", "--guides", "garden.json")
    whole = gitm(*search)
    assert whole[0] == 0
    assert "flower_7" in whole[1]
    (folder,) = (tmp_path / "home").glob("index-*")
    damage(folder)
    code, out, err = gitm(*search)
    assert (code, out) == whole[:2]
    assert "the index of the guides was damaged" in err
    assert "is built anew" in err
    assert gitm(*search) == (0, out, "")


def test_a_home_that_cannot_be_written_is_said_before_anything_is_done(gitm, tmp_path):
    (tmp_path / "file").write_text("in the way")
    code, out, err = gitm("run", "stick", "--json", home=tmp_path / "file" / "home")
    assert (code, out) == (2, "")
    assert "--home" in err
    assert "Traceback" not in err
    code, out, err = gitm("plan", "stick")  # what needs no home does without
    assert code == 0
    assert "nothing is remembered beyond this run" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_ends_a_run_with_2_and_a_mend(gitm, fresh_home, monkeypatch):
    opened = Path.open

    def full(path, mode="r", *args, **more):
        return (
            opened(Path("/dev/full"), "w", *args, **more) if path.suffix == ".jsonl" and mode == "x" else opened(path, mode, *args, **more)
        )

    monkeypatch.setattr(Path, "open", full)
    code, _, err = gitm("run", "stick", "--quiet", home=fresh_home("home"))
    assert code == 2
    assert "free some space" in err


def test_two_runs_on_one_home_at_once_both_finish(fresh_home, tmp_path):
    home = fresh_home("home")
    command = [sys.executable, "-m", "gitm", "run", "stone_pickaxe", "--home", str(home), "--json", "--seed"]
    runs = [subprocess.Popen([*command, seed], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) for seed in "12"]
    for process in runs:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert json.loads(out)["reached"]
        assert "the memory" not in err  # nothing had to be said of it
    memory = Memory(home / MEMORY)
    total = sum(plan.successes for plan in memory.plans("stick"))
    assert total >= 2
    memory.close()
