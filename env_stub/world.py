"""The world itself: actions in, feedback out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from env_stub import building, combat, crafting, deeds, digging, portals, smelting, trading, travel, tunnel, using
from env_stub.answers import Ending, builder
from env_stub.charges import in_sight_charges
from env_stub.combat import come_back
from env_stub.game import Game
from env_stub.plants import ripen
from env_stub.rules import Rules
from env_stub.scene import Scene
from gitm import actions as act
from gitm.errors import SetupError
from gitm.types import PARTLY_DONE, Code, Feedback, Observation, WorldInfo

#: What does what. The keys are the whole vocabulary; a test holds that.
HANDLERS: dict[type[act.BaseAction], Callable[[Game, Any], str]] = {
    act.Equip: deeds.equip,
    act.Explore: travel.explore,
    act.Approach: travel.approach,
    act.Mine: digging.mine,
    act.Attack: combat.attack,
    act.DigDown: tunnel.dig_down,
    act.GoUp: tunnel.go_up,
    act.Craft: crafting.craft,
    act.Smelt: smelting.smelt,
    act.Place: deeds.place,
    act.Apply: using.apply,
    act.Build: building.build,
    act.Trade: trading.trade,
    act.Enter: portals.enter,
    act.Eat: deeds.eat,
    act.Sleep: deeds.sleep,
    act.Wait: deeds.wait,
    act.Drop: deeds.drop,
    act.Store: deeds.store,
    act.Take: deeds.take,
}
_observation, _feedback = builder(Observation), builder(Feedback)
_NOTHING: dict[str, int] = {}
_OK = Code.OK  # looking it up costs more than a call


class StubWorld:
    """A world made of a rule book and a seed (:class:`gitm.types.World`). Same seed, same actions: the same answers, byte for byte.

    ``dig_speed`` is how many times as fast as in vanilla blocks are dug, at best one a tick (MineDojo's ``break_speed_multiplier``,
    100 in GITM's paper). Which tool is taken, what wears and what drops stays as it is. Another speed is another identity of the
    rules, so that no plan is carried over. Raises :class:`SetupError` when it is not a number above 0.
    """

    def __init__(self, rules: Rules, seed: int = 0, dig_speed: float = 1.0) -> None:
        if not 0 < dig_speed < math.inf:
            raise SetupError(f"dig_speed is {dig_speed}; give a number above 0 (1 is vanilla's speed)")
        self._rules, self._seed, self._dig_speed = rules, seed, dig_speed
        self._game: Game | None = None
        self._scene = Scene()

    @property
    def info(self) -> WorldInfo:
        """Name, version, identity of the rules, seed."""
        speed = "" if self._dig_speed == 1 else f", dig_speed {self._dig_speed:g}"
        return WorldInfo(name="stub", version=self._rules.book.version, rules=f"{self._rules.hash}{speed}", seed=self._seed)

    @property
    def game(self) -> Game:
        """The running game; starts one when there is none."""
        return self._game or self._start()

    def _start(self) -> Game:
        self._game, self._scene = Game(self._rules, self._seed, self._dig_speed), Scene()
        return self._game

    def reset(self) -> Observation:
        """Start from the seed, again."""
        self._start()
        return self.observe()

    def step(self, action: act.Action) -> Feedback:
        """Do one action. Never raises for anything an action contains."""
        game = self._game or self._start()
        inventory, tick = game.inventory, game.tick
        if inventory.delta:
            inventory.delta = {}
        code, missing = _OK, _NOTHING
        try:
            message = HANDLERS[type(action)](game, action)
        except Ending as ending:
            code, message, missing = ending.code, ending.message, ending.missing
        if game.tick == tick:
            game.tick += 1  # even a refusal takes a moment, so that no plan can loop for free
        change = _NOTHING
        if inventory.delta:
            delta = inventory.delta
            change = {name: count for name, count in delta.items() if count} if 0 in delta.values() else delta.copy()
            if change and code not in PARTLY_DONE:
                code = Code.PARTIAL  # the tool broke on the way: a refusal changes nothing, so this is none
        fields = {
            "ok": code is _OK,
            "code": code,
            "message": message,
            "change": change,
            "missing": missing,
            "ticks": game.tick - tick,
            "observation": self._observe(game),
        }
        return _feedback(fields)

    def observe(self) -> Observation:
        """What the agent perceives now."""
        return self._observe(self.game)

    def _observe(self, game: Game) -> Observation:
        if game.growing:
            ripen(game)
        if game.lying:
            game.decay()
        if game.returning:
            come_back(game)
        inventory, hand = game.inventory, game.hand
        if hand is not None and hand not in inventory.counts:
            hand = game.hand = None
        fields = self._scene.fields(game).copy()
        fields["tick"] = game.tick
        fields["health"] = game.health
        fields["food"] = float(game.food)
        fields["experience"] = int(game.experience)
        fields["inventory"] = inventory.snapshot()
        fields["free_slots"] = inventory.slots - inventory.used
        fields["wear"] = inventory.worn()
        fields["hand"] = hand
        if game.charged:
            fields["charge"] = in_sight_charges(game)
        if game.worn:
            fields["worn"] = tuple([name for name in game.worn.values() if name in inventory.counts])
        return _observation(fields)

    def close(self) -> None:
        """Let go of the game."""
        self._game = None
