"""``gitm bench impossible``: what cannot be had is declared impossible, with the reason, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gitm.bench.commands.playing import log_of, run_jobs
from gitm.bench.options import Fresh, Json, Log, Workers
from gitm.bench.report import header, tell

if TYPE_CHECKING:
    from gitm.bench.impossible import Judged


def impossible(
    *,
    mc_version: Annotated[str | None, typer.Option(help="Whose rules and guides; the newest when not given.")] = None,
    removed: Annotated[
        list[str] | None, typer.Option(help="A resource to remove (repeat for more); ten usual ones when not given.")
    ] = None,
    sample: Annotated[int, typer.Option(min=0, help="Goals of each kind in a world, drawn at random; 0: all.")] = 0,
    workers: Workers = None,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Ask for what nobody can have, in whole worlds and in worlds without some resource, and for all the rest. Nothing is played."""
    from gitm.bench.impossible import KINDS, RESOURCES, Judged, World, judge
    from gitm.data import rule_book

    version, path = rule_book(mc_version).stem, log_of("impossible", log, fresh=fresh)
    jobs = [World(version=version, without=without, sample=sample) for without in (None, *(removed or RESOURCES))]
    found, seconds = run_jobs("impossible", jobs, judge, Judged, path, workers)
    kinds = {kind: {"asked": sum(world.asked.get(kind, 0) for world in found), "wrong": _wrong(found, kind)} for kind in KINDS}
    report = header("impossible", version=version, sample=sample, llm="reader")
    report |= {"kinds": kinds, "neither": found[0].neither, "seconds": seconds}
    tell(report, _table(found, version), as_json=json)
    raise typer.Exit(1 if any(kind["wrong"] for kind in kinds.values()) else 0)


def _wrong(found: list[Judged], kind: str) -> int:
    return sum(len(world.wrong.get(kind, {})) for world in found)


def _table(found: list[Judged], version: str) -> list[str]:
    from gitm.bench.impossible import KINDS

    lines = [f"{'goals':<26}{'asked':>8}{'judged wrongly':>16}"]
    for kind in KINDS:
        lines.append(f"{kind:<26}{sum(world.asked.get(kind, 0) for world in found):>8}{_wrong(found, kind):>16}")
    lost = sum(world.without is not None for world in found)
    lines.append(f"Minecraft {version}, whole and without each of {lost} resources; decomposed with the reader, nothing played")
    if found[0].neither:
        lines.append(f"{len(found[0].neither)} items neither can be had nor have a reason: {', '.join(found[0].neither[:8])} ...")
    for world in found:
        for kind, items in world.wrong.items():
            lines += [f"{kind}{f' ({world.without})' if world.without else ''}: {item}: {said}" for item, said in items.items()]
    return lines
