"""Impossible goals: what is removed is gone, the agent says so and why, and the bench notices when it does not."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gitm.bench.impossible import ask, removed, why_not
from gitm.bench.solvable import reach
from gitm.facts import BuildFact, ContentFact, ItemFact, MobFact, RuleBook, StructureFact, TradeFact, load
from gitm.llm.reader import Reader
from gitm.mind import Mind
from gitm.opening import open_mind
from gitm.passages import render
from gitm.types import Stack

TINY = load(Path(__file__).parent / "data" / "tiny_world.json")
GRAIL = TINY.model_copy(update={"items": {**TINY.items, "grail": ItemFact()}, "unobtainable": {"grail": "only its makers have it"}})


def mind_of(book: RuleBook, home: Path) -> Mind:
    home.mkdir()
    (home / "rules.json").write_text(book.model_dump_json())
    return open_mind(home, llm=Reader(), guides=[home / "rules.json"])


def test_without_a_resource_exactly_what_needs_it_is_impossible(tmp_path: Path) -> None:
    book = removed(GRAIL, "drim_lump")
    lost = [item for item in TINY.items if item not in reach(book).work]
    assert {"drim_lump", "drim_bar", "pail", "blorb"} <= set(lost)
    assert "vunt" not in lost
    left = [item for item in TINY.items if item not in lost]
    with closing(mind_of(book, tmp_path / "home")) as mind:
        asked, wrong = ask(mind, [("lost", lost, lambda _: "drim_lump"), ("left", left, lambda _: None)])
        assert asked == {"lost": len(lost), "left": len(left)}
        assert wrong == {"lost": {}, "left": {}}
        assert "grail cannot be obtained in survival: only its makers have it" in (why_not(mind, "grail") or "")


@pytest.mark.parametrize("item", ["drim_lump", "gorm", "tramp"])
def test_with_no_guide_for_one_item_exactly_what_needs_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, item: str) -> None:
    passages = tuple(passage for passage in render(TINY) if item not in passage.items)
    monkeypatch.setattr("gitm.opening.gather", lambda *_: (passages, {}))
    needing = set(reach(TINY).work) - set(reach(removed(TINY, item)).work)  # what the rules themselves say
    with closing(mind_of(TINY, tmp_path / "home")) as mind:
        failing = {goal for goal in TINY.items if why_not(mind, goal)}
        assert failing == needing & TINY.items.keys()
        assert all(item in (why_not(mind, goal) or "") for goal in failing)


def test_wrong_judgements_are_noticed(tmp_path: Path) -> None:
    with closing(mind_of(TINY, tmp_path / "home")) as mind:
        _, wrong = ask(
            mind, [("a", ["pail"], lambda _: "drim_lump"), ("b", ["unheard_of"], lambda _: None), ("c", ["nix"], lambda _: "nox")]
        )
    assert wrong["a"] == {"pail": "was called possible"}
    assert "unheard_of" in wrong["b"]["unheard_of"]
    assert "nix" in wrong["c"]["nix"]  # impossible, but not for the reason asked for


def test_the_proof_knows_structures_trades_blueprints_and_portals() -> None:
    beyond = TINY.biomes["murk"].model_copy(update={"dimension": "beyond"})
    book = TINY.model_copy(
        update={
            "items": {**TINY.items, "coin": ItemFact(), "far_coin": ItemFact()},
            "blocks": {**TINY.blocks, "gate": TINY.blocks["gorm"]},
            "biomes": {**TINY.biomes, "murk": beyond},
            "mobs": {**TINY.mobs, "seller": MobFact(health=20, density=0), "far_seller": MobFact(health=20, density=0)},
            "structures": {
                "town": StructureFact(per_cell=0.1, holds=(ContentFact(name="seller"),)),
                "far_town": StructureFact(per_cell=0.1, biomes=("murk",), holds=(ContentFact(name="far_seller"),)),
            },
            "trades": (
                TradeFact(mob="seller", item="coin", materials=(Stack(item="poles"),)),
                TradeFact(mob="far_seller", item="far_coin", materials=(Stack(item="coin"),)),
            ),
            "builds": (BuildFact(makes="gate", materials=(Stack(item="drim_bar"),)),),
            "portals": {"gate": "beyond"},
        }
    )
    assert {"coin", "far_coin"} <= reach(book).work.keys()
    assert "far_coin" not in reach(removed(book, "drim_lump")).work  # no gate, no way there
    assert "coin" in reach(removed(book, "drim_lump")).work
    assert not {"coin", "far_coin"} & reach(book.model_copy(update={"structures": {}})).work.keys()
