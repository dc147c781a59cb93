"""Write the table in docs/facts.md that says what the shipped rule books cover; ``--check`` only compares (a test does).

python scripts/fact_coverage.py
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from facts.reach import clauses, closure

from gitm.data import numbers
from gitm.facts import RuleBook, load

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "facts.md"
BEGIN, END = "<!-- coverage:begin (written by scripts/fact_coverage.py) -->", "<!-- coverage:end -->"
#: Rows of the table: in words, and the kinds of clauses that count (``facts.reach``).
KINDS = {
    "crafting": ("hand", "crafting_table"),
    "smelting, blasting, smoking, campfire": ("furnace", "blast_furnace", "smoker", "campfire"),
    "stonecutting": ("stonecutter",),
    "smithing": ("smithing_table",),
    "brewing": ("brewing_stand",),
    "mining and gathering": ("mine",),
    "chests and other containers": ("structure",),
    "fighting": ("attack",),
    "using something on something": ("apply",),
    "growing": ("grow",),
    "trading": ("trade",),
}


def coverage(book: RuleBook) -> dict[str, int]:
    """How many items of a book there are, can be had, cannot; and how many have a way of each kind."""
    held = closure(clauses(book))
    kinds: dict[str, set[str]] = {name: set() for name in KINDS}
    for token, ways in held.items():
        if not token.startswith("item ") or token.removeprefix("item ") not in book.items:
            continue
        found = {way.kind for way in ways}
        if any("grow" in {source.kind for source in held[part]} for way in ways if way.kind == "mine" for part in way.body):
            found.add("grow")
        for name, members in KINDS.items():
            if found & set(members):
                kinds[name].add(token)
    plain = [name for name in book.items if "[" not in name]
    return {
        "items": len(plain),
        "variants of items": len(book.items) - len(plain),
        "can be obtained, with variants": len(book.items) - len(book.unobtainable),
        "cannot, with the reason": len(book.unobtainable),
        **{f"by {name}": len(tokens) for name, tokens in kinds.items()},
        "structures": len(book.structures),
        "offers of traders": len(book.trades),
        "mobs": len(book.mobs),
    }


def table(books: Mapping[str, RuleBook]) -> str:
    """The Markdown table, one column a version, the oldest first."""
    versions = sorted(books, key=numbers)
    columns = [coverage(books[version]) for version in versions]
    lines = [f"| | {' | '.join(versions)} |", "|---|" + "---:|" * len(versions)]
    lines += [f"| {row} | {' | '.join(f'{column[row]:,}' for column in columns)} |" for row in columns[0]]
    return "\n".join(lines)


def main() -> int:
    """Write or compare; the exit code of the command."""
    books = {path.stem: load(path) for path in (ROOT / "knowledge" / "facts").glob("*.json")}
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    new = f"{before}{BEGIN}\n\n{table(books)}\n\n{END}{rest.partition(END)[2]}"
    if "--check" in sys.argv:
        print("up to date" if new == text else "docs/facts.md would change; run without --check")
        return int(new != text)
    PAGE.write_text(new, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
