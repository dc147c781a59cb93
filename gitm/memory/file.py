"""The SQLite file: made, checked, brought up to date, and set aside when it is damaged.

A new file is made complete under another name and linked into place, so an empty one is never a file in the making but always damage.
``PRAGMA user_version`` is the version of the tables; 0 is the first one, which had no number.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: two processes that set a damaged file aside at the same moment may set one aside too many
    fcntl = None

Note = Callable[[str], None]

VERSION = 3
_PATIENCE = 20.0  # seconds to wait for another process's write
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_WAYS = """
CREATE TABLE IF NOT EXISTS ways (
    item TEXT NOT NULL, knowledge TEXT NOT NULL, llm TEXT NOT NULL, ways TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (item, knowledge, llm)
);
CREATE TABLE IF NOT EXISTS proven (
    item TEXT NOT NULL, knowledge TEXT NOT NULL, llm TEXT NOT NULL, way TEXT NOT NULL, PRIMARY KEY (item, knowledge, llm, way)
);
"""
_PLANS = """
CREATE TABLE IF NOT EXISTS plans (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rules TEXT NOT NULL, version TEXT NOT NULL, subgoal TEXT NOT NULL, situation TEXT NOT NULL,
    actions TEXT NOT NULL, wants INTEGER NOT NULL DEFAULT 0, ticks INTEGER NOT NULL,
    successes INTEGER NOT NULL DEFAULT 1, failures INTEGER NOT NULL DEFAULT 0,
    origin TEXT NOT NULL DEFAULT 'run', reference INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    UNIQUE (rules, subgoal, situation, wants, actions)
);
CREATE INDEX IF NOT EXISTS plans_by_situation ON plans (rules, subgoal, situation);
CREATE TABLE IF NOT EXISTS condensed (
    rules TEXT NOT NULL, subgoal TEXT NOT NULL, situation TEXT NOT NULL, wants INTEGER NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (rules, subgoal, situation, wants)
);
"""
_AGREED = """
CREATE TABLE IF NOT EXISTS agreed (
    rules TEXT NOT NULL, subgoal TEXT NOT NULL, plan TEXT NOT NULL, refusal TEXT NOT NULL, knowledge TEXT NOT NULL, llm TEXT NOT NULL,
    PRIMARY KEY (rules, subgoal, plan, refusal, knowledge, llm)
);
"""
_TABLES = f"{_WAYS} {_PLANS} {_AGREED} PRAGMA user_version = {VERSION}"
#: From the first version: situations were told apart less finely then, so its plans are not taken over; what was read is.
_FROM_FIRST = "DROP TABLE IF EXISTS plans;"
_COLUMNS = {
    "ways": "item, knowledge, llm, ways, at",
    "proven": "item, knowledge, llm, way",
    "plans": "id, rules, version, subgoal, situation, actions, wants, ticks, successes, failures, origin, reference, at",
    "condensed": "rules, subgoal, situation, wants, times",
    "agreed": "rules, subgoal, plan, refusal, knowledge, llm",
}


class _Damaged(Exception):
    """The file is there, and is no memory of ours that can be used."""


def in_process() -> sqlite3.Connection:
    """A memory that ends with this process."""
    db = _connect(":memory:")
    _build(db)
    return db


def open_file(path: Path, note: Note) -> sqlite3.Connection:
    """The checked file; a damaged one is set aside under a new name, and where none can be used this process's memory takes its place.

    Both are said through ``note``.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _turn(path):
            return _opened(path, note)
    except (OSError, sqlite3.Error, _Damaged) as error:
        note(f"the memory {path} cannot be used ({error}), so nothing is remembered beyond this run; give another folder with --home")
        return in_process()


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is broken (and not the disk full, or the file locked)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """One process at a time makes, checks and sets aside; the lock ends with the process that holds it."""
    with path.with_name(f"{path.name}.lock").open("a") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _opened(path: Path, note: Note) -> sqlite3.Connection:
    """The checked file, or a new one in its place when it is damaged."""
    _make(path)
    try:
        return _checked(path)
    except (_Damaged, sqlite3.DatabaseError) as error:
        if not isinstance(error, _Damaged) and not is_damage(error):
            raise
        aside = _set_aside(path)
        note(f"the memory {path} {_reason(error)}; it was set aside as {aside.name}, and a new one was begun")
    _make(path)
    return _checked(path)


def _connect(path: Path | str, *, make: bool = True) -> sqlite3.Connection:
    name = str(path) if make else f"file:{quote(str(path))}?mode=rw"
    db = sqlite3.connect(name, timeout=_PATIENCE, isolation_level=None, uri=not make)
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")  # a damaged row is skipped, not fatal
    return db


def _build(db: sqlite3.Connection) -> None:
    db.executescript(f"BEGIN IMMEDIATE; {_TABLES}; COMMIT;")


def _make(path: Path) -> None:
    """Make a new file, unless there is one; nobody ever sees half of it."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}-{secrets.token_hex(4)}.new")
    try:
        db = _connect(draft)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            _build(db)
        finally:
            db.close()
        try:
            with suppress(FileExistsError):
                os.link(draft, path)
        except OSError:  # a file system without links
            if not path.exists():
                draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _checked(path: Path) -> sqlite3.Connection:
    """The opened file; raises :class:`_Damaged` or SQLite's own errors."""
    if path.is_file() and path.stat().st_size == 0:
        raise _Damaged("is empty")
    db = _connect(path, make=False)
    try:
        if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise _Damaged(f"is damaged ({found.splitlines()[-1]})")  # noqa: TRY301 - one exit for every fault, which closes the file
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        _update(db)
        for table, columns in _COLUMNS.items():
            try:
                db.execute(f"SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608 - fixed names
            except sqlite3.OperationalError as error:
                raise _Damaged(f"is no memory of gitm ({error})") from error
    except BaseException:
        db.close()
        raise
    return db


def _update(db: sqlite3.Connection) -> None:
    """Bring the tables up to date. Nothing happens, and nothing is locked, when they are."""
    if db.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]  # another process may have done it just now
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")}
        if not 0 <= version <= VERSION:
            raise _Damaged(f"is of version {version}, which this gitm does not know (it writes version {VERSION})")
        if tables and not tables & _COLUMNS.keys():
            raise _Damaged("is no memory of gitm")
        if version < VERSION:
            for statement in f"{_FROM_FIRST if version == 0 else ''} {_TABLES}".split(";"):
                db.execute(statement)
    finally:
        db.execute("COMMIT")


def _set_aside(path: Path) -> Path:
    """Move the file, and what SQLite keeps beside it, to a name not used before; the new path."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    aside = path.with_name(f"{path.name}.damaged-{stamp}-{secrets.token_hex(2)}")
    path.rename(aside)
    for ending in ("-wal", "-shm"):  # a log left behind would be applied to the new file
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, _Damaged) else f"is damaged ({error})"
