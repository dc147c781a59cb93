"""The options that commands share, and what commands begin with: settings and consoles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gitm.plain import plain, plain_json

if TYPE_CHECKING:
    from rich.console import Console

    from gitm.config import Settings
    from gitm.knowledge import Knowledge
    from gitm.session import Session
    from gitm.types import Goal as AGoal

PAGE = 3007  # where --view without a port shows the world
_GOAL_HELP = "What to obtain: iron_pickaxe, '3 iron ingots', 'torch, 2 bread'; with a model also free words."
Goal = Annotated[str, typer.Argument(metavar="GOAL", help=_GOAL_HELP, show_default=False)]
World = Annotated[str | None, typer.Option("--world", metavar="WORLD", help="The world: stub, an installed one, or module:Class.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="The world's seed.")]
Host = Annotated[str | None, typer.Option("--host", metavar="HOST", help="The server of a live world (localhost).")]
Port = Annotated[int | None, typer.Option("--port", metavar="PORT", help="The server's port (25565).", min=1, max=65535)]
Username = Annotated[str | None, typer.Option("--username", metavar="NAME", help="The bot's name on the server (gitm).")]
Auth = Annotated[Literal["offline", "microsoft"] | None, typer.Option("--auth", help="How the bot logs in (offline).")]
McVersion = Annotated[str | None, typer.Option("--mc-version", metavar="V", help="The version to speak with the server (detected).")]
Page = Annotated[
    int | None,
    typer.Option("--view", metavar="[PORT]", help=f"Show a live world on a page of this machine ({PAGE}).", min=0, max=65535),
]
Llm = Annotated[
    str | None, typer.Option("--llm", metavar="NAME", help="reader (no model, the default), openai, a preset, or module:Class.")
]
Model = Annotated[str | None, typer.Option("--model", metavar="MODEL", help="The model's name.")]
DecomposerLlm = Annotated[str | None, typer.Option("--decomposer-llm", metavar="NAME", help="Another LLM to read the guides.")]
DecomposerModel = Annotated[str | None, typer.Option("--decomposer-model", metavar="MODEL", help="Another model to read the guides.")]
PlannerLlm = Annotated[str | None, typer.Option("--planner-llm", metavar="NAME", help="Another LLM to plan.")]
PlannerModel = Annotated[str | None, typer.Option("--planner-model", metavar="MODEL", help="Another model to plan.")]
CondenserLlm = Annotated[str | None, typer.Option("--condenser-llm", metavar="NAME", help="Another LLM to condense plans.")]
CondenserModel = Annotated[str | None, typer.Option("--condenser-model", metavar="MODEL", help="Another model to condense plans.")]
PromptShape = Annotated[
    Literal["text", "code"] | None, typer.Option("--prompt-shape", help="How ways are asked for: in words, or as code to complete.")
]
Record = Annotated[Path | None, typer.Option("--record", metavar="FILE", help="Keep every exchange with an LLM in this file.")]
Replay = Annotated[Path | None, typer.Option("--replay", metavar="FILE", help="Take all answers from this file; nobody is asked.")]
BaseUrl = Annotated[str | None, typer.Option("--base-url", help="An OpenAI-compatible server.", metavar="URL")]
Planner = Annotated[Literal["auto", "llm", "templates"] | None, typer.Option("--planner", help="auto: memory, templates, LLM, in order.")]
Rules = Annotated[Path | None, typer.Option("--rules", help="A rule book for the world alone.", metavar="FILE")]
Guides = Annotated[
    list[Path] | None, typer.Option("--guides", metavar="PATH", help="A folder of Markdown to add, or a rule book instead of ours.")
]
Home = Annotated[Path | None, typer.Option("--home", help="The folder of runs, memory and index.", metavar="DIR")]
MaxTicks = Annotated[int | None, typer.Option("--max-ticks", metavar="N", help="Game time, in ticks of 1/20 s.", min=1)]
MaxCalls = Annotated[int | None, typer.Option("--max-calls", metavar="N", help="LLM calls.", min=0)]
MaxTokens = Annotated[int | None, typer.Option("--max-tokens", metavar="N", help="LLM tokens.", min=0)]
MaxCost = Annotated[float | None, typer.Option("--max-cost", metavar="USD", help="US dollars for LLMs.", min=0)]
MaxSeconds = Annotated[float | None, typer.Option("--max-seconds", metavar="S", help="Seconds on the clock.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, everything else on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only the outcome.")]


def with_port(args: Sequence[str]) -> list[str]:
    """The command line with the port of a bare ``--view``: typer has no options whose value may be left out."""
    following = [*args[1:], ""]
    return [f"--view={PAGE}" if arg == "--view" and not after.isdecimal() else arg for arg, after in zip(args, following, strict=False)]


def settings_from(**flags: Any) -> Settings:
    """The settings in force with these flags."""
    from gitm.config import resolve

    return resolve(flags).settings


def console(*, err: bool = False) -> Console:
    """Where to write: stdout, or stderr where stdout belongs to a JSON object."""
    from rich.console import Console

    return Console(stderr=err, highlight=False, emoji=False)


def say(text: str, *, err: bool = False) -> None:
    """A text as it is, never wrapped or coloured; it cannot command the terminal."""
    typer.echo(plain(text), err=err)


def say_notes(knowledge: Knowledge) -> None:
    """What a user should know of the set-up, on stderr: an index that was mended, a memory that was set aside."""
    for note in knowledge.notes:
        say(note, err=True)


def say_json(value: Any) -> None:
    """The one object of ``--json``."""
    import json

    typer.echo(plain_json(json.dumps(value, ensure_ascii=False)))


def goal_of(session: Session, text: str) -> AGoal:
    """The goal in a user's words; how free words were understood is shown before anything is done about them. Exits 1 without an answer."""
    from gitm.errors import NotReached

    try:
        goal = session.goal(text)
    except NotReached as error:
        say(f"gitm: {error}", err=True)
        raise typer.Exit(1) from error
    if session.prelude:
        say(f"understood as: {goal}", err=True)
    return goal


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on stderr that appears when the index is built and only in a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    with Progress(console=console(err=True), transient=True) as bar:
        task = None

        def report(done: int, total: int) -> None:
            nonlocal task
            task = bar.add_task("indexing the guides", total=total) if task is None else task
            bar.update(task, completed=done, total=total)

        yield report
