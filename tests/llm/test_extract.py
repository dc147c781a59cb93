"""Reading a value out of what a model said: total over any text, quick over noise, nothing of it is run."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from gitm.llm.extract import candidates, read_answer, spoken


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


class Need(BaseModel):
    model_config = ConfigDict(extra="forbid")
    object: str
    material: list[str] = []
    tool: str | None = None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
OBJECT = st.dictionaries(st.text(max_size=8), JSON, min_size=1, max_size=4)
PROSE = st.text(st.characters(exclude_characters="{}[]<>", codec="utf-8"), max_size=40)


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_gives_a_value_or_a_sentence(text: str) -> None:
    try:
        said = read_answer(text, Need).model_dump_json()
    except ValueError as error:
        said = str(error)
    assert 0 < len(said) < 600


@given(st.text(alphabet="{}[]'\"\\:,Nonetrue1 \n`</think>", max_size=120))
@settings(max_examples=300)
def test_any_text_of_brackets_and_quotes_too(text: str) -> None:
    list(candidates(text))


@given(PROSE, OBJECT, PROSE)
def test_json_in_prose_is_found(before: str, value: dict[str, Any], after: str) -> None:
    assert next(candidates(f"{before}{json.dumps(value)}{after}")) == value


@given(PROSE, OBJECT, PROSE)
def test_a_python_literal_in_prose_is_found(before: str, value: dict[str, Any], after: str) -> None:
    assert next(candidates(f"{before}{value!r}{after}")) == value


@pytest.mark.parametrize(
    "text",
    [
        "{'object': 'torch', 'material': ['coal', \"stick\"], 'tool': null}",
        '{"object": "torch", "material": ["coal", "stick"], "tool": None}',
        '{"object": "torch", "material": ["coal", "stick",],}',
        'In {braces}: {"object": "torch", "material": ["coal", "stick"]} and {"object": "other"}',
        '[{"object": "torch", "material": ["coal", "stick"]}]',
        'An example {"name": "x"}. Mine: {"object": "torch", "material": ["coal", "stick"]}',
        'reasoning without its opening tag {"object": "no"}</think>{"object": "torch", "material": ["coal", "stick"]}',
        '<think>a</think><think>b</think>{"object": "torch", "material": ["coal", "stick"]}',
        '<|channel|>final<|message|>{"object": "torch", "material": ["coal", "stick"]}',
    ],
)
def test_shapes_that_models_answer_in(text: str) -> None:
    assert read_answer(text, Need) == Need(object="torch", material=["coal", "stick"])


def test_a_null_means_not_given_but_one_that_is_wanted_stays() -> None:
    assert read_answer('{"object": "log", "material": null, "tool": null}', Need) == Need(object="log")
    with pytest.raises(ValueError, match=r"object: Input should be a valid string"):
        read_answer('{"object": null}', Need)


def test_the_first_candidate_s_error_is_told() -> None:
    with pytest.raises(ValueError, match=r"material\.0: Input should be a valid string"):
        read_answer('{"object": "log", "material": [1]} {"other": 2}', Need)


def test_a_tag_inside_a_string_is_no_thought() -> None:
    text = '{"object": "a</think>b"}'
    assert spoken(text) == text
    assert read_answer(text, Need).object == "a</think>b"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('x')",
        "{'object': __import__('os')}",
        "{'object': 'a' * 9}",
        "{**{}}",
        "{'object': f'{1}'}",
        "{'object': (x := 1)}",
    ],
)
def test_only_literals_are_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON object|object: "):
        read_answer(text, Need)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        read_answer(f'{{"object": {number}}}', Anything)


@pytest.mark.parametrize(
    "noise",
    [
        "{" * 10**6,
        '{"a":' * 10**6,
        "[" * 10**6,
        "{'" * 10**6,
        '{"' * 10**6,
        "{\\" * 10**6,
        "x" * 10**6,
        "{}[" * 10**6,
        "{a" * 10 + "'" * 10**6,
        "}" * 10**6,
    ],
    ids=range(10),
)
def test_a_megabyte_of_noise_is_read_in_no_time(noise: str) -> None:
    started = time.process_time()
    with pytest.raises(ValueError, match=r"\w"):
        read_answer(noise, Need)
    assert time.process_time() - started < 5.0  # backtracking would take minutes
