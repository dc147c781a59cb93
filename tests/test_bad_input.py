"""Whatever a user hands us: a broken file is named with its place and mend, a goal that cannot be had is said at once."""

from __future__ import annotations

import json
import time

import pytest
from test_cli_process import HILLS
from toy import SENTENCES, assemble, bare, toy_mind

from gitm.cli import main
from gitm.errors import BadFile, NoWay
from gitm.facts import load
from gitm.guides import load_guide
from gitm.record import run_paths
from gitm.types import Obtain


@pytest.fixture
def gitm(tmp_path, monkeypatch, capfd):
    """Runs a command line for real, in an empty home."""
    monkeypatch.setenv("GITM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*args):
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return left.value.code or 0, out, err

    return run


GUIDE = "---\ntitle: Reeds\nitems: [reed]\n---\nReeds grow in the hills.\n"
#: A file, what is wrong with it, the command that reads it, and what must be said: the place and the mend.
FILES = [
    ("guides/a.md", "no front matter", ("plan", "stick", "--guides", "guides"), "line 1", "front matter"),
    ("guides/a.md", "---\ntitle: [\n---\ntext\n", ("plan", "stick", "--guides", "guides"), "line 2", "docs/guides.md"),
    ("guides/a.md", "---\ntitel: x\n---\ntext\n", ("plan", "stick", "--guides", "guides"), "title", "add a line"),
    (
        "guides/a.md",
        "---\ntitle: !!python/object/apply:os.system [id]\n---\nx\n",
        ("plan", "stick", "--guides", "guides"),
        "line 2",
        "YAML",
    ),
    ("guides/a.md", b"---\ntitle: x\n---\n\xff\xfe", ("plan", "stick", "--guides", "guides"), "line 4", "UTF-8"),
    ("guides/a.md", GUIDE + "x" * 100_001, ("plan", "stick", "--guides", "guides"), "line 1", "split it up"),
    ("book.json", "{", ("plan", "comb", "--guides", "book.json"), "line 1", "docs/facts.md"),
    ("book.json", "", ("run", "stick", "--rules", "book.json"), "book.json", "docs/facts.md"),
    ("book.json", "\x00\x01", ("run", "stick", "--rules", "book.json"), "book.json", "docs/facts.md"),
    ("book.json", json.dumps(HILLS | {"items": {"Reed!": {}}}), ("run", "stick", "--rules", "book.json"), "items", "docs/facts.md"),
    (
        "book.json",
        json.dumps(HILLS | {"crafts": [{"item": "x", "materials": []}]}),
        ("plan", "x", "--guides", "book.json"),
        "crafts[0]",
        "items",
    ),
    ("book.json", "[" * 100_000, ("run", "stick", "--rules", "book.json"), "book.json", "docs/facts.md"),
    ("home/config.toml", "seed = ", ("config", "show"), "end of document", "no TOML"),
    ("home/config.toml", "\nsede = 3\n", ("run", "stick"), "line 2", "did you mean 'seed'"),
    ("home/config.toml", "seed = 'x'\n", ("plan", "stick"), "line 1", "seed"),
    ("home/config.toml", b"\xff\xfe\x00", ("runs",), "config.toml", "TOML"),
    ("home/runs/a.jsonl", '{"format":1}\n{"at":1}\n', ("show", "last"), "line 2", "docs/record.md"),
    ("home/runs/a.jsonl", '{"format":1}\n{"at":1}\n', ("resume", "last"), "line 2", "docs/record.md"),
    ("home/runs/a.jsonl", '{"format":9}\n', ("resume", "last"), "line 1", "format 1"),
    ("home/runs/a.jsonl", b"\xff\xff\n{}\n", ("show", "last"), "line 1", "docs/record.md"),
    ("home/runs/a.jsonl", '{"format":1}\n{"at":1,"kind":"set_aside","way":{"$id":"x"}}\n', ("resume", "last"), "line 2", "docs/record.md"),
    ("home/runs/a.jsonl", '{"format":1}\n' + "[" * 50_000 + "\n", ("show", "last"), "line 2", "docs/record.md"),
]


@pytest.mark.parametrize(("file", "text", "command", "where", "mend"), FILES, ids=range(len(FILES)))
def test_a_broken_file_is_named_with_place_and_mend(gitm, tmp_path, file, text, command, where, mend):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, _, err = gitm(*command)
    assert code == 2, err
    assert path.name in err
    assert where in err
    assert mend in err
    assert len(err.splitlines()) == 1


def test_a_broken_template_is_named(gitm, tmp_path):
    folder = tmp_path / "home" / "skills"
    folder.mkdir(parents=True)
    (folder / "bad.yaml").write_text("name: [\n")
    code, _, err = gitm("skills")
    assert code == 2
    assert "bad.yaml" in err
    assert "line" in err


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 500])
def test_a_broken_memory_stops_no_run_and_is_no_traceback(gitm, tmp_path, damage):
    book = tmp_path / "book.json"
    book.write_text(json.dumps(HILLS))
    home = tmp_path / "home"
    home.mkdir()
    (home / "memory.sqlite").write_bytes(damage)
    code, out, err = gitm("run", "comb", "--rules", book, "--guides", book, "--json", "--quiet")
    assert code in (0, 2)
    assert json.loads(out)["reached"] if code == 0 else "memory.sqlite" in err


