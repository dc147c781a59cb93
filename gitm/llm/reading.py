"""Ways read out of passages, sentence by sentence: what the keyless reader does in place of a language model."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from gitm import grammar as g
from gitm.answers import Amount, WayAnswer

_RARITIES = ("common", "uncommon", "rare", "very rare", "extremely rare")
_SELF = "self"  # what is used without aiming at anything
_USUAL = 0.5  # an offer that fewer traders make is hard to find


def read_ways(item: str, text: str) -> list[WayAnswer]:
    """Every way of obtaining the item that a sentence of the text states."""
    reading = _Reading(text)
    lasts = next((int(found["n"]) for found in g.find_all(g.LASTS, text) if found["item"] == item), None)
    return [way.model_copy(update={"lasts": lasts}) for way in reading.ways(item)]


class _Reading:
    """A text with its sentences, found once and kept by what they are about."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[str, list[dict[str, str]]] = {}
        self._by: dict[tuple[str, str], dict[str, list[dict[str, str]]]] = {}

    def _all(self, form: str) -> list[dict[str, str]]:
        """The slots of every sentence of a form of :mod:`gitm.grammar`."""
        if form not in self._found:
            self._found[form] = list(g.find_all(getattr(g, form), self.text))
        return self._found[form]

    def _with(self, form: str, slot: str, value: str) -> list[dict[str, str]]:
        """Those of them that have the value in the slot."""
        if (form, slot) not in self._by:
            index = self._by[form, slot] = {}
            for found in self._all(form):
                index.setdefault(found[slot], []).append(found)
        return self._by[form, slot].get(value, [])

    def ways(self, item: str) -> Iterator[WayAnswer]:
        yield from self._crafted(item)
        yield from self._mined(item)
        yield from self._killed(item)
        yield from self._applied(item)
        yield from self._bought(item)
        yield from self._built(item)
        yield from self._grouped(item)

    def _crafted(self, item: str) -> Iterator[WayAnswer]:
        for form in ("CRAFT", "SMELT"):
            for found in self._with(form, "item", item):
                yield _answer(
                    item, form.lower(), int(found["n"]), material=_amounts(found["stacks"]), station=_amounts(found["tools"]) or None
                )

    def _mined(self, item: str) -> Iterator[WayAnswer]:
        for found in self._with("MINE", "item", item):
            block = found["target"]
            given = _given(found)
            tools = g.read_tool(found["tool"])
            for grown in self._grown(block, tools):
                yield _answer(item, "grow", target=block, **given, **grown)
            for made in self._made(block):
                yield _answer(item, "mine", target=block, **given, **_tools(tools), **made)
            for where in self._where(block):
                yield _answer(item, "mine", target=block, **given, **_tools(tools), **where)

    def _made(self, block: str) -> Iterator[dict[str, Any]]:
        """How the block comes of another by applying an item: of one that is found, or else of one that is brought along."""
        for made in self._with("MAKE", "target", block):
            spent = [made["use"]] if made["spent"] else []
            places = self._where(made["on"])
            for where in places or [{}]:
                material = [Amount(item=name) for name in (*spent, *([] if places else [made["on"]]))] + _amounts(made["besides"])
                yield {"use": made["use"], "on": made["on"], "material": material, **where}

    def _grown(self, plant: str, harvesters: list[str]) -> Iterator[dict[str, Any]]:
        """How the plant is grown: the seed is used up, the tools that make the soil and take the plant are kept."""
        for grown in self._with("GROW", "target", plant):
            soil = next(iter(self._with("MAKE", "target", grown["on"])), None)
            for where in self._where(soil["on"] if soil else grown["on"]) or [{} if soil else {"station": [Amount(item=grown["on"])]}]:
                yield {
                    "use": grown["use"],
                    "on": grown["on"],
                    "material": [Amount(item=grown["use"])],
                    "tool": soil["use"] if soil else None,
                    "soil": soil["on"] if soil else None,
                    "harvester": harvesters[0] if harvesters else None,
                    "harvester_or_better": harvesters[1:],
                    "minutes": float(grown["minutes"]),
                    "info": f"ripe in about {grown['minutes']} minutes",
                    **where,
                }

    def _killed(self, item: str) -> Iterator[WayAnswer]:
        for found in self._with("ATTACK", "item", item):
            mob = found["target"]
            fight = {"target": mob, **_given(found), **_tools(g.read_tool(found["advice"]))}
            places = self._where(mob)
            blueprints = self._with("BUILD", "item", mob)
            for where in places:
                yield _answer(item, "attack", **fight, **where)
            for built in blueprints:
                yield _answer(item, "attack", **fight, material=_amounts(built["stacks"]))
            if not places and not blueprints:
                yield _answer(item, "attack", **fight)

    def _applied(self, item: str) -> Iterator[WayAnswer]:
        for found in self._with("APPLY", "item", item):
            used = found["use"]
            material = _amounts(found["besides"])
            keeps = found["fate"] == "keeps it"
            if not keeps:
                material.insert(0, Amount(item=used))
            station = _amounts(found["near"])
            way = {"use": used, "on": found["on"], "minutes": _seconds(found["pace"]) / 60, **_given(found)}
            held = {"tool": used} if keeps else {}
            for aim in self._aims(found["on"]):
                lists = {"material": [*aim.pop("material", []), *material], "station": [*aim.pop("station", []), *station]}
                yield _answer(item, "apply", **{**way, **held, **aim, **lists})

    def _aims(self, thing: str) -> Iterator[dict[str, Any]]:
        """How one comes to what an item is applied on: it is found, or built, or made of another by applying an item, or else placed."""
        places = self._where(thing)
        blueprint = next(iter(self._with("BUILD", "item", thing)), None)
        made = self._with("MAKE", "target", thing)
        if places or thing == _SELF:
            yield from places or [{}]
        elif blueprint is not None:
            yield {"target": thing, "material": _amounts(blueprint["stacks"])}
        elif made:
            for making in made:
                first: dict[str, Any] = {"material": [Amount(item=making["use"])]} if making["spent"] else {"tool": making["use"]}
                first["material"] = [*first.get("material", []), *_amounts(making["besides"])]
                first |= {"soil": making["on"], "makes": g.read_several(making["several"])}
                yield from ({**first, **where} for where in self._where(making["on"]) or [{"station": [Amount(item=making["on"])]}])
        else:
            yield {"station": [Amount(item=thing)]}

    def _bought(self, item: str) -> Iterator[WayAnswer]:
        """Offers. One that few traders make is as good as a trader that is harder to find."""
        for found in self._with("TRADE", "item", item):
            for where in self._where(found["partner"]) or [{}]:
                seldom = int(g.read_odds(found["odds"]) < _USUAL) if where else 0
                rarity = _RARITIES[min(len(_RARITIES) - 1, _RARITIES.index(where["rarity"]) + seldom)] if where else None
                yield _answer(
                    item,
                    "trade",
                    int(found["n"]),
                    target=found["partner"],
                    material=_amounts(found["stacks"]),
                    **{**where, "rarity": rarity},
                )

    def _built(self, item: str) -> Iterator[WayAnswer]:
        for found in self._with("BUILD", "item", item):
            on = found["upon"].rpartition(" ")[2] or None
            for where in (self._where(on) if on else []) or [{}]:
                yield _answer(
                    item, "build", target=item, on=on, material=_amounts(found["stacks"]), **_tools(g.read_tool(found["tool"])), **where
                )

    def _grouped(self, item: str) -> Iterator[WayAnswer]:
        for found in self._with("GROUP", "item", item):
            for member in g.read_names(found["names"]):
                yield _answer(item, "any", material=[Amount(item=member)])
        for found in self._with("COUNTS", "item", item):
            yield _answer(item, "any", int(found["n"]), material=_amounts(found["stacks"]))

    def _where(self, thing: str) -> list[dict[str, Any]]:
        """Where the thing is most easily found in each dimension that sentences name; nothing when none says where."""
        best: dict[str, dict[str, str]] = {}
        for found in self._with("WHERE", "item", thing):
            dimension = found["dimension"].removeprefix(" of ")
            best[dimension] = min(best.get(dimension, found), found, key=lambda sentence: _RARITIES.index(sentence["rarity"]))
        return [self._place(thing, dimension, found) for dimension, found in best.items()]

    def _place(self, thing: str, dimension: str, found: dict[str, str]) -> dict[str, Any]:
        biomes = found["biomes"].removeprefix("in ")
        below = found["layer"] == "underground"
        underground = below and not found["inside"]  # a structure shows from above to who passes by, and then one digs down to it
        dug = next((g.read_tool(digging["tool"]) for digging in self._with("DIG", "item", thing)), []) if below else []
        return {
            "rarity": found["rarity"],
            "underground": underground,
            "digger": dug[0] if dug else None,
            "digger_or_better": dug[1:],
            "biomes": [] if biomes == "any biome" else g.read_names(biomes),
            "structure": found["inside"].removeprefix(", inside ") or None,
            "y": int(found["height"].rsplit(" ", 1)[1]) if found["height"] and not found["inside"] else None,
            "dimension": dimension or None,
            "portal": next((enter["portal"] for enter in self._with("ENTER", "world", dimension)), None),
            "night": bool(found["when"]),
        }


def _answer(item: str, kind: str, count: int = 1, **fields: Any) -> WayAnswer:
    return WayAnswer.model_validate({"object": item, "kind": kind, "count": count} | fields)


def _given(found: dict[str, str]) -> dict[str, Any]:
    """Count and chance such that their product is the mean amount."""
    mean = g.read_amount(found["amount"])
    count = max(1, math.ceil(mean))
    return {"count": count, "chance": mean / count * g.read_odds(found["odds"])}


def _seconds(pace: str) -> float:
    """The seconds in `` for about 20 seconds``."""
    return float(pace.split()[2]) if pace else 0.0


def _tools(names: list[str]) -> dict[str, Any]:
    return {"tool": names[0], "or_better": names[1:]} if names else {}


def _amounts(text: str) -> list[Amount]:
    return [Amount(item=item, count=count) for item, count in g.read_stacks(text)]
