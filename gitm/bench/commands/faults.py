"""``gitm bench faults``: goals reached when many answers are no good."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gitm.bench.commands.playing import log_of, run_jobs
from gitm.bench.options import Fresh, Json, Log, Workers
from gitm.bench.report import header, rate_text, tell

TARGET = 99  # percent of the goals, which is claimed at the default rate


def faults(
    *,
    number: Annotated[int, typer.Option("--games", min=1, help="How many games: 27 goals in turn, each time on another seed.")] = 108,
    rate: Annotated[float, typer.Option(min=0, max=1, help="The part of all answers that is faulty.")] = 0.3,
    shape: Annotated[Literal["text", "code"], typer.Option(help="How ways are asked for.")] = "text",
    workers: Workers = None,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Goals reached when a part of all answers fails, is malformed, or is wrong, in equal shares."""
    from gitm.bench.faults import Result, figures, games, play

    results, seconds = run_jobs("faults", games(number, rate, shape), play, Result, log_of("faults", log, fresh=fresh), workers)
    found = figures(results)
    reached = sum(result.reached for result in results)
    report = header("faults", games=number, rate=rate, shape=shape, llm="reader, faulty") | found | {"seconds": seconds}
    lines = [
        f"{reached} of {number} goals reached: {rate_text(reached, number)}",
        f"{found['faulty_pct']} % of the answers were faulty; {found['calls_mean']:.0f} LLM calls a game; {seconds:.0f} s",
        *(f"not reached: {failure}" for failure in found["failures"]),
    ]
    tell(report, lines, as_json=json)
    raise typer.Exit(0 if found["success_pct"] >= TARGET else 1)
