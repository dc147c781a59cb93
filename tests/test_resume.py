"""Resuming: whenever a run is cut off, it goes on to its goal, and asks nothing it had learned."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from run_samples import GOAL, story
from toy import Toy, actions_of, of, toy_mind

from gitm.actions import Craft, Mine
from gitm.agent import pursue
from gitm.cli import main
from gitm.config import Settings
from gitm.errors import BadFile, LLMError, SetupError
from gitm.events import Asked, Began, Ended, Learned, Planned, Resumed, Stepped
from gitm.goals import parse_goal
from gitm.limits import Limits
from gitm.llm.reader import Reader
from gitm.record import RunRecord, read_run, run_paths, summary
from gitm.resume import beginning, outcome, resume, settings_of
from gitm.types import Code


class Live(Toy):
    """A world that goes on by itself: joining it shows it as it is."""

    def reset(self):
        return self.observe()


class Counting(Reader):
    """A reader that remembers what it was asked about."""

    def __init__(self):
        self.items = []

    def complete(self, messages, schema):
        self.items.append((schema.__name__, messages[-1].content.partition("# Answer")[0]))
        return super().complete(messages, schema)


def record_of(home: Path, goal="2 rock", world=None, mind=None, limits=Limits()) -> Path:
    mind = mind or toy_mind()
    goal = parse_goal(goal, mind.names, {})
    with RunRecord.create(home, goal) as record:
        list(record.follow(pursue(goal, world or Toy(), mind, limits, {"planner": "auto", "seed": 3})))
    return record.path


def go_on(path: Path, world=None, mind=None, limits=Limits()):
    """Resume a record; its further events."""
    past, record = RunRecord.reopen(path)
    with record:
        return list(record.follow(resume(past, world or Toy(), mind or toy_mind(), limits)))


def cut(path: Path, size: int) -> Path:
    """A copy of a record of which only so many bytes were written."""
    copy = path.with_name(f"cut-{size}.jsonl")
    copy.write_bytes(path.read_bytes()[:size])
    return copy


def learned(events) -> set[str]:
    return {event.item for event in of(events, Learned)}


def questions(events) -> list[str]:
    return [event.about for event in of(events, Asked) if event.role == "decomposer"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    path = record_of(tmp_path_factory.mktemp("whole"))
    assert read_run(path).summary.reached
    return path


def sizes(whole: Path) -> list[int]:
    """Every end of a line, and some random bytes between them, after the run began."""
    data = whole.read_bytes()
    ends = [at + 1 for at, byte in enumerate(data) if byte == 10]
    return [*ends[1:-1], *(end - 1 for end in ends[1:-1]), *random.Random(1).sample(range(ends[1], ends[-1] - 1), 30)]


def test_cut_anywhere_the_run_goes_on_to_its_goal_and_asks_nothing_twice(whole):
    asked = questions(read_run(whole).events)
    assert len(asked) > 4
    for size in sizes(whole):
        path = cut(whole, size)
        before = read_run(path).events
        known = learned(before)
        more = go_on(path)
        after = read_run(path)  # it parses
        assert after.events == (*before, *more), size
        assert after.summary.reached, size
        assert after.summary.inventory["rock"] == 2
        assert isinstance(more[0], Resumed)
        assert more[0].difference == ""
        assert more[0].replayed == len(of(before, Stepped))
        assert known.isdisjoint(questions(more)), size
        assert known.isdisjoint(learned(more)), size
        path.unlink()


def test_a_live_world_is_looked_at_and_nothing_is_done_twice(tmp_path, whole):
    for steps in range(len(of(read_run(whole).events, Stepped)) - 1):
        world = Live()
        path = tmp_path / f"{steps}.jsonl"
        mind, goal = toy_mind(), parse_goal("2 rock", toy_mind().names, {})
        record = RunRecord.create(tmp_path, goal)
        for event in record.follow(pursue(goal, world, mind)):
            if isinstance(event, Stepped) and record.tally.actions > steps:
                break
        done = len(world.done)
        record._file.close()  # as a killed process leaves it
        path = record.path
        world.tick += 500  # while nobody played
        more = go_on(path, world)
        assert more[0] == Resumed(replayed=0, observation=more[0].observation)
        figures = read_run(path).summary
        assert figures.reached
        assert len(world.done) == done + len(actions_of(more)) == figures.actions
        assert figures.ticks == 10 * figures.actions  # what passed in between is nobody's time


def test_where_the_world_is_not_as_recorded_the_world_is_right(whole, tmp_path):
    path = cut(whole, sizes(whole)[40])
    recorded = len(of(read_run(path).events, Stepped))
    assert recorded > 2

    def stingy(toy, action):
        return (Code.OK, "nothing in it", {}) if isinstance(action, Craft) and len(toy.done) <= recorded else None

    more = go_on(path, Toy(stingy))
    assert "inventory was" in more[0].difference
    assert more[0].replayed < recorded
    assert more[0].observation.inventory.get("plank", 0) == 0
    assert more[-1].reached
    assert read_run(path).summary.ticks >= 10 * read_run(path).summary.actions - 10 * recorded


def test_a_world_that_starts_otherwise_is_taken_as_it_is(whole):
    path = cut(whole, sizes(whole)[30])
    world = Toy(tick=7)
    world.info = world.info.model_copy(update={"seed": 3, "rules": "others"})
    more = go_on(path, world)
    assert "tick was 0 and is 7" in more[0].difference
    assert "rules toy" in more[0].difference
    assert more[0].replayed == 0
    assert more[-1].reached


def test_a_run_may_be_cut_off_again_and_again(whole):
    """Also after sessions that found another world: each replay takes up where the last session was."""

    def stingy(toy, action):
        return (Code.OK, "nothing in it", {}) if isinstance(action, Craft) and len(toy.done) == 2 else None

    rng = random.Random(5)
    for world in (lambda: Toy(), lambda: Toy(stingy)):
        path = cut(whole, sizes(whole)[20])
        differences = 0
        for _ in range(6):
            events = go_on(path, world())
            differences += bool(events[0].difference)
            data = path.read_bytes()
            start = data.rindex(b'"resumed"')
            if not (lines := [at for at in range(data.index(b"\n", start) + 1, len(data) - 1) if data[at : at + 1] == b"\n"]):
                break
            path.write_bytes(data[: rng.choice(lines) + rng.randrange(2)])
        assert go_on(path, world())[-1].reached
        assert differences <= 1  # once told, the record is of the world as it is
        path.unlink()


class Away(Counting):
    """An LLM that is away after so many answers."""

    def __init__(self, answers):
        super().__init__()
        self.answers = answers

    def complete(self, messages, schema):
        if len(self.items) >= self.answers:
            raise LLMError("connection refused")
        return super().complete(messages, schema)


def test_when_the_llm_was_away_the_run_is_resumed_with_another_memory(tmp_path):
    goal = parse_goal("2 rock", toy_mind().names, {})
    record = RunRecord.create(tmp_path, goal)
    with pytest.raises(LLMError), record:
        list(record.follow(pursue(goal, Toy(), toy_mind(Away(4)))))
    past = read_run(record.path)
    assert past.events[-1].broken_off
    assert outcome(past) is None
    llm = Counting()
    more = go_on(record.path, mind=toy_mind(llm))
    assert more[-1].reached
    assert learned(past.events).isdisjoint(questions(more))
    assert len(questions(more)) == len(llm.items) > 0
    assert outcome(read_run(record.path)) == more[-1]


def test_an_llm_s_plan_is_carried_on_not_asked_for_again(tmp_path):
    goal = parse_goal("pick", toy_mind().names, {})
    record = RunRecord.create(tmp_path, goal)
    for event in record.follow(pursue(goal, Toy(), toy_mind(planner="llm"))):
        steps = of(read_run(record.path).events, Stepped)
        if isinstance(event, Stepped) and steps and event.action.name == "explore":
            break  # of explore, approach, mine
    record._file.close()
    before = read_run(record.path).events
    plan = of(before, Planned)[-1].plan
    assert len(plan.actions) == 3
    more = go_on(record.path, mind=toy_mind(planner="llm"))
    assert actions_of(more)[:2] == list(plan.actions[1:])
    assert next(event for event in more if isinstance(event, Asked | Stepped)) == of(more, Stepped)[0]
    assert more[-1].reached


def test_a_way_set_aside_stays_aside(tmp_path):
    def no_logs(toy, action):
        return (Code.IMPOSSIBLE, "there are no trees here") if isinstance(action, Mine) and action.object == "tree" else None

    other = "Mining bush gives 1 log; it takes bare hands. bush is rare: it is found on the surface in any biome."
    tree = "Mining tree gives 1 log; it takes bare hands. tree is common: it is found on the surface in any biome."

    def bushes(toy, action):
        return no_logs(toy, action) or ((Code.OK, "cut", {"log": 1}) if action == Mine(object="bush") else None)

    path = record_of(tmp_path, "log", Toy(bushes), toy_mind(log=f"{tree} {other}"))
    data = path.read_bytes()
    end = data.index(b"\n", data.index(b'"set_aside"')) + 1
    path.write_bytes(data[:end])
    more = go_on(path, Toy(bushes), toy_mind(log=f"{tree} {other}"))
    assert more[-1].reached
    assert {plan.task.way.target for plan in of(more, Planned)} == {"bush"}


def test_what_was_spent_counts_on(whole):
    path = cut(whole, sizes(whole)[40])
    before = summary(read_run(path).events)
    budget = before.ticks + 20
    more = go_on(path, limits=Limits(max_ticks=budget))
    assert not more[-1].reached
    assert f"budget of {budget} ticks" in more[-1].reason
    assert len(actions_of(more)) == 2
    path = cut(whole, sizes(whole)[3])
    calls = summary(read_run(path).events).llm_calls
    assert calls > 0
    more = go_on(path, limits=Limits(max_calls=calls))
    assert "LLM calls is spent" in more[-1].reason
    assert questions(more) == []


def test_seconds_count_on(whole, monkeypatch):
    path = cut(whole, sizes(whole)[30])
    lines = path.read_text().splitlines()
    last = json.loads(lines[-1])
    last["at"] = 1000.0
    path.write_text("\n".join([*lines[:-1], json.dumps(last)]))
    more = go_on(path, limits=Limits(max_seconds=900))
    assert "900 seconds is spent" in more[-1].reason
    assert read_run(path).times[-1] >= 1000


# --- the file -----------------------------------------------------------------------------------------------


def test_half_a_line_is_cut_off_and_a_whole_one_without_its_end_is_kept(tmp_path):
    with RunRecord.create(tmp_path, GOAL) as record:
        for event in story()[:-1]:
            record.add(event)
        record._file.close()
    data = record.path.read_bytes()
    for kept, tail in ((data, b""), (data, b'{"at":9,"ki'), (data[:-1], b"")):
        record.path.write_bytes(kept + tail)
        past, again = RunRecord.reopen(record.path)
        assert record.path.read_bytes() == data
        assert past.events == story()[:-1]
        again._file.close()


def test_parts_written_before_and_after_do_not_mix(tmp_path):
    """The numbers go on where they were, and nothing written before is needed to write what comes after."""
    for upto in range(1, len(story())):
        with RunRecord.create(tmp_path, GOAL) as record:
            for event in story()[:upto]:
                record.add(event)
            record._file.close()
        _, again = RunRecord.reopen(record.path)
        with again:
            for event in story()[upto:]:
                again.add(event)
        assert read_run(record.path).events == story()
        assert again.summary.model_dump(exclude={"seconds"}) == read_run(record.path).summary.model_dump(exclude={"seconds"})


@pytest.mark.skipif(os.name == "nt", reason="locks")
def test_a_run_that_still_goes_on_is_left_alone(tmp_path):
    record = RunRecord.create(tmp_path, GOAL)
    record.add(story()[0])
    with pytest.raises(SetupError, match="still going on"):
        RunRecord.reopen(record.path)
    record.close()
    RunRecord.reopen(record.path)[1].close()


def test_the_settings_are_those_of_the_record_and_secrets_those_of_today(tmp_path):
    guides, home = tmp_path / "guides", tmp_path / "home"
    began = story()[0].model_copy(
        update={"settings": {"seed": 7, "planner": "llm", "guides": (str(guides),), "base_url": "http://…@x/v1", "max_ticks": 50}}
    )
    run = read_run(written(tmp_path, [began]))
    now = Settings(home=home, base_url="http://me:secret@x/v1", planner="templates", max_calls=3)
    assert settings_of(run, now) == Settings(
        seed=7, planner="llm", guides=(guides,), base_url="http://me:secret@x/v1", max_ticks=50, home=home
    )
    run = read_run(written(tmp_path, [began.model_copy(update={"settings": {"planner": "magic"}})]))
    with pytest.raises(BadFile, match=r"settings\.planner.*version"):
        settings_of(run, now)


def written(home, events) -> Path:
    with RunRecord.create(home, GOAL) as record:
        for event in events:
            record.add(event)
        record._file.close()
    return record.path


def test_a_seed_that_nobody_asked_for_is_played_again(tmp_path):
    began = story()[0].model_copy(update={"settings": {}})
    assert settings_of(read_run(written(tmp_path, [began])), Settings(home=tmp_path)).seed == 7


# --- the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def gitm(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv("GITM_HOME", str(tmp_path))

    def run(*args):
        with pytest.raises(SystemExit) as left:
            main(args)
        out, err = capfd.readouterr()
        return left.value.code or 0, out, err

    return run


@pytest.mark.parametrize(("reached", "code"), [(True, 0), (False, 1)])
def test_a_run_that_is_over_says_so_and_exits_as_it_ended(gitm, tmp_path, reached, code):
    end = Ended(reached=reached, reason="because", observation=story()[-1].observation)
    path = written(tmp_path, [*story()[:-1], end])
    before = path.read_bytes()
    assert gitm("resume", "last")[::2] == (code, "")
    done = gitm("resume", path.stem, "--json")
    assert done[0] == code
    assert json.loads(done[1])["reached"] is reached
    assert "over" in gitm("resume", str(path))[1]
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [b"", b'{"format":1,"gi', b'{"format":1,"gitm":"1","started":"x"}\n', b'{"format":1}\n{"at":1,"kind":"be'])
def test_a_record_without_a_beginning_cannot_be_resumed(gitm, tmp_path, kept):
    (tmp_path / "runs").mkdir()
    path = tmp_path / "runs" / "x.jsonl"
    path.write_bytes(kept)
    code, _, err = gitm("resume", "last")
    assert code == 2
    assert "start it anew with: gitm run" in err
    assert path.read_bytes() == kept


def test_no_such_run(gitm):
    code, _, err = gitm("resume", "last")
    assert code == 2
    assert "gitm run" in err


# --- kill -9 --------------------------------------------------------------------------------------------------

SLOW = """
import time
from env_stub import make_world

