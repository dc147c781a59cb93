"""The wheel: built, installed alone in a fresh environment, used from the root folder. Slow, so only ``make wheel`` and CI run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
DATA = {
    "gitm/prompts": ("gitm/prompts", "*.md"),
    "gitm/llm": ("gitm/llm", "*.yaml"),
    "gitm/bench": ("gitm/bench", "*.csv"),
    "gitm/knowledge": ("gitm/knowledge", "*.yaml"),
    "gitm/_data/knowledge/facts": ("knowledge/facts", "*.json"),
    "gitm/_data/knowledge/guides": ("knowledge/guides", "*.md"),
    "gitm/_data/skills": ("skills", "*.yaml"),
}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel, made from a source distribution as an index would have it, so that nothing outside that can slip in."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(folder), str(CHECKOUT)], check=True, capture_output=True, text=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory) -> Path:
    """The commands of a fresh environment with nothing but the wheel and what it declares to need."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([bin_folder / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True, text=True)
    return bin_folder


@pytest.fixture
def gitm(installed, tmp_path):
    """Runs the installed command from the root folder, in an environment that knows nothing of the checkout."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "GITM_", "VIRTUAL_ENV"))}
    env |= {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}

    def run(*command: str, program: str = "gitm") -> subprocess.CompletedProcess[str]:
        return subprocess.run([installed / program, *command], capture_output=True, text=True, cwd="/", env=env, timeout=120)

    return run


def declared_data() -> set[str]:
    return {f"{inside}/{path.name}" for inside, (folder, pattern) in DATA.items() for path in (CHECKOUT / folder).glob(pattern)}


def test_the_build_names_every_folder_of_data():
    """Without building: what the wheel must hold is what the build file promises."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for inside, (folder, _) in DATA.items():
        assert included.get(folder) == inside or folder.startswith("gitm/")
    assert {name.rpartition("/")[0] for name in declared_data()} == set(DATA), "every kind of data has at least one file"


@pytest.mark.wheel
def test_the_wheel_holds_all_data_and_nothing_of_the_tests(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert declared_data() - names == set()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"gitm", "env_stub"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.wheel
def test_what_is_imported_is_the_wheel(gitm, installed):
    code = "import sys, gitm, env_stub; print(gitm.__file__, env_stub.__file__, *sys.path, sep='\\n')"
    done = gitm("-c", code, program="python")
    lines = done.stdout.split("\n")
    assert lines[0].startswith(str(installed.parent)), done.stderr
    assert lines[1].startswith(str(installed.parent))
    assert str(CHECKOUT) not in done.stdout


@pytest.mark.wheel
def test_help_and_version(gitm):
    assert "doctor" in gitm("--help").stdout
    assert gitm("--version").stdout.startswith("gitm ")


@pytest.mark.wheel
def test_a_run_reaches_its_goal(gitm):
    done = gitm("run", "wooden_pickaxe", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["inventory"]["wooden_pickaxe"] == 1


@pytest.mark.wheel
def test_a_plan(gitm):
    done = gitm("plan", "stone_pickaxe", "--json")
    assert done.returncode == 0, done.stderr
    assert "cobblestone" in {task["item"] for task in json.loads(done.stdout)["tree"]}


@pytest.mark.wheel
def test_the_doctor_finds_nothing(gitm):
    done = gitm("doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["ok"]


@pytest.mark.wheel
def test_the_skills_are_there(gitm, wheel):
    shipped = [name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("gitm/_data/skills/")]
    assert len(gitm("skills").stdout.splitlines()) == len(shipped) > 0
