"""Embedders: text to unit vectors, so that the angle between two of them says how alike two texts are.

``hash`` (the default) needs nothing; ``minilm`` needs the extra ``[embed]``; ``openai:<model>`` any OpenAI-compatible server.
``docs/guides.md`` has their measured recall.
"""

from __future__ import annotations

from gitm.embed.base import Embedder, Vectors
from gitm.embed.hashed import HashEmbedder
from gitm.embed.minilm import MiniLM
from gitm.embed.remote import OpenAIEmbedder
from gitm.errors import SetupError

__all__ = ["Embedder", "HashEmbedder", "MiniLM", "OpenAIEmbedder", "Vectors", "embedder_by_name"]


def embedder_by_name(name: str, *, base_url: str | None = None, api_key: str | None = None) -> Embedder:
    """``hash``, ``minilm`` or ``openai:<model>``; the last asks ``base_url`` (default: ``OPENAI_BASE_URL``, else OpenAI's own)."""
    kind, _, model = name.partition(":")
    if kind == "hash" and not model:
        return HashEmbedder()
    if kind == "minilm" and not model:
        return MiniLM()
    if kind == "openai" and model:
        return OpenAIEmbedder(base_url, model, api_key)
    raise SetupError(f"no embedder '{name}'; choose hash, minilm or openai:<model>")
