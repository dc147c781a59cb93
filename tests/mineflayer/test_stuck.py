"""The ladder of remedies, with a bot made up: what is tried, and what beside lava is not."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from gitm.mineflayer.install import ensure
from gitm.mineflayer.node import find_node
from gitm.mineflayer.world import BOT

LADDER = """
const { Ladder } = require(process.argv[1])
const { Vec3 } = require('vec3')
const [keys, told] = [[], []]
const bot = {
  entity: { position: new Vec3(0, 5, 0), yaw: 0 }, pathfinder: { setGoal () {}, isBuilding: () => false }, blockAt: () => null,
  inventory: { slots: [] },
  setControlState: key => keys.push(key), clearControlStates () {}
}
const sight = { nearest: () => process.argv[2] === 'lava' ? {} : null }
const ctx = { bot, sight, avoided: [], report: name => told.push(name), task: { pause: async () => {} } }
const ladder = new Ladder(ctx, 'a diamond')
async function climb () {
  ladder.since = 0
  await ladder.climb()
  return climb()
}
climb().catch(error => console.log(JSON.stringify({ keys, told, message: error.message })))
"""


@pytest.mark.parametrize(
    ("beside", "told"), [("lava", ["took another route"]), ("stone", ["stepped aside", "jumped", "took another route"])]
)
def test_nobody_stumbles_about_beside_lava(beside: str, told: list[str], node_home: Path) -> None:
    env = {**os.environ, "NODE_PATH": str(ensure(BOT, node_home))}
    command = [str(find_node().binary), "-e", LADDER, str(BOT / "stuck.js"), beside]
    done = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout)
    assert done["told"] == told
    assert bool(done["keys"]) == (beside != "lava")
    assert "try another one" in done["message"]
