"""What was learned, in one SQLite file: ways that were read, and plans that worked (GITM's text memory).

The file is the truth, unlike the Chroma index. A way is kept under the hash of the passages it was read from, so changed guides
are read anew. A plan is kept under the rules of the world it worked in and the situation it started from; outcome counts decide
which one is the reference. Several processes may share the file. ``docs/memory.md`` tells more.
"""

# ruff: noqa: S608 - statements are put together from fixed parts; values are always bound

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gitm.actions import Action
from gitm.memory.agreements import Agreement
from gitm.memory.file import Note, in_process, open_file
from gitm.memory.plans import Remembered, actions_json, alike, normal, outline, remembered, situation
from gitm.memory.ways import KnownWays
from gitm.types import SubGoal, Way

__all__ = ["MEMORY", "SUCCESSES", "Agreement", "KnownWays", "Memory", "Remembered", "alike", "outline", "situation"]

MEMORY = "memory.sqlite"  # the file's name in a home folder
SUCCESSES = 5  # of a sub-goal, after which its plans are condensed to a reference plan (GITM: N = 5)
_WAYS: TypeAdapter[tuple[Way, ...]] = TypeAdapter(tuple[Way, ...])
_NAMES = tuple(Remembered.model_fields)
_PLAN = f"SELECT {', '.join(_NAMES)} FROM plans"
_SAME = "rules = ? AND subgoal = ? AND situation = ?"
_TRUSTED = "(successes > failures OR (origin = 'condensed' AND successes = 0 AND failures = 0))"
_BEST_FIRST = "ORDER BY reference DESC, successes - failures DESC, ticks, id"
_OF_ITEM = "substr(subgoal, 1, length(?) + 4) = ? || ' by '"


