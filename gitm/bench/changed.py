"""Changed worlds: does the agent follow its guides, and does it notice when they are wrong? The measurement behind the bench.

In every world the same goals are pursued under four conditions:

- ``vanilla``: the original rules and their guides, for comparison.
- ``changed``: permuted rules, and the guides rendered from them.
- ``vanilla guides``: permuted rules, but guides of the original ones.
- ``memoriser``: permuted rules and their guides, and an LLM that answers from the original whatever its prompt says.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from pydantic import BaseModel

from gitm.actions import Action, Craft, Smelt
from gitm.answers import WaysAnswer
from gitm.bench.games import forget
from gitm.bench.nonsense import invented
from gitm.bench.paper import paper_rates
from gitm.bench.shuffled import changed, shuffled
from gitm.bench.solvable import Reach, reach, sources
from gitm.events import Event, Learned, SetAside, Stepped
from gitm.facts import RuleBook
from gitm.llm.reader import Reader
from gitm.llm.reading import read_ways
from gitm.types import LLM, Code, Feedback, Frozen, Kind, Message, Obtain, Reply, T, Usage, Way

if TYPE_CHECKING:
    from gitm.mind import Mind

CONDITIONS = ("vanilla", "changed", "vanilla guides", "memoriser")
NAMELESS = CONDITIONS[:2]  # those under which what things are called means nothing
REFUSALS = frozenset({Code.MISSING_MATERIAL, Code.MISSING_STATION, Code.MISSING_TOOL, Code.IMPOSSIBLE, Code.UNKNOWN_NAME})


class World(Frozen):
    """One permuted world: its seed (of rules and map), how many percent of the recipes are dealt anew, and what is pursued in it."""

    seed: int
    level: int
    goals: tuple[str, ...]
    max_ticks: int
    max_calls: int = 500  # of the LLM, a goal: more than any goal takes with guides that are right
    nonsense: bool = False  # the original's recipes, but under invented names; of the conditions, the first two mean something then
    conditions: tuple[str, ...] = CONDITIONS


class Try(Frozen):
    """How one goal went under one condition.

    ``met`` counts false beliefs about recipes that the world refused; ``noticed`` those of them after which the run's events hold the
    belief (a way given up) or its correction (a way learned anew) with the world's own words.
    """

    condition: str
    item: str
    reached: bool
    met: int
    noticed: int
    ticks: int
    llm_calls: int
    reason: str

    @property
    def unaided(self) -> bool:
        """Reached without a single correction by the world."""
        return self.reached and not self.met


class Played(World):
    """All that was tried in one world."""

    changed: float  # share of recipes that differ from the original
    works: tuple[float, ...]  # proof: the work of each goal by the fixpoint
    tries: tuple[Try, ...]
    seconds: float


def goals_of(seed: int, count: int) -> tuple[str, ...]:
    """So many of GITM's items, one of each depth: strata of equal size by the work they take, in each the next item for the next seed.

    What can be had without any recipe (arrows, hay, whatever a chest may hold) is left out, since there is nothing about it to be wrong.
    """
    items = _made()
    bounds = [round(at * len(items) / count) for at in range(count + 1)]
    return tuple(items[low + (seed - 1) % (high - low)] for low, high in pairwise(bounds) if high > low)


@cache
def _made() -> tuple[str, ...]:
    """GITM's items that no one gets without a recipe, least work first."""
    gathered, work = Reach(), reach(vanilla()).work
    gathered.learn(sources(vanilla()))
    return tuple(sorted((item for item in paper_rates() if item not in gathered.work), key=lambda item: (work[item], item)))


def dearest(book: RuleBook) -> float:
    """The work of the dearest of GITM's items: no goal of a permuted world may take more."""
    work = reach(book).work
    return max(work[item] for item in paper_rates())


def play(world: World) -> Played:
    """Every goal of the world under every condition; raises :class:`gitm.errors.SetupError` when no such world can be dealt."""
    started = perf_counter()
    original = vanilla()
    book, names = _dealt(original, world)
    with tempfile.TemporaryDirectory(prefix="gitm-bench-") as folder:
        rules = Path(folder) / "rules.json"
        rules.write_text(book.model_dump_json(), encoding="utf-8")
        informed = open_reader(Path(folder), rules)
        settings: tuple[tuple[RuleBook, Path | None, Mind, LLM], ...] = (
            (original, None, _vanilla_mind(), Reader()),
            (book, rules, informed, Reader()),
            (book, rules, _vanilla_mind(), Reader()),
            (book, rules, informed, Memoriser(_vanilla_texts)),
        )
        tries = [
            _pursue(condition, names.get(item, item) if setting[0] is book else item, world, *setting)
            for condition, setting in zip(CONDITIONS, settings, strict=True)
            if condition in world.conditions and (condition in NAMELESS or not world.nonsense)
            for item in world.goals
        ]
        informed.close()
    work = reach(book).work
    return Played(
        **world.model_dump(),
        changed=changed(original, book),
        works=tuple(work[names.get(goal, goal)] for goal in world.goals),
        tries=tuple(tries),
        seconds=round(perf_counter() - started, 2),
    )


def _dealt(original: RuleBook, world: World) -> tuple[RuleBook, Mapping[str, str]]:
    """The rules of a world, and what the original's names are there, where they are others."""
    if world.nonsense:
        return invented(original, world.seed)
    return shuffled(original, world.seed, world.goals, world.level, dearest(original)), {}


