"""Before a bot walks: which Node, which packages, which rules, and a server's refusals in words."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from gitm.actions import VOCABULARY, Equip, Explore, Wait
from gitm.errors import SetupError
from gitm.mineflayer import install
from gitm.mineflayer import node as nodes
from gitm.mineflayer.install import ensure, folder_of, intact, sizes, trim
from gitm.mineflayer.node import Node
from gitm.mineflayer.server import refusal
from gitm.mineflayer.world import BOT, deadline

NPM = """
import json, pathlib, sys
calls = pathlib.Path({calls!r}); calls.write_text(calls.read_text() + "x" if calls.exists() else "x")
if {fails}: sys.exit("npm error code ENOTFOUND")
for name, text in json.loads({files!r}).items():
    path = pathlib.Path("node_modules") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
"""
FILES = {
    "minecraft-data/minecraft-data/data/bedrock/1.21.0/blocks.json": "x" * 5000,
    "minecraft-data/minecraft-data/data/bedrock/common/features.json": "[]",
    "minecraft-data/minecraft-data/data/pc/1.16.2/blocks.json": "[1]",
    "mineflayer/index.js": "module.exports = 1",
    "mineflayer/index.d.ts": "declare",
}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lock file, and an npm that writes FILES and counts its calls in ``tmp_path/calls``."""
    folder = tmp_path / "packages"
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}')
    fake_npm(tmp_path, monkeypatch)
    return folder


def fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> None:
    script = tmp_path / "npm.py"
    script.write_text(NPM.format(calls=str(tmp_path / "calls"), files=json.dumps(FILES), fails=fails))
    found = Node(binary=Path(sys.executable), version="24.0.0", npm=(sys.executable, str(script)))
    monkeypatch.setattr(install, "find_node", lambda: found)


def calls(tmp_path: Path) -> int:
    return len((tmp_path / "calls").read_text())


def test_installed_once_and_trimmed(packages: Path, tmp_path: Path) -> None:
    said: list[str] = []
    modules = ensure(packages, tmp_path / "home", said.append)
    assert ensure(packages, tmp_path / "home") == modules
    assert calls(tmp_path) == 1
    assert said
    left = {str(path.relative_to(modules)) for path in modules.rglob("*") if path.is_file()}
    assert left == set(FILES) - {"mineflayer/index.d.ts", "minecraft-data/minecraft-data/data/bedrock/1.21.0/blocks.json"}
    before, after = sizes(folder_of(packages, tmp_path / "home"))
    assert before == sum(map(len, FILES.values()))
    assert after == before - 5000 - len("declare")


def test_another_lock_file_is_another_folder(packages: Path, tmp_path: Path) -> None:
    first = ensure(packages, tmp_path / "home")
    (packages / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}')
    assert ensure(packages, tmp_path / "home") != first
    assert calls(tmp_path) == 2


@pytest.mark.parametrize("text", [None, "module.exports = 2", ""])
def test_what_was_tampered_with_is_installed_anew(text: str | None, packages: Path, tmp_path: Path) -> None:
    modules = ensure(packages, tmp_path / "home")
    code = modules / "mineflayer" / "index.js"
    code.unlink() if text is None else code.write_text(text)
    ensure(packages, tmp_path / "home")
    assert code.read_text() == FILES["mineflayer/index.js"]
    assert calls(tmp_path) == 2


def test_data_is_read_only_when_thorough(packages: Path, tmp_path: Path) -> None:
    modules = ensure(packages, tmp_path / "home")
    (modules / "minecraft-data/minecraft-data/data/pc/1.16.2/blocks.json").write_text("[2]")
    folder = folder_of(packages, tmp_path / "home")
    assert intact(folder)
    assert not intact(folder, thorough=True)


def test_an_npm_that_fails_leaves_nothing_and_says_why(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_npm(tmp_path, monkeypatch, fails=True)
    with pytest.raises(SetupError, match=r"ENOTFOUND.*run again"):
        ensure(packages, tmp_path / "home")
    assert not [path for path in (tmp_path / "home" / "node").iterdir() if path.is_dir()]


def test_trimming_removes_only_what_is_listed(tmp_path: Path) -> None:
    keep = tmp_path / "vec3" / "index.js"
    keep.parent.mkdir()
    keep.write_text("1")
    (tmp_path / "vec3" / "index.d.ts").write_text("1")
    trim(tmp_path)
    assert [path.name for path in keep.parent.iterdir()] == ["index.js"]


def test_the_lock_file_pins_everything_and_names_no_address() -> None:
    text = (BOT / "package-lock.json").read_text()
    lock = json.loads(text)
    assert "://" not in text
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["version"] and entry["integrity"] for entry in packages.values())
    wanted = json.loads((BOT / "package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_an_old_system_node_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.1.0\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(nodes.shutil, "which", lambda name: str(old))
    monkeypatch.setattr(nodes, "_wheel", lambda: None)
    nodes.find_node.cache_clear()
    with pytest.raises(SetupError, match=r"no Node 22 or newer \(the system's is 18.1.0\).*gitm-agent\[minecraft\]"):
        nodes.find_node()
    old.write_text("#!/bin/sh\necho v22.5.1\n")
    assert nodes.find_node().version == "22.5.1"
    nodes.find_node.cache_clear()


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        ("kicked: You are not white-listed on this server!", "whitelist add ann"),
        ("kicked: multiplayer.disconnect.not_whitelisted", "whitelist add ann"),
        ("kicked: multiplayer.disconnect.duplicate_login", "--username"),
        ("kicked: You logged in from another location", "--username"),
        ("kicked: multiplayer.disconnect.unverified_username", "--auth microsoft"),
        ("Server version '27.3' is not supported. Latest supported version is '1.21.11'.", "--mc-version"),
        ("kicked: Come back on Sunday", "Come back on Sunday"),
    ],
)
def test_refusals_name_the_mend(reason: str, mend: str) -> None:
    error = str(refusal("host:1", "ann", reason))
    assert error.startswith("host:1: ")
    assert mend in error
    assert "\n" not in error


def test_every_action_has_a_file_and_a_deadline() -> None:
    assert {path.stem for path in (BOT / "actions").glob("*.js")} == {*VOCABULARY, "index"}
    assert deadline(Equip(object="stick")) == 15_000  # servers lag
    assert deadline(Explore(object="stone")) == 300_000
    assert deadline(Wait(ticks=12_000)) > 600_000
