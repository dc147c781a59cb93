"""The figures of GITM's paper that ours stand beside."""

from __future__ import annotations

import csv
from pathlib import Path

GITM_BUDGET = 12_000  # ticks of a game of GITM's ObtainDiamond (paper, section 4)


def paper_rates() -> dict[str, float]:
    """GITM's success per item in percent (figure of the 262 items), by modern name."""
    with (Path(__file__).parent / "gitm262.csv").open(encoding="utf-8", newline="") as file:
        return {row["modern_id"]: float(row["gitm_success_pct"]) for row in csv.DictReader(file)}
