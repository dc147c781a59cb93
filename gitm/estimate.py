"""What a run would ask of LLMs, before anything is spent: the same questions, put to the reader and measured.

The walk is the real one: what this home's memory knows is not asked, what it does not know is read out of the passages by the reader,
so the next items are known. Prompts are measured by their length, answers by that of the reader's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gitm.events import Asked, Event, Role, drained
from gitm.limits import CHARACTERS_A_TOKEN, Price
from gitm.llm.reader import Reader
from gitm.mind import NOWHERE, Mind
from gitm.planner import Attempt
from gitm.stock import Stock
from gitm.types import Frozen, Goal, Message, Reply, T, Usage


class Estimated(Frozen):
    """The questions in one role: to which LLM, about what, how much they take, and US dollars (None: no price is known)."""

    llm: str
    about: tuple[str, ...] = ()
    usage: Usage = Usage()
    cost: float | None = None


class Estimate(Frozen):
    """The questions that reaching a goal would take when nothing goes wrong, by role."""

    goal: Goal
    roles: dict[str, Estimated]

    @property
    def cost(self) -> float | None:
        """US dollars in all, None when a price that matters is not known."""
        costs = [part.cost for part in self.roles.values() if part.usage.calls]
        return None if None in costs else sum(cost for cost in costs if cost is not None)


class Measuring:
    """The reader under another LLM's name; every answer says what the question would have taken."""

    exact = True  # as the reader it is; also, nothing is asked twice

    def __init__(self, name: str) -> None:
        self.name = name
        self._reader = Reader()

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """The reader's answer, and the tokens of question and answer by their lengths."""
        reply = self._reader.complete(messages, schema)
        asked = sum(len(message.content) for message in messages)
        said = len(reply.value.model_dump_json(exclude_defaults=True))
        usage = Usage(calls=1, prompt_tokens=asked // CHARACTERS_A_TOKEN, completion_tokens=said // CHARACTERS_A_TOKEN)
        return Reply(value=reply.value, usage=usage)


def estimate(goal: Goal, mind: Mind, price: Price) -> Estimate:
    """What a goal would take from an empty inventory; ``mind`` must have been opened with a :class:`Measuring` LLM for every role.

    Raises :class:`gitm.errors.NoWay`. Nothing is kept in the memory.
    """
    mind.decomposer.keeps = False
    asked, tree = drained(mind.decomposer.tree(goal, Stock(), whole=True))
    for task in tree.subgoals:
        more, _ = drained(mind.planner.plan(Attempt(task, ""), NOWHERE, ""))
        asked += more
    roles: tuple[Role, ...] = ("decomposer", "planner")
    return Estimate(goal=goal, roles={role: _sum(mind.asker.llm_for(role).name, role, asked, price) for role in roles})


def _sum(llm: str, role: Role, events: Sequence[Event], price: Price) -> Estimated:
    questions = [event for event in events if isinstance(event, Asked) and event.role == role]
    usage = sum((event.usage for event in questions), Usage())
    return Estimated(llm=llm, about=tuple(event.about for event in questions), usage=usage, cost=price(llm, usage))


def measuring(names: Mapping[Role, str]) -> dict[Role, Measuring]:
    """LLMs of these names that only measure."""
    return {role: Measuring(name) for role, name in names.items()}
