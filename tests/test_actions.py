"""The vocabulary and its parser: total over any text, and nothing outside the vocabulary comes out."""

from __future__ import annotations

import inspect
import json
import re
import time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import gitm.actions
from gitm.actions import (
    ACTION,
    NAME_PATTERN,
    VOCABULARY,
    Apply,
    BaseAction,
    Count,
    Craft,
    DigDown,
    Equip,
    Explore,
    GoUp,
    Mine,
    Name,
    Smelt,
    Wait,
    action_text,
    vocabulary_text,
)
from gitm.plan_text import ALIASES, Rejected, actions_of, parse_actions

GITM_VERBS = ["equip", "explore", "approach", "mine", "attack", "dig_down", "go_up", "craft", "smelt", "place", "apply", "build"]
names = st.from_regex(NAME_PATTERN.rstrip("$"), fullmatch=True).filter(lambda text: len(text) <= 80)
counts = st.integers(1, 2304)


def an_action(cls: type[BaseAction]) -> st.SearchStrategy[BaseAction]:
    """Any valid action of a class, from its own fields."""
    values = {
        Name: names,
        Name | None: st.none() | names,
        Count: counts,
        dict[Name, Count] | None: st.none() | st.dictionaries(names, counts, min_size=1, max_size=4),
    }
    fields: dict[str, st.SearchStrategy[object]] = {}
    for key, hint in inspect.get_annotations(cls, eval_str=True).items():
        if key in ("name", "limit"):
            continue
        if key == "y_level":
            fields[key] = st.integers(-64, 320)
        elif key == "ticks":
            fields[key] = st.integers(1, 12_000)
        elif key == "strategy":
            fields[key] = st.sampled_from(get_args(hint))
        else:
            fields[key] = values[hint]
    return st.builds(cls, **fields)


any_action = st.one_of([an_action(cls) for cls in VOCABULARY.values()])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from([*VOCABULARY, *ALIASES, "stick"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "args", "object", "tool", "count", "materials", "action_list", "ticks"]) | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


def is_plan_or_rejected(answer: object) -> bool:
    if isinstance(answer, Rejected):
        return bool(answer.problem)
    return isinstance(answer, tuple) and all(type(action) in VOCABULARY.values() for action in answer)


def test_gitm_s_verbs_and_the_rest_are_there():
    assert set(GITM_VERBS) <= set(VOCABULARY)
    assert set(VOCABULARY) - set(GITM_VERBS) == {"trade", "enter", "eat", "sleep", "wait", "drop", "store", "take"}
    classes = {cls for _, cls in inspect.getmembers(gitm.actions, inspect.isclass) if issubclass(cls, BaseAction) and cls is not BaseAction}
    assert set(VOCABULARY.values()) == classes
    assert all(0 < cls.limit <= 24_000 for cls in classes)


@given(st.lists(any_action, max_size=4))
def test_actions_survive_json_and_python_literals(actions):
    entries = [action.model_dump(mode="json") for action in actions]
    assert parse_actions(json.dumps(entries)) == tuple(actions)
    assert parse_actions(repr({"action_list": entries})) == tuple(actions)
    assert tuple(ACTION.validate_json(action.model_dump_json()) for action in actions) == tuple(actions)


@given(st.lists(any_action, min_size=1, max_size=3), st.sampled_from(["", "json", "python"]), st.booleans())
def test_gitm_s_shape_fenced_nested_and_wordy(actions, fence, nested):
    entries = []
    for action in actions:
        fields = action.model_dump(mode="json")
        name = fields.pop("name")
        entries.append({"name": name, "args": fields, "expectation": "it works"} if nested else {"name": name, **fields, "expectation": ""})
    body = json.dumps({"explanation": "none", "thoughts": "go", "action_list": entries}, indent=1)
    assert parse_actions(f"Here is my plan:\n```{fence}\n{body}\n```\nGood luck!") == tuple(actions)
    assert parse_actions(f"Sure. {body} That is all.") == tuple(actions)


@pytest.mark.parametrize(
    ("entry", "action"),
    [
        ({"name": "digdown", "args": {"y_level": 12, "tool": "stone_pickaxe"}}, DigDown(y_level=12, tool="stone_pickaxe")),
        ({"name": "go_back_to_ground", "args": {"tool": "stone_pickaxe"}}, GoUp(tool="stone_pickaxe")),
        ({"name": "go_up", "args": {}}, GoUp()),
        ({"name": "Dig Down", "y_level": -20}, DigDown(y_level=-20)),
        (
            {"name": "craft", "args": {"object": {"stick": 4}, "materials": {"planks": 2}, "tool": None}},
            Craft(object="stick", count=4, materials={"planks": 2}),
        ),
        ({"name": "craft", "args": {"object": {"stick": 4}, "materials": None, "tool": "None"}}, Craft(object="stick", count=4)),
        (
            {"name": "craft", "object": {"Oak Planks": 4}, "materials": {"Oak Log": 1}},
            Craft(object="oak_planks", count=4, materials={"oak_log": 1}),
        ),
        (
            {"name": "craft", "args": {"object": {"iron_ingot": 1}, "materials": {"iron_ore": 1, "coal": 1}, "tool": "furnace"}},
            Smelt(object="iron_ingot"),
        ),
        (
            {"name": "craft", "object": "iron_ingot", "count": 3, "tool": "blast_furnace"},
            Smelt(object="iron_ingot", count=3, tool="blast_furnace"),
        ),
        (
            {"name": "explore", "args": {"object": "Iron Ore", "strategy": "underground"}},
            Explore(object="iron_ore", strategy="underground"),
        ),
        ({"name": "mine", "args": {"object": "minecraft:stone", "tool": ""}}, Mine(object="stone")),
        ({"name": "mine", "object": "stone", "tool": "null", "count": "3"}, Mine(object="stone", count=3)),
        ({"name": "equip", "arguments": {"object": "iron_pickaxe[silk_touch]"}}, Equip(object="iron_pickaxe[silk_touch]")),
        ({"name": "use", "object": "water_bucket", "target": "Lava"}, Apply(object="water_bucket", target="lava")),
    ],
)
def test_gitm_s_own_spellings(entry, action):
    assert parse_actions(json.dumps({"action_list": [entry]})) == (action,)
    assert parse_actions(repr([entry])) == (action,)


