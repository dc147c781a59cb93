"""What the bench of real games counts: the lower bound, whose memory is whose, and what is growth. No server is started here."""

from __future__ import annotations

import json

import pytest

from gitm.actions import Approach, Craft, Mine, Smelt
from gitm.bench.bound import Bound, dig_ticks, lower_bound, seconds_by_action
from gitm.bench.commands.real import figures
from gitm.bench.growth import judged
from gitm.bench.memory import Memory, medians, of_tree, processes
from gitm.bench.real import RealResult
from gitm.cli import app
from gitm.data import rule_book
from gitm.events import Began, Stepped
from gitm.facts import load
from gitm.types import Code, Feedback, Observation, Obtain, WorldInfo

BOOK = load(rule_book("1.16.5"))
NOWHERE = Observation(tick=0, x=0, y=64, z=0, biome="plains", underground=False, day=True, health=20, food=20, inventory={})


def story(*steps, start=NOWHERE):
    """Events of a run: for each step the action, the change, the seconds and the place after it."""
    events = [Began(goal=Obtain(item="stick"), world=WorldInfo(name="w", version="1.16.5", rules="r"), observation=start)]
    seen = start
    for action, change, seconds, (x, z), code in steps:
        held = {name: seen.inventory.get(name, 0) + change.get(name, 0) for name in {*seen.inventory, *change}}
        held = {name: count for name, count in held.items() if count}
        seen = seen.model_copy(update={"tick": seen.tick + round(20 * seconds), "x": x, "z": z, "inventory": held})
        feedback = Feedback(ok=code is Code.OK, code=code, message="m", change=change, ticks=round(20 * seconds), observation=seen)
        events.append(Stepped(task=None, action=action, feedback=feedback))
    return events


@pytest.mark.parametrize(
    ("block", "tool", "seconds"),
    [  # the wiki's table of breaking times ("Breaking", Minecraft 1.16)
        ("stone", None, 7.5),
        ("stone", "wooden_pickaxe", 1.15),
        ("stone", "iron_pickaxe", 0.4),
        ("oak_log", None, 3.0),
        ("oak_log", "iron_axe", 0.5),
        ("diamond_ore", "iron_pickaxe", 0.75),
        ("obsidian", "diamond_pickaxe", 9.4),
        ("dirt", None, 0.75),
    ],
)
def test_digging_takes_what_the_wiki_says(block, tool, seconds):
    assert dig_ticks(BOOK, block, tool) == pytest.approx(20 * seconds, abs=0.5)


def test_what_cannot_be_broken_takes_for_ever():
    assert dig_ticks(BOOK, "bedrock", "diamond_pickaxe") == float("inf")


def test_the_bound_is_digging_smelting_and_straight_lines():
    events = story(
        (Approach(object="oak_log"), {}, 9, (30, 40), Code.OK),
        (Mine(object="oak_log", count=2), {"oak_log": 2}, 20, (30, 40), Code.OK),
        (Mine(object="stone", tool="wooden_pickaxe", count=4), {"cobblestone": 3, "dirt": 5}, 20, (30, 40), Code.PARTIAL),
        (Smelt(object="iron_ingot", count=2), {"iron_ingot": 2, "iron_ore": -2}, 30, (30, 40), Code.OK),
        (Approach(object="cow"), {}, 9, (30, 36), Code.DIED),
    )
    # what was dug on the way, and where one woke after death, are no part of it
    assert lower_bound(events, BOOK) == Bound(dig=round(2 * 3.0 + 3 * 1.15, 1), smelt=20.0, walk=round(50 / 5.612, 1))


def test_the_best_tool_held_counts_and_a_block_that_drops_several_counts_once():
    armed = NOWHERE.model_copy(update={"inventory": {"wooden_pickaxe": 1, "stone_pickaxe": 1}})
    stone = story((Mine(object="stone"), {"cobblestone": 1}, 1, (0, 0), Code.OK), start=armed)
    assert lower_bound(stone, BOOK).dig == pytest.approx(0.6)
    lapis = story((Mine(object="lapis_ore"), {"lapis_lazuli": 9}, 1, (0, 0), Code.OK), start=armed)
    assert lower_bound(lapis, BOOK).dig == pytest.approx(1.1, abs=0.1), "one ore may drop nine"
    logs = story((Mine(object="logs", count=3), {"oak_log": 1, "birch_log": 2}, 9, (0, 0), Code.OK))
    assert lower_bound(logs, BOOK).dig == pytest.approx(9.0)


