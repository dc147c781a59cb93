"""``gitm runs`` and ``gitm show``: the runs there were, and one of them again."""

from __future__ import annotations

from typing import Annotated

import typer

from gitm.cli import options
from gitm.cli.options import console, say, settings_from


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
    run: Annotated[str, typer.Argument(metavar="RUN", help="A path, an id as 'gitm runs' prints it, or last.", show_default=False)],
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
