"""The sub-goal tree as a Mermaid flow chart, for documents and issues."""

from __future__ import annotations

from gitm.types import Tree


def mermaid(tree: Tree) -> str:
    """A ``graph TD`` in which every arrow leads from what is needed to what needs it."""
    known = {task.item: f"n{number}" for number, task in enumerate(tree.subgoals)}
    lines = ["graph TD"]
    lines += [f'  {known[task.item]}["{task.until} {task.item}<br/>{task.way.key}"]' for task in tree.subgoals]
    lines += [f"  {known[need]} --> {known[task.item]}" for task in tree.subgoals for need in task.needs if need in known]
    return "\n".join(lines)
