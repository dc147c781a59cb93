"""How a half-good LLM errs: the kinds of slips in a recalled way and in a plan, and how often each happens.

Pure functions over answers. Chance is drawn by name (:class:`Luck`): the same name gives the same number, so a slip can be a fixed
idea of a model or a matter of the moment, whatever the order of the questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import Field

from gitm.answers import Amount, WayAnswer
from gitm.types import Frozen

T = TypeVar("T")

_LEADING_UP = frozenset({"explore", "approach", "place", "equip", "dig_down", "go_up", "wait"})
_MISNAMED = {"explore": "search_for", "approach": "walk_to", "mine": "break_block", "craft": "make", "smelt": "cook", "dig_down": "descend"}
_OTHER_TOOLS = ("wooden_pickaxe", "stone_pickaxe", "iron_pickaxe", "wooden_axe", "stone_shovel")
_SOUGHT = frozenset({"mine", "attack", "grow", "apply"})  # kinds of ways that need a place
#: The slips by the names of their rates: in a way, in a plan.
WAY_SLIPS = ("wrong_material", "wrong_count", "missing_tool", "missing_station", "wrong_place", "invented_item")
PLAN_SLIPS = ("invented_action", "missing_step", "wrong_tool", "wrong_amount", "wrong_height")


class Rates(Frozen):
    """How often each slip happens, as a probability, and what makes it rarer. The defaults are assumptions with reasons, no measurements.

    Of a recalled way, for each part of it that can be wrong: amounts and places are what one forgets first, so they are the highest;
    a name that does not exist is rarer than a real one in the wrong place.
    Of a plan, for each action: a step left out is the commonest fault that GITM's paper shows, a made-up action the rarest, since the
    prompt lists them all.
    """

    wrong_material: float = Field(0.06, ge=0, le=1)  # each material
    wrong_count: float = Field(0.08, ge=0, le=1)  # each material
    missing_tool: float = Field(0.08, ge=0, le=1)
    missing_station: float = Field(0.08, ge=0, le=1)
    wrong_place: float = Field(0.12, ge=0, le=1)  # the layer or the height
    invented_item: float = Field(0.03, ge=0, le=1)

    invented_action: float = Field(0.02, ge=0, le=1)
    missing_step: float = Field(0.08, ge=0, le=1)  # each action that only leads up to another
    wrong_tool: float = Field(0.06, ge=0, le=1)
    wrong_amount: float = Field(0.06, ge=0, le=1)
    wrong_height: float = Field(0.08, ge=0, le=1)

    malformed: float = Field(0.02, ge=0, le=1)  # each answer is none at all

    reading: float = Field(0.05, ge=0, le=1)  # of what a passage states, that part of the slips remains: copying is easier than recalling
    heeding: float = Field(0.8, ge=0, le=1)  # a sentence of feedback that names the mend is followed
    guided: float = Field(0.2, ge=0, le=1)  # with a plan that worked before one's eyes, that part of the slips remains
    habit: float = Field(0.7, ge=0, le=1)  # a slip in a plan is a fixed idea, made again when asked the same, and not one of the moment

    def at(self, level: float) -> Rates:
        """The same with every slip ``level`` times as often, at most always; what makes slips rarer stays."""
        scaled = {slip: min(1.0, getattr(self, slip) * level) for slip in (*WAY_SLIPS, *PLAN_SLIPS, "malformed")}
        return self.model_copy(update=scaled)


class Luck:
    """Numbers drawn by name, the same for the same names."""

    def __init__(self, *names: object) -> None:
        self._names = names

    def within(self, *names: object) -> Luck:
        """The numbers below these names."""
        return Luck(*self._names, *names)

    def roll(self, *names: object) -> float:
        """A number from 0 up to but not 1."""
        text = "\x00".join(map(str, (*self._names, *names)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest()) / 2**56

    def pick(self, options: Sequence[T], *names: object) -> T:
        """One of the options."""
        return options[int(self.roll(*names, "pick") * len(options))]


# --- ways --------------------------------------------------------------------------------------------------------


def misremembered(way: WayAnswer, rates: Rates, luck: Luck, materials: Sequence[str], share: float = 1.0) -> WayAnswer:
    """The way as it is recalled, each slip ``share`` times as often as stated; ``materials`` are names that come to mind instead.

    A group (``kind`` any) is recalled as it is.
    """
    if way.kind == "any":
        return way

    def slips(kind: str, *part: object) -> bool:
        rate: float = getattr(rates, kind)
        return luck.roll(kind, *part) < rate * share

    changed: dict[str, Any] = {}
    recalled = list(way.material or [])
    for at, stack in enumerate(recalled):
        if slips("wrong_material", at):
            stack = Amount(item=luck.pick(materials, at), count=stack.count)
        if slips("wrong_count", at):
            stack = Amount(item=stack.item, count=_other_count(stack.count, luck.roll("count", at)))
        recalled[at] = stack
    if way.tool and slips("missing_tool"):
        changed |= {"tool": None, "or_better": []}
    if way.station and slips("missing_station"):
        changed["station"] = None
    if way.kind in _SOUGHT and slips("wrong_place"):
        changed |= _elsewhere(way, luck)
    if slips("invented_item"):
        if recalled:
            recalled[0] = Amount(item=_made_up(recalled[0].item, luck), count=recalled[0].count)
        elif way.target:
            changed["target"] = _made_up(way.target, luck)
    return way.model_copy(update=changed | ({"material": recalled} if recalled else {}))


def _elsewhere(way: WayAnswer, luck: Luck) -> dict[str, Any]:
    if not way.underground:
        return {"underground": True, "y": 30, "biomes": []}
    if way.y is None or luck.roll("layer") < 0.5:
        return {"underground": False, "y": None, "digger": None, "digger_or_better": []}
    return {"y": _other_height(way.y, luck.roll("height"))}


def _other_count(count: int, roll: float) -> int:
    """One less, one more, or double."""
    if roll < 0.4 and count > 1:
        return count - 1
    return count + 1 if roll < 0.8 else count * 2


def _other_height(y: int, roll: float) -> int:
    """At least 24 blocks off, within the world."""
    off = 24 + int(roll * 32)
    return y - off if y - off >= -60 and roll < 0.5 else y + off


def _made_up(item: str, luck: Luck) -> str:
    return luck.pick(("refined_{}", "{}_shard", "{}_essence"), "made up").format(item)


# --- plans -------------------------------------------------------------------------------------------------------


def clumsy(
    actions: Sequence[Mapping[str, Any]], rates: Rates, luck: Luck, moment: Luck, share: Mapping[str, float] | None = None
) -> list[dict[str, Any]]:
    """The plan as it is written down: each slip as often as stated times its ``share`` (1 when not given).

    A slip is drawn from ``luck``, the model's habits, or from ``moment``. Actions are told apart by name and object.
    """
    shares = share or {}
    written: list[dict[str, Any]] = []
    for entry in actions:
        action = dict(entry)
        named = (action["name"], action.get("object"))

        def slips(kind: str, named: tuple[Any, ...] = named) -> bool:
            source = luck if moment.roll(kind, *named, "habit") < rates.habit else moment
            rate: float = getattr(rates, kind)
            return source.roll(kind, *named) < rate * shares.get(kind, 1.0)

        if action["name"] in _LEADING_UP and slips("missing_step"):
            continue
        if action.get("tool") and action["name"] in ("mine", "attack", "dig_down") and slips("wrong_tool"):
            action["tool"] = luck.pick([tool for tool in _OTHER_TOOLS if tool != action["tool"]], *named)
        if "count" in action and slips("wrong_amount"):
            action["count"] = _other_count(action["count"], luck.roll("amount", *named))
        if "y_level" in action and slips("wrong_height"):
            action["y_level"] = _other_height(action["y_level"], luck.roll("y", *named))
        if slips("invented_action"):
            action["name"] = _MISNAMED.get(action["name"], f"{action['name']}_now")
        written.append(action)
    return written
