"""``gitm bench plan-quality``: our tree beside the optimum."""

from __future__ import annotations

from statistics import mean, median
from typing import TYPE_CHECKING, Annotated

import typer

from gitm.bench.commands.playing import log_of, run_jobs
from gitm.bench.options import Fresh, Items, Json, Log, Workers
from gitm.bench.paper import paper_rates
from gitm.bench.report import header, quantile, tell

if TYPE_CHECKING:
    from gitm.bench.quality import Quality

FEWEST, LEAST = 1.02, 1.05  # the mean ratios that are claimed, of gathers and crafts and of time


def plan_quality(
    *,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long the solver may look for a better plan of one item.")] = 60.0,
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst are shown with both plans.")] = 5,
    whole: Annotated[bool, typer.Option("--whole", help="All items that can be had, not only the paper's.")] = False,
    every: Annotated[int, typer.Option(min=1, help="Only every so manyth item: a sample.")] = 1,
    item: Items = None,
    workers: Workers = None,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Expected game time of our tree over that of an independent optimum, and gathers and crafts over the fewest of plans as fast."""
    from gitm.bench.quality import Quality, Question, measure
    from gitm.bench.techtree import items_of

    path = log_of("plan-quality", log, fresh=fresh)
    names = (items_of(None)[1] if whole else list(paper_rates()))[::every]
    jobs = [Question(item=name, seconds=seconds) for name in names if not item or name in item]
    found, took = run_jobs("plan-quality", jobs, measure, Quality, path, workers)
    ratios, times = [quality.ratio for quality in found], [quality.time_ratio for quality in found]
    informed = [quality.informed_time / quality.least_time for quality in found]
    report = header("plan-quality", seconds=seconds, whole=whole, every=every, llm="reader") | {
        "items": len(found),
        "mean_ratio": mean(ratios),
        "median_ratio": median(ratios),
        "p90_ratio": quantile(ratios, 0.9),
        "worst_ratio": max(ratios),
        "as_good_as_the_optimum": sum(ratio <= 1 for ratio in ratios),
        "proved": sum(quality.bound >= quality.optimum for quality in found),
        "mean_ratio_with_spare_tools": mean(quality.worn / quality.optimum for quality in found),
        "mean_ratio_informed": mean(quality.informed / quality.optimum for quality in found),
        "mean_time_ratio_informed": mean(informed),
        "worst_time_ratio_informed": max(informed),
        "mean_time_ratio": mean(times),
        "worst_time_ratio": max(times),
        "as_fast_as_the_optimum": sum(ratio <= 1 for ratio in times),
        "time_proved": sum(quality.bound_time >= quality.least_time for quality in found),
        "seconds": took,
        "all": [quality.model_dump() | {"ratio": quality.ratio, "time_ratio": quality.time_ratio} for quality in found],
    }
    lines = [
        f"{len(found)} items{_figures(ratios)}; gathers and crafts over the fewest in no more time, of which {report['proved']} are proved",
        f"{len(found)} items{_figures(times)}; expected game time over the least, of which {report['time_proved']} are proved",
        f"{len(found)} items{_figures(informed)}; the same when every way is known from the start, not only those asked about",
        f"with the spare tools that wear asks for, which the optimum leaves out: mean {report['mean_ratio_with_spare_tools']:.4f}",
    ]
    for quality in sorted(found, key=lambda quality: (-quality.time_ratio, quality.item))[:worst]:
        if quality.time_ratio > 1:
            lines += _told(quality, quality.our_time // 100, quality.least_time // 100, quality.fastest, "s")
    for quality in sorted(found, key=lambda quality: (-quality.ratio, quality.item))[:worst]:
        if quality.ratio > 1:
            lines += _told(quality, quality.ours, quality.optimum, quality.best, "gathers and crafts")
    tell(report, lines, as_json=json)
    raise typer.Exit(0 if mean(ratios) <= FEWEST and mean(times) <= LEAST else 1)


def _figures(ratios: list[float]) -> str:
    return f": mean {mean(ratios):.4f}, p90 {quantile(ratios, 0.9):.3f}, worst {max(ratios):.3f}, {sum(r <= 1 for r in ratios)} at 1"


def _told(quality: Quality, ours: int, least: int, plan: dict[str, int], unit: str) -> list[str]:
    """What is different in the two plans."""
    only = [f"{count} x {key}" for key, count in quality.tree.items() if plan.get(key) != count]
    best = [f"{count} x {key}" for key, count in plan.items() if quality.tree.get(key) != count and " by any " not in key]
    return [f"{quality.item}: {ours} {unit} for {least}", f"  only ours: {', '.join(only)}", f"  only the optimum's: {', '.join(best)}"]
