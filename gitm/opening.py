"""Opening a mind: passages from the shipped rule book and guides and from the user's own, index and memory in the home folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gitm.data import rule_book, shipped, stand_in
from gitm.decomposer import Decomposer, Shape
from gitm.embed import embedder_by_name
from gitm.errors import BadFile
from gitm.events import Role
from gitm.facts import load
from gitm.guides import load_guides
from gitm.knowledge import Knowledge
from gitm.limits import Asker
from gitm.llm.prices import cost
from gitm.memory import MEMORY, SUCCESSES, Memory
from gitm.mind import Mind
from gitm.parts import NoMemory, Parts
from gitm.passages import render
from gitm.planner import Mode, Planner
from gitm.skills import Library
from gitm.skills.sources import sources
from gitm.types import LLM, Passage


def open_mind(
    home: Path,
    *,
    llm: LLM,
    roles: Mapping[Role, LLM] | None = None,
    shape: Shape = "text",
    version: str | None = None,
    guides: Sequence[Path] = (),
    planner: Mode = "auto",
    skills: Sequence[Path] = (),
    embedder: str = "hash",
    progress: Callable[[int, int], None] | None = None,
    parts: Parts = Parts(),
    successes: int = SUCCESSES,
) -> Mind:
    """A mind that knows the shipped guides and those given; ``version`` is the game's; :func:`gitm.data.rule_book` finds its rule book.

    A folder among ``guides`` is added to what is known; a rule book file among them takes the place of the shipped passages.
    ``llm`` answers in every role that ``roles`` has no other one for, ``shape`` is that of the decomposer's question.
    Templates are those of :func:`gitm.skills.sources.sources` and of the folders ``skills``; after ``successes`` of a sub-goal its
    plans are condensed. ``parts`` says what is switched on. What a user should know gathers in ``mind.knowledge.notes``.
    Raises :class:`gitm.errors.SetupError` when something given cannot be used.
    """
    passages, aliases = gather(version, guides) if parts.knowledge else ((), {})
    knowledge = Knowledge.open(home, passages, embedder=embedder_by_name(embedder), progress=progress)
    if (note := stand_in(version)) and not any(path.is_file() for path in guides):
        knowledge.notes.append(note)
    library = Library.open(sources(shipped("skills"), home, skills))
    memory = Memory(home / MEMORY, knowledge.notes.append, successes) if parts.memory else NoMemory()
    asker = Asker(llm, others=roles or {}, price=cost)
    return Mind(Decomposer(knowledge, memory, asker, shape), Planner(library, knowledge, memory, asker, planner), asker, aliases, parts)


def gather(version: str | None, guides: Sequence[Path]) -> tuple[tuple[Passage, ...], Mapping[str, str]]:
    """Every passage to be known, and other names for items."""
    books = [path for path in guides if path.is_file()]
    for path in guides:
        if not path.exists():
            raise BadFile(path, "", "does not exist; --guides takes a folder of Markdown files or a rule book file")
    rendered = [load(path) for path in books] or [load(rule_book(version))]
    passages = [passage for book in rendered for passage in render(book)]
    if not books:
        passages += load_guides(shipped("knowledge/guides"), rendered[0].version)
    for folder in guides:
        if folder.is_dir():
            passages += load_guides(folder, rendered[0].version)
    return tuple(passages), {alias: name for book in rendered for alias, name in book.aliases.items()}
