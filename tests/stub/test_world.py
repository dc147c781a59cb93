"""The entry point: rule book files, identity, and what the answers are made of."""

from __future__ import annotations

import pytest

import env_stub
from env_stub.answers import a, amounts
from env_stub.rules import default_rules, load_rules
from gitm.actions import Apply, Mine, Wait
from gitm.errors import BadFile, SetupError
from gitm.facts import load, rules_hash
from gitm.types import Code, World


def test_a_world_says_which_one_it_is(tiny_rules):
    world = env_stub.make_world(7, tiny_rules)
    assert isinstance(world, World)
    info = world.info
    assert (info.name, info.version, info.seed) == ("stub", "1.0", 7)
    assert info.rules == rules_hash(load(tiny_rules))
    assert info.rules != env_stub.make_world(7).info.rules


def test_another_dig_speed_is_another_identity(tiny_rules):
    rules = [env_stub.make_world(7, tiny_rules, speed).info.rules for speed in (1, 2, 100)]
    assert rules[0] == rules_hash(load(tiny_rules))
    assert len(set(rules)) == 3


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_a_dig_speed_that_is_none_is_refused(speed):
    with pytest.raises(SetupError, match="above 0"):
        env_stub.make_world(dig_speed=speed)


def test_the_newest_shipped_rule_book_is_the_default():
    assert default_rules().stem == "1.21.11"
    assert load_rules() is load_rules(default_rules()), "worlds of one file share their tables"


def test_a_changed_file_is_read_again(tmp_path, tiny_rules):
    path = tmp_path / "mine.json"
    path.write_text(tiny_rules.read_text())
    before = env_stub.make_world(0, path).info
    path.write_text(tiny_rules.read_text().replace('"health": 6.0', '"health": 66.0'))
    assert env_stub.make_world(0, path).info.rules != before.rules


def test_a_file_that_is_no_rule_book_is_named(tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        env_stub.make_world(0, tmp_path / "none.json")
    path = tmp_path / "bad.json"
    path.write_text('{"format": 1}')
    with pytest.raises(BadFile, match=r"docs/facts\.md"):
        env_stub.make_world(0, path)


def test_playing_before_reset_starts_the_game():
    assert env_stub.make_world(1).step(Wait(ticks=5)).observation.tick == 5


def test_seven_bookshelves_must_stand_near_the_table(camp):
    camp.give(iron_pickaxe=1, lapis_lazuli=3).put("enchanting_table", "station")
    camp.game.experience = 200.0
    for _ in range(5):
        camp.put("bookshelf")
    action = Apply(object="iron_pickaxe", target="enchanting_table")
    feedback = camp.do(action)
    assert (feedback.code, feedback.missing) == (Code.MISSING_STATION, {"bookshelf": 2})
    camp.put("bookshelf")
    camp.put("bookshelf")
    assert camp.do(action).change["lapis_lazuli"] == -3


def test_drops_by_chance_come_in_their_share(camp):
    """Gravel drops flint one time in ten (wiki, "Gravel")."""
    camp.give(iron_shovel=4).put("gravel", left=1000)
    feedback = camp.do(Mine(object="gravel", count=300))
    flint = feedback.change.get("flint", 0)
    assert 12 <= flint <= 54
    assert 240 <= feedback.change["gravel"] <= 294


def test_sentences_read_well():
    assert (a("zombie"), a("enderman")) == ("a zombie", "an enderman")
    assert amounts({}) == "nothing"
    assert amounts({"stick": 2, "coal": 1, "dirt": 3}) == "2 stick, 1 coal and 3 dirt"
