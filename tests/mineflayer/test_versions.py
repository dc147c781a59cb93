"""The bot on servers of other versions: it gets in, tells everything by its modern name, and digs as fast as the tool does."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from mineflayer.protocol import ProtocolServer

from gitm.actions import Mine
from gitm.data import numbers, rule_book
from gitm.errors import SetupError
from gitm.facts import load
from gitm.mineflayer import MineflayerWorld
from gitm.mineflayer.install import ensure
from gitm.mineflayer.server import NEWEST, OLDEST, speaks
from gitm.mineflayer.world import BOT
from gitm.types import Code

#: The last of each that changed names, packets or data; the others are for ``make live``.
QUICK = ("1.8.8", "1.12.2", "1.20.6", "1.21.11")
VERSIONS = (
    *("1.9.4", "1.10.2", "1.11.2", "1.13.2", "1.14.4", "1.15.2", "1.17.1", "1.18.2", "1.19.4", "1.20.4"),
    *("1.21.1", "1.21.4", "1.21.8", "26.1"),
)
RAW_METALS = (1, 17)  # since then iron ore drops raw_iron


@pytest.mark.parametrize("version", [*QUICK, *(pytest.param(version, marks=pytest.mark.live) for version in VERSIONS)])
def test_old_and_new_versions_are_seen_and_dug_alike(version: str, node_home: Path) -> None:
    with ProtocolServer(node_home, version) as server:
        world = MineflayerWorld("127.0.0.1", server.port, username="traveller", home=node_home)
        with closing(world):
            seen = world.reset()
            assert world.info.version == version
            assert (seen.x, seen.y, seen.z, seen.under, seen.dimension) == (0, 64, 0, "stone", "overworld")
            assert seen.inventory == {"iron_pickaxe": 1}
            assert seen.wear == {"iron_pickaxe": 250}
            assert {"iron_ore", "birch_log", "short_grass", "stone"} == {thing.name for thing in seen.nearby}
            ore = world.step(Mine(object="iron_ore"))
            drops = "raw_iron" if numbers(version) >= RAW_METALS else "iron_ore"
            assert ore.change == {drops: 1}, ore.message
            believed = [drop.item for drop in load(world.rules).blocks["iron_ore"].drops if drop.needs != "silk_touch"]
            assert ore.code is (Code.OK if believed == [drops] else Code.PARTIAL), ore.message  # 1.17 has no book of its own
            dug = server.line()
            assert dug["dug"] == "iron_ore"
            assert 600 < dug["ms"] < 1300  # hardness 3, an iron pickaxe: 0.75 s; without the pickaxe counted, 4.5 s
            log = world.step(Mine(object="birch_log"))
            assert (log.code, log.change) == (Code.OK, {"birch_log": 1}), log.message


def test_a_server_that_names_no_version_is_played_by_the_book_of_the_one_it_speaks(node_home: Path) -> None:
    with ProtocolServer(node_home, "1.16.5", name="Crossroads 1.8 - 1.21") as server:
        said: list[str] = []
        world = MineflayerWorld("127.0.0.1", server.port, username="guest", home=node_home, progress=said.append)
        with closing(world):
            assert world.server.version is None
            assert any("--mc-version" in line for line in said)
            assert world.reset().near("iron_ore")
            assert world.info.version == "1.16.5"
            assert world.rules == rule_book("1.16.5")


def test_whom_the_server_refuses_is_told_why(node_home: Path) -> None:
    with ProtocolServer(node_home, "1.20.4", refuse="You are not whitelisted on this server!") as server:
        world = MineflayerWorld("127.0.0.1", server.port, username="ann", home=node_home)
        with pytest.raises(SetupError, match=r"whitelist add ann$"):
            world.reset()
        assert world.bridge is None


def test_the_versions_named_are_those_of_the_installed_libraries(node_home: Path) -> None:
    text = (ensure(BOT, node_home) / "mineflayer" / "lib" / "version.js").read_text()
    tested = text.partition("[")[2].partition("]")[0].replace("'", "").split(", ")
    assert (tested[0], tested[-1]) == (OLDEST, NEWEST)
    assert all(map(speaks, tested))
    assert not speaks("1.7.10")
    assert not speaks("27.3")
