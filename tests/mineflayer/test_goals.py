"""Whole goals on the test server, from the command line, from an empty inventory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gitm.testserver import Options, Server

#: Each goal and the seconds it may take beside other work.
SECONDS = {
    "wooden_pickaxe": 300,
    "stone_pickaxe": 400,
    "furnace": 400,
    "cooked_beef": 900,
    "iron_pickaxe": 1200,
    "water_bucket": 1500,
    "diamond": 2400,
}


@pytest.fixture
def home(node_home: Path, tmp_path: Path) -> Path:
    """A home of its own that shares the npm packages."""
    (tmp_path / "node").symlink_to(node_home / "node")
    return tmp_path


FIRST, *LATER = SECONDS


@pytest.mark.parametrize("goal", [FIRST, *(pytest.param(goal, marks=pytest.mark.live) for goal in LATER)])
def test_goals_are_reached(goal: str, home: Path, node_home: Path) -> None:
    with Server.start(Options(port=0, seed=3), node_home) as server:
        args = ["run", goal, "--world", "mineflayer", "--port", str(server.port), "--home", str(home), "--json"]
        run = subprocess.run(
            [sys.executable, "-m", "gitm", *args, "--max-seconds", str(SECONDS[goal])],
            capture_output=True,
            text=True,
            timeout=SECONDS[goal] + 120,
            env={**os.environ, "GITM_USERNAME": "goalie"},
        )
    assert run.stdout, run.stderr[-2000:]
    summary = json.loads(run.stdout)
    assert summary["reached"], f"{summary['reason']}\n{run.stderr[-3000:]}"
    assert summary["inventory"][goal] >= 1
    assert run.returncode == 0


def test_no_server_is_exit_2_with_the_mend(home: Path) -> None:
    args = [sys.executable, "-m", "gitm", "run", "stick", "--world", "mineflayer", "--port", "1", "--home", str(home)]
    run = subprocess.run(args, capture_output=True, text=True, timeout=30)
    assert run.returncode == 2
    assert run.stderr.strip().splitlines()[-1].startswith("gitm: no Minecraft server answers at localhost:1")
    assert "Traceback" not in run.stderr
