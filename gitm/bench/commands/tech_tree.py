"""``gitm bench tech-tree``: everything that can be had."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

from gitm.bench.commands.playing import log_of, run_jobs
from gitm.bench.options import Fresh, Items, Json, Log, Seeds, Ticks, Workers
from gitm.bench.report import header, rate_text, tell

if TYPE_CHECKING:
    from gitm.bench.techtree import Found

_SHOWN = 60  # failures that are printed one by one


def tech_tree(
    *,
    seeds: Seeds = 1,
    version: Annotated[str | None, typer.Option(help="Minecraft's version; the newest with a rule book when not given.")] = None,
    every: Annotated[int, typer.Option(min=1, help="Only every so manyth item: a sample.")] = 1,
    again: Annotated[bool, typer.Option(help="Pursue all of them twice, in one home.")] = False,
    workers: Workers = None,
    max_ticks: Ticks = 20_000_000,
    max_seconds: Annotated[float, typer.Option(min=1, help="Seconds after which a game is lost.")] = 600.0,
    log: Log = None,
    fresh: Fresh = False,
    item: Items = None,
    json: Json = False,
) -> None:
    """Every item that a survival player can have, from an empty inventory in the stub, without a model: by depth and by kind of way."""
    from gitm.bench.techtree import Found, Hunt, hunt, items_of

    played, names = items_of(version)
    chosen = [name for name in names if not item or name in item][::every]
    path = log_of(f"tech-tree-{played}", log, fresh=fresh)
    limits = {"version": played, "max_ticks": max_ticks, "max_seconds": max_seconds, "home": _home(path, fresh=fresh) if again else ""}
    results: list[Found] = []
    second: list[Found] = []
    for number, rounds in enumerate((results, second)[: 1 + again], 1):
        jobs = [Hunt(item=name, seed=seed, round=number, **limits) for name in chosen for seed in range(1, seeds + 1)]
        rounds += run_jobs("tech-tree", jobs, hunt, Found, path, workers)[0]
    report = header("tech-tree", seeds=seeds, llm="reader", every=every, **limits) | _figures(results, second)
    tell(report, _lines(results, second, played), as_json=json)
    raise typer.Exit(0 if all(result.reached for result in results) else 1)


def _home(log: Path, *, fresh: bool) -> str:
    """The folder beside the log whose memory all games share."""
    home = log.with_suffix(".home")
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    return str(home)


def _figures(results: list[Found], second: list[Found]) -> dict[str, object]:
    from gitm.bench.techtree import share_by

    return {
        "items": len({result.item for result in results}),
        "games": len(results),
        "reached": sum(result.reached for result in results),
        "cpu_seconds": round(sum(result.seconds for result in results), 1),
        "median_ticks": median([result.ticks for result in results]) if results else 0,
        "deaths": sum(result.deaths for result in results),
        "by_depth": share_by(results, lambda result: result.depth),
        "by_kind": share_by(results, lambda result: result.kind),
        "again": {
            "games": len(second),
            "reached": sum(result.reached for result in second),
            "llm_calls": sum(result.llm_calls for result in second),
            "median_ticks": median([result.ticks for result in second]) if second else 0,
        },
        "results": [result.model_dump() for result in results],
    }


def _lines(results: list[Found], second: list[Found], version: str) -> list[str]:
    from gitm.bench.techtree import share_by

    reached = sum(result.reached for result in results)
    lines = [f"Minecraft {version}: {reached} of {len(results)} games reached their item, {rate_text(reached, len(results))}"]
    for title, shares in (
        ("depth of the tree", share_by(results, lambda result: result.depth)),
        ("kind of the last way", share_by(results, lambda result: result.kind)),
    ):
        lines += ["", f"{title:<24}{'games':>8}{'reached':>9}"]
        lines += [f"{name:<24}{played:>8}{done:>9}" for name, (done, played) in shares.items()]
    for title, rounds in (("first time", results), ("pursued again", second)) if second else ():
        done, calls, ticks = sum(r.reached for r in rounds), sum(r.llm_calls for r in rounds), sum(r.ticks for r in rounds)
        lines += ["", f"{title}: {done} of {len(rounds)} reached, {calls:,} LLM calls, {ticks:,} ticks in all"]
    lines += [""] if reached < len(results) else []
    lost = [result for result in results if not result.reached]
    lines += [f"not reached: {result.item} on seed {result.seed}: {result.reason}" for result in lost[:_SHOWN]]
    return lines + ([f"and {len(lost) - _SHOWN} more, see --json"] if len(lost) > _SHOWN else [])
