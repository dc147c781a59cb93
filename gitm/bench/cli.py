"""``gitm bench``: what the project claims, measured. Each bench prints a table, or with ``--json`` all of its figures."""

from __future__ import annotations

import typer

from gitm.bench.commands import (
    ablation,
    bridge,
    changed_worlds,
    diamond,
    faults,
    generations,
    gitm262,
    impossible,
    kills,
    noise,
    plan_quality,
    real,
    retrieval,
    speed,
    tech_tree,
)

app = typer.Typer(help="Measure what the project claims. Long benches can be interrupted and go on where they were.", add_completion=False)

app.command("gitm262")(gitm262.gitm262)
app.command("tech-tree")(tech_tree.tech_tree)
app.command("diamond")(diamond.diamond)
app.command("tree")(speed.tree)
app.command("stub")(speed.stub)
app.command("start")(speed.start)
app.command("changed-worlds")(changed_worlds.changed_worlds)
app.command("impossible")(impossible.impossible)
app.command("plan-quality")(plan_quality.plan_quality)
app.command("generations")(generations.generations)
app.command("ablation")(ablation.ablation)
app.command("noise")(noise.noise)
app.command("faults")(faults.faults)
app.command("retrieval")(retrieval.retrieval)
app.command("kills")(kills.kills)
app.command("real")(real.real)
app.command("bridge")(bridge.bridge)
