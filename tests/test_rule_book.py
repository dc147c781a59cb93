"""Which rule book stands for a version: one rule for worlds and guides."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gitm import data, opening
from gitm.data import numbers, rule_book, stand_in
from gitm.errors import SetupError
from gitm.facts import load
from gitm.llm.reader import Reader
from gitm.opening import open_mind

SHIPPED = ("1.12.2", "1.14.4", "1.16.5", "1.18.2", "1.20.4", "1.21.1", "1.21.11")


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for version in SHIPPED:
        (tmp_path / f"{version}.json").write_text("{}")
    (tmp_path / "tiny.json").write_text("{}")  # no version: never chosen
    monkeypatch.setattr(data, "shipped", lambda _: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("version", "book"),
    [
        *((version, version) for version in SHIPPED),
        ("1.8.8", "1.12.2"),  # older than all
        ("1.12", "1.12.2"),
        ("1.13.2", "1.12.2"),
        ("1.16", "1.16.5"),  # the third number changes little
        ("1.17.1", "1.16.5"),
        ("1.19.4", "1.18.2"),
        ("1.20.6", "1.20.4"),
        ("1.21", "1.21.1"),
        ("1.21.8", "1.21.1"),
        ("26.1", "1.21.11"),
        (None, "1.21.11"),
        ("Paper", "1.21.11"),
    ],
)
def test_the_nearest_at_or_below(books: Path, version: str | None, book: str) -> None:
    assert rule_book(version) == books / f"{book}.json"
    note = stand_in(version)
    assert bool(note) == (version != book and version not in (None, "Paper"))
    assert not note or (f"Minecraft {version}:" in note and f"of {book} " in note)


def test_without_any_book_the_mend_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "shipped", lambda _: tmp_path)
    with pytest.raises(SetupError, match="pip install"):
        rule_book("1.16.5")


def test_versions_are_compared_by_number() -> None:
    assert numbers("1.9.4") < numbers("1.16.5") < numbers("1.21.11")
    assert numbers("Paper") == numbers("1.20-rc1") == ()


def test_a_mind_reads_the_same_book_and_says_that_it_is_not_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    monkeypatch.setattr(opening, "load", lambda path: read.append(path) or load(path))
    with closing(open_mind(tmp_path, llm=Reader(), version="1.16.4")) as mind:
        assert read == [rule_book("1.16.4")]
        assert mind.knowledge.notes == [stand_in("1.16.4")]
