"""LLMs by name: presets and what they need, a package's own, module:Class; and where keys never go."""

import logging
import subprocess
import sys
import traceback
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pydantic import BaseModel

from gitm.errors import BadFile, LLMError, SetupError
from gitm.llm import open_llm, providers
from gitm.llm.call import Patience
from gitm.llm.ladder import Rung
from gitm.llm.openai_client import OpenAIClient
from gitm.llm.presets import load_presets, without_keys
from gitm.llm.recorded import Recording
from gitm.llm.scripted import Scripted
from gitm.types import Message

from .server import FakeServer, Mode, drips, hangs, html, resets, says, status

CANARY = "sk-canary-4f1b9c27d8e6"
ASK = [Message(role="user", content="n?")]
QUICK = Patience(request=0.15, first_wait=0.01, longest_wait=0.1, total=2.0, retries=1)


class Number(BaseModel):
    n: int


class Own:
    def __init__(self, model: str = "small") -> None:
        self.name = f"own:{model}"

    complete = Scripted([]).complete


class NotOne:
    name = "x"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for preset in load_presets().values():
        monkeypatch.delenv(preset.key, raising=False)


def opened(name: str, **options: object) -> OpenAIClient:
    llm = open_llm(name, **options)  # type: ignore[arg-type]
    assert isinstance(llm, OpenAIClient)
    return llm


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("ollama", "http://localhost:11434/v1"),
        ("vllm", "http://localhost:8000/v1"),
        ("llamacpp", "http://localhost:8080/v1"),
        ("lmstudio", "http://localhost:1234/v1"),
    ],
)
def test_local_servers_need_no_key(name: str, url: str) -> None:
    llm = opened(name, model="m")
    assert (llm.name, llm.server.base_url, llm.server.key) == (f"{name}:m", url, None)


@pytest.mark.parametrize("name", ["openai", "azure", "openrouter"])
def test_a_missing_key_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com/")
    variable = load_presets()[name].key
    with pytest.raises(SetupError, match=f"set the environment variable {variable}"):
        open_llm(name, model="m")
    monkeypatch.setenv(variable, CANARY)
    assert opened(name, model="m").server.key_variable == variable


def test_azure_takes_its_address_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", CANARY)
    monkeypatch.delenv("AZURE_OPENAI_ENDPOINT", raising=False)
    with pytest.raises(SetupError, match="set the environment variable AZURE_OPENAI_ENDPOINT"):
        open_llm("azure", model="mine")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com/")
    assert opened("azure", model="mine").server.base_url == "https://mine.openai.azure.com/openai/v1"


