"""Digging against the wiki's table ("Breaking"), wear, drops, room, and what is gone for ever."""

from __future__ import annotations

import pytest

from env_stub.rules import PAUSE, load_rules
from env_stub.things import CELL
from gitm.actions import DigDown, Explore, GoUp, Mine, Place
from gitm.types import Code

#: Seconds, from the wiki's table of breaking times: block, tool, seconds.
WIKI = [
    ("stone", "wooden_pickaxe", 1.15),
    ("stone", "stone_pickaxe", 0.6),
    ("stone", "iron_pickaxe", 0.4),
    ("stone", "diamond_pickaxe", 0.3),
    ("stone", "golden_pickaxe", 0.2),
    ("stone", None, 7.5),
    ("iron_ore", "stone_pickaxe", 1.15),
    ("iron_ore", "iron_pickaxe", 0.75),
    ("iron_ore", "wooden_pickaxe", 7.5),
    ("obsidian", "diamond_pickaxe", 9.4),
    ("obsidian", None, 250.0),
    ("oak_log", None, 3.0),
    ("oak_log", "wooden_axe", 1.5),
    ("oak_log", "stone_axe", 0.75),
    ("dirt", None, 0.75),
    ("dirt", "wooden_shovel", 0.4),
    ("crafting_table", None, 3.75),
    ("furnace", "wooden_pickaxe", 2.65),
]


@pytest.mark.parametrize(("block", "tool", "seconds"), WIKI)
def test_dig_times_are_the_wikis(block, tool, seconds):
    assert load_rules().dig(block, tool).ticks == round(seconds * 20)


def test_mining_takes_the_dig_time_and_a_pause_for_each_block(camp):
    camp.give(wooden_pickaxe=1).put("stone", left=9)
    feedback = camp.do(Mine(object="stone", count=5))
    assert feedback.ticks == 5 * (23 + PAUSE)
    assert feedback.change == {"cobblestone": 5}
    assert feedback.message == "mined 5 stone and picked up 5 cobblestone"
    assert feedback.observation.wear == {"wooden_pickaxe": 59 - 5}


@pytest.mark.parametrize(("speed", "ticks"), [(0.5, 58), (1, 29), (2, 15), (100, 1), (1e9, 1)])
def test_digging_is_as_many_times_as_fast_as_the_world_is_told(make_camp, speed, ticks):
    camp = make_camp(dig_speed=speed).clear().give(wooden_pickaxe=1)
    camp.put("stone", left=9)
    feedback = camp.do(Mine(object="stone", count=5))
    assert (feedback.ticks, feedback.change) == (5 * ticks, {"cobblestone": 5})
    assert feedback.observation.wear == {"wooden_pickaxe": 59 - 5}


def test_a_tunnel_is_dug_and_walked_at_the_speed_of_the_world(make_camp):
    ticks = {speed: make_camp(dig_speed=speed).give(iron_pickaxe=1).descend(20).do(DigDown(y_level=17)).ticks for speed in (1, 100)}
    assert ticks == {1: 3 * (2 * (8 + PAUSE) + 5), 100: 3 * (2 * 1 + 5)}  # stone: 8 ticks with iron, 5 to walk a block


def test_a_mined_block_is_gone_for_ever(camp):
    camp.put("oak_log", left=3)
    assert camp.do(Mine(object="oak_log", count=5)).message == "mined 3 of 5 oak_log: no more of it in sight, explore for the rest"
    assert camp.have("oak_log") == 3
    assert camp.do(Mine(object="oak_log")).code is Code.NOT_FOUND


def test_mining_goes_on_to_the_next_of_its_kind(camp):
    camp.put("oak_log", left=2)
    camp.put("oak_log", away=12, left=2)
    camp.put("oak_log", away=60, left=9)
    feedback = camp.do(Mine(object="oak_log", count=9))
    assert (feedback.code, feedback.change) == (Code.PARTIAL, {"oak_log": 4})


def test_a_tool_breaks_at_its_last_use_and_the_rest_is_left(camp):
    camp.give(wooden_pickaxe=1).put("stone", left=100)
    feedback = camp.do(Mine(object="stone", count=80, tool="wooden_pickaxe"))
    assert feedback.code is Code.PARTIAL
    assert feedback.change == {"cobblestone": 59, "wooden_pickaxe": -1}
    assert feedback.message == "mined 59 of 80 stone: your wooden_pickaxe broke, make another"
    assert feedback.missing == {"wooden_pickaxe": 1}
    assert feedback.observation.hand is None


def test_the_next_tool_of_the_kind_is_taken_when_one_breaks(camp):
    camp.give(wooden_pickaxe=2).put("stone", left=100)
    assert camp.do(Mine(object="stone", count=80, tool="wooden_pickaxe")).change == {"cobblestone": 80, "wooden_pickaxe": -1}
    assert camp.seen.wear == {"wooden_pickaxe": 59 - 21}


