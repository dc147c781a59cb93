"""Templates: the shipped ones hold for everything there is, and whatever is wrong with one is said with its place and mend."""

from __future__ import annotations

import csv
import time
from importlib.resources import files
from typing import get_args

import pytest
import yaml
from toy import seen, sight, task

from gitm.actions import ACTION, VOCABULARY, Apply, Approach, Attack, Craft, DigDown, Explore, GoUp, Mine, Place, Smelt, Trade, Wait
from gitm.answers import WaysAnswer, ways_of
from gitm.data import shipped
from gitm.errors import BadFile
from gitm.llm.reader import Reader
from gitm.prompting import render
from gitm.skills import PARAMETERS, Library, Reflex, Skill, expand, load, parameters
from gitm.types import Kind, Stack, Tool, Way
from gitm.types import Place as Where

SHIPPED = Library.open([("shipped", shipped("skills"))])
AXES = Tool(item="wooden_axe", or_better=("stone_axe",))


def skill(steps: str, when: str = "{kind: mine}", name: str = "mine_it") -> str:
    return f"name: {name}\nabout: a template of this test\nwhen: {when}\nsteps:\n{steps}\n"


def written(tmp_path, text: str, name: str = "mine_it.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def expanded(tmp_path, steps: str, subgoal=None, observed=None):
    template = load(written(tmp_path, skill(steps)))
    subgoal, observed = subgoal or task(), observed or seen()
    return template.expand(parameters(subgoal, observed), observed, subgoal.way.stations)


# --- the shipped ones ------------------------------------------------------------------------------------------


def test_at_least_a_dozen_are_shipped_each_in_a_file_of_its_name():
    names = sorted(template.name for template in SHIPPED)
    assert len(names) >= 12
    assert names == sorted(path.stem for path in shipped("skills").glob("*.yaml"))


def test_every_way_of_the_262_items_has_valid_actions_that_perform_it(shipped_knowledge):
    """In six situations each; the last action is the one that performs the way."""
    with (files("gitm.bench") / "gitm262.csv").open(encoding="utf-8") as file:
        items = {row["modern_id"] for row in csv.DictReader(file)}
    assert len(items) == 262
    performs = {
        Kind.CRAFT: Craft,
        Kind.SMELT: Smelt,
        Kind.MINE: Mine,
        Kind.ATTACK: Attack,
        Kind.APPLY: Apply,
        Kind.GROW: Mine,
        Kind.TRADE: Trade,
    }
    kinds = set()
    for item in sorted(items):
        passages = shipped_knowledge.about(item)
        answer = Reader().complete(render("decomposer", item=item, passages=passages, contradiction=None), WaysAnswer)
        ways = [way for way in ways_of(item, answer.value) if way.kind is not Kind.ANY]
        for way in ways:
            kinds.add(way.kind)
            for observed in _situations(way):
                plan = expand(SHIPPED, task(way=way, count=5), observed)
                assert plan is not None, way
                assert plan.actions, way
                assert [ACTION.validate_python(action.model_dump()) for action in plan.actions] == list(plan.actions)
                assert isinstance(plan.actions[-1], performs[way.kind]), (way, plan)
    assert kinds == set(performs)


def _situations(way):
    near = (sight(way.sought or "stone", 2.0),)
    far = (sight(way.sought or "stone", 30.0),)
    held = {tool.item: 1 for tool in way.tools} | {stack.item: 9 for stack in way.stations}
    return (
        seen(),
        seen(inventory=held),
        seen(nearby=near),
        seen(nearby=far, underground=True, y=-30),
        seen(day=False, tick=15_000),
        seen(underground=True, y=12, inventory=held),
    )


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.ANY])
def test_there_is_a_template_for_every_kind_of_way(kind):
    assert SHIPPED.choose(task(way=Way(item="thing", kind=kind, target="thing"))) is not None


@pytest.mark.parametrize("name", get_args(Reflex))
def test_there_is_a_template_for_every_reflex(name):
    assert SHIPPED.reflex(name).when.reflex == name


def test_no_reflex_is_ever_chosen_for_a_sub_goal():
    only_reflexes = Library([template for template in SHIPPED if template.when.reflex])
    assert only_reflexes.choose(task()) is None


ORE = task("raw_iron", 3, target="iron_ore", tools=(Tool(item="stone_pickaxe"),), place=Where(layer="underground", y=16))


