"""``gitm bench generations``: does a memory that feeds on its own runs get worse?"""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Literal

import typer

from gitm.bench.options import Items, Json, Ticks
from gitm.bench.report import header, rate_text, tell


def generations(
    *,
    count: Annotated[int, typer.Option(min=1, help="Generations.")] = 10,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds of each generation, other ones each time.")] = 2,
    item: Items = None,
    planner: Annotated[Literal["auto", "llm", "templates"], typer.Option(help="Who plans.")] = "auto",
    max_ticks: Ticks = 3_000_000,
    json: Json = False,
) -> None:
    """Ten generations of games in one home: success and game time with the memory of all games before, beside an empty one's."""
    from gitm.bench.generations import GOALS
    from gitm.bench.generations import generations as play

    goals, started = tuple(item or GOALS), perf_counter()
    found = play(goals, count, seeds, max_ticks, planner, lambda done: typer.echo(f"generation {done.number} of {count}", err=True))
    seconds = round(perf_counter() - started, 1)
    games = sum(one.games for one in found)
    reached, plain = sum(one.reached for one in found), sum(one.plain_reached for one in found)
    ratio = sum(one.ratio * one.games for one in found) / games
    lines = [
        f"{'generation':<12}{'reached':>9}{'without':>9}{'ticks':>9}{'without':>9}{'ratio':>7}{'calls':>7}{'plans':>7}{'recalled':>10}{'failed':>8}"
    ]
    lines += [
        f"{one.number:<12}{one.reached:>9}{one.plain_reached:>9}{one.median_ticks:>9.0f}{one.plain_median_ticks:>9.0f}{one.ratio:>7.2f}"
        f"{one.llm_calls:>7}{one.plans:>7}{one.recalled:>10}{one.failed:>8}"
        for one in found
    ]
    lines.append(
        f"with memory {rate_text(reached, games)}, without {rate_text(plain, games)}; game time {ratio:.2f} of that without; {seconds} s"
    )
    report = header("generations", count=count, seeds=seeds, goals=goals, planner=planner, max_ticks=max_ticks, llm="reader")
    report |= {"games": games, "reached": reached, "plain_reached": plain, "ratio": ratio, "seconds": seconds}
    tell(report | {"generations": [one.model_dump() for one in found]}, lines, as_json=json)
    raise typer.Exit(0 if reached >= plain else 1)
