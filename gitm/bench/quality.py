"""How near the sub-goal tree comes to the best plan: its expected game time over the least, its gathers and crafts over the fewest."""

from __future__ import annotations

import tempfile
from functools import cache, reduce
from pathlib import Path
from time import perf_counter

from gitm.answers import WaysAnswer, ways_of
from gitm.bench.optimum import Ways, optimum
from gitm.decomposer import Decomposer
from gitm.events import drained
from gitm.grammar import LASTS
from gitm.knowledge import Knowledge
from gitm.limits import Asker
from gitm.llm.reader import Reader
from gitm.llm.reading import read_ways
from gitm.memory import Memory
from gitm.stock import Stock, effort
from gitm.tree import decompose
from gitm.types import Frozen, Kind, Obtain, Tree, Way


class Question(Frozen):
    """Of which item, and how long the solver may look for a better plan."""

    item: str
    seconds: float


class Quality(Question):
    """Performances (gathers + crafts) of our tree, and the fewest of a plan that takes no longer, at least ``bound``; both plans.

    Plans that take longer are left out, since it is time that our tree minimises: an iron block is a single performance when one finds it
    in a chest of the Nether. ``worn``: our tree's performances when tools wear out, spare ones included. The ``_time`` figures are
    expected hundredths of a second of game time: of our tree, and of the plan that takes least. ``informed`` is the tree when every way
    is known from the start; ours asks only about what seems to matter, guessing the rest.
    """

    ours: int
    worn: int
    optimum: int
    bound: int
    informed: int
    our_time: int
    informed_time: int
    least_time: int
    bound_time: int
    tree: dict[str, int]
    best: dict[str, int]
    fastest: dict[str, int]
    took: float  # seconds

    @property
    def ratio(self) -> float:
        """1.0: no plan has fewer performances."""
        return self.ours / self.optimum

    @property
    def time_ratio(self) -> float:
        """1.0: no plan takes less game time."""
        return self.our_time / self.least_time


def measure(question: Question) -> Quality:
    """Our tree and the optimum for one item from an empty inventory."""
    started = perf_counter()
    goal = Obtain(item=question.item)
    worn, tree = (_tree(goal, lasting=lasting) for lasting in (False, True))
    ours = tree.gathers + tree.crafts
    informed = decompose(goal, _lasting_ways())
    our_time = _time(tree)
    best = optimum(question.item, every_way(), ours, question.seconds, within=(times, our_time))
    fast = optimum(question.item, every_way(), our_time, question.seconds, times)
    return Quality(
        **question.model_dump(),
        ours=ours,
        worn=worn.gathers + worn.crafts,
        optimum=best.cost if best else ours,
        bound=best.bound if best else 1,
        informed=informed.gathers + informed.crafts,
        our_time=our_time,
        informed_time=_time(informed),
        least_time=fast.cost if fast else our_time,
        bound_time=fast.bound if fast else 1,
        tree={task.key: task.batches for task in tree.subgoals},
        best=best.plan if best else {},
        fastest=fast.plan if fast else {},
        took=round(perf_counter() - started, 2),
    )


def times(way: Way) -> tuple[int, int]:
    """Costs in expected hundredths of a second, by the figures of :mod:`gitm.rank`; taking a member of a group takes no time."""
    if way.kind is Kind.ANY:
        return 0, 0
    first, more = effort(way, Stock())
    return round(100 * first), round(100 * more)


def _time(tree: Tree) -> int:
    return sum(first + (task.batches - 1) * more for task in tree.subgoals for first, more in [times(task.way)])


def _tree(goal: Obtain, *, lasting: bool) -> Tree:
    """The tree of one who begins with nothing but the guides, and asks the reader about what seems to matter."""
    decomposer = Decomposer(_knowledge(lasting=lasting), Memory(None), Asker(Reader()))
    return drained(decomposer.tree(goal, Stock(), whole=True))[1]


@cache
def _lasting_ways() -> Ways:
    return {item: tuple(way.model_copy(update={"lasts": None}) for way in ways) for item, ways in every_way().items()}


@cache
def every_way() -> Ways:
    """Every way of every item, read from the passages of the newest shipped rule book."""
    found: dict[str, tuple[Way, ...]] = {}
    for passage in _knowledge(lasting=False).passages:
        for item in passage.items:
            if passage.id == f"item:{item}":
                found[item] = ways_of(item, WaysAnswer(ways=read_ways(item, passage.text)))
    return found


@cache
def _knowledge(*, lasting: bool) -> Knowledge:
    """The shipped guides; those of ``lasting`` tools do not say when one wears out, since spare ones are not a matter of a plan's shape."""
    from gitm.opening import gather

    passages, _ = gather(None, ())
    if lasting:
        passages = tuple(passage.model_copy(update={"text": without_wear(passage.text)}) for passage in passages)
    return Knowledge.open(Path(tempfile.mkdtemp(prefix="gitm-bench-")), passages)


def without_wear(text: str) -> str:
    """A guide without the sentences that say how long a tool lasts."""
    return reduce(lambda rest, form: form.pattern.sub("", rest), LASTS, text)