def test_mining_from_the_surface():
    assert expand(SHIPPED, ORE, seen(inventory={"stone_pickaxe": 1})).actions == (
        DigDown(y_level=16),
        Explore(object="iron_ore", strategy="underground"),
        Approach(object="iron_ore"),
        Mine(object="iron_ore", tool="stone_pickaxe", count=3),
    )


def test_mining_what_is_within_reach():
    near = seen(inventory={"stone_pickaxe": 1}, nearby=(sight("iron_ore", 3.0),), underground=True, y=16)
    assert expand(SHIPPED, ORE, near).actions == (Mine(object="iron_ore", tool="stone_pickaxe", count=3),)


def test_mining_from_too_deep():
    actions = expand(SHIPPED, ORE, seen(underground=True, y=-40)).actions
    assert actions[:2] == (GoUp(), DigDown(y_level=16))


@pytest.mark.parametrize(
    ("observed", "leading"),
    [
        ({}, (Explore(object="hills"), Approach(object="hills"), DigDown(y_level=16))),
        ({"underground": True, "y": 16}, (GoUp(), Explore(object="hills"), Approach(object="hills"), DigDown(y_level=16))),
        ({"underground": True, "y": 16, "biome": "hills"}, ()),
        ({"y": 20, "biome": "hills"}, (DigDown(y_level=16),)),  # a valley as deep as that is still above the ground
    ],
)
def test_mining_what_is_found_in_one_biome(observed, leading):
    """One goes into the biome, not only to where it is in sight, and once there digs down however deep one was before."""
    ore = task("gem", target="gem_ore", place=Where(layer="underground", y=16, biomes=("hills",)))
    assert expand(SHIPPED, ore, seen(**observed)).actions[: len(leading) + 1] == (
        *leading,
        Explore(object="gem_ore", strategy="underground"),
    )


def test_what_one_cannot_dig_for_is_looked_for_above_the_ground():
    way = Way(item="gravel", kind=Kind.MINE, target="gravel", place=Where(layer="underground", y=45, digger=Tool(item="pick")))
    assert expand(SHIPPED, task(way=way.without_advice()), seen()).actions == (
        Explore(object="gravel"),
        Approach(object="gravel"),
        Mine(object="gravel", count=1),
    )


TABLE = Way(item="chest", kind=Kind.CRAFT, materials=(Stack(item="planks", count=8),), stations=(Stack(item="crafting_table"),))


def test_a_carried_station_is_placed_a_near_one_used_a_seen_one_approached():
    craft = Craft(object="chest", count=1, tool="crafting_table")
    subgoal = task(way=TABLE)
    assert expand(SHIPPED, subgoal, seen(inventory={"crafting_table": 1})).actions == (Place(object="crafting_table"), craft)
    assert expand(SHIPPED, subgoal, seen(nearby=(sight("crafting_table", 2.0, "station"),))).actions == (craft,)
    far = seen(nearby=(sight("crafting_table", 20.0, "station"),))
    assert expand(SHIPPED, subgoal, far).actions == (Approach(object="crafting_table"), craft)


def test_a_mob_that_is_led_to_a_station_is_looked_for_first():
    frog = Way(
        item="froglight", kind=Kind.APPLY, use="lead", on="frog", tools=(Tool(item="lead"),), stations=(Stack(item="nether_portal"),)
    )
    plan = expand(SHIPPED, task(way=frog), seen(inventory={"lead": 1}, nearby=(sight("nether_portal", kind="station", distance=20),)))
    assert plan.actions == (Explore(object="frog"), Approach(object="frog"), Apply(object="lead", target="frog"))


def test_as_many_stations_are_placed_as_do_not_yet_stand():
    way = Way(item="book", kind=Kind.APPLY, use="book", on="table", stations=(Stack(item="table"), Stack(item="shelf", count=7)))
    observed = seen(inventory={"table": 1, "shelf": 9}, nearby=(sight("shelf", 2.0, "station", 3),))
    placed = [action.object for action in expand(SHIPPED, task(way=way), observed).actions if isinstance(action, Place)]
    assert placed == ["table"] + ["shelf"] * 4


def test_a_night_mob_is_waited_for_by_day_only():
    bones = task("bone", target="skeleton", kind=Kind.ATTACK, place=Where(night=True))
    waits = [action for action in expand(SHIPPED, bones, seen(tick=4_000)).actions if isinstance(action, Wait)]
    assert waits == [Wait(ticks=9_000)]
    assert not [action for action in expand(SHIPPED, bones, seen(tick=15_000, day=False)).actions if isinstance(action, Wait)]


# --- placeholders -----------------------------------------------------------------------------------------------

