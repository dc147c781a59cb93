"""A small Minecraft server to try and test the agent against: flying-squid with a seeded world and survival rules of our own.

    with Server.start(seed=3) as server:
        print(server.host, server.port, server.version)

It listens on loopback only and ends with the process that started it. ``docs/testserver.md`` tells what it can and what it cannot.
"""

from gitm.testserver.control import Control, Refused
from gitm.testserver.server import FAULTS, VERSION, VERSIONS, Options, Server

__all__ = ["FAULTS", "VERSION", "VERSIONS", "Control", "Options", "Refused", "Server"]
