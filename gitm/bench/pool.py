"""Many independent jobs on all cores, each result appended to a log as it comes, so that an interrupted bench goes on where it was."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from gitm.types import Frozen

J = TypeVar("J", bound=Frozen)
R = TypeVar("R", bound=Frozen)

#: New objects between two collections of garbage. Rule books, passages and ways are many small objects that stay, and to look them all
#: through again and again takes a twelfth of a game.
SELDOM = 100_000


def run_all(
    jobs: Sequence[J],
    work: Callable[[J], R],
    kind: type[R],
    log: Path,
    *,
    workers: int | None = None,
    told: Callable[[R], None] | None = None,
) -> list[R]:
    """The results of all jobs, in their order; those the log holds are not done again.

    A result repeats the fields of its job, which is how the log knows it. ``work`` is a function at the top of a module, since
    it runs in processes of its own (in this one with ``workers=1``).
    """
    known = {_key(result, jobs[0]): result for result in read_log(log, kind)} if jobs else {}
    todo = [job for job in jobs if _key(job, job) not in known]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        for result in _results(todo, work, workers or os.cpu_count() or 1):
            known[_key(result, jobs[0])] = result
            file.write(result.model_dump_json() + "\n")
            file.flush()
            if told:
                told(result)
    return [known[_key(job, job)] for job in jobs]


def read_log(log: Path, kind: type[R]) -> Iterator[R]:
    """The results of an earlier run; a half-written last line is dropped, and so is what another version of the bench wrote."""
    if not log.exists():
        return
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            yield kind.model_validate(json.loads(line))
        except ValueError:
            continue


def _key(thing: Frozen, job: Frozen) -> str:
    """What identifies a job, found again in its result."""
    return thing.model_dump_json(include=set(type(job).model_fields))


def _results(jobs: Sequence[J], work: Callable[[J], R], workers: int) -> Iterator[R]:
    if workers == 1 or len(jobs) < 2:
        yield from map(work, jobs)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=gc.set_threshold, initargs=(SELDOM,)) as pool:
        faults = []
        for done in as_completed([pool.submit(work, job) for job in jobs]):
            if (fault := done.exception()) is None:
                yield done.result()
            else:  # the other jobs are not in vain
                faults.append(fault)
    if faults:
        raise faults[0]
