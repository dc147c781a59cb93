"""Trading: what is paid, what is refused, and offers that not everybody makes."""

from __future__ import annotations

import pytest

from gitm.actions import Trade
from gitm.types import Code

LIBRARIAN = "villager[librarian]"


@pytest.fixture
def market(far_camp):
    far_camp.put(LIBRARIAN, "mob")
    far_camp.seen = far_camp.world.observe()
    return far_camp


def test_a_trade_takes_its_price_and_gives_its_goods(market):
    market.give(paper=50)
    feedback = market.do(Trade(object="emerald", partner=LIBRARIAN, count=2))
    assert feedback.change == {"paper": -48, "emerald": 2}
    assert feedback.message == "bought 2 emerald for 48 paper"


def test_goods_come_in_whole_offers(market):
    market.give(emerald=6, paper=2)
    for _ in range(30):
        if (feedback := market.do(Trade(object="map", partner=LIBRARIAN, count=3))).code is not Code.TIMEOUT:
            break
    assert feedback.change == {"emerald": -6, "paper": -2, "map": 4}


def test_a_rare_offer_is_waited_for_and_then_stays(make_camp, far_rules):
    """One chance in four: 3 times in vain on average, 100 ticks each."""
    waited, calls = [], 0
    for seed in range(40):
        camp = make_camp(seed=seed, rules=far_rules).clear()
        camp.put(LIBRARIAN, "mob")
        camp.give(emerald=9, paper=3)
        start = camp.game.tick
        while (feedback := camp.do(Trade(object="map", partner=LIBRARIAN))).code is Code.TIMEOUT:
            calls += 1
            assert feedback.message == f"{LIBRARIAN} does not offer map yet: trade again, or find another"
            assert feedback.ticks >= Trade.limit
        assert feedback.ok
        waited.append((feedback.observation.tick - start) / 100)
        assert camp.do(Trade(object="map", partner=LIBRARIAN)).ticks == 20
    assert calls > 0
    assert 1.8 <= sum(waited) / 40 <= 4.5


def test_every_offer_is_waited_for_on_its_own(market):
    """Two prices of one thing are two offers."""
    market.give(emerald=30, paper=10)
    while market.do(Trade(object="map", partner=LIBRARIAN)).code is Code.TIMEOUT:
        pass
    (made,) = [thing for kin in market.game.view for thing in kin.things.get(LIBRARIAN, ())]
    assert [offer.item for offer in made.holds] == ["map"]
    assert {stack.item for offer in made.holds for stack in offer.materials} == {"emerald", "paper"}


def test_refusals_of_trade(market):
    feedback = market.do(Trade(object="emerald", partner=LIBRARIAN))
    assert (feedback.code, feedback.missing) == (Code.MISSING_MATERIAL, {"paper": 24})
    assert feedback.message == f"{LIBRARIAN} wants 24 paper for 1 emerald; you lack 24 paper: obtain that first"
    feedback = market.do(Trade(object="cod", partner=LIBRARIAN))
    assert (feedback.code, feedback.message) == (
        Code.IMPOSSIBLE,
        f"no {LIBRARIAN} ever offers cod: trade with another, or obtain it in another way",
    )
    assert market.do(Trade(object="emerald", partner="chest")).message == "chest is no mob: name a villager or trader"
    assert market.do(Trade(object="emerald", partner="librarian")).code is Code.UNKNOWN_NAME
    assert market.do(Trade(object="emerald", partner="cow")).code is Code.IMPOSSIBLE


def test_a_partner_must_be_within_reach(far_camp):
    far_camp.give(paper=24)
    feedback = far_camp.do(Trade(object="emerald", partner=LIBRARIAN))
    assert (feedback.code, feedback.message) == (Code.NOT_FOUND, f"no {LIBRARIAN} in sight: explore first")
    far_camp.put(LIBRARIAN, "mob", away=9)
    far_camp.seen = far_camp.world.observe()
    feedback = far_camp.do(Trade(object="emerald", partner=LIBRARIAN))
    assert (feedback.code, feedback.message) == (
        Code.OUT_OF_REACH,
        f"the nearest {LIBRARIAN} is 9 blocks away: approach it first",
    )


def test_there_must_be_room_for_the_goods(market):
    market.give(dirt=34 * 64, paper=128)
    feedback = market.do(Trade(object="emerald", partner=LIBRARIAN))
    assert (feedback.code, feedback.change) == (Code.INVENTORY_FULL, {})