FULL = task(
    way=Way(
        item="log", count=2, kind=Kind.MINE, target="tree", use="bucket", on="lava", materials=(Stack(item="seed", count=3),),
        tools=(AXES,), stations=(Stack(item="table"),), delay=99_999, place=Where(biomes=("forest", "taiga"), y=70),
    ),
    count=7,
)  # fmt: skip
ARMED = {
    "inventory": {"stone_axe": 1, "iron_sword": 1},
    "nearby": (sight("zombie", 9.0, "hostile"), sight("spider", 3.0, "hostile"), sight("cow", 1.0, "mob")),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("item", "log"), ("count", 7), ("batches", 4), ("target", "tree"), ("sought", "lava"), ("use", "bucket"), ("on", "lava"),
        ("soil", None), ("tiller", None),
        ("tool", "stone_axe"), ("station", "table"), ("material", "seed"), ("y", 70), ("biome", "forest"), ("delay", 12_000),
        ("nightfall", 12_000), ("daybreak", None), ("shelter", 60), ("attacker", "spider"), ("weapon", "iron_sword"),
        ("each", None),
        ("fuel", None), ("food", None), ("lost", None), ("lost_count", None),
        ("armor", None), ("refuge", None),  # only the mind can know these
    ],
)  # fmt: skip
def test_parameter(name, value):
    assert parameters(FULL, seen(**ARMED))[name] == value


def test_every_parameter_has_a_case():
    assert set(parameters(FULL, seen())) == set(PARAMETERS) == {mark[0] for mark in test_parameter.pytestmark[0].args[1]}


@pytest.mark.parametrize(
    ("observed", "name", "value"),
    [
        (seen(biome="taiga"), "biome", None),
        (seen(day=False, tick=23_000), "daybreak", 1_000),
        (seen(day=False, tick=15_000), "daybreak", 9_000),
        (seen(day=False, tick=15_000), "nightfall", None),
        (seen(tick=0), "nightfall", 6_500),
        (seen(y=-62), "shelter", -64),
        (seen(), "tool", None),
        (seen(), "weapon", None),
        (seen(), "attacker", None),
        (seen(inventory={"wooden_axe": 1, "stone_axe": 1}), "tool", "wooden_axe"),
        (seen(inventory={"wooden_sword": 1, "iron_sword": 1}, wear={"wooden_sword": 59, "iron_sword": 200}), "weapon", "iron_sword"),
        (seen(inventory={"stone_axe": 1, "stone_pickaxe": 1}), "weapon", "stone_axe"),
    ],
)
def test_parameter_as_things_are(observed, name, value):
    assert parameters(FULL, observed)[name] == value


def test_huge_amounts_stay_within_one_action(tmp_path):
    (mine,) = expanded(tmp_path, "  - mine: {object: $target, count: $batches}", task(count=50_000))
    assert mine == Mine(object="tree", count=2304)


def test_a_step_that_lacks_a_required_value_is_left_out_an_optional_one_is_not(tmp_path):
    steps = "  - mine: {object: $on}\n  - mine: {object: $target, tool: $tool}"
    assert expanded(tmp_path, steps) == (Mine(object="tree"),)


# --- conditions -------------------------------------------------------------------------------------------------

TREE_FAR, TREE_NEAR = (sight("tree", 20.0),), (sight("tree", 4.0),)


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("sees: $target", {"nearby": TREE_FAR}, {}),
        ("reaches: $target", {"nearby": TREE_NEAR}, {"nearby": TREE_FAR}),
        ("holds: stick", {"inventory": {"stick": 1}}, {"inventory": {"sticks": 1}}),
        ("has: $tool", {"inventory": {"stone_axe": 1}}, {}),
        ("lacks: $tool", {}, {"inventory": {"stone_axe": 1}}),
        ("underground: true", {"underground": True}, {}),
        ("underground: false", {}, {"underground": True}),
        ("day: true", {}, {"day": False}),
        ("day: false", {"day": False}, {}),
        ("below: 40", {"y": 31}, {"y": 32}),
        ("level: 40", {"y": 48}, {"y": 49}),
        ("below: $y", {"y": 61}, {"y": 62}),
        ("level: $y", {"y": 78}, {"y": 79}),
        ("sees: $target, day: true", {"nearby": TREE_FAR}, {"nearby": TREE_FAR, "day": False}),
    ],
)
def test_condition(tmp_path, condition, true, false):
    subgoal = task(tools=(AXES,), place=Where(y=70))
    for key, wanted in (("if", (1, 0)), ("unless", (0, 1))):
        steps = f"  - wait: {{ticks: 5}}\n    {key}: {{{condition}}}"
        assert (len(expanded(tmp_path, steps, subgoal, seen(**true))), len(expanded(tmp_path, steps, subgoal, seen(**false)))) == wanted


