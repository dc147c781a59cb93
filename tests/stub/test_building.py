"""Blueprints: portals and mobs that are built."""

from __future__ import annotations

from gitm.actions import Attack, Build, Enter
from gitm.types import Code


def test_a_portal_takes_its_blocks_and_a_use_of_the_lighter(far_camp):
    far_camp.give(obsidian=12, flint_and_steel=1)
    feedback = far_camp.do(Build(blueprint="nether_portal"))
    assert feedback.change == {"obsidian": -10}
    assert feedback.message == "built a nether_portal from 10 obsidian"
    assert feedback.observation.wear == {"flint_and_steel": 63}
    (portal,) = [thing for thing in far_camp.seen.nearby if thing.name == "nether_portal"]
    assert (portal.kind, portal.distance <= 2) == ("station", True)


def test_what_lacks_is_named(far_camp):
    far_camp.give(obsidian=4)
    feedback = far_camp.do(Build(blueprint="nether_portal"))
    assert (feedback.code, feedback.missing) == (Code.MISSING_MATERIAL, {"obsidian": 6})
    assert feedback.message == "nether_portal needs 10 obsidian; you lack 6 obsidian: obtain that first"
    far_camp.give(obsidian=6)
    feedback = far_camp.do(Build(blueprint="nether_portal"))
    assert (feedback.code, feedback.missing) == (Code.MISSING_TOOL, {"flint_and_steel": 1})
    assert feedback.message == "needs a flint_and_steel to finish the nether_portal: obtain one first"


def test_a_portal_may_need_the_place_it_stands_on(far_camp):
    far_camp.give(ender_eye=12)
    feedback = far_camp.do(Build(blueprint="end_portal"))
    assert (feedback.code, feedback.change) == (Code.NOT_FOUND, {})
    assert feedback.message == "an end_portal is built on an end_portal_frame, and none is in sight: explore first"
    far_camp.put("end_portal_frame", away=9, left=12)
    far_camp.seen = far_camp.world.observe()
    assert far_camp.do(Build(blueprint="end_portal")).code is Code.OUT_OF_REACH
    far_camp.put("end_portal_frame", away=3, left=12)
    far_camp.seen = far_camp.world.observe()
    assert far_camp.do(Build(blueprint="end_portal")).change == {"ender_eye": -12}
    frames = [thing.count for thing in far_camp.seen.nearby if thing.name == "end_portal_frame"]
    assert frames == [12], "the frame within reach is the portal now"
    assert far_camp.do(Enter(portal="end_portal")).ok
    assert far_camp.seen.dimension == "the_end"
    assert far_camp.seen.biome == "end_highlands"


def test_a_mob_that_is_built_lives_fights_and_leaves_its_drops(far_camp):
    far_camp.give(soul_sand=1, dirt=8, wither_skeleton_skull=3, iron_pickaxe=1)
    feedback = far_camp.do(Build(blueprint="wither"))
    assert feedback.ok
    assert sum(feedback.change.values()) == -7
    (wither,) = [thing for thing in far_camp.seen.nearby if thing.name == "wither"]
    assert wither.kind == "hostile"
    assert far_camp.game.engaged
    feedback = far_camp.do(Attack(object="wither"))
    assert feedback.change == {"nether_star": 1}


def test_what_has_no_blueprint_is_refused(far_camp):
    feedback = far_camp.do(Build(blueprint="chest"))
    assert feedback.code is Code.IMPOSSIBLE
    assert feedback.message == "no blueprint makes chest: place the blocks one by one, or obtain it in another way"
