"""Which names a version has: what it lacks is left out of its book, and what no version has is a mistake in the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from facts.shorthand import name_of, offer
from facts.sources import Sources

#: The fields of an entry whose names must be there for the entry to make sense: items or groups, and things of any kind; single and
#: in lists of short forms.
_CARRIED = ("item", "material", "seed", "item_becomes")
_CARRIED_LISTS = ("materials", "tools")
_NEEDED = ("block", "plant", "target", "soil", "target_becomes", "station", "makes", "on")
_NEEDED_LISTS = ("near",)
#: Lists of short forms that simply are shorter where a version lacks one.
_SHORTER_CARRIED = ("drops", "gives", "items")
_SHORTER = ("holds",)
_ALWAYS = {"air", "self", "experience", "mob"}  # "on: mob" is a kind of target


class Names:
    """The names of one version: what can be carried (items and groups), blocks, mobs, biomes; and those of ``ever``, any version."""

    def __init__(self, kinds: Mapping[str, Iterable[str]], ever: Iterable[str], sources: Sources) -> None:
        self.carried = {*kinds["carried"], *_ALWAYS}
        self.mobs = set(kinds["mobs"])
        self.biomes = set(kinds["biomes"])
        self.now = {*self.carried, *kinds["blocks"], *self.mobs}
        self.ever = {*ever, *self.now}
        self.sources = sources

    def lacks(self, name: str, *, of_family: bool = False, carried: bool = False) -> bool:
        """Whether this version has no such item or group (``carried``), or nothing at all called so; a variant is there when its base is.

        A family may have members for which there is no such thing in any version; everywhere else that is an error.
        """
        base = name.partition("[")[0]
        if base in (self.carried if carried else self.now):
            return False
        if base not in self.ever and not of_family:
            raise SystemExit(f"sources: no version has '{name}'; correct the name")
        return True

    def pick(self, section: str) -> list[dict[str, Any]]:
        """The entries of a section that this version can have, without what it lacks."""
        return list(self._picked(section, self.sources.skipped))

    def _picked(self, section: str, skipped: Counter[str]) -> Iterator[dict[str, Any]]:
        for entry, of_family in self.sources.entries(section):
            if self._lacks_any(entry, of_family=of_family):
                skipped[f"{section}: of other versions"] += 1
                continue
            for keys, carried in ((_SHORTER, False), (_SHORTER_CARRIED, True)):
                for key in set(keys) & set(entry):
                    entry[key] = [form for form in entry[key] if not self.lacks(name_of(form), of_family=of_family, carried=carried)]
            if "offers" in entry:
                offers = [offer(form) for form in entry["offers"]]
                entry["offers"] = [
                    one for one in offers if not any(self.lacks(name, of_family=of_family, carried=True) for name in traded(one))
                ]
            if "biomes" in entry:
                entry["biomes"] = [biome for biome in entry["biomes"] if biome in self.biomes]
                if not entry["biomes"]:
                    skipped[f"{section}: of other biomes"] += 1
                    continue
            yield entry

    def _lacks_any(self, entry: Mapping[str, Any], *, of_family: bool) -> bool:
        """Whether something without which the entry is nothing is not in this version."""
        mob = entry.get("mob") or (entry["target"] if entry.get("on") == "mob" else None)
        if mob and mob.partition("[")[0] not in self.mobs:
            self.lacks(mob, of_family=of_family)  # an item may be called like a mob of later versions: cod
            return True
        for single, lists, carried in ((_CARRIED, _CARRIED_LISTS, True), (_NEEDED, _NEEDED_LISTS, False)):
            names = [entry[key] for key in single if isinstance(entry.get(key), str)]
            names += [name_of(form) for key in lists for form in entry.get(key, [])]
            if any(self.lacks(name, of_family=of_family, carried=carried) for name in names):
                return True
        return False


def traded(one: Mapping[str, Any]) -> list[str]:
    """The names in an offer."""
    return [one["item"], *(stack["item"] for stack in one["materials"])]