def test_every_alias_names_an_action():
    assert set(ALIASES.values()) <= set(VOCABULARY)
    assert not set(ALIASES) & set(VOCABULARY)
    arguments = {"object": "stone", "target": "lava", "y_level": 5}
    for alias, name in ALIASES.items():
        assert actions_of([{"name": alias, **arguments}])[0].name == name


@pytest.mark.parametrize(
    "text",
    [
        'I will use [only] what I hold: {"action_list": [{"name": "wait"}]}',
        'First {maybe} this: [{"name": "wait"}]',
        '1. [x] think\n```json\n{"action_list": [{"name": "wait"}]}\n```',
        '```\nsome code\n```\nand so\n```json\n[{"name": "wait"}]\n```',
        "{'action_list': [{'name': 'wait', 'tool': None}],}",
        '```json\n{"action_list": [{"name": "wait"}]}',  # cut off after the answer
    ],
)
def test_prose_with_brackets_around_the_answer(text):
    assert parse_actions(text) == (Wait(),)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "action_list"),
        ("I do not know", "action_list"),
        ('[{"name": "fly", "object": "moon"}]', "no action 'fly'"),
        ('[{"name": "eval", "object": "__import__"}]', "no action 'eval'"),
        ("[__import__('os').system('true')]", "neither JSON nor a Python literal"),
        ('[{"name": "mine"}]', "object"),
        ('[{"name": "mine", "object": "stone", "count": 0}]', "count"),
        ('[{"name": "mine", "object": "stone", "count": 1e9}]', "count"),
        ('[{"name": "mine", "object": "stone\\"; drop"}]', "object"),
        ('[{"name": "dig_down", "y_level": 1000}]', "y_level"),
        ('{"thoughts": "nothing to do"}', "action_list"),
        ('[{"name": "wait", "ticks": NaN}]', "ticks"),
        ('{"action_list": ["mine stone"]}', "action_list"),
        ('[{"name": "craft", "object": ["stick"], "tool": ["furnace"]}]', "object"),
        ('[{"name": "craft", "object": "stick", "tool": {"furnace": 1}}]', "tool"),
    ],
)
def test_what_is_no_plan_is_rejected_with_a_sentence(text, part):
    answer = parse_actions(text)
    assert isinstance(answer, Rejected)
    assert part in answer.problem
    assert "\n" not in answer.problem
    assert len(answer.problem) <= 600


@given(st.text() | st.text(alphabet="{}[]\"':,`-+ \\n1eNTrue\x00", max_size=80))
def test_any_text_is_a_plan_or_rejected(text):
    assert is_plan_or_rejected(parse_actions(text))


@given(json_values)
def test_any_json_is_a_plan_or_rejected(value):
    assert is_plan_or_rejected(parse_actions(json.dumps(value)))
    assert is_plan_or_rejected(parse_actions(f"```json\n{json.dumps({'action_list': value})}\n```"))
    try:
        answer = actions_of(value)
    except ValueError:  # pydantic's ValidationError is one; nothing else may come
        return
    assert is_plan_or_rejected(answer)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300_000,
        "{" * 300_000,
        '{"a":' * 60_000,
        "[" * 100_000 + "]" * 100_000,
        "```" * 100_000,
        "[" + "-" * 100_000 + "1]",
        "[" + "1+" * 20_000 + "1]",
        "[" + "9" * 150_000 + "]",
        "[{'name': 'wait'}" * 12_000,
        json.dumps([{"name": "wait"}] * 100_000),
        "{[" * 60_000 + "'" + "]}" * 30_000,
    ],
    ids=lambda text: text[:12],
)
def test_huge_and_deep_texts_end_quickly(text):
    begun = time.process_time()
    assert is_plan_or_rejected(parse_actions(text))
    assert time.process_time() - begun < 5


def test_the_vocabulary_shown_names_every_action_and_argument():
    lines = {line[2:].split("(")[0]: line for line in vocabulary_text().splitlines()}
    assert list(lines) == list(VOCABULARY)
    for name, cls in VOCABULARY.items():
        arguments = re.match(r"- \w+\(([^)]*)\): ", lines[name])[1]
        shown = [part.split("=")[0] for part in arguments.split(", ") if part]
        assert shown == [key for key in cls.model_fields if key != "name"]
        for key, field in cls.model_fields.items():
            if key != "name" and not field.is_required():
                assert f"{key}={field.default}" in arguments
        assert " ".join(cls.__doc__.split()) in lines[name]


@given(any_action)
def test_one_line_for_people_names_what_differs_from_the_default(action):
    line = action_text(action)
    assert line.startswith(f"{action.name}(")
    assert "\n" not in line
    for key, value in action.model_dump(exclude={"name"}, exclude_defaults=True).items():
        assert f"{key}={value}" in line


def test_actions_are_values():
    action = Mine(object="stone")
    with pytest.raises(ValidationError):
        action.count = 3
    with pytest.raises(ValidationError):
        Mine(object="stone", speed=9)
    assert len({action, Mine(object="stone"), Mine(object="stone", count=2)}) == 2
