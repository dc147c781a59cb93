"""How often an embedder finds the passage that answers a question: recall and mean reciprocal rank."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any

import yaml

from gitm.knowledge import Knowledge
from gitm.knowledge.lexicon import rendered
from gitm.types import Frozen, Passage

QUESTIONS = Path(__file__).parent / "retrieval_questions.yaml"
DEPTH = 10  # ranks that are looked at


class Question(Frozen):
    """A question and what answers it: any of these passages, or any that is about the item."""

    ask: str
    answers: tuple[str, ...] = ()
    item: str | None = None

    def answered_by(self, passage: Passage) -> bool:
        """Whether the passage counts as an answer."""
        return passage.id in self.answers or (self.item is not None and self.item in passage.items)


class Recall(Frozen):
    """Of so many questions the share with an answer at rank 1, within 5 and within 10; and the mean of 1/rank (0 when not among 10)."""

    questions: int
    recall_1: float
    recall_5: float
    recall_10: float
    mrr: float
    missed: tuple[str, ...]  # without an answer among the first five


def question_sets() -> dict[str, tuple[Question, ...]]:
    """The shipped questions by set; the file says how each came about."""
    sets = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    return {name: tuple(Question.model_validate(entry) for entry in entries) for name, entries in sets.items()}


def item_questions(passages: Sequence[Passage]) -> tuple[Question, ...]:
    """How do I get it, of every item that a rendered passage is about."""
    names = [passage.items[0] for passage in passages if rendered(passage)]
    return tuple(Question(ask=f"how do I get {name.replace('_', ' ')}", item=name) for name in names)


def measure(embedder: str, size: int = 0, *, every_item: bool = False) -> dict[str, Any]:
    """All sets against all passages of the newest version, with an index built for it. Raises :class:`gitm.errors.SetupError`.

    Below ``size`` passages, made-up ones are added, so that the time of a search at that size is seen. ``every_item`` asks for each of
    them by its name, too.
    """
    from gitm.embed import embedder_by_name
    from gitm.opening import gather

    shipped, _ = gather(None, ())
    passages = padded(shipped, size)
    with tempfile.TemporaryDirectory(prefix="gitm-bench-") as home:
        knowledge = Knowledge.open(Path(home), passages, embedder=embedder_by_name(embedder))
        started = perf_counter()
        knowledge.build()
        built = perf_counter() - started
        sets: dict[str, Recall] = {}
        searches: list[float] = []
        for name, questions in question_sets().items():
            sets[name], seconds = recall(knowledge, questions)
            searches += seconds
        items = recall(knowledge, item_questions(shipped))[0].model_dump() if every_item else None
        knowledge.close()
    return {
        "passages": len(passages),
        "build_seconds": round(built, 2),
        "search_ms": round(1000 * median(searches), 2),
        "sets": {name: found.model_dump() for name, found in sets.items()},
        "all": together(tuple(sets.values())).model_dump(),
        "items": items,
    }


def padded(passages: Sequence[Passage], size: int) -> tuple[Passage, ...]:
    """The passages and, up to ``size``, texts of their words: each has the words of some passage shuffled, every fifth one made up."""
    draw = random.Random(size)  # noqa: S311 - texts, not secrets
    made = []
    for number in range(size - len(passages)):
        words = draw.choice(passages).text.split()[:120]
        draw.shuffle(words)
        words[::5] = [f"made{draw.randrange(size)}" for _ in words[::5]]
        made.append(Passage(id=f"made-up#{number}", text=" ".join(words), source="made up"))
    return (*passages, *made)


def recall(knowledge: Knowledge, questions: Sequence[Question]) -> tuple[Recall, list[float]]:
    """The figures of a set of questions, and the seconds of each search."""
    ranks: list[int | None] = []
    seconds: list[float] = []
    for question in questions:
        started = perf_counter()
        hits = knowledge.search(question.ask, DEPTH)
        seconds.append(perf_counter() - started)
        ranks.append(next((rank for rank, hit in enumerate(hits, 1) if question.answered_by(hit.passage)), None))
    within = {depth: mean(rank is not None and rank <= depth for rank in ranks) for depth in (1, 5, 10)}
    return Recall(
        questions=len(questions),
        recall_1=within[1],
        recall_5=within[5],
        recall_10=within[10],
        mrr=mean(1 / rank if rank else 0.0 for rank in ranks),
        missed=tuple(question.ask for question, rank in zip(questions, ranks, strict=True) if rank is None or rank > 5),
    ), seconds


def together(parts: Sequence[Recall]) -> Recall:
    """The figures of several sets as if they were one."""
    number = sum(part.questions for part in parts)
    rates = {
        name: sum(getattr(part, name) * part.questions for part in parts) / number for name in ("recall_1", "recall_5", "recall_10", "mrr")
    }
    return Recall(questions=number, missed=tuple(ask for part in parts for ask in part.missed), **rates)
