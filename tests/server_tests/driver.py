"""A bot on strings for the tests of the test server: real Node, real mineflayer, one line in, one line out."""

from __future__ import annotations

import json
import math
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gitm.mineflayer.node import find_node
from gitm.testserver import Server

SCRIPT = Path(__file__).parent / "js" / "bot.js"
ANSWER = 60.0  # seconds until a verb is given up
PATIENCE = 20.0  # seconds until something is taken not to come true: on a busy machine all is slow
ORIGIN = (0, 151, 0)  # the scene floats high above the land

Place = tuple[float, float, float]


class BotFailed(AssertionError):
    """A verb did not do what it was asked for; the message is mineflayer's."""


class Bot:
    """A joined bot. ``bot.dig(at=[...])`` does the verb of that name in js/verbs.js."""

    def __init__(self, server: Server, modules: Path, name: str = "Bot") -> None:
        self.name = name
        self._process = subprocess.Popen(
            [find_node().binary, SCRIPT, str(server.port), name],
            env={**os.environ, "NODE_PATH": str(modules)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._answer()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put('{"ok": false, "error": "the bot ended"}')

    def _answer(self) -> Any:
        answer = json.loads(self._lines.get(timeout=ANSWER))
        if not answer["ok"]:
            raise BotFailed(answer["error"])
        return answer.get("value")

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def do(**arguments: Any) -> Any:
            assert self._process.stdin
            self._process.stdin.write(json.dumps({"do": verb, **arguments}) + "\n")
            self._process.stdin.flush()
            return self._answer()

        return do

    def leave(self) -> None:
        assert self._process.stdin
        if not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)


class Scene:
    """A floating stone floor with a bot on its middle; places are counted from the middle, 0 is the height of the bot's feet."""

    def __init__(self, server: Server, bot: Bot) -> None:
        self.server, self.bot, self.control = server, bot, server.control

    def at(self, place: Place) -> list[float]:
        return [round(base + step, 3) for base, step in zip(ORIGIN, place, strict=True)]

    def reset(self) -> None:
        do = self.control.do
        do("fill", **{"from": self.at((-5, 0, -5)), "to": self.at((5, 5, 5)), "block": "air"})
        do("fill", **{"from": self.at((-5, -1, -5)), "to": self.at((5, -1, 5)), "block": "stone"})
        do("remove_entities")
        do("clear")
        do("body", health=20, food=20, saturation=5)
        do("time", ticks=1000)
        self.stand((0.5, 0, 0.5))
        until(lambda: self.bot.state()["inventory"] == {})
        self.bot.events()

    def stand(self, place: Place) -> None:
        """Put the bot on the floor; digging in the air takes five times as long, so wait until it stands."""
        self.control.do("teleport", to=self.at(place))
        until(lambda: self.bot.state()["stands"] and math.dist(self.bot.state()["at"], self.at(place)) < 0.1)

    def set(self, place: Place, block: str) -> list[float]:
        """Set a block and wait until the bot sees it; gives its place in the world."""
        at = self.at(place)
        self.control.do("set_block", at=at, block=block)
        until(lambda: self.bot.block(at=at) == block)
        return at

    def block(self, place: Place) -> str:
        """What the server has there."""
        found: str = self.control.do("get_block", at=self.at(place))["block"]
        return found

    def give(self, item: str, count: int = 1, **more: Any) -> None:
        before = self.bot.state()["inventory"].get(item, 0)
        self.control.do("give", item=item, count=count, **more)
        until(lambda: self.bot.state()["inventory"].get(item, 0) > before)

    def hold(self, item: str, count: int = 1, **more: Any) -> None:
        self.give(item, count, **more)
        self.bot.equip(item=item)

    def state(self) -> dict[str, Any]:
        """The server's word on the bot."""
        return self.control.do("state", player=self.bot.name)

    def held(self) -> dict[str, int]:
        """What the server says the bot has; the bot must come to say the same."""
        held: dict[str, int] = self.state()["inventory"]
        until(lambda: self.bot.state()["inventory"] == self.state()["inventory"])
        return held

    def comes_to_hold(self, expected: dict[str, int]) -> None:
        until(lambda: self.held() == expected, lambda: f"has {self.held()}, not {expected}")


def until(true: Callable[[], bool], told: Callable[[], str] = lambda: "it did not come true") -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, told()
        time.sleep(0.05)
