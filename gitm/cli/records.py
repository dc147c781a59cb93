"""``gitm runs``, ``gitm show`` and ``gitm resume``: the runs there were, one of them again, one of them to its end."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from gitm.cli import options
from gitm.cli.options import console, say, say_json, settings_from
from gitm.cli.run import leave

if TYPE_CHECKING:
    from gitm.record import Run

RunName = Annotated[str, typer.Argument(metavar="RUN", help="A path, an id as 'gitm runs' prints it, or last.", show_default=False)]


def runs(*, home: options.Home = None) -> None:
    """List the runs, oldest first."""
    from gitm.errors import GitmError
    from gitm.record import read_run, run_paths

    settings = settings_from(home=home)
    paths = run_paths(settings.home)
    if not paths:
        say(f"no runs in {settings.home / 'runs'} yet; make one with: gitm run iron_pickaxe", err=True)
    for path in paths:
        try:
            figures = read_run(path).summary
        except GitmError as error:
            say(f"{path.stem}  damaged: {error}")
            continue
        outcome = "reached" if figures.reached else "not reached"
        say(f"{path.stem}  {outcome}  {figures.actions} actions  {figures.ticks} ticks  {figures.llm_calls} calls  {figures.reason}")


def show(
    run: RunName,
    *,
    home: options.Home = None,
) -> None:
    """Show the tree, the feed and the figures of a run."""
    from gitm.record import find_run, read_run
    from gitm.view import feed_line, state_of, summary_panel, tree_lines

    settings = settings_from(home=home)
    past = read_run(find_run(settings.home, run))
    screen = console()
    for line in tree_lines(state_of(past.events)):
        screen.print(line)
    say("")
    for event in past.events:
        if (text := feed_line(event)) is not None:
            say(text)
    screen.print(summary_panel(past.summary))


def resume(run: RunName, *, home: options.Home = None, json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Go on with a run that was cut off, in the same record. Exits as 'gitm run' does; a run that is over exits as it ended."""
    from gitm.errors import LLMError, NotReached
    from gitm.record import RunRecord, find_run, read_run
    from gitm.resume import outcome, settings_of
    from gitm.resume import resume as go_on
    from gitm.session import Session
    from gitm.view import LiveView, state_of, view_for

    now = settings_from(home=home)
    path = find_run(now.home, run)
    past = read_run(path)
    if outcome(past) is not None:
        _tell_over(past, json=json)
    screen = console(err=json)
    view = view_for(screen, quiet=quiet)
    with Session(settings_of(past, now), progress=view.progress) as session:
        session.open()
        past, record = RunRecord.reopen(path)
        if isinstance(view, LiveView):
            view.state = state_of(past.events)
        with suppress(KeyboardInterrupt, NotReached, LLMError), record, view:  # the record has noted which
            for event in record.follow(go_on(past, session.world, session.mind, session.limits)):
                view.show(event)
        for note in () if quiet else session.mind.knowledge.notes:
            say(note, err=True)
    leave(record, screen, json=json, quiet=quiet)


def _tell_over(past: Run, *, json: bool) -> None:
    """A run that is over needs no resuming."""
    figures = past.summary
    if json:
        say_json(figures.model_dump(mode="json"))
    else:
        say(f"{figures.goal}: the run is over, {'reached' if figures.reached else 'not reached'}: {figures.reason}")
    raise typer.Exit(0 if figures.reached else 1)
