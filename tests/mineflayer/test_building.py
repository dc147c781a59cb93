"""Blueprints on a real server: frames, golems and eyes, judged by what stands there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mineflayer.conftest import FLOOR, Stage

from gitm.actions import Build
from gitm.agent import pursue
from gitm.events import Ended
from gitm.limits import Limits
from gitm.llm.reader import Reader
from gitm.opening import open_mind
from gitm.types import Code, Obtain

PORTAL = {"obsidian": 10, "flint_and_steel": 1, "iron_pickaxe": 1, "dirt": 2}
INWARDS = {"north": (0, 2), "south": (0, -2), "west": (2, 0), "east": (-2, 0)}  # where the block of a frame stands that looks there


def count(stage: Stage, block: str) -> int:
    """How many blocks of that name stand on and in the stage."""
    get = stage.server.control.do
    cells = [(stage.x + x, FLOOR + y, z) for x in range(-6, 7) for y in range(-1, 5) for z in range(-6, 7)]
    return sum(get("get_block", at=list(cell))["block"] == block for cell in cells)


def frame(stage: Stage, eyes: int) -> Iterator[None]:
    """A frame of an end portal around the place three blocks to the east, so many eyes in it."""
    for facing, (x, z) in INWARDS.items():
        for aside in (-1, 0, 1):
            at = [stage.x + 5 + x + (aside if z else 0), FLOOR, z + (aside if x else 0)]
            eye = "true" if (eyes := eyes - 1) >= 0 else "false"
            stage.server.control.do("set_block", at=at, block="end_portal_frame", properties={"facing": facing, "eye": eye})
            yield


def test_a_portal_is_built_and_lit(stage: Stage) -> None:
    stage.set(**PORTAL).look()
    feedback = stage.do(Build(blueprint="nether_portal"))
    assert feedback.code is Code.OK, feedback.message
    assert feedback.change["obsidian"] == -10
    assert (count(stage, "obsidian"), count(stage, "nether_portal")) == (10, 6)
    assert any(seen.name == "nether_portal" for seen in feedback.observation.nearby)


def test_what_stands_is_built_on(stage: Stage) -> None:
    stage.set(**PORTAL).look()
    assert stage.do(Build(blueprint="nether_portal")).ok
    for x in range(-6, 7):
        for z in range(-6, 7):
            for y in range(5):
                if stage.server.control.do("get_block", at=[stage.x + x, FLOOR + y, z])["block"] == "nether_portal":
                    stage.put("air", x, y, z)
    stage.look()
    feedback = stage.do(Build(blueprint="nether_portal"))
    assert feedback.code is Code.OK, feedback.message
    assert "obsidian" not in feedback.change
    assert (count(stage, "obsidian"), count(stage, "nether_portal")) == (10, 6)


def test_room_is_made_on_rough_ground(stage: Stage) -> None:
    stage.set(**PORTAL)
    do, x = stage.server.control.do, stage.x
    do("fill", **{"from": [x - 5, FLOOR, -5], "to": [x + 5, FLOOR + 3, 5], "block": "stone"})
    do("fill", **{"from": [x, FLOOR, 0], "to": [x, FLOOR + 1, 0], "block": "air"})
    stage.look()
    feedback = stage.do(Build(blueprint="nether_portal"))
    assert feedback.code is Code.OK, feedback.message
    assert (count(stage, "obsidian"), count(stage, "nether_portal")) == (10, 6)


def test_nothing_is_begun_without_all_of_it(stage: Stage) -> None:
    stage.set(obsidian=7, flint_and_steel=1).look()
    feedback = stage.do(Build(blueprint="nether_portal"))
    assert (feedback.code, feedback.missing, feedback.change) == (Code.MISSING_MATERIAL, {"obsidian": 3}, {})
    stage.set(obsidian=10).look()
    feedback = stage.do(Build(blueprint="nether_portal"))
    assert (feedback.code, feedback.missing, feedback.change) == (Code.MISSING_TOOL, {"flint_and_steel": 1}, {})


@pytest.mark.parametrize(("mob", "blocks"), [("iron_golem", {"iron_block": 4}), ("snow_golem", {"snow_block": 2})])
def test_golems_come_to_life(mob: str, blocks: dict[str, int], stage: Stage) -> None:
    stage.set(carved_pumpkin=1, **blocks).look()
    feedback = stage.do(Build(blueprint=mob))
    assert feedback.code is Code.OK, feedback.message
    assert feedback.change == {"carved_pumpkin": -1} | {name: -some for name, some in blocks.items()}
    assert any(seen.name == mob for seen in feedback.observation.nearby)


def test_eyes_open_the_way_to_the_end(stage: Stage) -> None:
    stage.set(ender_eye=9)
    list(frame(stage, eyes=4))
    stage.look()
    feedback = stage.do(Build(blueprint="end_portal"))
    assert feedback.code is Code.OK, feedback.message
    assert feedback.change == {"ender_eye": -8}
    assert count(stage, "end_portal") == 9


def test_too_few_eyes(stage: Stage) -> None:
    stage.set(ender_eye=3)
    list(frame(stage, eyes=4))
    stage.look()
    feedback = stage.do(Build(blueprint="end_portal"))
    assert (feedback.code, feedback.missing, feedback.change) == (Code.MISSING_MATERIAL, {"ender_eye": 5}, {})


def test_a_portal_is_a_goal(stage: Stage, tmp_path: Path) -> None:
    """From the goal through tree and template to what stands there, and to the agent's knowing it."""
    stage.set(**PORTAL).look()
    mind = open_mind(tmp_path, llm=Reader(), version="1.16.5")
    try:
        *_, last = pursue(Obtain(item="nether_portal"), stage.world, mind, Limits(max_calls=100, max_ticks=6000))
    finally:
        mind.close()
    assert isinstance(last, Ended)
    assert last.reached, last.reason
    assert count(stage, "nether_portal") == 6
