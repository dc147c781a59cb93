"""``gitm bench faults``: what a faulty answer is, and a few games with many of them."""

from __future__ import annotations

import json
import random

import pytest
from typer.testing import CliRunner

from gitm.answers import CodeAnswer, PlanAnswer, WayAnswer, WaysAnswer, ways_code
from gitm.bench.cli import app
from gitm.bench.faults import EMPTY, GOALS, Result, figures, games, rates, spoil

WAYS = WaysAnswer(
    ways=[WayAnswer(object="pick", kind="mine", target="bush", tool="axe"), WayAnswer(object="pick", kind="mine", tool="axe")]
)
PLAN = PlanAnswer(action_list=[{"name": "approach", "object": "ore"}, {"name": "mine", "object": "ore", "count": 4}])


def test_a_fifth_of_the_wrong_answers_about_ways_is_empty_and_the_others_have_one_slip():
    spoilt = [spoil(WAYS, random.Random(seed)).ways for seed in range(500)]
    assert sum(not ways for ways in spoilt) / 500 == pytest.approx(EMPTY, abs=0.06)
    assert all(sum(one != other for one, other in zip(ways, WAYS.ways, strict=True)) == 1 for ways in spoilt if ways)


def test_plans_and_ways_as_code_are_spoilt_as_well():
    assert spoil(PLAN, random.Random(1)) != PLAN
    code = CodeAnswer(code=ways_code(WAYS))
    spoilt = [spoil(code, random.Random(seed)) for seed in range(50)]
    assert code not in spoilt
    assert any(not answer.ways.ways for answer in spoilt)
    assert all(isinstance(answer, CodeAnswer) for answer in spoilt)


def test_the_kinds_of_faults_share_the_rate():
    assert rates(0.3).model_dump() == pytest.approx({"error": 0.1, "malformed": 0.1, "damaged": 0.1})


def test_goals_take_turns_each_time_on_another_seed():
    jobs = games(len(GOALS) + 1, 0.3)
    assert {job.goal for job in jobs} == set(GOALS)
    assert (jobs[0].goal, jobs[0].seed, jobs[-1].goal, jobs[-1].seed) == (GOALS[0], 1, GOALS[0], len(GOALS) + 1)


def test_figures_of_results():
    def result(seed: int, **how) -> Result:
        return Result(goal="torch", seed=seed, rate=0.5, ticks=9, seconds=0, **how)

    found = figures([result(1, reached=True, reason="", calls=10, faults=4), result(2, reached=False, reason="lost", calls=30, faults=16)])
    assert (found["success_pct"], found["faulty_pct"], found["calls_mean"]) == (50, 50, 20)
    assert found["failures"] == {"torch (seed 2): lost": 1}


@pytest.mark.parametrize("shape", ["text", "code"])
def test_goals_are_reached_although_a_third_of_the_answers_is_faulty(tmp_path, shape):
    words = ["faults", "--games", "6", "--shape", shape, "--workers", "1", "--log", str(tmp_path / "log.jsonl"), "--json"]
    done = CliRunner().invoke(app, words)
    report = json.loads(done.stdout)
    assert done.exit_code == 0, report
    assert (report["games"], report["success_pct"], report["failures"]) == (6, 100, {})
    assert 10 <= report["faulty_pct"] <= 50
    assert CliRunner().invoke(app, words).exit_code == 0  # all from the log


def test_goals_lost_to_faulty_answers_are_a_failure_and_said_so(tmp_path):
    words = ["faults", "--games", "7", "--rate", "1", "--workers", "1", "--log", str(tmp_path / "log.jsonl")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "100.0 % of the answers were faulty" in done.stdout
    assert "of 7 goals reached" in done.stdout
    assert "not reached: bread (seed 7)" in done.stdout
