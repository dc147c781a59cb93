"""``gitm bench gitm262``: the items of the paper."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean, median
from typing import TYPE_CHECKING

import typer

from gitm.bench.commands.playing import play_games
from gitm.bench.options import Fresh, Items, Json, Log, Seeds, Ticks, Workers
from gitm.bench.paper import paper_rates
from gitm.bench.report import header, tell

if TYPE_CHECKING:
    from gitm.bench.games import Result


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
    results, seconds = play_games("gitm262", items, seeds, max_ticks, workers, log, fresh=fresh)
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
