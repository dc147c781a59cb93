"""The state of one game and the flow of its time: hunger, healing, the sky, monsters, death.

Simplified from vanilla (wiki, "Hunger", "Health regeneration", "Daylight cycle"), normal difficulty:
walking costs 0.01 exhaustion a block (its jumps), digging 0.005 a block, a swing or a wound 0.1, healing 6 a point;
4 exhaustion take one point of saturation, then of food. With 18 food or more a point of health heals every 80 ticks;
with none one is lost every 80 ticks, down to 1. Monsters come by a seeded hazard instead of by light levels: on the surface at
night and in thunderstorms about one in 2,400 ticks, in tunnels and in other dimensions one in 9,600 ticks; whoever rests in a closed
hole is left alone.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from env_stub.answers import Ending, a
from env_stub.inventory import Inventory
from env_stub.places import Places
from env_stub.rng import Rng
from env_stub.rules import Rules
from env_stub.tables import OVERWORLD
from env_stub.things import CELL, Thing
from env_stub.weather import DAY, NO_SKY, Sky, Weather
from gitm.types import Code

FULL = 20.0
LIES_FOR = 6_000  # ticks until things on the ground are gone (wiki, "Item (entity)")
REACH = 4.5
PERSISTENCE = 160  # ticks until a monster that is not fought loses interest
_HAZARD = (4, 1)  # per tick: on the surface at night; underground and in other dimensions
_THRESHOLD = (4_800, 14_400)  # hazard until the next monster, drawn evenly: 9,600 on average


class Doing(NamedTuple):
    """What one does while time passes: it decides whether a monster interrupts it, and how many blows in a hundred land."""

    what: str
    lands: int


RESTING, WORKING = Doing("resting", 30), Doing("working", 25)
MOVING, FIGHTING = Doing("moving", 10), Doing("fighting", 12)  # who walks leaves them behind, who fights knocks them back
BRIEFLY = Doing("briefly", 25)  # over before anything can interrupt it


class Game(Places):
    """Everything that changes. Positions are whole blocks; times ticks."""

    def __init__(self, rules: Rules, seed: int, dig_speed: float = 1.0) -> None:
        super().__init__(rules, seed)
        self.dig_speed = dig_speed  # times vanilla's
        self.rng = Rng(seed)
        self.tick = 0
        self.weather = Weather(seed)
        self.shaft: tuple[int, int, int] | None = None
        self.heading = ((1, 0), (0, 1), (-1, 0), (0, -1))[self.rng.between(0, 3)]
        self.health, self.food, self.saturation, self.exhaustion = FULL, 20, 5.0, 0.0
        self.experience = 0.0
        self.clock = 0  # ticks since the last point healed or starved
        self.inventory = Inventory(rules.stack, rules.durability, tools=rules.tools)
        self.hand: str | None = None
        self.worn: dict[str, str] = {}
        self.engaged: list[Thing] = []
        self.best: dict[str, str | None] = {}  # the best tool for a block, with the names held at that moment
        self.best_of = -1
        self.hazard = self.rng.between(*_THRESHOLD)
        self.wanted: tuple[str, ...] = ()  # what was explored for last: observations never leave it out
        self.move_to(OVERWORLD)
        self.x, self.y, self.z = self.spawn = self.map.start()

    def move_to(self, dimension: str) -> None:
        """From now on one is in that dimension; whoever was fighting stays behind."""
        for monster in tuple(self.engaged):
            self.forget(monster)
        super().move_to(dimension)
        self._sky = NO_SKY if self.wild else self.weather.sky(self.tick)

    # --- time ---------------------------------------------------------------------------------------------

    @property
    def sky(self) -> Sky:
        """Night and day, and the weather."""
        sky = self._sky
        if not sky.since <= self.tick < sky.until:
            sky = self._sky = self.weather.sky(self.tick)
        return sky

    @property
    def night(self) -> int:
        """The number of the present night, -1 by day and where there are none."""
        return self.sky.night

    def wake(self) -> None:
        """The next morning has come, under a clear sky."""
        self.tick = (self.tick // DAY + 1) * DAY
        self.weather = Weather(self.seed, self.tick)
        self._sky = self.weather.sky(self.tick)

    def spend(self, ticks: int, exhaustion: float = 0.0, doing: Doing = WORKING) -> None:
        """Let time pass; ends the action with INTERRUPTED or DIED when something happens meanwhile."""
        self.exhaustion += exhaustion
        safe = doing is RESTING if self.underground else self.tick + ticks < self.sky.dark  # no monster can come in that time
        if safe and not self.engaged:
            self.tick += ticks
            if self.exhaustion >= 4 or self.health < FULL or self.food == 0:
                self._live(ticks)
            return
        end = self.tick + ticks
        while self.tick < end:
            step = min(end - self.tick, 20)
            self.tick += step
            self._live(step)
            if self.engaged:
                self._blows(doing)
            self._encounter(step, doing)

    def _live(self, ticks: int) -> None:
        """Hunger and healing over a span."""
        self._digest()
        if self.health < FULL and self.food >= 18:
            self.clock += ticks
            while self.clock >= 80 and self.health < FULL and self.food >= 18:
                self.clock -= 80
                self.health = min(FULL, self.health + 1)
                self.exhaustion += 6
                self._digest()
        elif self.food == 0 and self.health > 1:
            self.clock += ticks
            self.health = max(1.0, self.health - self.clock // 80)
            self.clock %= 80
        else:
            self.clock = 0

    def _digest(self) -> None:
        while self.exhaustion >= 4:
            self.exhaustion -= 4
            if self.saturation > 0:
                self.saturation = max(0.0, self.saturation - 1)
            elif self.food > 0:
                self.food -= 1

    # --- things -----------------------------------------------------------------------------------------------

    def decay(self) -> None:
        """Things that lay on the ground for too long are gone."""
        lying = self.lying
        while lying:
            oldest = lying[0]
            if oldest.ready > self.tick and oldest.left > 0:
                break
            self.remove(lying.pop(0))

    # --- monsters -------------------------------------------------------------------------------------------

    def _encounter(self, ticks: int, doing: Doing) -> None:
        safe = doing is RESTING if self.underground else self.tick < self.sky.dark
        self.hazard -= 0 if safe else ticks * _HAZARD[self.underground or self.wild]
        if self.hazard > 0:
            return
        self.hazard = self.rng.between(*_THRESHOLD)
        biome = self.map.cell(self.x // CELL, self.z // CELL).biome
        table = biome.danger[1] if self.underground and biome.danger[1].entries else biome.danger[0]
        if not table.entries or len(self.engaged) >= 2:
            return
        name = table.choose(self.rng.bits()).name
        monster = self.summon(name)
        self.engage(monster)
        if doing in (RESTING, WORKING, MOVING):
            self.interrupt(monster)

    def summon(self, name: str) -> Thing:
        """A mob that was not there before, two blocks away."""
        mob = Thing(name, "hostile" if self.rules.mobs[name].hostile else "mob", self.x + 2, self.y, self.z)
        mob.health = self.rules.mobs[name].health
        self.add(mob)
        return mob

    def engage(self, monster: Thing) -> None:
        """From now on it strikes about once a second, until it loses interest."""
        self.changed[monster.name] = None
        if monster not in self.engaged:
            monster.ready = self.tick + 15
            monster.holds = self.tick + PERSISTENCE
            self.engaged.append(monster)

    def _blows(self, doing: Doing) -> None:
        for monster in tuple(self.engaged):
            if self.tick < monster.ready:
                continue
            if isinstance(monster.holds, int) and self.tick > monster.holds:
                self.engaged.remove(monster)
                continue
            monster.ready = self.tick + 20
            if self.rng.between(0, 99) < doing.lands:
                self.hurt(self.rules.mobs[monster.name].damage, f"killed by {a(monster.name)}", armored=True)
                if doing in (RESTING, WORKING):
                    self.interrupt(monster)

    def shake_off(self) -> None:
        """Whoever is more than 16 blocks behind gives up, and monsters of the night burn by day, unless it rains."""
        for monster in tuple(self.engaged):
            far = abs(monster.x - self.x) + abs(monster.z - self.z) > 16 or abs(monster.y - self.y) > 8
            burnt = self.night < 0 and not self.sky.wet and not self.underground and self.rules.mobs[monster.name].time == "night"
            if far or burnt:
                self.forget(monster)

    def forget(self, monster: Thing) -> None:
        """It is dead or gone."""
        if monster in self.engaged:
            self.engaged.remove(monster)
        self.remove(monster)

    def interrupt(self, monster: Thing) -> NoReturn:
        """End the running action because of a monster."""
        raise Ending(Code.INTERRUPTED, f"{a(monster.name)} attacks you: attack it or move away")

    # --- wounds and death -------------------------------------------------------------------------------------

    def armor(self) -> int:
        """Armour points worn; what left the inventory is not worn any more."""
        return sum(self.rules.items[name].armor for name in self.worn.values() if self.inventory.count(name))

    def hurt(self, damage: float, cause: str, *, armored: bool = False) -> None:
        """Take damage (armour turns 4 % a point, 80 % at most) and die of it when it is too much."""
        if armored and self.worn:
            damage *= 1 - min(20, self.armor()) * 0.04
            for name in tuple(self.worn.values()):
                if self.inventory.count(name):
                    self.inventory.wear(name)
        self.health = round(self.health - damage, 2)
        self.exhaustion += 0.1
        if self.health <= 0:
            self.die(cause)

    def die(self, cause: str) -> NoReturn:
        """Drop everything here, wake at the spawn in the overworld, and end the action."""
        x, y, z = self.x, self.y, self.z
        for name, count, wear in self.inventory.clear():
            self.lay(name, count, wear)
        self.move_to(OVERWORLD)
        self.x, self.y, self.z = self.spawn
        self.underground, self.shaft, self.hand, self.worn = False, None, None, {}
        self.health, self.food, self.saturation, self.exhaustion, self.experience = FULL, 20, 5.0, 0.0, 0.0
        self.clock = 0
        self.tick += 20
        message = f"you were {cause} at {x} {y} {z}: your things lie there for {LIES_FOR} ticks; you woke at {self.x} {self.y} {self.z}"
        raise Ending(Code.DIED, message)

    def lay(self, name: str, count: int, wear: list[int] | None = None) -> None:
        """Put things on the ground where one stands."""
        thing = Thing(name, "item", self.x, self.y, self.z, count)
        thing.ready = self.tick + LIES_FOR
        thing.holds = wear or None
        self.lying.append(thing)
        self.add(thing)

    def gain(self, name: str, count: int, wear: list[int] | None = None) -> int:
        """Pick up as many as fit and leave the rest on the ground; returns how many were picked up."""
        taken = self.inventory.add(name, count, wear)
        if taken < count:
            self.lay(name, count - taken, wear[taken:] if wear else None)
        return taken

    def use_up(self, name: str | None, uses: int = 1) -> bool:
        """Wear the tool; returns whether it broke. The hand is empty when the last of its kind is gone."""
        if name is None or not self.inventory.wear(name, uses):
            return False
        if self.hand == name and not self.inventory.count(name):
            self.hand = None
        return True
