"""The Chroma index of the passages: a cache that is checked, never trusted, and rebuilt at any doubt.

An index lives in a folder ``index-<hash>-<random>``; the hash is that of texts and embedder, so other texts never meet an old index. It is
built under another name and moved in place when complete, so two processes that start together both end with a whole one. Beside
Chroma's own files lies a seal: hashes of the vector files (a cut one raises no error in chromadb 1.5.9, it only finds next to nothing)
and, as a canary, vectors of some passages that must find themselves.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gitm.embed import Embedder, Vectors
from gitm.errors import SetupError

Progress = Callable[[int, int], None]

_FORMAT = "5"  # of our folder; part of the hash
_COLLECTION = "guides"
_SEAL, _CANARY, _VECTORS = "seal.json", "canary.npy", "vectors.npy"
_BATCH = 256  # passages embedded and added at once
_CANARIES = 48
_SAME = 1e-4  # a cosine distance below this is the same text
_KEEP, _KEEP_SECONDS = 3, 3600.0  # indexes of other guides: so many are kept, and whatever was used within the hour
#: Up to so many vectors the beam is as wide as all of them: the search then meets everything the graph reaches. With the usual 100 to 256
#: it missed the best of 1,235 passages for one question in sixty (against brute force), and another one after each build.
_WHOLE, _BEAM = 6_000, 400
_HNSW = {
    "space": "cosine",
    "max_neighbors": 32,
    "ef_construction": 100,
    "num_threads": 1,
    "batch_size": 50,
}


class IndexFault(Exception):
    """The index is damaged or gone; another can be built."""


class Index:
    """An opened and checked index. Positions are those of the texts it was built from; ``vectors`` has theirs, row by row."""

    def __init__(self, folder: Path, client: Any, collection: Any, vectors: Vectors) -> None:
        self.folder, self.collection, self.vectors, self._client = folder, collection, vectors, client

    def nearest(self, vectors: Vectors, k: int) -> list[list[tuple[int, float]]]:
        """For each vector the (position, cosine distance) of its ``k`` nearest texts, nearest first. Raises :class:`IndexFault`."""
        try:
            answer = self.collection.query(query_embeddings=vectors, n_results=k, include=["distances"])
            pairs = zip(answer["ids"], answer["distances"], strict=True)
            found = [[(int(at), float(distance)) for at, distance in zip(ids, row, strict=True)] for ids, row in pairs]
        except Exception as error:  # Chroma raises whatever SQLite, Rust or the file system gave it
            raise IndexFault(_brief(error)) from error
        if len(found) != len(vectors) or any(len(row) < k for row in found):
            raise IndexFault("it finds fewer passages than it holds")
        return found

    def lost(self, vectors: Vectors) -> list[int]:
        """Which of these vectors of indexed texts do not find themselves (or a text equal to it) first."""
        return [at for at, row in enumerate(self.nearest(vectors, 1)) if row[0][1] > _SAME]

    def close(self) -> None:
        """Release the files."""
        _close(self._client)


def content_hash(texts: Sequence[str], embedder: str) -> str:
    """Twelve hex digits that change with any text, their order, or the embedder."""
    return hashlib.sha256(json.dumps([_FORMAT, embedder, list(texts)]).encode()).hexdigest()[:12]


def open_index(
    home: Path, texts: Sequence[str], embedder: Embedder, progress: Progress | None = None, note: Callable[[str], None] = lambda _: None
) -> Index:
    """The index of these texts: an existing one that passes its checks, else a new one.

    A home that cannot be written is replaced by a temporary folder, with a note. Raises :class:`SetupError` when building fails, too.
    """
    home = _writable(home, note)
    digest = content_hash(texts, embedder.name)
    for folder in sorted(home.glob(f"index-{digest}-*")):
        try:
            index = _load(folder, digest, len(texts))
        except IndexFault as fault:
            note(f"the index of the guides was damaged ({fault}) and is built anew")
            shutil.rmtree(folder, ignore_errors=True)
        else:
            os.utime(folder)
            return index
    try:
        index = _load(_build(home, digest, texts, embedder, progress), digest, len(texts))
    except (IndexFault, OSError) as error:
        raise SetupError(
            f"the index of the guides cannot be built in {home} ({_brief(error)}); free some disk space or give another folder with --home"
        ) from error
    _prune(home, index.folder)
    return index


def drop_indexes(home: Path) -> None:
    """Remove every index in a home; they are built again when needed."""
    for folder in [*home.glob("index-*"), *home.glob("building-*")]:
        shutil.rmtree(folder, ignore_errors=True)


def _load(folder: Path, digest: str, count: int) -> Index:
    """Open and check the index in a folder; raises :class:`IndexFault` at any doubt."""
    _check_seal(folder)  # before Chroma reads a byte: native code reads the graph without checking it
    client = None
    try:
        client = _client(folder)
        collection = client.get_collection(_COLLECTION, embedding_function=None)
        if (collection.metadata or {}).get("content") != digest or collection.count() != count:
            raise IndexFault("it holds something else")  # noqa: TRY301 - one exit for every doubt
        vectors = np.load(folder / _VECTORS, allow_pickle=False)
        if len(vectors) != count:
            raise IndexFault(f"it has {len(vectors)} vectors for {count} texts")  # noqa: TRY301
        index = Index(folder, client, collection, vectors)
        _check_canary(index, np.load(folder / _CANARY, allow_pickle=False))
    except Exception as error:
        if client is not None:
            _close(client)
        raise error if isinstance(error, IndexFault) else IndexFault(_brief(error)) from error
    return index


def _build(home: Path, digest: str, texts: Sequence[str], embedder: Embedder, progress: Progress | None) -> Path:
    """Build an index under a name nobody opens, then move it in place; the folder."""
    work = Path(tempfile.mkdtemp(prefix="building-", dir=home))
    try:
        client = None
        try:
            client = _client(work)
            collection = client.create_collection(
                _COLLECTION,
                embedding_function=None,
                metadata={"content": digest, "embedder": embedder.name},
                configuration={"hnsw": _hnsw(len(texts))},
            )
            vectors = _fill(collection, texts, embedder, progress)
            canary = _tie_in(Index(work, client, collection, vectors), vectors)
        finally:
            if client is not None:
                _close(client)
        np.save(work / _CANARY, canary)
        np.save(work / _VECTORS, vectors)
        (work / _SEAL).write_text(json.dumps(_file_hashes(work)), encoding="utf-8")
        folder = home / f"index-{digest}-{secrets.token_hex(4)}"  # a name never used before: Chroma shares state between equal paths
        work.rename(folder)
    except (SetupError, OSError):
        raise
    except Exception as error:
        raise IndexFault(_brief(error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _hnsw(size: int) -> dict[str, Any]:
    """How Chroma is to index so many texts. It writes the graph to disk once, at the end: each time, it writes all of it."""
    return _HNSW | {"ef_search": size + 100 if size <= _WHOLE else _BEAM, "sync_threshold": max(100, size)}


def _fill(collection: Any, texts: Sequence[str], embedder: Embedder, progress: Progress | None) -> Vectors:
    """Embed all texts and add their vectors in batches; the vectors. The ids are positions: the texts themselves stay where they are."""
    batches: list[Vectors] = []
    for start in range(0, len(texts), _BATCH):
        batch = list(texts[start : start + _BATCH])
        vectors = embedder.embed(batch)
        collection.add(ids=[str(start + at) for at in range(len(batch))], embeddings=vectors)
        batches.append(vectors)
        if progress:
            progress(start + len(batch), len(texts))
    return np.concatenate(batches)


def _tie_in(index: Index, vectors: Vectors) -> Vectors:
    """Vectors that find themselves, to be the canaries. When some of the sample do not, all those that do not are inserted again.

    That happens among texts that are nearly alike: they lie at equal distances, and the graph may leave some of them without a way in.
    Measured on 1,500 texts of one template: 60 lost before, 5 after.
    """
    sample = vectors[:: max(1, len(vectors) // _CANARIES)]
    if index.lost(sample):
        lost = index.lost(vectors)
        index.collection.upsert(ids=[str(at) for at in lost], embeddings=vectors[lost])
    found = np.delete(sample, index.lost(sample), axis=0)
    if 2 * len(found) < len(sample):
        raise IndexFault(f"{len(sample) - len(found)} of {len(sample)} passages do not find themselves")
    return found


def _client(folder: Path) -> Any:
    import chromadb  # 0.7 s
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _close(client: Any) -> None:
    with contextlib.suppress(Exception):  # it is being thrown away
        client.close()


def _file_hashes(folder: Path) -> dict[str, str]:
    """Hashes of the vector files and the canary. SQLite's own file changes whenever it is opened, so of that only the name is kept."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _SEAL)
    return {
        path.relative_to(folder).as_posix(): "" if ".sqlite3" in path.name else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not path.name.endswith(("-wal", "-shm", "-journal"))
    }


