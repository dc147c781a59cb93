"""Likeness by words: what is rare tells more, a name finds what is about it, and families do not fill the answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitm.bench.retrieval import padded
from gitm.knowledge import Knowledge
from gitm.knowledge.lexicon import NAMED, Lexicon
from gitm.types import Passage


def told(name: str, text: str, *items: str) -> Passage:
    return Passage(id=name, text=text, items=items, source="test")


PROSE = (
    told("farm", "Water a field of wheat and carrots beside the river.", "wheat"),
    told("pond", "Water, a river and a lake.", "water_bucket"),
    told("forge", "Smelt the ore; a river of sparks."),
)


def best(passages: tuple[Passage, ...], question: str) -> str:
    lexicon = Lexicon(passages)
    return passages[int(np.argmax(lexicon.scores(question) + lexicon.named(question)))].id


def test_a_rare_word_tells_more_than_a_common_one():
    assert best(PROSE, "sparks by the river") == "forge"


def test_a_text_without_a_known_word_scores_nothing():
    assert not Lexicon(PROSE).scores("zyzzyva").any()
    assert Lexicon(()).scores("river").shape == (0,)


def test_a_name_finds_what_is_about_it_and_the_longest_name_counts():
    passages = (*PROSE, told("item:oak_fence", "x", "oak_fence"), told("item:oak_fence_gate", "x", "oak_fence_gate"))
    assert best(passages, "how do I get an oak fence gate") == "item:oak_fence_gate"
    assert best(passages, "oak fences, please") == "item:oak_fence"
    assert Lexicon(passages).named("oak_fence_gate").tolist() == pytest.approx([0, 0, 0, 0, NAMED])


def test_a_gloss_finds_the_item_but_only_its_rendered_passage():
    passages = (
        told("item:shears", "To craft 1 shears, put 2 iron_ingot together.", "shears"),
        told("prose", "Two ingots.", "shears"),
        *PROSE,
    )
    assert best(passages, "scissors") == "item:shears"


def test_a_gloss_is_not_held_against_a_passage():
    named = told("item:iron_bars", "x y z", "iron_bars").model_copy(update={"title": "How to get bars"})  # "metal grid, prison cage"
    plain = named.model_copy(update={"id": "item:nobody_says", "items": ("nobody_says",)})
    scores = Lexicon((named, plain, *PROSE)).scores("bars")
    assert scores[0] == pytest.approx(scores[1])
    assert Lexicon((named, plain, *PROSE)).scores("prison")[0] > 0


def test_the_questions_a_passage_answers_find_it_as_its_title_does():
    asked = PROSE[2].model_copy(update={"asked": ("how do I turn rust back",)})
    assert best((*PROSE[:2], asked), "rust on water") == "forge"
    assert not Lexicon(PROSE).scores("rust").any()


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_scores_are_finite_and_never_negative(question):
    scores = Lexicon(PROSE).scores(question)
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()


def test_a_family_does_not_fill_the_answer(tmp_path: Path):
    beds = [told(f"item:{colour}_bed", "a bed", f"{colour}_bed") for colour in ("red", "blue", "green", "pink", "white")]
    knowledge = Knowledge.open(tmp_path, [*beds, told("sleep", "Lie down in a bed at night.")])
    found = [hit.passage.id for hit in knowledge.search("bed", 4)]
    knowledge.close()
    assert "sleep" in found[:3]
    assert len(set(found)) == 4


def test_made_up_passages_fill_up_to_the_size_and_are_the_same_each_time():
    assert len(padded(PROSE, 10)) == 10
    assert padded(PROSE, 10) == padded(PROSE, 10)
    assert padded(PROSE, 2) == PROSE
