"""``gitm plan``: the sub-goal tree and the actions from an empty inventory, without a world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gitm.cli import options
from gitm.cli.options import console, progress, say, say_json, settings_from

if TYPE_CHECKING:
    from gitm.actions import Action
    from gitm.types import Tree


def plan(
    goal: options.Goal,
    *,
    guides: options.Guides = None,
    llm: options.Llm = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    home: options.Home = None,
    json: options.Json = False,
    as_mermaid: Annotated[bool, typer.Option("--mermaid", help="The tree as a Mermaid flow chart.")] = False,
) -> None:
    """Show the sub-goal tree and the actions of a goal, without playing. Exits 1 when no way is known."""
    from gitm.errors import NotReached
    from gitm.session import Session
    from gitm.view import mermaid

    settings = settings_from(guides=guides, llm=llm, model=model, base_url=base_url, home=home)
    with progress() as report, Session(settings, report) as session:
        wanted = session.goal(goal)
        try:
            tree, actions = session.mind.plan_ahead(wanted)
        except NotReached as error:
            say(f"gitm: {error}", err=True)
            raise typer.Exit(1) from error
    if json:
        say_json(_as_json(tree, actions))
    elif as_mermaid:
        say(mermaid(tree))
    else:
        _print(tree, actions)


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