def test_a_full_inventory_stops_mining_before_anything_is_lost(camp):
    camp.give(wooden_pickaxe=1, dirt=34 * 64, cobblestone=62).put("stone", left=9)
    feedback = camp.do(Mine(object="stone", count=5))
    assert (feedback.code, feedback.change) == (Code.PARTIAL, {"cobblestone": 2})
    feedback = camp.do(Mine(object="stone", count=3))
    assert (feedback.code, feedback.message) == (Code.INVENTORY_FULL, "no room for cobblestone: drop or store something first")


def test_silk_touch_takes_the_block_itself_and_is_spared_otherwise(camp):
    camp.give(**{"iron_pickaxe[silk_touch]": 1, "stone_pickaxe": 1}).put("stone", left=9)
    assert camp.do(Mine(object="stone")).change == {"cobblestone": 1}
    assert camp.do(Mine(object="stone", tool="iron_pickaxe[silk_touch]")).change == {"stone": 1}


def test_the_ground_is_always_there(camp):
    assert camp.do(Mine(object="dirt", count=3)).change == {"dirt": 3}
    camp.give(wooden_pickaxe=1).descend(30)
    assert camp.do(Mine(object="stone", count=20)).change == {"cobblestone": 20}
    assert camp.seen.under == "stone"


def test_a_placed_block_drops_itself_again(camp):
    camp.give(crafting_table=1)
    assert camp.do(Place(object="crafting_table")).change == {"crafting_table": -1}
    assert camp.seen.near("crafting_table")
    assert camp.do(Mine(object="crafting_table")).change == {"crafting_table": 1}
    assert not camp.seen.near("crafting_table")


def test_the_way_down_is_remembered(camp):
    start = (camp.seen.x, camp.seen.y, camp.seen.z)
    camp.give(stone_pickaxe=2)
    assert camp.do(DigDown(y_level=40)).ok
    assert (camp.seen.y, camp.seen.underground) == (40, True)
    depth = start[1] - 40
    spent = 2 * 131 - 2 * 0 - camp.seen.wear["stone_pickaxe"]
    assert spent >= 0
    assert depth == start[1] - camp.seen.y
    assert camp.do(GoUp()).ok
    assert (camp.seen.x, camp.seen.y, camp.seen.z, camp.seen.underground) == (*start, False)


def test_a_hole_in_the_soil_needs_no_tool(camp):
    assert camp.do(DigDown(y_level=camp.seen.y - 3)).ok
    assert camp.seen.underground


def test_tunnels_spare_the_better_tool_and_find_ore(camp):
    camp.give(stone_pickaxe=3, iron_pickaxe=1)
    assert camp.do(DigDown(y_level=16)).ok
    for _ in range(8):
        if (feedback := camp.do(Explore(object="iron_ore"))).ok:
            break
    assert feedback.ok
    assert camp.seen.near("iron_ore", within=6)
    assert camp.seen.wear["iron_pickaxe"] == 250


def test_a_second_tunnel_leads_where_none_has_been(camp):
    """Down the same shaft, and with the same heading: straight on there is nothing that was not seen before."""
    camp.give(diamond_pickaxe=4).descend(20)
    shaft, heading, new = (camp.game.x, camp.game.z), camp.game.heading, []
    for _ in range(3):
        (camp.game.x, camp.game.z), camp.game.heading = shaft, heading
        known = len(camp.game.tunnels)
        camp.do(Explore(object="ancient_debris", strategy="underground"))
        new.append(len(camp.game.tunnels) - known)
        for monster in tuple(camp.game.engaged):
            camp.game.forget(monster)
    assert min(new) >= 5


def test_stairs_and_tunnels_keep_to_the_biome(camp):
    """What is sought may be found in this biome only, and a hundred steps straight on are a long way."""
    cell = camp.game.map.cell
    places = [(cx, cz) for cx in range(-12, 12) for cz in range(-12, 12)]
    cx, cz = next((x, z) for x, z in places if cell(x + 1, z).biome is not cell(x, z).biome is cell(x, z + 1).biome)
    camp.game.x, camp.game.z, camp.game.heading = cx * CELL + 8, cz * CELL + 8, (1, 0)
    camp.give(diamond_pickaxe=4)
    while not (feedback := camp.do(DigDown(y_level=-20))).ok:
        assert feedback.code is Code.INTERRUPTED
    assert camp.seen.biome == cell(cx, cz).biome.name
    camp.do(Explore(object="ancient_debris", strategy="underground"))
    assert camp.seen.biome == cell(cx, cz).biome.name


def test_a_tunnel_wears_the_last_tool_out_and_says_so_as_partly_done(camp):
    camp.give(wooden_pickaxe=1)
    feedback = camp.do(DigDown(y_level=10))
    assert feedback.code is Code.PARTIAL
    assert feedback.change == {"wooden_pickaxe": -1, "dirt": 8, "cobblestone": 60}
    assert feedback.message == "needs a wooden_pickaxe or better to dig through stone: make one first"
    assert 10 < feedback.observation.y < 62
