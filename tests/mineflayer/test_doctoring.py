"""``gitm doctor --world mineflayer``: what is fine is told, and every failure with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from mineflayer.protocol import ProtocolServer

from gitm.config import Settings
from gitm.data import stand_in
from gitm.doctor import _world
from gitm.errors import SetupError
from gitm.mineflayer import doctor
from gitm.mineflayer.doctor import Line, examine_server


def lines(home: Path, port: int = 1, **options: str) -> dict[str, Line]:
    return {line[0]: line for line in examine_server("127.0.0.1", port, home=home, **options)}


def test_all_is_told_of_a_server_that_lets_the_bot_in(node_home: Path) -> None:
    with ProtocolServer(node_home, "1.19.4") as server:
        found = lines(node_home, server.port, username="ann")
    assert list(found) == ["node", "npm packages", "viewer", "server", "version", "rules", "login"]
    assert all(ok for _, ok, _, _ in found.values()), found
    assert "MB in" in found["npm packages"][2]
    assert "is 1.19.4, " in found["server"][2]
    assert found["version"][2] == "1.19.4 is spoken"
    assert found["rules"][2] == stand_in("1.19.4")
    assert "ann (offline) stands at 0 64 0" in found["login"][2]
    assert "no operator" in found["login"][2]


def test_an_operator_is_told_so(node_home: Path) -> None:
    with ProtocolServer(node_home, "1.16.5", op=3) as server:
        assert "operator level 3; no command is ever used" in lines(node_home, server.port)["login"][2]


def test_no_server_ends_with_the_command_that_starts_one(node_home: Path) -> None:
    found = lines(node_home, 1)
    assert list(found)[-1] == "server"
    _, ok, text, mend = found["server"]
    assert not ok
    assert "no Minecraft server answers at 127.0.0.1:1" in text
    assert mend == "gitm server --port 1"


@pytest.mark.parametrize("name", ["Paper 27.3", "1.7.10"])
def test_a_version_that_is_not_spoken_is_told_before_anybody_joins(name: str, node_home: Path) -> None:
    with ProtocolServer(node_home, "1.16.5", name=name) as server:
        found = lines(node_home, server.port)
        named = lines(node_home, server.port, mc_version="1.16.5")
    assert list(found)[-1] == "version"
    assert not found["version"][1]
    assert "only 1.8.8 to " in found["version"][2]
    assert "--mc-version" in found["version"][3]
    assert named["login"][1]


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        ("You are not whitelisted on this server!", "on the server: whitelist add gitm"),
        ("multiplayer.disconnect.duplicate_login", "give another one: --username NAME"),
        ("multiplayer.disconnect.unverified_username", "give --auth microsoft, or set online-mode=false on it"),
        ("Closed on Sundays", "look at the server's log, or try: gitm doctor --world mineflayer"),
    ],
)
def test_a_refused_login_is_told_with_the_servers_reason(reason: str, mend: str, node_home: Path) -> None:
    with ProtocolServer(node_home, "1.16.5", refuse=reason) as server:
        _, ok, _, told = lines(node_home, server.port)["login"]
    assert not ok
    assert told == mend


def test_no_node_and_no_packages(node_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "intact", lambda folder, *, thorough: False)
    damaged = lines(node_home)["npm packages"]
    assert not damaged[1]
    assert damaged[2].endswith("damaged")
    assert damaged[3].startswith("rm -r '")

    def broken(*_: object) -> None:
        raise SetupError("npm cannot install the packages for the bot: ENOTFOUND; look at the network (npm ping) and run again")

    monkeypatch.setattr(doctor, "ensure", broken)
    assert list(lines(node_home)) == ["node", "npm packages"]
    assert lines(node_home)["npm packages"][1:] == (False, str(_error(broken)), "look at the network (npm ping) and run again")
    monkeypatch.setattr(doctor, "find_node", broken)
    assert list(lines(node_home)) == ["node"]
    assert lines(node_home)["node"][3] == "pip install 'gitm-agent[minecraft]'"


def _error(raising: object) -> SetupError:
    with pytest.raises(SetupError) as caught:
        raising()  # type: ignore[operator]
    return caught.value


def test_the_command_shows_them_with_the_others(node_home: Path) -> None:
    found = {check.what: check for check in _world(Settings(world="mineflayer", host="127.0.0.1", port=1, home=node_home))}
    assert not found["server"].ok
    assert found["stub world"].ok
