"""What of the passages is embedded: each passage itself, and apart from it every question it answers."""

from __future__ import annotations

from collections.abc import Sequence

from gitm.knowledge.lexicon import gloss, rendered
from gitm.types import Passage

_BEGINNING = 200  # characters of a rendered passage that are embedded: all of them are of one pattern


class Texts:
    """The texts an index is made of: those of the passages in their order, then the questions they answer.

    A question is like another question, whatever the answer says, so each has a vector of its own. ``owners[at]`` is the place of the
    passage that text belongs to, ``asked[place]`` are the places of a passage's questions among the texts.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.all = [embedded_text(passage) for passage in passages]
        self.owners = [*range(len(passages))]
        self.asked: list[range] = []
        for place, passage in enumerate(passages):
            self.asked.append(range(len(self.all), len(self.all) + len(passage.asked)))
            self.all += passage.asked
            self.owners += [place] * len(passage.asked)

    def __len__(self) -> int:
        return len(self.all)


def embedded_text(passage: Passage) -> str:
    """A passage's own text: its title and what it says; of a rendered one the name, the gloss and the beginning."""
    text = f"{gloss(passage)}\n{passage.text[:_BEGINNING]}".strip() if rendered(passage) else passage.text
    return f"{passage.title}\n{text}" if passage.title else text
