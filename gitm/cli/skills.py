"""``gitm skills``: the templates there are, a check of one's own, and one to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gitm.cli import options
from gitm.cli.options import say, settings_from

if TYPE_CHECKING:
    from gitm.skills.check import Names

app = typer.Typer(help="The skill templates.", invoke_without_command=True)


@app.callback()
def skills(context: typer.Context, *, home: options.Home = None) -> None:
    """List the skill templates: name, what each is for, and where it comes from."""
    if context.invoked_subcommand is not None:
        return
    from gitm.session import Session

    with Session(settings_from(home=home)) as session:
        for template in session.mind.library:
            say(f"{template.name:<24} {' '.join(template.about.split())} ({template.origin})")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A template, or a folder of them.", show_default=False)],
    *,
    rules: Annotated[Path | None, typer.Option("--rules", metavar="FILE", help="The rule book whose names count, instead of ours.")] = None,
) -> None:
    """Check templates: their form, and that every name in them exists. Exits 1 with line and mend when something is wrong."""
    from gitm.skills.check import check as check_templates

    found, problems = check_templates(path, _names(rules))
    for problem in problems:
        say(str(problem))
    if not found and not problems:
        say(f"{path}: no template in it; a template is a file *.yaml")
    if problems or not found:
        raise typer.Exit(1)
    say(f"{len(found)} {'template' if len(found) == 1 else 'templates'}, nothing wrong")


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower case with underscores: shear_sheep.", show_default=False)],
    *,
    folder: Annotated[Path | None, typer.Option("--dir", metavar="DIR", help="Where; the home folder's skills when not given.")] = None,
    home: options.Home = None,
) -> None:
    """Write a commented template to begin with. Never overwrites."""
    from gitm.skills.starter import write_starter

    path = write_starter(name, folder if folder is not None else settings_from(home=home).home / "skills")
    say(f"{path} is written; change it, then: gitm skills check {path}")


def _names(rules: Path | None) -> Names:
    """All names of a rule book, the newest shipped one when none is given."""
    from gitm.data import rule_book
    from gitm.facts import SELF, load
    from gitm.skills.check import Names

    book = load(rules or rule_book(None))
    known = {*book.items, *book.groups, *book.blocks, *book.mobs, *book.biomes, *book.structures, SELF}
    return Names(known=known, aliases=book.aliases)
