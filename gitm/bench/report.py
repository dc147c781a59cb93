"""What every bench says besides its figures: seeds, versions, machine, time; and how it prints."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import typer

_PACKAGES = ("gitm-agent", "pydantic", "chromadb", "openai", "ortools", "onnxruntime", "crafter")


def header(bench: str, **settings: Any) -> dict[str, Any]:
    """Where and with what a bench was run."""
    return {
        "bench": bench,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": settings,
        "machine": {"python": platform.python_version(), "system": platform.system(), "arch": platform.machine(), "cores": os.cpu_count()},
        "versions": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def tell(report: dict[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    """Print the report as one JSON object, or as lines for people."""
    typer.echo(json.dumps(report, indent=2, sort_keys=False) if as_json else "\n".join(lines))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank); 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % confidence interval of a rate, as shares (Wilson 1927); (0, 1) of no trials."""
    if trials == 0:
        return 0.0, 1.0
    z, rate = 1.959964, successes / trials
    middle = (rate + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate_text(successes: int, trials: int) -> str:
    """``97.5 % (95.1-98.7)``: a rate and its 95 % confidence interval, in percent."""
    if trials == 0:
        return "-"
    low, high = interval(successes, trials)
    return f"{100 * successes / trials:.1f} % ({100 * low:.1f}-{100 * high:.1f})"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
