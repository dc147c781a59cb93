"""What is known: passages by the item they are about (exact, in memory), and by similarity (through Chroma).

The passages handed to :meth:`Knowledge.open` are the truth; the Chroma index beside them can be thrown away at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gitm.embed import Embedder, HashEmbedder, Vectors
from gitm.errors import SetupError
from gitm.knowledge.index import Index, IndexFault, Progress, drop_indexes, open_index
from gitm.knowledge.lexicon import Lexicon, gloss, rendered
from gitm.types import Frozen, Passage

__all__ = ["Hit", "Knowledge"]

_SPARE = 8  # neighbours asked for beyond k, so that the order among equally distant ones is ours and not the index's

_CANDIDATES = 50  # of each kind, vectors and words, from which the best are chosen
_WORDS = 1.5  # how much words count beside vectors, when both are scaled to the best candidate
_BEGINNING = 200  # characters of a rendered passage that are embedded: all of them are of one pattern
_IN_A_ROW = 2  # of one kind; see Knowledge._mixed
_LEAST = 0.05  # scores below this are not scaled up: nothing is much like the question then

_UNLIKE = 0.999  # the distance of passages that have nothing in common with a question, but for rounding
_LOST = 0.01  # the share that may be hidden by texts that are nearly alike; see index._tie_in


class Hit(Frozen):
    """A passage found by similarity and its cosine distance to the question: 0 the same, 1 nothing in common."""

    passage: Passage
    distance: float


class Knowledge:
    """Passages that can be looked up by item or by meaning.

    The index is opened, checked, and if need be built when similarity is first asked for (importing Chroma takes 0.7 s, which a run
    that remembers everything need not pay), or by :meth:`build`. ``notes`` are sentences a user should see: an index that was mended,
    a home that cannot be written.
    """

    def __init__(self, home: Path, passages: Sequence[Passage], embedder: Embedder, progress: Progress | None) -> None:
        self.passages = _distinct(passages)
        self.notes: list[str] = []
        self._home, self._embedder, self._progress = home, embedder, progress
        self._texts = [embedded_text(passage) for passage in self.passages]
        self._index: Index | None = None
        self._lexicon: Lexicon | None = None
        self._about: dict[str, list[Passage]] = {}
        for passage in sorted(self.passages, key=lambda passage: len(passage.items)):  # the most particular first; stable
            for item in dict.fromkeys(passage.items):
                self._about.setdefault(item, []).append(passage)

    @classmethod
    def open(
        cls, home: Path, passages: Sequence[Passage], *, embedder: Embedder | None = None, progress: Progress | None = None
    ) -> Knowledge:
        """Know these passages; the index is kept in folders ``index-*`` of ``home``.

        ``progress(done, total)`` is called while an index is built. Passages with an id that was already given get ``~2`` appended.
        """
        return cls(Path(home), passages, embedder or HashEmbedder(), progress)

    @property
    def names(self) -> frozenset[str]:
        """Every item that some passage is about."""
        return frozenset(self._about)

    def about(self, item: str) -> tuple[Passage, ...]:
        """The passages about exactly this item, the most particular (about the fewest items) first."""
        return tuple(self._about.get(item, ()))

    def search(self, text: str, k: int = 5) -> tuple[Hit, ...]:
        """The ``k`` passages most like the text by meaning and by words together, best first; none for a text without a word.

        Candidates are the nearest vectors and the passages that share the most telling words. Raises :class:`SetupError` when the
        index can neither be opened nor built.
        """
        if not self.passages or k < 1 or not any(character.isalnum() for character in text):
            return ()
        vector = self._embedder.embed([text])
        words = self._words().scores(text)
        count = min(len(self.passages), max(k + _SPARE, _CANDIDATES))
        worded = {int(at) for at in np.argpartition(-words, count - 1)[:count] if words[at] > 0}
        try:
            distances = self._distances(vector, count, worded)
        except IndexFault as fault:  # damaged under our hands: once more with a fresh one
            self.close()
            self.notes.append(f"the index of the guides failed ({fault}) and was opened again")
            distances = self._distances(vector, count, worded)
        near = max(_LEAST, max(1 - distance for distance in distances.values()))  # what counts as near depends on the embedder
        known = max(_LEAST, max(float(words[at]) for at in distances))
        ranked = sorted((round(-(1 - distance) / near - _WORDS * float(words[at]) / known, 6), at) for at, distance in distances.items())
        return tuple(Hit(passage=self.passages[at], distance=max(0.0, distances[at])) for at in self._mixed([at for _, at in ranked], k))

    def _mixed(self, ranked: list[int], k: int) -> list[int]:
        """The first ``k`` of a ranking, but never more than two rendered passages, or two of other text, on end while both are left.

        Rendered passages come in families (a bed of every colour), which would fill the answer with what is nearly one and the same.
        """
        left = {kind: [at for at in ranked if rendered(self.passages[at]) is kind] for kind in (True, False)}
        mixed: list[int] = []
        while len(mixed) < min(k, len(ranked)):
            kinds = [rendered(self.passages[at]) for at in mixed[-_IN_A_ROW:]]
            kind = min((kind for kind in left if left[kind]), key=lambda kind: ranked.index(left[kind][0]))
            if len(kinds) == _IN_A_ROW and all(last is kind for last in kinds) and left[not kind]:
                kind = not kind
            mixed.append(left[kind].pop(0))
        return mixed

    def nearest(self, text: str, k: int = 5) -> tuple[Hit, ...]:
        """The ``k`` passages whose vectors are nearest to the text's, nearest first. Raises :class:`SetupError`."""
        count = min(len(self.passages), k + _SPARE)
        found = self._opened().nearest(self._embedder.embed([text]), count)[0]
        ranked = sorted((round(distance, 6), at) for at, distance in found)
        return tuple(Hit(passage=self.passages[at], distance=max(0.0, distance)) for distance, at in ranked[:k])

    def _distances(self, vector: Vectors, count: int, besides: set[int]) -> dict[int, float]:
        """Cosine distances of the ``count`` nearest passages; those ``besides`` them lie at least as far as the farthest of these.

        Which of several that are equally far, and the farthest, an index finds is a matter of chance: they are left to their words.
        """
        found = {at: round(distance, 6) for at, distance in self._opened().nearest(vector, count)[0]}
        farthest = max(found.values())
        if count < len(self.passages):
            found = {at: distance for at, distance in found.items() if distance < farthest} or found
        return found | dict.fromkeys(besides - found.keys(), farthest)

    def _words(self) -> Lexicon:
        if self._lexicon is None:
            self._lexicon = Lexicon(self.passages)
        return self._lexicon

    def retrieve(self, item: str, k: int = 5) -> tuple[Passage, ...]:
        """Everything about the item, then the passages most like it until there are ``k``. No doubles, always the same order.

        What has nothing in common with the item's name is left out: which of such passages an index finds is a matter of chance.
        """
        found = {passage.id: passage for passage in self.about(item)}
        if len(found) < k:
            for hit in self.search(item.replace("_", " "), k + len(found)):
                if len(found) < k and hit.distance < _UNLIKE:
                    found.setdefault(hit.passage.id, hit.passage)
        return tuple(found.values())

    def build(self, *, afresh: bool = False) -> None:
        """Open the index now, or build it anew. Raises :class:`SetupError` when it cannot be had."""
        if afresh:
            self.close()
            drop_indexes(self._home)
        if self.passages:
            self._opened()

    def check(self) -> list[str]:
        """What is wrong, in sentences; an empty list is good news. Looks every passage up by its own text, so it takes a second."""
        if not self.passages:
            return ["no passage is known; give guides with --guides PATH"]
        problems = [f"{passage.id}: the text is empty" for passage in self.passages if not passage.text.strip()]
        try:
            lost = self._opened().lost(self._embedder.embed(self._texts))
        except (IndexFault, SetupError) as error:
            return [*problems, f"the index cannot be used: {error}; mend it with: gitm knowledge build"]
        if len(lost) > _LOST * len(self.passages):
            first = self.passages[lost[0]].id
            problems.append(
                f"{len(lost)} passages are not found by their own text, {first} first; mend the index with: gitm knowledge build"
            )
        return problems

    def close(self) -> None:
        """Let go of the index; the next search opens it again."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _opened(self) -> Index:
        if self._index is None:
            self._index = open_index(self._home, self._texts, self._embedder, self._progress, self.notes.append)
        return self._index


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded: its title and its text; of a rendered one the name, the gloss and the beginning."""
    text = f"{gloss(passage)}\n{passage.text[:_BEGINNING]}".strip() if rendered(passage) else passage.text
    return f"{passage.title}\n{text}" if passage.title else text


def _distinct(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages in order with ids made unique; one given twice, word for word, is kept once."""
    known: dict[str, Passage] = {}
    for passage in dict.fromkeys(passages):
        name, number = passage.id, 2
        while name in known:
            name, number = f"{passage.id}~{number}", number + 1
        known[name] = passage if name == passage.id else passage.model_copy(update={"id": name})
    return tuple(known.values())
