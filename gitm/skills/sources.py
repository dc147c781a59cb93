"""Where templates are looked for: shipped ones, those of installed packages, the home folder's, those of the current directory.

A package brings templates with an entry point of group ``gitm.skills`` whose value is the (sub-)package that holds the YAML files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from gitm.errors import SetupError

GROUP = "gitm.skills"
Source = tuple[str, Path | Traversable]  # what it is called, and the folder


def sources(shipped: Path, home: Path | None = None, further: Iterable[Path] = ()) -> list[Source]:
    """All folders of templates in their order; of two templates with one name, or that fit equally well, the later one wins.

    ``further`` are folders given in the settings. The current directory's ``skills`` is left out when it is a folder that is read already,
    as in a checkout of this project. Raises :class:`SetupError` for a package that cannot be read.
    """
    found: list[Source] = [("shipped", shipped), *_packages(entry_points(group=GROUP))]
    own = [("home", home / "skills")] if home else []
    own.append(("./skills", Path("skills").absolute()))
    own = [(name, folder) for name, folder in own if folder.is_dir()]
    own += [(str(folder), folder) for folder in further]
    known = {shipped.resolve()}
    for name, folder in own:
        if folder.resolve() not in known:
            known.add(folder.resolve())
            found.append((name, folder))
    return found


def _packages(points: Iterable[EntryPoint]) -> Iterator[Source]:
    for point in sorted(points, key=lambda point: (point.name, point.value)):
        name = f"package {point.dist.name if point.dist else point.name}"
        if not all(part.isidentifier() for part in point.value.split(".")):  # no path, above all
            raise SetupError(f"{name}: '{point.value}' is no package name; an entry point of group {GROUP} names one, see docs/skills.md")
        try:
            folder = files(point.value)
        except Exception as error:  # importing a package may fail in any way
            raise SetupError(f"{name}: its templates cannot be read ({type(error).__name__}: {error}); mend or uninstall it") from error
        yield name, folder
