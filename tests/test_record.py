"""The run record: what is written, what comes back, what damage does, what it all adds up to."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from run_samples import GOAL, long_story, seen, story

from gitm.errors import BadFile, SetupError, Stuck
from gitm.events import Ended, Event
from gitm.record import RunRecord, find_run, read_run, run_paths, summary
from gitm.types import All, Feedback, Observation, Obtain, Place, Plan, Seen, Stack, SubGoal, Tool, Tree, Usage, Way, WorldInfo

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def written(home: Path, events=None) -> Path:
    with RunRecord.create(home, GOAL, NOW) as record:
        for event in story() if events is None else events:
            record.add(event)
    return record.path


def test_what_is_read_is_what_was_written(tmp_path):
    run = read_run(written(tmp_path))
    assert run.events == story()
    assert run.header.format == 1
    assert list(run.times) == sorted(run.times)
    assert len(run.times) == len(run.events)


def test_every_line_is_one_json_object_and_the_first_is_the_header(tmp_path):
    lines = [json.loads(line) for line in written(tmp_path).read_text().splitlines()]
    assert lines[0]["format"] == 1
    assert datetime.fromisoformat(lines[0]["started"]).tzinfo is not None
    assert [line["kind"] for line in lines[1:]] == [event.kind for event in story()]


def test_an_event_is_in_the_file_before_it_is_passed_on(tmp_path):
    record = RunRecord.create(tmp_path, GOAL, NOW)
    for number, event in enumerate(record.follow(story()), 1):
        assert read_run(record.path).events[-1] == event
        assert len(record.path.read_bytes().splitlines()) == number + 1
    record.close()


def test_a_record_is_never_overwritten_and_its_name_tells_time_and_goal(tmp_path):
    paths = [written(tmp_path) for _ in range(3)]
    assert [path.name for path in paths] == [f"20260304T050607Z-8-oak-planks{suffix}.jsonl" for suffix in ("", "-2", "-3")]
    assert all(read_run(path).events == story() for path in paths)


def test_a_goal_of_many_items_still_has_a_short_plain_file_name(tmp_path):
    goal = All(goals=tuple(Obtain(item=f"thing_{number}", count=2) for number in range(40)))
    with RunRecord.create(tmp_path, goal, NOW) as record:
        pass
    assert len(record.path.name) < 100


def test_a_home_that_cannot_be_written_is_a_set_up_error(tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    with pytest.raises(SetupError, match="--home"):
        RunRecord.create(tmp_path, GOAL)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    return written(tmp_path_factory.mktemp("whole")).read_bytes()


@given(cut=st.integers(min_value=0))
def test_cut_at_any_byte_all_whole_lines_come_back(whole, tmp_path_factory, cut):
    kept = whole[: cut % (len(whole) + 1)]
    path = tmp_path_factory.mktemp("cut") / "run.jsonl"
    path.write_bytes(kept)
    complete = kept.count(b"\n")
    events = read_run(path).events
    assert events == story()[: len(events)]
    assert max(complete - 1, 0) <= len(events) <= complete  # the last line's newline may be all that is missing


@pytest.mark.parametrize("line", [1, 2, 5, 9])
def test_damage_elsewhere_is_named_with_its_line(tmp_path, line):
    path = written(tmp_path)
    lines = path.read_bytes().split(b"\n")
    lines[line - 1] = lines[line - 1][:-9]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(BadFile) as caught:
        read_run(path)
    assert caught.value.where == f"line {line}"


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ('{"at":1,"kind":"danced"}', "danced"),
        ('{"at":1,"kind":"achieved","task":{"$ref":99}}', "part 99"),
        ('{"kind":"achieved"}', "at"),
        ("[]", "damaged"),
        ("7", "damaged"),
    ],
)
def test_a_line_that_is_no_event_is_named(tmp_path, bad, problem):
    path = written(tmp_path)
    path.write_text(path.read_text() + bad + "\n")
    with pytest.raises(BadFile, match=problem) as caught:
        read_run(path)
    assert caught.value.where == f"line {len(story()) + 2}"


def test_another_format_and_another_file_are_refused(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"format": 2}\n')
    with pytest.raises(BadFile, match="format 1"):
        read_run(path)
    path.write_text("# notes\n")
    with pytest.raises(BadFile, match="line 1"):
        read_run(path)
    with pytest.raises(BadFile, match="gitm runs"):
        read_run(tmp_path / "none")


def test_the_summary_counts_the_story():
    figures = summary(story(), seconds=1.5, run="r")
    assert figures.model_dump() == {
        "goal": "8 oak_planks",
        "reached": True,
        "reason": "8 oak_planks are in the inventory",
        "actions": 5,
        "ticks": 510,  # from tick 100 to 610
        "deaths": 1,
        "replans": 1,  # one plan followed a refusal; the one after an achieved sub-goal does not count
        "llm_calls": 3,
        "llm_tokens": 145,
        "seconds": 1.5,
        "run": "r",
        "inventory": {"oak_planks": 8},
        "llm_cost": None,  # the decomposer's price is not known
        "llm": {"decomposer": {"calls": 1, "tokens": 100, "cost": None}, "planner": {"calls": 2, "tokens": 45, "cost": 0.25}},
    }
    in_order = "goal, reached, reason, actions, ticks, deaths, replans, llm_calls, llm_tokens, seconds, run, inventory, llm_cost, llm"
    assert ", ".join(figures.model_dump()) == in_order


@given(upto=st.integers(min_value=0, max_value=len(story()) - 1))
def test_a_part_of_a_run_has_a_summary_and_is_not_reached(upto):
    figures = summary(story()[:upto])
    assert not figures.reached
    assert figures.actions == sum(event.kind == "stepped" for event in story()[:upto])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (Stuck("no way left"), "no way left"),
        (ZeroDivisionError("x"), "crashed: ZeroDivisionError: x"),
    ],
)
def test_a_run_that_breaks_off_ends_with_a_line_that_says_why(tmp_path, error, reason):
    record = RunRecord.create(tmp_path, GOAL, NOW)

    def break_off():
        yield from story()[:6]
        raise error

    with pytest.raises(type(error)), record:
        list(record.follow(break_off()))
    assert read_run(record.path).events[-1] == Ended(
        reached=False, reason=reason, observation=seen(140), broken_off=not isinstance(error, Stuck)
    )
    assert record.interrupted == isinstance(error, KeyboardInterrupt)
    assert record.summary.reason == reason


def test_a_full_disk_is_told_with_its_mend(tmp_path):
    class Full(io.StringIO):
        def write(self, text):
            if '"stepped"' in text or '"ended"' in text:
                raise OSError(28, "No space left on device")
            return super().write(text)

    with pytest.raises(SetupError, match=r"No space left on device.*--home"), RunRecord(tmp_path / "run.jsonl", Full()) as record:
        list(record.follow(story()))


def test_a_run_that_ended_gets_no_second_end_and_one_that_never_began_none(tmp_path):
    assert [event.kind for event in read_run(written(tmp_path)).events].count("ended") == 1
    assert read_run(written(tmp_path, [])).events == ()


def test_a_run_of_500_actions_stays_small(tmp_path):
    events = list(long_story(500))
    path = written(tmp_path, events)
    assert path.stat().st_size < 1_500_000
    assert read_run(path).events == tuple(events)


def test_runs_are_found_by_path_id_beginning_and_last(tmp_path):
    with pytest.raises(SetupError, match="no runs"):
        find_run(tmp_path, "last")
    first, second, third = (written(tmp_path) for _ in range(3))
    assert run_paths(tmp_path) == (first, second, third)
    assert find_run(tmp_path, "last") == third
    assert find_run(tmp_path, str(first)) == first
    assert find_run(tmp_path, first.stem) == first
    assert find_run(tmp_path, second.stem) == second
    with pytest.raises(SetupError, match="3 runs begin with"):
        find_run(tmp_path, "2026")
    with pytest.raises(SetupError, match="gitm runs"):
        find_run(tmp_path, "nothing")


def test_items_may_be_called_like_our_own_marks(tmp_path):
    strange = Ended(reached=False, reason="", observation=seen(1, {"id": 3, "ref": 2, "kind": 1, "at": 4}))
    assert read_run(written(tmp_path, [story()[0], strange])).events[-1] == strange


EVENT_KINDS = get_args(get_args(Event)[0])
PARTS = (Observation, Seen, Feedback, WorldInfo, Usage, Tree, SubGoal, Plan, Way, Stack, Tool, Place)


@pytest.mark.parametrize("model", [*EVENT_KINDS, *PARTS], ids=lambda model: model.__name__)
def test_the_document_names_every_kind_and_field(model):
    text = (Path(__file__).parent.parent / "docs" / "record.md").read_text(encoding="utf-8")
    title = model.model_fields["kind"].default if model in EVENT_KINDS else model.__name__
    _, found, rest = text.partition(f"### `{title}`\n")
    assert found, f"no section for {title}"
    section = rest.partition("\n## ")[0].partition("\n### ")[0]
    fields = set(model.model_fields) - ({"kind"} if model in EVENT_KINDS else set())
    assert {field for field in fields if f"`{field}`" not in section} == set()
