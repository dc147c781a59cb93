"""The least with which an item can be had from an empty inventory, by integer programming (CP-SAT).

Independent of :mod:`gitm.rank` and :mod:`gitm.tree`: it shares with them the ways, and what one performance costs. A whole number of
performances for each way; of each item as much comes as is used up and kept; what a performance needs comes before what it gives
(levels), so nothing is made of itself. Of what comes by chance the mean number of performances succeeds, rounded down to whole ones,
and each success brings all that one gives, as in the tree. Tools do not wear, and what is kept (a tool, a station) is not used up by a
recipe besides.

Needs ortools (``pip install 'gitm-agent[dev]'``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gitm.errors import SetupError
from gitm.types import Kind, Way

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

Ways = Mapping[str, tuple[Way, ...]]
Costs = Callable[[Way], tuple[int, int]]  # of the first performance and of each further one

_SCALE = 10**6  # means become whole numbers; rounded up, in favour of the optimum
_MANY = 10**5  # of what costs nothing: members of groups
_LEVELS = 60  # no plan is deeper


@dataclass(frozen=True)
class Optimum:
    """``cost`` of the best plan found and ``bound``, below which there surely is none; equal when it is proved."""

    cost: int
    bound: int
    plan: dict[str, int] = field(default_factory=dict)  # "item by way" -> performances

    @property
    def proved(self) -> bool:
        """Whether no plan is better."""
        return self.bound >= self.cost


def performances(way: Way) -> tuple[int, int]:
    """Costs that count gathers and crafts, as a tree does; taking a member of a group is none."""
    one = 0 if way.kind is Kind.ANY else 1
    return one, one


def optimum(
    goal: str,
    ways: Ways,
    upper: int,
    seconds: float = 60.0,
    costs: Costs = performances,
    within: tuple[Costs, int] | None = None,
) -> Optimum | None:
    """The best plan that costs at most ``upper`` (None: there is none, or none was found within ``seconds``).

    With ``within`` of those plans that do not exceed a budget in other costs.
    """
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise SetupError(f"the optimum needs ortools ({error}); install it with: pip install 'gitm-agent[dev]'") from error
    model = cp_model.CpModel()
    budgets = [(costs, upper), *([within] if within else [])]
    for spent, most in budgets:
        ways = _useful(goal, ways, most, spent)
    if not ways[goal]:
        return None
    plan = _Plan(model, ways, budgets)
    plan.want(goal)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1  # the bench itself runs one process a core
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    done = {f"{way.item} by {way.key}": solver.value(times) for way, times in plan.times if solver.value(times)}
    return Optimum(round(solver.objective_value), math.ceil(solver.best_objective_bound - 1e-6), done)


class _Plan:
    """Variables and constraints."""

    def __init__(self, model: CpModel, ways: Ways, budgets: Sequence[tuple[Costs, int]]) -> None:
        self.model, self.ways, self.budgets = model, ways, budgets
        self.spent: list[list[Any]] = [[] for _ in budgets]
        self.level = {item: model.new_int_var(0, _LEVELS, f"level {item}") for item in ways}
        self.kept = {item: model.new_int_var(0, _MANY, f"kept {item}") for item in ways}
        self.taken: dict[str, list[Any]] = {item: [] for item in ways}
        self.given: dict[str, list[Any]] = {item: [] for item in ways}
        self.times: list[tuple[Way, IntVar]] = []
        for way in (way for options in ways.values() for way in options):
            self._add(way)
        for item in ways:
            model.add(sum(self.given[item]) >= sum(self.taken[item]) + self.kept[item])
        for (_, upper), terms in zip(budgets, self.spent, strict=True):
            model.add(sum(terms) <= upper)
        model.minimize(sum(self.spent[0]))

    def want(self, goal: str) -> None:
        """One of the goal is there in the end."""
        self.model.add(self.kept[goal] >= 1)

    def _add(self, way: Way) -> None:
        prices = [costs(way) for costs, _ in self.budgets]
        bounds = zip(prices, self.budgets, strict=True)
        most = min((1 + (upper - first) // more for (first, more), (_, upper) in bounds if more), default=_MANY)
        times = self.model.new_int_var(0, most, f"times {way.item} {way.key}")
        done = self.model.new_bool_var(f"done {way.item} {way.key}")
        self.model.add(times == 0).only_enforce_if(~done)
        self.model.add(times >= 1).only_enforce_if(done)
        self.times.append((way, times))
        for (first, more), terms in zip(prices, self.spent, strict=True):
            terms.append(more * times + (first - more) * done)
        self.given[way.item].append(way.count * self._successes(way, times))
        for stack in way.materials:
            self.taken[stack.item].append(stack.count * times)
            self._before(stack.item, way.item, done)
        for names, count in _kept(way):
            chosen = []
            for name in (name for name in names if name in self.ways):
                choice = self.model.new_bool_var(f"{name} for {way.item} {way.key}")
                self.model.add(self.kept[name] >= count).only_enforce_if(choice)
                self._before(name, way.item, choice)
                chosen.append(choice)
            self.model.add_bool_or([*chosen, ~done])

    def _successes(self, way: Way, times: IntVar) -> Any:
        """How many of so many performances bring something, on average, as a whole number."""
        if way.chance == 1:
            return times
        brought = self.model.new_int_var(0, _MANY, f"successes {way.item} {way.key}")
        self.model.add(_SCALE * brought <= math.ceil(way.chance * _SCALE - 1e-6) * times)
        return brought

    def _before(self, supplier: str, item: str, when: IntVar) -> None:
        self.model.add(self.level[supplier] < self.level[item]).only_enforce_if(when)


def _kept(way: Way) -> Iterator[tuple[tuple[str, ...], int]]:
    """The portal to where it is done, tools, the tool to dig there with, and stations: any of the names, and how many."""
    if way.place.portal is not None:
        yield (way.place.portal,), 1
    yield from ((tool.any_of, 1) for tool in way.tools)
    if way.place.digger is not None:
        yield way.place.digger.any_of, 1
    yield from (((stack.item,), stack.count) for stack in way.stations)


def _needs(way: Way) -> list[tuple[str, ...]]:
    return [(stack.item,) for stack in way.materials] + [names for names, _ in _kept(way)]


def _useful(goal: str, ways: Ways, upper: int, costs: Costs) -> dict[str, tuple[Way, ...]]:
    """The ways that a plan of at most ``upper`` can contain at all.

    ``least`` is a bound from below for having one of an item: a first performance and all that the dearest of its needs takes.
    """
    least: dict[str, int] = {}

    def bound(way: Way) -> float:
        needs = (min((least.get(name, math.inf) for name in names), default=math.inf) for names in _needs(way))
        return costs(way)[0] + max(needs, default=0)

    todo = True
    while todo:
        todo = False
        for item, options in ways.items():
            found = min(map(bound, options), default=math.inf)
            if found < least.get(item, math.inf):
                least[item], todo = int(found), True
    useful: dict[str, tuple[Way, ...]] = {}
    ahead = [goal]
    while ahead:
        if (item := ahead.pop()) in useful:
            continue
        useful[item] = tuple(way for way in ways.get(item, ()) if bound(way) <= upper)
        ahead += [name for way in useful[item] for names in _needs(way) for name in names if least.get(name, math.inf) <= upper]
    return useful
