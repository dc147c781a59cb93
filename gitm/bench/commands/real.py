"""``gitm bench real``: whole games on a real server."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gitm.bench.commands.playing import log_of, run_jobs
from gitm.bench.options import Fresh, Json, Log
from gitm.bench.report import header, rate_text, tell

if TYPE_CHECKING:
    from gitm.bench.real import RealGame, RealResult

#: What is played without ``--item``: the item, on how many seeds, seconds a game (GITM: 10 minutes of a game whose digging costs nothing).
GAMES = (("iron_pickaxe", 10, 2400.0), ("diamond", 6, 3600.0))


def real(
    *,
    item: Annotated[list[str] | None, typer.Option("--item", help="Only this goal (repeat for more).")] = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="How many seeds of each, from 1.")] = None,
    max_seconds: Annotated[float | None, typer.Option(min=1, help="Seconds after which a game is lost.")] = None,
    growth: Annotated[
        float | None, typer.Option(min=1, metavar="MINUTES", help="Instead: one long run, and whether its memory grows.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Servers and bots at once.")] = 1,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Whole games with a bot on the small Minecraft server; needs the extra [minecraft] and takes about an hour."""
    from gitm.bench.real import RealResult, play, prepare
    from gitm.config import resolve

    path = log_of("real", log, fresh=fresh).resolve()
    folder = path.with_suffix("")
    prepare(resolve().settings.home, folder)
    if growth is not None:
        _grow(growth, folder, as_json=json)
    jobs = _games(item, seeds, max_seconds, folder)
    results, seconds = run_jobs("real", jobs, play, RealResult, path, workers)
    report = header("real", llm="reader", workers=workers) | versions() | {"seconds": seconds}
    report["goals"] = {name: figures([result for result in results if result.item == name]) for name in dict.fromkeys(j.item for j in jobs)}
    report["games"] = [result.model_dump(mode="json") for result in results]
    tell(report, [*_table(report["goals"]), *map(_line, results)], as_json=json)
    raise typer.Exit(0 if all(result.reached for result in results) else 1)


def _games(items: list[str] | None, seeds: int | None, max_seconds: float | None, folder: Path) -> list[RealGame]:
    from gitm.bench.real import RealGame

    known = {name: (count, limit) for name, count, limit in GAMES}
    wanted = {name: known.get(name, (1, 3600.0)) for name in items or known}
    return [
        RealGame(item=name, seed=seed, max_seconds=max_seconds or limit, folder=folder)
        for name, (count, limit) in wanted.items()
        for seed in range(1, (seeds or count) + 1)
    ]


def figures(results: list[RealResult]) -> dict[str, Any]:
    """A goal in figures. The ratio is the time of a reached game over its lower bound."""
    reached = [result for result in results if result.reached]
    ratios = [result.seconds / result.bound.seconds for result in reached if result.bound.seconds]
    spent: dict[str, float] = {}
    for result in results:
        for name, seconds in result.by_action.items():
            spent[name] = round(spent.get(name, 0.0) + seconds, 1)
    return {
        "games": len(results),
        "reached": len(reached),
        "median_seconds": median(result.seconds for result in reached) if reached else None,
        "worst_seconds": max((result.seconds for result in reached), default=None),
        "median_ratio": round(median(ratios), 2) if ratios else None,
        "worst_ratio": round(max(ratios), 2) if ratios else None,
        "deaths": sum(result.deaths for result in results),
        "replans": sum(result.replans for result in results),
        "restarts": sum(result.restarts for result in results),
        "median_first_action": median(result.first_action for result in results) if results else None,
        "seconds_by_action": dict(sorted(spent.items(), key=lambda pair: -pair[1])),
    }


def versions() -> dict[str, Any]:
    """Which Node, which bot and which game; ``minecraft`` is the version the server speaks."""
    from json import loads

    from gitm.mineflayer.node import find_node
    from gitm.mineflayer.world import BOT
    from gitm.testserver import VERSION

    pinned = loads((BOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return {"node": find_node().version, "mineflayer": pinned["mineflayer"], "minecraft": VERSION}


def _table(goals: dict[str, dict[str, Any]]) -> list[str]:
    lines = [
        f"{'goal':<16}{'reached':>24}{'median s':>10}{'worst s':>9}{'time/bound':>12}{'deaths':>8}{'replans':>9}{'first action s':>16}"
    ]
    for name, goal in goals.items():
        rate = f"{goal['reached']}/{goal['games']} {rate_text(goal['reached'], goal['games'])}"
        cells = [
            goal["median_seconds"],
            goal["worst_seconds"],
            goal["median_ratio"],
            goal["deaths"],
            goal["replans"],
            goal["median_first_action"],
        ]
        widths = (10, 9, 12, 8, 9, 16)
        lines.append(f"{name:<16}{rate:>24}" + "".join(f"{_number(cell):>{width}}" for cell, width in zip(cells, widths, strict=True)))
        lines.append("  time by action: " + ", ".join(f"{action} {seconds:.0f} s" for action, seconds in goal["seconds_by_action"].items()))
    return lines


def _line(result: RealResult) -> str:
    bound, start, end = result.bound, result.memory_start, result.memory_end
    how = f"reached in {result.seconds:.0f} s" if result.reached else f"not reached after {result.seconds:.0f} s ({result.reason})"
    least = f"bound {bound.seconds:.0f} s (dig {bound.dig:.0f}, smelt {bound.smelt:.0f}, walk {bound.walk:.0f})"
    held = f"Node {start.node:.0f} to {end.node:.0f} MB, Python {start.python:.0f} to {end.python:.0f} MB"
    counts = f"{result.actions} actions, {result.replans} replans, {result.deaths} deaths"
    return f"{result.item} on seed {result.seed}: {how}; {counts}; {least}; {held}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}" if isinstance(value, int) else f"{value:.1f}"


def _grow(minutes: float, folder: Path, *, as_json: bool) -> None:
    """The long run, its table, and the exit."""
    from gitm.bench.growth import measure

    found = measure(minutes, folder)
    report = header("real --growth", minutes=minutes, llm="reader") | versions() | found.model_dump(mode="json")
    lines = [f"{'minute':>6}{'Python MB':>11}{'worker MB':>11}{'Node MB':>9}"]
    lines += [_row(at, held.values) for at, held in found.minutes.items()]
    verdict = "it grows" if found.grows else "no growth"
    lines += [_row("middle", found.middle.values), _row("last", found.last.values), f"{verdict}; {found.actions} actions, {found.reason}"]
    tell(report, lines, as_json=as_json)
    raise typer.Exit(1 if found.grows else 0)


def _row(name: int | str, held: tuple[float, ...]) -> str:
    return f"{name:>6}" + "".join(f"{value:>{width}.0f}" for value, width in zip(held, (11, 11, 9), strict=True))
