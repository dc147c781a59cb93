"""A scripted player: plays any world through actions and feedback alone, fights back, eats, and goes for diamonds.

No part of the agent: it is here to measure the world (deaths, ticks, the mix of actions of a real run).
"""

from __future__ import annotations

from collections import Counter

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
)
from gitm.types import Code, Feedback, World

MEAT = {"beef": "cow", "porkchop": "pig", "mutton": "sheep", "chicken": "chicken"}
LOGS = ("oak_log", "birch_log", "spruce_log", "jungle_log", "acacia_log", "dark_oak_log")


class Player:
    """Plays one world. ``passive``: never fights back and never eats."""

    def __init__(self, world: World, *, passive: bool = False, most: int = 1500) -> None:
        self.world, self.passive, self.most = world, passive, most
        self.seen = world.reset()
        self.used: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.deaths = 0
        self.feedbacks: list[Feedback] = []

    def once(self, action: Action) -> Feedback:
        feedback = self.world.step(action)
        self.seen = feedback.observation
        self.used[action.name] += 1
        self.codes[feedback.code] += 1
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
