"""Worlds by name."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest
from run_samples import seen, stepped

from gitm.actions import Wait
from gitm.errors import BadWorld, SetupError
from gitm.types import World, WorldInfo
from gitm.worlds import open_world, world_names


class ToyWorld:
    """A world of one's own: takes a seed and a size, and nothing else."""

    def __init__(self, seed: int = 0, *, size: int = 9) -> None:
        self.seed, self.size = seed, size

    @property
    def info(self):
        return WorldInfo(name="toy", version="1", rules="", seed=self.seed)

    def reset(self):
        return seen()

    def step(self, action):
        return stepped(None, action, 1, {}).feedback

    def close(self):
        pass


def make_any(**options):
    world = ToyWorld()
    world.options = options
    return world


def make_nothing():
    return 3


def make_trouble():
    raise SetupError("the server is not running; start it")


@pytest.fixture(autouse=True)
def own_module(monkeypatch):
    """This file as a module that can be named on the command line."""
    monkeypatch.setitem(sys.modules, "own_worlds", sys.modules[__name__])


def test_an_own_class_gets_the_options_it_takes_and_no_others():
    world = open_world("own_worlds:ToyWorld", seed=5, size=None, rules="a file", host="there")
    assert isinstance(world, ToyWorld)
    assert (world.seed, world.size) == (5, 9)
    assert world.step(Wait()).ok


def test_a_factory_that_takes_anything_gets_everything_that_is_given():
    assert open_world("own_worlds:make_any", seed=5, rules=None).options == {"seed": 5}


def test_an_installed_world_is_found_by_its_entry_point(monkeypatch):
    point = EntryPoint(name="toy", value="own_worlds:ToyWorld", group="gitm.worlds")
    monkeypatch.setattr("gitm.worlds.entry_points", lambda group: [point] if group == "gitm.worlds" else [])
    assert world_names() == ("toy",)
    assert open_world("toy", seed=3).info.seed == 3
    with pytest.raises(SetupError, match="did you mean 'toy'"):
        open_world("tyo")


def test_the_stub_is_installed_and_is_a_world():
    assert "stub" in world_names()
    world = open_world("stub", seed=1)
    assert isinstance(world, World)
    assert world.reset().tick == world.reset().tick
    world.close()


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("nowhere", "known are .*stub"),
        ("no_such_module:World", "no_such_module.*PYTHONPATH"),
        ("own_worlds:Missing", "has no 'Missing'"),
        ("own_worlds:annotations.compiler_flag", "is a int"),
        (":x", "module:Class"),
    ],
)
def test_what_is_no_world_says_what_to_do(name, mend):
    with pytest.raises(SetupError, match=mend):
        open_world(name)


def test_a_factory_that_makes_something_else_breaks_the_contract():
    with pytest.raises(BadWorld, match="makes a int"):
        open_world("own_worlds:make_nothing")


def test_a_set_up_error_of_the_factory_passes_through():
    with pytest.raises(SetupError, match="the server is not running; start it"):
        open_world("own_worlds:make_trouble")
