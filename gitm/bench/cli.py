"""``gitm bench``: what the project claims, measured. Each bench prints a table, or with ``--json`` all of its figures."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from gitm.bench.report import header, quantile, tell

if TYPE_CHECKING:
    from gitm.bench.games import Result

app = typer.Typer(help="Measure what the project claims. Long benches can be interrupted and go on where they were.", add_completion=False)

GITM_BUDGET = 12_000  # ticks of a game of GITM's ObtainDiamond (paper, section 4)

Seeds = Annotated[int, typer.Option(min=1, help="How many seeds, from 1.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; all cores when not given.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
Log = Annotated[Path | None, typer.Option(help="Where single results are kept, so that an interrupted bench goes on.")]
Fresh = Annotated[bool, typer.Option(help="Begin anew.")]
Ticks = Annotated[int, typer.Option(min=1, help="Game ticks after which a game is lost.")]
Items = Annotated[list[str] | None, typer.Option("--item", help="Only this item (repeat for more).")]


def paper_rates() -> dict[str, float]:
    """GITM's success per item in percent (figure of the 262 items), by modern name."""
    with (Path(__file__).parent / "gitm262.csv").open(encoding="utf-8", newline="") as file:
        return {row["modern_id"]: float(row["gitm_success_pct"]) for row in csv.DictReader(file)}


@app.command()
def gitm262(
    *,
    seeds: Seeds = 3,
    workers: Workers = None,
    max_ticks: Ticks = 3_000_000,
    log: Log = None,
    fresh: Fresh = False,
    item: Items = None,
    json: Json = False,
) -> None:
    """Every one of GITM's 262 items from an empty inventory in the stub, without a model, beside the paper's success rates."""
    rates = paper_rates()
    items = [name for name in rates if not item or name in item]
    results, seconds = _play("gitm262", items, seeds, max_ticks, workers, log, fresh=fresh)
    by_item: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_item[result.item].append(result)
    rows = [
        {
            "item": name,
            "success_pct": 100 * mean(result.reached for result in games),
            "paper_pct": rates[name],
            "median_ticks": median(result.ticks for result in games),
            "deaths": sum(result.deaths for result in games),
        }
        for name, games in by_item.items()
    ]
    ours = mean(mean(100 * result.reached for result in games) for games in by_item.values())
    theirs = mean(rates[name] for name in by_item)
    report = header("gitm262", seeds=seeds, max_ticks=max_ticks, llm="reader") | {
        "success_pct": ours,
        "paper_pct": theirs,
        "games": len(results),
        "seconds": seconds,
        "items": rows,
        "failures": [result.model_dump() for result in results if not result.reached],
    }
    lines = [f"{'item':<32}{'success %':>10}{'paper %':>9}{'median ticks':>14}{'deaths':>8}"]
    lines += [f"{r['item']:<32}{r['success_pct']:>10.0f}{r['paper_pct']:>9g}{r['median_ticks']:>14.0f}{r['deaths']:>8}" for r in rows]
    lines += [f"mean of {len(rows)} items, {seeds} seeds: {ours:.1f} % (paper {theirs:.1f} %), {len(results)} games in {seconds:.0f} s"]
    lines += [f"not reached: {result.item} on seed {result.seed}: {result.reason}" for result in results if not result.reached]
    tell(report, lines, as_json=json)
    raise typer.Exit(0 if all(result.reached for result in results) else 1)


@app.command()
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
    results, seconds = _play(goal, [goal], seeds, max_ticks, workers, log, fresh=fresh)
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


@app.command()
def tree(*, json: Json = False) -> None:
    """Time of the sub-goal tree for each of the 262 items, all ways known."""
    from gitm.bench.trees import times

    found = times(list(paper_rates()))
    values = [seconds * 1000 for seconds in found.values()]
    worst = max(found, key=found.__getitem__)
    report = header("tree") | {
        "items": len(found),
        "median_ms": median(values),
        "p90_ms": quantile(values, 0.9),
        "worst_ms": max(values),
        "worst_item": worst,
    }
    figures = f"median {median(values):.2f} ms, p90 {quantile(values, 0.9):.2f} ms, worst {max(values):.2f} ms ({worst})"
    tell(report, [f"tree of {len(found)} items: {figures}"], as_json=json)


@app.command()
def stub(*, json: Json = False) -> None:
    """Speed of the stub world: actions a second, reset, import, memory; beside crafter when it is installed (extra ``bench``)."""
    from gitm.bench.games import recorded
    from gitm.bench.stub import measure

    figures = measure(replay={seed: recorded("diamond_pickaxe", seed) for seed in range(1, 6)})
    lines = [f"{name}: {value}" for name, value in figures.items()]
    tell(header("stub") | figures, lines, as_json=json)


@app.command()
def start(*, repeat: Annotated[int, typer.Option(min=1)] = 5, json: Json = False) -> None:
    """Seconds from ``gitm run`` to its first action, cold (a fresh home) and warm, and of ``gitm --help``."""
    from gitm.bench.start import measure

    figures = measure(repeat)
    lines = [f"{name}: {value:.2f} s" for name, value in figures.items()]
    tell(header("start", repeat=repeat) | figures, lines, as_json=json)


def _play(
    name: str, items: list[str], seeds: int, max_ticks: int, workers: int | None, log: Path | None, *, fresh: bool
) -> tuple[list[Result], float]:
    """The games of a bench, with a line of progress on stderr."""
    from rich.console import Console
    from rich.progress import Progress

    from gitm.bench.games import Game, play_all
    from gitm.config import resolve

    path = log or resolve().settings.home / "bench" / f"{name}.jsonl"
    if fresh:
        path.unlink(missing_ok=True)
    games = [Game(item=item, seed=seed, max_ticks=max_ticks) for item in items for seed in range(1, seeds + 1)]
    started = perf_counter()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(f"{name} ({path})", total=len(games))
        results = play_all(games, path, workers, lambda _: progress.advance(bar))
    return results, round(perf_counter() - started, 1)
