"""``check_world``: the contract every world keeps, as Gymnasium's ``check_env`` is for its environments.

It plays a short script that assumes nothing of where things are, so it holds for live worlds as well as for made-up ones,
and reports everything that is broken at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gitm.actions import (
    ACTION,
    VOCABULARY,
    Action,
    Apply,
    Approach,
    Attack,
    BaseAction,
    Build,
    Craft,
    DigDown,
    Drop,
    Eat,
    Enter,
    Equip,
    GoUp,
    Mine,
    Place,
    Sleep,
    Smelt,
    Store,
    Take,
    Trade,
    Wait,
    action_text,
)
from gitm.errors import BadWorld
from gitm.types import PARTLY_DONE, Code, Feedback, Observation, World

#: A name that no world has.
NOTHING = "zz_no_such_thing"
WEATHERS = ("clear", "rain", "thunder")
_MOST = 20  # problems in one report


def check_world(make_world: Callable[[int], World], *, deterministic: bool = False, seed: int = 0) -> None:
    """Play a short script in ``make_world(seed)`` and hold every answer against the contract of :class:`gitm.types.World`.

    Every action is answered by a :class:`Feedback` and never by an exception; ``change`` is the inventory difference; a
    refusal changes no inventory; time never goes back and ``ticks`` is its difference; unknown names get UNKNOWN_NAME; feedback
    survives JSON. With ``deterministic``, the same seed and actions must also give the same bytes, in a second world and after
    ``reset``. The script acts for real (it digs a block or two and drops what it can): give it a world you can spare.
    Raises :class:`gitm.errors.BadWorld`, listing what is broken.
    """
    problems: dict[str, None] = {}  # an ordered set
    first = _play(make_world, seed, problems)
    if deterministic and not problems:
        if _play(make_world, seed, problems) != first:
            problems["the same seed and actions give other answers in a second world"] = None
        if _play(make_world, seed, problems, resets=2) != first:
            problems["after a second reset() the same actions give other answers"] = None
    if problems:
        listed = "\n".join(f"- {problem}" for problem in list(problems)[:_MOST])
        raise BadWorld(f"the world breaks the contract of gitm.check_world:\n{listed}")


def _play(make_world: Callable[[int], World], seed: int, problems: dict[str, None], resets: int = 1) -> list[str]:
    """Run the script once; returns every answer as JSON."""
    world = make_world(seed)
    if not isinstance(world, World):
        problems[f"{type(world).__name__} lacks a member of gitm.types.World: info, reset, step, close"] = None
        return []
    info, answers = world.info, []
    try:
        for _ in range(resets):
            seen = world.reset()
        if not isinstance(seen, Observation):
            problems[f"reset() gives {type(seen).__name__}, not an Observation"] = None
            return []
        problems.update(dict.fromkeys(f"reset(): {fault}" for fault in observation_faults(seen)))
        for action, code in script(seen):
            feedback = _answer(world, action, problems)
            if feedback is None:
                continue
            faults = [*feedback_faults(seen, feedback), *_code_faults(code, feedback)]
            problems.update(dict.fromkeys(f"{action_text(action)}: {fault}" for fault in faults))
            answers.append(feedback.model_dump_json())
            seen = feedback.observation
        if world.info != info:
            problems["info changed while playing"] = None
    finally:
        world.close()
    return answers


def _answer(world: World, action: Action, problems: dict[str, None]) -> Feedback | None:
    """The world's answer; None when it is none."""
    try:
        feedback = world.step(action)
    except Exception as error:  # whatever it is, it breaks the contract
        problems[f"{action_text(action)}: step() raised {type(error).__name__}: {error}"] = None
        return None
    if not isinstance(feedback, Feedback):
        problems[f"{action_text(action)}: step() gives {type(feedback).__name__}, not a Feedback"] = None
        return None
    return feedback


def script(seen: Observation) -> Iterator[tuple[Action, frozenset[Code] | None]]:
    """Every action with unknown names, with extreme and with sensible arguments; and the codes it may be answered with (None: any)."""
    unknown = frozenset({Code.UNKNOWN_NAME})
    yield Wait(ticks=1), None
    for cls in VOCABULARY.values():
        for action in _with_unknown_names(cls):
            yield action, unknown
    yield Build(blueprint=NOTHING), frozenset({Code.UNKNOWN_NAME, Code.IMPOSSIBLE})
    yield Enter(portal=NOTHING), frozenset({Code.UNKNOWN_NAME, Code.IMPOSSIBLE})
    in_sight = [thing.name for thing in seen.nearby[:3]]
    for name in dict.fromkeys([*in_sight, seen.under, "stick", "iron_ore", "zombie"]):
        yield from ((action, None) for action in _with_name(name))
    yield DigDown(y_level=320), None
    yield DigDown(y_level=-64, tool=NOTHING), None
    yield Smelt(object="iron_ingot", count=2304), None
    yield Craft(object="oak_planks", materials={NOTHING: 1}), None
    yield Apply(object="bucket", target="water", count=2304), None
    yield GoUp(), None
    yield Sleep(), None
    yield Wait(ticks=20), None


