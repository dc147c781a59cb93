"""A rule book as prose speaks of it: names by what they are called, amounts in words."""

from __future__ import annotations

import re
from functools import cached_property

from gitm.facts import CraftFact, DropFact, RuleBook

WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
""".split()  # noqa: SIM905 - reads better than twenty quoted words
NUMBERS = {word: number for number, word in enumerate(WORDS)} | {"a": 1, "an": 1, "every": 1, "thirty": 30, "forty": 40, "fifty": 50}
NUMBER = rf"(?:-?\d+(?:,\d{{3}})*(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
NAME = r"`([a-z0-9_]+(?:\[[a-z_]+\])?)`"
ANY = "*"  # before the end of a name ("ingots" is *ingot), or alone for a pronoun ("nine of them")
#: What players call some things, beside the plural and the book's own aliases.
SPOKEN = {"log": "logs", "plank": "planks", "eye of ender": "ender_eye", "jungle temple": "jungle_pyramid"}
JOINTS = re.compile(r",? and |, | with | round | over | above | under | on top of | on | below | beside | between ")
_PRONOUN = re.compile(r"(?:of |more of |of the )?(?:it|them|these|those|that|blocks|item)?")


def number(word: str) -> float:
    """``three`` or ``3`` as a number."""
    return float(NUMBERS[word.lower()] if word.lower() in NUMBERS else word.replace(",", ""))


class Book:
    """A rule book as prose speaks of it: names by what they are called, and the facts a claim is held against."""

    def __init__(self, rules: RuleBook) -> None:
        self.rules = rules

    @cached_property
    def called(self) -> dict[str, str]:
        """Spoken name -> name."""
        rules = self.rules
        named = (*rules.structures, *rules.mobs, *rules.blocks, *rules.groups, *rules.items)
        return {name.replace("_", " "): name for name in named} | SPOKEN

    @cached_property
    def endings(self) -> frozenset[str]:
        """The last words of names: ``ingot``."""
        return frozenset(name.rsplit("_", 1)[-1] for name in self.rules.items if "_" in name)

    def name(self, phrase: str) -> str | None:
        """The name that a phrase means: in id form, as words, in the plural, or only the end of one; None when there is none."""
        words = re.sub(r"^(?:of the item |the item |blocks? of |pieces? of |empty |plain )+", "", phrase.strip().lower()).strip("` ")
        if _PRONOUN.fullmatch(words):
            return ANY
        words = words.replace("_", " ")
        singular = [
            words,
            *(words.removesuffix(end) + instead for end, instead in (("s", ""), ("es", ""), ("ies", "y")) if words.endswith(end)),
        ]
        exact = next((self.called[form] for form in singular if form in self.called), None)
        return exact or next((ANY + form for form in singular if form in self.endings), None)

    def names(self, text: str) -> list[str]:
        """Every whole name in a text, in order, the longest first where several fit."""
        words = re.findall(r"[\w\[\]]+", text.lower())
        found, at = [], 0
        while at < len(words):
            length = next((n for n in (4, 3, 2, 1) if (self.name(" ".join(words[at : at + n])) or ANY)[0] != ANY), 0)
            if length:
                found.append(str(self.name(" ".join(words[at : at + length]))))
            at += max(1, length)
        return found

    def stuff(self, text: str) -> dict[str, float] | None:
        """Amounts by name of a list such as ``two of the item `stick` and three planks``; None when some part is not understood."""
        found: dict[str, float] = {}
        for part in JOINTS.split(text.strip()):
            match = re.fullmatch(rf"(?:({NUMBER})\b ?)?(.*)", part.strip(), re.IGNORECASE)
            name = self.name(match.group(2)) if match else None
            if match is None or name is None or name in found:
                return None
            found[name] = number(match.group(1)) if match.group(1) else 1
        return found

    def same(self, said: str, fact: str) -> bool:
        """Whether two names may mean the same thing: equal, one the end of the other, or one a group that the other belongs to."""
        groups = self.rules.groups
        if said.startswith(ANY):
            return fact.endswith((said.removeprefix(ANY), f"{said.removeprefix(ANY)}s"))
        plural = said in (f"{fact}s", f"{fact}es")  # potatoes are a block as well
        return said == fact or plural or said in groups.get(fact, ()) or fact in groups.get(said, ())

    def crafts(self, item: str) -> list[CraftFact]:
        """All recipes of an item or of the members of a group."""
        return [craft for craft in self.rules.crafts if self.same(item, craft.item)]

    def amounts(self, names: tuple[str, ...], craft: CraftFact) -> tuple[float, ...] | None:
        """The recipe's amounts in the order of ``names``; None when it takes other materials."""
        left = {stack.item: stack.count for stack in craft.materials}
        amounts = []
        for name in names:
            fact = next((fact for fact in left if self.same(name, fact)), None)
            if fact is None:
                return None
            amounts.append(float(left.pop(fact)))
        return None if left else tuple(amounts)

    def drops(self, name: str) -> list[DropFact]:
        """What mobs, blocks and structures' contents of this name leave; ``chest[...]`` counts as a chest."""
        rules = self.rules
        held = [content.name for content in rules.structures[name].holds] if name in rules.structures else []
        mobs = [drop for mob, fact in rules.mobs.items() if mob in held or mob.split("[")[0] == name for drop in fact.drops]
        return mobs + [drop for block, fact in rules.blocks.items() if block in held or block.split("[")[0] == name for drop in fact.drops]
