"""Recording and replay: the same run without a network, and a loud word about every difference."""

import json
import threading
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from gitm.errors import BadFile, LLMError, SetupError
from gitm.llm.recorded import Recording, Replay
from gitm.llm.scripted import Scripted
from gitm.types import LLM, Message, Usage


class Number(BaseModel):
    n: int


class Other(BaseModel):
    text: str


def ask(text: str) -> list[Message]:
    return [Message(role="system", content="Count.\nBe brief."), Message(role="user", content=text)]


def recorded(file: Path, name: str = "scripted") -> None:
    llm = Recording(Scripted([{"n": 1}, LLMError("scripted: down", Usage(calls=2, prompt_tokens=7)), {"n": 3}], name=name), file)
    assert isinstance(llm, LLM)
    llm.complete(ask("one"), Number)
    with pytest.raises(LLMError, match="down"):
        llm.complete(ask("two"), Number)
    llm.complete(ask("one"), Number)


def test_a_replay_gives_the_same_answers_failures_and_costs(tmp_path: Path) -> None:
    recorded(file := tmp_path / "deep" / "llm.jsonl")
    replay = Replay(file)
    assert isinstance(replay, LLM)
    assert replay.name == "scripted"
    assert replay.complete(ask("one"), Number).value == Number(n=1)
    assert replay.complete(ask("one"), Number).value == Number(n=3)  # the same request again: the answer it got then
    with pytest.raises(LLMError, match="scripted: down") as caught:
        replay.complete(ask("two"), Number)
    assert caught.value.usage == Usage(calls=2, prompt_tokens=7)
    with pytest.raises(LLMError, match="recorded 2 times and is asked once more"):
        replay.complete(ask("one"), Number)


def test_unknown_requests_are_told_apart_from_the_nearest(tmp_path: Path) -> None:
    recorded(file := tmp_path / "llm.jsonl")
    replay = Replay(file)
    with pytest.raises(LLMError, match=r"message 2 \(user\) differs: recorded 'two', now 'twelve'"):
        replay.complete(ask("twelve"), Number)
    with pytest.raises(LLMError, match=r"message 1 \(system\) differs: recorded 'Be brief\.', now 'Be long\.'"):
        replay.complete([Message(role="system", content="Count.\nBe long."), ask("one")[1]], Number)
    with pytest.raises(LLMError, match="no request for a Other was recorded of scripted"):
        replay.complete(ask("one"), Other)
    with pytest.raises(LLMError, match="2 messages were recorded, now there are 3"):
        replay.complete([*ask("two"), Message(role="user", content="please")], Number)
    again = type("Number", (BaseModel,), {"__annotations__": {"n": int, "m": int}, "model_config": ConfigDict()})
    with pytest.raises(LLMError, match="the schema Number is another"):
        replay.complete(ask("two"), again)


def test_exchanges_are_on_disk_as_they_happen_and_a_cut_line_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "llm.jsonl"
    llm = Recording(Scripted([{"n": 1}, {"n": 2}]), file)
    llm.complete(ask("one"), Number)
    assert [json.loads(line)["value"] for line in file.read_text().splitlines()] == [{"n": 1}]
    llm.complete(ask("two"), Number)
    file.write_bytes(file.read_bytes()[:-9])  # killed while writing
    assert Replay(file).complete(ask("one"), Number).value.n == 1
    Recording(Scripted([{"n": 4}]), file).complete(ask("two"), Number)
    assert Replay(file).complete(ask("two"), Number).value.n == 4


def test_several_llms_share_a_recording(tmp_path: Path) -> None:
    file = tmp_path / "llm.jsonl"
    for name, n in [("cheap", 1), ("strong", 2)]:
        Recording(Scripted([{"n": n}], name=name), file).complete(ask("one"), Number)
    assert Replay(file, "strong").complete(ask("one"), Number).value.n == 2
    with pytest.raises(SetupError, match="it holds cheap, strong"):
        Replay(file)
    with pytest.raises(SetupError, match="no recording of dear"):
        Replay(file, "dear")


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    file = tmp_path / "llm.jsonl"
    llms = [Recording(Scripted(lambda *_: {"n": 1}), file) for _ in range(4)]

    def work(llm: Recording) -> None:
        for at in range(50):
            llm.complete(ask("x" * 200 * at), Number)

    threads = [threading.Thread(target=work, args=(llm,)) for llm in llms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([json.loads(line) for line in file.read_text().splitlines()]) == 200


def test_files_that_are_no_recording(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        Replay(tmp_path / "none")
    recorded(file := tmp_path / "llm.jsonl")
    lines = file.read_text().splitlines(keepends=True)
    file.write_text(f"{lines[0]}nonsense\n{lines[1]}")
    with pytest.raises(BadFile, match="line 2: is no recorded exchange"):
        Replay(file)
    (tmp_path / "empty").write_text("")
    with pytest.raises(SetupError, match="it holds no exchange"):
        Replay(tmp_path / "empty")
    with pytest.raises(SetupError, match="cannot be written"):
        Recording(Scripted([]), file / "below")
