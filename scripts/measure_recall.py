"""Measure how often an embedder finds the passage that answers a question: recall at 1, 5 and 10.

    python scripts/measure_recall.py [hash] [minilm] [openai:<model>]

All passages of the newest shipped version are searched (one per item, and the guides), so the answers stand among some fifteen
hundred others. The questions are in ``tests/data/guide_questions.yaml``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

from gitm.data import shipped
from gitm.embed import embedder_by_name
from gitm.facts import load
from gitm.guides import load_guides
from gitm.knowledge import Knowledge
from gitm.passages import render
from gitm.types import Passage

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "data" / "guide_questions.yaml"
DEPTHS = (1, 5, 10)


def corpus() -> tuple[Passage, ...]:
    """Every passage of the newest version that is shipped."""
    book = max(
        (load(path) for path in shipped("knowledge/facts").glob("*.json")), key=lambda book: [int(n) for n in book.version.split(".")]
    )
    return (*render(book), *load_guides(shipped("knowledge/guides"), book.version))


def recalls(knowledge: Knowledge, questions: Sequence[dict[str, object]]) -> dict[int, float]:
    """The share of questions with an answer among the first 1, 5, 10 hits."""
    found = dict.fromkeys(DEPTHS, 0)
    for question in questions:
        hits = [hit.passage.id for hit in knowledge.search(str(question["ask"]), max(DEPTHS))]
        for depth in DEPTHS:
            found[depth] += not set(hits[:depth]).isdisjoint(question["answers"])  # type: ignore[call-overload]
    return {depth: count / len(questions) for depth, count in found.items()}


def main() -> None:
    """Print two lines per embedder: the questions it was tuned on, and those held out."""
    sets, passages = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8")), corpus()
    print(f"{len(passages)} passages")
    for name in sys.argv[1:] or ["hash"]:
        with tempfile.TemporaryDirectory() as home:
            knowledge = Knowledge.open(Path(home), passages, embedder=embedder_by_name(name))
            started = time.perf_counter()
            knowledge.build()
            print(f"{name}: index built in {time.perf_counter() - started:.1f} s")
            for label, questions in sets.items():
                figures = ", ".join(f"recall@{depth} {share:.2f}" for depth, share in recalls(knowledge, questions).items())
                print(f"  {label} ({len(questions)} questions): {figures}")
            knowledge.close()


if __name__ == "__main__":
    main()
