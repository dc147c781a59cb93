"""The client over real HTTP: good answers, every way in which servers and models fail, and what each costs."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from gitm.errors import LLMError
from gitm.llm.call import Patience, Server
from gitm.llm.ladder import FILE_NAME, Memo, Rung
from gitm.llm.openai_client import OpenAIClient
from gitm.types import LLM, Message, Usage

from .server import FakeServer, Mode, drips, drips_headers, hangs, html, refuses, resets, says, sends, status


class Amount(BaseModel):
    model_config = ConfigDict(extra="forbid")
    item: str
    count: int = Field(default=1, ge=1)
    tool: str | None = None


GOOD = {"item": "stick", "count": 4, "tool": None}
STICKS = Amount(item="stick", count=4)
ASK = [Message(role="system", content="You craft."), Message(role="user", content="How many sticks?")]
QUICK = Patience(request=0.2, first_wait=0.01, longest_wait=0.1, total=5.0, retries=2)
EIGHT = {"prompt_tokens": 5, "completion_tokens": 3}


def client(server: FakeServer, *, patience: Patience = QUICK, home: Path | None = None, **fields: Any) -> OpenAIClient:
    made = Server(preset="fake", base_url=server.url, model="m1", key_variable="FAKE_API_KEY", mend="start it", **fields)
    return OpenAIClient(made, patience=patience, memo=Memo(home))


def failure(llm: OpenAIClient) -> LLMError:
    with pytest.raises(LLMError) as caught:
        llm.complete(ASK, Amount)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


def test_a_good_answer_in_one_request_with_the_usage_reported(server: FakeServer) -> None:
    server.will(says(GOOD, usage=EIGHT))
    llm = client(server)
    reply = llm.complete(ASK, Amount)
    assert isinstance(llm, LLM)
    assert reply.value == STICKS
    assert reply.usage == Usage(calls=1, prompt_tokens=5, completion_tokens=3)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body["model"] == "m1"
    assert request.body["messages"] == [message.model_dump() for message in ASK]
    sent = request.body["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert sent["schema"]["required"] == ["item", "count", "tool"]
    assert sent["schema"]["additionalProperties"] is False


def test_usage_is_estimated_from_characters_where_none_is_reported(server: FakeServer) -> None:
    server.will(says(GOOD))
    usage = client(server).complete(ASK, Amount).usage
    assert usage.prompt_tokens == 7  # 26 characters
    assert usage.completion_tokens == -(-len(json.dumps(GOOD)) // 4)


@pytest.mark.parametrize(
    "said",
    [
        '```json\n{"item": "stick", "count": 4, "tool": null}\n```',
        'Sure! Here it is:\n{"item": "stick", "count": 4, "tool": null}\nGood luck.',
        '<think>{"item": "log"}? No: {sticks}.</think>\n{"item": "stick", "count": 4, "tool": null}',
        "{'item': 'stick', 'count': 4, 'tool': None}",
        '{"item": "stick", "count": 4,}',
        [{"type": "text", "text": '{"item": "stick", "count": 4}'}],
    ],
    ids=["fenced", "prose", "think", "python", "comma", "parts"],
)
def test_wrapped_answers_are_read_at_once(server: FakeServer, said: Any) -> None:
    server.will(sends({"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": said}}]}))
    assert client(server).complete(ASK, Amount).value == STICKS
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("wrong", "quoted"),
    [
        (says({"item": "stick", "count": 0, "tool": None}, usage=EIGHT), "count: Input should be greater than or equal to 1"),
        (says("I would say four.", usage=EIGHT), "no JSON object"),
        (says('{"item": "sti', finish="length", usage=EIGHT), "cut off after 3 tokens"),
        (says(None, usage=EIGHT), "it was empty"),
        (sends({"choices": [], "usage": EIGHT}), "it was empty"),
        (says("<think>hm", usage=EIGHT), "no JSON object"),
        (says("{" * 1_000_000, usage=EIGHT), "no JSON object"),
        (says('{"a": ' * 160_000, usage=EIGHT), "no JSON object"),
    ],
    ids=["value", "prose", "truncated", "null", "no choices", "only thoughts", "1 MB of noise", "1 MB of depth"],
)
def test_one_repair_turn_quotes_the_error(server: FakeServer, wrong: Mode, quoted: str) -> None:
    server.will(wrong, says(GOOD, usage=EIGHT))
    reply = client(server, patience=Patience(request=3.0, total=5.0)).complete(ASK, Amount)
    assert reply.value == STICKS
    assert reply.usage == Usage(calls=2, prompt_tokens=10, completion_tokens=6)
    assert quoted in server.requests[1].last
    assert '"required"' in server.requests[1].last  # the schema, which the model had not been told
    assert all(len(message["content"]) < 3000 for message in server.requests[1].body["messages"])


@pytest.mark.parametrize("wrong", [says("four"), says(None), sends({"choices": []}), says('{"item": "st', finish="length")])
def test_a_second_wrong_answer_is_an_error_and_is_paid_for(server: FakeServer, wrong: Mode) -> None:
    server.will(wrong)
    error = failure(client(server))
    assert len(server.requests) == 2
    assert error.usage is not None
    assert error.usage.calls == 2
    assert error.usage.tokens > 0
    assert str(error).startswith("fake:m1: no valid answer")


def test_a_cut_answer_gets_more_room(server: FakeServer) -> None:
    server.will(says("{", finish="length"), says(GOOD))
    client(server, longest_answer=100).complete(ASK, Amount)
    assert [request.body["max_tokens"] for request in server.requests] == [100, 200]


@pytest.mark.parametrize(
    "mode", [says(None, refusal="I cannot\nharm sheep."), says("", finish="content_filter")], ids=["refusal", "filter"]
)
def test_a_refusal_is_an_error_at_once(server: FakeServer, mode: Mode) -> None:
    server.will(mode)
    assert "the model declined: " in str(failure(client(server)))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (status(400, "the messages are too long"), "check --model"),
        (status(401, "bad key"), "check the key in FAKE_API_KEY"),
        (status(403), "FAKE_API_KEY"),
        (status(404, "model m1 not found"), "model m1 not found"),
        (html(), "usually ends in /v1"),
    ],
    ids=["400", "401", "403", "404", "html"],
)
def test_what_no_retry_mends_is_not_retried(server: FakeServer, mode: Mode, said: str) -> None:
    server.will(mode, says(GOOD))
    error = failure(client(server))
    assert len(server.requests) == 1
    assert said in str(error)
    assert server.url in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    "mode",
    [
        status(429),
        status(500),
        status(503),
        resets(),
        hangs(),
        drips(),
        drips(code=500),
        sends("?" * 1_000_000),
        sends("x" * 4_200_000),
        sends({"error": {"message": "upstream overloaded"}}),
        sends({"hello": 1}),
        sends("", code=502),
    ],
    ids=["429", "500", "503", "reset", "timeout", "slow", "slow 500", "1 MB", "4 MB", "error in 200", "other json", "empty 502"],
)
def test_passing_troubles_are_tried_again_a_bounded_number_of_times(server: FakeServer, mode: Mode) -> None:
    server.will(mode, says(GOOD))
    assert client(server).complete(ASK, Amount).value == STICKS
    assert len(server.requests) == 2

    server.requests.clear()
    server.will(mode)
    started = time.monotonic()
    error = failure(client(server, patience=Patience(request=0.1, first_wait=0.01, longest_wait=0.02, total=5.0, retries=1)))
    assert len(server.requests) == 2
    assert time.monotonic() - started < 5.0  # bounded, also on a busy machine
    assert "start it" in str(error)
    assert len(str(error)) < 700


def test_a_connection_refused_costs_nothing() -> None:
    with FakeServer() as gone:
        url = gone.url
    made = Server(preset="fake", base_url=url, model="m1", mend="start it")
    error = failure(OpenAIClient(made, patience=QUICK))
    assert "cannot connect" in str(error)
    assert error.usage == Usage()


def test_retry_after_is_honoured(server: FakeServer) -> None:
    server.will(status(429, Retry_After="0.25"), says(GOOD))
    started = time.monotonic()
    client(server, patience=QUICK.model_copy(update={"longest_wait": 0.5})).complete(ASK, Amount)
    assert time.monotonic() - started >= 0.25


@pytest.mark.parametrize("value", ["3600", "inf", "1e9"])
def test_a_long_retry_after_is_not_waited_for(server: FakeServer, value: str) -> None:
    server.will(status(429, Retry_After=value))
    error = failure(client(server))
    assert "it asks to wait" in str(error)
    assert len(server.requests) == 1


def test_the_whole_call_is_bounded(server: FakeServer) -> None:
    server.will(hangs())
    started = time.monotonic()
    error = failure(client(server, patience=Patience(request=5.0, first_wait=0.01, total=0.3, retries=50)))
    assert time.monotonic() - started < 5.0  # bounded, also on a busy machine
    assert error.usage is not None
    assert error.usage.calls == 1


def test_a_server_steps_down_the_ladder_once_and_is_remembered(server: FakeServer, tmp_path: Path) -> None:
    server.usually = refuses("json_schema", otherwise=says(GOOD))
    reply = client(server, home=tmp_path).complete(ASK, Amount)
    assert server.formats == ["json_schema", "json_object"]
    assert reply.usage.calls == 1  # the refused request never reached the model
    assert "JSON" in server.requests[1].body["messages"][0]["content"]  # OpenAI insists on the word
    assert [message["role"] for message in server.requests[1].body["messages"]] == ["system", "user"]

    client(server, home=tmp_path).complete(ASK, Amount)
    assert server.formats == ["json_schema", "json_object", "json_object"]
    assert json.loads((tmp_path / FILE_NAME).read_text())[f"{server.url} m1"]["rung"] == "json_object"


def test_down_to_plain_text_and_each_model_for_itself(server: FakeServer, tmp_path: Path) -> None:
    server.usually = refuses("json_schema", "json_object", otherwise=says(f"```\n{GOOD}\n```"), message="unknown field: RESPONSE_FORMAT")
    llm = client(server, home=tmp_path)
    assert llm.complete(ASK, Amount).value == STICKS
    llm.complete(ASK, Amount)
    assert server.formats == ["json_schema", "json_object", "text", "text"]
    other = OpenAIClient(llm.server.model_copy(update={"model": "m2"}), patience=QUICK, memo=Memo(tmp_path))
    other.complete(ASK, Amount)
    assert server.formats[4:] == ["json_schema", "json_object", "text"]
    assert client(server, home=tmp_path).complete(ASK, Amount).value == STICKS  # m1 is still known
    assert server.formats[7:] == ["text"]


def test_rungs_a_preset_leaves_out_are_skipped(server: FakeServer) -> None:
    server.usually = refuses("json_schema", "json_object", otherwise=says(GOOD))
    client(server, rungs=(Rung.JSON_SCHEMA, Rung.TEXT)).complete(ASK, Amount)
    assert server.formats == ["json_schema", "text"]


def test_nothing_is_learned_from_a_call_that_failed(server: FakeServer, tmp_path: Path) -> None:
    server.will(status(400, "bad schema"))
    llm = client(server, home=tmp_path)
    failure(llm)
    assert server.formats == ["json_schema", "json_object", "text"]
    assert not (tmp_path / FILE_NAME).exists()
    server.will(says(GOOD))
    llm.complete(ASK, Amount)
    assert server.formats[3:] == ["json_schema"]


def test_a_server_that_ignores_the_schema_is_told_it_in_the_prompt(server: FakeServer) -> None:
    server.usually = says({"answer": "four"})
    llm = client(server)
    failure(llm)
    failure(llm)
    assert server.formats == ["json_schema"] * 4
    server.usually = says(GOOD)
    llm.complete(ASK, Amount)
    assert server.formats[4:] == ["json_object"]


def test_wrong_values_in_the_right_shape_are_no_reason_to_step_down(server: FakeServer) -> None:
    llm = client(server)
    for _ in range(3):
        server.will(says({"item": "stick", "count": 0, "tool": None}), says(GOOD))
        llm.complete(ASK, Amount)
    assert set(server.formats) == {"json_schema"}


@pytest.mark.parametrize(
    "message",
    [
        "Unsupported parameter: 'max_tokens' is not supported with this model.",
        "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens.",
    ],
)
def test_a_parameter_the_server_will_not_have_is_left_out_from_then_on(server: FakeServer, tmp_path: Path, message: str) -> None:
    server.will(status(400, message), says(GOOD))
    client(server, home=tmp_path, body={"temperature": 0}).complete(ASK, Amount)
    client(server, home=tmp_path, body={"temperature": 0}).complete(ASK, Amount)
    assert ["max_tokens" in request.body for request in server.requests] == [True, False, False]
    assert all(request.body["temperature"] == 0 for request in server.requests)
    assert set(server.formats) == {"json_schema"}


@pytest.mark.parametrize("text", ["", "garbage", "[]", '{"a": {"rung": "lift"}}'])
def test_a_damaged_memo_is_replaced(server: FakeServer, tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    server.usually = refuses("json_schema", otherwise=says(GOOD))
    client(server, home=tmp_path).complete(ASK, Amount)
    client(server, home=tmp_path).complete(ASK, Amount)
    assert server.formats == ["json_schema", "json_object", "json_object"]


def test_a_home_that_cannot_be_written_is_no_obstacle(server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server.usually = refuses("json_schema", otherwise=says(GOOD))
    assert client(server, home=tmp_path / "file" / "home").complete(ASK, Amount).value == STICKS


def test_headers_that_trickle_in_are_not_waited_for(server: FakeServer) -> None:
    server.will(drips_headers())
    started = time.monotonic()
    error = failure(client(server, patience=Patience(request=0.1, total=5.0, retries=0)))
    assert time.monotonic() - started < 5.0  # bounded, also on a busy machine
    assert "no answer within 0.1 s" in str(error)
    assert error.usage is not None
    assert error.usage.calls == 1


def test_an_empty_account_is_not_waited_for(server: FakeServer) -> None:
    server.will(sends({"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}, code=429))
    assert "the account is used up" in str(failure(client(server)))
    assert len(server.requests) == 1


def test_many_threads_share_a_client(server: FakeServer) -> None:
    server.usually = refuses("json_schema", otherwise=says(GOOD, usage=EIGHT))
    llm = client(server, patience=Patience(request=3.0))
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: llm.complete(ASK, Amount), range(40)))
    assert [reply.value for reply in replies] == [STICKS] * 40
    assert {reply.usage.calls for reply in replies} == {1}


def test_headers_and_body_of_a_preset_are_sent(server: FakeServer) -> None:
    server.will(says(GOOD))
    client(server, headers={"X-Title": "t"}, body={"reasoning": {"effort": "low"}}).complete(ASK, Amount)
    (request,) = server.requests
    assert request.headers["x-title"] == "t"
    assert request.body["reasoning"] == {"effort": "low"}


def test_surrogates_in_an_answer_do_not_break_records(server: FakeServer) -> None:
    server.will(sends('{"choices": [{"message": {"content": "{\\"item\\": \\"\\ud800x\\"}"}}]}'))
    assert client(server).complete(ASK, Amount).value.item.encode()
