"""The live world: a Mineflayer bot on a real server, as a :class:`gitm.types.World`. The Python side is small; the bot is in ``bot/``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import ValidationError

from gitm.actions import Action, Wait
from gitm.data import rule_book
from gitm.errors import SetupError
from gitm.mineflayer.bridge import Bridge, BridgeError
from gitm.mineflayer.clock import Clock
from gitm.mineflayer.install import ensure
from gitm.mineflayer.node import find_node
from gitm.mineflayer.server import Server, is_final, look, refusal
from gitm.types import PARTLY_DONE, Code, Feedback, Observation, WorldInfo

BOT = Path(__file__).parent / "bot"
VIEWER = Path(__file__).parent / "viewer"
TICK_MS = 50
LEAST_MS = 15_000  # even a short action gets this long: servers lag
JOIN = 60.0  # seconds, past the bot's own deadline for joining
MARGIN = 75.0  # seconds past an action's deadline: time for the bot to wake, rejoin and tidy
PATIENCE = 3  # actions in a row without a connection before the run is given up
EVENTS = 200


class MineflayerWorld:
    """A server joined by a bot. It is looked at when the world is made, joined by :meth:`reset`; the bot's process starts meanwhile."""

    def __init__(
        self,
        host: str = "localhost",
        port: int = 25565,
        *,
        username: str = "gitm",
        auth: str = "offline",
        mc_version: str | None = None,
        home: Path | None = None,
        rules: Path | None = None,
        view: int | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        """``rules`` replaces the rule book that is shipped for the server's version; ``view`` is the port of a page on loopback on which
        the bot can be watched (0: a free one). Raises :class:`SetupError` when no server answers or there is no Node.
        """
        self.server: Server = look(host, port)
        self._version = mc_version or self.server.version
        self._login = {"host": host, "port": port, "username": username, "auth": auth, "version": self._version, "view": view}
        self._own_rules = rules
        self._home = home or user_data_path("gitm")
        self._progress = progress or (lambda _: None)
        if self._version is None:
            self._progress(f"'{self.server.name}' names no version: guides are those of the newest; --mc-version V names it")
        self._bridge: Bridge | None = None
        self._clock = Clock()
        self._seen: Observation | None = None
        self._lost = 0  # actions in a row without a connection
        self.events: deque[dict[str, str]] = deque(maxlen=EVENTS)  # what the bot noted besides its answers, for people
        self.op = 0  # the bot's operator level there, as far as the server tells
        self.view: str | None = None  # the address of the page, once there is one
        self.busy_ms = 0.0  # how long the last request took on the bot's side
        self._started: Bridge | None = self._start()  # not used yet: Node loads its packages while guides are read

    @property
    def info(self) -> WorldInfo:
        """The server's version; its rules are Minecraft's of that version, as far as is known."""
        version = self._version or self.server.name
        return WorldInfo(name="mineflayer", version=version, rules=f"minecraft-{version}")

    @property
    def rules(self) -> Path:
        """The rule book that is played by: the one given, else that of the server's version, as far as it is known yet."""
        return self._own_rules or rule_book(self._version)

    @property
    def bridge(self) -> Bridge | None:
        """The running bridge, for tests that break it."""
        return self._bridge

    def reset(self) -> Observation:
        """Join the server, as it is. Raises :class:`SetupError` with one line and its mend when it lets nobody in."""
        if self._bridge is not None:
            self.close()
        self._clock, self._lost = Clock(), 0
        try:
            return self._join()
        except BridgeError as error:
            raise SetupError(f"the bot does not run: {error}; look with: gitm doctor --world mineflayer") from error

    def step(self, action: Action) -> Feedback:
        """Do one action. A dead bridge is restarted and the server joined again; the action then ended with TIMEOUT.

        Raises :class:`SetupError` only when several actions in a row found no server, or when it threw the bot out for good.
        """
        if self._bridge is None and self._seen is None:
            self.reset()
        if self._bridge is None:
            return self._after_restart("there was no connection")
        ms = deadline(action)
        try:
            reply = self._ask({"op": "act", "action": action.model_dump(mode="json"), "deadline_ms": ms}, ms / 1000 + MARGIN)
        except BridgeError as error:
            return self._after_restart(str(error))
        if "error" in reply:  # it answered, but not as it should: its state is not to be trusted
            return self._after_restart(f"the bot failed: {reply['error']}")
        return self._feedback(Code(reply["code"]), reply["message"], reply["missing"], reply["observation"])

    def close(self) -> None:
        """Leave the server and end the child process."""
        if self._bridge is not None:
            with suppress(BridgeError):  # it may be gone already
                self._bridge.ask({"op": "leave"}, 3.0)
        self._drop_bridge()
        if self._started is not None:
            self._started.close()
            self._started = None

    def _start(self) -> Bridge:
        wanted = (BOT,) if self._login["view"] is None else (BOT, VIEWER)
        return Bridge(find_node(), *(ensure(packages, self._home, self._progress) for packages in wanted))

    def _join(self) -> Observation:
        self._bridge, self._started = self._started or self._start(), None
        rules = self.rules
        reply = self._ask({"op": "join", **self._login, "rules": str(rules), "deadline_ms": JOIN * 1000 / 2}, JOIN)
        if "error" in reply:
            self.close()
            raise refusal(str(self.server), str(self._login["username"]), reply["error"])
        self._version, self.op = self._version or reply["version"], reply["op"]
        if self.rules != rules:  # only joining told the version
            self._drop_bridge()
            return self._join()
        self._seen = self._observed(reply["observation"])
        self._lost = 0
        self._show(reply["view"])
        return self._seen

    def _show(self, port: int | None) -> None:
        if port is not None and self.view is None:
            self.view = f"http://127.0.0.1:{port}/"
            self._login["view"] = port  # after a restart of the bridge it is the same page
            self._progress(f"watch the bot at {self.view}")

    def _ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        if self._bridge is None:
            raise BridgeError("the bot's process is not running")
        reply = self._bridge.ask(request, timeout)
        self.events.extend(reply.pop("events", ()))
        self.busy_ms = reply.pop("busy_ms", 0.0)
        return reply

    def _after_restart(self, why: str) -> Feedback:
        """The bridge is gone: a new one, and join again. The action ended somehow; what came of it, the new observation shows."""
        before = self._seen
        self._drop_bridge()
        try:
            self._join()
            message = f"{why}; it was restarted and joined again: look and go on"
        except (BridgeError, SetupError) as error:
            self._drop_bridge()
            if before is None:
                raise
            message = f"{why}, and joining again failed ({error}): wait and go on"
            self._note_lost(error)
        after, self._seen = self._seen or before, before
        if after is None:
            raise SetupError(f"{self.server}: {message}")
        return self._compared(Code.TIMEOUT, message, {}, after)

    def _drop_bridge(self) -> None:
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None

    def _note_lost(self, error: Exception) -> None:
        self._lost += 1
        if self._lost >= PATIENCE:
            raise SetupError(f"{self.server}: the server is gone ({error}); start it again and run: gitm resume") from error

    def _feedback(self, code: Code, message: str, missing: dict[str, int], seen: dict[str, Any]) -> Feedback:
        if message.startswith("not connected"):
            if is_final(message):  # it was not joined again, on purpose
                raise refusal(str(self.server), str(self._login["username"]), message)
            self._note_lost(ConnectionError(message))
        else:
            self._lost = 0
        return self._compared(code, message, missing, self._observed(seen))

    def _compared(self, code: Code, message: str, missing: dict[str, int], after: Observation) -> Feedback:
        """The feedback by what really changed between the last observation and this one."""
        before = self._seen or after
        change = {
            name: count
            for name in sorted({*before.inventory, *after.inventory})
            if (count := after.inventory.get(name, 0) - before.inventory.get(name, 0))
        }
        if change and code is Code.UNKNOWN_NAME:  # nothing was done: what was picked up meanwhile is news for the next answer
            after, change = after.model_copy(update=_belongings(before)), {}
        elif change and code not in PARTLY_DONE:
            code = Code.PARTIAL
        self._seen = after
        return Feedback(
            ok=code is Code.OK,
            code=code,
            message=message,
            change=change,
            missing={name: count for name, count in missing.items() if count > 0},
            ticks=after.tick - before.tick,
            observation=after,
        )

    def _observed(self, seen: dict[str, Any]) -> Observation:
        fields = {key: value for key, value in seen.items() if key != "time"}
        try:
            return Observation(tick=self._clock.tick(int(seen["time"])), **fields)
        except ValidationError as error:
            raise BridgeError(f"an observation that is none: {error.errors(include_url=False)[0]['loc']}") from error


def deadline(action: Action) -> int:
    """Milliseconds the bot may take: the action's own limit, at least a few seconds."""
    ticks = action.ticks + 100 if isinstance(action, Wait) else action.limit
    return max(LEAST_MS, ticks * TICK_MS)


def _belongings(seen: Observation) -> dict[str, Any]:
    return {"inventory": seen.inventory, "free_slots": seen.free_slots, "wear": seen.wear, "hand": seen.hand, "worn": seen.worn}
