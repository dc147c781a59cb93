"""The default embedder: no model, only hashed words."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

from gitm.embed.base import Vectors

_STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be been before but by can could do does for from get go had has have he how i if in into
    is it its me more most much my need no not of off on once one only or other our out over own same she should so some such than that
    the their them then there these they this those through to too under until up use used very was we what when where which while who
    why will with without would you your obtain make made making want best way just like
    """.split()  # noqa: SIM905 - reads better than eighty quoted words
)
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
#: Words that stand for much the same in this game, one group a line. Letters alone cannot know that an oven is a furnace.
_KIN = """
    fight attack kill hit combat battle weapon slay hurt harm damage enemy
    monster mob hostile creature enemy zombie skeleton creeper
    armour armor protect protection helmet chestplate leggings boots wear hat suit
    die dead death respawn wake killed lost spawn
    hungry hunger starve food eat meal feed meat starving edible cook cooked
    night dark darkness dusk sunset evening
    day daylight sun sunlight dawn morning noon
    sleep bed skip rest
    light lamp torch lantern glow bright lighting
    tree wood log plank timber forest trunk wooden
    stone rock cobblestone boulder
    dig mine tunnel excavate shaft mining digging underground
    deep height level depth low
    cave cavern mineshaft
    metal iron ingot
    gem jewel diamond emerald
    furnace oven smelt smelter kiln heat melt
    fuel burn burning fire coal charcoal flame
    tool pickaxe axe shovel hoe pick spade
    last durability wear break snap broken mend repair wears
    farm field crop grow plant farming cultivate garden agriculture
    seed sow seedling sapling
    water river lake wet
    sea ocean swim boat ship sail
    lava magma molten
    bucket pail carry
    portal gate gateway
    portal nether underworld hell
    animal cow pig sheep chicken livestock cattle
    breed baby young offspring mate breeding
    wool fleece shear shears sheep cloth
    leather hide skin
    dye colour color paint pigment tint coloured
    flower blossom petal bloom poppy
    chest box storage store container barrel keep
    inventory slot bag backpack stack pile room full
    book paper library shelf shelve bookshelf read write
    enchant magic enchantment spell enchanting
    village villager town house settlement
    trade buy sell earn currency merchant trading emerald
    mushroom fungus fungi toadstool
    stew soup bowl broth
    swamp marsh bog
    slime slimy goo
    gold golden
    clock time watch
    compass direction north needle
    rail track railway train minecart cart
    horse ride saddle riding mount
    fish fishing angler rod cod salmon
    squid ink
    sand desert beach
    glass window pane
    clay brick terracotta pottery
    redstone circuit wiring wire signal machine automatic mechanism lever
    arrow bow shoot ammunition quiver
    explode explosion blast creeper tnt exploding
    sugar cane sweet
    biome land region terrain
    shelter hut refuge
    climb ladder up ascend surface
    potion brew brewing drink elixir alchemy bottle flask
    poison venom toxic harmful sick ill
    effect buff boost spell
    heal health cure medicine recover heart restore regeneration
    strong strength power powerful
    fast quick speed swift rapid run sprint
    fly flight glide wing elytra air
    fall drop cliff height
    breathe breath drown underwater dive diving
    bee honey hive nest wax comb
    rust oxidize patina age weather copper
    job profession work career occupation
    smith blacksmith armorer toolsmith weaponsmith anvil
    farmer butcher
    librarian cleric priest mason shepherd
    price cost cheap discount expensive pay
    raid pillager illager invasion attack bandit
    boss dragon wither
    treasure loot hidden buried reward prize
    ship wreck shipwreck sunken boat
    ruin ancient old abandoned archaeology
    temple pyramid tomb monument
    mansion manor house building
    city town
    end ender void
    teleport pearl warp
    piglin bartering barter pigman pigmen hog
    blaze fortress rod
    upgrade improve netherite smithing better
    trim decoration decorate pattern ornament looks
    tame pet dog cat wolf friend companion
    egg hatch
    snow ice cold frozen winter freeze
    hot warm heat
    firework rocket celebration
    music disc song record tune sound jukebox
    banner flag
    candle wax
    sign text write
    map chart cartographer atlas explore
    sort sorting filter hopper
    automatic automation machine
    trap cage
    spawner dungeon
    experience level xp points
    skull head
    lightning thunder storm
    rain weather
    fertilizer compost bone meal manure
    bamboo panda
    coral reef
    turtle shell scute
    squid glow
    crystal amethyst purple
    spike dripstone stalactite
    concrete cement
    stair slab shape step
    furniture chair table decor
    blast tnt bomb dynamite explode
    golem guard guardian protector
    trader merchant wandering
    frog tadpole toad amphibian froglight
    goat horn
    witch hut
    zombie undead
    silence quiet hear noise sculk warden
    key vault trial
    shulker box
    duplicate copy double clone
    colour dye stain
    evoker vindicator wizard mage illager
    mace hammer club
    resin goo sap
    safe calm dangerous danger harmless peaceful
    alive live survive
    refill endless infinite endlessly forever renew
    llama trader
    odds chance luck lucky likely
    garbage junk rubbish trash
    children baby young
    ghost ghast
    buy sell offer
"""


