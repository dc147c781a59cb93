"""Goals in a user's words: ``iron_pickaxe``, ``3 iron ingots``, "get me a bucket of water and 5 torches"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping

from gitm.errors import BadName, SetupError
from gitm.types import All, Goal, Obtain

#: The most an inventory holds: 36 slots of 64.
MOST = 2304

_VERBS = "obtain get make craft smelt collect mine find gather bring fetch give have need want build"
_FILLER = frozenset(f"{_VERBS} please i we me us my to the some of".split())
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBERS = {
    **{word: value for value, word in enumerate(_ONES.split())},
    **{word: value for value, word in zip(range(20, 100, 10), _TENS.split(), strict=True)},
    "a": 1,
    "an": 1,
    "single": 1,
    "pair": 2,
    "dozen": 12,
    "stack": 64,
}
_GROUPED = frozenset({"pair", "dozen", "stack", "hundred"})  # multiply the number before them: two dozen


def parse_goal(text: str, names: Collection[str], aliases: Mapping[str, str]) -> Goal:
    """The goal a text asks for: one item, or several joined by commas or "and".

    ``names`` are the items a goal may use, ``aliases`` other names for them. The same item named twice adds up.
    Raises :class:`BadName` for an unknown item (with the nearest known one) and :class:`SetupError` for a count no inventory holds.
    """
    known = names if isinstance(names, frozenset | set | dict) else frozenset(names)
    wanted: dict[str, int] = {}
    for phrase in re.split(r"[,;\n]", text):
        for item, count in _phrase(phrase, known, aliases):
            wanted[item] = wanted.get(item, 0) + count
    if not wanted:
        raise SetupError("the goal is empty; name an item, as in: gitm run iron_pickaxe")
    for item, count in wanted.items():
        if not 1 <= count <= MOST:
            raise SetupError(f"cannot hold {count} {item} at once; ask for 1 to {MOST}")
    goals = tuple(Obtain(item=item, count=count) for item, count in wanted.items())
    return goals[0] if len(goals) == 1 else All(goals=goals)


def is_free(text: str, names: Collection[str]) -> bool:
    """Whether a text is more than the name of an item, or a misspelling of one: then its words may be a wish."""
    for phrase in re.split(r"[,;\n]", text):
        words = _count(phrase.strip().lower())[1]
        if len(words) > 2 and not difflib.get_close_matches("_".join(words), names, n=1, cutoff=0.8):
            return True
    return False


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known name most like a misspelt one, or None when none is near."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return found[0] if found else None


def _phrase(phrase: str, names: Collection[str], aliases: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The items of a phrase without commas; "and" joins them unless it belongs to a name, as in flint and steel."""
    parts = [part for part in re.split(r"\s+and\s+|^\s*and\s+|&|\+", phrase.strip().lower()) if part.strip()]
    while parts:
        for upto in range(len(parts), 0, -1):
            text = " and ".join(parts[:upto])
            count, words = (1, text.split()) if "_".join(text.split()) in names else _count(text)
            if item := _resolve(words, names, aliases):
                yield item, count
                del parts[:upto]
                break
        else:
            raise _unknown(_count(parts[0])[1], names, aliases)


def _count(phrase: str) -> tuple[int, list[str]]:
    """The count and the remaining words of a phrase: "3x oak log", "two dozen sticks", "iron_ingot x 3"."""
    words = re.sub(r"[×*]", " x ", phrase.removesuffix(".").removesuffix("!")).split()
    while words and words[0] in _FILLER:
        del words[0]
    if len(words) > 2 and words[-2] == "x" and words[-1].isdecimal():
        return _digits(words[-1]), words[:-2]
    if len(words) > 1 and (trailing := re.fullmatch(r"x(\d+)", words[-1])):
        return _digits(trailing[1]), words[:-1]
    count, used = _leading_number(words)
    rest = words[used:]
    while rest and (rest[0] in _FILLER or (used and rest[0] == "x")):
        del rest[0]
    return count, rest


def _leading_number(words: list[str]) -> tuple[int, int]:
    """The number that the words begin with (1 when none) and how many words it takes."""
    if words and (leading := re.fullmatch(r"(\d+)x?", words[0])):
        return _digits(leading[1]), 1
    total, used = 0, 0
    while used < len(words) - 1:  # the last word is the item
        parts = words[used].split("-")
        if parts == ["hundred"] or parts[0] in _GROUPED:
            total = max(total, 1) * (100 if parts[0] == "hundred" else _NUMBERS[parts[0]])
        elif all(part in _NUMBERS for part in parts):
            total += sum(_NUMBERS[part] for part in parts)
        elif not (parts == ["half"] and words[used + 1 : used + 3] == ["a", "dozen"]):
            break
        else:
            return 6, used + 3
        used += 1
    return (total, used) if used else (1, 0)


def _digits(text: str) -> int:
    return int(text) if len(text) < 9 else 10**9  # int() refuses very long texts; either way it is too many


def _resolve(words: list[str], names: Collection[str], aliases: Mapping[str, str]) -> str | None:
    """The item that words name: as they stand, by an alias, in the singular, or turned round (bucket of water)."""
    for candidate in _candidates(words):
        found = aliases.get(candidate, candidate)
        if found in names:
            return found
    return None


def _candidates(words: list[str]) -> Iterator[str]:
    plain = re.sub(r"[\s_-]+", "_", " ".join(words)).removeprefix("minecraft:").strip("_")
    yield from (plain, *_singulars(plain))
    first, of, second = plain.partition("_of_")
    if of:
        for one in (first, *_singulars(first)):
            yield f"{second}_{one}"
        if "_" not in first:  # a measure: pieces of string
            yield from (second, *_singulars(second))


def _singulars(name: str) -> Iterator[str]:
    """What a name may be the plural of."""
    for ending, singular in (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", "")):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            yield name.removesuffix(ending) + singular


def _unknown(words: list[str], names: Collection[str], aliases: Mapping[str, str]) -> BadName:
    word = "_".join(words)[:60]
    if not word:
        return BadName("the goal names no item; name one, as in: gitm run iron_pickaxe")
    near = nearest(word, [*names, *aliases])
    if near is None:
        return BadName(f"no item '{word}'; search what is known with: gitm knowledge search \"{word.replace('_', ' ')}\"")
    return BadName(f"no item '{word}'; did you mean '{aliases.get(near, near)}'?")
