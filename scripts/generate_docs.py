"""Write the parts of the docs that follow from the code: ``docs/actions.md``, and the table of parameters in ``docs/skills.md``.

A test compares; run this when it complains: python scripts/generate_docs.py
"""

from __future__ import annotations

import re
from pathlib import Path

from gitm.actions import VOCABULARY
from gitm.plan_text import ALIASES
from gitm.skills import PARAMETERS
from gitm.types import Code

DOCS = Path(__file__).resolve().parent.parent / "docs"
_CODES = {
    Code.OK: "done",
    Code.PARTIAL: "some of it was done: 3 of 5 mined",
    Code.NOT_FOUND: "nothing of the kind in sight, or found by exploring",
    Code.NO_PATH: "no way there",
    Code.MISSING_MATERIAL: "something that would be used up is not held",
    Code.MISSING_TOOL: "a tool is not held, or the one held is too weak",
    Code.MISSING_STATION: "no bed or chest stands within reach; nor, to craft or smelt at, is the station carried or in sight",
    Code.WRONG_DIMENSION: "it is in another dimension",
    Code.WRONG_TIME: "sleeping by day, eating when full",
    Code.INVENTORY_FULL: "no room",
    Code.OUT_OF_REACH: "farther than 4.5 blocks: approach it",
    Code.TIMEOUT: "the limit is over; what was done counts",
    Code.INTERRUPTED: "something attacks; what was done counts",
    Code.DIED: "you died: the inventory lies where it happened",
    Code.UNKNOWN_NAME: "this world has no such name; the nearest is told",
    Code.IMPOSSIBLE: "it cannot be done here at all",
}


def actions_page() -> str:
    """The whole of ``docs/actions.md``."""
    lines = [
        "# Structured actions",
        "",
        "The only things that ever reach a world; an LLM is shown the same words. Every action ends by itself: its limit is the",
        "longest it may take, in ticks of 1/20 s. Names are ids (`iron_ingot`), variants in brackets (`iron_pickaxe[silk_touch]`).",
        "",
        "| action | limit | what it does |",
        "|---|---|---|",
    ]
    for name, cls in VOCABULARY.items():
        fields = {key: info for key, info in cls.model_fields.items() if key != "name"}
        arguments = ", ".join(key if info.is_required() else f"{key}={info.default}" for key, info in fields.items())
        lines.append(f"| `{name}({arguments})` | {cls.limit} | {' '.join((cls.__doc__ or '').split())} |")
    other = ", ".join(f"`{alias}` for `{name}`" for alias, name in ALIASES.items())
    lines += ["", f"Other names that are understood (GITM's main text and appendix disagree): {other}."]
    lines += ["", "## How an action can end", "", "| code | meaning |", "|---|---|", *(f"| `{code}` | {_CODES[code]} |" for code in Code)]
    lines += [
        "",
        "A refusal (anything but `OK`, `PARTIAL`, `TIMEOUT`, `INTERRUPTED` and `DIED`) changes nothing but time, and for exploring and",
        "approaching the place.",
        "",
    ]
    return "\n".join(lines)


def skills_page(page: str) -> str:
    """``docs/skills.md`` with the table of parameters as the code has it."""
    rows = "".join(f"| `${key}` | {about} |\n" for key, about in PARAMETERS.items())
    return re.sub(r"(\| parameter \| what it is \|\n\|---\|---\|\n)(?:\|.*\n)*", lambda found: found[1] + rows, page)


def main() -> None:
    """Write the files."""
    (DOCS / "actions.md").write_text(actions_page(), encoding="utf-8")
    skills = DOCS / "skills.md"
    skills.write_text(skills_page(skills.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
