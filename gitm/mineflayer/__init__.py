"""A live world: a Mineflayer bot on a real Minecraft server (``--world mineflayer``; extra ``minecraft``).

``make_world`` is its entry point. Nothing of Node is started before a world is joined. ``docs/minecraft.md`` leads from nothing to a
walking bot, ``docs/bridge.md`` tells how Python and Node talk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gitm.mineflayer.world import MineflayerWorld

__all__ = ["MineflayerWorld", "make_world"]


def make_world(
    host: str = "localhost",
    port: int = 25565,
    username: str = "gitm",
    auth: str = "offline",
    mc_version: str | None = None,
    home: Path | None = None,
    rules: Path | None = None,
    view: int | None = None,
) -> MineflayerWorld:
    """A bot for the server; raises :class:`gitm.errors.SetupError` when none answers there."""
    return MineflayerWorld(
        host, port, username=username, auth=auth, mc_version=mc_version, home=home, rules=rules, view=view, progress=_to_stderr
    )


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
