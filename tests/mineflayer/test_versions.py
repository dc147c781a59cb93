"""The bot on servers of other versions: it gets in, tells everything by its modern name, and digs as fast as the tool does."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from mineflayer.conftest import Stage
from mineflayer.protocol import ProtocolServer

from gitm.actions import Attack, Craft, Mine, Place, Smelt
from gitm.data import numbers, rule_book
from gitm.errors import SetupError
from gitm.facts import CraftFact, load
from gitm.mineflayer import MineflayerWorld
from gitm.mineflayer.install import ensure
from gitm.mineflayer.server import NEWEST, OLDEST, speaks
from gitm.mineflayer.world import BOT
from gitm.testserver import VERSIONS as SERVED
from gitm.testserver import Options, Server
from gitm.types import Code, Stack

#: The last of each that changed names, packets or data; the others are for ``make live``.
QUICK = ("1.8.8", "1.12.2", "1.20.6", "1.21.11")
VERSIONS = (
    *("1.9.4", "1.10.2", "1.11.2", "1.13.2", "1.14.4", "1.15.2", "1.17.1", "1.18.2", "1.19.4", "1.20.4"),
    *("1.21.1", "1.21.4", "1.21.8", "26.1"),
)
#: On the test server, every day: the one it was made for is everybody else's.
PLAYED = ("1.13.2", "1.21.4")
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


@pytest.mark.parametrize("version", [pytest.param(version, marks=() if version in PLAYED else pytest.mark.live) for version in SERVED])
def test_whatever_is_done_is_done_on_each_version_that_the_test_server_speaks(version: str, node_home: Path) -> None:
    options = Options.model_validate({"port": 0, "version": version, "mobs": False, "control": True, "view": 3})
    with Server.start(options, node_home) as server:
        world = MineflayerWorld(server.host, server.port, username="player", home=node_home)
        with closing(world):
            play(Stage(world, server, "player", 500))


def play(stage: Stage) -> None:
    """Wood to planks, a tool at a table, an ore dug with it, iron in a furnace, a block laid, a cow killed."""
    stage.set(oak_log=2, stick=2, iron_ore=1, coal=1, stone_sword=1).put("crafting_table", 0, 0, 2).put("furnace", 0, 0, -2).put(
        "coal_ore"
    ).look()
    assert stage.do(Craft(object="oak_planks", count=8)).change == {"oak_log": -2, "oak_planks": 8}
    assert stage.do(Craft(object="wooden_pickaxe")).change == {"oak_planks": -3, "stick": -2, "wooden_pickaxe": 1}
    assert stage.do(Mine(object="coal_ore", tool="wooden_pickaxe")).change == {"coal": 1}
    assert stage.do(Smelt(object="iron_ingot")).change == {"coal": -1, "iron_ingot": 1, "iron_ore": -1}
    assert stage.do(Place(object="oak_planks")).change == {"oak_planks": -1}
    stage.mob("cow").look()
    killed = stage.do(Attack(object="cow"))
    assert (killed.code, killed.change.keys() <= {"beef", "leather"}) == (Code.OK, True), killed.message


def test_what_the_book_makes_otherwise_is_made_as_the_servers_version_does(server: Server, node_home: Path, tmp_path: Path) -> None:
    book = load(rule_book("1.16.5"))
    strange = {"stick": CraftFact(item="stick", count=9, materials=(Stack(item="diamond"),)), "crafting_table": None}
    crafts = [strange.get(craft.item, craft) for craft in book.crafts]
    rules = tmp_path / "strange.json"
    rules.write_text(book.model_copy(update={"crafts": tuple(filter(None, crafts))}).model_dump_json())
    world = MineflayerWorld(server.host, server.port, username="stranger", home=node_home, rules=rules)
    with closing(world):
        stage = Stage(world, server, "stranger", 900)
        stage.set(oak_planks=6).look()
        assert stage.do(Craft(object="stick", count=4)).change == {"oak_planks": -2, "stick": 4}
        assert stage.do(Craft(object="crafting_table")).change == {"oak_planks": -4, "crafting_table": 1}
        assert stage.do(Craft(object="bedrock")).code is Code.IMPOSSIBLE


@pytest.mark.live
def test_a_server_that_does_not_tell_a_window_again_when_asked(node_home: Path) -> None:
    """From 1.17.1 on mineflayer asks for it after crafting; waiting for that must not close the furnace that is opened next."""
    options = Options(port=0, version="1.17.1", mobs=False, control=True, view=3, faults=("lost_cursor",))
    with Server.start(options, node_home) as server:
        world = MineflayerWorld(server.host, server.port, username="player", home=node_home)
        with closing(world):
            play(Stage(world, server, "player", 500))


def test_a_server_that_takes_the_first_clicks_for_stale_ones(node_home: Path) -> None:
    """Each such click is answered by the whole window as it was then: an answer that comes late would undo the clicks made since."""
    options = Options(port=0, version="1.21.4", mobs=False, control=True, view=3, faults=("forgotten_state",))
    with Server.start(options, node_home) as server:
        world = MineflayerWorld(server.host, server.port, username="player", home=node_home)
        with closing(world):
            stage = Stage(world, server, "player", 500)
            for _ in range(5):
                stage.set(oak_log=2, stick=2).put("crafting_table", 0, 0, 2).look()
                assert stage.do(Craft(object="oak_planks", count=8)).change == {"oak_log": -2, "oak_planks": 8}
                assert stage.do(Craft(object="wooden_pickaxe")).change == {"oak_planks": -3, "stick": -2, "wooden_pickaxe": 1}


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
