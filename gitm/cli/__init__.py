"""The command line. Exit codes: 0 reached (or fine), 1 not, 2 cannot start (the message names the mend), 70 our fault, 130 Ctrl-C.

Only typer is imported here: ``gitm --help`` must answer at once, so every command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from gitm.cli import facts, knowledge, memory, plan, records, run, server, skills, tools
from gitm.cli.options import with_port
from gitm.errors import GitmError
from gitm.plain import one_line

CANNOT_START = 2
OUR_FAULT = 70

app = typer.Typer(
    name="gitm",
    help="An agent that is told a goal and reaches it in a Minecraft-like world: sub-goal tree, structured actions, feedback, memory.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("plan")(plan.plan)
app.command("runs")(records.runs)
app.command("show")(records.show)
app.command("resume")(records.resume)
app.command("doctor")(tools.doctor)
app.command("server")(server.server)
app.add_typer(skills.app, name="skills")
app.add_typer(memory.app, name="memory")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(facts.app, name="facts")
app.add_typer(tools.config_app, name="config")


@app.command("bench", add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def bench(context: typer.Context) -> None:
    """Measure: success, game time, speed (gitm bench --help)."""
    from gitm.bench.cli import app as bench_app  # only now: a command group that is mounted is also imported for --help

    bench_app(context.args, prog_name="gitm bench")


def _print_version(on: bool) -> None:  # noqa: FBT001 - typer calls it so
    if on:
        from gitm.record import gitm_version

        typer.echo(f"gitm {gitm_version()}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and leave.")]


@app.callback()
def _root(*, version: Version = False) -> None:
    pass


def main(args: Sequence[str] | None = None) -> None:
    """Run a command line (the process's own by default) and exit; a user's mistake is one line on stderr, never a traceback."""
    try:
        app(with_port(sys.argv[1:] if args is None else args), prog_name="gitm")
    except GitmError as error:
        typer.echo(one_line(f"gitm: {error}"), err=True)
        sys.exit(CANNOT_START)
    except Exception as error:  # whatever we did not foresee: a short line for people, the traceback in a file for us
        with tempfile.NamedTemporaryFile("w", prefix="gitm-traceback-", suffix=".txt", delete=False, encoding="utf-8") as file:
            traceback.print_exc(file=file)
        typer.echo(one_line(f"gitm: unexpected {type(error).__name__}: {error}; please report it with the file {file.name}"), err=True)
        sys.exit(OUR_FAULT)