# --- goals that cannot be had ------------------------------------------------------------------------------------

CYCLE = HILLS | {
    "items": {"ring": {}, "chain": {}, "mail": {}, "pearl": {}, "crown": {}},
    "blocks": {"turf": {"hardness": 0.6}},
    "crafts": [
        {"item": "mail", "materials": [{"item": "chain", "count": 2}]},
        {"item": "chain", "materials": [{"item": "ring"}]},
        {"item": "ring", "materials": [{"item": "chain"}]},
        {"item": "crown", "materials": [{"item": "pearl"}]},
    ],
    "deposits": [],
}


@pytest.mark.parametrize(
    ("goal", "said"),
    [("mail", ("cycle", "chain <- ring <- chain")), ("crown", ("no guide says how to obtain pearl", "needed for crown", "--guides"))],
)
@pytest.mark.parametrize("command", [("plan",), ("run", "--quiet")])
def test_a_cycle_and_a_missing_way_are_named_and_nothing_is_tried(gitm, tmp_path, goal, said, command):
    book = tmp_path / "book.json"
    book.write_text(json.dumps(CYCLE))
    rules = ("--rules", book) if command[0] == "run" else ()
    code, out, err = gitm(command[0], goal, *command[1:], *rules, "--guides", book)
    assert code == 1
    assert all(part in out + err for part in said)
    if rules:
        record = run_paths(tmp_path / "home")[0].read_text()
        assert '"stepped"' not in record


def craft(item: str, *materials: str) -> str:
    return f"Crafting 1 {item} requires {', '.join(f'1 {name}' for name in materials)} as the material and nothing as the tool."


def chain(length: int) -> dict[str, str]:
    return {f"i{k}": craft(f"i{k}", f"i{k + 1}") for k in range(length)}


#: Endless knowledge: what the goal i0 is made of.
ENDLESS = {
    "ten thousand deep": chain(10_000),
    "a hundred thousand materials": {"i0": craft("i0", *(f"i{k}" for k in range(1, 100_001)))},
    "a hundred thousand recipes": {"i0": " ".join(craft("i0", f"i{k}") for k in range(1, 100_001))},
}


def cpu(work) -> float:
    """Seconds of processor time: on a free machine that is how long it takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


@pytest.mark.parametrize("which", ENDLESS)
def test_endless_knowledge_ends_at_once(which):
    mind = assemble(bare(ENDLESS[which]))

    def ask():
        with pytest.raises(NoWay) as caught:
            mind.plan_ahead(Obtain(item="i0"))
        assert len(str(caught.value)) < 300

    assert cpu(ask) < 1


def test_as_deep_as_a_world_may_be_is_no_limit():
    sentences = chain(60) | {"i60": SENTENCES["log"].replace("log", "i60")}
    tree, _ = assemble(bare(sentences)).plan_ahead(Obtain(item="i0"))
    assert len(tree.subgoals) == 61


def test_more_materials_than_slots_are_no_recipe():
    few, many = (craft("log", *(f"thing_{k}" for k in range(count))) for count in (36, 37))
    with pytest.raises(NoWay, match="thing_"):
        toy_mind(log=few).plan_ahead(Obtain(item="log"))
    with pytest.raises(NoWay, match="how to obtain log"):
        toy_mind(log=many).plan_ahead(Obtain(item="log"))


def big(items: int, crafts: list[dict[str, object]]) -> dict[str, object]:
    return HILLS | {"items": {f"i{k}": {} for k in range(items)}, "blocks": {"turf": {}}, "deposits": [], "crafts": crafts}


BOOKS = {
    "deep": lambda: big(10_001, [{"item": f"i{k}", "materials": [{"item": f"i{k + 1}"}]} for k in range(10_000)]),
    "wide": lambda: big(100_001, [{"item": "i0", "materials": [{"item": f"i{k + 1}"} for k in range(100_000)]}]),
    "many materials": lambda: big(100, [{"item": "i0", "materials": [{"item": f"i{k + 1}"} for k in range(37)]}]),
    "many recipes": lambda: big(2, [{"item": "i0", "materials": [{"item": "i1"}]}] * 5001),
}


@pytest.mark.parametrize("which", BOOKS)
def test_a_rule_book_beyond_all_measure_is_refused_at_once(gitm, tmp_path, which):
    path = tmp_path / "book.json"
    path.write_text(json.dumps(BOOKS[which]()))

    def ask():
        with pytest.raises(BadFile, match=r"at most (36|5000|2,000,000)"):
            load(path)

    assert cpu(ask) < 1
    for command in (("plan", "i0", "--guides", path), ("run", "i0", "--rules", path)):
        code, _, err = gitm(*command)
        assert code == 2
        assert "book.json" in err
        assert "at most" in err


def test_a_guide_about_too_many_items_is_refused_at_once(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: x\nitems: [{', '.join(f'i{k}' for k in range(1001))}]\n---\ntext\n")
    with pytest.raises(BadFile, match=r"line 3.*at most 1000"):
        load_guide(path)
