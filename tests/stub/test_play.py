"""Whole games: how deadly the world is, and that the same seed and actions give the same bytes in any process.

The scripted player goes for diamonds through actions and feedback alone; it fights back and eats. It is no part of the agent.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import env_stub
from gitm.actions import (
    Action,
    Approach,
    Attack,
    Craft,
    DigDown,
    Eat,
    Equip,
    Explore,
    GoUp,
    Mine,
    Place,
    Smelt,
    Wait,
)
from gitm.types import Code, Feedback, World

MEAT = {"beef": "cow", "porkchop": "pig", "mutton": "sheep", "chicken": "chicken"}
LOGS = ("oak_log", "birch_log", "spruce_log", "jungle_log", "acacia_log", "dark_oak_log")


class Player:
    """Plays one world. ``passive``: never fights back and never eats."""

    def __init__(self, world: World, *, passive: bool = False, most: int = 1500) -> None:
        self.world, self.passive, self.most = world, passive, most
        self.seen = world.reset()
        self.deaths = 0
        self.feedbacks: list[Feedback] = []

    def once(self, action: Action) -> Feedback:
        feedback = self.world.step(action)
        self.seen = feedback.observation
        self.deaths += feedback.code is Code.DIED
        self.feedbacks.append(feedback)
        return feedback

    def do(self, action: Action) -> Feedback:
        """The action, again after every fight, with a bite in between."""
        feedback = self.once(action)
        for _ in range(12):
            if feedback.code is not Code.INTERRUPTED or len(self.feedbacks) > self.most:
                break
            self.reflexes()
            feedback = self.once(action)
        self.reflexes()
        return feedback

    def reflexes(self) -> None:
        if self.passive:
            return
        for _ in range(4):
            near = [thing for thing in self.seen.nearby if thing.kind == "hostile" and thing.distance <= 3.5]
            if not near:
                break
            self.once(Attack(object=near[0].name))
        food = next((name for name in self.seen.inventory if name in MEAT or name in ("bread", "apple")), None)
        if food and self.seen.food < 15:
            self.once(Eat(object=food))

    def have(self, name: str) -> int:
        return self.seen.inventory.get(name, 0)

    def gather(self, block: str, item: str, count: int, tries: int = 14) -> bool:
        for _ in range(tries):
            if self.have(item) >= count:
                return True
            if self.do(Explore(object=block)).ok and self.do(Approach(object=block)).ok:
                if self.do(Mine(object=block, count=max(1, count - self.have(item)))).code is Code.MISSING_TOOL:
                    return False
            elif self.feedbacks[-1].code in (Code.MISSING_TOOL, Code.NO_PATH):
                return False
        return self.have(item) >= count

    def hunt(self) -> None:
        mob = next((thing.name for thing in self.seen.nearby if thing.name in MEAT.values()), "cow")
        if self.do(Explore(object=mob)).ok and self.do(Approach(object=mob)).ok:
            self.do(Attack(object=mob))

    def at_station(self, station: str, action: Action) -> bool:
        if not self.seen.near(station):
            self.do(Place(object=station))
        done = self.do(action).ok
        self.do(Mine(object=station))
        return done

    def tools(self, material: str, *kinds: str) -> bool:
        done = [self.at_station("crafting_table", Craft(object=f"{material}_{kind}")) for kind in kinds]
        return all(done)

    def wood(self, count: int) -> str | None:
        log = next((thing.name for thing in self.seen.nearby if thing.name in LOGS), None)
        for name in (log, *LOGS[:3]):
            if name and self.gather(name, name, count, tries=4):
                return name
        return None

    def diamonds(self) -> bool:
        """From nothing to one diamond; whether it was reached in one life after another."""
        for _ in range(4):
            lives = self.deaths
            if self._one_life(lives):
                return True
            if len(self.feedbacks) > self.most:
                return False
        return False

    def _one_life(self, lives: int) -> bool:
        log = self.wood(12)
        if log is None:
            return False
        planks = log.removesuffix("_log") + "_planks"
        self.do(Craft(object=planks, count=44))
        self.do(Craft(object="stick", count=20))
        self.do(Craft(object="crafting_table"))
        self.tools("wooden", "pickaxe")
        self.hunt()
        self.do(DigDown(y_level=self.seen.y - 8))
        self.do(Mine(object="stone", count=32))
        self.tools("stone", "pickaxe", "sword", "pickaxe", "pickaxe", "pickaxe")
        self.at_station("crafting_table", Craft(object="furnace"))
        if self.have("stone_sword"):
            self.do(Equip(object="stone_sword"))
        self.gather("coal_ore", "coal", 3, 6)
        self.do(DigDown(y_level=16))
        if not self.gather("iron_ore", "raw_iron", 3) or self.deaths > lives:
            self.do(GoUp())
            return False
        self.at_station("furnace", Smelt(object="iron_ingot", count=3))
        if not self.tools("iron", "pickaxe"):
            self.do(GoUp())
            return False
        self.do(DigDown(y_level=-57))
        found = self.gather("deepslate_diamond_ore", "diamond", 1, 12)
        self.do(GoUp())
        return found


def test_a_player_who_fights_and_eats_gets_diamonds_and_rarely_dies():
    players = [Player(env_stub.make_world(seed)) for seed in range(10, 20)]
    reached = sum(player.diamonds() for player in players)
    assert reached >= 8
    assert sum(player.deaths for player in players) <= 4


def test_who_does_nothing_at_night_sometimes_dies_and_sometimes_does_not():
    deaths = []
    for seed in range(18, 30):
        world = env_stub.make_world(seed)
        world.reset()
        codes = [world.step(Wait(ticks=500)).code for _ in range(46)]
        deaths.append(Code.DIED in codes)
    assert 1 <= sum(deaths) <= 10


_CHILD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("play", sys.argv[1])
play = importlib.util.module_from_spec(spec)
spec.loader.exec_module(play)
player = play.Player(play.env_stub.make_world(11))
player.diamonds()
print(*[feedback.model_dump_json() for feedback in player.feedbacks], sep="\\n")
"""


def _run_child(hash_seed: str) -> str:
    env = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run([sys.executable, "-c", _CHILD, __file__], capture_output=True, text=True, check=True, env=env).stdout


def test_the_same_seed_and_actions_give_the_same_bytes_in_every_process():
    first = _run_child("1")
    assert first.count("\n") > 30
    assert _run_child("2") == first


@pytest.mark.parametrize("seed", [1, 2])
def test_reset_starts_the_same_game_again(seed: int):
    world = env_stub.make_world(seed)
    first = Player(world)
    first.diamonds()
    again = Player(world)
    again.diamonds()
    assert [feedback.model_dump_json() for feedback in again.feedbacks] == [feedback.model_dump_json() for feedback in first.feedbacks]


def test_other_seeds_give_other_worlds():
    starts = {env_stub.make_world(seed).reset().model_dump_json() for seed in range(20)}
    assert len(starts) == 20
