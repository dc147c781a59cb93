"""What ``gitm doctor --world mineflayer`` looks at: Node, the npm packages, the server, its version, and whether it lets the bot in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from gitm.data import rule_book, stand_in
from gitm.errors import SetupError
from gitm.mineflayer.install import ensure, folder_of, intact, sizes
from gitm.mineflayer.node import EXTRA, find_node
from gitm.mineflayer.server import NEWEST, OLDEST, look, speaks
from gitm.mineflayer.world import BOT, VIEWER, MineflayerWorld

#: What was looked at, whether it is fine, what was found, what mends it.
Line = tuple[str, bool, str, str]


def examine_server(
    host: str = "localhost",
    port: int = 25565,
    username: str = "gitm",
    auth: str = "offline",
    mc_version: str | None = None,
    home: Path | None = None,
) -> Iterator[Line]:
    """All lines, one after the other; what cannot be looked at after a failure is left out. The npm packages are installed on the way."""
    home = home or user_data_path("gitm")
    try:
        node = find_node()
    except SetupError as error:
        yield "node", False, str(error), EXTRA
        return
    yield "node", True, f"{node.version} ({node.binary})", ""
    try:
        ensure(BOT, home)
    except SetupError as error:
        yield "npm packages", False, str(error), _mend(error)
        return
    yield _packages("npm packages", BOT, home)
    yield _packages("viewer", VIEWER, home) if folder_of(VIEWER, home).exists() else ("viewer", True, "not installed; --view does it", "")
    for line in _server(host, port, mc_version):
        yield line
        if not line[1]:
            return
    yield _login({"host": host, "port": port, "username": username, "auth": auth, "mc_version": mc_version, "home": home})


def _packages(what: str, packages: Path, home: Path) -> Line:
    folder = folder_of(packages, home)
    whole = intact(folder, thorough=True)
    return what, whole, f"{sizes(folder)[1] / 1e6:.0f} MB in {folder}" + ("" if whole else ", damaged"), f"rm -r '{folder}'"


def _server(host: str, port: int, mc_version: str | None) -> Iterator[Line]:
    try:
        server = look(host, port)
    except SetupError as error:
        yield "server", False, str(error), f"gitm server --port {port}"
        return
    yield "server", True, f"{server} is {server.name}, {server.players} players", ""
    version = mc_version or server.version
    mend = f"use a server of {OLDEST} to {NEWEST}, or one that lets those in, with --mc-version V"
    if version is None:
        yield "version", True, f"not told by '{server.name}': it is asked for when joining; --mc-version V names it", ""
    elif not speaks(version):
        yield "version", False, f"{version} is not spoken, only {OLDEST} to {NEWEST}", mend
    else:
        yield "version", True, f"{version} is spoken", ""
    yield "rules", True, stand_in(version) or f"the rule book of {rule_book(version).stem}", ""


def _login(options: dict[str, Any]) -> Line:
    try:
        world = MineflayerWorld(**options)
        with closing(world):
            seen = world.reset()
    except SetupError as error:
        return "login", False, str(error), _mend(error)
    rights = f"operator level {world.op}; no command is ever used" if world.op else "no operator, which is fine"
    where = f"stands at {seen.x} {seen.y} {seen.z} in the {seen.biome}"
    return "login", True, f"{options['username']} ({options['auth']}) {where} of Minecraft {world.info.version}; {rights}", ""


def _mend(error: SetupError) -> str:
    """What an error's sentence ends with."""
    return str(error).rpartition("; ")[2]