def _with_unknown_names(cls: type[BaseAction]) -> Iterator[Action]:
    """The action with a name nobody has, in each place where a name is required."""
    required = [key for key, field in cls.model_fields.items() if field.is_required() and key in ("object", "target", "partner")]
    if "object" in required:
        yield ACTION.validate_python({"name": cls.model_fields["name"].default, **dict.fromkeys(required, NOTHING)})


def _with_name(name: str) -> Iterator[Action]:
    """Every action that takes a name, with this one: most make no sense, all must be answered."""
    yield Approach(object=name)
    yield Mine(object=name)
    yield Equip(object=name)
    yield Place(object=name)
    yield Craft(object=name, count=2304)
    yield Eat(object=name)
    yield Store(object=name)
    yield Drop(object=name, count=2304)
    yield Drop(object=name)
    yield Take(object=name, count=2304)
    yield Attack(object=name, tool=name)
    yield Apply(object=name, target=name)
    yield Trade(object=name, partner=name)
    yield Enter(portal=name)
    yield Smelt(object=name, material=name, fuel=name, tool=name)


def _code_faults(allowed: frozenset[Code] | None, feedback: Feedback) -> Iterator[str]:
    if allowed is not None and feedback.code not in allowed:
        yield f"an unknown name must be answered with {' or '.join(sorted(allowed))}, not {feedback.code}"


def feedback_faults(before: Observation, feedback: Feedback) -> Iterator[str]:
    """What is wrong with an answer, given the observation before it."""
    after = feedback.observation
    yield from observation_faults(after)
    if feedback.ok != (feedback.code is Code.OK):
        yield f"ok is {feedback.ok} but the code is {feedback.code}"
    if not feedback.message.strip() or "\n" in feedback.message:
        yield "the message must be one line that is not empty"
    if feedback.ticks < 0 or after.tick < before.tick:
        yield "time goes back"
    if after.tick - before.tick != feedback.ticks:
        yield f"ticks is {feedback.ticks}, but the observations are {after.tick - before.tick} ticks apart"
    names = sorted({*before.inventory, *after.inventory})
    change = {name: after.inventory.get(name, 0) - before.inventory.get(name, 0) for name in names}
    change = {name: count for name, count in change.items() if count}
    if feedback.change != change:
        yield f"change is {feedback.change}, but the inventories differ by {change}"
    if not feedback.ok and feedback.code not in PARTLY_DONE and change:
        yield f"a refusal ({feedback.code}) changed the inventory by {change}"
    if any(count <= 0 for count in feedback.missing.values()):
        yield f"missing names no amounts: {feedback.missing}"
    if Feedback.model_validate_json(feedback.model_dump_json()) != feedback:
        yield "feedback does not survive JSON"


def observation_faults(seen: Observation) -> Iterator[str]:
    """What is wrong with an observation in itself."""
    if any(count <= 0 for count in seen.inventory.values()):
        yield f"the inventory has counts of zero or less: {seen.inventory}"
    if missing := sorted(set(seen.wear) - set(seen.inventory)):
        yield f"wear names what is not held: {', '.join(missing)}"
    if seen.hand is not None and seen.hand not in seen.inventory:
        yield f"the hand holds {seen.hand}, which is not in the inventory"
    if missing := sorted(set(seen.worn) - set(seen.inventory)):
        yield f"worn is what the inventory has not: {', '.join(missing)}"
    if not (0 <= seen.health <= 20 and 0 <= seen.food <= 20):
        yield f"health {seen.health} or food {seen.food} is not between 0 and 20"
    if seen.weather not in WEATHERS:
        yield f"the weather is {seen.weather!r}, none of {', '.join(WEATHERS)}"
    distances = [thing.distance for thing in seen.nearby]
    if distances != sorted(distances) or any(thing.count < 1 for thing in seen.nearby):
        yield "nearby is not sorted by distance, or counts less than one of something"
    if len({(thing.name, thing.kind) for thing in seen.nearby}) < len(seen.nearby):
        yield "nearby has the same kind of thing twice"
