"""A stand-in for a language model that half remembers Minecraft: it errs at stated rates, seeded, and costs nothing.

It is what ``gitm bench ablation`` measures with when no real model is given. It sees prompts and nothing else, like any LLM. What it
remembers is a set of passages of its own; of each item it has the same wrong ideas every time it is asked, until passages or feedback
in the prompt tell it better. Passages it reads with an occasional slip of the moment. Plans it writes by the same rules as the reader,
and slips while doing so (:mod:`gitm.llm.slips`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

from gitm.answers import Amount, PlanAnswer, WayAnswer, WaysAnswer, ways_of
from gitm.errors import LLMError
from gitm.llm.foresight import think_through
from gitm.llm.reader import Reader
from gitm.llm.reading import read_ways
from gitm.llm.slips import Luck, Rates, clumsy, misremembered
from gitm.types import Message, Reply, T, Usage, Way

_PASSAGE = re.compile(r"<passage[^>]*>(.*?)</passage>", re.DOTALL)
_COMMON = 30  # materials that come to mind in place of others
#: The slips that each sort of feedback names the mend of, by what stands in it.
_MENDS = {
    "missing_step": ("MISSING_STATION", "NOT_FOUND", "OUT_OF_REACH", "NO_PATH"),
    "wrong_tool": ("MISSING_TOOL",),
    "wrong_amount": ("MISSING_MATERIAL", "PARTIAL"),
    "wrong_height": ("NOT_FOUND",),
    "invented_action": ("there is no action",),
}
_STATED = ("wrong_tool", "wrong_height")  # slips in a plan about what passages state


class Forgetful:
    """A seeded :class:`gitm.types.LLM` that answers the decomposer's and the planner's prompts, at ``rates``.

    ``memory`` maps an item to all it remembers of it, as a passage. Same seed, same order of questions: the same answers.
    """

    condenses = False  # it cannot tell luck from need

    def __init__(self, memory: Mapping[str, str], seed: int, rates: Rates) -> None:
        self.memory, self.rates, self.asked = memory, rates, 0
        self.name = f"forgetful({seed})"
        self._luck = Luck(seed)
        self._materials = _common_materials(tuple(memory.values()))
        self._known: dict[str, tuple[Way, ...]] = {}

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """An answer, with the slips of this moment; raises :class:`LLMError` when it comes out malformed."""
        text = next(message.content for message in reversed(messages) if message.role == "user")
        self.asked += 1
        usage = Usage(calls=1)
        if self._luck.roll("malformed", self.asked) < self.rates.malformed:
            raise LLMError(f"{self.name}: the answer is no {schema.__name__}", usage)
        answer: BaseModel
        if issubclass(schema, WaysAnswer):
            answer = WaysAnswer(ways=self._decompose(text))
        elif issubclass(schema, PlanAnswer):
            answer = PlanAnswer(thoughts="as far as I remember", action_list=self._plan(messages, text))
        else:
            raise LLMError(f"{self.name} only decomposes and plans, it cannot answer for {schema.__name__}", usage)
        return Reply(value=schema.model_validate(answer.model_dump()), usage=usage)

    # --- decomposer ------------------------------------------------------------------------------------------

    def _decompose(self, text: str) -> list[WayAnswer]:
        question = _PASSAGE.sub("", text)  # headings inside a passage are part of its text
        item = _section(question, "Item")
        passages = "\n".join(_PASSAGE.findall(text))
        told = _section(question, "Contradiction")
        if not told or self._luck.roll("heed", told) >= self.rates.heeding:
            return self._recall(item, passages)
        if _field(told, "code") in ("UNKNOWN_NAME", "IMPOSSIBLE"):  # it must be otherwise: think again
            return self._recall(item, passages, again=told)
        believed = Way.model_validate_json(_field(told, "way")).kind
        return [_told_better(way, told) if way.kind == believed else way for way in self._recall(item, passages)]

    def _recall(self, item: str, passages: str, again: str = "") -> list[WayAnswer]:
        """The ways that passages state, with slips of the moment; or those remembered, with this model's fixed ideas about the item."""
        exact = _read(item, passages or self.memory.get(item, ""))
        share = self.rates.reading if passages else 1.0
        luck = self._luck.within("read", self.asked) if passages else self._luck.within("recall", item, again)
        return [misremembered(way, self.rates, luck.within(at), self._materials, share) for at, way in enumerate(exact)]

    # --- planner ---------------------------------------------------------------------------------------------

    def _plan(self, messages: Sequence[Message], text: str) -> list[dict[str, Any]]:
        question = _PASSAGE.sub("", text)
        task = _section(question, "Sub-goal")
        way = Way.model_validate_json(_field(task, "way"))
        if way.kind == "any":  # nobody has decomposed the goal
            known = "\n".join(_PASSAGE.findall(text))
            plan = think_through(way.item, int(_field(task, "count")), _section(question, "State"), lambda item: self._ways(item, known))
        else:
            plan = Reader().complete(messages, PlanAnswer).value.action_list
        return clumsy(
            plan, self.rates, self._luck.within("plan", way.item, way.key), self._luck.within("now", self.asked), _shares(text, self.rates)
        )

    def _ways(self, item: str, passages: str) -> tuple[Way, ...]:
        """What it would answer if it were asked about the item."""
        stated = passages if passages and _read(item, passages) else ""
        if (key := f"{item} {bool(stated)}") not in self._known:
            self._known[key] = ways_of(item, WaysAnswer(ways=self._recall(item, stated)))
        return self._known[key]


