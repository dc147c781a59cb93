"""``gitm bench ablation``: GITM's headline table, ours beside the paper's."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gitm.bench.commands.playing import log_of, progress
from gitm.bench.options import Fresh, Json, Log, Workers
from gitm.bench.paper import GITM_BUDGET
from gitm.bench.report import header, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitm.bench.ablation import Row


def ablation(
    *,
    games: Annotated[int, typer.Option(min=1, help="Games a row, on the seeds from 1.")] = 40,
    max_ticks: Annotated[list[int], typer.Option(min=1, help="Game time of a table, in ticks (repeat for more).")] = [GITM_BUDGET],  # noqa: B006
    dig_speed: Annotated[float, typer.Option(help="How many times as fast as in vanilla one digs; the paper's is 100.")] = 100.0,
    row: Annotated[list[str] | None, typer.Option(help="Only this row (repeat for more): 'none', '+ memory', ...")] = None,
    level: Annotated[float | None, typer.Option(min=0, help="How often the forgetful model errs, times its stated rates.")] = None,
    learning: Annotated[int, typer.Option(min=0, help="Games that fill the memory of the last row.")] = 20,
    llm: Annotated[str | None, typer.Option("--llm", metavar="NAME", help="A real model instead of the forgetful one.")] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="The real model's name.")] = None,
    workers: Workers = None,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """What decomposition, feedback, knowledge and memory each add on the way to a diamond, beside the paper's figures."""
    from gitm.bench.ablation import LEVEL, ROWS, Setup, measure, table
    from gitm.llm.slips import Rates

    rows = [known for known in ROWS if not row or known.name in row]
    if not rows:
        raise typer.BadParameter(f"no such row; the rows are {', '.join(repr(known.name) for known in ROWS)}", param_hint="--row")
    level = LEVEL if level is None else level
    setup = Setup(llm=llm, model=model, rates=Rates().at(level), max_ticks=max(max_ticks), dig_speed=dig_speed, learning=learning)
    path = log_of("ablation", log, fresh=fresh)
    started = perf_counter()
    with progress(f"ablation ({path})", games * len(rows) + learning * any(known.parts.memory for known in rows)) as step:
        results = measure(setup, games, path, rows, workers=workers, told=step)
    tables = {budget: table(results, rows, budget) for budget in max_ticks}
    seconds = round(perf_counter() - started, 1)
    settings = setup.model_dump() | {"level": None if llm else level, "games": games, "learning_seeds": f"1001 to {1000 + learning}"}
    report = header("ablation", **settings) | {
        "seconds": seconds,
        "tables": {str(budget): found for budget, found in tables.items()},
        "games": [result.model_dump(exclude={"setup", "calls"}) | {"calls": len(result.calls)} for result in results],
    }
    lines = [line for budget, found in tables.items() for line in (*_lines(budget, found, rows), "")]
    tell(report, [*lines, f"{len(results)} games in {seconds:.0f} s; success in %, 95 % interval, paper's in brackets"], as_json=json)


def _lines(budget: int, found: list[dict[str, Any]], rows: Sequence[Row]) -> list[str]:
    """A table for people: a line a row."""
    from gitm.bench.ablation import MILESTONES

    width = max(len(row.name) for row in rows) + 2
    lines = [f"{budget} ticks", " " * width + "".join(f"{item:>26}" for item in MILESTONES) + f"{'calls':>8}"]
    for entry in found:
        cells = [
            f"{ours:g} {low:.0f}-{high:.0f} ({paper:g})"
            for ours, (low, high), paper in zip(entry["success_pct"], entry["interval_pct"], entry["paper_pct"], strict=True)
        ]
        lines.append(f"{entry['row']:<{width}}" + "".join(f"{cell:>26}" for cell in cells) + f"{entry['calls_mean']:>8.0f}")
    return lines
