"""Digging on the test server: what drops, with which tool, how long it takes, how tools wear."""

from __future__ import annotations

import time

import pytest
from server_tests.driver import Scene, until


def test_dirt_gives_dirt(scene: Scene) -> None:
    scene.bot.dig(at=scene.set((1, 0, 0), "dirt"))
    scene.comes_to_hold({"dirt": 1})


@pytest.mark.parametrize(
    ("tool", "block", "gives"),
    [
        (None, "netherrack", {}),
        ("wooden_axe", "netherrack", {}),
        ("wooden_pickaxe", "stone", {"cobblestone": 1}),
        ("stone_pickaxe", "iron_ore", {"iron_ore": 1}),
        ("stone_pickaxe", "gold_ore", {}),
        ("iron_pickaxe", "diamond_ore", {"diamond": 1}),
    ],
)
def test_a_block_drops_only_for_a_tool_that_is_good_enough(scene: Scene, tool: str | None, block: str, gives: dict[str, int]) -> None:
    if tool:
        scene.hold(tool)
    scene.bot.dig(at=scene.set((1, 0, 0), block))
    held = {tool: 1} if tool else {}
    if gives:
        scene.comes_to_hold(held | gives)
    else:
        scene.bot.wait(milliseconds=700)  # longer than an item waits to be picked up
        assert scene.held() == held
    assert scene.state()["wear"] == (1 if tool else 0)


def test_digging_takes_its_time(scene: Scene) -> None:
    took = []
    for _ in range(3):  # a busy machine may hold one up, hardly all
        at = scene.set((1, 0, 0), "dirt")
        begun = time.monotonic()
        scene.bot.dig(at=at)
        took.append(time.monotonic() - begun)
    assert 0.5 < min(took) < 2.5  # 0.75 s by hand (wiki)


def test_who_claims_to_be_through_at_once_is_refused(scene: Scene) -> None:
    scene.bot.dig_at_once(at=scene.set((1, 0, 0), "oak_log"))
    assert scene.block((1, 0, 0)) == "oak_log"
    assert scene.held() == {}


def test_what_is_out_of_reach_cannot_be_dug(scene: Scene) -> None:
    scene.stand((-4.5, 0, 0.5))
    far = scene.set((4, 0, 0), "grass")
    scene.bot.dig_at_once(at=far)
    assert scene.block((4, 0, 0)) == "grass"


def test_a_tool_breaks_after_its_last_use(scene: Scene) -> None:
    scene.hold("wooden_pickaxe", uses=58)  # it lasts 59 (wiki)
    scene.bot.dig(at=scene.set((1, 0, 0), "stone"))
    scene.comes_to_hold({"cobblestone": 1})


def test_a_full_inventory_leaves_the_drop_on_the_ground(scene: Scene) -> None:
    scene.give("cobblestone", 36 * 64)
    scene.bot.dig(at=scene.set((1, 0, 0), "dirt"))
    scene.bot.wait(milliseconds=800)
    assert scene.held() == {"cobblestone": 36 * 64}
    assert [thing["item"] for thing in scene.bot.entities()] == ["dirt"]


def test_sand_falls_when_it_loses_its_ground(scene: Scene) -> None:
    below = scene.set((1, 0, 0), "dirt")
    scene.set((1, 1, 0), "sand")
    scene.bot.dig(at=below)
    until(lambda: scene.block((1, 0, 0)) == "sand")
    assert scene.block((1, 1, 0)) == "air"
