"""The parts of the docs that follow from the code are as the code has them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "scripts" / "generate_docs.py")
assert _spec is not None
assert _spec.loader is not None
generate_docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate_docs)


def test_the_actions_page_is_current() -> None:
    assert (ROOT / "docs" / "actions.md").read_text(encoding="utf-8") == generate_docs.actions_page()


def test_the_skills_page_lists_every_parameter() -> None:
    page = (ROOT / "docs" / "skills.md").read_text(encoding="utf-8")
    assert page == generate_docs.skills_page(page)
    assert "`$target`" in page