def test_of_several_conditions_all_must_hold_and_of_exceptions_none(tmp_path):
    both = "  - wait: {ticks: 5}\n    if: [{day: true}, {holds: stick}]"
    either = "  - wait: {ticks: 5}\n    unless: [{day: false}, {holds: stick}]"
    for day, held, expected in [(True, {"stick": 1}, (1, 0)), (True, {}, (0, 1)), (False, {"stick": 1}, (0, 0)), (False, {}, (0, 0))]:
        observed = seen(day=day, inventory=held)
        assert (len(expanded(tmp_path, both, None, observed)), len(expanded(tmp_path, either, None, observed))) == expected


def test_a_height_that_is_not_given_is_neither_below_nor_off_level(tmp_path):
    assert expanded(tmp_path, "  - wait: {ticks: 5}\n    if: {below: $y}") == ()
    assert len(expanded(tmp_path, "  - wait: {ticks: 5}\n    if: {level: $y}")) == 1


# --- choosing ---------------------------------------------------------------------------------------------------


def named(name: str, origin: str = "shipped", **when) -> Skill:
    steps = [{"wait": {"ticks": 1}}]
    return Skill.model_validate({"name": name, "about": "for this test only", "when": when, "steps": steps, "origin": origin})


def test_the_most_specific_wins_whatever_its_place():
    broad, narrow = named("broad", kind="mine"), named("narrow", kind="mine", target="tree")
    assert Library([broad, narrow]).choose(task()) == Library([narrow, broad]).choose(task()) == narrow


def test_at_equal_specificity_the_users_wins(tmp_path):
    for folder, seconds in (("shipped", 1), ("mine", 2)):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, skill(f"  - wait: {{ticks: {seconds}}}", name=f"from_{folder}"))
    library = Library.open([("shipped", tmp_path / "shipped"), ("user", tmp_path / "mine")])
    assert [template.origin for template in library] == ["shipped", "user"]
    assert library.choose(task()).origin == "user"
    assert expand(library, task(), seen()).actions == (Wait(ticks=2),)


@pytest.mark.parametrize(
    ("when", "fields", "fits"),
    [
        ({"item": "log"}, {}, True),
        ({"item": "plank"}, {}, False),
        ({"underground": True}, {"place": Where(layer="underground")}, True),
        ({"underground": True}, {}, False),
        ({"night": True}, {"place": Where(night=True)}, True),
        ({"station": True}, {"kind": Kind.CRAFT, "stations": (Stack(item="table"),)}, True),
        ({"station": False}, {"kind": Kind.CRAFT, "stations": (Stack(item="table"),)}, False),
        ({"station": True}, {"kind": Kind.APPLY, "on": "frog", "stations": (Stack(item="portal"),)}, False),
        ({"made": True}, {"use": "water_bucket", "on": "lava"}, True),
        ({"made": True}, {}, False),
        ({"use": "bucket", "on": "lava"}, {"use": "bucket", "on": "lava"}, True),
        ({"kind": "craft"}, {}, False),
    ],
)
def test_when(when, fields, fits):
    assert (Library([named("it", **when)]).choose(task(**fields)) is not None) == fits


def test_on_may_be_written_bare_though_yaml_reads_it_as_true(tmp_path):
    text = skill("  - wait: {ticks: 1}", "{kind: apply, on: cow}")
    assert True in yaml.safe_load(text)["when"]
    assert load(written(tmp_path, text)).when.on == "cow"


def test_no_template_no_plan():
    assert expand(Library([]), task(), seen()) is None


# --- errors -----------------------------------------------------------------------------------------------------

