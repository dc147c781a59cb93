"""What was learned, in one SQLite file: ways that were read, and plans that worked (GITM's text memory).

The file is the truth, unlike the Chroma index. A way is kept under the hash of the passages it was read from, so changed guides
are read anew. A plan is kept under the rules of the world it worked in and the situation it started from; outcome counts decide
which one is the reference. Several processes may share the file.
"""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gitm.actions import Action, Apply, Attack, Craft, Mine, Smelt
from gitm.errors import SetupError
from gitm.types import Frozen, Observation, SubGoal, Way

_MOST = 2304  # the largest count of one action: 36 slots of 64
_WAYS: TypeAdapter[tuple[Way, ...]] = TypeAdapter(tuple[Way, ...])
_ACTIONS: TypeAdapter[tuple[Action, ...]] = TypeAdapter(tuple[Action, ...])
_SCHEMA = """
CREATE TABLE IF NOT EXISTS ways (
    item TEXT NOT NULL, knowledge TEXT NOT NULL, llm TEXT NOT NULL, ways TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (item, knowledge, llm)
);
CREATE TABLE IF NOT EXISTS plans (
    id INTEGER PRIMARY KEY, rules TEXT NOT NULL, version TEXT NOT NULL, subgoal TEXT NOT NULL, situation TEXT NOT NULL,
    actions TEXT NOT NULL, scales INTEGER NOT NULL, ticks INTEGER NOT NULL,
    successes INTEGER NOT NULL DEFAULT 1, failures INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    UNIQUE (rules, subgoal, situation, actions)
);
CREATE INDEX IF NOT EXISTS plans_by_subgoal ON plans (rules, subgoal, situation);
"""


class Remembered(Frozen):
    """A plan that worked for a sub-goal in a situation, with its outcomes so far. ``scales``: its last count is the amount wanted."""

    id: int
    subgoal: str
    situation: str
    actions: tuple[Action, ...]
    scales: bool
    ticks: int
    successes: int
    failures: int

    def fitted(self, task: SubGoal) -> tuple[Action, ...]:
        """The actions for the amount that is wanted now."""
        return _with_amount(self.actions, task.batches, task.count) if self.scales else self.actions


def situation(task: SubGoal, seen: Observation) -> str:
    """What of an observation decides whether a plan can be used again: depth, whether the source and the stations are near."""
    parts = ["underground" if seen.underground else "surface"]
    sought = task.way.sought
    if sought:
        parts.append("reaches" if seen.near(sought) else "sees" if seen.near(sought, math.inf) else "far")
    parts += [f"{stack.item} {'near' if seen.near(stack.item) else 'away'}" for stack in task.way.stations]
    if task.way.place.night:
        parts.append("day" if seen.day else "night")
    return ", ".join(parts)


class Memory:
    """The SQLite file. Every method is one transaction; ``close`` when done."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; None keeps everything in this process. Raises :class:`SetupError` when it cannot be used."""
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path or ":memory:", timeout=20, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")  # a damaged row is skipped, not fatal
            self._db.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise SetupError(f"{path}: the memory cannot be opened ({error}); move it away, or use another --home") from error

    def ways(self, item: str, knowledge: str, llm: str) -> tuple[Way, ...] | None:
        """The ways read for an item from exactly this knowledge by this LLM, or None."""
        query = "SELECT ways FROM ways WHERE item = ? AND knowledge = ? AND llm = ?"
        with closing(self._db.execute(query, (item, knowledge, llm))) as rows:
            row = rows.fetchone()
        try:
            return _WAYS.validate_json(row[0]) if row else None
        except ValidationError:  # written by another version of the program: read again
            return None

    def keep_ways(self, item: str, knowledge: str, llm: str, ways: Sequence[Way]) -> None:
        """Keep what was read."""
        row = (item, knowledge, llm, _WAYS.dump_json(tuple(ways)).decode(), time.time())
        self._db.execute("INSERT OR REPLACE INTO ways VALUES (?, ?, ?, ?, ?)", row)

    def recall(self, rules: str, task: SubGoal, situation: str) -> Remembered | None:
        """The reference plan for a sub-goal in a situation: most often right, then quickest, then oldest. None when none is trusted."""
        query = (
            "SELECT id, subgoal, situation, actions, scales, ticks, successes, failures FROM plans "
            "WHERE rules = ? AND subgoal = ? AND situation = ? AND successes > failures "
            "ORDER BY successes - failures DESC, ticks, id"
        )
        with closing(self._db.execute(query, (rules, task.key, situation))) as rows:
            return next(filter(None, map(_remembered, rows)), None)

    def keep_plan(self, rules: str, version: str, task: SubGoal, situation: str, actions: Sequence[Action], ticks: int) -> None:
        """Keep a plan that the world confirmed, or count one more success of it."""
        scales = _with_amount(actions, task.batches, task.count) == tuple(actions)
        normal = _with_amount(actions, 1, task.way.count) if scales else tuple(actions)
        row = (rules, version, task.key, situation, _ACTIONS.dump_json(normal).decode(), scales, ticks, time.time())
        self._db.execute(
            "INSERT INTO plans (rules, version, subgoal, situation, actions, scales, ticks, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (rules, subgoal, situation, actions) "
            "DO UPDATE SET successes = successes + 1, ticks = (ticks + excluded.ticks) / 2",
            row,
        )

    def demote(self, plan_id: int) -> None:
        """A remembered plan failed."""
        self._db.execute("UPDATE plans SET failures = failures + 1 WHERE id = ?", (plan_id,))

    def counts(self) -> dict[str, int]:
        """How many ways and plans are kept."""
        return {table: self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("ways", "plans")}  # noqa: S608 - fixed names

    def close(self) -> None:
        """Release the file."""
        self._db.close()


def _remembered(row: tuple[object, ...]) -> Remembered | None:
    """The plan in a row; None for one that is damaged or was written by another version of the program."""
    names = ("id", "subgoal", "situation", "actions", "scales", "ticks", "successes", "failures")
    try:
        return Remembered.model_validate(dict(zip(names, row, strict=True)) | {"actions": json.loads(str(row[3]))})
    except ValueError:  # no JSON; pydantic's error is one as well
        return None


def _with_amount(actions: Sequence[Action], batches: int, count: int) -> tuple[Action, ...]:
    """The actions with the last count set: to ``count`` items for crafting and smelting, else to ``batches`` performances."""
    result = list(actions)
    for at in reversed(range(len(result))):
        if isinstance(action := result[at], Craft | Smelt | Mine | Attack | Apply):
            amount = min(_MOST, count if isinstance(action, Craft | Smelt) else batches)
            result[at] = action.model_copy(update={"count": amount})
            break
    return tuple(result)
