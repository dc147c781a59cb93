"""LLMs behind one protocol, :class:`gitm.types.LLM`; :func:`open_llm` finds one by name. ``docs/llm.md`` tells how to use them."""

from gitm.llm.providers import open_llm

__all__ = ["open_llm"]