class Slow:
    "The stub, slow enough to be killed in the middle."
    def __init__(self, seed=0): self.inner = make_world(seed)
    info = property(lambda self: self.inner.info)
    def reset(self): return self.inner.reset()
    def step(self, action):
        time.sleep(0.02)
        return self.inner.step(action)
    def close(self): pass
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("lines", [3, 15, 25])
def test_a_killed_process_is_resumed_by_another_one_though_the_memory_is_gone(tmp_path, fresh_home, lines):
    (tmp_path / "slow.py").write_text(SLOW)
    home = fresh_home("home")
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "GITM_HOME": str(home)}
    command = [sys.executable, "-m", "gitm"]
    process = subprocess.Popen(
        [*command, "run", "stone_pickaxe", "--world", "slow:Slow", "--seed", "5", "--quiet"], env=env, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while not (paths := run_paths(home)) or paths[0].read_bytes().count(b"\n") < lines:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = read_run(paths[0]).events
    for file in home.glob("memory.sqlite*"):
        file.unlink()
    done = subprocess.run([*command, "resume", "last", "--json", "--quiet"], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    after = read_run(paths[0])
    more = after.events[len(before) :]
    assert isinstance(more[0], Resumed)
    assert more[0].difference == ""
    assert learned(before).isdisjoint(questions(more))
    assert after.summary.model_dump() == json.loads(done.stdout)
    assert after.summary.inventory["stone_pickaxe"] >= 1
    assert isinstance(beginning(after), Began)
