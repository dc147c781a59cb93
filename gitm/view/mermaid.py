"""The sub-goal tree as a Mermaid flow chart, for documents and issues."""

from __future__ import annotations

from gitm.types import Tree


def mermaid(tree: Tree) -> str:
    """A ``graph TD`` in which every arrow leads from what is needed to what needs it."""
    nodes = [(f"n{number}", task) for number, task in enumerate(tree.subgoals)]
    lines = ["graph TD"]
    lines += [f'  {node}["{task.until} {task.item}<br/>{task.way.key}"]' for node, task in nodes]
    lines += [f"  {supplier} --> {node}" for node, task in nodes for supplier, other in nodes if other.item in task.needs]
    return "\n".join(lines)
