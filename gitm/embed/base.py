"""What an embedder is, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into vectors. ``name`` changes whenever the vectors do, since an index is rebuilt when it differs."""

    @property
    def name(self) -> str:
        """What the vectors depend on."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim); raises :class:`SetupError` when they cannot be had."""
        ...


def unit(vectors: Any) -> Vectors:
    """The rows at length 1; a row of zeros becomes the first axis."""
    rows = np.array(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows[lengths[:, 0] == 0, 0] = 1.0
    return np.asarray(rows / np.where(lengths == 0, 1.0, lengths), dtype=np.float32)
