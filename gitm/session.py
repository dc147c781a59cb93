"""What settings amount to: a world, an LLM and a mind, opened when first needed and closed together.

Commands use it; from Python, ``open_world``, ``open_mind`` and ``pursue`` do without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gitm.config import Settings, masked
from gitm.errors import BadName
from gitm.events import Event, Role, Setting, drained
from gitm.types import LLM, Goal, World

if TYPE_CHECKING:
    from gitm.agent import Limits
    from gitm.mind import Mind

Progress = Callable[[int, int], None]


def open_settings_llm(settings: Settings) -> LLM:
    """The LLM that the settings name."""
    from gitm.llm import open_llm

    return open_llm(settings.llm, model=settings.model, base_url=settings.base_url, home=settings.home)


class Session:
    """A world, a mind, both lazily; a context manager. ``progress`` hears of the building of the index."""

    def __init__(
        self,
        settings: Settings,
        progress: Progress | None = None,
        *,
        record: Path | None = None,
        replay: Path | None = None,
        llms: Mapping[Role, LLM] | None = None,
    ) -> None:
        """``record`` and ``replay`` are files of exchanges with LLMs; ``llms`` take the place of those that the settings name."""
        self.settings = settings
        self.prelude: tuple[Event, ...] = ()  # what was asked to understand the goal
        self._progress, self._record, self._replay, self._llms = progress, record, replay, llms

    def open(self) -> None:
        """Open the world; a mind opened after it knows the version that is played."""
        _ = self.world

    @cached_property
    def world(self) -> World:
        """The world, not yet reset."""
        return open_world_of(self.settings)

    @cached_property
    def mind(self) -> Mind:
        """The mind, for the version that is played (the newest shipped one while no world is open)."""
        from gitm.opening import open_mind
        from gitm.roles import open_llms

        settings = self.settings
        llms = self._llms or open_llms(settings, record=self._record, replay=self._replay)
        version = self.world.info.version if "world" in vars(self) else None
        return open_mind(
            settings.home,
            llm=llms["decomposer"],
            roles=llms,
            shape=settings.prompt_shape,
            version=version,
            guides=(*_own(settings.home, "guides"), *settings.guides),
            planner=settings.planner,
            skills=(*_own(settings.home, "skills"), *settings.skills),
            successes=settings.successes,
            embedder=settings.embedder,
            progress=self._progress,
        )

    @property
    def limits(self) -> Limits:
        """The budgets of a run."""
        from gitm.agent import Limits

        settings = self.settings
        return Limits(
            max_ticks=settings.max_ticks,
            max_calls=settings.max_calls,
            max_tokens=settings.max_tokens,
            max_cost=settings.max_cost,
            max_seconds=settings.max_seconds,
        )

    def goal(self, text: str) -> Goal:
        """The goal in words: items as they are, free words as an LLM understands them (``prelude`` is then what was asked).

        Raises :class:`gitm.errors.BadName`.
        """
        from gitm.goals import is_free, parse_goal

        try:
            return parse_goal(text, self.mind.names, self.mind.aliases)
        except BadName:
            if not is_free(text, self.mind.names):
                raise
        from gitm.wishes import understand

        mind = self.mind
        mind.asker.prepare(self.limits)
        events, goal = drained(understand(text, mind.knowledge, mind.aliases, mind.asker))
        self.prelude = tuple(events)
        return goal

    def described(self) -> dict[str, Setting]:
        """The settings as the record keeps them: what is needed to repeat the run; no secret, nothing empty."""
        values = self.settings.model_dump(mode="json", exclude={"home"}, exclude_none=True)
        return {key: _described(value) for key, value in values.items() if value != []}

    def close(self) -> None:
        """Close what was opened."""
        for name in ("mind", "world"):
            if (opened := vars(self).pop(name, None)) is not None:
                opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_world_of(settings: Settings) -> World:
    """The world that the settings name."""
    from gitm.worlds import open_world

    return open_world(
        settings.world,
        seed=settings.seed,
        rules=settings.rules,
        host=settings.host,
        port=settings.port,
        username=settings.username,
        auth=settings.auth,
        mc_version=settings.mc_version,
        view=settings.view,
        home=settings.home,
    )


def _described(value: Any) -> Setting:
    if isinstance(value, list):
        return tuple(masked(part) for part in value)
    return masked(value) if isinstance(value, str) else value


def _own(home: Path, name: str) -> tuple[Path, ...]:
    """The user's own folder of guides or skills, when there is one."""
    folder = home / name
    return (folder,) if folder.is_dir() else ()
