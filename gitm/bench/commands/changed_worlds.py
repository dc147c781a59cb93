"""``gitm bench changed-worlds``: permuted recipes, with guides that are right and guides that are wrong."""

from __future__ import annotations

from statistics import mean, median
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gitm.bench.commands.playing import log_of, run_jobs
from gitm.bench.options import Fresh, Json, Log, Ticks, Workers
from gitm.bench.report import header, interval, rate_text, tell

NONSENSE = "nonsense"

if TYPE_CHECKING:
    from gitm.bench.changed import Played, Try


def changed_worlds(
    *,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds, of seeds from 1.")] = 50,
    level: Annotated[str, typer.Option(help="Percent of the recipes that are dealt anew; or 'nonsense': invented names instead.")] = "100",
    goals: Annotated[int, typer.Option(min=1, help="Goals in each world, of different depth.")] = 10,
    wrong: Annotated[bool, typer.Option(help="Play also with wrong guides and with a memoriser, which takes most of the time.")] = True,
    workers: Workers = None,
    max_ticks: Ticks = 5_000_000,
    max_calls: Annotated[int, typer.Option(min=1, help="LLM calls after which a goal is lost.")] = 500,
    log: Log = None,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Worlds with recipes permuted at random: does the agent follow guides that changed too, and notice guides that did not?"""
    from gitm.bench.changed import CONDITIONS, NAMELESS, Played, World, goals_of, play

    path, nonsense, percent = log_of("changed-worlds", log, fresh=fresh), level == NONSENSE, _percent(level)
    limits = {"max_ticks": max_ticks, "max_calls": max_calls, "conditions": CONDITIONS if wrong else NAMELESS}
    jobs = [World(seed=s, level=percent, goals=goals_of(s, goals), nonsense=nonsense, **limits) for s in range(1, worlds + 1)]
    played, seconds = run_jobs("changed-worlds", jobs, play, Played, path, workers)
    figures = summary(played)
    report = header("changed-worlds", seeds=worlds, level=level, goals=goals, llm="reader", **limits)
    report |= figures | {"seconds": seconds, "worlds": [world.model_dump() for world in played]}
    tell(report, _table(played, figures), as_json=json)
    raise typer.Exit(0 if _holds(figures["conditions"]) else 1)


def _percent(level: str) -> int:
    """The level as a number, that of no recipe for invented names."""
    if level == NONSENSE:
        return 0
    if level.isdecimal() and 1 <= int(level) <= 100:
        return int(level)
    raise typer.BadParameter(f"'{level}' is neither a number from 1 to 100 nor {NONSENSE}", param_hint="--level")


def summary(played: list[Played]) -> dict[str, Any]:
    """The figures of each condition, with 95 % confidence intervals as shares."""
    from gitm.bench.changed import CONDITIONS

    conditions = {}
    for condition in CONDITIONS:
        tries = [entry for world in played for entry in world.tries if entry.condition == condition]
        if not tries:
            continue
        reached, unaided = sum(entry.reached for entry in tries), sum(entry.unaided for entry in tries)
        conditions[condition] = {
            "goals": len(tries),
            "reached": reached,
            "reached_interval": interval(reached, len(tries)),
            "reached_before_feedback": unaided,
            "reached_before_feedback_interval": interval(unaided, len(tries)),
            "contradictions_met": sum(entry.met for entry in tries),
            "contradictions_noticed": sum(entry.noticed for entry in tries),
            "median_ticks": median([entry.ticks for entry in tries if entry.reached] or [0]),
            "llm_calls_mean": mean(entry.llm_calls for entry in tries),
        }
    return {"recipes_changed": mean(world.changed for world in played), "conditions": conditions}


def _holds(conditions: dict[str, dict[str, Any]]) -> bool:
    """Within one point of the original with the right guides, every contradiction noticed, the memoriser lost before feedback."""
    share = {name: figures["reached"] / figures["goals"] for name, figures in conditions.items()}
    noticed = all(figures["contradictions_met"] == figures["contradictions_noticed"] for figures in conditions.values())
    return noticed and share["changed"] >= share["vanilla"] - 0.01


def _table(played: list[Played], figures: dict[str, Any]) -> list[str]:
    titles = ("rules, guides, LLM", "reached (95 % interval)", "before any feedback", "contradictions noticed", "median ticks", "calls")
    lines = ["{:<30}{:>26}{:>26}{:>24}{:>14}{:>7}".format(*titles)]
    for condition, row in figures["conditions"].items():
        noticed = f"{row['contradictions_noticed']} of {row['contradictions_met']}" if row["contradictions_met"] else "none met"
        unaided = rate_text(row["reached_before_feedback"], row["goals"])
        lines.append(
            f"{_words(condition, played):<30}{rate_text(row['reached'], row['goals']):>26}{unaided:>26}"
            f"{noticed:>24}{row['median_ticks']:>14.0f}{row['llm_calls_mean']:>7.0f}"
        )
    goals = sum(len(world.goals) for world in played)
    share = f"{100 * figures['recipes_changed']:.1f} % of the recipes changed"
    lines.append(f"{len(played)} worlds, {'invented names' if played[0].nonsense else share}, {goals} goals, each proved possible")
    lost = [(world, entry) for world in played for entry in world.tries if entry.condition in ("vanilla", "changed") and not entry.reached]
    return lines + [_lost(world, entry) for world, entry in lost]


def _lost(world: Played, entry: Try) -> str:
    return f"not reached: {entry.item} ({entry.condition}, seed {world.seed}): {entry.reason}"


def _words(condition: str, played: list[Played]) -> str:
    return _WORDS[condition].replace("permuted", "invented" if played[0].nonsense else "permuted")


_WORDS = {
    "vanilla": "original, original, reader",
    "changed": "permuted, permuted, reader",
    "vanilla guides": "permuted, original, reader",
    "memoriser": "permuted, permuted, memoriser",
}
