"""``gitm knowledge``: the guides and their index."""

from __future__ import annotations

from typing import Annotated

import typer

from gitm.cli import options
from gitm.cli.options import progress, say, say_notes, settings_from

app = typer.Typer(help="The guides and their index.", no_args_is_help=True)


@app.command()
def build(*, guides: options.Guides = None, home: options.Home = None) -> None:
    """Build the index of the guides anew."""
    from gitm.session import Session

    with progress() as report, Session(settings_from(guides=guides, home=home), report) as session:
        knowledge = session.mind.knowledge
        knowledge.build(afresh=True)
        say(f"{len(knowledge.passages)} passages about {len(knowledge.names)} items are indexed in {session.settings.home}")
        say_notes(knowledge)


@app.command()
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="An item or a question.", show_default=False)],
    *,
    number: Annotated[int, typer.Option("--number", "-n", help="How many passages.", min=1)] = 5,
    guides: options.Guides = None,
    home: options.Home = None,
) -> None:
    """Find what the guides say: what is about the item first, then what is similar. Exits 1 when nothing is found."""
    from gitm.session import Session

    with progress() as report, Session(settings_from(guides=guides, home=home), report) as session:
        knowledge = session.mind.knowledge
        exact = knowledge.about("_".join(text.lower().split()))[:number]
        found = [(passage, "about it") for passage in exact]
        near = knowledge.search(text, number) if len(found) < number else ()
        found += [(hit.passage, f"distance {hit.distance:.2f}") for hit in near if hit.passage not in exact]
        for passage, how in found[:number]:
            say(f"[{passage.source}] {how}\n{passage.text.strip()}\n")
        say_notes(knowledge)
    if not found:
        say(f"nothing is known about '{text}'; add guides with --guides PATH", err=True)
        raise typer.Exit(1)


@app.command()
def check(*, guides: options.Guides = None, home: options.Home = None) -> None:
    """Check that the guides are sound and that the index finds them. Exits 1 when not."""
    from gitm.session import Session

    with progress() as report, Session(settings_from(guides=guides, home=home), report) as session:
        knowledge = session.mind.knowledge
        problems = knowledge.check()
        for problem in problems:
            say(problem)
        say_notes(knowledge)
    if problems:
        raise typer.Exit(1)
    say(f"{len(knowledge.passages)} passages about {len(knowledge.names)} items, all found by the index")
