"""``gitm server``: the small Minecraft server to try the agent on, in the foreground."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from gitm.cli import options
from gitm.cli.options import say, say_json, settings_from

Port = Annotated[int, typer.Option("--port", metavar="P", help="The port on this machine; 0 takes a free one.", min=0, max=65535)]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The world's seed.", min=0, max=2**31 - 1)]
Version = Annotated[str, typer.Option("--version", metavar="V", help="The version of Minecraft: 1.16.5, or another from 1.13.2 to 1.21.4.")]
Save = Annotated[Path | None, typer.Option("--save", metavar="DIR", help="Keep the world in this folder; without it, it is forgotten.")]
Log = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="Write the server's faults to this file.")]
Peaceful = Annotated[bool, typer.Option("--peaceful", help="Without animals and monsters.")]


def server(
    *,
    port: Port = 25565,
    seed: Seed = 1,
    version: Version = "1.16.5",
    save: Save = None,
    log: Log = None,
    peaceful: Peaceful = False,
    control: Annotated[bool, typer.Option("--control", help="Open the tests' own door, on loopback.")] = False,
    fault: Annotated[
        list[str] | None, typer.Option("--fault", metavar="NAME", help="Differ from vanilla in this; may be repeated.")
    ] = None,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Run a small Minecraft server on this machine until Ctrl-C; needs the extra [minecraft]."""
    from pydantic import ValidationError

    from gitm.errors import SetupError
    from gitm.testserver import Options, Server

    wanted = {"port": port, "seed": seed, "version": version, "save": save, "mobs": not peaceful, "control": control, "faults": fault or ()}
    try:
        as_asked = Options.model_validate(wanted)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SetupError(f"--{str(first['loc'][0]).removesuffix('s')}: {first['input']!r} does not fit: {first['msg']}") from error
    for name in (signal.SIGINT, signal.SIGTERM):  # both end it the same way, also where a shell has us ignore Ctrl-C
        signal.signal(name, signal.default_int_handler)
    with Server.start(as_asked, settings_from(home=home).home, log=log, progress=lambda text: say(text, err=True)) as running:
        if json:
            say_json(running.ready)
        else:
            _introduce(running.port, running.version)
        code = running.wait_or_interrupt()
    if code:
        raise SetupError(f"the test server ended by itself (exit code {code}); look at its log: gitm server --log FILE")


def _introduce(port: int, version: str) -> None:
    say(f"A Minecraft {version} server listens on localhost:{port}. Ctrl-C ends it.")
    say(f"  the agent:           gitm run wooden_pickaxe --world mineflayer --port {port}")
    say(f"  a Minecraft client:  version {version}, Multiplayer, Direct Connection, localhost:{port}")
