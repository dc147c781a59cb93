"""Underground: tunnels of 1x2, stairs down, the way back up.

A tunnel lays bare what lies within 3 blocks of it. Its rubble is picked up as far as there is room; every block costs its
digging time and wears the tool. Lava that is met is walked around; once in a while it burns, or a step falls into a cave.
"""

from __future__ import annotations

from env_stub.answers import Ending, a
from env_stub.game import MOVING, Game
from env_stub.sight import BARED, distance, lay_bare, nearest, resolve, structures_in_sight
from env_stub.structures import middle
from env_stub.things import CELL, Thing
from env_stub.tools import best_tool, dig_time, spare_tool, weakest_tool
from gitm.actions import DigDown, GoUp
from gitm.types import Code

_STEP = 463  # hundredths of a tick to walk a block
_SOIL = 4  # blocks of earth over the rock
_PERIL = 2_500  # one block in so many is a fall, and below the lava height another one lava
_LAVA_BELOW = 0.15  # the lowest share of the rock where lava pools lie


def explore_under(game: Game, names: tuple[str, ...], limit: int) -> str:
    """Go to the nearest one known, or tunnel on at this height until one is laid bare."""
    end, gone = game.tick + limit, 0
    lay_bare(game)
    known = _known(game, names, limit / 40)
    if known is not None:
        return f"{known.name} is in sight again after {tunnel_to(game, known)} blocks"
    pick(game, None)
    while game.tick < end:
        dx, dz = _onward(game)
        dig_on(game, dx, 0, dz)
        gone += 1
        came_to_light = lay_bare(game)
        thing_seen = nearest(game, names)
        if thing_seen is None and came_to_light and (thing_seen := _known(game, names, limit / 40)) is not None:
            gone += tunnel_to(game, thing_seen)
        if thing_seen is not None:
            return f"{thing_seen.name} is in sight after {gone} blocks of tunnel"
    tried = f"{gone} blocks of tunnel at y {game.y}"
    raise Ending(Code.TIMEOUT, f"no {names[0]} laid bare by {tried}: explore further, or dig at another height")


