"""The bench of the tech tree: what is pursued again in the same home is remembered, and a log is gone on with."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from gitm.bench.cli import app


def test_the_second_time_nothing_is_asked(tmp_path: Path) -> None:
    args = ["tech-tree", "--item", "torch", "--item", "stick", "--again", "--workers", "1", "--json", "--log", str(tmp_path / "log.jsonl")]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["games"], report["reached"]) == (2, 2)
    assert sum(game["llm_calls"] for game in report["results"]) > 0
    assert (report["again"]["games"], report["again"]["reached"], report["again"]["llm_calls"]) == (2, 2, 0)
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 4
    assert json.loads(CliRunner().invoke(app, args).stdout)["results"] == report["results"], "nothing is played a third time"
