"""Ways read out of passages, sentence by sentence: what the keyless reader does in place of a language model."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitm import grammar as g
from gitm.answers import Amount, WayAnswer

_RARITIES = ("common", "uncommon", "rare", "very rare")


def read_ways(item: str, text: str) -> list[WayAnswer]:
    """Every way of obtaining the item that a sentence of the text states."""
    reading = _Reading(text)
    lasts = next((int(found["n"]) for found in g.find_all(g.LASTS, text) if found["item"] == item), None)
    return [way.model_copy(update={"lasts": lasts}) for way in reading.ways(item)]


@dataclass(frozen=True)
class _Reading:
    text: str

    def ways(self, item: str) -> Iterator[WayAnswer]:
        yield from self._crafted(item)
        yield from self._mined(item)
        yield from self._killed(item)
        yield from self._applied(item)
        yield from self._grouped(item)

    def _about(self, item: str, *forms: g.Form) -> Iterator[dict[str, str]]:
        return (found for found in g.find_all(forms, self.text) if found["item"] == item)

    def _crafted(self, item: str) -> Iterator[WayAnswer]:
        for kind, forms in (("craft", g.CRAFT), ("smelt", g.SMELT)):
            for found in self._about(item, *forms):
                yield _answer(item, kind, int(found["n"]), material=_amounts(found["stacks"]), station=_amounts(found["tools"]) or None)

    def _mined(self, item: str) -> Iterator[WayAnswer]:
        for found in self._about(item, *g.MINE):
            block = found["target"]
            given = _given(found)
            tools = g.read_tool(found["tool"])
            if (grown := self._grown(block)) is not None:
                yield _answer(item, "grow", target=block, **given, **grown)
            if (made := next((m for m in g.find_all(g.MAKE, self.text) if m["target"] == block), None)) is not None:
                yield _answer(
                    item, "mine", target=block, use=made["use"], on=made["on"], **given, **_tools(tools), **self._where(made["on"])
                )
            if where := self._where(block):
                yield _answer(item, "mine", target=block, **given, **_tools(tools), **where)

    def _grown(self, plant: str) -> dict[str, Any] | None:
        """How the plant is grown: the seed is used up, the tool that makes the soil is kept."""
        for grown in g.find_all(g.GROW, self.text):
            if grown["target"] == plant:
                soil = next((m["use"] for m in g.find_all(g.MAKE, self.text) if m["target"] == grown["on"]), None)
                seed = [Amount(item=grown["use"])]
                return {
                    "use": grown["use"],
                    "on": grown["on"],
                    "material": seed,
                    "tool": soil,
                    "info": f"ripe in about {grown['minutes']} minutes",
                }
        return None

    def _killed(self, item: str) -> Iterator[WayAnswer]:
        for found in self._about(item, *g.ATTACK):
            mob = found["target"]
            yield _answer(item, "attack", target=mob, **_given(found), **_tools(g.read_tool(found["advice"])), **self._where(mob))

    def _applied(self, item: str) -> Iterator[WayAnswer]:
        for found in self._about(item, *g.APPLY):
            used = found["use"]
            material = _amounts(found["besides"])
            keeps = found["fate"] == "keeps it"
            if not keeps:
                material.insert(0, Amount(item=used))
            where = self._where(found["on"])
            station = _amounts(found["near"])
            if not where:  # found nowhere: it must be placed
                station.insert(0, Amount(item=found["on"]))
            yield _answer(
                item,
                "apply",
                use=used,
                on=found["on"],
                material=material,
                station=station,
                tool=used if keeps else None,
                **_given(found),
                **where,
            )

    def _grouped(self, item: str) -> Iterator[WayAnswer]:
        for found in self._about(item, *g.GROUP):
            for member in g.read_names(found["names"]):
                yield _answer(item, "any", material=[Amount(item=member)])
        for found in self._about(item, *g.COUNTS):
            yield _answer(item, "any", int(found["n"]), material=_amounts(found["stacks"]))

    def _where(self, thing: str) -> dict[str, Any]:
        """Where the thing is most easily found; nothing when no sentence says so."""
        places = [found for found in g.find_all(g.WHERE, self.text) if found["item"] == thing]
        if not places:
            return {}
        best = min(places, key=lambda found: _RARITIES.index(found["rarity"]))
        biomes = best["biomes"].removeprefix("in ")
        underground = best["layer"] == "underground"
        dug = next((g.read_tool(found["tool"]) for found in g.find_all(g.DIG, self.text) if found["item"] == thing), [])
        return {
            "rarity": best["rarity"],
            "underground": underground,
            "digger": dug[0] if underground and dug else None,
            "digger_or_better": dug[1:] if underground else [],
            "biomes": [] if biomes == "any biome" else g.read_names(biomes),
            "y": int(best["height"].rsplit(" ", 1)[1]) if best["height"] else None,
            "night": bool(best["when"]),
        }


def _answer(item: str, kind: str, count: int = 1, **fields: Any) -> WayAnswer:
    return WayAnswer.model_validate({"object": item, "kind": kind, "count": count} | fields)


def _given(found: dict[str, str]) -> dict[str, Any]:
    """Count and chance such that their product is the mean amount."""
    mean = g.read_amount(found["amount"])
    count = max(1, math.ceil(mean))
    return {"count": count, "chance": mean / count * g.read_odds(found["odds"])}


def _tools(names: list[str]) -> dict[str, Any]:
    return {"tool": names[0], "or_better": names[1:]} if names else {}


def _amounts(text: str) -> list[Amount]:
    return [Amount(item=item, count=count) for item, count in g.read_stacks(text)]
