"""``gitm bench kills``: runs that are killed and resumed."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer

from gitm.bench.commands.playing import log_of, progress
from gitm.bench.options import Fresh, Json, Log, Workers
from gitm.bench.report import header, tell


def kills(
    *,
    runs: Annotated[int, typer.Option(min=1, help="How many runs, seeds from 1.")] = 100,
    goal: Annotated[str, typer.Option(help="The item.")] = "diamond_pickaxe",
    times: Annotated[int, typer.Option(min=1, help="How often each is killed, at random moments.")] = 2,
    workers: Workers = None,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Runs killed with SIGKILL at random moments, their memory removed, and resumed: does each reach its goal, is anything asked twice?"""
    from gitm.bench.kills import measure

    path = log_of("kills", log, fresh=fresh)
    started = perf_counter()
    with progress(f"kills ({path})", runs) as step:
        results = measure(runs, goal, times, path, workers=workers, told=step)
    seconds = round(perf_counter() - started, 1)
    figures = {
        "runs": len(results),
        "kills": sum(len(result.lines) for result in results),
        "reached": sum(result.reached for result in results),
        "records_that_parse": sum(result.parses for result in results),
        "questions_repeated": sum(len(result.repeated) for result in results),
    }
    report = header("kills", goal=goal, runs=runs, times=times) | figures | {"seconds": seconds}
    report["failures"] = [result.model_dump() for result in results if not result.reached or result.repeated]
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in figures.items()] + [f"{seconds:.0f} s"]
    lines += [f"seed {result.seed}, killed at lines {result.lines}: {result.problem}" for result in results if not result.reached]
    tell(report, lines, as_json=json)
    raise typer.Exit(0 if all(result.reached and not result.repeated for result in results) else 1)