def _onward(game: Game) -> tuple[int, int]:
    """The heading. At the edge of a cell one turns, if need be, to where no tunnel has been yet, in this biome while there is such rock.

    Who looks for something has chosen the biome; and going straight on is no use where one has been before.
    """
    dx, dz = game.heading
    cx, cz = game.x // CELL, game.z // CELL
    if ((game.x + dx) // CELL, (game.z + dz) // CELL) == (cx, cz):
        return dx, dz
    fresh = [(hx, hz) for hx, hz in ((dx, dz), (-dz, dx), (dz, -dx), (-dx, -dz)) if (cx + hx, cz + hz, game.y // BARED) not in game.tunnels]
    biome = game.map.cell(cx, cz).biome
    at_home = (to for to in fresh if game.map.cell(cx + to[0], cz + to[1]).biome is biome)
    game.heading = next(at_home, fresh[0] if fresh else (dx, dz))
    return game.heading


def _known(game: Game, names: tuple[str, ...], within: float) -> Thing | None:
    """The nearest one that was laid bare at some time, or the structure of that name."""
    known = [thing for things in game.deep.values() for name in names for thing in things.get(name, ())]
    known += [middle(cell, site) for cell, site in structures_in_sight(game) if site.name in names]
    away, _, thing = min(((distance(game, thing), at, thing) for at, thing in enumerate(known)), default=(within, 0, None))
    return thing if away < within else None


def tunnel_to(game: Game, thing: Thing) -> int:
    """Dig to within reach of something laid bare; returns the blocks gone."""
    gone = 0
    while distance(game, thing) >= 2:
        dx, dy, dz = thing.x - game.x, thing.y - game.y, thing.z - game.z
        if abs(dy) >= max(abs(dx), abs(dz)):
            dig_on(game, 0, _sign(dy), 0)
        elif abs(dx) >= abs(dz):
            dig_on(game, _sign(dx), 0, 0)
        else:
            dig_on(game, 0, 0, _sign(dz))
        gone += 1
    lay_bare(game)
    return gone


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def dig_down(game: Game, action: DigDown) -> str:
    """Dig stairs down to a height."""
    if action.tool is not None:
        (tool, *_) = resolve(game, action.tool, "item")
        if not game.inventory.count(tool):
            raise Ending(Code.MISSING_TOOL, f"you do not hold {a(tool)}: obtain it or name another tool", {tool: 1})
    else:
        tool = None
    floor = game.map.dimension.bottom + 4
    if action.y_level >= game.y:
        raise Ending(Code.IMPOSSIBLE, f"you are at y {game.y}: give a height below that, or go_up")
    if action.y_level < floor:
        raise Ending(Code.IMPOSSIBLE, f"there is bedrock below y {floor}: dig down to {floor} at most")
    surface = game.map.cell(game.x // CELL, game.z // CELL).height
    if action.y_level < surface - _SOIL or game.underground:
        pick(game, tool, action.y_level)
    end = game.tick + action.limit
    if not game.underground:
        game.shaft, game.underground = (game.x, game.y, game.z), True
    start = game.y
    while game.y > action.y_level:
        if game.tick >= end:
            raise Ending(Code.TIMEOUT, f"you are at y {game.y} of {action.y_level}: dig_down again for the rest")
        dx, dz = _onward(game)
        dig_on(game, dx, -1, dz, tool, surface)
        lay_bare(game)
    return f"dug {start - game.y} blocks down to y {game.y}"


def go_up(game: Game, _action: GoUp) -> str:
    """Climb back the way one came down."""
    if not game.underground:
        return "you are on the surface"
    x, y, z = game.shaft or (game.x, game.map.cell(game.x // CELL, game.z // CELL).height, game.z)
    blocks = int(((x - game.x) ** 2 + (y - game.y) ** 2 + (z - game.z) ** 2) ** 0.5 + 0.999)
    while blocks > 0:  # a piece at a time, so that an interruption leaves one on the way
        part = min(blocks, CELL)
        game.x += (x - game.x) * part // blocks
        game.y += (y - game.y) * part // blocks
        game.z += (z - game.z) * part // blocks
        blocks -= part
        game.shake_off()
        game.spend(-(-part * _STEP // 100), 0.02 * part, MOVING)
    game.x, game.y, game.z = x, y, z
    game.underground, game.shaft, game.view_at = False, None, None
    game.shake_off()
    return f"you are on the surface at y {y}"


def pick(game: Game, tool: str | None, y: int | None = None) -> str | None:
    """The tool that digs the rock here: the one named, or the most basic one held; ends with MISSING_TOOL without one."""
    rock = game.map.dimension.ground(game.y if y is None else y) or game.map.cell(game.x // CELL, game.z // CELL).biome.below
    if tool is not None and game.inventory.count(tool) and game.rules.dig(rock, tool).yields:
        return tool
    best = spare_tool(game, rock)
    if best is None and not game.rules.dig(rock, None).yields:
        needed = weakest_tool(game, rock) or "tool"
        missing = {needed: 1} if needed in game.rules.items else {}
        raise Ending(Code.MISSING_TOOL, f"needs {a(needed)} or better to dig through {rock}: make one first", missing)
    return best


def dig_on(game: Game, dx: int, dy: int, dz: int, tool: str | None = None, surface: int | None = None) -> bool:
    """Dig two blocks and step into the gap; returns whether a tool broke."""
    soil = surface is not None and game.y > surface - _SOIL
    block = game.map.cell(game.x // CELL, game.z // CELL).biome.below if soil else None
    if block is None or game.rules.dig(block, None).ticks < 0:
        chosen = pick(game, tool) if not soil else None
        block = game.map.dimension.ground(game.y) or game.map.cell(game.x // CELL, game.z // CELL).biome.below
    else:
        chosen = best_tool(game, block)
    dig = game.rules.dig(block, chosen)
    game.x, game.y, game.z = game.x + dx, game.y + dy, game.z + dz
    broke = game.use_up(chosen, 2) if chosen else False
    game.spend(2 * dig_time(game, dig) + -(-_STEP // 100), 0.02)
    if dig.yields:
        for drop in dig.drops:  # what is walked over is picked up, as far as there is room
            if drop.chance >= 1:
                game.inventory.add(drop.item, 2 * drop.low)
    _peril(game)
    return broke


def _peril(game: Game) -> None:
    """Falls and lava: rare, and an interruption."""
    lot = game.rng.between(1, _PERIL)
    if lot == 1:
        damage = game.rng.between(2, 6)
        game.hurt(damage, "killed by a fall")
        raise Ending(Code.INTERRUPTED, f"you fell into a hole and lost {damage} health: go on when you are well")
    height = game.map.cell(game.x // CELL, game.z // CELL).height
    if lot == 2 and game.y < game.map.dimension.bottom + (height - game.map.dimension.bottom) * _LAVA_BELOW:
        damage = game.rng.between(4, 8)
        game.hurt(damage, "burnt by lava")
        raise Ending(Code.INTERRUPTED, f"you touched lava and lost {damage} health: go on when you are well")
