"""Where the shipped data lies: in the wheel under ``gitm/_data``, in a checkout at its top level."""

from __future__ import annotations

from pathlib import Path

from gitm.errors import SetupError

_HERE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The path of a shipped folder or file such as ``knowledge/guides``; the packaged one is preferred."""
    for root in (_HERE / "_data", _HERE.parent):
        if (found := root / name).exists():
            return found
    raise SetupError(f"the shipped data '{name}' is missing; reinstall with: pip install --force-reinstall gitm-agent")
