"""One request to an OpenAI-compatible server, and what became of it. The only file that imports ``openai`` (0.8 s: import it late).

Nothing leaves here but an :class:`Answer` or a :class:`Fault`: no exception, because those of the HTTP libraries carry the
request with its key. The body is read by ourselves: ``openai`` takes a web page with status 200 for an answer, and an empty
``choices`` for a complete one. Waits are bounded by the whole request, not by its single reads, so that a server which sends a
byte now and then is not waited for without end.
"""

from __future__ import annotations

import json
import queue
import ssl
import threading
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import httpx2
import openai
from pydantic import BaseModel, SecretStr, field_validator, model_validator

from gitm.llm.call import Answer, Fault, Trouble
from gitm.types import Message, Usage

#: Bytes of a body that are read; an answer of this size is noise.
LARGEST_BODY = 4_000_000
_LONGEST_CONNECT = 10.0  # seconds
_GRACE = 0.25  # seconds after which the library's own time-out is not waited for any longer
_CHARACTERS_PER_TOKEN = 4  # the usual rule of thumb for English, for servers that report no usage


class Wire:
    """A server to send chat requests to; one connection pool. Not for more than one process."""

    def __init__(self, base_url: str, key: SecretStr | None, headers: dict[str, str]) -> None:
        self._key = key
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=key.get_secret_value() if key else "none",
            default_headers={"Accept-Encoding": "identity", **headers},
            max_retries=0,  # we count, bound and report every request ourselves
            http_client=_BoundedClient(verify=_certificates()),
        )

    def send(self, messages: Sequence[Message], body: dict[str, Any], timeout: float) -> Answer | Fault:
        """One request that takes at most ``timeout`` seconds; ``body`` holds every field but the messages.

        It is made in a thread of its own: name look-up and headers that trickle in know no deadline, so the last word on time
        is had here. Such a thread is left to end by itself and does not keep the process alive.
        """
        prompt = Usage(calls=1, prompt_tokens=_estimate(*(message.content for message in messages)))
        outcome: queue.SimpleQueue[Answer | Fault] = queue.SimpleQueue()
        work = threading.Thread(target=lambda: outcome.put(self._exchange(messages, body, timeout, prompt)), daemon=True)
        work.start()
        try:
            return outcome.get(timeout=timeout + _GRACE)
        except queue.Empty:
            return _too_late(timeout, prompt)

    def _exchange(self, messages: Sequence[Message], body: dict[str, Any], timeout: float, prompt: Usage) -> Answer | Fault:
        """The request itself, and a word for everything that can come of it."""
        try:
            raw = self._client.chat.completions.with_raw_response.create(
                messages=[message.model_dump() for message in messages],  # type: ignore[misc]
                timeout=httpx2.Timeout(timeout, connect=min(timeout, _LONGEST_CONNECT)),
                model=body["model"],
                extra_body={name: value for name, value in body.items() if name != "model"},
            )
            return self._read(self._clean(raw.text), prompt)
        except openai.APITimeoutError as error:
            cost = Usage() if isinstance(error.__cause__, httpx2.ConnectTimeout) else prompt
            return _too_late(timeout, cost)
        except openai.APIStatusError as error:
            return self._refused(error)
        except openai.APIConnectionError as error:
            return self._lost(error, prompt)
        except Exception as error:  # whatever it is, its traceback would hold the key
            return Fault(trouble=Trouble.FINAL, problem=self._clean(f"the request failed ({type(error).__name__}: {error})"))

    def _read(self, body: str, prompt: Usage) -> Answer | Fault:
        """A body with status 200. Lone surrogates, which JSON can spell and no file can hold, become question marks."""
        try:
            found = _Completion.model_validate_json(json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            page = body.lstrip()[:1] == "<"
            problem = "it answered with a web page; a base URL usually ends in /v1" if page else "its answer is no chat completion"
            return Fault(trouble=Trouble.FINAL if page else Trouble.PASSING, problem=problem, detail=body[:200], usage=prompt)
        if found.error is not None and not found.choices:  # some gateways report errors with status 200
            return Fault(
                trouble=Trouble.PASSING, problem="it reported an error", detail=_words_of(json.dumps(found.error)), usage=Usage(calls=1)
            )
        choice = found.choices[0] if found.choices else _Choice()
        text = choice.message.content or ""
        refusal = choice.message.refusal or ("its content filter stopped it" if choice.finish_reason == "content_filter" else "")
        return Answer(text=text, cut=choice.finish_reason == "length", refusal=refusal, usage=found.cost(prompt, text))

    def _refused(self, error: openai.APIStatusError) -> Fault:
        """A status of 400 and above: what the server says, and whether another try makes sense."""
        status, detail = error.status_code, _words_of(self._clean(error.response.text))
        if status in (408, 409, 425, 429) or status >= 500:
            if "insufficient_quota" in error.response.text:  # OpenAI's 429 for an empty account: waiting does not fill it
                return Fault(trouble=Trouble.KEY, problem="the account is used up (status 429)", detail=detail)
            cost = Usage(calls=1) if status >= 500 else Usage()  # the others are turned away before the model
            wait = _retry_after(error.response.headers.get("retry-after"))
            return Fault(trouble=Trouble.PASSING, problem=f"status {status}", detail=detail, wait=wait, usage=cost)
        trouble, problem = _REFUSALS.get(status, (Trouble.FINAL, f"status {status}"))
        return Fault(trouble=trouble, problem=problem, detail=detail)

    def _lost(self, error: openai.APIConnectionError, prompt: Usage) -> Fault:
        """No connection, or one that broke: only in the second case may the model have worked."""
        if isinstance(error.__cause__, httpx2.ConnectError):
            return Fault(trouble=Trouble.PASSING, problem="cannot connect", detail=self._clean(str(error.__cause__)))
        return Fault(trouble=Trouble.PASSING, problem="the connection broke", detail=self._clean(str(error.__cause__)), usage=prompt)

    def _clean(self, text: str) -> str:
        """Without the key: servers quote it in their errors, and what they say is shown and recorded."""
        return text.replace(self._key.get_secret_value(), "<key>") if self._key else text


class _BoundedClient(openai.DefaultHttpxClient):
    """An HTTP client whose bodies are bounded in size and whose requests are bounded in time as a whole."""

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """As httpx: but the body is read here, and the response returned is complete."""
        deadline = time.monotonic() + float(request.extensions["timeout"]["read"])
        response = super().send(request, **{**options, "stream": True})
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise httpx2.RemoteProtocolError(f"the answer is longer than {LARGEST_BODY:,} bytes", request=request)
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer comes too slowly", request=request)
        finally:
            response.close()
        headers = [(name, value) for name, value in response.headers.items() if name not in _BODY_HEADERS]
        return httpx2.Response(response.status_code, headers=headers, content=bytes(body), request=request)


@cache
def _certificates() -> ssl.SSLContext:
    """The trusted certificates, loaded once for all connections (25 ms)."""
    return httpx2.create_ssl_context()


_BODY_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_REFUSALS = {
    400: (Trouble.REQUEST, "it refuses the request (status 400)"),
    401: (Trouble.KEY, "it does not accept the key (status 401)"),
    403: (Trouble.KEY, "the key may not do this (status 403)"),
    404: (Trouble.FINAL, "there is no such model or address (status 404)"),
    422: (Trouble.REQUEST, "it refuses the request (status 422)"),
}


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None

    @field_validator("content", mode="before")
    @classmethod
    def _joined(cls, value: Any) -> Any:
        """Some servers send a list of parts."""
        return "".join(str(part.get("text") or "") for part in value if isinstance(part, dict)) if isinstance(value, list) else value


class _Choice(BaseModel):
    message: _Message = _Message()
    finish_reason: str | None = None


class _Tokens(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(BaseModel):
    """As much of a chat completion as is read. Without ``choices`` or ``error`` it is none."""

    choices: list[_Choice] | None = None
    usage: _Tokens | None = None
    error: Any = None

    @model_validator(mode="after")
    def _is_one(self) -> _Completion:
        if self.choices is None and self.error is None:
            raise ValueError("neither choices nor error")
        return self

    def cost(self, prompt: Usage, text: str) -> Usage:
        """Tokens as reported, else estimated."""
        said = self.usage or _Tokens()
        return Usage(
            calls=1,
            prompt_tokens=prompt.prompt_tokens if said.prompt_tokens is None else said.prompt_tokens,
            completion_tokens=_estimate(text) if said.completion_tokens is None else said.completion_tokens,
        )


def _too_late(timeout: float, cost: Usage) -> Fault:
    return Fault(trouble=Trouble.PASSING, problem=f"no answer within {timeout:.3g} s", usage=cost)


def _estimate(*texts: str) -> int:
    return -(-sum(len(text) for text in texts) // _CHARACTERS_PER_TOKEN)


def _retry_after(value: str | None) -> float | None:
    """Seconds; dates (rare) are left to our own waits."""
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None


def _words_of(body: str) -> str:
    """The message in an error body, whichever of the usual shapes it has, in one line."""
    try:
        found = json.loads(body)
    except ValueError:
        found = body
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(name):
            found = found[name]
    return " ".join(str(found).split())[:300]
