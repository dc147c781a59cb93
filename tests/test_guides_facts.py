"""What the hand-written guides say is what the rule books say; and the check notices when it is not."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml
from guide_book import NAME, Book
from guide_claims import Claim, claims
from guide_verdicts import verdict

from gitm.data import shipped
from gitm.facts import load
from gitm.guides import fits, load_guide

GUIDES = sorted(shipped("knowledge/guides").glob("*.md"))
ALL_BOOKS = sorted(shipped("knowledge/facts").glob("*.json"), key=lambda path: [int(part) for part in path.stem.split(".")], reverse=True)
BOOKS = [path for path in ALL_BOOKS if '"trades"' in path.read_text(encoding="utf-8")]  # a book of a few hundred items denies too much
whole = pytest.mark.skipif(not BOOKS, reason="no rule book of the whole tech tree is there yet")


@cache
def book(path: Path) -> Book:
    return Book(load(path))


def books(guide: Path) -> list[Path]:
    """The books of the versions that a guide is for, newest first."""
    versions = str(yaml.safe_load(guide.read_text(encoding="utf-8").split("---\n")[1])["versions"])
    return [path for path in BOOKS if fits(versions, path.stem)]


def contradiction(guide: Path, claim: Claim) -> str | None:
    """What the newest fitting book says against a claim; a sentence that names a version may speak of any fitting one."""
    newest, *older = books(guide)
    against = verdict(book(newest), claim)
    if against and re.search(r"\b1\.\d+", claim.text):
        return against if all(_denies(book(path), claim) for path in older) else None
    return against


def _denies(older: Book, claim: Claim) -> bool:
    return not any(verdict(older, again) is None for again in claims(older, claim.text) if again.kind == claim.kind)


@cache
def told(guide: Path) -> tuple[Claim, ...]:
    newest = book(books(guide)[0])
    return tuple(claim for passage in load_guide(guide) for claim in claims(newest, passage.text))


@pytest.mark.parametrize("guide", [guide for guide in GUIDES if books(guide)], ids=lambda path: path.stem)
def test_a_guide_agrees_with_the_rule_book(guide):
    wrong = {claim.text: against for claim in told(guide) if (against := contradiction(guide, claim))}
    assert not wrong


@whole
def test_enough_is_checked_to_mean_something():
    kinds = Counter(claim.kind for guide in GUIDES if books(guide) for claim in told(guide))
    assert sum(kinds.values()) >= 250
    assert {"recipe", "smelt", "drop", "heights", "damage", "food", "fuel", "wear", "armour", "health", "tier", "stack"} <= set(kinds)


@whole
def test_every_claim_of_ours_would_be_noticed_if_it_were_wrong():
    unnoticed = [
        claim.falsified()
        for guide in GUIDES
        if books(guide)
        for claim in told(guide)
        if verdict(book(books(guide)[0]), claim.falsified()) is None
    ]
    assert not unnoticed


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Three `stick` and four `string` make a `bow`.", "recipe"),
        ("Eight planks in a ring make a `furnace`.", "recipe"),
        ("One coal and one `stick` make five of the item `torch`.", "recipe"),
        ("Smelt `cobblestone` to `glass`.", "smelt"),
        ("A cow drops one to nine `beef`.", "drop"),
        ("`diamond_ore` lies between y 20 and 90.", "heights"),
        ("Points: `bread` and `apple` 5.", "food"),
        ("A stone pickaxe lasts 999 blocks.", "wear"),
        ("Damage a hit: `iron_sword` 60.", "damage"),
        ("Pieces smelted by one: `coal` 9, planks 1.5.", "fuel"),
        ("`gold_ore` needs a `stone_pickaxe`.", "tier"),
        ("A zombie has 40 health.", "health"),
        ("To 16: snowballs, eggs, torches.", "stack"),
        ("Make the `iron_chestplate` first (7 points).", "armour"),
    ],
)
def test_a_wrong_guide_is_found_out(sentence, kind):
    newest = book(ALL_BOOKS[0])
    against = {claim.kind for claim in claims(newest, sentence) if verdict(newest, claim)}
    assert against == {kind}


@whole
def test_names_in_backticks_exist_in_some_version_the_guide_is_for():
    for guide in GUIDES:
        names = {name for passage in load_guide(guide) for name in re.findall(NAME, passage.text)}
        for path in books(guide):
            names = {name for name in names if not names_of(path) & {name, name.split("[")[0]}}
            if not names:
                break
        assert not names or not books(guide), guide.stem


@cache
def names_of(path: Path) -> frozenset[str]:
    rules = book(path).rules
    return frozenset({*rules.items, *rules.blocks, *rules.groups, *rules.mobs, *rules.structures})
