"""The small deeds: equip, place, eat, sleep, wait, drop, store, take."""

from __future__ import annotations

from env_stub.answers import Ending, a
from env_stub.game import BRIEFLY, REACH, RESTING, Game
from env_stub.inventory import Inventory
from env_stub.plants import put
from env_stub.sight import distance, resolve, station_near
from env_stub.tables import OVERWORLD
from env_stub.things import Thing
from env_stub.weather import DAY, DUSK, THUNDER
from gitm.actions import Drop, Eat, Equip, Place, Sleep, Store, Take, Wait
from gitm.types import ARMOR, Code

EATING = 32  # ticks (wiki, "Food")
CHEST_SLOTS = 27
CHESTS = ("chest", "barrel", "trapped_chest")


def held(game: Game, name: str, what: str = "item") -> str:
    """The item of that name, or of that group, that is held; ends with MISSING_MATERIAL when none is."""
    names, counts = resolve(game, name, what), game.inventory.counts
    for found in names:
        if found in counts:
            return found
    raise Ending(Code.MISSING_MATERIAL, f"you hold no {name}: obtain it first", {names[0]: 1})


def equip(game: Game, action: Equip) -> str:
    """Take an item into the hand; put armour on."""
    item = held(game, action.object)
    game.spend(1, doing=BRIEFLY)
    if game.rules.items[item].armor:
        slot = next((slot for slot in ARMOR if item.endswith(slot)), "chestplate")
        game.worn[slot] = item
        return f"you wear the {item}"
    game.hand = item
    return f"{item} is in your hand"


def place(game: Game, action: Place) -> str:
    """Put a block down within reach."""
    item = held(game, action.object)
    if item not in game.rules.blocks:
        raise Ending(Code.IMPOSSIBLE, f"{item} is no block and cannot be placed: apply it on something")
    game.spend(4, doing=BRIEFLY)
    game.inventory.remove(item, 1)
    put(game, item)
    return f"placed {item}"


def eat(game: Game, action: Eat) -> str:
    """Eat one, when hungry."""
    item = held(game, action.object)
    fact = game.rules.items[item]
    if not fact.food:
        raise Ending(Code.IMPOSSIBLE, f"{item} is no food: eat something else")
    if game.food >= 20:
        raise Ending(Code.WRONG_TIME, "you are not hungry: eat later")
    game.spend(EATING, doing=BRIEFLY)
    game.inventory.remove(item, 1)
    game.food = min(20, game.food + fact.food)
    game.saturation = min(float(game.food), game.saturation + fact.saturation)
    if fact.remainder:
        game.gain(fact.remainder, 1)
    return f"ate {item}: food {game.food} of 20"


def sleep(game: Game, _action: Sleep) -> str:
    """Sleep until morning in a bed within reach, at night or in a thunderstorm."""
    if game.wild:
        where = game.map.dimension.name
        raise Ending(Code.WRONG_DIMENSION, f"a bed blows up in the dimension {where}: go back to the {OVERWORLD} to sleep")
    bed = next((bed for bed in game.rules.beds if (bed in game.placed or bed in game.memory) and station_near(game, bed)), None)
    if bed is None:
        raise Ending(
            Code.MISSING_STATION,
            "needs a bed within reach: place one or approach it",
            {"white_bed": 1} if "white_bed" in game.rules.items else {},
        )
    if game.night < 0 and game.sky.weather != THUNDER:
        raise Ending(Code.WRONG_TIME, f"it is day: wait until night falls in {max(0, DUSK - game.tick % DAY)} ticks")
    game.shake_off()
    if game.engaged:
        monster = game.engaged[0].name
        raise Ending(Code.WRONG_TIME, f"you cannot sleep while {a(monster)} is near: attack it or move away first")
    game.spawn = (game.x, game.y, game.z)
    game.wake()
    return f"you slept until morning in the {bed} and will wake here after death"


