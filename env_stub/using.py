"""Applying an item on a target: buckets, shears, hoes, seeds, bone meal, books; fishing and bartering, which take their time."""

from __future__ import annotations

from env_stub.answers import Ending, amounts, gains
from env_stub.digging import take_away
from env_stub.game import BRIEFLY, REACH, WORKING, Game
from env_stub.plants import STROKE, feed, growing_here, plant, put, ripen
from env_stub.sight import distance, ground, in_sight, look, nearest, resolve
from env_stub.things import Thing
from env_stub.tools import roll
from env_stub.travel import go_to
from gitm.actions import Apply
from gitm.facts import SELF, UseFact
from gitm.types import Code


def apply(game: Game, action: Apply) -> str:
    """Use the item on the target, ``count`` times. Where the book has several uses of the two, each has the same chance."""
    (item, *_) = resolve(game, action.object, "item")
    targets = (SELF,) if action.target == SELF else resolve(game, action.target, "block or mob")
    ripen(game)
    if not game.inventory.count(item):
        raise Ending(Code.MISSING_MATERIAL, f"you hold no {item}: obtain it first", {item: 1})
    grow = next((grow for grow in game.rules.grows.get(item, ()) if grow.soil in targets), None)
    uses = [use for use in game.rules.uses.get(item, ()) if use.target in targets]
    feeds = item == "bone_meal" and any(growing_here(game, targets))
    if grow is None and not uses and not feeds:
        raise Ending(Code.IMPOSSIBLE, f"nothing happens when {item} is applied on {action.target}: try another target")
    look(game)
    end = game.tick + action.limit
    for done in range(action.count):
        if game.tick >= end:
            raise Ending(Code.PARTIAL, f"applied {item} {done} of {action.count} times: time is up, apply it again for the rest")
        try:
            if feeds:
                feed(game, item, targets)
            elif grow is not None:
                plant(game, item, grow)
            else:
                _use(game, item, uses[0] if len(uses) == 1 else uses[game.rng.between(0, len(uses) - 1)])
        except Ending as ending:
            if done == 0 or ending.code in (Code.INTERRUPTED, Code.DIED):
                raise
            message = f"applied {item} {done} of {action.count} times: {ending.message}"
            raise Ending(Code.PARTIAL, message, ending.missing) from None
    got = gains(game)
    return f"applied {item} on {action.target}" + (f" and got {amounts(got)}" if got else "")


def _use(game: Game, item: str, use: UseFact) -> None:
    """One use by the book."""
    inventory = game.inventory
    target = _target(game, use)
    wanted = {stack.item: stack.count for stack in use.materials}
    spent = use.consumes or use.item_becomes is not None  # besides as much of it as is among the materials
    wanted[item] = wanted.get(item, 0) + 1 if spent else max(1, wanted.get(item, 0))
    if missing := {name: lack for name, count in wanted.items() if (lack := count - inventory.count(name)) > 0}:
        raise Ending(Code.MISSING_MATERIAL, f"you lack {amounts(missing)}: obtain that first", missing)
    for stack in use.near:
        lack = stack.count - _placed_near(game, stack.item)
        if lack > 0:
            raise Ending(Code.MISSING_STATION, f"needs {stack} within reach: place {lack} more", {stack.item: lack})
    if use.experience > game.experience:
        lack = int(use.experience - game.experience + 0.999)
        raise Ending(Code.MISSING_MATERIAL, f"needs {use.experience} experience points, {lack} more: mine ores, smelt or fight for them")
    _check_room(game, item, use)
    game.spend(STROKE, doing=BRIEFLY)
    if use.ticks:
        game.spend(_patience(game, use), doing=WORKING)
    for stack in use.materials:
        inventory.remove(stack.item, stack.count)
    game.experience -= use.experience
    if use.item_becomes is not None:
        inventory.remove(item, 1)
        game.gain(use.item_becomes, 1)
    elif use.consumes:
        inventory.remove(item, 1)
    elif use.wear:
        game.use_up(item, use.wear)
    roll(game, use.gives)
    _change_target(game, target, use)


