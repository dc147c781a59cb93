"""Plants: what is sown grows with time, faster with bone meal, and gives its soil back when it is dug."""

from __future__ import annotations

from env_stub.answers import Ending
from env_stub.game import BRIEFLY, REACH, Game
from env_stub.sight import distance, ground, nearest, station_near
from env_stub.things import Thing
from gitm.facts import GrowFact
from gitm.types import Code

STROKE = 5  # ticks for one use of an item


class Growing:
    """What a planted thing is becoming."""

    __slots__ = ("fact", "meals", "ripe", "soil")

    def __init__(self, fact: GrowFact, ripe: int, soil: str | None) -> None:
        self.fact, self.ripe, self.soil, self.meals = fact, ripe, soil, 0


def ripen(game: Game) -> None:
    """Turn what has grown long enough into its plant."""
    for thing in tuple(game.growing):
        state = thing.holds
        if isinstance(state, Growing) and game.tick >= state.ripe:
            game.growing.remove(thing)
            game.remove(thing)
            thing.name, thing.left = state.fact.plant, state.fact.count
            game.add_back(thing)


def put(game: Game, name: str) -> Thing:
    """A new block beside the agent."""
    slot = game.tick % 8
    dx, dz = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))[slot]
    thing = Thing(name, "station" if name in game.rules.stations else "block", game.x + dx, game.y, game.z + dz)
    game.add(thing)
    game.placed.setdefault(name, []).append(thing)
    return thing


def plant(game: Game, item: str, grow: GrowFact) -> None:
    """Put a seed on its soil."""
    if not game.inventory.count(item):
        raise Ending(Code.MISSING_MATERIAL, f"you hold no {item}: obtain it first", {item: 1})
    soil = station_near(game, grow.soil)
    if soil is None and grow.soil not in ground(game):
        thing = nearest(game, (grow.soil,))
        if thing is None:
            raise Ending(Code.NOT_FOUND, f"no {grow.soil} within reach: make or find some")
        raise Ending(Code.OUT_OF_REACH, f"the nearest {grow.soil} is {distance(game, thing):.0f} blocks away: approach it first")
    game.spend(STROKE, doing=BRIEFLY)
    game.inventory.remove(item, 1)
    if soil is not None:
        game.remove(soil)
    thing = put(game, item)
    thing.kind = "block"
    thing.holds = Growing(grow, game.tick + grow.ticks, soil.name if soil else None)
    game.growing.append(thing)


def growing_here(game: Game, targets: tuple[str, ...]) -> list[Thing]:
    """Plants of the kind within reach that bone meal would help."""
    return [
        thing
        for thing in game.growing
        if isinstance(thing.holds, Growing)
        and thing.holds.fact.bone_meal
        and (thing.name in targets or thing.holds.fact.plant in targets)
        and distance(game, thing) <= REACH
    ]


def feed(game: Game, item: str, targets: tuple[str, ...]) -> None:
    """Give bone meal to a growing plant."""
    if not game.inventory.count(item):
        raise Ending(Code.MISSING_MATERIAL, f"you hold no {item}: obtain it first", {item: 1})
    plants = growing_here(game, targets)
    if not plants:
        raise Ending(Code.NOT_FOUND, "nothing here is still growing")
    game.spend(STROKE, doing=BRIEFLY)
    game.inventory.remove(item, 1)
    state = plants[0].holds
    if isinstance(state, Growing):
        state.meals += 1
        if state.meals >= state.fact.bone_meal:
            state.ripe = game.tick
    ripen(game)
