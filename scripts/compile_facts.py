"""Compile a rule book: ``knowledge/facts/<version>.json`` from npm minecraft-data and ``knowledge/sources/*.yaml``.

    npm pack minecraft-data@3.119.0 && tar xf minecraft-data-3.119.0.tgz
    python scripts/compile_facts.py --minecraft-data package --version 1.21.11

The output is deterministic: sorted, one entry a line, defaults left out. ``--check`` writes nothing and exits 1 when the
file would change. Counts of all that was read, folded and left out are printed. ``docs/facts.md`` describes the format.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from facts.book import compile_book
from facts.game import read_game, read_newest
from facts.sources import Sources

from gitm.facts import RuleBook

ROOT = Path(__file__).resolve().parent.parent
NEWEST = "1.21.11"  # whose names are the canonical ones
MINECRAFT_DATA = "3.119.0"  # the npm version the shipped files are compiled from


def main() -> int:
    """Compile one version; the exit code of the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minecraft-data", type=Path, required=True, help=f"the unpacked npm package minecraft-data@{MINECRAFT_DATA}")
    parser.add_argument("--version", required=True, help="a Minecraft version, such as 1.21.11")
    parser.add_argument("--out", type=Path, help="where to write (default: knowledge/facts/<version>.json)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file would change")
    options = parser.parse_args()
    out = options.out or ROOT / "knowledge" / "facts" / f"{options.version}.json"

    text, counts = compile_text(options.minecraft_data, options.version)
    print(json.dumps({"file": out.name, "bytes": len(text.encode()), **counts}, indent=1))
    if options.check:
        same = out.exists() and out.read_text(encoding="utf-8") == text
        print("up to date" if same else f"{out.name} would change; run without --check")
        return 0 if same else 1
    out.write_text(text, encoding="utf-8", newline="\n")
    return 0


def compile_text(minecraft_data: Path, version: str) -> tuple[str, dict[str, Any]]:
    """The text of a version's rule book, and the counts of what went in and what was left out."""
    sources = Sources(ROOT / "knowledge" / "sources", version)
    newest = read_newest(minecraft_data, NEWEST)
    game = read_game(minecraft_data, version, sources.mapping("renames"), newest)
    data, counts = compile_book(game, sources, newest.names)
    sizes = {key: len(value) for key, value in data.items() if isinstance(value, dict | list)}
    return to_text(RuleBook.model_validate(data)), {"entries": sizes, **counts}


def to_text(book: RuleBook) -> str:
    """The book as JSON with one entry a line, so that a change of the rules reads well as a diff."""
    lines = []
    for key, value in book.model_dump(mode="json", exclude_defaults=True).items():
        lines.append(f'"{key}": {_section(value)}')
    body = ",\n".join(lines)
    return "{\n" + f'"format": {book.format},\n' + body + "\n}\n"


def _section(value: Any) -> str:
    if isinstance(value, dict):
        rows = [f"  {json.dumps(key)}: {_compact(entry)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(rows) + "\n}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(f"  {_compact(entry)}" for entry in value) + "\n]"
    return json.dumps(value)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(", ", ": "))


if __name__ == "__main__":
    sys.exit(main())