def _patience(game: Game, use: UseFact) -> int:
    """Ticks until it is done; what one waits for by the water comes sooner in the rain (wiki, "Fishing": by a fifth)."""
    block = game.rules.blocks.get(use.target)
    bites = block is not None and block.liquid and game.sky.wet and not game.underground
    return use.ticks * 4 // 5 if bites else use.ticks


def _target(game: Game, use: UseFact) -> Thing | None:
    """The thing to use it on; None when it is the ground, or nothing is asked for. From a mob that was used one goes on to the next."""
    if use.target == SELF:
        return None
    thing = _ready(game, use.target)
    if thing is not None and use.target in game.rules.mobs and _used_within_reach(game, use.target):
        go_to(game, thing)
    if thing is not None and distance(game, thing) <= REACH:
        return thing
    if use.target in ground(game):
        return None
    if thing is not None:
        raise Ending(Code.OUT_OF_REACH, f"the nearest {use.target} is {distance(game, thing):.0f} blocks away: approach it first")
    if nearest(game, (use.target,)) is not None:
        raise Ending(Code.NOT_FOUND, f"every {use.target} in sight was used already: wait or explore for another")
    raise Ending(Code.NOT_FOUND, f"no {use.target} in sight: explore first")


def _ready(game: Game, name: str) -> Thing | None:
    best: tuple[float, Thing] | None = None
    for things in in_sight(game):
        for thing in things.get(name, ()):
            away = distance(game, thing)
            if thing.ready <= game.tick and (best is None or away < best[0]):
                best = (away, thing)
    return best[1] if best else None


def _used_within_reach(game: Game, name: str) -> bool:
    """Whether one stands before a mob of that name, but the one that is nearest was used already: who is told to approach is sent there."""
    first = nearest(game, (name,))
    return first is not None and first.ready > game.tick and distance(game, first) <= REACH


def _placed_near(game: Game, name: str) -> int:
    """How many stand within reach; a portal need only be known, for whatever is done with it is led there."""
    if name in game.portals:
        return len(game.portals[name])
    return sum(thing.left for things in in_sight(game) for thing in things.get(name, ()) if distance(game, thing) <= REACH)


def _check_room(game: Game, item: str, use: UseFact) -> None:
    minus = {stack.item: stack.count for stack in use.materials}
    plus = {use.item_becomes: 1} if use.item_becomes else {}
    if use.consumes or use.item_becomes:
        minus[item] = minus.get(item, 0) + 1
    for drop in use.gives:
        if drop.chance >= 1:
            plus[drop.item] = plus.get(drop.item, 0) + drop.low
    if not game.inventory.fits(minus, plus):
        raise Ending(Code.INVENTORY_FULL, f"no room for {amounts(plus)}: drop or store something first")


def _change_target(game: Game, target: Thing | None, use: UseFact) -> None:
    """The target, or as many of those in sight as the use changes, rests or is another thing now, which rests as long."""
    if use.target_becomes is None:
        if target is not None and use.rest:
            _let_rest(game, target, use.rest)
        return
    changed = 0
    while target is not None and changed < use.count:
        part = min(use.count - changed, target.left)
        take_away(game, target, part)
        changed, target = changed + part, _ready(game, use.target)
    if use.target_becomes in game.rules.mobs:
        game.summon(use.target_becomes)
    elif use.target_becomes != "air":
        made = put(game, use.target_becomes)
        made.left = max(1, changed)  # the ground has no end
        if use.rest:
            _let_rest(game, made, use.rest)


def _let_rest(game: Game, target: Thing, ticks: int) -> None:
    """A mob that was used stays and is not ready; of a cluster of blocks one is out of sight until it can be used again."""
    if target.name in game.rules.mobs:
        target.ready = game.tick + ticks
        game.touch(target)
        return
    take_away(game, target)
    one = Thing(target.name, target.kind, target.x, target.y, target.z)
    one.deep = target.deep
    game.returning.append((game.tick + ticks, one))