class Memory:
    """The SQLite file. Every method is one transaction; ``close`` when done."""

    def __init__(self, path: Path | None, note: Note = lambda _: None, successes: int = SUCCESSES) -> None:
        """Open or create the file; None keeps everything in this process.

        What a user should know is said through ``note``: a damaged file that was set aside, one that cannot be used (the memory of this
        process then takes its place). ``successes``: how many of a sub-goal until its plans are due to be condensed.
        """
        self.path, self.successes, self._note = path, successes, note
        self._db = in_process() if path is None else open_file(path, note)

    # --- ways ------------------------------------------------------------------------------------------------

    def ways(self, item: str, knowledge: str, llm: str) -> tuple[Way, ...] | None:
        """The ways read for an item from exactly this knowledge by this LLM, or None."""
        rows = self._do("SELECT ways FROM ways WHERE item = ? AND knowledge = ? AND llm = ?", (item, knowledge, llm))
        try:
            return _WAYS.validate_json(rows[0][0]) if rows else None
        except ValidationError:  # written by another version of the program: read again
            return None

    def keep_ways(self, item: str, knowledge: str, llm: str, ways: Sequence[Way]) -> None:
        """Keep what was read."""
        row = (item, knowledge, llm, _WAYS.dump_json(tuple(ways)).decode(), time.time())
        self._do("INSERT OR REPLACE INTO ways VALUES (?, ?, ?, ?, ?)", row)

    def prove_way(self, item: str, knowledge: str, llm: str, key: str) -> None:
        """A sub-goal was achieved by the way of that key, which was read from this knowledge."""
        self._do("INSERT OR IGNORE INTO proven VALUES (?, ?, ?, ?)", (item, knowledge, llm, key))

    def doubt_way(self, item: str, knowledge: str, llm: str, key: str) -> None:
        """The world said no to the way of that key. Unless it is proven, all that was read with it is forgotten and will be asked anew."""
        read = (item, knowledge, llm)
        self._do(
            "DELETE FROM ways WHERE item = ? AND knowledge = ? AND llm = ? "
            "AND NOT EXISTS (SELECT 1 FROM proven WHERE item = ? AND knowledge = ? AND llm = ? AND way = ?)",
            (*read, *read, key),
        )

    # --- plans -----------------------------------------------------------------------------------------------

    def recall(self, rules: str, task: SubGoal, situation: str) -> Remembered | None:
        """The reference plan for a sub-goal in a situation: the condensed one, then the most often right, quickest, oldest.

        None when none is trusted. Nothing from a world with other rules is ever recalled, nor a plan for another amount.
        """
        query = f"{_PLAN} WHERE {_SAME} AND wants IN (0, ?) AND {_TRUSTED} {_BEST_FIRST}"
        return next(self._plans(query, (rules, task.key, situation, task.count)), None)

    def keep_plan(self, rules: str, version: str, task: SubGoal, situation: str, actions: Sequence[Action], ticks: int) -> None:
        """Keep a plan that the world confirmed, or count one more success of it; not one that did more than the sub-goal takes."""
        if (plan := normal(actions, task)) is None:
            return
        kept, wants = plan
        self._do(
            "INSERT INTO plans (rules, version, subgoal, situation, actions, wants, ticks, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (rules, subgoal, situation, wants, actions) "
            "DO UPDATE SET ticks = (ticks * successes + excluded.ticks) / (successes + 1), successes = successes + 1",
            (rules, version, task.key, situation, actions_json(kept), wants, ticks, time.time()),
        )

    def confirm(self, plan_id: int, ticks: int) -> None:
        """A remembered plan that was followed worked once more (perhaps with another tool or fuel, so it is not kept as another one)."""
        query = "UPDATE plans SET ticks = (ticks * successes + ?) / (successes + 1), successes = successes + 1 WHERE id = ?"
        self._do(query, (ticks, plan_id))

    def demote(self, plan_id: int) -> None:
        """A remembered plan failed."""
        self._do("UPDATE plans SET failures = failures + 1 WHERE id = ?", (plan_id,))

    def agreed(self, agreement: Agreement) -> bool:
        """Whether the LLM was asked just that before and knew no other plan."""
        values = agreement.model_dump()
        where = " AND ".join(f"{name} = ?" for name in values)
        return bool(self._do(f"SELECT 1 FROM agreed WHERE {where}", tuple(values.values())))

    def keep_agreement(self, agreement: Agreement) -> None:
        """The LLM was asked and knew no other plan."""
        values = agreement.model_dump()
        self._do(f"INSERT OR IGNORE INTO agreed ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))

    # --- condensing ------------------------------------------------------------------------------------------

    def due(self, rules: str, task: SubGoal, situation: str) -> tuple[Remembered, ...]:
        """The trusted plans of a sub-goal in a situation, the cheapest first, when it is time to condense them; else none.

        It is time after so many successes, and again after as many more. Asking takes the turn: of two processes one gets the plans.
        """
        with self._transaction():
            for wants in (0, task.count):
                key = (rules, task.key, situation, wants)
                total = self._do(f"SELECT COALESCE(SUM(successes), 0) FROM plans WHERE {_SAME} AND wants = ?", key)[0][0]
                times = self._do(f"SELECT COALESCE(MAX(times), 0) FROM condensed WHERE {_SAME} AND wants = ?", key)[0][0]
                if total >= self.successes * (times + 1):
                    self._do("INSERT OR REPLACE INTO condensed VALUES (?, ?, ?, ?, ?)", (*key, total // self.successes))
                    query = f"{_PLAN} WHERE {_SAME} AND wants = ? AND successes > failures ORDER BY ticks, id"
                    return tuple(self._plans(query, key))
        return ()

    def refer(self, plan: Remembered) -> None:
        """Make a plan the reference of its sub-goal and situation."""
        with self._transaction():
            key = (plan.rules, plan.subgoal, plan.situation, plan.wants)
            self._do(f"UPDATE plans SET reference = (id = ?) WHERE {_SAME} AND wants = ?", (plan.id, *key))

    def propose(self, like: Remembered, actions: Sequence[Action]) -> None:
        """Put a condensed plan on trial: recalled first, but trusted no longer than until the world says no to it.

        One that is among the plans that worked becomes the reference at once; one that has failed before stays what it is.
        """
        with self._transaction():
            self._do(
                "INSERT OR IGNORE INTO plans (rules, version, subgoal, situation, actions, wants, ticks, successes, origin, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 0, 'condensed', ?)",
                (like.rules, like.version, like.subgoal, like.situation, actions_json(actions), like.wants, like.ticks, time.time()),
            )
            key = (like.rules, like.subgoal, like.situation, like.wants)
            self._do(f"UPDATE plans SET reference = (actions = ?) WHERE {_SAME} AND wants = ?", (actions_json(actions), *key))

    # --- looking after it ------------------------------------------------------------------------------------

    def plans(self, item: str | None = None) -> tuple[Remembered, ...]:
        """Every plan, or those of an item."""
        where, values = (f"WHERE {_OF_ITEM}", (item, item)) if item else ("", ())
        return tuple(self._plans(f"{_PLAN} {where} ORDER BY subgoal, rules, situation, reference DESC, id", values))

    def plan(self, plan_id: int) -> Remembered | None:
        """The plan of that number."""
        return next(self._plans(f"{_PLAN} WHERE id = ?", (plan_id,)), None)

    def known(self) -> tuple[KnownWays, ...]:
        """All ways that were read; damaged entries are passed over."""
        found = []
        for item, knowledge, llm, ways in self._do("SELECT item, knowledge, llm, ways FROM ways ORDER BY item, at"):
            with suppress(ValidationError):
                found.append(KnownWays(item=item, knowledge=knowledge, llm=llm, ways=_WAYS.validate_json(ways)))
        return tuple(found)

    def forget(self, *, item: str | None = None, plan_id: int | None = None, everything: bool = False) -> int:
        """Forget a plan, all that is known of an item, or everything; how many entries that were."""
        with self._transaction():
            if plan_id is not None:
                return self._gone("DELETE FROM plans WHERE id = ? RETURNING 1", (plan_id,))
            if item is not None:
                self._do(f"DELETE FROM condensed WHERE {_OF_ITEM}", (item, item))
                self._do("DELETE FROM proven WHERE item = ?", (item,))
                self._do(f"DELETE FROM agreed WHERE {_OF_ITEM}", (item, item))
                plans = self._gone(f"DELETE FROM plans WHERE {_OF_ITEM} RETURNING 1", (item, item))
                return plans + self._gone("DELETE FROM ways WHERE item = ? RETURNING 1", (item,))
            if everything:
                for table in ("condensed", "proven", "agreed"):
                    self._do(f"DELETE FROM {table}")
                return self._gone("DELETE FROM plans RETURNING 1", ()) + self._gone("DELETE FROM ways RETURNING 1", ())
        return 0

    def take_in(self, plans: Sequence[Remembered], ways: Sequence[KnownWays]) -> None:
        """Add plans and ways from elsewhere, all or none. Of a plan known already the higher counts are kept, so twice is as once."""
        with self._transaction():
            for plan in plans:
                values = plan.model_dump(exclude={"id", "actions", "reference"})
                names = (*values, "actions", "at")
                self._do(
                    f"INSERT INTO plans ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "
                    "ON CONFLICT (rules, subgoal, situation, wants, actions) DO UPDATE SET "
                    "successes = MAX(successes, excluded.successes), failures = MAX(failures, excluded.failures)",
                    (*values.values(), actions_json(plan.actions), time.time()),
                )
            for entry in ways:
                row = (entry.item, entry.knowledge, entry.llm, _WAYS.dump_json(entry.ways).decode(), time.time())
                self._do("INSERT OR IGNORE INTO ways VALUES (?, ?, ?, ?, ?)", row)

    def counts(self) -> dict[str, int]:
        """How many ways and plans are kept."""
        return {table: self._do(f"SELECT count(*) FROM {table}")[0][0] for table in ("ways", "plans")}

    def close(self) -> None:
        """Release the file."""
        with suppress(sqlite3.Error):  # what could not be written has been said
            self._db.close()

    # --- how -------------------------------------------------------------------------------------------------

    def _plans(self, query: str, values: Sequence[Any]) -> Iterator[Remembered]:
        return filter(None, (remembered(row, _NAMES) for row in self._do(query, values)))

    def _gone(self, query: str, values: Sequence[Any]) -> int:
        return len(self._do(query, values))

    def _do(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement. A file that fails (disk full, malformed page) is let go, and this process remembers for itself."""
        try:
            with closing(self._db.execute(query, values)) as rows:
                return rows.fetchall()
        except sqlite3.ProgrammingError:  # our own fault
            raise
        except sqlite3.Error as error:
            if self.path is None:
                raise
            self._let_go(error)
            with closing(self._db.execute(query, values)) as rows:
                return rows.fetchall()

    def _let_go(self, error: sqlite3.Error) -> None:
        self._note(
            f"the memory {self.path} failed ({error}), so nothing more is kept in this run; free some disk space, or give another --home"
        )
        self.close()
        self.path, self._db = None, in_process()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing; other processes wait."""
        self._do("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._end("ROLLBACK")
            raise
        self._end("COMMIT")

    def _end(self, how: str) -> None:
        if self._db.in_transaction:  # not after the file was let go
            self._do(how)
