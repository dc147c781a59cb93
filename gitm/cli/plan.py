"""``gitm plan``: the sub-goal tree and the actions from an empty inventory, without a world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gitm.cli import options
from gitm.cli.options import console, progress, say, say_json, say_notes, settings_from

if TYPE_CHECKING:
    from gitm.actions import Action
    from gitm.config import Settings
    from gitm.types import Tree


def plan(
    goal: options.Goal,
    *,
    guides: options.Guides = None,
    llm: options.Llm = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    decomposer_llm: options.DecomposerLlm = None,
    decomposer_model: options.DecomposerModel = None,
    planner_llm: options.PlannerLlm = None,
    planner_model: options.PlannerModel = None,
    prompt_shape: options.PromptShape = None,
    record: options.Record = None,
    replay: options.Replay = None,
    planner: options.Planner = None,
    home: options.Home = None,
    max_calls: options.MaxCalls = None,
    max_tokens: options.MaxTokens = None,
    max_cost: options.MaxCost = None,
    json: options.Json = False,
    as_mermaid: Annotated[bool, typer.Option("--mermaid", help="The tree as a Mermaid flow chart.")] = False,
    only_estimate: Annotated[bool, typer.Option("--estimate", help="What a run would ask of LLMs; nobody is asked.")] = False,
) -> None:
    """Show the sub-goal tree and the actions of a goal, without playing. Exits 1 when no way is known."""
    from gitm.errors import NotReached
    from gitm.session import Session
    from gitm.view import mermaid

    settings = settings_from(
        guides=guides,
        llm=llm,
        model=model,
        base_url=base_url,
        decomposer_llm=decomposer_llm,
        decomposer_model=decomposer_model,
        planner_llm=planner_llm,
        planner_model=planner_model,
        prompt_shape=prompt_shape,
        planner=planner,
        home=home,
        max_calls=max_calls,
        max_tokens=max_tokens,
        max_cost=max_cost,
    )
    if only_estimate:
        return _estimate(goal, settings, json=json)
    with progress() as report, Session(settings, report, record=record, replay=replay) as session:
        wanted = options.goal_of(session, goal)
        if not session.prelude:
            session.mind.asker.prepare(session.limits)
        try:
            tree, actions = session.mind.plan_ahead(wanted)
        except NotReached as error:
            say(f"gitm: {error}", err=True)
            raise typer.Exit(1) from error
        finally:
            say_notes(session.mind.knowledge)
    if json:
        say_json(_as_json(tree, actions))
    elif as_mermaid:
        say(mermaid(tree))
    else:
        _print(tree, actions)
    return None


def _estimate(text: str, settings: Settings, *, json: bool) -> None:
    """What a run would ask, in lines or as one object."""
    from gitm.errors import NotReached
    from gitm.estimate import estimate, measuring
    from gitm.llm.prices import cost, price_table
    from gitm.roles import names
    from gitm.session import Session

    with progress() as report, Session(settings, report, llms=measuring(names(settings))) as session:
        try:
            found = estimate(session.goal(text), session.mind, cost)
        except NotReached as error:
            say(f"gitm: {error}", err=True)
            raise typer.Exit(1) from error
    if json:
        return say_json({**found.model_dump(mode="json"), "goal": str(found.goal), "cost": found.cost})
    for role, part in found.roles.items():
        usage = part.usage
        tokens = f"about {usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens"
        money = "no price is known" if part.cost is None else f"${part.cost:.4f}"
        say(f"{role:<12} {part.llm}: {usage.calls} calls, {tokens}, {money}" + (f": {', '.join(part.about)}" if part.about else ""))
    total = "not known" if found.cost is None else f"${found.cost:.4f} at list prices of {price_table().as_of}"
    say(f"cost         {total}; more when answers are wrong or plans fail")
    return None


def _as_json(tree: Tree, actions: tuple[Action, ...]) -> dict[str, Any]:
    return {
        "goal": str(tree.goal),
        "tree": [task.model_dump(mode="json") for task in tree.subgoals],
        "actions": [action.model_dump(mode="json", exclude_none=True) for action in actions],
        "gathers": tree.gathers,
        "crafts": tree.crafts,
    }


def _print(tree: Tree, actions: tuple[Action, ...]) -> None:
    from gitm.actions import action_text
    from gitm.events import Decomposed
    from gitm.view import state_of, tree_lines

    screen = console()
    for line in tree_lines(state_of([Decomposed(tree=tree)])):
        screen.print(line)
    say("")
    for number, action in enumerate(actions, 1):
        say(f"{number:>3}. {action_text(action)}")
    say(f"\n{len(tree.subgoals)} sub-goals, {len(actions)} actions, {tree.gathers} gathers, {tree.crafts} crafts")
