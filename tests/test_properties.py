"""Properties over arbitrary input: what models answer, what the tree creates, what a world's books say."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import env_stub
from gitm.actions import VOCABULARY, Craft, Smelt
from gitm.answers import SLOTS, WAYS, WaysAnswer, ways_of
from gitm.events import EVENT, Ended, Resumed, Stepped
from gitm.plan_text import parse_actions
from gitm.record import RunRecord, read_run
from gitm.tally import Tally
from gitm.types import PARTLY_DONE, Code, Feedback, Observation, Obtain, Place, Seen, Way

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [*WaysAnswer.model_fields, "object", "kind", "material", "tool", "station", "count", "chance", "minutes", "y", "target"]
)
ENTRY = st.dictionaries(FIELDS, JSON | st.sampled_from(["log", "mine", "craft", "grow", "any", "none"]), max_size=8)


@given(st.lists(ENTRY | JSON, max_size=5))
def test_any_answer_about_ways_gives_sound_ways_of_that_item_or_none(entries):
    try:
        answer = WaysAnswer.model_validate({"ways": entries})
    except ValidationError:
        return
    ways = ways_of("log", answer)
    assert len(ways) <= WAYS
    for way in ways:
        assert way.item == "log"
        assert Way.model_validate(way.model_dump()) == way
        assert way.count > 0
        assert 0 < way.chance <= 1
        assert len(way.materials) <= SLOTS
        assert isinstance(way.place, Place)


@given(st.text(max_size=300), st.lists(st.fixed_dictionaries({"name": st.sampled_from([*VOCABULARY, "exec", "rm"])}) | ENTRY, max_size=4))
def test_any_text_around_any_plan_is_a_plan_or_a_sentence(noise, entries):
    for text in (noise, noise + json.dumps({"action_list": entries}), f"```json\n{json.dumps(entries)}\n```{noise}"):
        parsed = parse_actions(text)
        if isinstance(parsed, tuple):
            assert all(type(action) is VOCABULARY[action.name] for action in parsed)
            again = parse_actions(json.dumps({"action_list": [action.model_dump() for action in parsed]}))
            assert again == parsed
        else:
            assert parsed.problem


# --- records -------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["log", "plank", "iron_pickaxe[silk_touch]"])
SIGHT = st.builds(Seen, name=NAMES, kind=st.just("block"), distance=st.floats(0, 99), y=st.integers(-64, 320))
SEEN = st.builds(
    Observation,
    tick=st.integers(0, 10**6),
    x=st.integers(-1000, 1000),
    y=st.integers(-64, 320),
    z=st.integers(-1000, 1000),
    biome=st.text(max_size=10),
    underground=st.booleans(),
    day=st.booleans(),
    health=st.floats(0, 20),
    food=st.floats(0, 20),
    inventory=st.dictionaries(NAMES, st.integers(1, 2304), max_size=3),
    nearby=st.lists(st.builds(Seen, name=NAMES, kind=st.just("block"), distance=st.floats(0, 99), y=st.integers(-64, 320)), max_size=2).map(
        tuple
    ),
)
FEEDBACK = st.builds(
    Feedback, ok=st.booleans(), code=st.sampled_from(Code), message=st.text(max_size=20), ticks=st.integers(0, 6000), observation=SEEN
)
EVENTS = st.lists(
    st.builds(Stepped, task=st.none(), action=st.builds(Craft, object=NAMES), feedback=FEEDBACK)
    | st.builds(Resumed, replayed=st.integers(0, 9), difference=st.text(max_size=9), observation=SEEN)
    | st.builds(Ended, reached=st.booleans(), reason=st.text(max_size=9), observation=SEEN, broken_off=st.booleans()),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(events=EVENTS, cut=st.integers(1, 400), more=EVENTS)
def test_a_record_cut_anywhere_and_reopened_is_what_was_whole_and_what_came_after(tmp_path_factory, events, cut, more):
    record = RunRecord.create(tmp_path_factory.mktemp("home"), Obtain(item="log"))
    for event in events:
        record.add(event)
    record._file.close()
    data = record.path.read_bytes()
    header = data.index(b"\n") + 1
    record.path.write_bytes(data[: max(header, len(data) - cut)])
    past, again = RunRecord.reopen(record.path)
    assert past.events == tuple(events)[: len(past.events)]
    for event in more:
        again.add(event)
    again._file.close()
    whole = read_run(record.path)
    assert whole.events == (*past.events, *more)
    assert list(whole.times) == sorted(whole.times)


@given(EVENTS)
def test_a_resumption_takes_no_game_time(events):
    """Ticks are the sum of what passed between events, whatever clock the world had when the run went on."""
    tally, spent, now = Tally(), 0, 0
    start = Observation(tick=0, x=0, y=0, z=0, biome="", underground=False, day=True, health=20, food=20, inventory={})
    tally.add(EVENT.validate_python({"kind": "began", "goal": {"kind": "obtain", "item": "log"}, "world": INFO, "observation": start}))
    for event in events:
        tally.add(event)
        seen = event.feedback.observation if isinstance(event, Stepped) else event.observation
        spent += 0 if isinstance(event, Resumed) else seen.tick - now
        now = seen.tick
        assert tally.ticks == spent


INFO = {"name": "toy", "version": "1", "rules": ""}

# --- the stub ------------------------------------------------------------------------------------------------

#: The wood in each item, in halves of a plank (wiki: a log makes 4 planks, 2 planks 4 sticks, a log 1 charcoal).
WORTH = {"oak_log": 8, "oak_planks": 2, "stick": 1, "charcoal": 8}
ORDERS = st.lists(st.tuples(st.sampled_from(["oak_planks", "stick", "charcoal"]), st.integers(1, 9)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(orders=ORDERS, logs=st.integers(0, 12))
def test_crafting_and_smelting_create_no_wood(orders, logs):
    """Crafting keeps the wood there is; smelting burns some of it as fuel."""
    world = env_stub.make_world(1)
    world.reset()
    for name, count in {"oak_log": logs, "furnace": 1}.items():
        if count:
            world.game.inventory.add(name, count)
    world.step(VOCABULARY["place"](object="furnace"))
    worth = value(world.observe().inventory)
    for name, count in orders:
        before = world.observe().inventory
        action = Smelt(object=name, count=count) if name == "charcoal" else Craft(object=name, count=count)
        feedback = world.step(action)
        after = feedback.observation.inventory
        assert all(held > 0 for held in after.values())
        if feedback.code not in PARTLY_DONE:
            assert after == before
        assert value(after) <= worth
        if name != "charcoal":
            assert value(after) == worth
        worth = value(after)


def value(inventory: dict[str, int]) -> int:
    return sum(WORTH.get(name, 0) * count for name, count in inventory.items())
