"""How fast and how small the stub world is: actions a second, reset, import, memory; PyPI ``crafter`` beside it when installed."""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gitm.actions import Action, Approach, Craft, Drop, Eat, Equip, Mine, Place, Sleep, Store, Take, Wait
from gitm.types import World

#: One round of camp life, done over and over: what stands at the camp is placed and taken back, so that no round differs from
#: another. Two of the actions are refused. Long ways are left out: see ``replay`` for the mix of a real run.
ROUND: tuple[Action, ...] = (
    Equip(object="stick"),
    Place(object="crafting_table"),
    Craft(object="wooden_pickaxe"),
    Craft(object="stone_pickaxe"),
    Mine(object="crafting_table"),
    Equip(object="wooden_pickaxe"),
    Wait(ticks=20),
    Mine(object="dirt"),
    Store(object="dirt"),
    Take(object="dirt"),
    Drop(object="dirt"),
    Craft(object="oak_planks", count=4),
    Craft(object="stick", count=4),
    Eat(object="bread"),
    Wait(ticks=20),
    Drop(object="wooden_pickaxe"),
)
#: What crafter's random play is made of, in our words: a no-op, moves, a swing, a nap, things to place and to make, most of
#: them refused for want of something. The nearest there is to a comparison of the two.
IDLE: tuple[Action, ...] = (
    Wait(ticks=1),
    Approach(object="grass_block"),
    Equip(object="stick"),
    Approach(object="grass_block"),
    Wait(ticks=1),
    Mine(object="dirt"),
    Drop(object="dirt"),
    Sleep(),
    Place(object="furnace"),
    Craft(object="iron_pickaxe"),
    Craft(object="iron_sword"),
    Mine(object="iron_ore"),
    Eat(object="bread"),
)
_CHILD = r"""
import json, pathlib, re, resource, sys, time
start = time.perf_counter()
import importlib
make_world = importlib.import_module({module!r}).make_world
took = time.perf_counter() - start
world = make_world(0)
world.reset()
status = pathlib.Path("/proc/self/status")
if status.exists():  # Linux counts the parent's memory in ru_maxrss
    peak = int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
print(json.dumps([took, peak]))
"""


def measure(seconds: float = 1.0, replay: Mapping[int, Sequence[Action]] | None = None, module: str = "env_stub") -> dict[str, Any]:
    """The figures, each of about ``seconds`` of play.

    ``replay`` maps seeds to the actions of real runs, which the same seeds play again, action for action. Returns
    ``actions_per_second`` over :data:`ROUND` with its ``mix``, ``idle_actions_per_second`` over :data:`IDLE`, ``reset_ms`` (median
    of 200), ``import_seconds`` and ``rss_mb`` (of a fresh process), and, when there is what to measure,
    ``real_actions_per_second`` with ``real_mix`` and ``crafter_steps_per_second``.
    """
    make_world = importlib.import_module(module).make_world
    result: dict[str, Any] = {"actions_per_second": round(camp_speed(make_world(0), seconds)), "mix": mix(ROUND)}
    result["idle_actions_per_second"], result["idle_mix"] = round(camp_speed(make_world(0), seconds, IDLE)), mix(IDLE)
    result["reset_ms"] = reset_ms(make_world(0))
    result["import_seconds"], result["rss_mb"] = footprint(module)
    if replay:
        result["real_actions_per_second"] = round(replay_speed(make_world, replay))
        result["real_mix"] = mix(action for actions in replay.values() for action in actions)
    if importlib.util.find_spec("crafter") is not None:
        result["crafter_steps_per_second"] = round(crafter_speed(seconds))
    return result


def mix(actions: Iterable[Action]) -> dict[str, float]:
    """The share of each kind of action, the largest first."""
    counts = Counter(action.name for action in actions)
    return {name: round(count / counts.total(), 3) for name, count in counts.most_common()}


def camp_speed(world: World, seconds: float, actions: Sequence[Action] = ROUND) -> float:
    """Actions a second in games of 60 rounds. Of each round the quickest of all games counts: the others were disturbed.

    (Rounds are shorter than what a busy machine gives a process at a time, games are not.)
    """
    best, end = [math.inf] * 60, time.perf_counter() + seconds
    while time.perf_counter() < end:
        _make_camp(world)
        for at in range(60):
            start = time.perf_counter()
            for action in actions:
                world.step(action)
            best[at] = min(best[at], time.perf_counter() - start)
    return 60 * len(actions) / sum(best)


def _make_camp(world: World) -> None:
    """A fresh game with what the rounds use up; only worlds that show their game can be furnished."""
    world.reset()
    inventory = world.game.inventory  # type: ignore[attr-defined]
    for name, count in {"oak_log": 128, "crafting_table": 1, "chest": 1, "oak_planks": 256, "stick": 128, "bread": 64}.items():
        inventory.add(name, count)
    world.step(Place(object="chest"))


def reset_ms(world: World, times: int = 200) -> float:
    """Milliseconds of a reset, median."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        world.reset()
        taken.append(time.perf_counter() - start)
    return round(1000 * sorted(taken)[times // 2], 3)


def replay_speed(make_world: Any, replay: Mapping[int, Sequence[Action]]) -> float:
    """Actions a second when real runs are played again."""
    taken = 0.0
    for seed, actions in replay.items():
        world = make_world(seed)
        world.reset()
        start = time.perf_counter()
        for action in actions:
            world.step(action)
        taken += time.perf_counter() - start
    return sum(len(actions) for actions in replay.values()) / taken


def footprint(module: str) -> tuple[float, float]:
    """Seconds to import the world and peak megabytes with one running, in a fresh process."""
    child = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", _CHILD.format(module=module)], capture_output=True, text=True, check=True
    )
    seconds, megabytes = json.loads(child.stdout)
    return round(seconds, 3), round(megabytes, 1)


def crafter_speed(seconds: float) -> float:
    """Steps a second of PyPI ``crafter`` with random actions (its observation is a picture, ours is not)."""
    crafter = importlib.import_module("crafter")
    env = crafter.Env(seed=0)
    env.reset()
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        if env.step(env.action_space.sample())[2]:
            env.reset()
        steps += 1
    return steps / (time.perf_counter() - start)