def _check_seal(folder: Path) -> None:
    try:
        sealed = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        found = _file_hashes(folder)
    except (OSError, ValueError) as error:
        raise IndexFault(_brief(error)) from error
    if sealed != found:
        changed = sorted(name for name in {*sealed, *found} if sealed.get(name) != found.get(name)) if isinstance(sealed, dict) else [_SEAL]
        raise IndexFault(f"{changed[0]} is not as it was written")


def _check_canary(index: Index, vectors: Vectors) -> None:
    """Every canary found itself when the index was built, so it must now."""
    if lost := index.lost(vectors):
        raise IndexFault(f"{len(lost)} of {len(vectors)} passages do not find themselves")


def _writable(home: Path, note: Callable[[str], None]) -> Path:
    """The home, made if need be; or a temporary folder when nothing can be written there."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError as error:
        note(
            f"{home} cannot be written ({error.strerror}), so the index of the guides serves this run only; give another folder with --home"
        )
    folder = tempfile.mkdtemp(prefix="gitm-index-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _prune(home: Path, current: Path) -> None:
    """Remove indexes of other guides that were not used lately, and what crashed builds left; other processes may be using the rest."""
    now = time.time()
    aged: list[tuple[float, Path]] = []
    for folder in [*home.glob("index-*"), *home.glob("building-*")]:
        try:
            aged.append((now - folder.stat().st_mtime, folder))
        except OSError:  # another process was faster
            continue
    aged.sort()
    for rank, (age, folder) in enumerate(aged):
        if folder != current and age > _KEEP_SECONDS and (rank > _KEEP or folder.name.startswith("building-")):
            shutil.rmtree(folder, ignore_errors=True)


def _brief(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
