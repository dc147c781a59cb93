"""The doctor: says what is wrong and what mends it, and never dies of it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from gitm import doctor
from gitm.cli import main
from gitm.config import Settings
from gitm.doctor import examine
from gitm.errors import SetupError


@pytest.fixture
def settings(fresh_home, monkeypatch):
    home = fresh_home("home")
    monkeypatch.setenv("GITM_HOME", str(home))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return Settings(home=home)


def only(settings: Settings, what: str) -> doctor.Check:
    """The one check of that name, run alone."""
    (found,) = getattr(doctor, f"_{what}")(settings)
    return found


@pytest.fixture
def no_index(monkeypatch):
    """Leaves the index out, which takes seconds to build."""
    monkeypatch.setattr(doctor, "_knowledge", lambda _: iter(()))


@pytest.fixture
def server():
    """A server that answers like an OpenAI-compatible one; ``status`` is what it answers with, ``asked`` what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append((self.path, self.headers.get("Authorization")))
            self.send_response(self.server.status)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    found = HTTPServer(("127.0.0.1", 0), Handler)
    found.status, found.asked = 200, []
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


def test_in_a_whole_checkout_all_is_fine(settings):
    checks = list(examine(settings))
    assert [check for check in checks if not check.ok] == []
    assert {"python", "packages", "home", "knowledge", "llm", "stub world", "data: skills"} <= {check.what for check in checks}


def test_a_home_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    check = only(Settings(home=tmp_path / "file" / "home"), "home")
    assert not check.ok
    assert "--home" in check.mend


def test_missing_data_and_packages(settings, monkeypatch):
    monkeypatch.setattr(doctor, "DATA", {"knowledge/nothing": "*.md"})
    monkeypatch.setattr(doctor, "PACKAGES", ("json", "no_such_package"))
    for what in ("data", "packages"):
        check = only(settings, what)
        assert not check.ok
        assert "pip install" in check.mend
    assert "no_such_package" in only(settings, "packages").found


def test_a_server_that_answers_is_fine_and_gets_the_key(settings, server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    asked = settings.model_copy(update={"llm": "openai", "model": "m", "base_url": f"http://127.0.0.1:{server.server_port}/v1"})
    check = only(asked, "llm")
    assert check.ok, check
    assert server.asked == [("/v1/models", "Bearer sk-secret")]
    assert "sk-secret" not in check.model_dump_json()
    server.status = 404  # no list of models, but somebody is at home
    assert only(asked, "llm").ok
    server.status = 401
    refused = only(asked, "llm")
    assert not refused.ok
    assert "the key is refused" in refused.found


def test_a_server_that_does_not_answer(settings, server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    server.server_close()  # the port is free now and nobody listens
    check = only(
        settings.model_copy(update={"llm": "openai", "model": "m", "base_url": f"http://127.0.0.1:{server.server_port}/v1"}), "llm"
    )
    assert not check.ok
    assert "not reachable" in check.found
    assert check.mend


def test_a_missing_key_is_a_finding_not_a_crash(settings, no_index, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (check,) = [check for check in examine(settings.model_copy(update={"llm": "openai"})) if check.what == "llm"]
    assert not check.ok
    assert "OPENAI_API_KEY" in check.found
    assert check.mend


@pytest.mark.parametrize("error", [SetupError("the index is broken; gitm knowledge build"), RuntimeError("boom")])
def test_a_check_that_fails_does_not_stop_the_others(settings, no_index, monkeypatch, error):
    def broken(_):
        raise error

    monkeypatch.setattr(doctor, "_home", broken)
    checks = {check.what: check for check in examine(settings)}
    assert not checks["home"].ok
    assert str(error) in checks["home"].found
    assert checks["stub world"].ok


@pytest.mark.parametrize(("packages", "code"), [(("json",), 0), (("no_such_package",), 1)])
def test_the_command_exits_by_what_was_found(settings, no_index, monkeypatch, capfd, packages, code):
    monkeypatch.setattr(doctor, "PACKAGES", packages)
    with pytest.raises(SystemExit) as left:
        main(["doctor", "--json"])
    found = json.loads(capfd.readouterr().out)
    assert (left.value.code or 0, found["ok"]) == (code, code == 0)
    assert {"what", "ok", "found", "mend"} == set(found["checks"][0])
    with pytest.raises(SystemExit):
        main(["doctor"])
    assert ("mend: pip install" in capfd.readouterr().out) == (code == 1)
