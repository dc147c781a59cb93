"""Goals in free words: "make me something to light a cave" to items of the vocabulary, by an LLM; without one, what comes nearest.

Whatever the words are, the most they can do is to choose items: the answer is names and counts, and each name must be a known one.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from gitm.answers import GoalAnswer, name
from gitm.errors import BadName, LLMError
from gitm.events import Event
from gitm.goals import MOST, nearest
from gitm.knowledge import Knowledge
from gitm.limits import Asker
from gitm.prompting import render
from gitm.types import All, Goal, Message, Obtain

MOST_WORDS = 500  # characters of a wish that are read
MOST_GOALS = 12
_NEAREST = 6
_SEARCHED = 12  # passages


def understand(text: str, knowledge: Knowledge, aliases: Mapping[str, str], asker: Asker) -> Generator[Event, None, Goal]:
    """The goal that the words come to; raises :class:`BadName` with the nearest items when they come to none.

    A name that is not known is told to the LLM once, with what is near it.
    """
    wish = " ".join(text.split())[:MOST_WORDS]
    if getattr(asker.llm_for("decomposer"), "exact", False):
        raise BadName(f"no item is named in '{wish}'; {_near(wish, knowledge)}; or let a model understand it, with --llm (docs/llm.md)")
    messages = render("goal", wish=wish, names=sorted(knowledge.names))
    for _ in range(2):
        try:
            answer = yield from asker.ask("decomposer", wish, messages, GoalAnswer)
        except LLMError as error:
            raise BadName(f"'{wish}' was not understood ({error}); {_near(wish, knowledge)}") from error
        wanted, unknown = _known(answer, knowledge.names, aliases)
        if not unknown:
            break
        messages = [*messages, *_objection(answer, unknown, knowledge.names)]
    if not wanted:
        raise BadName(f"'{wish}' comes to no item that is known; {_near(wish, knowledge)}")
    goals = tuple(Obtain(item=item, count=count) for item, count in wanted.items())
    return goals[0] if len(goals) == 1 else All(goals=goals)


def _known(answer: GoalAnswer, names: frozenset[str], aliases: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """The items of an answer that are known, and the names that are not."""
    wanted: dict[str, int] = {}
    unknown: list[str] = []
    for amount in answer.goals[:MOST_GOALS]:
        spelt = name(amount.item) or ""
        item = aliases.get(spelt, spelt)
        if item in names:
            wanted[item] = min(MOST, wanted.get(item, 0) + max(1, amount.count))
        else:
            unknown.append(spelt[:60])
    return wanted, unknown


def _objection(answer: GoalAnswer, unknown: Sequence[str], names: frozenset[str]) -> tuple[Message, Message]:
    """The answer, and what is wrong with it."""
    mends = [f"'{item}'" + (f" (did you mean '{near}'?)" if (near := nearest(item, names)) else "") for item in unknown]
    wish = f"There is no item {', '.join(mends)}. Answer again, with names of the list only."
    return Message(role="assistant", content=answer.model_dump_json()), Message(role="user", content=wish)


def _near(wish: str, knowledge: Knowledge) -> str:
    """The items of the passages most like the words, in a sentence."""
    found = (item for hit in knowledge.search(wish, _SEARCHED) for item in hit.passage.items[:2])
    items = list(dict.fromkeys(found))[:_NEAREST]
    return f"the nearest are {', '.join(items)}: name one" if items else "name one, as in: gitm run iron_pickaxe"
