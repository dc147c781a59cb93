"""``gitm bench tree``, ``stub`` and ``start``: how fast trees, worlds and the command line are."""

from __future__ import annotations

from statistics import median
from typing import Annotated

import typer

from gitm.bench.options import Json
from gitm.bench.paper import paper_rates
from gitm.bench.report import header, quantile, tell


def tree(
    *,
    whole: Annotated[bool, typer.Option("--whole", help="All items that can be had, not only the paper's.")] = False,
    every: Annotated[int, typer.Option(min=1, help="Only every so manyth item: a sample.")] = 1,
    json: Json = False,
) -> None:
    """Time of the sub-goal tree for each of the 262 items, or of all there are, with the ways that its tree needs known."""
    from gitm.bench.techtree import items_of
    from gitm.bench.trees import times

    found = times((items_of(None)[1] if whole else list(paper_rates()))[::every])
    values = [seconds * 1000 for seconds in found.values()]
    worst = max(found, key=found.__getitem__)
    report = header("tree", whole=whole, every=every) | {
        "items": len(found),
        "median_ms": median(values),
        "p90_ms": quantile(values, 0.9),
        "worst_ms": max(values),
        "worst_item": worst,
    }
    figures = f"median {median(values):.2f} ms, p90 {quantile(values, 0.9):.2f} ms, worst {max(values):.2f} ms ({worst})"
    tell(report, [f"tree of {len(found)} items: {figures}"], as_json=json)


def stub(*, json: Json = False) -> None:
    """Speed of the stub world: actions a second, reset, import, memory; beside crafter when it is installed (extra ``bench``)."""
    from gitm.bench.games import recorded
    from gitm.bench.stub import measure

    figures = measure(replay={seed: recorded("diamond_pickaxe", seed) for seed in range(1, 6)})
    lines = [f"{name}: {value}" for name, value in figures.items()]
    tell(header("stub") | figures, lines, as_json=json)


def start(*, repeat: Annotated[int, typer.Option(min=1)] = 5, json: Json = False) -> None:
    """Seconds from ``gitm run`` to its first action, cold (a fresh home) and warm, and of ``gitm --help``."""
    from gitm.bench.start import measure

    figures = measure(repeat)
    lines = [f"{name}: {value:.2f} s" for name, value in figures.items()]
    tell(header("start", repeat=repeat) | figures, lines, as_json=json)
