"""What people see: words, the tree, the live picture, and how little it costs."""

from __future__ import annotations

import io
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from run_samples import BOARDS, BOTH, GOAL, LOGS, PLANKS, long_story, seen, stepped, story

from gitm.actions import Mine
from gitm.events import Decomposed, Ended, Learned, Planned
from gitm.tally import summary
from gitm.types import Code, Kind, Obtain, Plan, Tree
from gitm.view import (
    LiveView,
    PlainView,
    QuietView,
    advance,
    clock,
    feed_line,
    mermaid,
    panel,
    state_of,
    summary_panel,
    tree_lines,
    view_for,
)
from gitm.view.live import UPDATES_A_SECOND
from gitm.view.state import State, Status


def drawn(what, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(what)
    return console.file.getvalue()


def lines_of(state, height=None) -> list[str]:
    return [line.plain for line in tree_lines(state, height)]


@pytest.mark.parametrize(
    ("tick", "text"),
    [
        (0, "day 1, 06:00"),
        (6000, "day 1, 12:00"),
        (13000, "day 1, 19:00"),
        (18000, "day 2, 00:00"),
        (24000, "day 2, 06:00"),
        (500, "day 1, 06:30"),
        (17999, "day 1, 23:59"),
    ],
)
def test_the_clock_is_minecrafts(tick, text):
    assert clock(tick) == text


@given(tick=st.integers(0, 10**7))
def test_the_clock_never_goes_back(tick):
    def minutes(text: str) -> int:
        day, _, rest = text.removeprefix("day ").partition(", ")
        return int(day) * 1440 + int(rest[:2]) * 60 + int(rest[3:])

    assert minutes(clock(tick)) == minutes(clock(0)) + tick * 60 // 1000  # 1000 ticks are an hour


def test_the_states_of_sub_goals_follow_the_events():
    seen_states = []
    state = State()
    for event in story():
        state = advance(state, event)
        seen_states.append(
            (event.kind, state.status("oak_log") if state.nodes else None, state.status("oak_planks") if state.nodes else None)
        )
    assert seen_states[3] == ("decomposed", Status.WAITING, Status.WAITING)
    assert seen_states[4] == ("planned", Status.RUNNING, Status.WAITING)
    assert seen_states[12] == ("achieved", Status.DONE, Status.WAITING)
    assert seen_states[14] == ("planned", Status.DONE, Status.RUNNING)
    assert seen_states[-1] == ("ended", Status.DONE, Status.DONE)
    assert state.usage.tokens == 145
    assert state.actions == 5


def test_a_sub_goal_whose_way_was_given_up_says_so_until_it_runs_again():
    state = state_of(story()[:4])
    assert state.status("oak_log") is Status.WAITING
    state = advance(state, story()[7])
    assert state.status("oak_log") is Status.SET_ASIDE
    assert state_of(story()[:9]).status("oak_log") is Status.RUNNING


def test_the_tree_hangs_suppliers_under_what_needs_them():
    assert lines_of(state_of(story()[:5])) == ["· 8 oak_planks  craft oak_log", "└─ ▶ 2 oak_log  mine oak_log"]
    assert [line[:3] for line in lines_of(state_of(story()))] == ["✓ 8", "└─ "]


def shared_tree() -> Tree:
    """table and stick both need planks, planks need logs; pickaxe needs table and stick."""

    def task(item, *needs):
        return BOARDS.model_copy(update={"item": item, "needs": needs, "way": PLANKS.model_copy(update={"item": item})})

    return Tree(
        goal=GOAL, subgoals=(LOGS, BOARDS, task("table", "oak_planks"), task("stick", "oak_planks"), task("pickaxe", "table", "stick"))
    )


def test_a_shared_sub_goal_is_drawn_once():
    assert lines_of(state_of([Decomposed(tree=shared_tree())])) == [
        "· 8 pickaxe  craft oak_log",
        "├─ · 8 table  craft oak_log",
        "│  └─ · 8 oak_planks  craft oak_log",
        "│     └─ · 2 oak_log  mine oak_log",
        "└─ · 8 stick  craft oak_log",
    ]


def test_in_a_low_window_the_running_sub_goal_stays_in_sight():
    events = list(long_story(140))
    for upto in range(2, len(events), 12):
        state = state_of(events[:upto])
        lines = lines_of(state, height=7)
        assert len(lines) <= 7
        if state.current:
            assert any("▶" in line for line in lines)
        assert lines_of(state, height=50) == lines_of(state)


def test_the_picture_shows_what_one_wants_to_know():
    text = drawn(panel(state_of(story()[:6]), height=30, seconds=3))
    for part in (
        "8 oak_planks",
        "▶ 2 oak_log",
        "mine(object=oak_log, count=2)",
        "NOT_FOUND",
        "day 1, 06:08",
        "health 20",
        "food 18",
        "1 calls",
        "100 tokens",
    ):
        assert part in text, part
    assert len(text.splitlines()) <= 30


def test_a_picture_before_anything_happened_can_be_drawn():
    assert "reading the guides" in drawn(panel(State(indexed=(3, 9)), height=10))
    assert "indexed 3 of 9" in drawn(panel(State(indexed=(3, 9)), height=10))


def test_the_summary_names_outcome_and_record():
    text = drawn(summary_panel(summary(story(), run="runs/x.jsonl")))
    for part in ("8 oak_planks: reached", "runs/x.jsonl", "5 (1 replans, 1 deaths)", "3 calls", "145 tokens", "8 oak_planks are in"):
        assert part in text, part
    assert "not reached" in drawn(summary_panel(summary(story()[:5])))


def test_every_event_has_a_line_that_tells_what_matters():
    lines = [feed_line(event) or "" for event in story()]
    wanted = [
        "toy 1, seed 7",
        "100 tokens",
        "craft oak_log",
        "2",
        "skill:mine_surface",
        "NOT_FOUND: no oak_log in sight",
        "reader (planner)",
        "not found twice",
    ]
    for part, line in zip(wanted, lines, strict=False):
        assert part in line
    assert "reflex mine" in lines[10]
    assert "+2 oak_log" in lines[11]
    assert lines[-1].startswith("reached: 8 oak_planks")
    assert all("\n" not in line for line in lines)


def test_of_many_ways_the_first_are_named():
    ways = tuple(PLANKS.model_copy(update={"kind": Kind.MINE, "materials": (), "target": f"block_{number}"}) for number in range(5))
    assert feed_line(Learned(item="x", ways=ways, remembered=True)) == (
        "remembered how to obtain x: mine block_0; mine block_1; mine block_2; and 2 more"
    )
    assert feed_line(Learned(item="x", ways=())) == "read how to obtain x: nothing"


def test_marks_in_a_worlds_words_are_not_taken_for_our_own():
    console = Console(file=io.StringIO(), width=200)
    words = "[bold]no[/bold] openai:m: [/] end"
    event = stepped(LOGS, Mine(object="oak_log"), 1, {"iron_pickaxe[silk_touch]": 1}, Code.NOT_FOUND, message=words)
    PlainView(console).show(event)
    assert words in console.file.getvalue()
    silk = Obtain(item="iron_pickaxe[silk_touch]")
    state = state_of([story()[0].model_copy(update={"goal": silk}), story()[3], event])
    assert words in drawn(panel(state), width=200)
    assert str(silk) in drawn(panel(state))
    end = Ended(reached=False, reason=words, observation=event.feedback.observation)
    figures = drawn(summary_panel(summary([story()[0].model_copy(update={"goal": silk}), end])), width=200)
    assert words in figures
    assert f"{silk}: not reached" in figures
    assert f"1 {silk}" in figures


def test_without_a_terminal_every_event_is_a_plain_line():
    console = Console(file=io.StringIO(), width=40)
    with view_for(console) as view:
        for event in story():
            view.show(event)
    assert isinstance(view, PlainView)
    text = console.file.getvalue()
    assert "\x1b" not in text
    assert text.splitlines() == [line for line in map(feed_line, story()) if line]


def test_the_view_that_fits():
    terminal = Console(file=io.StringIO(), force_terminal=True)
    assert isinstance(view_for(terminal), LiveView)
    assert isinstance(view_for(terminal, quiet=True), QuietView)
    assert not isinstance(view_for(terminal, quiet=True), LiveView | PlainView)


def test_the_live_view_draws_seldom_and_ends_on_the_last_state():
    console = Console(file=io.StringIO(), force_terminal=True, width=100, height=40)
    pictures = 0

    class Counting(LiveView):
        def _picture(self):
            nonlocal pictures
            pictures += 1
            return super()._picture()

    start = time.monotonic()
    with Counting(console) as view:
        for event in (*long_story(3000), *story()):
            view.show(event)
    seconds = time.monotonic() - start
    assert pictures <= UPDATES_A_SECOND * seconds + 6  # at start and end rich draws a few more
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", console.file.getvalue())
    assert "✓ 8 oak_planks" in plain.rpartition("╭─ 8 oak_planks")[2]  # the last picture


def test_mermaid_arrows_lead_from_what_is_needed():
    assert mermaid(BOTH).splitlines() == [
        "graph TD",
        '  n0["2 oak_log<br/>mine oak_log"]',
        '  n1["8 oak_planks<br/>craft oak_log"]',
        "  n0 --> n1",
    ]


def test_a_plan_for_something_outside_the_tree_is_running_too():
    state = advance(State(seen=seen()), Planned(task=LOGS, plan=Plan(actions=(), origin="reflex")))
    assert state.status("oak_log") is Status.RUNNING
    assert lines_of(state) == []
