"""Draw docs/run.svg: the live view in the middle of a real run in the stub world, and the summary at its end.

python scripts/picture.py [GOAL]
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from gitm.config import resolve
from gitm.record import RunRecord
from gitm.session import Session
from gitm.view import panel, state_of, summary_panel

TARGET = Path(__file__).resolve().parent.parent / "docs" / "run.svg"


def main(goal: str = "diamond_pickaxe") -> None:
    """Run, then draw the moment after three quarters of the events."""
    from gitm.agent import pursue

    with tempfile.TemporaryDirectory() as home, Session(resolve({"home": Path(home), "max_seconds": 60}, {}).settings) as session:
        session.open()
        wanted = session.goal(goal)
        with RunRecord.create(Path(home), wanted) as record:
            events = list(record.follow(pursue(wanted, session.world, session.mind, session.limits)))
    if not record.summary.reached:
        sys.exit(f"{goal} was not reached ({record.summary.reason}); no picture is drawn of that")
    summary = record.summary.model_copy(update={"run": f"~/.local/share/gitm/runs/{record.path.name}"})
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    middle = max(at for at, event in enumerate(events[: len(events) * 3 // 4]) if event.kind == "stepped")
    console.print(f"$ gitm run {goal}", highlight=False)
    console.print(panel(state_of(events[: middle + 1]), height=40))
    console.print("[dim]…[/]")
    console.print(summary_panel(summary))
    svg = console.export_svg(title="gitm", unique_id="run")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # no font from the network: the reader's own monospace will do
    TARGET.write_text(svg, encoding="utf-8")
    print(f"{TARGET}: {summary.goal}, {summary.actions} actions, {summary.ticks} ticks")


if __name__ == "__main__":
    main(*sys.argv[1:])
