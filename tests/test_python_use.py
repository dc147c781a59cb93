"""The agent from Python, as the package says it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gitm

TINY = Path(__file__).parent / "data" / "tiny_world.json"
PROGRAM = """
from pathlib import Path
from gitm import open_llm, open_mind, open_world, parse_goal, pursue

world = open_world("stub", seed=7)
mind = open_mind(Path("home"), llm=open_llm("reader"))
for event in pursue(parse_goal("wooden_pickaxe", mind.names, mind.aliases), world, mind):
    print(event.kind)
print(event.reached, event.observation.inventory["wooden_pickaxe"])
"""


def test_a_goal_is_reached_in_under_ten_lines(fresh_home, monkeypatch, capsys):
    assert len(PROGRAM.strip().splitlines()) < 10
    monkeypatch.chdir(fresh_home("home").parent)
    exec(compile(PROGRAM, "program", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert (printed[0], printed[-2], printed[-1]) == ("began", "ended", "True 1")


def test_the_documented_import_is_what_there_is():
    assert "from gitm import open_llm, open_mind, open_world, parse_goal, pursue" in (gitm.__doc__ or "")
    assert set(gitm.__all__) == set(gitm._HOMES)
    for name in gitm.__all__:
        assert callable(getattr(gitm, name))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'gitm' has no attribute 'open_sesame'"):
        gitm.open_sesame  # noqa: B018
    with pytest.raises(ImportError):
        exec("from gitm import open_sesame")


def test_importing_the_package_costs_nothing():
    loaded = "import sys, gitm; print(sorted({'pydantic', 'chromadb', 'openai', 'yaml', 'env_stub'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_world_of_ones_own_and_its_book_as_guides(tmp_path):
    world = gitm.open_world("stub", seed=2, rules=TINY)
    mind = gitm.open_mind(tmp_path, llm=gitm.open_llm("reader"), guides=[TINY])
    *_, last = gitm.pursue(gitm.parse_goal("2 noog and a pole", mind.names, mind.aliases), world, mind, gitm.Limits(max_ticks=100_000))
    mind.close()
    assert last.reached
    assert last.observation.inventory["noog"] >= 2