STEP = "  - mine: {object: $target}"


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("name: x\nwhen: {kind: mine\nsteps: []\n", "line 3", "not valid YAML"),
        ("name: x\n  about: y\n", "line 2", "not valid YAML"),
        (skill("  - jump: {}"), "steps.0", r"exactly one action of equip, .*; it has jump"),
        (skill("  - mine: {}\n    wait: {}"), "steps.0", "exactly one action"),
        (skill("  - {name: jump, arguments: {}}"), "steps.0", "exactly one action"),
        (skill("  - {name: [mine], arguments: {}}"), "steps.0", "exactly one action"),
        (skill(STEP + "\n  - mine: {block: tree}"), "steps.1", r"mine has no argument 'block'; it has object, tool, count"),
        (skill("  - go_up: {name: x}\n  - sleep: {deep: true}"), "steps.0", "has no argument|go_up: name"),
        (skill("  - mine: {object: $ore}"), "steps.0", r"no parameter '\$ore'; there are \$item, \$count"),
        (skill("  - mine: {object: $target}\n    if: {sees: $ore}"), "steps.0", r"no parameter '\$ore'"),
        (skill("  - mine: {object: $target}\n    if: {smells: roses}"), "steps.0.if.0.smells", "Extra inputs"),
        (skill("  - mine: {object: $target}\n    if: {below: deep}"), "steps.0", "'deep' is no height"),
        (skill("  - mine: {object: $target}\n    unless: {level: $item}"), "steps.0", r"'\$item' is no height"),
        (skill("  - mine: {object: $target, count: many}"), "steps.0", "mine: count: Input should be a valid integer"),
        (skill("  - mine: {object: $target, count: 0}"), "steps.0", "mine: count: .*greater than or equal to 1"),
        (skill("  - mine: {object: $target, count: $tool}"), "steps.0", "mine: count"),
        (skill("  - mine: {object: $count}"), "steps.0", "mine: object"),
        (skill("  - mine: {object: ../../etc/passwd}"), "steps.0", "mine: object"),
        (skill("  - wait: 5"), "steps.0.arguments", "valid dictionary"),
        (skill(STEP, "{kind: juggle}"), "when.kind", "craft"),
        (skill(STEP, "{colour: red}"), "when.colour", "Extra inputs"),
        (skill(STEP, "{reflex: sleepy}"), "when.reflex", "attacked"),
        (skill(STEP, name="Mine It"), "name", "pattern"),
        ("name: x\nabout: a template of this test\nwhen: {}\nsteps: []\n", "steps", "at least 1"),
        ("name: x\nwhen: {}\n", "about", "required"),
        ("- a\n- b\n", "top", "valid dictionary"),
        ("", "top", "valid dictionary"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_a_mend(tmp_path, text, where, problem):
    path = written(tmp_path, text)
    with pytest.raises(BadFile, match=problem) as caught:
        load(path)
    assert caught.value.where == where
    assert str(caught.value).startswith(f"{path}: {where}: ")
    assert "see docs/skills.md" in str(caught.value)


LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['echo hacked']",
        skill("  - mine: {object: !!python/object/new:os.system [x]}"),
        LAUGHS,
        LAUGHS + skill("  - mine: {object: *a29}"),
        LAUGHS + "name: x\nabout: a template of this test\nwhen: *a29\nsteps: *a29\n",
        "x: " + "[" * 1_500,
        "x: " + "[" * 1_500 + "]" * 1_500,
        "x: " + "9" * 6_000,
        "x: 2001-99-99",
        "x: \x00",
        "name: x\n" * 8_000,
        "#" * 70_000,
    ],
    ids=[
        "object",
        "nested object",
        "laughs",
        "laughs in a step",
        "laughs everywhere",
        "open",
        "deep",
        "digits",
        "date",
        "nul",
        "long",
        "huge",
    ],
)
def test_hostile_yaml_is_refused_quickly(tmp_path, text):
    path = written(tmp_path, text)
    started = time.process_time()
    with pytest.raises(BadFile):
        load(path)
    assert time.process_time() - started < 5


def test_a_gigabyte_is_not_even_read(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(BadFile, match="larger than 65536 bytes"):
        load(path)


def test_what_is_no_text_and_what_is_not_there(tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    with pytest.raises(BadFile, match=r"latin\.yaml: cannot be read .* UTF-8 YAML file"):
        load(tmp_path / "latin.yaml")
    with pytest.raises(BadFile, match="cannot be read"):
        load(tmp_path / "missing.yaml")
    with pytest.raises(BadFile, match="nowhere: is no folder"):
        Library.open([("user", tmp_path / "nowhere")])


def test_the_vocabulary_of_steps_is_the_vocabulary_of_actions(tmp_path):
    """Every action can be written as a step."""
    values = {"object": "stone", "target": "stone", "y_level": 5, "blueprint": "hut", "partner": "trader", "portal": "gate"}
    for name, cls in VOCABULARY.items():
        needed = {key: values[key] for key, field in cls.model_fields.items() if field.is_required()}
        (action,) = expanded(tmp_path, f"  - {name}: {needed}".replace("'", ""))
        assert action == cls(**needed)
