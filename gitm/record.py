"""The run record: a run's events as a file, one JSON line each, and what can be read back from it.

``docs/record.md`` documents the format. Fields that have their default are left out, and a way or a sub-goal that was written
before is written as a reference to it, which makes a record less than half as large.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pydantic import BaseModel, ValidationError

from gitm.errors import BadFile, GitmError, NotReached, SetupError
from gitm.events import EVENT, Ended, Event
from gitm.tally import Summary, Tally, summary
from gitm.types import Frozen, Goal, SubGoal, Way

__all__ = ["FORMAT", "Header", "Run", "RunRecord", "Summary", "find_run", "gitm_version", "read_run", "run_paths", "summary"]

FORMAT = 1
_TAGS = ("kind", "name")  # they have a default and say which model it is


def gitm_version() -> str:
    """The installed version of this package."""
    try:
        return version("gitm-agent")
    except PackageNotFoundError:
        return "unknown"


class Header(Frozen):
    """The first line of a record."""

    format: int = FORMAT
    gitm: str = ""
    started: str = ""  # UTC, ISO 8601


class Run(Frozen):
    """A record read back. ``times`` are seconds since the start, one for each event.

    ``size`` is the number of bytes of its whole lines, ``closed`` whether the last of these has its newline, ``parts`` the highest
    number that a way or a sub-goal carries.
    """

    path: Path
    header: Header = Header()
    events: tuple[Event, ...] = ()
    times: tuple[float, ...] = ()
    size: int = 0
    closed: bool = True
    parts: int = 0

    @property
    def seconds(self) -> float:
        """How long the run took, as far as it is recorded."""
        return self.times[-1] if self.times else 0.0

    @property
    def summary(self) -> Summary:
        """The run in figures."""
        return summary(self.events, seconds=self.seconds, run=str(self.path))


class RunRecord:
    """The file of a running run; a context manager.

    Every event is flushed as it happens, so a run that dies leaves all but its last line. Leaving the block on an error
    or Ctrl-C adds a last :class:`Ended` line that says so. The file is locked while it is written.
    """

    def __init__(self, path: Path, file: IO[str], past: Run | None = None) -> None:
        """A record in an empty file, or one that goes on after the ``past`` that the file holds."""
        self.path = path
        self.tally = Tally()
        self.seconds = past.seconds if past else 0.0
        self.interrupted = False
        self._file = file
        self._start = time.monotonic() - self.seconds
        self._packer = _Packer(past.parts if past else 0)
        for event in past.events if past else ():
            self.tally.add(event)
        if past is None:
            self._write(Header(gitm=gitm_version(), started=datetime.now(UTC).isoformat(timespec="seconds")).model_dump())

    @classmethod
    def reopen(cls, path: Path) -> tuple[Run, Self]:
        """What a record holds, and the record to go on with; half a last line is cut off.

        Raises :class:`SetupError` when it is still being written, cannot be written, or is damaged.
        """
        try:
            file = path.open("a", encoding="utf-8", newline="\n")
            try:
                _lock(file, path)
                past = read_run(path)
                file.truncate(past.size)  # one system call: whatever happens, the old end or the new one is there
                if not past.closed:
                    file.write("\n")
                    file.flush()
                return past, cls(path, file, past)
            except BaseException:
                file.close()
                raise
        except OSError as error:
            raise SetupError(f"{path} cannot be written ({error.strerror}), so its run cannot go on; mend its rights") from error

    @classmethod
    def create(cls, home: Path, goal: Goal, now: datetime | None = None) -> Self:
        """A new file ``home/runs/<UTC time>-<goal>.jsonl``; an existing one is never overwritten. Raises :class:`SetupError`."""
        slug = re.sub(r"[^a-z0-9]+", "-", str(goal).lower()).strip("-")[:60] or "goal"
        name = f"{now or datetime.now(UTC):%Y%m%dT%H%M%SZ}-{slug}"
        folder = home / "runs"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for number in range(1, 10_000):
                path = folder / (f"{name}.jsonl" if number == 1 else f"{name}-{number}.jsonl")
                try:
                    file = path.open("x", encoding="utf-8", newline="\n")
                except FileExistsError:
                    continue
                _lock(file, path)
                return cls(path, file)
        except OSError as error:
            raise SetupError(f"cannot write a run record in {folder} ({error.strerror}); choose another place with --home") from error
        raise SetupError(f"{folder} holds too many runs named {name}; remove some")

    def add(self, event: Event) -> None:
        """Write one event."""
        self.tally.add(event)
        self.seconds = round(time.monotonic() - self._start, 3)
        self._write({"at": self.seconds, **self._packer.pack(event)})

    def follow(self, events: Iterable[Event]) -> Iterator[Event]:
        """Pass events on, each written before it is seen."""
        for event in events:
            self.add(event)
            yield event

    @property
    def summary(self) -> Summary:
        """The run so far in figures."""
        return self.tally.summary(seconds=self.seconds, run=str(self.path))

    def close(self, reason: str = "cut off", *, broken_off: bool = True) -> None:
        """Close the file; a run that began and has not ended gets a last line with the reason."""
        if self._file.closed:
            return
        with suppress(SetupError, OSError):  # a full disk: whoever met it first has said so
            if self.tally.seen is not None and self.tally.ended is None:
                self.add(Ended(reached=False, reason=reason, observation=self.tally.seen, broken_off=broken_off))
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None or issubclass(kind, GeneratorExit):
            self.close()
        elif issubclass(kind, KeyboardInterrupt):
            self.interrupted = True
            self.close("interrupted")
        else:
            reason = str(error) if isinstance(error, GitmError) else f"crashed: {kind.__name__}: {error}"
            self.close(reason, broken_off=not issubclass(kind, NotReached))

    def _write(self, line: dict[str, Any]) -> None:
        try:
            self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            self._file.flush()
        except OSError as error:
            raise SetupError(
                f"cannot write {self.path} ({error.strerror}); free some space, or choose another place with --home"
            ) from error


def read_run(path: Path) -> Run:
    """The run in a record. A last line that was cut off is left out, as if it had not been written.

    Raises :class:`BadFile` with the line for any other damage, and for a format we do not know.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise BadFile(path, "", f"cannot be read ({error.strerror}); gitm runs lists the records there are") from error
    header = Header()
    events: list[Event] = []
    times: list[float] = []
    unpacker = _Unpacker()
    size, closed = 0, True
    for number, line in enumerate(lines, 1):
        last = number == len(lines)  # whatever follows the last newline: nothing, or a line that was cut off
        try:
            if last and not _is_object(line):
                break
            value = json.loads(line)
            if number == 1:
                header = _header(value)
            else:
                times.append(float(value.pop("at")))
                events.append(EVENT.validate_python(unpacker.unpack(value)))
            size, closed = size + len(line) + (not last), not last
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadFile(path, f"line {number}", f"{_why(error)}; the record is damaged there, see docs/record.md") from error
    return Run(path=path, header=header, events=tuple(events), times=tuple(times), size=size, closed=closed, parts=unpacker.highest)


