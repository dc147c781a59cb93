"""``gitm run``: pursue a goal in a world."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, NoReturn

import typer

from gitm.cli import options
from gitm.cli.options import console, say, say_json, settings_from

if TYPE_CHECKING:
    from rich.console import Console

    from gitm.record import RunRecord
    from gitm.session import Session
    from gitm.types import Goal
    from gitm.view import View

INTERRUPTED = 130


def run(
    goal: options.Goal,
    *,
    world: options.World = None,
    seed: options.Seed = None,
    host: options.Host = None,
    port: options.Port = None,
    username: options.Username = None,
    auth: options.Auth = None,
    mc_version: options.McVersion = None,
    view: options.Page = None,
    llm: options.Llm = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    decomposer_llm: options.DecomposerLlm = None,
    decomposer_model: options.DecomposerModel = None,
    planner_llm: options.PlannerLlm = None,
    planner_model: options.PlannerModel = None,
    condenser_llm: options.CondenserLlm = None,
    condenser_model: options.CondenserModel = None,
    prompt_shape: options.PromptShape = None,
    record: options.Record = None,
    replay: options.Replay = None,
    planner: options.Planner = None,
    rules: options.Rules = None,
    guides: options.Guides = None,
    home: options.Home = None,
    max_ticks: options.MaxTicks = None,
    max_calls: options.MaxCalls = None,
    max_tokens: options.MaxTokens = None,
    max_cost: options.MaxCost = None,
    max_seconds: options.MaxSeconds = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Pursue a goal. Exits 0 when reached, 1 when not (with the reason), 2 when it cannot start (with the mend)."""
    from gitm.session import Session
    from gitm.view import view_for

    settings = settings_from(
        world=world,
        seed=seed,
        host=host,
        port=port,
        username=username,
        auth=auth,
        mc_version=mc_version,
        view=view,
        llm=llm,
        model=model,
        base_url=base_url,
        decomposer_llm=decomposer_llm,
        decomposer_model=decomposer_model,
        planner_llm=planner_llm,
        planner_model=planner_model,
        condenser_llm=condenser_llm,
        condenser_model=condenser_model,
        prompt_shape=prompt_shape,
        planner=planner,
        rules=rules,
        guides=guides,
        home=home,
        max_ticks=max_ticks,
        max_calls=max_calls,
        max_tokens=max_tokens,
        max_cost=max_cost,
        max_seconds=max_seconds,
    )
    screen = console(err=json)
    display = view_for(screen, quiet=quiet)
    with Session(settings, progress=display.progress, record=record, replay=replay) as session:
        session.open()
        done = _pursue(session, options.goal_of(session, goal), display)
        for note in () if quiet else session.mind.knowledge.notes:
            say(note, err=True)
    leave(done, screen, json=json, quiet=quiet)


def leave(record: RunRecord, screen: Console, *, json: bool, quiet: bool) -> NoReturn:
    """Tell how the run of a closed record went, and exit accordingly."""
    from gitm.view import summary_panel

    summary = record.summary
    if json:
        say_json(summary.model_dump(mode="json"))
    elif quiet:
        say(f"{summary.goal}: {'reached' if summary.reached else 'not reached'}: {summary.reason} ({summary.run})")
    else:
        screen.print(summary_panel(summary))
    raise typer.Exit(INTERRUPTED if record.interrupted else 0 if summary.reached else 1)


def _pursue(session: Session, goal: Goal, view: View) -> RunRecord:
    """Run; every event goes to the record first, then to the eye. The closed record, also of a run that was interrupted or failed."""
    from gitm.agent import pursue
    from gitm.errors import LLMError, NotReached
    from gitm.record import RunRecord

    record = RunRecord.create(session.settings.home, goal)
    with suppress(KeyboardInterrupt, NotReached, LLMError), record, view:  # the record has noted which
        events = pursue(goal, session.world, session.mind, limits=session.limits, settings=session.described())
        for event in record.follow(chain(islice(events, 1), session.prelude, events)):  # the goal was asked about before it began
            view.show(event)
    return record
