"""What is known: passages by the item they are about (exact, in memory), and by similarity (through Chroma).

The passages handed to :meth:`Knowledge.open` are the truth; the Chroma index beside them can be thrown away at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from gitm.embed import Embedder, HashEmbedder, Vectors
from gitm.errors import SetupError
from gitm.knowledge.index import Index, IndexFault, Progress, drop_indexes, open_index
from gitm.knowledge.lexicon import Lexicon, rendered
from gitm.knowledge.texts import Texts
from gitm.types import Frozen, Passage

__all__ = ["Hit", "Knowledge"]

_SPARE = 8  # neighbours asked for beyond k, so that the order among equally distant ones is ours and not the index's
_CANDIDATES = 50  # of each kind, vectors and words, from which the best are chosen
_VECTORS = 2  # vectors asked for, for each candidate: some passages have many
_IN_A_ROW = 2  # of one kind; see Knowledge._mixed
_LEAST = 0.05  # scores below this are not scaled up: nothing is much like the question then
_UNLIKE = 0.999  # the distance of passages that have nothing in common with a question, but for rounding
_LOST = 0.01  # the share that may be hidden by texts that are nearly alike; see index._tie_in


class Hit(Frozen):
    """A passage found by similarity, and the cosine distance of what is nearest to the question of all it is embedded as.

    0 is the same, 1 has nothing in common.
    """

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
        self._texts = Texts(self.passages)
        self._rendered = [rendered(passage) for passage in self.passages]
        self._index: Index | None = None
        self._lexicon: Lexicon | None = None
        self._retrieved: dict[tuple[str, int], tuple[Passage, ...]] = {}  # passages do not change, and a search takes milliseconds
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
        words, named = self._words().scores(text), self._words().named(text)
        count = min(len(self.passages), max(k + _SPARE, _CANDIDATES))
        told = words + named
        worded = np.flatnonzero(told)
        if len(worded) > count:
            worded = worded[np.argpartition(-told[worded], count - 1)[:count]]
        try:
            found = self._near(vector, count).union(worded.tolist())
        except IndexFault as fault:  # damaged under our hands: once more with a fresh one
            self.close()
            self.notes.append(f"the index of the guides failed ({fault}) and was opened again")
            found = self._near(vector, count).union(worded.tolist())
        places = sorted(found)
        own, asked = self._cosines(vector[0], places)
        like, known = own + np.maximum(asked, 0), words[places]
        scores = like / max(_LEAST, like.max()) + known / max(_LEAST, known.max()) + named[places]
        ranked = [places[at] for at in np.argsort(-scores.round(5), kind="stable")]
        distances = dict(zip(places, 1 - np.maximum(own, asked), strict=True))
        return tuple(self._hit(at, distances[at]) for at in self._mixed(ranked, k))

    def _mixed(self, ranked: list[int], k: int) -> list[int]:
        """The first ``k`` of a ranking, but never more than two rendered passages, or two of other text, on end while both are left.

        Rendered passages come in families (a bed of every colour), which would fill the answer with what is nearly one and the same.
        """
        left = {kind: [at for at in ranked if self._rendered[at] is kind] for kind in (True, False)}
        mixed: list[int] = []
        while len(mixed) < min(k, len(ranked)):
            kinds = [self._rendered[at] for at in mixed[-_IN_A_ROW:]]
            kind = min((kind for kind in left if left[kind]), key=lambda kind: ranked.index(left[kind][0]))
            if len(kinds) == _IN_A_ROW and all(last is kind for last in kinds) and left[not kind]:
                kind = not kind
            mixed.append(left[kind].pop(0))
        return mixed

    def nearest(self, text: str, k: int = 5) -> tuple[Hit, ...]:
        """The ``k`` passages whose vectors are nearest to the text's, nearest first. Raises :class:`SetupError`."""
        vector = self._embedder.embed([text])
        places = sorted(self._near(vector, min(len(self.passages), k + _SPARE)))
        distances = 1 - np.maximum(*self._cosines(vector[0], places))
        return tuple(self._hit(places[at], distances[at]) for at in np.argsort(distances.round(6), kind="stable")[:k])

    def _near(self, vector: Vectors, count: int) -> set[int]:
        """The passages of the nearest vectors, at least ``count``.

        Which of several vectors that are equally far, and the farthest, an index finds is a matter of chance: they are left to their words.
        """
        number = min(len(self._texts), _VECTORS * count)
        found = self._opened().nearest(vector, number)[0]
        if number < len(self._texts):
            farthest = round(found[-1][1], 6)
            found = [pair for pair in found if round(pair[1], 6) < farthest] or found
        near = {self._texts.owners[at] for at, _ in found}
        return near if len(near) >= count or number == len(self._texts) else self._near(vector, 2 * count)

    def _cosines(self, vector: Vectors, places: Sequence[int]) -> tuple[Vectors, Vectors]:
        """Of the passages at these places the cosines with a vector: their own, and that of the likest question each answers (-1: none)."""
        vectors = self._opened().vectors
        questions = [(order, at) for order, place in enumerate(places) for at in self._texts.asked[place]]
        asked = np.full(len(places), -1, dtype=np.float32)
        if questions:
            orders, rows = zip(*questions, strict=True)
            np.maximum.at(asked, np.array(orders), vectors[list(rows)] @ vector)
        return vectors[list(places)] @ vector, asked

    def _hit(self, place: int, distance: float) -> Hit:
        return Hit(passage=self.passages[place], distance=max(0.0, float(distance)))

    def _words(self) -> Lexicon:
        if self._lexicon is None:
            self._lexicon = Lexicon(self.passages)
        return self._lexicon

    def retrieve(self, item: str, k: int = 5) -> tuple[Passage, ...]:
        """Everything about the item, then the passages most like it until there are ``k``. No doubles, always the same order.

        What has nothing in common with the item's name is left out: which of such passages an index finds is a matter of chance.
        """
        if (item, k) not in self._retrieved:
            found = {passage.id: passage for passage in self.about(item)}
            if len(found) < k:
                for hit in self.search(item.replace("_", " "), k + len(found)):
                    if len(found) < k and hit.distance < _UNLIKE:
                        found.setdefault(hit.passage.id, hit.passage)
            self._retrieved[item, k] = tuple(found.values())
        return self._retrieved[item, k]

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
            lost = self._opened().lost(self._embedder.embed(self._texts.all))
        except (IndexFault, SetupError) as error:
            return [*problems, f"the index cannot be used: {error}; mend it with: gitm knowledge build"]
        if len(lost) > _LOST * len(self._texts):
            first = self.passages[self._texts.owners[lost[0]]].id
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
            self._index = open_index(self._home, self._texts.all, self._embedder, self._progress, self.notes.append)
        return self._index


def fingerprint(passages: Iterable[Passage]) -> str:
    """Identifies passages: what was answered from them does not hold once they read otherwise."""
    return hashlib.sha256("\x00".join(f"{passage.id}\x01{passage.text}" for passage in passages).encode()).hexdigest()[:16]


def _distinct(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages in order with ids made unique; one given twice, word for word, is kept once."""
    known: dict[str, Passage] = {}
    for passage in dict.fromkeys(passages):
        name, number = passage.id, 2
        while name in known:
            name, number = f"{passage.id}~{number}", number + 1
        known[name] = passage if name == passage.id else passage.model_copy(update={"id": name})
    return tuple(known.values())