def find_run(home: Path, name: str) -> Path:
    """The record a user means: a path, an id as ``gitm runs`` prints it (or how it begins, if only one does), or ``last``."""
    runs = run_paths(home)
    if name == "last":
        if not runs:
            raise SetupError(f"no runs in {home / 'runs'} yet; make one with: gitm run iron_pickaxe")
        return runs[-1]
    with suppress(OSError, ValueError):  # too long for a path, or with a null byte
        if Path(name).is_file():
            return Path(name)
    found = [path for path in runs if path.stem == name] or [path for path in runs if path.stem.startswith(name)]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} runs begin with" if found else "no run"
    raise SetupError(f"{what} '{name}' in {home / 'runs'}; list them with: gitm runs")


def run_paths(home: Path) -> tuple[Path, ...]:
    """All records of a home folder, oldest first."""
    return tuple(sorted((home / "runs").glob("*.jsonl"), key=lambda path: (path.name[:16], path.stat().st_mtime_ns, path.name)))


class _Packer:
    """Events to plain values: defaults left out, ways and sub-goals written once and then referred to by number."""

    def __init__(self, used: int = 0) -> None:
        """Numbers up to ``used`` are taken."""
        self._numbers: dict[str, int] = {}
        self._used = used

    def pack(self, value: Any) -> Any:
        if isinstance(value, BaseModel):
            fields = {
                name: self.pack(getattr(value, name))
                for name, field in type(value).model_fields.items()
                if name in _TAGS or getattr(value, name) != field.default
            }
            return self._shared(fields) if isinstance(value, Way | SubGoal) else fields
        if isinstance(value, tuple | list):
            return [self.pack(part) for part in value]
        if isinstance(value, dict):
            return {key: self.pack(part) for key, part in value.items()}
        return value

    def _shared(self, fields: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(fields, sort_keys=True)
        if text in self._numbers:
            return {"$ref": self._numbers[text]}
        self._used += 1
        self._numbers[text] = self._used
        return {"$id": self._used, **fields}


class _Unpacker:
    """The packer's inverse, as far as references go; the defaults come back when the models are made."""

    def __init__(self) -> None:
        self._parts: dict[int, Any] = {}

    @property
    def highest(self) -> int:
        """The highest number so far."""
        return max(self._parts, default=0)

    def unpack(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.unpack(part) for part in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"$ref"}:
            if value["$ref"] not in self._parts:
                raise ValueError(f"part {value['$ref']} is referred to before it is written")
            return self._parts[value["$ref"]]
        number = value.pop("$id", None)
        if number is not None and not isinstance(number, int):
            raise ValueError(f"{number!r} is no number of a part")
        parts = {key: self.unpack(part) for key, part in value.items()}
        if number is not None:
            self._parts[number] = parts
        return parts


def _lock(file: IO[str], path: Path) -> None:
    """Hold the file until it is closed or this process ends; raises :class:`SetupError` when another one holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SetupError(f"the run of {path} is still going on in another process; wait for its end, or end it") from error
    except OSError:  # a file system without locks
        return


def _header(value: Any) -> Header:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError(f"this is no run record of format {FORMAT}")
    return Header.model_validate({key: value[key] for key in Header.model_fields if key in value})


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return f"no field {error}" if isinstance(error, KeyError) else str(error)
