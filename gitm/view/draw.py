"""Drawing a state with rich: the sub-goal tree, the panel of a running run, the summary at its end."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gitm.actions import action_text
from gitm.plain import one_line
from gitm.tally import Summary
from gitm.types import SubGoal
from gitm.view.state import State, Status
from gitm.view.words import bills_text, clock, feedback_text, place_text

MARKS = {
    Status.DONE: ("✓", "green"),
    Status.RUNNING: ("▶", "bold yellow"),
    Status.WAITING: ("·", "dim"),
    Status.SET_ASIDE: ("!", "magenta"),
}


def tree_lines(state: State, height: int | None = None) -> list[Text]:
    """The sub-goal tree, one line a sub-goal; a shared one stands where it is first needed.

    With a height, the part around the running sub-goal, and how much is left out.
    """
    lines, running = _all_lines(state)
    if height is None or len(lines) <= height:
        return lines
    room = max(height - 2, 1)
    start = min(max(running - room // 2, 0), len(lines) - room)
    above, below = start, len(lines) - start - room
    shown = lines[start : start + room]
    if above:
        shown.insert(0, Text(f"⋮ {above} more", style="dim"))
    if below:
        shown.append(Text(f"⋮ {below} more", style="dim"))
    return shown


def panel(state: State, height: int = 40, seconds: float | None = None) -> RenderableType:
    """The live picture of a run, at most ``height`` lines high."""
    status = _status(state, seconds)
    title = Text(str(state.goal or "starting"), style="bold")  # Text: a name such as iron_pickaxe[silk_touch] is no markup
    tree = Text("\n").join(tree_lines(state, max(height - status.row_count - 4, 3))) or Text("reading the guides…", style="dim")
    return Group(Panel(tree, title=title, title_align="left", border_style="blue"), Panel(status, border_style="blue"))


def summary_panel(summary: Summary) -> Panel:
    """The end of a run in figures, with the path of its record."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("reason", Text(one_line(summary.reason)))
    table.add_row("actions", f"{summary.actions:,} ({summary.replans} replans, {summary.deaths} deaths)")
    table.add_row("game time", f"{summary.ticks:,} ticks ({summary.ticks / 1200:.1f} min)")
    table.add_row("LLM", Text(f"{summary.llm_calls} calls, {summary.llm_tokens:,} tokens{bills_text(summary.llm)}"))
    table.add_row("time", f"{summary.seconds:.1f} s")
    held = ", ".join(f"{count} {item}" for item, count in sorted(summary.inventory.items())) or "nothing"
    table.add_row("inventory", Text(held))
    if summary.run:
        table.add_row("record", Text(one_line(summary.run)))
    word, colour = ("reached", "green") if summary.reached else ("not reached", "red")
    title = Text(f"{summary.goal or 'run'}: {word}", style=f"bold {colour}")
    return Panel(table, title=title, title_align="left", border_style=colour)


def _all_lines(state: State) -> tuple[list[Text], int]:
    """Every line of the tree, and which of them is running."""
    lines: list[Text] = []
    running = 0
    shown: set[str] = set()
    needed = {need for node in state.nodes.values() for need in node.needs}
    roots = [item for item in state.nodes if item not in needed] or list(state.nodes)

    def walk(item: str, guide: str, tail: str) -> None:
        nonlocal running
        status = state.status(item)
        running = len(lines) if status is Status.RUNNING else running
        lines.append(_line(state.nodes[item].task, status, guide))
        shown.add(item)
        children = [need for need in state.nodes[item].needs if need in state.nodes and need not in shown]
        for at, child in enumerate(children):
            if child not in shown:  # an elder sibling may have needed it too
                last = not any(later not in shown for later in children[at + 1 :])
                walk(child, tail + ("└─ " if last else "├─ "), tail + ("   " if last else "│  "))

    for root in reversed(roots):
        walk(root, "", "")
    for item in state.nodes:  # those in a circle have no root
        if item not in shown:
            walk(item, "", "")
    return lines, running


def _line(task: SubGoal, status: Status, guide: str) -> Text:
    mark, style = MARKS[status]
    line = Text(guide, style="dim", no_wrap=True, overflow="ellipsis")
    line.append(f"{mark} ", style=style)
    line.append(f"{task.until} {task.item}", style=style if status is not Status.WAITING else "default")
    line.append(f"  {task.way.key}", style="dim")
    return line


def _status(state: State, seconds: float | None) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", min_width=8)
    table.add_column(no_wrap=True, overflow="ellipsis")
    for name, value in _facts(state, seconds):
        table.add_row(name, value)
    return table


def _facts(state: State, seconds: float | None) -> Iterator[tuple[str, Text]]:
    if state.indexed:
        yield "guides", Text("indexed {} of {}".format(*state.indexed))
    if state.current:
        yield "sub-goal", Text(f"{state.current.until} {state.current.item} (plan from {state.origin})")
    yield "action", Text(action_text(state.action) if state.action else "-")
    if state.feedback:
        yield "feedback", Text(feedback_text(state.feedback), style="green" if state.feedback.ok else "red")
    else:
        yield "feedback", Text("-")
    if state.seen:
        yield "time", Text(f"{clock(state.seen.tick)} ({state.seen.tick:,} ticks, {state.actions:,} actions)")
        yield "place", Text(place_text(state.seen))
    clock_text = f"; {seconds:.0f} s" if seconds is not None else ""
    yield "LLM", Text(f"{state.usage.calls} calls, {state.usage.tokens:,} tokens{bills_text(state.bills)}{clock_text}")
