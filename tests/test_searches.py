"""What was looked for in vain is looked for elsewhere, or done without, before long."""

from __future__ import annotations

from toy import OK, SENTENCES, Toy, actions_of, run, seen, sight, toy_mind

from gitm.actions import Attack, DigDown, Explore, Mine
from gitm.graph import SEARCH
from gitm.searches import Searches
from gitm.stock import Stock, effort
from gitm.types import Code, Feedback, Kind, Rarity, Way


def answer(code, ticks, **observed):
    return Feedback(ok=code is Code.OK, code=code, message="", ticks=ticks, observation=seen(**observed))


def test_the_time_of_searches_adds_up_until_the_thing_is_seen():
    searches = Searches()
    for ticks in (2000, 4000):
        searches.note(Explore(object="cod"), answer(Code.TIMEOUT, ticks))
    searches.note(Explore(object="cow"), answer(Code.NOT_FOUND, 20))
    assert searches.vain == {"cod": 300.0, "cow": 1.0}
    searches.note(Mine(object="stone"), answer(Code.OK, 20, nearby=(sight("cod", 9.0, "mob"),)))
    assert searches.vain == {"cow": 1.0}
    searches.begin()
    assert not searches.vain


def test_what_was_found_and_other_actions_are_no_searches_in_vain():
    searches = Searches()
    searches.note(Explore(object="cod"), answer(Code.OK, 100))
    searches.note(Explore(object="cow"), answer(Code.INTERRUPTED, 100, nearby=(sight("cow", 9.0, "mob"),)))
    searches.note(Mine(object="stone"), answer(Code.TIMEOUT, 100))
    assert not searches.vain


def test_a_search_is_expected_to_take_as_long_again_but_never_less_than_usual():
    way = Way(item="log", kind=Kind.MINE, target="tree", rarity=Rarity.COMMON)
    usual, _ = effort(way, Stock())
    assert effort(way, Stock(vain={"tree": 1.0})) == effort(way, Stock())
    assert effort(way, Stock(vain={"tree": 300.0}))[0] == usual - SEARCH[Rarity.COMMON] + 300
    assert effort(way, Stock(vain={"tree": 300.0}, sights={"tree": 8.0}))[0] < usual


def test_before_a_way_is_given_up_a_quicker_one_is_tried():
    """Both are asked about only when the usual one turns out to take long; a rare bush of an hour's search is no reason to turn."""
    bush = " Mining bush gives 1 log; it takes bare hands. bush is uncommon: it is found on the surface in any biome."

    def rules(_, action):
        if action == Explore(object="tree"):
            return Code.TIMEOUT, "time is up"
        return (*OK, {"log": 1}) if action == Mine(object="bush") else None

    events = run("log", Toy(rules, cost=1000), toy_mind(log=SENTENCES["log"] + bush), max_ticks=100_000)
    assert events[-1].reached
    searched = [action for action in actions_of(events) if action == Explore(object="tree")]
    assert len(searched) == 2  # 50 s, then 100 s: longer than an uncommon thing takes


def test_a_member_of_a_group_that_is_not_found_makes_room_for_another_that_nobody_was_asked_about():
    food = {
        "food": "food means any one of cod and beef.",
        "cod": "Killing cod gives 1 cod. cod is common: it is found on the surface in any biome.",
        "beef": "Killing cow gives 1 beef. cow is uncommon: it is found on the surface in any biome.",
    }

    def rules(_, action):
        if action == Explore(object="cod"):
            return Code.TIMEOUT, "time is up"
        return (*OK, {"beef": 1}) if action.name == "attack" and action.object == "cow" else None

    events = run("food", Toy(rules, cost=5000), toy_mind(**food), max_ticks=100_000)
    assert events[-1].reached
    assert [action for action in actions_of(events) if isinstance(action, Explore)] == [Explore(object="cod"), Explore(object="cow")]


def test_for_what_lies_at_any_height_one_goes_below_the_ground_first():
    below = {"newt": "Killing newt gives 1 newt. newt is common: it is found underground in any biome."}

    def rules(toy, action):
        if action == DigDown(y_level=44):
            toy.seen["underground"] = True
            return OK
        if action == Explore(object="newt", strategy="underground"):
            return OK if toy.seen["underground"] else (Code.NO_PATH, "you are on the surface: dig_down first")
        return (*OK, {"newt": 1}) if isinstance(action, Attack) else None

    for planner in ("auto", "llm"):
        events = run("newt", Toy(rules), toy_mind(planner=planner, **below))
        assert events[-1].reached
        assert actions_of(events)[:2] == [DigDown(y_level=44), Explore(object="newt", strategy="underground")]
