"""The command line as a user meets it: in a process and a terminal, with the real loop, world and knowledge."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from gitm.cli import main
from gitm.record import read_run, run_paths


def python(code: str, *args: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, **more)


def test_importing_the_command_line_loads_nothing_heavy():
    loaded = python("import sys, gitm.cli; print(*sys.modules)").stdout.split()
    heavy = {"chromadb", "openai", "numpy", "rich", "rich.live", "pydantic", "jinja2", "yaml", "env_stub"}
    assert "gitm.cli" in loaded
    assert heavy & set(loaded) == set()


def test_help_answers_at_once():
    def once() -> float:
        """Seconds of processor time: on a free machine that is how long it takes."""
        before = os.times()
        done = subprocess.run([sys.executable, "-m", "gitm", "--help"], capture_output=True, text=True, timeout=60)
        after = os.times()
        assert "doctor" in done.stdout
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(once() for _ in range(3)) < 0.4


def test_the_version_is_the_packages():
    from importlib.metadata import version

    done = subprocess.run([sys.executable, "-m", "gitm", "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout == f"gitm {version('gitm-agent')}\n"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_real_ctrl_c_in_a_real_process(tmp_path, fresh_home):
    """A world that never answers is interrupted by the signal a terminal sends."""
    (tmp_path / "sleepy.py").write_text(
        "import time\n"
        "from env_stub import make_world\n"
        "class Sleepy:\n"
        "    def __init__(self): self.inner = make_world()\n"
        "    info = property(lambda self: self.inner.info)\n"
        "    def reset(self): return self.inner.reset()\n"
        "    def step(self, action):\n"
        "        print('stepping', flush=True)\n"
        "        time.sleep(60)\n"
        "    def close(self): pass\n"
    )
    command = [sys.executable, "-m", "gitm", "run", "stick", "--world", "sleepy:Sleepy", "--home", str(fresh_home("home")), "--quiet"]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    heeded = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # what a shell starts in the background is told to ignore it
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, preexec_fn=heeded)
    assert process.stdout.readline() == "stepping\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "interrupted" in out
    assert "Traceback" not in err
    assert read_run(run_paths(tmp_path / "home")[0]).events[-1].reason == "interrupted"


# --- the real loop -----------------------------------------------------------------------------------------

HILLS = {
    "name": "two hills",
    "version": "1",
    "items": {"reed": {}, "comb": {"stack": 1}},
    "blocks": {"turf": {"hardness": 0.6}, "reed_bed": {"hardness": 0.2, "drops": [{"item": "reed", "low": 1, "high": 3}]}},
    "crafts": [{"item": "comb", "materials": [{"item": "reed", "count": 2}]}],
    "biomes": {"hills": {"top": "turf", "below": "turf"}},
    "deposits": [{"block": "reed_bed", "per_cell": 2, "low": 2, "high": 4}],
}


@pytest.fixture
def real(fresh_home, monkeypatch, capfd):
    """Runs a command line for real, in a home of its own."""
    monkeypatch.setenv("GITM_HOME", str(fresh_home("home")))

    def run(*args):
        with pytest.raises(SystemExit) as left:
            main(args)
        out, err = capfd.readouterr()
        return left.value.code or 0, out, err

    return run


def test_world_and_knowledge_are_varied_apart(real, tmp_path):
    book = tmp_path / "hills.json"
    book.write_text(json.dumps(HILLS))
    code, out, err = real("run", "comb", "--rules", str(book), "--guides", str(book), "--json", "--quiet")
    assert code == 0, err
    assert json.loads(out)["inventory"]["comb"] == 1
    code, _, err = real("run", "comb", "--rules", str(book))  # a new world, the old knowledge
    assert code == 2
    assert "no item 'comb'" in err
    code, out, _ = real("run", "comb", "--guides", str(book), "--json", "--quiet")  # the old world, new beliefs
    assert code == 1
    figures = json.loads(out)
    assert "reed" in figures["reason"]
    assert figures["inventory"] == {}
    began = read_run(Path(figures["run"])).events[0]
    assert began.settings["guides"] == (str(book),)
    assert "rules" not in began.settings


def test_a_goal_reached_before_costs_no_question(real):
    first = json.loads(real("run", "wooden_pickaxe", "--seed", "3", "--json", "--quiet")[1])
    again = json.loads(real("run", "wooden_pickaxe", "--seed", "3", "--json", "--quiet")[1])
    assert first["reached"]
    assert again["reached"]
    assert first["llm_calls"] > 0
    assert again["llm_calls"] == 0


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
def test_in_a_terminal_the_run_is_live(fresh_home):
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "gitm", "run", "crafting_table", "--home", str(fresh_home("home"))]
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}
    env.pop("NO_COLOR", None)
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=env)
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    text = shown.decode()
    assert "\x1b[?25l" in text, "the cursor is hidden while the picture is redrawn"
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "and shown again"
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
    assert "✓ 1 crafting_table" in plain
    assert "crafting_table: reached" in plain
