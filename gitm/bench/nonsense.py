"""Rule books in which every name is an invented one: nothing that an agent knows of Minecraft's words can help it, or mislead it.

Items, blocks, groups, mobs, biomes, structures and dimensions are renamed throughout; a variant in brackets is a name like any other.
What the world's engine itself means by a word (a layer, a kind of tool, ``overworld``) stays.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from gitm.facts import SELF, RuleBook

ONSETS = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "bl", "dr", "gr", "kl", "pr", "st", "tr"]
VOWELS, CODAS = "aeiou", ["", "l", "m", "n", "r", "x"]
KEPT = frozenset({SELF, "air", "water", "lava", "overworld", "fuel", "experience", "bone_meal"})  # words of the engine
PARTS = ("items", "blocks", "groups", "mobs", "biomes", "structures")
KEYED = dict.fromkeys((*PARTS, "portals"), 1) | {"fuels": 2}  # how many levels of keys are names
#: Fields whose values are words of the schema, not names.
SCHEMA = frozenset({"kind", "tool", "layer", "time", "needs", "rarity"})


def invented(book: RuleBook, seed: int) -> tuple[RuleBook, Mapping[str, str]]:
    """The same rules under invented names, and what each name became. The same seed gives the same names; aliases are dropped."""
    dice = random.Random(f"nonsense {seed}")  # noqa: S311 - a game, not a secret
    known = sorted({name for part in PARTS for name in getattr(book, part)} | {*book.portals.values()} - KEPT)
    names: dict[str, str] = {}
    used = {*KEPT, *known}
    for name in known:
        if name not in KEPT:
            names[name] = next(word for word in iter(lambda: _word(dice), None) if word not in used)
            used.add(names[name])
    data = book.model_dump(mode="json", exclude={"aliases", "unobtainable", "name", "version"})
    renamed = {part: _renamed(value, names, part, KEYED.get(part, 0)) for part, value in data.items()}
    unobtainable = {names.get(name, name): reason for name, reason in book.unobtainable.items()}
    return RuleBook.model_validate(
        {**renamed, "unobtainable": unobtainable, "name": f"{book.name}, nonsense {seed}", "version": book.version}
    ), names


def _word(dice: random.Random) -> str:
    return "".join(dice.choice(ONSETS) + dice.choice(VOWELS) for _ in range(dice.choice((2, 3)))) + dice.choice(CODAS)


def _renamed(value: Any, names: Mapping[str, str], part: str, keyed: int = 0) -> Any:
    """A part of the book with every name in it replaced; the keys of its ``keyed`` outer levels are names, those below are fields."""
    if isinstance(value, dict):
        if keyed:
            return {names.get(key, key): _renamed(inner, names, part, keyed - 1) for key, inner in value.items()}
        return {key: inner if _is_word(key, inner, part) else _renamed(inner, names, part) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names, part) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def _is_word(field: str, value: Any, part: str) -> bool:
    """Whether a field holds a word of the schema. A structure holds a thing by ``name``; what a use works ``on`` is a kind of thing."""
    if field == "name":
        return part != "structures"
    return isinstance(value, str) and (field in SCHEMA or (field == "on" and part == "uses"))