def test_nothing_done_is_no_time():
    assert lower_bound([], BOOK).seconds == 0
    crafted = story((Craft(object="stick"), {"stick": 4, "oak_planks": -2}, 1, (0, 0), Code.OK))
    assert lower_bound(crafted, BOOK).seconds == 0


def test_time_by_action_is_game_time():
    steps = [(Mine(object="dirt"), {}, 2, (0, 0), Code.OK), (Mine(object="dirt"), {}, 3, (0, 0), Code.OK)]
    assert seconds_by_action(story((Approach(object="cow"), {}, 4, (0, 0), Code.OK), *steps)) == {"mine": 5.0, "approach": 4.0}


def test_memory_is_told_apart_by_descent():
    rows = [(1, 0, 9999), (10, 1, 102400), (11, 10, 51200), (12, 11, 204800), (13, 12, 1024), (20, 1, 4096)]
    assert of_tree(10, rows) == Memory(python=100, worker=50, node=201)
    assert of_tree(99, rows) == Memory()


def test_our_own_memory_is_seen():
    import os

    assert 10 < of_tree(os.getpid(), processes()).python < 5000


def samples(node):
    """One sample each 10 s for half an hour."""
    return [(at, Memory(python=150, worker=30, node=node(at))) for at in range(0, 1800, 10)]


def test_what_is_loaded_once_is_no_growth_and_what_never_stops_is():
    warm = judged(samples(lambda at: 100 + 100 * min(1, at / 300)), 1800)
    assert not warm.grows
    assert warm.middle == warm.last == Memory(python=150, worker=30, node=200)
    assert len(warm.minutes) == 30
    assert judged(samples(lambda at: 200 + at / 10), 1800).grows
    assert not judged(samples(lambda at: 200 + 30 * (at % 100 == 0)), 1800).grows, "a few peaks before garbage is collected"


def test_a_run_that_ended_early_proves_nothing():
    assert judged(samples(lambda _: 200)[:90], 1800).grows


def test_medians_of_nothing_are_zero():
    assert medians([]) == Memory()


def result(seed, *, reached=True, seconds=200.0, dig=50.0, folder="f"):
    return RealResult(
        item="iron_pickaxe", seed=seed, max_seconds=60, folder=folder, reached=reached, reason="because", ticks=4000, seconds=seconds,
        deaths=1, actions=30, replans=2, first_action=2.5, bound=Bound(dig=dig), by_action={"mine": 100.0, "approach": 20.0},
    )  # fmt: skip


def test_a_goal_in_figures():
    told = figures([result(1), result(2, seconds=100.0), result(3, reached=False, seconds=999.0)])
    assert (told["games"], told["reached"], told["median_seconds"], told["worst_seconds"]) == (3, 2, 150.0, 200.0)
    assert (told["median_ratio"], told["worst_ratio"]) == (3.0, 4.0)
    assert told["seconds_by_action"] == {"mine": 300.0, "approach": 60.0}
    assert told["deaths"] == 3
    assert figures([])["median_seconds"] is None


def test_an_interrupted_bench_goes_on_from_its_log(tmp_path, monkeypatch, capsys):
    from gitm.bench import real

    log = tmp_path / "real.jsonl"
    folder = tmp_path.resolve() / "real"
    log.write_text("".join(result(seed, folder=folder).model_dump_json() + "\n" for seed in (1, 2)))
    played = []
    monkeypatch.setattr(real, "prepare", lambda *_: None)
    monkeypatch.setattr(real, "play", lambda game: played.append(game.seed) or result(game.seed, reached=False, folder=folder))
    monkeypatch.setattr("gitm.bench.commands.real.versions", lambda: {"node": "24"})
    with pytest.raises(SystemExit) as ended:
        app(["bench", "real", "--item", "iron_pickaxe", "--seeds", "3", "--max-seconds", "60", "--log", str(log), "--json"])
    assert ended.value.code == 1, "one game was lost"
    assert played == [3]
    report = json.loads(capsys.readouterr().out)
    assert report["goals"]["iron_pickaxe"]["reached"] == 2
    assert [game["seed"] for game in report["games"]] == [1, 2, 3]
    assert len(log.read_text().splitlines()) == 3
