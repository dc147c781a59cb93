"""Looking at a server before joining it: is one there, which version does it speak; and its refusals in words that name the mend."""

from __future__ import annotations

import re

from gitm.data import numbers
from gitm.errors import SetupError
from gitm.types import Frozen

PATIENCE = 4.0  # seconds a ping may take
_FINAL = re.compile(r"duplicate_login|another location|not_whitelisted|white-?list|banned", re.IGNORECASE)
#: The oldest and the newest Minecraft that the bot's libraries speak (mineflayer 4.39; a test compares).
OLDEST, NEWEST = "1.8.8", "26.1"
_VERSION = re.compile(r"\b\d+\.\d+(?:\.\d+)?\b")


class Server(Frozen):
    """A server that answered: what it calls its version, the one version in it (if it names just one), how many players are on it."""

    host: str
    port: int
    name: str
    version: str | None
    players: int = 0

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def look(host: str, port: int) -> Server:
    """Ping the server; raises :class:`SetupError` when none answers."""
    try:
        from mcstatus import JavaServer
    except ImportError as error:
        raise SetupError("the Minecraft extra is not installed; pip install 'gitm-agent[minecraft]'") from error
    try:
        status = JavaServer(host, port, timeout=PATIENCE).status(tries=1)
    except Exception as error:  # mcstatus lets through whatever the socket or a strange server raises
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise SetupError(
            f"no Minecraft server answers at {host}:{port} ({why}); start one (gitm server), or give --host and --port"
        ) from error
    versions = _VERSION.findall(status.version.name)
    version = versions[0] if len(versions) == 1 else None
    return Server(host=host, port=port, name=status.version.name, version=version, players=status.players.online)


def speaks(version: str) -> bool:
    """Whether the bot speaks this version; one in between that is not listed anywhere has data all the same, mostly."""
    return numbers(OLDEST) <= numbers(version) <= numbers(NEWEST)


def refusal(server: str, username: str, reason: str) -> SetupError:
    """Why one could not join, in one line with its mend."""
    low = reason.lower()
    if low.startswith("view: "):
        return SetupError(f"{reason.removeprefix('view: ')}; give another one: --view PORT")
    if "whitelist" in low or "white-list" in low or "not_whitelisted" in low:
        return SetupError(f"{server}: {username} is not on the whitelist; on the server: whitelist add {username}")
    if "duplicate_login" in low or "another location" in low or "already" in low:
        return SetupError(f"{server}: the name {username} is in use there; give another one: --username NAME")
    if "banned" in low:
        return SetupError(f"{server}: {username} is banned ({reason}); on the server: pardon {username}")
    if "unverified_username" in low or "authenticat" in low or "premium" in low or "encryption" in low:
        return SetupError(f"{server}: it wants a Microsoft login ({reason}); give --auth microsoft, or set online-mode=false on it")
    if "not supported" in low or "unsupported" in low or "outdated" in low or "incompatible" in low:
        return SetupError(f"{server}: its version cannot be played ({reason}); use another server, or name one it accepts: --mc-version V")
    return SetupError(f"{server}: could not join ({reason}); look at the server's log, or try: gitm doctor --world mineflayer")


def is_final(reason: str) -> bool:
    """Whether who was thrown out for this reason would only be thrown out again (the bot's ``FINAL`` knows the same ones)."""
    return _FINAL.search(reason) is not None
