"""Showing a run as it happens: live in a terminal, in plain lines elsewhere, or not at all."""

from __future__ import annotations

import time
from dataclasses import replace
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, RenderableType
from rich.live import Live

from gitm.events import Event
from gitm.view.draw import panel
from gitm.view.state import State, advance
from gitm.view.words import feed_line

UPDATES_A_SECOND = 8


class View(Protocol):
    """A context manager that is told every event."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
    def show(self, event: Event) -> None:
        """Take note of an event."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Take note of how far the indexing of the guides is."""
        ...


class QuietView:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def show(self, event: Event) -> None:
        """Ignore the event."""

    def progress(self, done: int, total: int) -> None:
        """Ignore the progress."""


class PlainView(QuietView):
    """One line an event, for pipes and logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, event: Event) -> None:
        """Print the event's line, if it has one."""
        if (line := feed_line(event)) is not None:
            self._console.print(line, markup=False, emoji=False, highlight=False, soft_wrap=True)


class LiveView(QuietView):
    """The tree and the status, redrawn in place.

    A thread of rich's draws at most :data:`UPDATES_A_SECOND` times a second, whatever the pace of events, from a state that is never
    changed but replaced.
    """

    def __init__(self, console: Console) -> None:
        self.state = State()
        self._console = console
        self._start = time.monotonic()
        self._live = Live(get_renderable=self._picture, console=console, refresh_per_second=UPDATES_A_SECOND, redirect_stdout=False)

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._live.stop()  # draws the last state once more

    def show(self, event: Event) -> None:
        """Advance the state; the next drawing shows it."""
        self.state = advance(self.state, event)

    def progress(self, done: int, total: int) -> None:
        """The next drawing shows how far the indexing is."""
        self.state = replace(self.state, indexed=(done, total) if done < total else None)

    def _picture(self) -> RenderableType:
        return panel(self.state, height=self._console.height, seconds=time.monotonic() - self._start)


def view_for(console: Console, *, quiet: bool = False) -> View:
    """The view that suits a console: live in a terminal, plain lines elsewhere, none when quiet."""
    if quiet:
        return QuietView()
    return LiveView(console) if console.is_terminal and not console.is_dumb_terminal else PlainView(console)
