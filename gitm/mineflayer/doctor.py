"""What ``gitm doctor --world mineflayer`` looks at: Node, the npm packages, the server, its version, and whether it lets the bot in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_data_path

from gitm.data import rule_book
from gitm.errors import SetupError
from gitm.mineflayer.install import ensure, folder_of, intact, sizes
from gitm.mineflayer.node import EXTRA, find_node
from gitm.mineflayer.server import look
from gitm.mineflayer.world import BOT, MineflayerWorld

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
        yield "npm packages", False, str(error), str(error).rpartition("; ")[2]
        return
    folder = folder_of(BOT, home)
    whole = intact(folder, thorough=True)
    yield "npm packages", whole, f"{sizes(folder)[1] / 1e6:.0f} MB in {folder}" + ("" if whole else ", damaged"), f"rm -r '{folder}'"
    yield from _server(MineflayerWorld, host, port, username, auth, mc_version, home)


def _server(
    make: type[MineflayerWorld], host: str, port: int, username: str, auth: str, mc_version: str | None, home: Path
) -> Iterator[Line]:
    try:
        server = look(host, port)
    except SetupError as error:
        yield "server", False, str(error), f"gitm server --port {port}"
        return
    yield "server", True, f"{server} is {server.name}, {server.players} players", ""
    version = mc_version or server.version
    yield "rules", True, f"{version or 'unknown version'}: played by the book of {rule_book(version).stem}", ""
    world = make(host, port, username=username, auth=auth, mc_version=mc_version, home=home)
    try:
        seen = world.reset()
    except SetupError as error:
        yield "login", False, str(error), str(error).rpartition("; ")[2]
        return
    finally:
        world.close()
    rights = f"operator level {world.op}; no command is ever used" if world.op else "no operator, which is fine"
    yield "login", True, f"{username} ({auth}) stands at {seen.x} {seen.y} {seen.z} in the {seen.biome}; {rights}", ""
