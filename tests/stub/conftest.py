"""A furnished world for scenes: put things down, give things, do actions; every answer is held against the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

import env_stub
from env_stub.things import Thing
from gitm.actions import Action
from gitm.check import feedback_faults
from gitm.types import Feedback


class Camp:
    """One world in the morning on the surface."""

    def __init__(self, seed: int = 3, rules: Path | None = None, dig_speed: float = 1.0) -> None:
        self.world = env_stub.make_world(seed, rules, dig_speed)
        self.seen = self.world.reset()
        self.game = self.world.game

    def give(self, **items: int) -> Camp:
        for name, count in items.items():
            assert self.game.inventory.add(name, count) == count
        self.seen = self.world.observe()
        return self

    def put(self, name: str, kind: str = "block", *, away: int = 2, left: int = 1) -> Thing:
        thing = Thing(name, kind, self.game.x + away, self.game.y, self.game.z, left)
        if kind in ("mob", "hostile"):
            thing.health = self.game.rules.mobs[name].health
        self.game.add(thing)
        if kind == "station":
            self.game.placed.setdefault(name, []).append(thing)
        return thing

    def clear(self) -> Camp:
        """A bare plain: nothing but the ground."""
        for cell in self.game.view:
            cell.things.clear()
        self.game.memory.clear()
        self.game.sheets_at = None
        self.world._scene._at = None
        self.seen = self.world.observe()
        return self

    def descend(self, y: int) -> Camp:
        self.game.shaft = (self.game.x, self.game.y, self.game.z)
        self.game.underground, self.game.y = True, y
        self.seen = self.world.observe()
        return self

    def at(self, tick: int) -> Camp:
        """Let the clock say so, without anything happening meanwhile."""
        self.game.tick = tick
        self.seen = self.world.observe()
        return self

    def have(self, name: str) -> int:
        return self.game.inventory.count(name)

    def do(self, action: Action) -> Feedback:
        feedback = self.world.step(action)
        assert list(feedback_faults(self.seen, feedback)) == []
        self.seen = feedback.observation
        return feedback


@pytest.fixture
def camp() -> Camp:
    """A bare plain in the morning, with empty hands."""
    return Camp().clear()


@pytest.fixture
def make_camp() -> type[Camp]:
    return Camp


@pytest.fixture
def far_rules() -> Path:
    """A small rule book with three dimensions, structures, a trader, portals and brewing."""
    return Path(__file__).parent.parent / "data" / "far_world.json"


@pytest.fixture
def far_camp(far_rules: Path) -> Camp:
    """A bare plain of the far world."""
    return Camp(rules=far_rules).clear()


@pytest.fixture
def tiny_rules() -> Path:
    """A rule book in which nothing is Minecraft's."""
    return Path(__file__).parent.parent / "data" / "tiny_world.json"
