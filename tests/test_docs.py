"""The documents tell the truth: their commands run, their options exist, their links lead somewhere.

Fences ``sh`` and ``console`` are run, one document after the other in a folder and a home of its own. A fence marked ``skip=<why>``, or one
that asks a model on a server, is only compared with what the commands accept. Fences ``python`` are run as they are.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
DOCUMENTS = [
    path for path in (CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").glob("*.md"))) if path.exists()
]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ON_A_SERVER = re.compile(r"--llm[ =](?!reader)")


@dataclass(frozen=True)
class Block:
    language: str
    info: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The command lines: those behind a prompt, if there is one."""
        lines = [line for line in self.text.splitlines() if line.strip() and not line.startswith("#")]
        prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return prompted or lines

    @property
    def runs(self) -> bool:
        return "skip=" not in self.info and not ON_A_SERVER.search(self.text)


def blocks(document: Path, *languages: str) -> list[Block]:
    found = (Block(*match.groups()) for match in FENCE.finditer(document.read_text(encoding="utf-8")))
    return [block for block in found if block.language in languages]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_shown_runs(document, tmp_path, fresh_home):
    env = {key: value for key, value in os.environ.items() if not key.startswith("GITM_")}
    env |= {"GITM_HOME": str(fresh_home("home")), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}", "NO_COLOR": "1"}
    for block in filter(lambda block: block.runs, blocks(document, "sh", "console", "python")):
        python = block.language == "python"
        command = [sys.executable, "-c", block.text] if python else ["bash", "-euo", "pipefail", "-c", "\n".join(block.commands)]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{command[-1]}\n{done.stdout[-500:]}\n{done.stderr[-2000:]}"


def accepted(*command: str) -> set[str]:
    """The options that a command's --help names."""
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, "-m", "gitm", *command, "--help"], capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*|(?<![\w-])-[a-z]\b", done.stdout))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_commands_that_cannot_be_run_here_exist(document):
    for block in filter(lambda block: not block.runs, blocks(document, "sh", "console")):
        for line in block.commands:
            words = shlex.split(line, comments=True)
            if words[:1] == ["gitm"]:
                group = words[1:3] if words[1] in ("knowledge", "config", "bench", "facts") else words[1:2]
                options = {word.partition("=")[0] for word in words if word.startswith("-")}
                assert options <= accepted(*group), line
            elif words[:1] == ["make"]:
                done = subprocess.run(["make", "-n", *words[1:]], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
                assert done.returncode == 0, f"{line}: {done.stderr}"


@pytest.mark.parametrize("document", [*DOCUMENTS, CHECKOUT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text):
        assert (document.parent / target).exists(), target


def test_the_readme_shows_python_in_less_than_ten_lines():
    (block,) = blocks(CHECKOUT / "README.md", "python")
    assert len([line for line in block.text.splitlines() if line.strip()]) < 10


def test_every_command_is_shown_in_the_readme():
    text = "\n".join(block.text for block in blocks(CHECKOUT / "README.md", "sh"))
    commands = "run, plan, runs, show, doctor, skills, knowledge build, knowledge search, knowledge check, config show, bench"
    for command in commands.split(", "):
        assert f"gitm {command}" in text, command