def wait(game: Game, action: Wait) -> str:
    """Let time pass."""
    game.spend(action.ticks, doing=RESTING)
    game.shake_off()
    return f"waited {action.ticks} ticks"


def drop(game: Game, action: Drop) -> str:
    """Throw things on the ground."""
    item = held(game, action.object)
    count = _enough(game, item, action.count)
    game.spend(2, doing=BRIEFLY)
    game.lay(item, count, game.inventory.remove(item, count))
    return f"dropped {count} {item}"


def store(game: Game, action: Store) -> str:
    """Put things into a chest."""
    item = held(game, action.object)
    count = _enough(game, item, action.count)
    chest = _chest(game)
    if chest is None:
        raise Ending(Code.MISSING_STATION, "needs a chest within reach: place one or approach it", {"chest": 1})
    inside = _inside(game, chest)
    if inside.room(item) < count:
        raise Ending(Code.INVENTORY_FULL, f"the chest has room for {inside.room(item)} {item} only: store fewer or place another chest")
    game.spend(5, doing=BRIEFLY)
    inside.add(item, count, game.inventory.remove(item, count))
    return f"stored {count} {item} in the {chest.name}"


def take(game: Game, action: Take) -> str:
    """Take things from the ground or out of a chest."""
    names = resolve(game, action.object, "item")
    game.decay()
    wanted, taken = action.count, 0
    piles = [thing for thing in game.lying if thing.name in names and _lies_here(game, thing)]
    chests = [thing for name in CHESTS if name in game.placed for thing in game.placed[name] if _has(game, thing, names)]
    if not piles and not chests:
        raise Ending(Code.NOT_FOUND, f"no {action.object} on the ground or in a chest within reach: approach it first")
    if not any(map(game.inventory.room, names)):
        raise Ending(Code.INVENTORY_FULL, f"no room for {action.object}: drop or store something first")
    game.spend(5, doing=BRIEFLY)
    for pile in piles:
        taken += _pick_up(game, pile, wanted - taken)
    for chest in chests:
        inside = _inside(game, chest)
        for name in names:
            count = min(wanted - taken, inside.count(name), game.inventory.room(name))
            if count > 0:
                taken += game.inventory.add(name, count, inside.remove(name, count))
    if taken < wanted:
        raise Ending(Code.PARTIAL, f"took {taken} of {wanted} {action.object}: there is no more of it here, or no room")
    return f"took {taken} {action.object}"


def _enough(game: Game, item: str, count: int) -> int:
    have = game.inventory.count(item)
    if have < count:
        raise Ending(Code.MISSING_MATERIAL, f"you hold {have} {item}, not {count}: ask for fewer", {item: count - have})
    return count


def _chest(game: Game) -> Thing | None:
    return next((found for name in CHESTS if (found := station_near(game, name)) is not None), None)


def _inside(game: Game, chest: Thing) -> Inventory:
    if not isinstance(chest.holds, Inventory):
        chest.holds = Inventory(game.rules.stack, game.rules.durability, CHEST_SLOTS)
    return chest.holds


def _lies_here(game: Game, thing: Thing) -> bool:
    return thing.deep == game.underground and distance(game, thing) <= REACH


def _has(game: Game, chest: Thing, names: tuple[str, ...]) -> bool:
    inside = chest.holds
    return (
        isinstance(inside, Inventory)
        and chest.deep == game.underground
        and distance(game, chest) <= REACH
        and any(inside.count(name) for name in names)
    )


def _pick_up(game: Game, pile: Thing, wanted: int) -> int:
    """Take up to so many from a pile on the ground."""
    count = min(wanted, pile.left, game.inventory.room(pile.name))
    if count <= 0:
        return 0
    wear = pile.holds if isinstance(pile.holds, list) else None
    game.inventory.add(pile.name, count, wear[:count] if wear else None)
    pile.holds = wear[count:] if wear else None
    pile.left -= count
    game.changed[pile.name] = None
    if pile.left <= 0:
        game.lying.remove(pile)
        game.remove(pile)
    return count
