"""The jobs of a bench, its games among them, and where it keeps their single results; with a bar of progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitm.bench.games import Result
    from gitm.bench.pool import J, R


def play_games(
    name: str, items: list[str], seeds: int, max_ticks: int, workers: int | None, log: Path | None, *, fresh: bool
) -> tuple[list[Result], float]:
    """The games of a bench in the stub with the reader, and the seconds they took now."""
    from gitm.bench.games import Game, Result, play

    games = [Game(item=item, seed=seed, max_ticks=max_ticks) for item in items for seed in range(1, seeds + 1)]
    return run_jobs(name, games, play, Result, log_of(name, log, fresh=fresh), workers)


def run_jobs(name: str, jobs: Sequence[J], work: Callable[[J], R], kind: type[R], path: Path, workers: int | None) -> tuple[list[R], float]:
    """The results of all jobs, as :func:`gitm.bench.pool.run_all` gives them, and the seconds they took now."""
    from gitm.bench.pool import run_all

    started = perf_counter()
    with progress(f"{name} ({path})", len(jobs)) as step:
        results = run_all(jobs, work, kind, path, workers=workers, told=lambda _: step())
    return results, round(perf_counter() - started, 1)


def log_of(name: str, log: Path | None, *, fresh: bool) -> Path:
    """The file of single results: the one given, else one in the home folder; emptied when the bench begins anew."""
    from gitm.config import resolve

    path = log or resolve().settings.home / "bench" / f"{name}.jsonl"
    if fresh:
        path.unlink(missing_ok=True)
    return path


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr that is gone at the end; what is given advances it by one."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)
