"""The contract suite: our worlds pass it, and every way of breaking it is noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import env_stub
from gitm.actions import Action
from gitm.check import check_world
from gitm.errors import BadWorld
from gitm.types import Code, Feedback, Observation, World

OLD = Path(env_stub.__file__).parents[1] / "knowledge" / "facts" / "1.16.5.json"


@pytest.mark.parametrize("seed", [0, 7])
def test_the_stub_keeps_the_contract(seed):
    check_world(env_stub.make_world, deterministic=True, seed=seed)


def test_the_stub_keeps_it_with_other_rules(tiny_rules, far_rules):
    check_world(lambda seed: env_stub.make_world(seed, OLD), deterministic=True)
    check_world(lambda seed: env_stub.make_world(seed, tiny_rules), deterministic=True)
    check_world(lambda seed: env_stub.make_world(seed, far_rules), deterministic=True)


class Wrapped:
    """A stub world whose answers a test may spoil."""

    def __init__(self, seed: int = 0) -> None:
        self.inner = env_stub.make_world(seed)

    @property
    def info(self):
        return self.inner.info

    def reset(self) -> Observation:
        return self.inner.reset()

    def step(self, action: Action) -> Feedback:
        return self.spoil(action, self.inner.step(action))

    def spoil(self, action: Action, feedback: Feedback) -> Feedback:
        return feedback

    def close(self) -> None:
        self.inner.close()


def spoilt(change: Callable[[Action, Feedback], Any]) -> Callable[[int], World]:
    class Broken(Wrapped):
        def spoil(self, action, feedback):
            return change(action, feedback)

    return Broken


def _raises(action, feedback):
    raise KeyError(action.name)


def _seen(feedback: Feedback, **fields) -> Feedback:
    return feedback.model_copy(update={"observation": feedback.observation.model_copy(update=fields)})


BROKEN = [
    (lambda a, f: f.model_copy(update={"ticks": f.ticks + 1}), "but the observations are"),
    (lambda a, f: f.model_copy(update={"ok": not f.ok}), "but the code is"),
    (lambda a, f: f.model_copy(update={"change": {"diamond": 1}}), "but the inventories differ by"),
    (lambda a, f: f.model_copy(update={"message": ""}), "the message must be one line"),
    (lambda a, f: f.model_copy(update={"missing": {"stick": 0}}), "missing names no amounts"),
    (
        lambda a, f: f.model_copy(update={"code": Code.NOT_FOUND}) if f.code is Code.UNKNOWN_NAME else f,
        "must be answered with UNKNOWN_NAME",
    ),
    (lambda a, f: _seen(f, tick=-1), "time goes back"),
    (lambda a, f: _seen(f, health=25.0), "is not between 0 and 20"),
    (lambda a, f: _seen(f, weather="sunny"), "the weather is 'sunny', none of clear, rain, thunder"),
    (lambda a, f: _seen(f, hand="diamond"), "the hand holds diamond"),
    (lambda a, f: _seen(f, wear={"iron_axe": 3}), "wear names what is not held"),
    (lambda a, f: _seen(f, worn=("iron_helmet",)), "worn is what the inventory has not"),
    (lambda a, f: _seen(f, nearby=f.observation.nearby[::-1]), "nearby is not sorted by distance"),
    (lambda a, f: _seen(f, nearby=f.observation.nearby[:1] * 2), "the same kind of thing twice"),
    (lambda a, f: None, "not a Feedback"),
    (_raises, "step() raised KeyError"),
]


@pytest.mark.parametrize(("change", "problem"), BROKEN)
def test_a_broken_world_is_named_for_what_is_broken(change, problem):
    with pytest.raises(BadWorld, match="the world breaks the contract") as caught:
        check_world(spoilt(change))
    assert problem in str(caught.value)


class Wasteful(Wrapped):
    """Loses a thing with every refusal."""

    def reset(self) -> Observation:
        self.inner.reset()
        self.inner.game.inventory.add("dirt", 64)
        return self.inner.observe()

    def spoil(self, action, feedback):
        if feedback.ok or not self.inner.game.inventory.count("dirt"):
            return feedback
        self.inner.game.inventory.remove("dirt", 1)
        observation = self.inner.observe()
        return feedback.model_copy(update={"observation": observation, "change": {"dirt": -1}})


def test_a_refusal_that_costs_something_is_noticed():
    with pytest.raises(BadWorld, match=r"a refusal .* changed the inventory"):
        check_world(Wasteful)


class Moody(Wrapped):
    """Every world of it is another."""

    made = 0

    def __init__(self, seed: int = 0) -> None:
        type(self).made += 1
        super().__init__(seed + self.made)


def test_chance_without_a_seed_is_noticed_only_when_asked_for():
    check_world(Moody)
    with pytest.raises(BadWorld, match="other answers in a second world"):
        check_world(Moody, deterministic=True)


class Fickle(Wrapped):
    """Its info changes while it is played."""

    steps = 0

    def step(self, action):
        self.steps += 1
        return super().step(action)

    @property
    def info(self):
        return self.inner.info.model_copy(update={"seed": self.steps})


def test_info_must_not_change():
    with pytest.raises(BadWorld, match="info changed while playing"):
        check_world(Fickle)


def test_what_is_no_world_is_named():
    with pytest.raises(BadWorld, match=r"object lacks a member of gitm\.types\.World"):
        check_world(lambda seed: object())
