"""What counts as borne, and the table of faults. Nothing is broken here: the bench itself and tests/mineflayer/test_faults.py do that."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gitm.bench.breaking import BOT_FAULTS, FAULTS, alive, descendants, gone_within, node_options
from gitm.bench.bridge import Outcome, TrialResult
from gitm.cli import main

HOME = Path("home")


def trial(fault, *outcomes):
    return TrialResult(fault=fault, times=len(outcomes), home=HOME, outcomes=outcomes)


def test_borne_is_in_time_in_the_right_way_nothing_left_and_going_on():
    well = Outcome(ended="TIMEOUT", message="", seconds=15.1)
    wrong = [
        well.model_copy(update={"ended": "OK"}),
        well.model_copy(update={"seconds": FAULTS["never-resolves"].limit + 1}),
        well.model_copy(update={"orphans": True}),
        well.model_copy(update={"went_on": False}),
    ]
    result = trial("never-resolves", well, *wrong, well)
    assert result.failures == wrong
    assert result.borne == 2


def test_every_fault_of_the_bot_is_in_its_file():
    lengths = {int(found) for found in re.findall(r"^  (\d+): ", BOT_FAULTS.read_text(), re.MULTILINE)}
    assert lengths == set(range(101, 108))


def test_processes_are_seen_while_they_live():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    assert alive(child.pid) == [child.pid]
    assert child.pid in descendants(os.getpid())
    assert not gone_within(0.1, lambda: alive(child.pid))
    child.communicate(b"\n")
    assert gone_within(5, lambda: alive(child.pid))
    assert child.pid not in descendants(os.getpid())


def test_options_of_node_are_put_back(monkeypatch):
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    with node_options("--one"):
        assert os.environ["NODE_OPTIONS"] == "--one"
    assert "NODE_OPTIONS" not in os.environ
    monkeypatch.setenv("NODE_OPTIONS", "--two")
    with node_options("--one"):
        pass
    assert os.environ["NODE_OPTIONS"] == "--two"


def bench(monkeypatch, tmp_path, *args):
    monkeypatch.setattr("gitm.bench.real.prepare", lambda *_: HOME)
    monkeypatch.setattr("gitm.bench.bridge.overhead", lambda _: (3.0, 9.0))
    monkeypatch.setattr("gitm.bench.commands.bridge.versions", dict)
    with pytest.raises(SystemExit) as ended:
        main(["bench", "bridge", "--log", str(tmp_path / "bridge.jsonl"), "--json", *args])
    return ended.value.code


def test_what_was_not_borne_is_told(monkeypatch, tmp_path, capsys):
    late = Outcome(ended="INTERRUPTED", message="too late", seconds=99)
    results = [trial("cut", late), trial("noise", Outcome(ended="OK", message="", seconds=0.1))]
    (tmp_path / "bridge.jsonl").write_text("".join(result.model_dump_json() + "\n" for result in results))
    assert bench(monkeypatch, tmp_path, "--times", "1", "--fault", "cut", "--fault", "noise") == 1
    report = json.loads(capsys.readouterr().out)
    assert [(row["fault"], row["borne"], len(row["failures"])) for row in report["faults"]] == [("noise", 1, 0), ("cut", 0, 1)]
    assert report["overhead_ms"] == {"median": 3.0, "p95": 9.0}


def test_an_unknown_fault_is_one_line_with_the_known_ones(monkeypatch, tmp_path, capsys):
    assert bench(monkeypatch, tmp_path, "--fault", "meteor") == 2
    assert "no fault 'meteor'; there are never-resolves," in capsys.readouterr().err


def test_a_job_that_fails_does_not_lose_the_others(monkeypatch, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    from gitm.bench import pool
    from gitm.bench.bridge import Trial

    def work(job):
        if job.fault == "cut":
            raise OSError("no server")
        return trial(job.fault, Outcome(ended="OK", message="", seconds=0.1))

    monkeypatch.setattr(pool, "ProcessPoolExecutor", lambda workers, *_, **__: ThreadPoolExecutor(workers))
    jobs = [Trial(fault=name, times=1, home=HOME) for name in ("noise", "cut", "bug")]
    log = tmp_path / "log.jsonl"
    with pytest.raises(OSError, match="no server"):
        pool.run_all(jobs, work, TrialResult, log, workers=2)
    assert {result.fault for result in pool.read_log(log, TrialResult)} == {"noise", "bug"}
