"""Settings and their origins."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitm.config import Settings, masked, masked_key, resolve
from gitm.errors import BadFile, SetupError


@pytest.fixture
def files(tmp_path):
    """A user's file and a home with a file, both empty at first; and the environment that names the home."""
    user, home = tmp_path / "user.toml", tmp_path / "home"
    home.mkdir()
    return user, home / "config.toml", {"GITM_HOME": str(home)}


def test_flag_wins_over_environment_over_home_file_over_user_file_over_default(files):
    user, beside, env = files
    seeds = []

    def seed(flags=None, more=None):
        resolved = resolve(flags, env | (more or {}), user_file=user)
        seeds.append((resolved.settings.seed, resolved.origins["seed"]))

    seed()
    user.write_text("seed = 1")
    seed()
    beside.write_text("seed = 2")
    seed()
    seed(None, {"GITM_SEED": "3"})
    seed({"seed": 4, "world": None}, {"GITM_SEED": "3"})
    assert seeds == [(None, "default"), (1, str(user)), (2, str(beside)), (3, "env GITM_SEED"), (4, "flag")]


def test_every_setting_can_come_from_environment_and_file(files, tmp_path):
    user, _, _ = files
    samples = {
        "world": "toy",
        "seed": 1,
        "rules": str(tmp_path / "r.json"),
        "llm": "openai",
        "model": "m",
        "base_url": "http://h",
        **{f"{role}_{what}": f"{role} {what}" for role in ("decomposer", "planner", "condenser") for what in ("llm", "model")},
        "prompt_shape": "code",
        "planner": "llm",
        "guides": [str(tmp_path)],
        "skills": [str(tmp_path)],
        "successes": 3,
        "embedder": "minilm",
        "host": "h",
        "port": 25566,
        "username": "u",
        "auth": "offline",
        "mc_version": "1.16.5",
        "view": 3008,
        "home": str(tmp_path / "h"),
        "max_ticks": 2,
        "max_calls": 3,
        "max_tokens": 4,
        "max_cost": 0.5,
        "max_seconds": 5.5,
    }
    assert samples.keys() == Settings.model_fields.keys()
    user.write_text("\n".join(f"{key} = {value!r}" for key, value in samples.items()))
    from_file = resolve(env={}, user_file=user)
    env = {f"GITM_{key.upper()}": ":".join(value) if isinstance(value, list) else str(value) for key, value in samples.items()}
    from_env = resolve(env=env, user_file=tmp_path / "none")
    assert from_file.settings == from_env.settings
    assert from_env.settings.max_seconds == 5.5
    assert set(from_env.origins.values()) == {f"env GITM_{key.upper()}" for key in samples}


def test_several_paths_in_the_environment_are_joined_as_the_shell_does(files, monkeypatch, tmp_path):
    user, _, env = files
    monkeypatch.setattr("os.pathsep", ":")
    assert resolve(env=env | {"GITM_GUIDES": "/a:/b:"}, user_file=user).settings.guides == (Path("/a"), Path("/b"))


def test_paths_in_a_file_are_meant_from_its_folder_and_flags_from_where_one_is(files, monkeypatch, tmp_path):
    user, _, env = files
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    user.write_text('guides = ["mine"]\nrules = "r.json"')
    settings = resolve({"skills": [Path("s")]}, env, user_file=user).settings
    assert settings.guides == (tmp_path / "mine",)
    assert settings.rules == tmp_path / "r.json"
    assert settings.skills == (tmp_path / "elsewhere" / "s",)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("seed = 1\nmax_tick = 3\n", "line 2", "did you mean 'max_ticks'"),
        ("# a comment\n\n[limits]\nmax = 3\n", "line 3", "the settings are world"),
        ('seed = 1\n\nplanner = "best"\n', "line 3", "'auto'"),
        ("seed = true\nmax_ticks = 0", "line 2", "max_ticks: 0 does not fit"),
        ("seed = \n", "", "is no TOML"),
    ],
)
def test_a_fault_in_a_file_names_line_and_mend(files, text, line, problem):
    user, _, env = files
    user.write_text(text)
    with pytest.raises(BadFile, match=problem) as caught:
        resolve(env=env, user_file=user)
    assert caught.value.where == line
    assert caught.value.path == user


def test_a_fault_in_the_environment_or_a_flag_names_it(files):
    user, _, env = files
    with pytest.raises(SetupError, match=r"^GITM_SEED: 'x' does not fit"):
        resolve(env=env | {"GITM_SEED": "x"}, user_file=user)
    with pytest.raises(SetupError, match=r"^--max-seconds: -1 does not fit"):
        resolve({"max_seconds": -1}, env, user_file=user)


def test_the_file_in_the_home_cannot_move_the_home(files):
    user, beside, env = files
    beside.write_text('home = "/elsewhere"')
    with pytest.raises(BadFile, match="GITM_HOME"):
        resolve(env=env, user_file=user)


def test_variables_that_are_no_settings_are_noticed(files):
    user, _, env = files
    assert resolve(env=env | {"GITM_SEDE": "1", "OTHER": "2"}, user_file=user).strangers == ("GITM_SEDE",)


def test_secrets_in_urls_are_hidden():
    assert masked("https://user:pass@host/v1?key=abc&x=1") == "https://…@host/v1?key=…&x=1"
    assert masked(None) == "-"
    assert masked((Path("/a"), Path("/b"))) == "/a, /b"


@pytest.mark.parametrize(("key", "shown"), [("", "-"), ("sk-0123456789abcdef", "sk-…"), ("short", "…")])
def test_of_a_key_only_the_beginning_is_shown(key, shown):
    assert masked_key(key) == shown


def test_the_files_that_are_read_are_named(files):
    user, beside, env = files
    assert resolve(env=env, user_file=user).files == (user, beside)
