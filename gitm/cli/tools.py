"""``gitm doctor`` and ``gitm config show``: looking at the set-up."""

from __future__ import annotations

import typer

from gitm.cli import options
from gitm.cli.options import say, say_json, settings_from

config_app = typer.Typer(help="The settings in force.", no_args_is_help=True)


def doctor(
    *,
    home: options.Home = None,
    llm: options.Llm = None,
    base_url: options.BaseUrl = None,
    world: options.World = None,
    host: options.Host = None,
    port: options.Port = None,
    username: options.Username = None,
    auth: options.Auth = None,
    mc_version: options.McVersion = None,
    json: options.Json = False,
) -> None:
    """Check the set-up; each line says what, whether it is fine, and what mends it. Exits 1 when something is not."""
    from gitm.doctor import examine

    checks = []
    live = {"world": world, "host": host, "port": port, "username": username, "auth": auth, "mc_version": mc_version}
    for check in examine(settings_from(home=home, llm=llm, base_url=base_url, **live)):
        checks.append(check)
        if not json:
            say(f"{'ok ' if check.ok else 'BAD'}  {check.what:<24} {check.found}" + ("" if check.ok else f"\n     mend: {check.mend}"))
    fine = all(check.ok for check in checks)
    if json:
        say_json({"ok": fine, "checks": [check.model_dump() for check in checks]})
    raise typer.Exit(0 if fine else 1)


@config_app.command()
def show(*, home: options.Home = None) -> None:
    """Print each setting and where it comes from: flag > env GITM_* > file > default."""
    import os

    from gitm.config import Settings, masked, masked_key, resolve
    from gitm.llm.presets import load_presets

    resolved = resolve({"home": home})
    for name in Settings.model_fields:
        say(f"{name:<12} {masked(getattr(resolved.settings, name)):<32} {resolved.origins[name]}")
    if preset := load_presets(resolved.settings.home).get(resolved.settings.llm):
        say(f"{'key':<12} {masked_key(os.environ.get(preset.key, '')):<32} env {preset.key}")
    for file in resolved.files:
        say(f"{'file':<12} {file} ({'read' if file.is_file() else 'not there'})")
    for stranger in resolved.strangers:
        say(f"{stranger} is set, but there is no such setting", err=True)
