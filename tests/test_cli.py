"""The command line: what goes where, exit codes, and how fast it answers. The loop is a small fake here."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import typer
from run_samples import BOTH, seen, stepped, story

from gitm.actions import Mine
from gitm.cli import main
from gitm.cli.options import PAGE, with_port
from gitm.errors import BudgetSpent, LLMError, SetupError
from gitm.record import read_run, run_paths
from gitm.types import WorldInfo

FIELDS = "goal reached reason actions ticks deaths replans llm_calls llm_tokens seconds run inventory llm_cost llm"


class Toy:
    """A world that no fake loop steps."""

    info = WorldInfo(name="toy", version="1", rules="")

    def reset(self):
        return seen()

    def step(self, action):
        return stepped(None, action, 1, {}).feedback

    def close(self):
        pass


NOTES: list[str] = []  # what the knowledge would have a user know


class FakeMind:
    def __init__(self, home, **options):
        self.names = frozenset({"oak_planks", "diamond"})
        self.aliases = {"boards": "oak_planks"}
        self.knowledge = SimpleNamespace(notes=list(NOTES))
        self.library = [SimpleNamespace(name="mine_it", about="digs\n things", origin="shipped")]
        self.options = options
        self.asker = SimpleNamespace(prepare=lambda limits: None)

    def plan_ahead(self, goal):
        return BOTH, (Mine(object="oak_log", count=2),)

    def close(self):
        pass


@pytest.fixture
def gitm(monkeypatch, tmp_path, capfd):
    """Runs a command line against fakes: exit code, stdout, stderr. The loop yields ``events`` and notes in ``asked`` what it was given."""
    asked = {}

    def pursue(goal, world, mind, limits, settings):
        asked.update(goal=goal, world=world, mind=mind, limits=limits, settings=settings)
        yield from run.events() if callable(run.events) else run.events

    agent = ModuleType("gitm.agent")
    agent.pursue = pursue
    agent.Limits = lambda **limits: limits
    monkeypatch.setitem(sys.modules, "gitm.agent", agent)
    monkeypatch.setattr("gitm.opening.open_mind", FakeMind)
    monkeypatch.setitem(sys.modules, "toy_worlds", SimpleNamespace(Toy=Toy))
    monkeypatch.setenv("GITM_WORLD", "toy_worlds:Toy")
    monkeypatch.setenv("GITM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*args):
        with pytest.raises(SystemExit) as left:
            main(args)
        out, err = capfd.readouterr()
        return left.value.code or 0, out, err

    run.events = story()
    run.asked = asked
    run.home = tmp_path / "home"
    return run


def test_a_run_that_reaches_its_goal_exits_0_and_prints_one_object(gitm):
    code, out, err = gitm("run", "8 boards", "--json")
    assert code == 0
    figures = json.loads(out)
    assert list(figures) == FIELDS.split()
    assert figures["reached"] is True
    assert figures["inventory"] == {"oak_planks": 8}
    assert read_run(Path(figures["run"])).events == story()
    assert "done: 8 oak_planks" in err  # the feed has moved to stderr


def test_a_run_that_does_not_exits_1_with_the_reason(gitm):
    gitm.events = story()[:6]
    code, out, _ = gitm("run", "8 oak_planks", "--quiet")
    assert code == 1
    assert len(out.splitlines()) == 1
    assert "not reached" in out


def test_without_json_feed_and_summary_are_on_stdout(gitm):
    code, out, err = gitm("run", "8 oak_planks")
    assert code == 0
    assert "done: 8 oak_planks" in out
    assert str(run_paths(gitm.home)[0]) in out
    assert err == ""


def test_quiet_json_prints_the_object_and_nothing_else(gitm):
    _, out, err = gitm("run", "8 oak_planks", "--json", "--quiet")
    assert json.loads(out)["reached"]
    assert err == ""


def test_flags_reach_world_mind_and_limits(gitm, tmp_path):
    flags = [
        "--planner",
        "templates",
        "--guides",
        str(tmp_path),
        "--guides",
        "/b",
        "--max-ticks",
        "5",
        "--max-calls",
        "6",
        "--max-tokens",
        "7",
    ]
    code, _, _ = gitm("run", "8 oak_planks", *flags, "--max-seconds", "8.5", "--seed", "4", "--quiet")
    assert code == 0
    assert gitm.asked["limits"] == {"max_ticks": 5, "max_calls": 6, "max_tokens": 7, "max_cost": None, "max_seconds": 8.5}
    assert gitm.asked["mind"].options["planner"] == "templates"
    assert gitm.asked["mind"].options["guides"] == (tmp_path, Path("/b"))
    assert gitm.asked["mind"].options["version"] == "1"  # of the world that is played
    assert gitm.asked["settings"]["seed"] == 4
    assert "home" not in gitm.asked["settings"]


@pytest.mark.parametrize("error", [BudgetSpent("500 calls are used up"), LLMError("the server is gone")])
def test_a_loop_that_gives_up_exits_1_and_the_record_says_why(gitm, error):
    def events():
        yield from story()[:6]
        raise error

    gitm.events = events
    code, out, err = gitm("run", "8 oak_planks", "--json", "--quiet")
    assert code == 1
    assert json.loads(out)["reason"] == str(error)
    assert err == ""
    assert read_run(run_paths(gitm.home)[0]).events[-1].reason == str(error)


def test_ctrl_c_ends_cleanly_with_130_and_a_last_line(gitm):
    def events():
        yield from story()[:12]
        raise KeyboardInterrupt

    gitm.events = events
    code, out, _ = gitm("run", "8 oak_planks", "--json", "--quiet")
    assert code == 130
    assert json.loads(out)["reason"] == "interrupted"
    last = read_run(run_paths(gitm.home)[0]).events[-1]
    assert (last.kind, last.reached, last.observation.inventory) == ("ended", False, {"oak_log": 2})


def test_a_set_up_error_in_the_loop_exits_2(gitm):
    def events():
        yield from story()[:2]
        raise SetupError("the bot's server is gone; start it again")

    gitm.events = events
    code, out, err = gitm("run", "8 oak_planks", "--quiet")
    assert (code, out) == (2, "")
    assert err == "gitm: the bot's server is gone; start it again\n"


def test_what_nobody_foresaw_is_a_short_line_and_a_file(gitm, monkeypatch, tmp_path):
    def events():
        yield from story()[:2]
        raise ZeroDivisionError("oh")

    gitm.events = events
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, _, err = gitm("run", "8 oak_planks", "--quiet")
    assert code == 70
    assert len(err.splitlines()) == 1
    assert "ZeroDivisionError: oh" in err
    assert "Traceback" in Path(err.split()[-1]).read_text()


@pytest.mark.parametrize(
    ("args", "mend"),
    [
        (["run", "daimond"], "gitm: no item 'daimond'; did you mean 'diamond'?\n"),
        (["run", "diamond", "--world", "moon"], "no world 'moon'"),
        (["run", "diamond", "--llm", "no_such_thing"], "no_such_thing"),
        (["run", "diamond", "--planner", "best"], "--planner"),
        (["run", "diamond", "--max-ticks", "0"], "--max-ticks"),
        (["run"], "GOAL"),
        (["fly"], "fly"),
        (["show", "last"], "no runs in"),
        (["show", "nothing"], "no run 'nothing'"),
    ],
)
def test_a_users_mistake_is_told_with_its_mend_and_exits_2(gitm, args, mend):
    code, out, err = gitm(*args)
    assert code == 2
    assert mend in err
    assert "Traceback" not in err
    assert out == ""


def test_a_bad_configuration_file_stops_every_command(gitm):
    gitm.home.mkdir()
    (gitm.home / "config.toml").write_text("sead = 3")
    code, _, err = gitm("config", "show")
    assert code == 2
    assert "line 1: no setting 'sead'; did you mean 'seed'?" in err


def test_config_show_prints_each_value_and_its_origin(gitm):
    _, out, _ = gitm("config", "show")
    rows = {line.split()[0]: line for line in out.splitlines()}
    assert rows["world"].endswith("env GITM_WORLD")
    assert "toy_worlds:Toy" in rows["world"]
    assert rows["planner"].split() == ["planner", "auto", "default"]
    assert "not there" in out
    assert "key" not in rows  # the reader needs none


def test_config_show_hides_the_key(gitm, monkeypatch):
    monkeypatch.setenv("GITM_LLM", "openai")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdef")
    monkeypatch.setenv("GITM_SEDE", "1")
    _, out, err = gitm("config", "show")
    assert "sk-…" in out
    assert "0123" not in out
    assert "env OPENAI_API_KEY" in out
    assert err == "GITM_SEDE is set, but there is no such setting\n"


def test_plan_shows_tree_and_actions_in_three_ways(gitm):
    code, out, _ = gitm("plan", "8 oak_planks")
    assert code == 0
    assert "└─ · 2 oak_log" in out
    assert "1. mine(object=oak_log, count=2)" in out
    _, out, _ = gitm("plan", "8 oak_planks", "--json")
    found = json.loads(out)
    assert list(found) == ["goal", "tree", "actions", "gathers", "crafts"]
    assert (found["goal"], found["gathers"], found["crafts"]) == ("8 oak_planks", 2, 2)
    assert found["actions"] == [{"name": "mine", "object": "oak_log", "count": 2}]
    assert [task["item"] for task in found["tree"]] == ["oak_log", "oak_planks"]
    _, out, _ = gitm("plan", "8 oak_planks", "--mermaid")
    assert out.startswith("graph TD\n")


def test_runs_and_show_tell_of_past_runs(gitm):
    code, out, err = gitm("runs")
    assert (code, out) == (0, "")
    assert "gitm run" in err
    gitm("run", "8 oak_planks", "--quiet")
    (path,) = run_paths(gitm.home)
    _, out, _ = gitm("runs")
    assert out.startswith(f"{path.stem}  reached  5 actions  510 ticks")
    code, shown, _ = gitm("show", "last")
    assert code == 0
    for part in ("✓ 8 oak_planks", "refused NOT_FOUND", "8 oak_planks: reached", path.name):
        assert part in shown
    assert gitm("show", path.stem)[1] == gitm("show", str(path))[1] == shown
    path.write_text("broken\n" + path.read_text())
    assert "damaged" in gitm("runs")[1]


def test_bench_is_loaded_when_asked_for_and_gets_its_arguments(gitm, monkeypatch):
    bench = typer.Typer()

    @bench.command()
    def count(what: str, number: int = 1):
        typer.echo(what * number)
        raise typer.Exit(number)

    @bench.command()
    def other():
        pass

    monkeypatch.setitem(sys.modules, "gitm.bench.cli", SimpleNamespace(app=bench))
    assert gitm("bench", "count", "ab", "--number", "3")[:2] == (3, "ababab\n")
    code, out, _ = gitm("bench", "--help")
    assert code == 0
    assert "gitm bench" in out
    assert "other" in out


def test_skills_are_listed_one_a_line(gitm):
    code, out, _ = gitm("skills")
    assert code == 0
    assert out.split() == ["mine_it", "digs", "things", "(shipped)"]


def test_what_the_knowledge_has_to_say_is_said_on_stderr(gitm, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "NOTES", ["the index was mended"])
    assert "the index was mended" in gitm("run", "8 oak_planks", "--json")[2]
    assert "the index was mended" not in gitm("run", "8 oak_planks", "--quiet")[2]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["run", "stick", "--view"], ["run", "stick", f"--view={PAGE}"]),
        (["run", "--view", "3 sticks"], ["run", f"--view={PAGE}", "3 sticks"]),
        (["run", "stick", "--view", "8080"], ["run", "stick", "--view", "8080"]),
        (["run", "stick", "--view=8080"], ["run", "stick", "--view=8080"]),
        (["run", "--view", "--quiet"], ["run", f"--view={PAGE}", "--quiet"]),
    ],
)
def test_the_port_of_a_view_may_be_left_out(given, meant):
    assert with_port(given) == meant
