"""``gitm memory``: what was learned in earlier runs, to look at, to forget, to carry elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gitm.cli import options
from gitm.cli.options import say, settings_from

if TYPE_CHECKING:
    from gitm.memory import Memory, Remembered

app = typer.Typer(help="What was learned in earlier runs.", no_args_is_help=True)

Item = Annotated[str | None, typer.Argument(metavar="ITEM", help="Only what is known of this item.", show_default=False)]


@app.command("list")
def list_(item: Item = None, *, home: options.Home = None) -> None:
    """List the plans, one a line: number, sub-goal, situation, outcomes, mean game time, world; * marks the reference plan."""
    with _opened(home) as memory:
        plans, known = memory.plans(item), [entry for entry in memory.known() if item in (None, entry.item)]
        for plan in plans:
            say(f"{plan.id:>5}{'*' if plan.reference else ' '} {_line(plan)}")
        say(f"{len(plans)} plans, ways of {len({entry.item for entry in known})} items", err=True)


@app.command()
def show(
    what: Annotated[str, typer.Argument(metavar="ID|ITEM", help="A plan's number, or an item.", show_default=False)],
    *,
    home: options.Home = None,
) -> None:
    """Show the actions of a plan, or all ways and plans of an item. Exits 1 when there is none."""
    from gitm.actions import action_text

    with _opened(home) as memory:
        number = int(what) if what.isdecimal() else None
        plans = memory.plans(what) if number is None else tuple(filter(None, [memory.plan(number)]))
        known = [entry for entry in memory.known() if entry.item == what]
        for entry in known:
            for way in entry.ways:
                say(f"way of {way.item}: {way.key} (read by {entry.llm} from {way.source or entry.knowledge})")
        for plan in plans:
            say(f"plan {plan.id}{' (reference)' if plan.reference else ''}: {_line(plan)}")
            for at, action in enumerate(plan.actions, 1):
                say(f"  {at:>3}. {action_text(action)}")
    if not plans and not known:
        _nothing(what)


@app.command()
def forget(
    what: Annotated[str | None, typer.Argument(metavar="ID|ITEM", help="A plan's number, or an item.", show_default=False)] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Everything.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    home: options.Home = None,
) -> None:
    """Forget a plan, all that is known of an item, or everything; asks first. Exits 1 when there is nothing to forget."""
    from gitm.errors import SetupError

    if (what is None) != everything:
        raise SetupError("say what to forget: a plan's number, an item, or --all")
    if not yes and not typer.confirm(f"forget {'everything' if everything else what}?", err=True):
        raise typer.Exit(1)
    with _opened(home) as memory:
        number = int(what) if what is not None and what.isdecimal() else None
        gone = memory.forget(plan_id=number, item=what if number is None else None, everything=everything)
    if not gone:
        _nothing(what or "anything")
    say(f"{gone} {'entry is' if gone == 1 else 'entries are'} forgotten")


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to; stdout when not given.", show_default=False)] = None,
    *,
    home: options.Home = None,
) -> None:
    """Write everything as JSON lines. An existing file is not overwritten."""
    from gitm.errors import SetupError
    from gitm.memory.exchange import lines

    with _opened(home) as memory:
        if file is None:
            for line in lines(memory):
                say(line)
            return
        try:
            with file.open("x", encoding="utf-8") as out:
                out.writelines(f"{line}\n" for line in lines(memory))
        except FileExistsError as error:
            raise SetupError(f"{file} is there already; choose another name, or remove it") from error
        except OSError as error:
            raise SetupError(f"cannot write {file} ({error.strerror}); choose another place") from error
        counts = memory.counts()
    say(f"{counts['plans']} plans and {counts['ways']} ways are in {file}", err=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What 'gitm memory export' wrote.", show_default=False)],
    *,
    home: options.Home = None,
) -> None:
    """Add what another memory has learned. A file with one bad line changes nothing."""
    from gitm.memory.exchange import read

    plans, ways = read(file)
    with _opened(home) as memory:
        memory.take_in(plans, ways)
    say(f"{len(plans)} plans and {len(ways)} ways are known now")


@contextmanager
def _opened(home: Path | None) -> Iterator[Memory]:
    """The memory of a home folder; what is wrong with it is said on stderr."""
    from gitm.memory import MEMORY, Memory

    memory = Memory(settings_from(home=home).home / MEMORY, lambda note: say(note, err=True))
    try:
        yield memory
    finally:
        memory.close()


def _line(plan: Remembered) -> str:
    trial = " on trial" if plan.origin == "condensed" and not plan.successes + plan.failures else ""
    amount = f" for {plan.wants}" if plan.wants else ""
    outcomes = f"{plan.successes} worked, {plan.failures} failed{trial}"
    return f"{plan.subgoal}{amount} [{plan.situation}] {outcomes}, {plan.ticks} ticks ({plan.origin}; rules {plan.rules}, {plan.version})"


def _nothing(what: str) -> None:
    say(f"nothing is remembered of '{what}'; gitm memory list shows what is", err=True)
    raise typer.Exit(1)
