"""``gitm facts``: rule books of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gitm.cli.options import say

app = typer.Typer(help="Rule books of one's own.", no_args_is_help=True)

Base = Annotated[str | None, typer.Option("--base", metavar="VERSION", help="The shipped book that says what a jar does not.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write; VERSION.json here when not given.")]


@app.command("import")
def import_(
    jar: Annotated[Path, typer.Argument(metavar="JAR", help="A Minecraft server jar, 1.14 or newer.", show_default=False)],
    *,
    out: Out = None,
    base: Base = None,
) -> None:
    """Read recipes, loot tables and tags of your own server jar into a rule book. No code of the jar runs."""
    from gitm.data import rule_book
    from gitm.errors import BadFile
    from gitm.facts import load
    from gitm.importing import import_jar

    done = import_jar(jar, lambda version: load(rule_book(base or version)))
    file = out or Path(f"{''.join(sign if sign.isalnum() or sign in '.-' else '_' for sign in done.book.version)}.json")
    try:
        file.write_text(done.book.model_dump_json(exclude_defaults=True, indent=1), encoding="utf-8")
    except OSError as error:
        raise BadFile(file, "", f"cannot be written ({error.strerror}); give another place with --out FILE") from error
    say(f"{file}: the rules of Minecraft {done.book.version}, over those of {rule_book(base or done.book.version).stem}")
    say("read: " + ", ".join(f"{number} {what}" for what, number in done.counts.items()))
    for note in done.notes:
        say(note)
    say(f"play it: gitm run ITEM --rules {file} --guides {file}")