def _shares(text: str, rates: Rates) -> dict[str, float]:
    """What part of each slip in a plan remains, given what is in the prompt."""
    question = _PASSAGE.sub("", text)
    feedback = [line for line in _section(question, "Feedback").splitlines() if " failed with " in line or line.startswith("your answer")]
    guided = rates.guided if _section(question, "Reference plan") else 1.0
    shares: dict[str, float] = {}
    for slip, marks in _MENDS.items():
        told = any(mark in line for line in feedback for mark in marks)
        stated = slip in _STATED and _PASSAGE.search(text) is not None
        shares[slip] = guided * (1 - rates.heeding if told else 1.0) * (rates.reading if stated else 1.0)
    return shares


def _told_better(way: WayAnswer, told: str) -> WayAnswer:
    """The way with what the world's answer says is missing."""
    missing = [Amount(item=item, count=int(count)) for count, item in re.findall(r"(\d+) ([\w\[\]]+)", _field(told, "missing"))]
    match _field(told, "code"), missing:
        case "MISSING_TOOL", [tool, *_]:
            return way.model_copy(update={"tool": tool.item})
        case "MISSING_STATION", [_, *_]:
            return way.model_copy(update={"station": [*(way.station or []), *missing]})
        case "MISSING_MATERIAL", [_, *_]:
            amounts = Counter({amount.item: amount.count for amount in way.material or []})
            amounts.update({amount.item: amount.count for amount in missing})
            return way.model_copy(update={"material": [Amount(item=item, count=count) for item, count in amounts.items()]})
    return way


@cache
def _read(item: str, text: str) -> tuple[WayAnswer, ...]:
    return tuple(read_ways(item, text))


@cache
def _common_materials(passages: tuple[str, ...]) -> tuple[str, ...]:
    """The materials most often read of in recipes, the most frequent first."""
    found = Counter(
        item
        for text in passages
        for recipe in re.findall(r"requires (.*?) as the material", text)
        for item in re.findall(r"\d+ (\w+)", recipe)
    )
    return tuple(item for item, _ in found.most_common(_COMMON)) or ("stick",)


def _section(text: str, title: str) -> str:
    """What stands under a ``# Title`` heading, up to the next one."""
    found = re.search(rf"^# {re.escape(title)}\n(.*?)(?=^# |\Z)", text, re.DOTALL | re.MULTILINE)
    return found[1].strip() if found else ""


def _field(section: str, key: str) -> str:
    """The value of a ``key: value`` line."""
    found = re.search(rf"^{re.escape(key)}: (.*)$", section, re.MULTILINE)
    return found[1].strip() if found else ""