def test_models_and_quirks() -> None:
    assert opened("ollama").server.model == "qwen3:8b"
    assert opened("lmstudio", model="m").server.rungs == (Rung.JSON_SCHEMA, Rung.TEXT)
    with pytest.raises(SetupError, match="name one with --model"):
        open_llm("vllm")


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x/v1", "http://", "http://x:port/v1", "http://[::1/v1"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(SetupError, match="is no address"):
        open_llm("openai", base_url=url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(SetupError, match="has a password in it") as caught:
        open_llm("openai", base_url=f"https://me:{CANARY}@host/v1")
    assert CANARY not in str(caught.value)


def test_another_address_needs_no_key_but_gets_one_that_is_set(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.will(says({"n": 1}))
    open_llm("openai", base_url=server.url, model="m").complete(ASK, Number)
    monkeypatch.setenv("OPENAI_API_KEY", f" {CANARY}\n")
    open_llm("openai", base_url=f"{server.url}/", model="m").complete(ASK, Number)
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer none", f"Bearer {CANARY}"]
    assert {request.path for request in server.requests} == {"/v1/chat/completions"}


def test_a_preset_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "presets.yaml").write_text("mine: {base_url: 'http://gpu:9000/v1', key: MINE_KEY, model: big, rungs: [text]}\n")
    server = opened("mine", home=tmp_path).server
    assert (server.base_url, server.model, server.rungs) == ("http://gpu:9000/v1", "big", (Rung.TEXT,))
    assert "ollama" in load_presets(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [", "line 2"), ("a: {base_url: x}", "a.key: Field required"), ("a: {base_url: x, key: K, huh: 1}", "a.huh"), ("3", "dictionary")],
)
def test_a_broken_preset_names_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "presets.yaml").write_text(f"{text}\n")
    with pytest.raises(BadFile, match=said):
        open_llm("ollama", home=tmp_path)


def test_module_and_class() -> None:
    here = __name__
    assert open_llm(f"{here}:Own").name == "own:small"
    assert open_llm(f"{here}:Own", model="big").name == "own:big"
    for path, said in [
        (f"{here}:Nothing", "has no 'Nothing'"),
        ("no_such_module:X", "cannot be imported"),
        (f"{here}:NotOne", "is no LLM"),
    ]:
        with pytest.raises(SetupError, match=said):
            open_llm(path)
    with pytest.raises(SetupError, match="cannot be made with --base-url"):
        open_llm(f"{here}:Own", base_url="http://x")


def test_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint(name="packaged", value=f"{__name__}:Own", group=providers.GROUP)
    monkeypatch.setattr(providers, "entry_points", lambda group: [entry] if group == "gitm.llms" else [])
    assert open_llm("packaged", model="big").name == "own:big"


def test_unknown_names() -> None:
    with pytest.raises(SetupError, match="did you mean 'ollama'"):
        open_llm("olama")
    with pytest.raises(SetupError, match="known are reader, openai"):
        open_llm("qqqq")


def test_opening_does_not_import_heavy_libraries() -> None:
    code = "import sys; from gitm.llm import open_llm; open_llm('ollama'); print({'openai', 'httpx2', 'chromadb'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- keys ------------------------------------------------------------------------------------------------------


def everything_about(error: BaseException | None) -> str:
    """The text of an exception: its own, its traceback's, its arguments', and all of this for whatever hangs on it."""
    if error is None:
        return ""
    own = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return f"{error!r} {error} {vars(error)} {own} {everything_about(error.__cause__)} {everything_about(error.__context__)}"


@pytest.mark.parametrize(
    "mode",
    [
        says({"n": 1}),
        says(f"my key is {CANARY}"),
        says(None, refusal=f"not with {CANARY}"),
        status(401, f"Incorrect API key provided: {CANARY}"),
        status(400, f"schema for {CANARY}"),
        status(429, CANARY, Retry_After="99"),
        status(500, CANARY),
        html(),
        resets(),
        hangs(),
        drips(),
    ],
    ids=["good", "echo", "refusal", "401", "400", "429", "500", "html", "reset", "hang", "drip"],
)
def test_a_key_is_nowhere(
    server: FakeServer,
    mode: Mode,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    server.will(mode)
    client = opened("openai", base_url=server.url, model="m", home=tmp_path, patience=QUICK)
    llm = Recording(client, tmp_path / "llm.jsonl")
    seen = f"{client!r} {client.server!r} {client.server.model_dump_json()} {vars(client)}"
    try:
        seen += repr(llm.complete(ASK, Number))
    except LLMError as error:
        seen += everything_about(error)
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"  # it was really there to be found
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    logged = "".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert "Sending HTTP Request" in logged
    assert CANARY not in seen + written + logged + "".join(capfd.readouterr())


def test_a_key_with_strange_characters_is_named_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{CANARY}…")
    with pytest.raises(SetupError, match="OPENAI_API_KEY") as caught:
        open_llm("openai")
    assert CANARY not in everything_about(caught.value)


def test_child_processes_get_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"PATH": "/bin", **{preset.key: CANARY for preset in load_presets().values()}}
    assert without_keys(environment) == {"PATH": "/bin"}
