"""A real HTTP server on this machine that speaks the chat-completions protocol, or fails to, in the ways servers do.

with FakeServer() as server:
    server.will(says({"item": "stick"}), status(500))     # then, and after the script, `server.usually`
    ... server.url ...; server.requests[0].body["messages"]
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def format(self) -> str:
        return self.body.get("response_format", {}).get("type", "text")

    @property
    def last(self) -> str:
        return self.body["messages"][-1]["content"]


Mode = Callable[["_Handler", Request], None]


def says(content: Any, *, finish: str = "stop", usage: dict[str, int] | None = None, **message: Any) -> Mode:
    """A good completion; a content that is no text goes out as JSON."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
    return sends({"id": "1", "object": "chat.completion", "choices": [choice], **({"usage": usage} if usage else {})})


def sends(body: Any, *, code: int = 200, kind: str = "application/json", **headers: str) -> Mode:
    """Any body."""
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    def mode(handler: _Handler, _: Request) -> None:
        handler.begin(code, kind, len(raw), headers)
        handler.wfile.write(raw)

    return mode


def status(code: int, message: str = "sorry", **headers: str) -> Mode:
    """An error as OpenAI words it; header names with underscores for dashes."""
    return sends({"error": {"message": message, "code": None}}, code=code, **headers)


def html() -> Mode:
    return sends("<!DOCTYPE html><html><body>Welcome to {nginx}</body></html>", kind="text/html")


def resets() -> Mode:
    """The request is read, then the connection is cut hard."""

    def mode(handler: _Handler, _: Request) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return mode


def hangs(seconds: float = 2.0) -> Mode:
    """Nothing comes."""

    def mode(handler: _Handler, _: Request) -> None:
        handler.fake.stopping.wait(seconds)

    return mode


def drips(pause: float = 0.02, code: int = 200) -> Mode:
    """The body comes a byte at a time, each well within any read timeout, and never ends."""

    def mode(handler: _Handler, _: Request) -> None:
        handler.begin(code, "application/json", 1_000_000, {})
        with contextlib.suppress(OSError):
            while not handler.fake.stopping.is_set():
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(pause)

    return mode


def drips_headers(pause: float = 0.02) -> Mode:
    """The headers come a byte at a time and never end."""

    def mode(handler: _Handler, _: Request) -> None:
        with contextlib.suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not handler.fake.stopping.is_set():
                handler.wfile.write(b"a")
                handler.wfile.flush()
                time.sleep(pause)

    return mode


def refuses(*formats: str, otherwise: Mode, message: str = "response_format is not supported") -> Mode:
    """400 for some response formats; as otherwise for the rest."""

    def mode(handler: _Handler, request: Request) -> None:
        (status(400, message) if request.format in formats else otherwise)(handler, request)

    return mode


class FakeServer:
    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.usually: Mode = status(500, "no mode was set")
        self.stopping = threading.Event()
        self._script: list[Mode] = []
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def formats(self) -> list[str]:
        return [request.format for request in self.requests]

    def will(self, *modes: Mode) -> None:
        """What happens to the next requests, in order; the last goes on for ever."""
        self._script, self.usually = list(modes[:-1]), modes[-1]

    def next_mode(self, request: Request) -> Mode:
        with self._lock:
            self.requests.append(request)
            return self._script.pop(0) if self._script else self.usually

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(2)


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        with contextlib.suppress(OSError):  # the client may have gone
            self.fake.next_mode(request)(self, request)

    def begin(self, code: int, kind: str, length: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass
