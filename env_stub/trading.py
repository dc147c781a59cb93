"""Trading with villagers and wanderers.

Everybody has every offer of the book that is certain. One that is not is waited for (a librarian's books change when his lectern
is set up anew) and then kept. Levels are not enforced, and nothing is ever sold out.
"""

from __future__ import annotations

from env_stub.answers import Ending, amounts
from env_stub.crafting import materials_for
from env_stub.game import BRIEFLY, Game
from env_stub.rules import Offer
from env_stub.sight import look, resolve, within_reach
from env_stub.things import Thing
from gitm.actions import Trade
from gitm.facts import TradeFact
from gitm.types import Code

TALK, EACH = 20, 2  # ticks to begin, and for every further time
AGAIN = 100  # ticks until somebody has thought of another offer


def trade(game: Game, action: Trade) -> str:
    """Buy at least ``count``, in whole offers, from the nearest one within reach."""
    item = resolve(game, action.object, "item")[0]
    names = resolve(game, action.partner, "mob")
    if not any(name in game.rules.mobs for name in names):
        raise Ending(Code.IMPOSSIBLE, f"{action.partner} is no mob: name a villager or trader")
    offers = [offer for offer in game.rules.trades.get(item, ()) if offer.fact.mob in names]
    if not offers:
        raise Ending(Code.IMPOSSIBLE, f"no {action.partner} ever offers {item}: trade with another, or obtain it in another way")
    look(game)
    partner = within_reach(game, tuple({offer.fact.mob: None for offer in offers}), action.partner)
    offer, used = _choose(game, [offer for offer in offers if offer.fact.mob == partner.name], _made_by(partner), action.count)
    made = -(-action.count // offer.recipe.makes) * offer.recipe.makes
    if not game.inventory.fits(used, {item: made}):
        raise Ending(Code.INVENTORY_FULL, f"no room for {made} {item}: drop or store something first")
    _wait_for(game, partner, offer, game.tick + action.limit)
    game.spend(TALK + EACH * (made // offer.recipe.makes - 1), doing=BRIEFLY)
    for name, count in used.items():
        game.inventory.remove(name, count)
    game.inventory.add(item, made)
    return f"bought {made} {item} for {amounts(used)}"


def _made_by(partner: Thing) -> frozenset[TradeFact]:
    """The uncertain offers that this one has made."""
    return partner.holds if isinstance(partner.holds, frozenset) else frozenset()


def _choose(game: Game, offers: list[Offer], made: frozenset[TradeFact], count: int) -> tuple[Offer, dict[str, int]]:
    """The likeliest offer that can be paid (those made first), and what it takes; otherwise ends with what the likeliest lacks."""
    offers = sorted(offers, key=lambda offer: -1.0 if offer.fact in made else -offer.fact.chance)
    problem: Ending | None = None
    for offer in offers:
        times = -(-count // offer.recipe.makes)
        used, missing = materials_for(game, offer.recipe, times)
        if not missing:
            return offer, used
        price = amounts({part: each * times for part, each, _ in offer.recipe.parts})
        message = f"{offer.fact.mob} wants {price} for {offer.recipe.makes * times} {offer.recipe.item}"
        problem = problem or Ending(Code.MISSING_MATERIAL, f"{message}; you lack {amounts(missing)}: obtain that first", missing)
    assert problem is not None  # noqa: S101 - there is at least one offer
    raise problem


def _wait_for(game: Game, partner: Thing, offer: Offer, end: int) -> None:
    """Until the offer is made; a partner who made it once goes on to make it."""
    if offer.fact.chance >= 1 or offer.fact in _made_by(partner):
        return
    while not game.rng.chance(offer.fact.chance):
        if game.tick >= end:
            raise Ending(Code.TIMEOUT, f"{partner.name} does not offer {offer.recipe.item} yet: trade again, or find another")
        game.spend(AGAIN)
    partner.holds = _made_by(partner) | {offer.fact}
    game.touch(partner)
