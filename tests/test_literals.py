"""The code shape: what is read of Python literals, that nothing is ever run, and that any text at all is answered."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from gitm.answers import Amount, CodeAnswer, WayAnswer, WaysAnswer, way_header, ways_code, ways_of
from gitm.literals import LONGEST, read_records
from gitm.types import Stack

KNOWN = ("Way", "Amount")
STICK = "Way(object='stick', count=4, kind='craft', material=[Amount(item='planks', count=2)])"
READ = {"object": "stick", "count": 4, "kind": "craft", "material": [{"item": "planks", "count": 2}]}


@pytest.mark.parametrize(
    "text",
    [
        f"[{STICK}]",
        f"[\n    {STICK},\n]",
        f"ways = [{STICK}]",
        f"ways: list[Way] = [{STICK}]",
        f"{STICK}]",  # where the prompt's bracket left off
        f"{STICK},\n]",
        STICK,
        f"```python\n[{STICK}]\n```",
        f"```\nways = [{STICK}]\n```\nThat is all.",
        f"[  # the only way\n {STICK}]",
    ],
)
def test_a_list_in_all_the_forms_that_models_write(text):
    assert read_records(text, KNOWN) == [READ]


def test_literals_of_every_kind():
    (read,) = read_records("[Way(a=None, b=True, c=-3, d=2.5, e=('x',), f={'planks': 3}, g=[], h=-0.5)]", KNOWN)
    assert read == {"a": None, "b": True, "c": -3, "d": 2.5, "e": ["x"], "f": {"planks": 3}, "g": [], "h": -0.5}


RAN: list[str] = []


@pytest.mark.parametrize(
    "text",
    [
        "[__import__('os').system('true')]",
        "[Way(object=__import__('os').getcwd())]",
        "[Way(object=RAN.append('x'))]",
        "[Way(object=open('/etc/passwd'))]",
        "[Way(object=Way.__class__)]",
        "[Way(object=f'{RAN}')]",
        "[Way(object='a' + 'b')]",
        "[Way(count=9**9**9)]",
        "[Way(object=name)]",
        "[Way(object=[x for x in RAN])]",
        "[Way(object=lambda: 1)]",
        "[Way(object=(y := 1))]",
        "[Way(*RAN)]",
        "[Way(**{'object': 'x'})]",
        "[Way('stick')]",
        "[Way(object={**{}})]",
        "[Way(object={1: 2})]",
        "[Way(object=b'x')]",
        "[Way(object=1j)]",
        "[Way(object=-True)]",
        "[Way(object=...)]",
        "[Tool(object='x')]",
        "[Way(object='x')(object='y')]",
        "[gitm.Way(object='x')]",
        "[1]",
        "['Way']",
        "[[]]",
        "{}",
        "Way",
        "import os",
        "ways = [Way(object='x')]; import os",
        "def f(): return []",
        "[Way(object='x')] if RAN else []",
        "",
        "There is no way.",
        "\0",
        "[" * 5000,
        "-" * 40_000 + "1",
        "not " * 9000 + "1",
        "1+" * 20_000 + "1",
        "lambda:" * 6000 + "1",
        "[Way(a=" + "9" * 5000 + ")]",
        "[" + "\ud800" + "]",
        "x" * (LONGEST + 1),
    ],
)
def test_anything_else_is_refused_and_nothing_is_run(text):
    with pytest.raises(ValueError, match=r"\w") as refused:
        read_records(text, KNOWN)
    assert "\n" not in str(refused.value)
    assert RAN == []


PIECES = st.sampled_from(
    [
        "Way(",
        "Amount(",
        ")",
        "[",
        "]",
        "object=",
        "count=",
        "'stick'",
        "3",
        ",",
        "\n",
        "None",
        "{",
        "}",
        ":",
        "-",
        "lambda",
        "**",
        "#",
        "```",
    ]
)


@given(st.text() | st.lists(PIECES, max_size=40).map("".join))
@example("Way(object='a', object='b')")
@example("[Way(object='a'),]]")
def test_any_text_gives_records_or_one_error(text):
    try:
        records = read_records(text, KNOWN)
    except ValueError:
        return
    assert all(isinstance(record, dict) and all(isinstance(key, str) for key in record) for record in records)


AMOUNTS = st.builds(Amount, item=st.text(), count=st.integers(-5, 5000))
WAYS = st.builds(
    WayAnswer,
    object=st.text(),
    kind=st.text(),
    count=st.integers(-9, 9999),
    material=st.none() | st.lists(AMOUNTS, max_size=3),
    station=st.none() | st.lists(AMOUNTS, max_size=2),
    tool=st.none() | st.text(),
    or_better=st.lists(st.text(), max_size=3),
    chance=st.floats(allow_nan=False, allow_infinity=False),
    underground=st.booleans(),
    y=st.none() | st.integers(-64, 320),
    info=st.text(),
)


@given(st.lists(WAYS, max_size=4))
def test_ways_written_as_code_are_read_again(ways):
    answer = WaysAnswer(ways=ways)
    assert CodeAnswer(code=ways_code(answer)).ways == answer


def test_an_answer_that_cannot_be_read_says_why():
    with pytest.raises(ValidationError, match="takes its arguments by name"):
        CodeAnswer(code="[Way('stick')]")
    with pytest.raises(ValidationError, match=r"0\.count: Input should be a valid integer"):
        CodeAnswer(code="[Way(object='stick', kind='craft', count='many')]")
    with pytest.raises(ValidationError, match=r"0\.kind: Field required"):
        CodeAnswer(code="[Way(object='stick')]")


def test_what_is_read_becomes_ways():
    (way,) = ways_of("stick", CodeAnswer(code=f"[{STICK}]").ways)
    assert (way.count, way.materials) == (4, (Stack(item="planks", count=2),))


def test_infinitely_many_minutes_are_no_way():
    assert ways_of("wheat", CodeAnswer(code="[Way(object='wheat', kind='grow', minutes=1e999)]").ways) == ()


def test_the_header_shows_every_field_and_is_python():
    compile(f"from dataclasses import dataclass\n{way_header()}", "header", "exec")
    assert all(f"\n    {name}: " in way_header() for name in WayAnswer.model_fields)
