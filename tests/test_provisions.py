"""What is obtained before anything asks for it, and how armour is put on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from toy import Toy, actions_of, bare, finish, of, run, seen, sight, task, toy_mind

from gitm.actions import Drop, Equip, Take
from gitm.data import rule_book
from gitm.events import Achieved
from gitm.facts import load
from gitm.passages import render
from gitm.provisions import ANY_LENGTH, FEW, FIGHTS, PLENTY, SHORT, detours
from gitm.types import ARMOR, OVERWORLD, All, Code, Feedback, Kind, Observation, Obtain, Place, Tool, Tree, Way, WorldInfo

SUIT = {part: f"{part} means any one of iron_{part}." for part in ARMOR} | {
    f"iron_{part}": f"Crafting 1 iron_{part} requires 2 rock as the material and nothing as the tool." for part in ARMOR
}
BERRY = {
    "food": "food means any one of berry.",
    "berry": "Mining bush gives 1 berry; it takes bare hands. bush is common: it is found on the surface in any biome.",
}
ARMS = {
    "weapon": "weapon means any one of club.",
    "club": "Crafting 1 club requires 2 stick as the material and nothing as the tool.",
}
BLADE = Tool(item="club")
ABROAD = Way(item="glow", kind=Kind.MINE, target="lamp", place=Place(dimension="the_nether", portal="gate"))
MONSTER = Way(item="fang", kind=Kind.ATTACK, target="wolf", tools=(BLADE,))
CAVE = Way(item="gem", kind=Kind.MINE, target="vein", place=Place(layer="underground"))


def wishes(*tasks, observed: Observation | None = None, slain: bool = False, guides: Mapping[str, str] = {}) -> list:
    """The goals of the detours before these sub-goals, by a mind that knows armour and food."""
    mind = toy_mind(**SUIT, **BERRY, **guides)
    for item in (*SUIT, *BERRY):
        finish(mind.decomposer.learn(item))
    mind.instincts.slain = slain
    tree = Tree(goal=Obtain(item="glow"), subgoals=tasks)
    return [wish.goal for wish in detours(tree, observed or seen(inventory={"berry": PLENTY}), mind.instincts, mind.names)]


def suit(*parts: str) -> All:
    return All(goals=tuple(Obtain(item=part) for part in parts))


def test_nobody_goes_to_another_dimension_without_armour():
    assert wishes(task(way=ABROAD)) == [suit(*ARMOR)]
    assert wishes(task(), task(way=ABROAD)) == [suit(*ARMOR)]  # it is made before, while at home
    assert wishes(task()) == []


def test_only_the_parts_that_are_missing_are_obtained():
    held = seen(inventory={"berry": PLENTY, "iron_helmet": 1, "iron_boots": 1})
    assert wishes(task(way=ABROAD), observed=held) == [suit("chestplate", "leggings")]


def test_many_fights_are_worth_armour_and_few_are_not():
    assert wishes(task(way=MONSTER, count=FIGHTS)) == [suit(*ARMOR)]
    assert wishes(task(way=MONSTER, count=FIGHTS - 1)) == []
    assert wishes(task(way=MONSTER.model_copy(update={"tools": ()}), count=FIGHTS)) == []  # no weapon is advised: it is no monster


def test_who_has_died_takes_more_care():
    assert wishes(task(way=CAVE)) == []
    assert wishes(task(way=CAVE), slain=True) == [suit(*ARMOR)]
    assert wishes(task(), slain=True) == []  # there is no danger


def test_monsters_live_in_structures_too():
    """A weapon within a few steps is made before; who has died makes one whatever it takes, and armour."""
    chest = task(item="gem", way=CAVE.model_copy(update={"place": Place(structure="dungeon")}))
    assert wishes(chest, guides=ARMS) == [Obtain(item="weapon")]
    assert wishes(chest, guides=ARMS, slain=True) == [Obtain(item="weapon"), suit(*ARMOR)]
    for slain, longest in ((False, SHORT), (True, ANY_LENGTH)):
        mind = toy_mind(**ARMS)
        mind.instincts.slain = slain
        tree = Tree(goal=Obtain(item="gem"), subgoals=(chest,))
        assert [wish.longest for wish in detours(tree, seen(), mind.instincts, mind.names)] == [longest]


def test_food_is_taken_along_to_another_dimension():
    for berries, wanted in ((FEW - 1, [Obtain(item="food", count=PLENTY)]), (FEW, [])):
        dressed = {"berry": berries} | {f"iron_{part}": 1 for part in ARMOR}
        assert wishes(task(way=ABROAD), observed=seen(inventory=dressed)) == wanted
        assert wishes(task(), task(way=ABROAD), observed=seen(inventory=dressed)) == []  # only when about to leave


def test_nobody_goes_home_for_armour_or_for_more_food():
    assert wishes(task(way=ABROAD), observed=seen(dimension="the_nether")) == []


def test_a_death_is_remembered_until_the_next_run():
    mind = toy_mind()
    died = Feedback(ok=False, code=Code.DIED, message="", change={"log": -1}, ticks=1, observation=seen())
    mind.instincts.note(task(), Equip(object="log"), died)
    assert mind.instincts.slain
    mind.begin(WorldInfo(name="toy", version="1", rules="toy"), mind.asker.meter.limits)
    assert not mind.instincts.slain


def test_what_is_thrown_away_is_not_fetched_again():
    mind = toy_mind()
    mind.instincts.lost = {"log", "plank"}
    mind.instincts.note(task(), Drop(object="log"), Feedback(ok=True, code=Code.OK, message="", ticks=1, observation=seen()))
    lying = seen(nearby=(sight("log", 1.0, "item"), sight("plank", 2.0, "item")))
    assert mind.instincts.reflex(lying).actions[-1] == Take(object="plank", count=1)


def test_armour_is_made_and_put_on_before_the_first_fight():
    """A helmet is all the armour there is in this world."""
    fang = "Killing wolf gives 1 fang; a club or better (sword) is advised. wolf is common: it is found on the surface in any biome."
    helmet = {name: SUIT[name] for name in ("helmet", "iron_helmet")}

    def rules(world, action):
        if isinstance(action, Equip):
            world.seen["worn"] = (action.object,)
            return Code.OK, "worn"
        if action.name == "craft" and action.object == "iron_helmet":
            return Code.OK, "made", {"iron_helmet": 1, "rock": -2}
        if action.name == "craft" and action.object == "club":
            return Code.OK, "made", {"club": 1, "stick": -1}
        return (Code.OK, "killed", {"fang": action.count}) if action.name == "attack" else None

    club = "Crafting 1 club requires 1 stick as the material and nothing as the tool."
    events = run(f"{FIGHTS} fang", Toy(rules, nearby=(sight("wolf", kind="mob"),)), toy_mind(fang=fang, club=club, **helmet))
    assert events[-1].reached
    names = [action.name for action in actions_of(events)]
    assert names.count("equip") == 1
    assert names.index("equip") < names.index("attack")
    made = [event.task.item for event in of(events, Achieved)]
    assert made.index("iron_helmet") < made.index("fang")


@pytest.mark.parametrize("worn", [(), ("iron_helmet",), ("gold_helmet", "iron_boots")])
def test_a_piece_is_put_on_where_nothing_is_worn(worn):
    mind = toy_mind(**SUIT | {"helmet": "helmet means any one of iron_helmet and gold_helmet."})
    for item in SUIT:
        finish(mind.decomposer.learn(item))
    held = dict.fromkeys(("iron_helmet", "gold_helmet", "iron_boots"), 1)
    plan = mind.instincts.reflex(seen(inventory=held, worn=worn))
    expected = {(): "iron_helmet", ("iron_helmet",): "iron_boots", ("gold_helmet", "iron_boots"): None}[worn]
    assert (plan.actions == (Equip(object=expected),)) if expected else plan is None


def test_the_guides_name_what_protects_well():
    """Iron and up, by the points of armour on the wiki: helmets 2 of 3, chestplates 6 of 8, leggings 5 of 6, boots 2 of 3."""
    texts = {passage.items[0]: passage.text for passage in render(load(rule_book("1.16.5")))}
    knowledge = bare({part: texts[part] for part in ARMOR})
    assert set(ARMOR) <= knowledge.names
    for part in ARMOR:
        words = texts[part].replace(",", "").replace(".", "").split()
        assert {f"iron_{part}", f"diamond_{part}", f"netherite_{part}"} <= set(words)
        assert f"leather_{part}" not in words
    assert OVERWORLD not in texts["boots"]
