"""The sentences in which guides state facts so exactly that arithmetic can be done with them.

Each form is written once and used in both directions: :mod:`gitm.passages` renders facts with it, the keyless reader
(:mod:`gitm.llm.reader`) finds facts in text with it, and a guide of your own may use it (``docs/guides.md``). An LLM needs
none of this; it reads prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NAME = r"[a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?"
_STACK = rf"\d+ {_NAME}"
_JOIN = r"(?:, | and | or )"
#: What may stand in a slot, by the part of its name before a digit.
_SLOTS = {
    "item": _NAME,
    "target": _NAME,
    "use": _NAME,
    "on": _NAME,
    "n": r"\d+",
    "stacks": rf"{_STACK}(?:{_JOIN}{_STACK})*",
    "names": rf"{_NAME}(?:{_JOIN}{_NAME})*",
    "amount": r"\d+(?: to \d+)?",
    "odds": r"(?: in [\d.]+% of cases)?",
    "tool": rf"(?:bare hands|an? {_NAME}(?: or better \([^)]*\))?)",
    "tools": rf"(?:nothing|an? {_NAME}|{_STACK}(?:{_JOIN}{_STACK})*)",
    "advice": rf"(?:; an? {_NAME} or better \([^)]*\) is advised)?",
    "fate": r"(?:uses it up|keeps it)",
    "besides": rf"(?:; it also takes {_STACK}(?:{_JOIN}{_STACK})*)?",
    "near": rf"(?:, with {_STACK}(?:{_JOIN}{_STACK})* near)?",
    "rarity": r"(?:common|uncommon|rare|very rare|extremely rare)",
    "layer": r"(?:on the surface|underground)",
    "biomes": rf"in (?:any biome|{_NAME}(?:{_JOIN}{_NAME})*)",
    "height": r"(?:, most often at height -?\d+)?",
    "when": r"(?: at night)?",
    "minutes": r"[\d.]+",
    "spent": r"(?: and uses it up)?",
    "several": r"(?: and up to \d+ others)?",
    "pace": r"(?: for about [\d.]+ seconds)?",
    "dimension": rf"(?: of {_NAME})?",
    "inside": rf"(?:, inside {_NAME})?",
    "upon": rf"(?: on {_NAME})?",
    "partner": _NAME,
    "level": r"(?: at level \d)?",
    "world": _NAME,
    "portal": _NAME,
    "reason": r"(?:[^.\n]|\.(?=\d))+",  # a dot within a version's number ends no sentence
}


@dataclass(frozen=True)
class Form:
    """A sentence with ``{slots}``: rendered from values, or found in a text."""

    text: str

    def render(self, **slots: str) -> str:
        """The sentence, which must read back (a slot that does not fit is our own mistake)."""
        sentence = self.text.format(**slots)
        if not self.pattern.fullmatch(sentence):
            raise AssertionError(f"does not read back: {sentence}")
        return sentence

    @property
    def pattern(self) -> re.Pattern[str]:
        """The form as a regular expression with one named group a slot."""
        return _compile(self.text)

    def find(self, text: str) -> Iterator[dict[str, str]]:
        """The slots of every occurrence in the text."""
        return (match.groupdict() for match in self.pattern.finditer(text))


_COMPILED: dict[str, re.Pattern[str]] = {}


def _compile(text: str) -> re.Pattern[str]:
    if text not in _COMPILED:
        parts = re.split(r"\{(\w+)\}", text)
        source = "".join(f"(?P<{part}>{_SLOTS[part]})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        _COMPILED[text] = re.compile(source)
    return _COMPILED[text]


CRAFT = (
    Form("Crafting {n} {item} requires {stacks} as the material and {tools} as the tool."),
    Form("To craft {n} {item}, put {stacks} together with {tools} as the tool."),
)
SMELT = (
    Form("Smelting {n} {item} requires {stacks} as the material and {tools} as the tool."),
    Form("To smelt {n} {item}, heat {stacks} with {tools} as the tool."),
)
MINE = (
    Form("Mining {target} gives {amount} {item}{odds}; it takes {tool}."),
    Form("When {target} is mined it drops {amount} {item}{odds}; it takes {tool}."),
)
ATTACK = (
    Form("Killing {target} gives {amount} {item}{odds}{advice}."),
    Form("When {target} is killed it drops {amount} {item}{odds}{advice}."),
)
APPLY = (Form("Using {use} on {on}{near}{pace} gives {amount} {item}{odds} and {fate}{besides}."),)
MAKE = (Form("Using {use} on {on} turns it{several} into {target}{spent}{besides}."),)
GROW = (Form("Planting {use} on {on} grows {target} in about {minutes} minutes."),)
WHERE = (Form("{item} is {rarity}: it is found {layer} {biomes}{dimension}{inside}{when}{height}."),)
ENTER = (Form("One gets to {world} through {portal}."),)
TRADE = (
    Form("{partner}{level} sells {n} {item} for {stacks}{odds}."),
    Form("From {partner}{level} one buys {n} {item} for {stacks}{odds}."),
)
BUILD = (Form("Building {item}{upon} takes {stacks} as the material and {tool}."),)
UNOBTAINABLE = (Form("{item} cannot be obtained in survival: {reason}."),)
DIG = (Form("To get at {item} underground one digs with {tool}."),)
GROUP = (Form("{item} means any one of {names}."),)
COUNTS = (Form("As {item}, {stacks} count for {n}."),)
LASTS = (Form("One {item} lasts {n} uses."),)


def find_all(forms: Sequence[Form], text: str) -> Iterator[dict[str, str]]:
    """The slots of every occurrence of any of the forms."""
    for form in forms:
        yield from form.find(text)


# --- values <-> words -----------------------------------------------------------------------------------------


def stacks_text(stacks: Sequence[tuple[str, int]]) -> str:
    """``3 planks and 2 stick``."""
    return _joined([f"{count} {item}" for item, count in stacks], "and")


def read_stacks(text: str) -> list[tuple[str, int]]:
    """The inverse of :func:`stacks_text`; ``nothing`` and ``bare hands`` give none, ``a furnace`` one."""
    if single := re.fullmatch(rf"an? ({_NAME})", text):
        return [(single[1], 1)]
    return [(item, int(count)) for count, item in re.findall(rf"(\d+) ({_NAME})", text)]


def names_text(names: Sequence[str], word: str = "and") -> str:
    """``oak_log, birch_log and spruce_log``."""
    return _joined(list(names), word)


def read_names(text: str) -> list[str]:
    """The inverse of :func:`names_text`."""
    return [name for name in re.split(r", | and | or ", text) if name]


def tool_text(names: Sequence[str]) -> str:
    """``a stone_pickaxe or better (iron_pickaxe, diamond_pickaxe)``; none: bare hands."""
    if not names:
        return "bare hands"
    return a(names[0]) + (f" or better ({', '.join(names[1:])})" if len(names) > 1 else "")


def read_tool(text: str) -> list[str]:
    """The inverse of :func:`tool_text`."""
    return [name for name in re.findall(_NAME, re.sub(r"\ban? |or better|bare hands|is advised", " ", text)) if name]


def a(name: str) -> str:
    """The name with its article."""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def amount_text(low: int, high: int) -> str:
    """``2`` or ``1 to 3``."""
    return str(low) if low == high else f"{low} to {high}"


def read_amount(text: str) -> float:
    """The mean of ``1 to 3`` (2.0) or ``2``."""
    bounds = [int(word) for word in text.split(" to ")]
    return sum(bounds) / len(bounds)


def odds_text(chance: float) -> str:
    """Nothing for certain things, else `` in 2.5% of cases``."""
    return "" if chance >= 1 else f" in {chance * 100:.4g}% of cases"


def read_odds(text: str) -> float:
    """The inverse of :func:`odds_text`."""
    found = re.search(r"([\d.]+)%", text)
    return float(found[1]) / 100 if found else 1.0


def several_text(count: int) -> str:
    """Nothing for one, else `` and up to 5 others`` for six."""
    return f" and up to {count - 1} others" if count > 1 else ""


def read_several(text: str) -> int:
    """The inverse of :func:`several_text`."""
    found = re.search(r"\d+", text)
    return int(found[0]) + 1 if found else 1


def figure(value: float) -> str:
    """A number of minutes or seconds to three digits, without an exponent."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _joined(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
