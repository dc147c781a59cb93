"""The questions are what they claim to be, and the figures are counted right."""

from __future__ import annotations

import json
import re

import pytest

from gitm.bench.retrieval import Question, Recall, item_questions, question_sets, recall, together
from gitm.cli import app
from gitm.embed.hashed import stem
from gitm.errors import SetupError
from gitm.knowledge import Hit
from gitm.opening import gather
from gitm.types import Passage


def words(text):
    return {stem(word) for word in re.findall(r"[a-z]+", text.lower())}


def test_there_are_at_least_300_questions_and_none_twice():
    asked = [question.ask for questions in question_sets().values() for question in questions]
    assert len(asked) >= 300
    assert len(set(asked)) == len(asked)


def test_every_question_has_an_answer_among_the_passages():
    passages, _ = gather(None, ())
    known = {passage.id for passage in passages}
    for questions in question_sets().values():
        for question in questions:
            assert any(question.answered_by(passage) for passage in passages), question.ask
            assert {answer for answer in question.answers if not answer.startswith("item:")} <= known, question.ask


def test_names_are_named_and_paraphrases_share_no_word_with_the_name():
    sets = question_sets()
    for question in sets["names"]:
        assert words(question.item.replace("_", " ")) <= words(question.ask), question.ask
    for question in sets["paraphrases"]:
        assert not words(question.item.replace("_", " ")) & words(question.ask), question.ask


class Ranked:
    """Knowledge that always answers with the same passages."""

    passages = [Passage(id=f"p{number}", text="x", source="x", items=("gem",) if number == 2 else ()) for number in range(10)]

    def search(self, _ask, k):
        return tuple(Hit(passage=passage, distance=0.1) for passage in self.passages[:k])


def test_ranks_are_counted():
    questions = [
        Question(ask="first", answers=("p0", "p9")),
        Question(ask="third", item="gem"),
        Question(ask="seventh", answers=("p6",)),
        Question(ask="never", answers=("other",)),
    ]
    found, seconds = recall(Ranked(), questions)
    assert (found.questions, found.recall_1, found.recall_5, found.recall_10) == (4, 0.25, 0.5, 0.75)
    assert found.mrr == pytest.approx((1 + 1 / 3 + 1 / 7) / 4)
    assert found.missed == ("seventh", "never")
    assert len(seconds) == 4


def test_sets_are_added_up_by_their_size():
    small = Recall(questions=1, recall_1=1, recall_5=1, recall_10=1, mrr=1, missed=())
    large = Recall(questions=3, recall_1=0, recall_5=1 / 3, recall_10=1, mrr=0.2, missed=("why", "how"))
    whole = together((small, large))
    assert (whole.questions, whole.recall_1, whole.recall_10, whole.missed) == (4, 0.25, 1, ("why", "how"))
    assert (whole.recall_5, whole.mrr) == pytest.approx((0.5, 0.4))


def test_every_item_is_asked_for_by_its_name():
    passages, _ = gather(None, ())
    questions = item_questions(passages)
    assert len(questions) > 1700
    assert Question(ask="how do I get dark oak log", item="dark_oak_log") in questions


def test_the_command_prints_every_set_and_names_a_wrong_embedder(capsys):
    with pytest.raises(SystemExit, match="0"):
        app(["bench", "retrieval", "--embedder", "hash", "--json"])
    report = json.loads(capsys.readouterr().out)
    sets = report["embedders"]["hash"]["sets"]
    assert sets.keys() == question_sets().keys()
    assert all(0 < row["recall_1"] <= row["recall_5"] <= row["recall_10"] <= 1 for row in sets.values())
    assert sets["names"]["recall_5"] >= 0.9
    assert report["embedders"]["hash"]["all"]["recall_5"] >= 0.9
    with pytest.raises(SetupError, match="no embedder 'word2vec'"):
        app(["bench", "retrieval", "--embedder", "word2vec"])