def _pursue(condition: str, item: str, world: World, book: RuleBook, rules: Path | None, mind: Mind, llm: LLM) -> Try:
    from gitm.agent import Limits, pursue
    from gitm.tally import Tally
    from gitm.worlds import open_world

    forget(mind)
    mind.asker.llm = llm
    game = open_world("stub", seed=world.seed, rules=rules)
    tally, watch = Tally(), Watch(book)
    for event in pursue(Obtain(item=item), game, mind, Limits(max_ticks=world.max_ticks, max_calls=world.max_calls)):
        tally.add(event)
        watch.see(event)
    game.close()
    done = tally.summary()
    return Try(
        condition=condition,
        item=item,
        reached=done.reached,
        met=len(watch.met),
        noticed=len(watch.noticed),
        ticks=done.ticks,
        llm_calls=done.llm_calls,
        reason=done.reason,
    )


class Watch:
    """Follows a run with the true rules in hand: which false beliefs about recipes did the world refuse, which refusals were understood?"""

    def __init__(self, book: RuleBook) -> None:
        self.groups = book.groups
        self.crafts = {(craft.item, craft.count, _stacks(craft.materials), craft.station) for craft in book.crafts}
        self.smelts = {(smelt.item, smelt.material, smelt.station) for smelt in book.smelts}
        self.met: dict[str, str] = {}  # the false belief -> what the world said
        self.noticed: set[str] = set()

    def see(self, event: Event) -> None:
        """Take in one event of the run."""
        if isinstance(event, Stepped) and event.task is not None and self._refused(event.task.way, event.action, event.feedback):
            self.met.setdefault(event.task.way.model_dump_json(), event.feedback.message)
        elif isinstance(event, SetAside):
            belief = event.way.model_dump_json()
            if self.met.get(belief) == event.reason:
                self.noticed.add(belief)
        elif isinstance(event, Learned):
            said = event.passages[0].partition("feedback: ")[2] if event.passages else ""
            self.noticed.update(belief for belief, message in self.met.items() if said == message and _item(belief) == event.item)

    def _refused(self, way: Way, action: Action, feedback: Feedback) -> bool:
        """Whether this was the performance of a false belief, with all in hand that it was believed to take, and the world refused it."""
        return (
            isinstance(action, Craft | Smelt)
            and action.object == way.item
            and feedback.code in REFUSALS
            and self.false(way)
            and self._equipped(way, action, feedback)
        )

    def false(self, way: Way) -> bool:
        """Whether no recipe of the world is like the way."""
        station = way.stations[0].item if way.stations else None
        if way.kind is Kind.CRAFT:
            return (way.item, way.count, _stacks(way.materials), station) not in self.crafts
        return way.kind is Kind.SMELT and not any((way.item, stack.item, station) in self.smelts for stack in way.materials)

    def _equipped(self, way: Way, action: Craft | Smelt, feedback: Feedback) -> bool:
        held, batches = feedback.observation.inventory, math.ceil(action.count / way.count)
        enough = all(
            sum(held.get(name, 0) for name in self.groups.get(stack.item, (stack.item,))) >= batches * stack.count
            for stack in way.materials
            if stack.item != "fuel"
        )
        return enough and all(feedback.observation.near(stack.item) for stack in way.stations)


class Memoriser:
    """An LLM that has Minecraft by heart: of recipes it answers what it remembers, never what the prompt says, not even the world's no."""

    name = "memoriser"

    def __init__(self, remembered: Callable[[str], str]) -> None:
        self.remembered, self._reader = remembered, Reader()

    def complete(self, messages: Sequence[Message], schema: type[T]) -> Reply[T]:
        """The ways of the item that is asked about, by heart; everything else as the reader answers it."""
        if not issubclass(schema, WaysAnswer):
            return self._reader.complete(messages, schema)
        question = next(message.content for message in reversed(messages) if message.role == "user")
        item = question.partition("# Item\n")[2].partition("\n")[0].strip()
        answer: BaseModel = WaysAnswer(ways=read_ways(item, self.remembered(item)))
        return Reply(value=schema.model_validate(answer.model_dump()), usage=Usage(calls=1))


def open_reader(home: Path, rules: Path) -> Mind:
    """A mind that has read the guides rendered from these rules and no others."""
    from gitm.opening import open_mind

    return open_mind(home, llm=Reader(), guides=[rules])


@cache
def _vanilla_rules() -> Path:
    from gitm.data import shipped

    found = shipped("knowledge/facts").glob("*.json")
    return max(found, key=lambda path: [int(part) for part in path.stem.split(".") if part.isdigit()])


@cache
def vanilla() -> RuleBook:
    """The newest shipped rule book, of which the worlds are permutations."""
    from gitm.facts import load

    return load(_vanilla_rules())


@cache
def _vanilla_mind() -> Mind:
    return open_reader(Path(tempfile.mkdtemp(prefix="gitm-bench-")), _vanilla_rules())


def _vanilla_texts(item: str) -> str:
    """What the memoriser learned by heart: the passages that the agent finds about an item in the original guides."""
    from gitm.decomposer import PASSAGES

    return "\n".join(passage.text for passage in _vanilla_mind().knowledge.retrieve(item, PASSAGES))


def _stacks(stacks: Sequence[object]) -> frozenset[str]:
    return frozenset(map(str, stacks))


def _item(belief: str) -> str:
    return Way.model_validate_json(belief).item
