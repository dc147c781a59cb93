"""Embeddings from any OpenAI-compatible server."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from gitm.embed.base import Vectors, unit
from gitm.errors import SetupError


class OpenAIEmbedder:
    """Embeddings from any OpenAI-compatible server. ``base_url`` None is ``OPENAI_BASE_URL`` or OpenAI's own."""

    BATCH = 128  # texts a request; servers limit it

    def __init__(self, base_url: str | None, model: str, api_key: str | None = None, *, timeout: float = 60.0) -> None:
        import openai  # 0.5 s

        key = api_key or os.environ.get("OPENAI_API_KEY") or "none"  # local servers want no key, the client insists on one
        self._client = openai.OpenAI(base_url=base_url, api_key=key, timeout=timeout, max_retries=2)
        self._model = model
        self.name = f"openai:{model}@{self._client.base_url}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), whatever the model has); raises :class:`SetupError` when the server gives none."""
        batches = [self._ask(texts[at : at + self.BATCH]) for at in range(0, len(texts), self.BATCH)]
        return unit(np.concatenate(batches)) if batches else np.zeros((0, 1), dtype=np.float32)

    def _ask(self, texts: Sequence[str]) -> Vectors:
        import openai

        where = f"the embeddings server {self._client.base_url} (model {self._model})"
        try:
            answer = self._client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
            rows = sorted(answer.data, key=lambda row: row.index)
            vectors: Vectors = np.asarray([row.embedding for row in rows], dtype=np.float32)
        except openai.OpenAIError as error:
            raise SetupError(f"{where} gave no vectors: {error}; check base_url, model and key, or choose the embedder hash") from error
        except (AttributeError, TypeError, ValueError) as error:
            raise SetupError(
                f"{where} did not answer with vectors; check that it offers /embeddings, or choose the embedder hash"
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise SetupError(
                f"{where} answered {len(texts)} texts with {len(vectors)} usable vectors; choose another model or the embedder hash"
            )
        return vectors