class HashEmbedder:
    """Words, what they are kin to, and their letter triples, hashed into signed buckets (feature hashing, Weinberger et al. 2009).

    No model, no state, no download, and the same vectors on every machine: hashes are BLAKE2, sums and roots are exactly rounded.
    """

    def __init__(self, dim: int = 512) -> None:
        self._dim = dim
        self.name = f"hash-3-{dim}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim)."""
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            buckets: dict[int, float] = {}
            for feature, weight in _features(text).items():
                bucket, sign = _bucket(feature, self._dim)
                buckets[bucket] = buckets.get(bucket, 0.0) + sign * weight
            length = math.sqrt(math.fsum(value * value for value in buckets.values()))
            if length:
                for bucket, value in buckets.items():
                    row[bucket] = value / length
            else:
                row[0] = 1.0  # a text without a word still needs a direction
        return vectors


def _features(text: str) -> dict[str, float]:
    """Weighted features; repetition counts by its root, so that a long text is not all its commonest word."""
    words = stems(text)
    counts = Counter(words)
    weights = {f"word {word}": math.sqrt(count) for word, count in counts.items()}
    for pair, count in Counter(pairwise(words)).items():
        weights[f"pair {' '.join(pair)}"] = 0.3 * math.sqrt(count)
    for group, count in Counter(group for word in words for group in kin(word)).items():
        weights[f"kin {group}"] = math.sqrt(count)
    for word, count in counts.items():
        triples = [f"<{word}>"[at : at + 3] for at in range(len(word))]
        for triple in triples:  # they catch other endings and compounds; those of a word weigh 0.6 together
            weights[f"part {triple}"] = weights.get(f"part {triple}", 0.0) + 0.6 * math.sqrt(count / len(triples))
    return weights


def stems(text: str, *, every: bool = False) -> list[str]:
    """The stems of a text's words in order, without those that say nothing (unless ``every`` one is wanted)."""
    return [stem(word) for word in re.findall(r"[^\W_]+", text.lower()) if every or word not in _STOP_WORDS]


def kin(word: str) -> tuple[str, ...]:
    """The groups that a stem belongs to."""
    return _kin().get(word, ())


@cache
def _kin() -> dict[str, tuple[str, ...]]:
    """Stem -> the groups it belongs to, each named by its first word."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _KIN.strip().splitlines():
        words = line.split()
        for word in dict.fromkeys(map(stem, words)):
            found[word] = (*found.get(word, ()), words[0])
    return found


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A light stem: the common English endings off, at least three letters left."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + instead
    return word


@lru_cache(maxsize=200_000)
def _bucket(feature: str, dim: int) -> tuple[int, int]:
    """The bucket of a feature and its sign."""
    number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
    return (number >> 1) % dim, 1 if number & 1 else -1
