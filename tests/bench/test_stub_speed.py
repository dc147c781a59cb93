"""The bench measures what it says; the bounds are wide, for a busy machine is no reason to fail."""

from __future__ import annotations

import pytest

import env_stub
from gitm.actions import Explore, Mine, Wait
from gitm.bench import stub
from gitm.types import Code


def test_every_round_of_camp_life_is_the_same():
    world = env_stub.make_world(0)
    stub._make_camp(world)
    rounds = [[world.step(action).code for action in stub.ROUND] for _ in range(58)]
    assert all(codes == rounds[0] for codes in rounds)
    assert rounds[0].count(Code.OK) == len(stub.ROUND) - 2, "one craft lacks material, one meal is not needed"


def test_the_figures_are_there_and_plausible():
    replay = {0: [Wait(ticks=1), Mine(object="dirt"), Explore(object="cow")]}
    result = stub.measure(seconds=0.2, replay=replay)
    assert result["actions_per_second"] > 10_000
    assert 0 < result["reset_ms"] < 10
    assert 0 < result["import_seconds"] < 3
    assert 10 < result["rss_mb"] < 60
    assert result["real_actions_per_second"] > 0
    assert result["real_mix"] == {"wait": 0.333, "mine": 0.333, "explore": 0.333}
    assert sum(result["mix"].values()) == pytest.approx(1, abs=0.01)


def test_importing_the_world_loads_nothing_of_the_agent():
    import subprocess
    import sys

    code = "import env_stub, sys; print([name for name in sys.modules if name.startswith('gitm.')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    names = set(eval(loaded))
    assert names <= {"gitm.types", "gitm.actions", "gitm.errors", "gitm.facts", "gitm.mentions", "gitm.data"}, names
