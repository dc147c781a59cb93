"""``gitm bench noise``: what wrong answers cost."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer

from gitm.bench.commands.playing import log_of, progress
from gitm.bench.options import Fresh, Json, Log, Seeds, Ticks, Workers
from gitm.bench.report import header, tell


def noise(
    *,
    seeds: Seeds = 20,
    goal: Annotated[str, typer.Option(help="The item.")] = "diamond",
    workers: Workers = None,
    max_ticks: Ticks = 72_000,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Success and LLM calls as the part of damaged answers goes from 0 to 60 %, with planner ``auto`` and ``llm``."""
    from gitm.bench.noise import PLANNERS, RATES, measure, table

    path = log_of("noise", log, fresh=fresh)
    started = perf_counter()
    with progress(f"noise ({path})", seeds * len(RATES) * len(PLANNERS)) as step:
        results = measure(goal, seeds, max_ticks, path, workers=workers, told=step)
    rows, seconds = table(results), round(perf_counter() - started, 1)
    report = header("noise", goal=goal, seeds=seeds, max_ticks=max_ticks, llm="reader, damaged") | {
        "seconds": seconds,
        "rows": rows,
        "failures": [result.model_dump() for result in results if not result.reached],
    }
    lines = [f"{'planner':<10}{'damaged':>8}{'success %':>11}{'95 %':>12}{'median ticks':>14}{'calls':>8}"]
    for entry in rows:
        low, high = entry["interval_pct"]
        lines.append(
            f"{entry['planner']:<10}{entry['rate']:>8.0%}{entry['success_pct']:>11.1f}{f'{low:.0f}-{high:.0f}':>12}"
            f"{entry['median_ticks']:>14.0f}{entry['calls_mean']:>8.0f}"
        )
    tell(report, [*lines, f"{goal}, {seeds} seeds, {len(results)} games in {seconds:.0f} s"], as_json=json)
