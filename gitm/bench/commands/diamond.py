"""``gitm bench diamond``: one goal on many seeds."""

from __future__ import annotations

from statistics import mean, median
from typing import Annotated

import typer

from gitm.bench.commands.playing import play_games
from gitm.bench.options import Fresh, Json, Log, Seeds, Ticks, Workers
from gitm.bench.paper import GITM_BUDGET
from gitm.bench.report import header, quantile, tell


def diamond(
    *,
    seeds: Seeds = 100,
    goal: Annotated[str, typer.Option(help="The item.")] = "diamond_pickaxe",
    workers: Workers = None,
    max_ticks: Ticks = 3_000_000,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """One goal on many seeds: how often it is reached, in how much game time."""
    results, seconds = play_games(goal, [goal], seeds, max_ticks, workers, log, fresh=fresh)
    reached = [result for result in results if result.reached]
    ticks = [result.ticks for result in reached]
    report = header("diamond", goal=goal, seeds=seeds, max_ticks=max_ticks, llm="reader") | {
        "games": len(results),
        "reached": len(reached),
        "median_ticks": median(ticks) if ticks else None,
        "p90_ticks": quantile(ticks, 0.9),
        "within_paper_budget": sum(value <= GITM_BUDGET for value in ticks),
        "deaths": sum(result.deaths for result in results),
        "llm_calls_mean": mean(result.llm_calls for result in results),
        "seconds": seconds,
        "failures": [result.model_dump() for result in results if not result.reached],
    }
    lines = [
        f"{goal}: {len(reached)} of {len(results)} reached, {report['deaths']} deaths",
        f"game time: median {report['median_ticks']:.0f} ticks, p90 {report['p90_ticks']:.0f}" if ticks else "",
        f"within GITM's budget of {GITM_BUDGET} ticks (its digging is faster than vanilla's): {report['within_paper_budget']}",
        f"{seconds:.0f} s, {report['llm_calls_mean']:.0f} calls of the reader a game",
    ]
    lines += [f"not reached: seed {result.seed}: {result.reason}" for result in results if not result.reached]
    tell(report, lines, as_json=json)
    raise typer.Exit(0 if len(reached) >= 0.99 * len(results) else 1)
