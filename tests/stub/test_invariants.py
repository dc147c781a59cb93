"""Random players: whatever they do, the books balance."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import env_stub
from env_stub import StubWorld
from env_stub.inventory import Inventory
from env_stub.scene import Scene
from gitm.actions import VOCABULARY, Action
from gitm.check import feedback_faults
from gitm.types import Feedback, Observation

FAR_WORLD = Path(__file__).parent.parent / "data" / "far_world.json"
NAMES = st.sampled_from(
    [
        "oak_log",
        "oak_planks",
        "stick",
        "crafting_table",
        "stone",
        "cobblestone",
        "dirt",
        "grass_block",
        "wooden_pickaxe",
        "stone_pickaxe",
        "furnace",
        "chest",
        "bread",
        "iron_ore",
        "raw_iron",
        "iron_ingot",
        "coal",
        "cow",
        "zombie",
        "sheep",
        "logs",
        "planks",
        "wool",
        "white_bed",
        "bucket",
        "water",
        "shears",
        "desert",
        "nonsense",
        "log",
    ]
)
START = {"oak_log": 20, "stone_pickaxe": 2, "cobblestone": 80, "bread": 5, "raw_iron": 9, "coal": 3, "stick": 9, "shears": 1, "chest": 1}


#: Of the far world: its portals, traders, structures, stations.
FAR = st.sampled_from(
    [
        "nether_portal",
        "end_portal",
        "obsidian",
        "ender_eye",
        "end_portal_frame",
        "stronghold",
        "village",
        "villager[librarian]",
        "emerald",
        "paper",
        "map",
        "self",
        "wither",
        "potion",
        "potion[awkward]",
        "brewing_stand",
        "campfire",
        "cooked_beef",
        "water",
        "fishing_rod",
        "glass_bottle",
        "gold_ingot",
        "piglin",
        "nether_wastes",
        "netherrack",
        "iron_pickaxe",
        "nonsense",
    ]
)
FAR_START = {
    "obsidian": 40,
    "flint_and_steel": 1,
    "ender_eye": 24,
    "paper": 64,
    "emerald": 9,
    "map": 2,
    "soul_sand": 8,
    "wither_skeleton_skull": 6,
    "potion": 3,
    "nether_wart": 2,
    "blaze_powder": 1,
    "beef": 5,
    "fishing_rod": 1,
    "iron_pickaxe": 2,
    "brewing_stand": 1,
    "campfire": 1,
    "gold_ingot": 9,
}


@st.composite
def actions(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> Action:
    cls = draw(st.sampled_from(list(VOCABULARY.values())))
    fields = {}
    for key in cls.model_fields:
        if key in ("object", "target", "blueprint", "partner", "portal") or (key in ("tool", "material", "fuel") and draw(st.booleans())):
            fields[key] = draw(names)
        elif key == "count":
            fields[key] = draw(st.integers(1, 2304) | st.integers(1, 5))
        elif key == "ticks":
            fields[key] = draw(st.integers(1, 3000))
        elif key == "y_level":
            fields[key] = draw(st.integers(-64, 320))
    return cls(**fields)


def play(world: StubWorld, start: dict[str, int], plan: list[Action]) -> None:
    """Do it all, and hold every answer and the inventory against the contract, and what is shown against a fresh look at everything."""
    world.reset()
    for name, count in start.items():
        world.game.inventory.add(name, count)
    seen = world.observe()
    for at, action in enumerate(plan):
        feedback = world.step(action)
        assert list(feedback_faults(seen, feedback)) == [], action
        seen = feedback.observation
        assert at % 4 or Scene().fields(world.game)["nearby"] == seen.nearby, action
        inventory = world.game.inventory
        slots = sum(-(-count // inventory.stack.get(name, 64)) for name, count in inventory.counts.items())
        assert inventory.used == slots <= 36
        assert all(left > 0 for uses in inventory._wear.values() for left in uses)
        assert all(len(uses) == inventory.counts[name] for name, uses in inventory._wear.items())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 50), plan=st.lists(actions(), min_size=5, max_size=40))
def test_whatever_is_done_the_contract_holds(seed, plan):
    play(env_stub.make_world(seed), START, plan)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 50), plan=st.lists(actions(FAR), min_size=5, max_size=40))
def test_it_holds_in_all_dimensions(seed, plan):
    """Every third action is a step through a portal, so that all of it happens everywhere."""
    steps = [VOCABULARY["build"](blueprint="nether_portal"), VOCABULARY["enter"](portal="nether_portal")]
    for at, action in enumerate(plan):
        steps += [action, VOCABULARY["enter"](portal="nether_portal" if at % 4 else "end_portal")] if at % 3 == 0 else [action]
    play(env_stub.make_world(seed, FAR_WORLD), FAR_START, steps)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 9), plan=st.lists(actions(), min_size=3, max_size=15))
def test_answers_are_as_valid_as_if_pydantic_had_checked_them(seed, plan):
    world = env_stub.make_world(seed)
    world.reset()
    for action in plan:
        feedback = world.step(action)
        checked = TypeAdapter(Feedback).validate_python(feedback.model_dump())
        assert checked == feedback
        assert set(feedback.model_fields_set) == set(Feedback.model_fields)
        assert set(feedback.observation.model_fields_set) == set(Observation.model_fields)


def test_an_observation_is_not_touched_by_what_comes_after(make_camp):
    camp = make_camp().give(oak_log=5, stone_pickaxe=1)
    plan = ["stick", "oak_planks", "crafting_table"]
    kept = [(camp.seen, camp.seen.model_dump_json())]
    for name in plan:
        feedback = camp.world.step(VOCABULARY["craft"](object=name))
        kept.append((feedback.observation, feedback.observation.model_dump_json()))
        camp.world.step(VOCABULARY["mine"](object="dirt"))
    assert all(seen.model_dump_json() == text for seen, text in kept)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "pick"]), st.integers(1, 200), st.booleans()), max_size=40))
def test_the_inventory_against_a_model_of_real_slots(steps):
    """The counts agree with a naive inventory that really fills 36 slots."""
    stack = {"a": 64, "b": 16, "pick": 1}
    inventory = Inventory(stack, {"pick": 10})
    slots: list[tuple[str, int]] = []
    for name, count, add in steps:
        total = sum(held for held_name, held in slots if held_name == name)
        others = [slot for slot in slots if slot[0] != name]
        if add:
            taken = min(count, (36 - len(others)) * stack[name] - total)
            assert inventory.add(name, count) == taken
            total += taken
        elif total:
            inventory.remove(name, min(count, total))
            total -= min(count, total)
        full, rest = divmod(total, stack[name])
        slots = others + [(name, stack[name])] * full + ([(name, rest)] if rest else [])
        assert inventory.counts == {key: sum(held for other, held in slots if other == key) for key in {slot[0] for slot in slots}}
        assert inventory.used == len(slots)


def test_an_invented_world_is_played_by_its_own_book(make_camp, tiny_rules: Path):
    """A pole, a frake, down to the rock of that world, and out again: nothing in it is Minecraft's."""
    camp = make_camp(seed=2, rules=tiny_rules)
    assert camp.world.info.version == "1.0"
    act = VOCABULARY
    for _ in range(6):
        if camp.have("snib_pole") + camp.have("thrum_pole") >= 12:
            break
        wood = "snib" if camp.do(act["explore"](object="snib")).ok else "thrum"
        camp.do(act["approach"](object=wood))
        camp.do(act["mine"](object=wood, count=4))
    assert camp.do(act["craft"](object="tramp")).ok
    assert camp.do(act["place"](object="tramp")).ok
    assert camp.do(act["craft"](object="frake")).ok
    assert camp.do(act["dig_down"](y_level=40)).ok
    assert camp.seen.under == "gorm"
    assert camp.do(act["mine"](object="gorm", count=6)).change["gorm"] == 6
    assert camp.do(act["go_up"]()).ok
    unknown = camp.do(act["mine"](object="stone"))
    assert unknown.code == "UNKNOWN_NAME"
