"""Likeness by words, beside the likeness of vectors: BM25 (Robertson and Zaragoza, 2009) over words, their kin, and the glosses of names.

It knows how telling a word is among these very passages, which vectors made of one text at a time cannot; and it knows names, so that
a question that names an item finds what is about it. Everything is held in memory and built from the passages, so nothing can go stale.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from gitm.embed.hashed import kin, stem, stems
from gitm.types import Passage

Scores = npt.NDArray[np.float32]

GLOSSES = Path(__file__).with_name("glosses.yaml")
K1, B = 1.2, 0.75  # how soon repetition stops to count; how much a long text is held against it
#: What a word counts in the title or in a question that the passage answers, in the gloss, in rendered text, and when it is only kin.
TITLE, GLOSS, FORMULA, KIN = 3.0, 1.0, 0.15, 0.8
NAMED, ALSO_NAMED = 0.8, 0.2  # for the passage that is most about an item the question names; for the others about it
LONGEST = 8  # words of a name


class Lexicon:
    """Scores of passages for a question, by their words."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._size = len(passages)
        self._names: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._stemmed: dict[tuple[str, ...], list[int]] = defaultdict(list)  # what is asked for in the plural
        said = [_counts(passage) for passage in passages]
        lengths = np.array([sum(count.values()) for count in said], dtype=np.float32)  # a gloss is not held against a passage
        counts = [_joined(count, _terms(gloss(passage), GLOSS)) for count, passage in zip(said, passages, strict=True)]
        norms = K1 * (1 - B + B * lengths / max(1e-9, float(lengths.mean()) if len(lengths) else 1))
        postings: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        for at, count in enumerate(counts):
            for term, weight in count.items():
                places, weights = postings[term]
                places.append(at)
                weights.append(weight * (K1 + 1) / (weight + norms[at]))
        self._postings = {
            term: (np.array(places, dtype=np.int32), np.array(weights, dtype=np.float32)) for term, (places, weights) in postings.items()
        }
        for at in sorted(range(len(passages)), key=lambda at: len(passages[at].items)):  # the most particular first; stable
            for item in passages[at].items:
                self._names[_words(item)].append(at)
                self._stemmed[tuple(map(stem, _words(item)))].append(at)

    def scores(self, text: str) -> Scores:
        """For every passage how much of the question's words it has: 0 for nothing in common, about 1 for all that matter."""
        found = np.zeros(self._size, dtype=np.float32)
        most = 0.0
        for term, weight in _asked(text).items():
            if (posting := self._postings.get(term)) is not None:
                places, weights = posting
                rarity = weight * math.log(1 + (self._size - len(places) + 0.5) / (len(places) + 0.5))
                found[places] += rarity * weights
                most += rarity * (K1 + 1)
        return found / most if most else found

    def named(self, text: str) -> Scores:
        """For every passage what it gains by being about items that the question names: nearly as much as being the best in all else."""
        gained = np.zeros(self._size, dtype=np.float32)
        for about in self._about(text):
            gained[about[0]] += NAMED
            gained[about[1:]] += ALSO_NAMED
        return gained

    def _about(self, text: str) -> list[list[int]]:
        """For each item that the text names (the longest name at each place) the passages about it, the most particular first."""
        words, at, found = _words(text), 0, list[list[int]]()
        while at < len(words):
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                name = words[at : at + length]
                if places := self._names.get(name) or self._stemmed.get(tuple(map(stem, name))):
                    found.append(places)
                    break
            at += length
        return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.lower()))


def _counts(passage: Passage) -> dict[str, float]:
    """Weighted counts of a passage's terms, without its gloss."""
    headings = _terms(" ".join((passage.title, *passage.asked)), TITLE)
    return _joined(headings, _terms(passage.text, FORMULA if rendered(passage) else 1.0))


def _terms(text: str, weight: float) -> dict[str, float]:
    """A text's words and what they are kin to, so much for each time."""
    count: dict[str, float] = defaultdict(float)
    for term, times in Counter(stems(text.replace("_", " "))).items():
        count[term] += times * weight
        for group in kin(term):
            count[f"kin {group}"] += times * weight
    return count


def _joined(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    return left | {term: left.get(term, 0.0) + weight for term, weight in right.items()}


def _asked(text: str) -> dict[str, float]:
    """The terms of a question and how much each counts."""
    words = [word for word, _ in groupby(sorted(stems(text.replace("_", " "))))]
    related = {f"kin {group}": KIN for word in words for group in kin(word)}
    return dict.fromkeys(words, 1.0) | related


def rendered(passage: Passage) -> bool:
    """Whether a passage is one of those made of the rule book: all of one pattern, so that only its names tell it from others."""
    return passage.id.startswith("item:")


def gloss(passage: Passage) -> str:
    """What players say of the item that a rendered passage is about; empty for other passages."""
    return glosses().get(passage.items[0], "") if rendered(passage) and len(passage.items) == 1 else ""


@cache
def glosses() -> dict[str, str]:
    """What players call an item or say of it, by item; the file is data of ours."""
    found: dict[str, str] = yaml.safe_load(GLOSSES.read_text(encoding="utf-8"))
    return found
