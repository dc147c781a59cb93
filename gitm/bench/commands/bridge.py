"""``gitm bench bridge``: faults between the agent and a real world."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gitm.bench.commands.playing import log_of, run_jobs
from gitm.bench.commands.real import versions
from gitm.bench.options import Fresh, Json, Log
from gitm.bench.report import header, tell

if TYPE_CHECKING:
    from gitm.bench.bridge import TrialResult


def bridge(
    *,
    times: Annotated[int, typer.Option(min=1, help="How often each fault is brought about.")] = 20,
    fault: Annotated[list[str] | None, typer.Option("--fault", help="Only this fault (repeat for more).")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Faults tried at once, each on a server of its own.")] = 4,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Nodes, servers, connections and agents that die, hang or make noise: does each action end in time, and does the run go on?"""
    from gitm.bench.breaking import FAULTS
    from gitm.bench.bridge import Trial, TrialResult, inject, overhead
    from gitm.bench.real import prepare
    from gitm.config import resolve
    from gitm.errors import BadName

    if unknown := set(fault or ()) - set(FAULTS):
        raise BadName(f"no fault '{min(unknown)}'; there are {', '.join(FAULTS)}")
    path = log_of("bridge", log, fresh=fresh).resolve()
    home = prepare(resolve().settings.home, path.with_suffix(""))
    jobs = [Trial(fault=name, times=times, home=home) for name in FAULTS if not fault or name in fault]
    results, seconds = run_jobs("bridge", jobs, inject, TrialResult, path, workers)
    middle, worst = overhead(home)
    report = header("bridge", times=times, workers=workers) | versions() | {"seconds": seconds}
    report |= {"overhead_ms": {"median": round(middle, 2), "p95": round(worst, 2)}, "faults": [_row(result) for result in results]}
    tell(report, [*_table(results), f"the bridge's own time an action: median {middle:.1f} ms, p95 {worst:.1f} ms"], as_json=json)
    raise typer.Exit(1 if any(result.failures for result in results) else 0)


def _row(result: TrialResult) -> dict[str, Any]:
    seconds = [one.seconds for one in result.outcomes]
    return {
        "fault": result.fault,
        "times": result.times,
        "borne": result.borne,
        "ended": sorted({one.ended for one in result.outcomes}),
        "median_seconds": median(seconds),
        "worst_seconds": max(seconds),
        "failures": [one.model_dump() for one in result.failures],
    }


def _table(results: list[TrialResult]) -> list[str]:
    from gitm.bench.breaking import FAULTS

    lines = [f"{'fault':<42}{'borne':>8}{'median s':>10}{'worst s':>9}{'limit s':>9}  ended with"]
    for result in results:
        row, fault = _row(result), FAULTS[result.fault]
        figures = f"{row['borne']:>4}/{row['times']:<3}{row['median_seconds']:>10.1f}{row['worst_seconds']:>9.1f}{fault.limit:>9.0f}"
        lines.append(f"{fault.what:<42}{figures}  {', '.join(row['ended'])}")
        lines += [f"  {one.ended} after {one.seconds} s: {one.message[:160]}" for one in result.failures]
    return lines
