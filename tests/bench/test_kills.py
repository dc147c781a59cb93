"""``gitm bench kills``: what it counts, and a few runs that are really killed."""

from __future__ import annotations

import json

from toy import seen
from typer.testing import CliRunner

from gitm.bench.cli import app
from gitm.bench.kills import asked_again
from gitm.events import Asked, Learned, Resumed
from gitm.types import Usage


def asked(about: str, role: str = "decomposer") -> Asked:
    return Asked(role=role, about=about, llm="x", usage=Usage(calls=1))


def test_what_was_learned_before_a_resumption_and_asked_again_is_counted():
    learned, resumed = Learned(item="stick", ways=()), Resumed(observation=seen())
    assert asked_again((asked("stick"), learned, asked("stick"), resumed)) == ()  # a correction within one life of the run is none
    assert asked_again((asked("stick"), learned, resumed, asked("stick"), asked("log"), asked("stick", "planner"))) == ("stick",)
    assert asked_again((asked("stick"), resumed, asked("stick"), learned)) == ()  # cut off before the answer
    assert asked_again((learned, resumed, resumed, asked("stick"))) == ("stick",)


def test_runs_that_are_killed_reach_their_goal_and_ask_nothing_twice(tmp_path):
    done = CliRunner().invoke(
        app, ["kills", "--runs", "2", "--goal", "stone_pickaxe", "--times", "1", "--log", str(tmp_path / "log.jsonl"), "--json"]
    )
    report = json.loads(done.stdout)
    assert done.exit_code == 0, report
    assert report["failures"] == []
    assert (report["runs"], report["reached"], report["records_that_parse"], report["questions_repeated"]) == (2, 2, 2, 0)
    assert report["kills"] >= 1
