"""What a rule book says to a claim of a guide."""

from __future__ import annotations

from collections.abc import Callable

from guide_book import Book
from guide_claims import Claim


def verdict(book: Book, claim: Claim) -> str | None:
    """None when the book agrees, else what it says instead."""
    return _JUDGES[claim.kind](book, claim)


def _recipe(book: Book, claim: Claim) -> str | None:
    count, *amounts = claim.numbers
    facts = [(craft.count, book.amounts(claim.names, craft)) for craft in book.crafts(claim.about)]
    if any(said == tuple(amounts) and (not count or count == made) for made, said in facts):
        return None
    return f"its recipes: {[(craft.count, [(m.item, m.count) for m in craft.materials]) for craft in book.crafts(claim.about)][:3]}"


def _smelt(book: Book, claim: Claim) -> str | None:
    materials = [smelt.material for smelt in book.rules.smelts if smelt.item == claim.about]
    return None if any(book.same(claim.names[0], material) for material in materials) else f"it is smelted from {materials}"


def _drop(book: Book, claim: Claim) -> str | None:
    low, high = claim.numbers
    facts = [drop for drop in book.drops(claim.about) if book.same(claim.names[0], drop.item)]
    if any(drop.high == high and low in (drop.low, 0 if drop.chance < 1 else drop.low, 1 if drop.low == 0 else low + 1) for drop in facts):
        return None
    return f"it drops {[(drop.item, drop.low, drop.high, drop.chance) for drop in facts]}"


def _chance(book: Book, claim: Claim) -> str | None:
    facts = [drop.chance for drop in book.drops(claim.about) if book.same(claim.names[0], drop.item)]
    return None if any(abs(chance * claim.numbers[0] - 1) < 0.15 for chance in facts) else f"its chances: {facts}"


def _height(book: Book, claim: Claim) -> str | None:
    """The book has deepslate ores apart, and ends where the ground does: at y 62, or 90 in the hills."""
    name = claim.about.removeprefix("deepslate_")
    spans = [deposit.y for deposit in book.rules.deposits if deposit.block in (name, f"deepslate_{name}") and deposit.y]
    low, high = claim.numbers
    begins = any(abs(low - begin) <= 1 for begin, _ in spans)
    ends = any(abs(high - end) <= 1 or (high > end and end in (62, 90)) for _, end in spans)
    return None if begins and ends else f"heights {spans}"


def _number(value: Callable[[Book, str], float | None]) -> Callable[[Book, Claim], str | None]:
    def judge(book: Book, claim: Claim) -> str | None:
        fact = value(book, claim.about)
        return None if fact is not None and abs(fact - claim.numbers[0]) < 0.01 else f"it is {fact}"

    return judge


def _of_item(field: str, scale: float = 1) -> Callable[[Book, Claim], str | None]:
    def value(book: Book, name: str) -> float | None:
        item = book.rules.items.get(next(iter(book.rules.groups.get(name, (name,)))))
        found = getattr(item, field) if item else None
        return None if found is None else found / scale

    return _number(value)


def _brew(book: Book, claim: Claim) -> str | None:
    ingredients = [stack.item for craft in book.crafts(claim.about) for stack in craft.materials]
    return None if claim.names[0] in ingredients else f"it is brewed with {ingredients}"


def _tier(book: Book, claim: Claim) -> str | None:
    tier = book.rules.blocks[claim.about].tier
    tool = book.rules.items[claim.names[0]].tool if claim.names[0] in book.rules.items else None
    return None if tool and tool.tier == tier else f"its tier is {tier}"


def _price(book: Book, claim: Claim) -> str | None:
    offers = [trade for trade in book.rules.trades if trade.mob == claim.about and book.same(claim.names[0], trade.item)]
    found = [(float(trade.count), float(stack.count)) for trade in offers for stack in trade.materials[:1]]
    return None if claim.numbers in found else f"it sells (count, price) {found}"


def _taken(book: Book, claim: Claim) -> str | None:
    offers = [stack for trade in book.rules.trades if trade.mob == claim.about and trade.item == "emerald" for stack in trade.materials]
    found = [stack.count for stack in offers if book.same(claim.names[0], stack.item)]
    return None if claim.numbers[0] in found else f"it takes {found}"


def _found(book: Book, claim: Claim) -> str | None:
    return None if any(drop.item == claim.names[0] for drop in book.drops(claim.about)) else "nothing there holds it"


_JUDGES: dict[str, Callable[[Book, Claim], str | None]] = {
    "recipe": _recipe,
    "smelt": _smelt,
    "drop": _drop,
    "chance": _chance,
    "heights": _height,
    "damage": _of_item("damage"),
    "food": _of_item("food"),
    "fuel": _of_item("fuel", 200),
    "wear": _of_item("durability"),
    "armour": _of_item("armor"),
    "stack": _of_item("stack"),
    "health": _number(lambda book, name: book.rules.mobs[name].health),
    "brew": _brew,
    "tier": _tier,
    "price": _price,
    "taken": _taken,
    "loot": _found,
}
