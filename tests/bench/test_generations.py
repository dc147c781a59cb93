"""The collapse check, small: a memory that feeds on its own runs lowers neither success nor speed."""

from __future__ import annotations

from gitm.bench.generations import generations


def test_three_generations_do_not_get_worse():
    found = generations(("stone_pickaxe", "torch"), count=3, seeds=1, max_ticks=100_000)
    assert [one.number for one in found] == [1, 2, 3]
    assert all(one.reached == one.plain_reached == one.games == 2 for one in found)
    assert all(one.ratio < 1.05 for one in found)
    assert all(one.recalled > 0 for one in found)
    assert found[-1].llm_calls < found[-1].plain_llm_calls / 2  # a new seed may show what nobody was asked about yet
    assert found[0].plans <= found[1].plans <= found[2].plans < 3 * found[0].plans
