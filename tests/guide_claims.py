"""What a hand-written guide states that a rule book can confirm or deny: amounts, heights, drops, wear, food, tiers, prices, places.

Prose is read with a few sentence forms. What fits none of them is no claim; what fits one is held against the book.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guide_book import ANY, JOINTS, NAME, NUMBER, WORDS, Book, number

AMOUNT = rf"(up to {NUMBER}|at most {NUMBER}|{NUMBER} (?:to|or) {NUMBER}|{NUMBER})"
_LEAD = re.compile(r"^(?:(?:from|since|before|until|in) [\d.]+(?: on)?,? |so |then |of |besides |also |a |an |any )+", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """One thing a guide says: of what kind, about what, with which names and numbers, and in which sentence."""

    kind: str
    about: str
    names: tuple[str, ...]
    numbers: tuple[float, ...]
    text: str

    def falsified(self) -> Claim:
        """The same with one number, or its only name, wrong: whoever checks claims must notice. (A book's heights end at the ground.)"""
        if not self.numbers:
            return replace(self, names=("bedrock",))
        wrong = 0 if self.kind == "heights" else len(self.numbers) - 1
        return replace(self, numbers=tuple(3 * value + 7 if at == wrong else value for at, value in enumerate(self.numbers)))


def sentences(text: str) -> list[str]:
    """The sentences of a passage."""
    return [part.rstrip(".!? ") for part in re.split(r"(?<=[.!?])\s+(?=[A-Z`0-9])", text.replace("\n", " "))]


def claims(book: Book, text: str) -> Iterator[Claim]:
    """Every claim of a passage, in order. A sentence that begins with a pronoun is about what the one before it named first."""
    topic = ""
    for sentence in sentences(text):
        pronoun = re.match(r"(?:It|They|Each|He|Sells|Takes)\b", sentence) if topic else None
        about = f"{topic} {sentence[0].lower()}{sentence[1:]}" if pronoun else sentence
        about = re.sub(r" (?:it|they|each) ", " ", about)
        for clause in re.split(r";\s*|:\s+(?=[A-Za-z]+ )", sentence):
            yield from (replace(claim, text=sentence) for claim in _recipes(book, clause))
        for read in (_reversed_recipes, _smelts, _drops, _heights, _lists, _health, _brews, _tiers, _trades, _loot, _stacks):
            yield from (replace(claim, text=sentence) for claim in read(book, about))
        topic = next((f"`{name}`" for name in book.names(about) if name not in book.rules.structures), topic)


def _recipes(book: Book, clause: str) -> Iterator[Claim]:
    """``Three `stick` and two string make a `bow` ``."""
    bare = _LEAD.sub("", re.sub(r"\s*\([^)]*\)|,? in a (?:ring|row|V|diamond)\b,?|, (?:of|at) [^,]*(?=,| make)", "", clause)).strip()
    match = re.match(r"(?P<left>.+?),? (?P<verb>makes?|are|is) (?P<right>.+)", bare)
    if not match or (materials := book.stuff(match["left"])) is None or not re.match(rf"{NUMBER}\b", match["left"], re.IGNORECASE):
        return
    right = re.match(rf"(?:({NUMBER})\b ?)?(?:of the item |the block )?(?:{NAME}|(.+))", match["right"], re.IGNORECASE)
    if right is None or not (right.group(2) or right.group(3)):
        return
    words = re.split(r"[ ,]+", right.group(3) or "")
    phrases = [" ".join(words[:end]) for end in range(5, 0, -1)] if right.group(3) else []
    product = right.group(2) or next((name for phrase in phrases if (name := book.name(phrase)) and ANY not in name), None)
    strict = match["verb"].startswith("make") and ANY not in materials
    if product and product not in materials and (strict or _known(book, product, tuple(materials))):
        yield Claim("recipe", product, tuple(materials), (number(right.group(1) or "one"), *materials.values()), "")


def _known(book: Book, product: str, names: tuple[str, ...]) -> bool:
    return any(book.amounts(names, craft) for craft in book.crafts(product))


def _reversed_recipes(book: Book, sentence: str) -> Iterator[Claim]:
    """`` `anvil` (three iron blocks, four ingots) ``, `` `loom`: two string over two planks ``, ``an `anvil` takes ... ``."""
    for match in re.finditer(rf"{NAME}(?: \(([^)]+)\)|: ([^.;]+)| (?:takes|is|needs) ([^.;:]+))", sentence):
        text = next(group for group in match.groups()[1:] if group)
        ends = [joint.start() for joint in JOINTS.finditer(text)] + [len(text)]
        for end in reversed(ends):  # the longest list that is a recipe; what follows may be another matter
            materials = book.stuff(text[:end])
            if materials and ANY not in materials and match.group(1) not in materials and _known(book, match.group(1), tuple(materials)):
                yield Claim("recipe", match.group(1), tuple(materials), (0, *materials.values()), "")
                break


def _smelts(book: Book, sentence: str) -> Iterator[Claim]:
    """``Smelt `sand` to `glass` ``, ``a ball smelts to a `brick` ``, ``Smelted netherrack is a `nether_brick` ``."""
    phrase = r"(?:an?|the|any)? ?(?:whole )?`?([a-z_ ]+?)`?"
    forms = (
        rf"[Ss]melt(?:ed|ing)? {phrase}(?: in a furnace)?:?(?: to| and| it| becomes| gives| is)+(?: an?)? {NAME}",
        rf"{phrase} smelts to(?: an?)? {NAME}",
    )
    for form in forms:
        for material, item in re.findall(form, sentence):
            name = book.name(material)
            if name and any(smelt.item == item for smelt in book.rules.smelts):
                yield Claim("smelt", item, (name,), (), "")
    for topic, item in re.findall(rf"^{NAME}[^.;]*? [Ss]melt(?:ed)? it(?: to| is)+(?: an?)? {NAME}", sentence):
        yield Claim("smelt", item, (topic,), (), "")


def _drops(book: Book, sentence: str) -> Iterator[Claim]:
    """``A cow drops one to three `beef` and up to two `leather` ``: the owner stands before the verb, or else is the first named."""
    for match in re.finditer(r"\b(?:drops?|leaves?) ", sentence):
        before, after = sentence[: match.start()], re.split(r"[;:.(]|\b(?:drops?|leaves?) ", sentence[match.end() :])[0]
        named = book.names(before)
        owner = book.names(re.split(r"[,;:]| that | and | in ", before.rstrip(" ,"))[-1])[-1:] or named[:1]
        if not owner or not book.drops(owner[0]):
            continue
        for amount, name in re.findall(rf"\b{AMOUNT} (?:of the item )?{NAME}", after, re.IGNORECASE):
            said = [number(word) for word in re.findall(rf"\b{NUMBER}\b", amount)]
            low = said[0] if len(said) == 2 or not amount.lower().startswith(("up", "at")) else 0.0
            yield Claim("drop", owner[0], (name,), (low, said[-1]), "")
        for name, one_in in re.findall(rf"{NAME} one (?:time )?in ({NUMBER})\b", after):
            yield Claim("chance", owner[0], (name,), (number(one_in),), "")


def _heights(book: Book, sentence: str) -> Iterator[Claim]:
    """`` `coal_ore` y 0 to 320 ``, ``lies between y -64 and 16``."""
    for name, low, high in re.findall(rf"{NAME}[^.;`]*?(?:between )?\by (-?\d+) (?:to|and) (-?\d+)", sentence):
        if any(deposit.block == name and deposit.y for deposit in book.rules.deposits):
            yield Claim("heights", name, (), (float(low), float(high)), "")


def _lists(book: Book, sentence: str) -> Iterator[Claim]:
    """``Points: `bread` and `cooked_cod` 5; `apple` 4``; single facts such as ``lasts 250 blocks``, ``(6 points)``."""
    kinds = {"Damage a hit": "damage", "Points": "food", "Pieces smelted by one": "fuel", "Blocks dug": "wear"}
    heading, _, rest = sentence.partition(": ")
    for names, value in re.findall(r"([a-z_` ,]+?) (\d+(?:\.\d+)?)(?=[,;. (]|$)", rest) if heading in kinds else ():
        for phrase in re.split(r", | and | or ", names.strip(" ,")):
            tool = f"{ {'wood': 'wooden', 'gold': 'golden'}.get(phrase, phrase) }_pickaxe"
            name = tool if kinds[heading] == "wear" and tool in book.rules.items else book.name(phrase)
            if name and ANY not in name:
                yield Claim(kinds[heading], name, (), (float(value),), "")
    for match in re.finditer(rf" (?:lasts?|has|\() ?(?:only |to )?({NUMBER}) (?:blocks|uses|catches)", sentence):
        wearing = [name for name in book.names(sentence[: match.start()]) if name in book.rules.items and book.rules.items[name].durability]
        if wearing:
            yield Claim("wear", wearing[0], (), (number(match.group(1)),), "")
    for name, points in re.findall(rf"{NAME}(?:[a-z ]{{0,9}} \(|[^.;`]*? feeds )({NUMBER})(?: food)? points", sentence):
        kind = "armour" if re.search("_(helmet|chestplate|leggings|boots)$", name) else "food"
        yield Claim(kind, name, (), (number(points),), "")


def _health(book: Book, sentence: str) -> Iterator[Claim]:
    """``A zombie has 20 health``, ``the piglin brute (50 health, ...)``."""
    for match in re.finditer(r"(\d+) health", sentence):
        mobs = [name for name in book.names(sentence[: match.start()]) if name in book.rules.mobs]
        if mobs:
            yield Claim("health", mobs[-1], (), (float(match.group(1)),), "")


def _brews(book: Book, sentence: str) -> Iterator[Claim]:
    """``Strength, `potion[strength]`: blaze powder``: the ingredient beside the bottles."""
    for potion, phrase in re.findall(r"`(potion\[[a-z_]+\])`: (?:an? )?([a-z_` ]+?)(?=[;,.(]| in | into |$)", sentence):
        if (name := book.name(phrase)) and ANY not in name:
            yield Claim("brew", potion, (name,), (), "")


def _tiers(book: Book, sentence: str) -> Iterator[Claim]:
    """`` `gold_ore` needs an `iron_pickaxe` ``, ``Stone: iron, copper, lapis`` in a list of the least pickaxes."""
    kinds = "wooden|stone|iron|diamond"
    for block, material in re.findall(rf"{NAME} (?:in it )?needs an? `?({kinds})[_ ]pickaxe", sentence):
        if block in book.rules.blocks:
            yield Claim("tier", block, (f"{material}_pickaxe",), (), "")
    if match := re.fullmatch(rf"({kinds}): ((?:[a-z]+(?:, )?)+)", sentence, re.IGNORECASE):
        for word in match.group(2).split(", "):
            if f"{word}_ore" in book.rules.blocks:
                yield Claim("tier", f"{word}_ore", (f"{match.group(1).lower()}_pickaxe",), (), "")


def _trades(book: Book, sentence: str) -> Iterator[Claim]:
    """``Farmers take 20 wheat``, ``Clerics sell two `redstone` for one``: what each profession asks for and gives."""
    verb = r"\b(takes?|sells?|buys?)\b"
    trader = ""
    for clause in re.split(r"; |, and (?=sell)", sentence):
        if not (match := re.search(verb, clause)):
            continue
        spoken = re.sub(r"^(?:master|all)s? ", "", clause[: match.start()].strip().lower().split(",")[0]).split(" ")[0].removesuffix("s")
        mob = f"villager[{spoken}]" if f"villager[{spoken}]" in book.rules.mobs else trader
        if not mob:
            continue
        trader, rest = mob, clause[match.end() :]
        if match.group(1).startswith("sell"):
            for count, name, price in re.findall(rf"(?:({NUMBER}) )?(?:of the item )?{NAME} for ({NUMBER})\b(?! to)", rest):
                yield Claim("price", mob, (name,), (number(count or "one"), number(price)), "")
        else:
            for count, phrase in re.findall(rf"\b(\d+|{'|'.join(WORDS[2:])}) ([a-z' ]+?)(?=,| or | and |$| for )", rest):
                if (name := book.name(phrase)) and ANY not in name:
                    yield Claim("taken", mob, (name,), (number(count),), "")


def _loot(book: Book, sentence: str) -> Iterator[Claim]:
    """``Desert pyramid: `dune_armor_trim_smithing_template` ``."""
    if match := re.match(rf"([A-Z][a-z ]+): {NAME}", sentence):
        words = match.group(1).lower().replace(" ", "_")
        places = [book.name(words) or "", *(name for name in book.rules.structures if name.endswith(words) or name.startswith(words))]
        if place := next((name for name in places if name in book.rules.structures), None):
            yield Claim("loot", place, (match.group(2),), (), "")


def _stacks(book: Book, sentence: str) -> Iterator[Claim]:
    """``To 16: snowballs, eggs``, ``Snowballs stack to 16``."""
    if match := re.match(r"To (\d+): (.+)", sentence):
        for name in book.names(match.group(2)):
            yield Claim("stack", name, (), (float(match.group(1)),), "")
    for match in re.finditer(r"(?:^|\. )([^.,]+?) stacks? to (\d+)", sentence):
        for name in book.names(match.group(1))[:1]:
            yield Claim("stack", name, (), (float(match.group(2)),), "")
