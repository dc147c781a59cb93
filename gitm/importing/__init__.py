"""A rule book from a server jar of one's own: recipes, loot tables and tags are read as data, no code of the jar runs.

``docs/facts.md`` ("Bring a server jar") says what is taken from where.
"""

from __future__ import annotations

from gitm.importing.book import Imported, import_jar

__all__ = ["Imported", "import_jar"]
