"""Guides: Markdown files with YAML front matter, read into the passages that retrieval works on.

A guide is split at its ``## `` headings; each piece is one :class:`gitm.types.Passage`. ``docs/guides.md`` says how to write one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from gitm.actions import Name
from gitm.errors import BadFile
from gitm.types import Frozen, Passage

LARGEST = 100_000  # characters of a guide; the longest of ours has 2,000
MOST = 1_000  # items that one guide is about
_HELP = "docs/guides.md shows a whole guide"
_CLAUSE = re.compile(r"(>=|<=|==|!=|>|<)?\s*(\d+(?:\.\d+)*)$")
_HEADING = re.compile(r"##\s+(\S.*?)\s*#*$")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_ASKED = re.compile(r"<!--\s*asked:")


class FrontMatter(Frozen):
    """The head of a guide.

    ``items`` are the names the guide is about. Of these, a passage is about the ones it mentions (``about: named``), or about every
    one of them (``about: all``). ``versions`` says for which game versions the guide is right; see :func:`fits`.
    """

    title: str = Field(min_length=1)
    items: tuple[Name, ...] = Field(default=(), max_length=MOST)
    versions: str = "any"
    source: str = ""
    about: Literal["named", "all"] = "named"

    @field_validator("versions", mode="before")
    @classmethod
    def _readable(cls, value: object) -> str:
        if isinstance(value, float):  # YAML turned 1.20 into 1.2, so guessing would be wrong
            raise ValueError('write the version in quotes, as in versions: "1.20"')  # noqa: TRY004 - pydantic collects ValueErrors
        fits(str(value), "1.0")
        return str(value)


def fits(versions: str, version: str | None) -> bool:
    """Whether a guide for ``versions`` is right for the game ``version``.

    ``versions`` is ``any`` or comparisons that must all hold: ``>=1.18``, ``>=1.16,<1.18``; a bare ``1.16`` means 1.16 and every 1.16.x.
    A ``version`` of None, or one that is no dotted number (an invented world's), rules nothing out. Raises ``ValueError`` for other text.
    """
    if versions.strip() == "any":
        return True
    wanted = []
    for clause in versions.split(","):
        if not (match := _CLAUSE.match(clause.strip())):
            raise ValueError(f"'{versions}' is no version range; write any, 1.16, >=1.18 or >=1.16,<1.18")
        wanted.append((match.group(1), _numbers(match.group(2))))
    if version is None or not re.fullmatch(r"\d+(\.\d+)*", version):
        return True
    return all(_holds(operator, _numbers(version), bound) for operator, bound in wanted)


def load_guides(folder: Path, version: str | None = None) -> tuple[Passage, ...]:
    """The passages of every ``*.md`` below a folder (or of one file), in the order of their paths; those that fit ``version`` only.

    Raises :class:`BadFile` with the line and the mend when a guide is not what it should be.
    """
    if not folder.exists():
        raise BadFile(folder, "", "there is no such folder of guides; give a folder with Markdown files")
    found = [path for path in folder.rglob("*.md") if path.is_file()] if folder.is_dir() else [folder]
    files = sorted(found, key=lambda path: path.relative_to(folder).as_posix())
    return tuple(passage for path in files for passage in load_guide(path, version))


def load_guide(path: Path, version: str | None = None) -> tuple[Passage, ...]:
    """The passages of one guide; none when it is for other versions than ``version``. Raises :class:`BadFile`."""
    lines = _read(path).split("\n")
    head, body_start = _front_matter(path, lines)
    if not fits(head.versions, version):
        return ()
    passages, slugs = list[Passage](), set[str]()
    for heading, piece in _sections(lines[body_start:], head.title):
        asked, text = _asked(path, heading, piece)
        slug = _unused(_slug(heading), slugs)
        passages.append(
            Passage(
                id=f"{path.stem}#{slug}",
                text=text,
                items=head.items if head.about == "all" else mentioned(head.items, f"{heading}\n{text}"),
                source=f"{path.name}: {heading}",
                title=heading if heading == head.title else f"{head.title}: {heading}",
                asked=asked,
            )
        )
    if not passages:
        raise BadFile(path, f"line {body_start + 1}", f"the guide has no text below its front matter; write some, {_HELP}")
    return tuple(passages)


def mentioned(items: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Those of ``items`` that a text names, in id form (``iron_ingot``) or as words (``Iron ingots``), in their given order."""
    return tuple(item for item in items if _name_pattern(item).search(text))


def _name_pattern(item: str) -> re.Pattern[str]:
    words = "[ _]".join(re.escape(word) for word in item.split("_"))
    return re.compile(rf"(?<![a-z0-9_]){words}(?:e?s)?(?![a-z0-9_\[])", re.IGNORECASE)


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadFile(path, "", f"cannot be read ({error.strerror}); check the path and its permissions") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadFile(path, f"line {line}", "is not UTF-8 text; save the file as UTF-8") from error
    if len(text) > LARGEST:
        raise BadFile(path, "line 1", f"has {len(text):,} characters, and a guide has at most {LARGEST:,}; split it up")
    if not text.strip():
        raise BadFile(path, "line 1", f"is empty; write a guide or remove the file, {_HELP}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _front_matter(path: Path, lines: list[str]) -> tuple[FrontMatter, int]:
    """The head of a guide and the index of the first line below it."""
    if lines[0].rstrip() != "---":
        raise BadFile(path, "line 1", f"does not begin with front matter; put it between two lines of ---, {_HELP}")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise BadFile(path, "line 1", "the front matter is not closed; end it with a line of ---")
    try:
        value = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        raise BadFile(path, f"line {line}", f"the front matter is not YAML ({error.problem}); {_HELP}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # control characters; a date that does not exist; a thousand brackets
        raise BadFile(path, "line 2", f"the front matter is not YAML ({str(error).splitlines()[0]}); {_HELP}") from error
    if not isinstance(value, dict):
        raise BadFile(path, "line 2", f"the front matter has no keys; it needs at least title, {_HELP}")
    try:
        return FrontMatter.model_validate(value), end + 1
    except ValidationError as error:
        raise _bad_entry(path, lines[:end], error) from error


def _bad_entry(path: Path, head: list[str], error: ValidationError) -> BadFile:
    """The first complaint of pydantic, with the line its key stands on and the mend."""
    first = error.errors(include_url=False, include_input=False)[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    line = next((at for at, text in enumerate(head, 1) if re.match(rf"[\"']?{re.escape(key)}[\"']?\s*:", text)), 1)
    known = ", ".join(FrontMatter.model_fields)
    problems = {
        "missing": f"the front matter has no {key}; add a line '{key}: …'",
        "extra_forbidden": f"unknown key '{key}'; the keys are {known}",
    }
    entry = ".".join(str(part) for part in first["loc"])
    return BadFile(path, f"line {line}", problems.get(first["type"], f"{entry}: {first['msg']}; {_HELP}"))


def _sections(lines: list[str], title: str) -> Iterator[tuple[str, str]]:
    """Heading and text of every piece that has text; what stands before the first heading goes under the title."""
    heading, text, fenced = title, list[str](), False
    for line in lines:
        fenced ^= bool(_FENCE.match(line))
        if not fenced and (match := _HEADING.match(line)):
            if piece := "\n".join(text).strip():
                yield heading, piece
            heading, text = match.group(1), []
        elif not (not text and re.match(r"#\s+", line)):  # a top heading repeats the title
            text.append(line)
    if piece := "\n".join(text).strip():
        yield heading, piece


def _asked(path: Path, heading: str, piece: str) -> tuple[tuple[str, ...], str]:
    """The questions in the comment that a piece begins with, if it does, and the text below it; raises :class:`BadFile`."""
    if not (begun := _ASKED.match(piece)):
        return (), piece
    questions, closed, text = piece[begun.end() :].partition("-->")
    if not closed:
        raise BadFile(path, f"'{heading}'", "the comment with the questions is not closed; end it with -->")
    if not text.strip():
        raise BadFile(path, f"'{heading}'", "there are questions but no text that answers them; write it below the comment")
    told = (" ".join(question.split()) for question in questions.split(";"))
    return tuple(question for question in told if question), text.strip()


def _slug(heading: str) -> str:
    return "-".join(re.findall(r"\w+", heading.lower())) or "part"


def _unused(slug: str, used: set[str]) -> str:
    """The slug, or with the next free number when an earlier heading has it; it is used from now on."""
    name, number = slug, 2
    while name in used:
        name, number = f"{slug}-{number}", number + 1
    used.add(name)
    return name


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _holds(operator: str | None, version: tuple[int, ...], bound: tuple[int, ...]) -> bool:
    """One comparison. Without operator, and for == and !=, only as many numbers count as the bound names."""
    same = version[: len(bound)] + (0,) * (len(bound) - len(version)) == bound
    if operator in (None, "==", "!="):
        return same != (operator == "!=")
    width = max(len(version), len(bound))
    left, right = (numbers + (0,) * (width - len(numbers)) for numbers in (version, bound))
    return {">=": left >= right, ">": left > right, "<=": left <= right or same, "<": left < right}[operator or "=="]
