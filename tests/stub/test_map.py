"""The map: a pure function of the seed, with the numbers of the book."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from env_stub import travel
from env_stub.map import Map
from env_stub.rng import MASK, Rng, halves, key, mix, mixes, row, stream
from env_stub.rules import load_rules
from env_stub.structures import AFAR
from env_stub.tables import Entry, Table, height_weights
from env_stub.things import CELL
from gitm.actions import Explore

RULES = load_rules()


def shape(game_map: Map, cx: int, cz: int) -> list[tuple[str, int, int, int, int]]:
    things = [thing for kin in game_map.cell(cx, cz).things.values() for thing in kin]
    things += [thing for kin in game_map.section(cx, cz, 1).values() for thing in kin]
    return [(thing.name, thing.x, thing.y, thing.z, thing.left) for thing in things]


def test_splitmix_gives_the_published_numbers():
    """The reference outputs of SplitMix64 for seed 1234567 (Rosetta Code)."""
    rng = Rng(0)
    rng.state = 1234567
    assert [rng.bits() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert mix(0) == 0


@given(start=st.integers(0, MASK), step=st.integers(0, MASK), count=st.integers(0, 70))
def test_many_numbers_are_mixed_as_one_by_one(start, step, count):
    assert mixes(start, step, count) == tuple(mix(start + step * at) for at in range(count))


@given(seed=st.integers(0, MASK), a=st.integers(-(10**7), 10**7), b=st.integers(-(10**7), 10**7))
def test_streams_and_rows_are_the_same_chance_taken_at_once(seed, a, b):
    rng = Rng(0)
    rng.state = seed
    expected = [rng.bits() for _ in range(9)]
    assert list(stream(seed, 9)) == expected
    assert list(halves(seed, 9)) == [bits & 0xFFFFFFFF for bits in expected]
    assert list(row(seed, a, b, 9)) == [key(seed, a, b + at) for at in range(9)]


def test_the_names_of_a_cell_are_known_before_its_things_are_made():
    game_map = Map(RULES, 12)
    for at in range(-40, 40):
        cell = game_map.cell(at, at // 3)
        names = set(cell.names)
        assert names == set(cell.things), (at, cell.biome.name)
        assert cell.names is cell.things, "from now on they change together"


def test_buildings_seen_from_afar_are_those_of_the_cells():
    game_map = Map(RULES, 12)
    for bx, bz in ((0, 0), (-3, 5), (20, -11)):
        cells = [game_map.cell(cx, cz) for cx in range(bx * AFAR, (bx + 1) * AFAR) for cz in range(bz * AFAR, (bz + 1) * AFAR)]
        there = [(cell.cx, cell.cz, tuple(site.name for site in cell.sites)) for cell in cells if cell.sites]
        assert list(game_map.far(bx, bz)) == there
    assert any(game_map.far(bx, 0) for bx in range(20))


def test_a_cell_does_not_depend_on_the_order_of_looking():
    one, other = Map(RULES, 5), Map(RULES, 5)
    cells = [(cx, cz) for cx in range(-3, 4) for cz in range(-3, 4)]
    first = {at: shape(one, *at) for at in cells}
    second = {at: shape(other, *at) for at in reversed(cells)}
    assert first == second
    assert first != {at: shape(Map(RULES, 6), *at) for at in cells}


def test_things_lie_in_their_cell():
    game_map = Map(RULES, 1)
    for cx, cz in ((0, 0), (-7, 3), (12, -9)):
        for name, x, y, z, left in shape(game_map, cx, cz):
            assert (x // CELL, z // CELL) == (cx, cz), name
            assert left >= 1
            assert -64 <= y <= 320


def test_the_start_is_on_dry_land():
    for seed in range(60):
        game_map = Map(RULES, seed)
        assert not game_map.cell(0, 0).biome.water


def test_biomes_come_in_regions_and_by_their_weights():
    game_map = Map(RULES, 9)
    row = [game_map.cell(cx, 0).biome.name for cx in range(400)]
    runs = 1 + sum(left != right for left, right in pairwise(row))
    assert 5 <= 400 / runs <= 25, "a few hundred blocks wide"
    found = Counter(Map(RULES, seed).biome(40, 40).name for seed in range(600))
    total = sum(fact.weight for fact in RULES.book.biomes.values() if fact.dimension == "overworld")
    for name in ("plains", "forest", "ocean"):
        assert found[name] / 600 == pytest.approx(RULES.book.biomes[name].weight / total, abs=0.05)


def test_a_table_draws_the_means_of_its_entries():
    table = Table([(Entry("a", "block", 1, 1), 0.5), (Entry("b", "block", 1, 1), 3.0)])
    rng, found, cells = Rng(2), Counter(), 6000
    for _ in range(cells):
        for _ in range(table.count(rng.bits())):
            found[table.choose(rng.bits()).name] += 1
    assert found["a"] / cells == pytest.approx(0.5, abs=0.05)
    assert found["b"] / cells == pytest.approx(3.0, abs=0.12)
    assert Table([]).count(12345) == 0


def test_height_weights_are_a_triangle_that_adds_up_to_one():
    weights = height_weights(-10, 20, 0)
    assert sum(weights.values()) == pytest.approx(1)
    assert max(weights, key=weights.__getitem__) == 0
    assert weights[-10] < weights[-5] < weights[0] > weights[10] > weights[20]
    assert height_weights(0, 3, None) == {0: 0.25, 1: 0.25, 2: 0.25, 3: 0.25}


def test_ore_lies_at_its_heights_and_in_its_numbers():
    game_map = Map(RULES, 4)
    heights = [
        thing.y for cx in range(40) for cz in range(5) for slab in range(-4, 1)
        for thing in game_map.section(cx, cz, slab).get("deepslate_diamond_ore", ())
    ]  # fmt: skip
    deposits = [deposit for deposit in RULES.book.deposits if deposit.block == "deepslate_diamond_ore"]
    low, high = min(deposit.y[0] for deposit in deposits), max(deposit.y[1] for deposit in deposits)
    assert low <= min(heights)
    assert max(heights) <= high
    assert len(heights) / 200 == pytest.approx(sum(deposit.per_cell for deposit in deposits), rel=0.2)
    assert mean(heights) < (low + high) / 2, "the peak is near the bottom"


def test_exploring_finds_a_biome_and_remembers_it(make_camp):
    camp = make_camp(seed=5)
    for _ in range(12):
        if (feedback := camp.do(Explore(object="desert"))).ok:
            break
    assert feedback.ok
    assert "desert" in feedback.message


def test_who_looks_for_what_comes_out_in_water_at_night_does_not_go_around_the_sea(camp):
    """Drowned ones live in oceans and rivers and show at night; pigs and zombies live on land."""
    sees = lambda name: any(travel._homes(camp.game, (name,)).values())  # noqa: E731
    assert sees("drowned")
    assert sees("cod")
    assert not sees("zombie")
    assert not sees("pig")


@pytest.mark.parametrize("turn", [(0, 1), (0, -1)])
def test_who_explores_keeps_to_the_biome_where_the_thing_is_at_home(camp, monkeypatch, turn):
    """Straight on lies another land, aside the desert goes on."""
    desert, plains = (camp.game.map.dimension.biomes[name] for name in ("desert", "plains"))
    monkeypatch.setattr(type(camp.game.map), "biome", lambda _, cx, cz: desert if (cz > 2) == (turn == (0, 1)) and cx < 3 else plains)
    camp.game.x = camp.game.z = 0
    camp.game.heading = (1, 0)
    camp.game.seen.clear()
    aside = travel._next_cell(camp.game, travel._homes(camp.game, ("cactus",)))
    camp.game.heading = (1, 0)
    assert (aside, travel._next_cell(camp.game, travel._homes(camp.game, ("pig",)))) == (turn, (1, 0))


def test_nearby_is_the_truth(make_camp):
    """The quick incremental view agrees with a fresh look at everything."""
    camp = make_camp(seed=8)
    for name in ("birch_log", "sand", "cow"):
        camp.do(Explore(object=name))
        shown = camp.seen.nearby
        camp.world._scene._at = None
        assert camp.world.observe().nearby == shown


def test_far_cells_are_let_go_and_made_the_same_again_but_not_changed_ones(camp, monkeypatch):
    monkeypatch.setattr("env_stub.map.MOST_CELLS", 60)
    game_map = camp.game.map
    far = shape(game_map, 30, 30)
    camp.put("diamond_ore")
    for cx in range(-40, 0):
        for cz in range(-4, 0):
            game_map.cell(cx, cz)
    assert (30, 30) not in game_map.cells
    assert len(game_map.cells) < 200
    assert all(game_map.cell(cell.cx, cell.cz) is cell for cell in camp.game.view)
    assert "diamond_ore" in game_map.cell(0, 0).things
    assert shape(game_map, 30, 30) == far
