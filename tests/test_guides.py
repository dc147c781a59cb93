"""Guides: what a file says becomes passages; what it does wrong becomes one line a user can act on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from gitm import grammar
from gitm.data import shipped
from gitm.errors import BadFile
from gitm.facts import load
from gitm.guides import fits, load_guide, load_guides, mentioned

SHIPPED = shipped("knowledge/guides")

GUIDE = """---
title: Iron
items: [iron_ingot, raw_iron, iron_pickaxe]
versions: ">=1.17"
source: a test
---
# Iron
Ask anybody.

## Finding it
`raw_iron` comes from ore.

## Smelting ##
Put Raw Iron into a furnace and take iron ingots.

## Nothing here

## Finding it
```
## not a heading
```
The `iron_pickaxe[silk_touch]` is another thing.
"""


@pytest.fixture
def guide(tmp_path: Path):
    def write(text: str | bytes, name: str = "iron.md") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_guide_is_split_at_its_headings(guide):
    passages = load_guide(guide(GUIDE))
    assert [passage.id for passage in passages] == ["iron#iron", "iron#finding-it", "iron#smelting", "iron#finding-it-2"]
    assert [passage.title for passage in passages] == ["Iron", "Iron: Finding it", "Iron: Smelting", "Iron: Finding it"]
    assert passages[0].text == "Ask anybody."
    assert passages[1].source == "iron.md: Finding it"
    assert "## not a heading" in passages[3].text


def test_a_passage_is_about_the_items_it_names(guide):
    passages = load_guide(guide(GUIDE))
    assert [passage.items for passage in passages] == [(), ("raw_iron",), ("iron_ingot", "raw_iron"), ()]


def test_a_passage_may_be_about_every_item(guide):
    passages = load_guide(guide(GUIDE.replace("source: a test", "about: all")))
    assert {passage.items for passage in passages} == {("iron_ingot", "raw_iron", "iron_pickaxe")}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("use coal", True),
        ("`coal`", True),
        ("Coal.", True),
        ("coals", True),
        ("charcoal", False),
        ("coal_ore", False),
        ("coal[silk_touch]", False),
        ("a coalition", False),
    ],
)
def test_mentioned_goes_by_whole_names(text, named):
    assert (mentioned(("coal",), text) == ("coal",)) is named


def test_the_questions_a_piece_answers_are_kept_apart_from_its_text(guide):
    asked = "## Smelting ##\n<!-- asked: melt the ore;\n  how   hot; -->\n"
    plain, told = load_guide(guide(GUIDE)), load_guide(guide(GUIDE.replace("## Smelting ##\n", asked)))
    assert told[2] == plain[2].model_copy(update={"asked": ("melt the ore", "how hot")})
    assert [told[at] for at in (0, 1, 3)] == [plain[at] for at in (0, 1, 3)]


@pytest.mark.parametrize(
    ("comment", "says"), [("<!-- asked: how hot", "not closed; end it with -->"), ("<!-- asked: how hot -->", "no text that answers")]
)
def test_questions_without_an_end_or_an_answer_are_refused(guide, comment, says):
    with pytest.raises(BadFile, match=f"iron.md: 'Smelting': .*{says}"):
        load_guide(guide(f"---\ntitle: Iron\n---\n## Smelting\n{comment}\n"))


def test_line_ends_and_byte_order_marks_do_not_matter(guide):
    plain = load_guide(guide(GUIDE))
    assert load_guide(guide(b"\xef\xbb\xbf" + GUIDE.replace("\n", "\r\n").encode())) == plain


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("", "line 1", "is empty"),
        ("no front matter", "line 1", "begin with front matter"),
        ("---\ntitle: x\n", "line 1", "not closed"),
        ("---\ntitle: x\nitems: [a, b\n---\ntext", "line 3", "not YAML"),
        ("---\n- a\n---\ntext", "line 2", "no keys"),
        ("---\nitems: [coal]\n---\ntext", "line 1", "has no title"),
        ("---\ntitle: x\nitem: [coal]\n---\ntext", "line 3", "unknown key 'item'; the keys are title, items"),
        ("---\ntitle: x\nitems: [Iron Ingot]\n---\ntext", "line 3", "items.0"),
        ("---\ntitle: x\nversions: new\n---\ntext", "line 3", "no version range"),
        ("---\ntitle: x\nversions: 1.20\n---\ntext", "line 3", "in quotes"),
        ("---\ntitle: x\n---\n\n## Heading\n", "line 4", "no text"),
        (b"---\ntitle: x\n---\nh\xe9", "line 4", "not UTF-8"),
        ("---\ntitle: " + "[" * 5000 + "\n---\ntext", "line", "not YAML"),
    ],
)
def test_a_broken_guide_is_named_with_line_and_mend(guide, text, where, says):
    path = guide(text)
    with pytest.raises(BadFile) as caught:
        load_guide(path)
    assert where in caught.value.where
    assert str(path) in str(caught.value)
    assert says in caught.value.problem
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadFile, match="no such folder"):
        load_guides(tmp_path / "none")


def test_a_folder_is_read_in_the_order_of_its_paths(tmp_path):
    for name in ("b.md", "sub/a.md", "a.md", "note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"---\ntitle: {name}\n---\nText.")
    assert [passage.title for passage in load_guides(tmp_path)] == ["a.md", "b.md", "sub/a.md"]


def test_guides_for_other_versions_are_left_out(guide, tmp_path):
    guide(GUIDE)
    guide(GUIDE.replace(">=1.17", "<1.17"), "old.md")
    guide(GUIDE.replace('">=1.17"', "any"), "any.md")
    ids = {version: {p.id.split("#")[0] for p in load_guides(tmp_path, version)} for version in ("1.16.5", "1.17", "1.21.11")}
    assert ids == {"1.16.5": {"old", "any"}, "1.17": {"iron", "any"}, "1.21.11": {"iron", "any"}}
    assert len(load_guides(tmp_path)) == 12
    assert len(load_guides(tmp_path, "my own world")) == 12


versions = st.lists(st.integers(0, 30), min_size=2, max_size=3).map(lambda numbers: ".".join(map(str, numbers)))
clauses = st.tuples(st.sampled_from([">=", "<=", ">", "<"]), versions).map("".join)


@given(st.lists(clauses, min_size=1, max_size=3), versions)
def test_ranges_agree_with_the_packaging_library(wanted, version):
    def expected(clause: str) -> bool:
        # ours: <=1.16 takes in 1.16.5 as players mean it; there packaging's == 1.16.* is the reference
        family = clause.startswith("<=") and Version(version) in SpecifierSet(f"=={clause[2:]}.*")
        return Version(version) in SpecifierSet(clause) or family

    assert fits(",".join(wanted), version) == all(map(expected, wanted))


@given(versions, versions)
def test_a_bare_version_means_its_whole_family(bare, version):
    assert fits(bare, version) == (Version(version) in SpecifierSet(f"=={bare}.*"))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"---\n{text}\n---\nbody".encode())))
def test_any_bytes_give_passages_or_a_bad_file(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.md"
    path.write_bytes(data)
    try:
        told = [passage.text for passage in load_guide(path)]
    except BadFile as error:
        told = [str(error)]
    assert told
    assert all(text.strip() for text in told)


# --- the shipped guides -------------------------------------------------------------------------------------

FILES = sorted(SHIPPED.glob("*.md"))


def test_there_are_enough_guides():
    assert len(FILES) >= 90
    passages = load_guides(SHIPPED)
    assert len({passage.id for passage in passages}) == len(passages)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_guide_keeps_the_house_rules(path):
    head, body = path.read_text(encoding="utf-8").split("---\n", 2)[1:]
    items = yaml.safe_load(head)["items"]
    assert 150 <= len(re.sub(r"<!--.*?-->", "", body).split()) <= 350
    passages = load_guide(path)
    assert all(passage.asked for passage in passages), "a piece that tells nobody what it answers"
    assert 2 <= len(passages) <= 5
    assert {item for passage in passages for item in passage.items} == set(items), "an item is listed that no passage names"


@pytest.mark.parametrize("version", ["1.16.5", "1.21.11"])
def test_shipped_guides_speak_of_items_that_exist(version):
    names = set()
    for path in shipped("knowledge/facts").glob("*.json"):  # a guide for any version may name things of the newest
        book = load(path)
        names |= {*book.items, *book.blocks, *book.groups, *book.mobs}
    for passage in load_guides(SHIPPED, version):
        unknown = {name for name in passage.items if name not in names and re.sub(r"\[.*", "", name) not in names}
        assert not unknown, passage.id


def test_old_and_new_worlds_get_their_own_heights():
    old = {passage.id for passage in load_guides(SHIPPED, "1.16.5")}
    new = {passage.id for passage in load_guides(SHIPPED, "1.21.11")}
    assert "diamonds-1-16#where-they-are" in old - new
    assert "diamonds#where-they-are" in new - old


# --- docs/guides.md -------------------------------------------------------------------------------------------

DOCS = (Path(__file__).resolve().parent.parent / "docs" / "guides.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", DOCS, re.DOTALL)


def test_the_documented_guide_is_one(guide):
    (text,) = [text for language, text in BLOCKS if language == "markdown"]
    assert [(p.title, p.items, len(p.asked)) for p in load_guide(guide(text, "cactus.md"))] == [
        ("Growing cactus for dye: Planting", ("cactus",), 0),
        ("Growing cactus for dye: Dye", ("cactus", "green_dye"), 3),
    ]


def test_the_documented_error_is_the_real_one(guide):
    (text,) = [text for language, text in BLOCKS if language == "markdown"]
    (shown,) = [text.strip() for language, text in BLOCKS if language == "text" and "cactus.md" in text]
    with pytest.raises(BadFile) as caught:
        load_guide(guide(text.replace("items:", "item:"), "cactus.md"))
    assert str(caught.value).endswith(shown)


def test_the_documented_sentences_are_what_the_reader_reads():
    (sentences,) = [text.strip().splitlines() for language, text in BLOCKS if language == "text" and "Crafting" in text]
    assert len(sentences) == 14
    forms = [form for value in vars(grammar).values() if isinstance(value, tuple) for form in value if isinstance(form, grammar.Form)]
    for sentence in sentences:
        assert any(form.pattern.fullmatch(sentence) for form in forms), sentence
