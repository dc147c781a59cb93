"""How long a user waits: the command line's own start, and the first action of a run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from statistics import median
from time import perf_counter

_COMMAND = [sys.executable, "-m", "gitm"]


def measure(repeat: int) -> dict[str, float]:
    """Median seconds of each."""
    helps = [_seconds([*_COMMAND, "--help"]) for _ in range(repeat)]
    with tempfile.TemporaryDirectory(prefix="gitm-bench-") as home:
        cold = _first_action(home)
        warm = [_first_action(home) for _ in range(repeat)]
    return {"help": median(helps), "first_action_cold": cold, "first_action_warm": median(warm)}


def _seconds(command: list[str]) -> float:
    started = perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
    return perf_counter() - started


def _first_action(home: str) -> float:
    """Seconds until a run in this home has done one action; a goal that takes just one."""
    return _seconds([*_COMMAND, "run", "dirt", "--home", home, "--quiet"])
