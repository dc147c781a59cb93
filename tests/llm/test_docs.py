"""The page about LLMs is true: its Python runs, its presets are those that ship."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from gitm.llm.presets import load_presets

PAGE = (Path(__file__).parents[2] / "docs" / "llm.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_python_of_the_page_runs_and_prints_what_it_says() -> None:
    done = subprocess.run([sys.executable, "-c", "\n".join(blocks("python"))], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "ollama:qwen3:8b"
    assert lines[1].startswith("0.014 dollars, by prices of 20")
    assert lines[2:] == ["0.0", "None", "stick"]


def test_the_preset_of_the_page_is_one(tmp_path: Path) -> None:
    (example,) = blocks("yaml")
    (tmp_path / "presets.yaml").write_text(example)
    assert load_presets(tmp_path)["gpu-box"].body == {"temperature": 0}
    assert yaml.safe_load(example)["gpu-box"].keys() < {*type(load_presets()["openai"]).model_fields}


@pytest.mark.parametrize("name", load_presets())
def test_the_table_has_every_preset_with_its_key_and_model(name: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    preset = load_presets()[name]
    assert f"`{preset.key}`" in row
    assert preset.model in (None, "default") or f"`{preset.model}`" in row
    assert ("none" in row) != preset.key_needed
