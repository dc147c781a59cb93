"""Templates as users bring them: looked for in order, checked, begun, refused; and a goal that only they bring within reach."""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from gitm.cli import main
from gitm.data import shipped
from gitm.errors import BadFile, SetupError
from gitm.skills import Library
from gitm.skills.check import Names, check
from gitm.skills.sources import sources

STEP = "  - mine: {object: $target}"


def template(name: str, about: str = "a template of this test", when: str = "{kind: mine}", steps: str = STEP) -> str:
    return f"name: {name}\nabout: {about}\nwhen: {when}\nsteps:\n{steps}\n"


def written(folder: Path, name: str, text: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(text or template(name))
    return path


@pytest.fixture
def gitm(fresh_home, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("GITM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*args):
        with pytest.raises(SystemExit) as left:
            main(args)
        out, err = capfd.readouterr()
        return left.value.code or 0, out, err

    return run


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Installs a package that brings the templates given."""

    def install(value: str = "garden_pack.skills", **texts: str) -> None:
        folder = tmp_path / "site" / "garden_pack" / "skills"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        (folder / "__init__.py").touch()
        for name, text in texts.items():
            written(folder, name, text)
        for name in ("garden_pack", "garden_pack.skills"):  # of an earlier test
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.syspath_prepend(str(tmp_path / "site"))
        point = EntryPoint(name="garden", value=value, group="gitm.skills")
        monkeypatch.setattr("gitm.skills.sources.entry_points", lambda group: [point] if group == "gitm.skills" else [])

    return install


# --- where from --------------------------------------------------------------------------------------------------


def test_the_later_place_wins_in_the_order_shipped_package_home_here(tmp_path, monkeypatch, package):
    monkeypatch.chdir(tmp_path)
    places = {"package garden": tmp_path / "site/garden_pack/skills", "home": tmp_path / "home/skills", "./skills": tmp_path / "skills"}
    package()
    won = []
    for place in places.values():
        written(place, "craft_by_hand", template("craft_by_hand", about=f"from {place}", when="{kind: craft}"))
        library = Library.open(sources(shipped("skills"), tmp_path / "home"))
        (skill,) = [skill for skill in library if skill.name == "craft_by_hand"]
        won.append(skill.origin)
    assert won == list(places)
    further = tmp_path / "further"
    written(further, "craft_by_hand")
    assert [name for name, _ in sources(shipped("skills"), tmp_path / "home", [further])] == ["shipped", *places, str(further)]


def test_the_list_says_where_each_is_from(gitm, tmp_path, package):
    package(dig=template("dig_it"))
    written(tmp_path / "home/skills", "mine_it")
    written(tmp_path / "skills", "find_it")
    lines = gitm("skills")[1].splitlines()
    assert len(lines) == len(list(shipped("skills").glob("*.yaml"))) + 3
    assert [line.split()[0] + line[line.rindex("(") :] for line in lines[-3:]] == [
        "dig_it(package garden)",
        "mine_it(home)",
        "find_it(./skills)",
    ]


def test_in_a_checkout_the_shipped_folder_is_not_read_twice(monkeypatch):
    monkeypatch.chdir(shipped("skills").parent)
    assert [name for name, _ in sources(shipped("skills"))] == ["shipped"]


@pytest.mark.parametrize("value", ["../../etc", "/etc", "garden_pack/skills", "garden_pack:skills", "", "no_such_package_at_all"])
def test_a_package_is_named_not_a_path(package, value):
    package(value)
    with pytest.raises(SetupError, match="package garden"):
        sources(shipped("skills"))


def test_a_link_that_leads_out_of_its_folder_is_not_read(gitm, tmp_path):
    secret = written(tmp_path / "elsewhere", "secret", "password: hunter2")
    folder = tmp_path / "home/skills"
    folder.mkdir(parents=True)
    (folder / "innocent.yaml").symlink_to(secret)
    for command in (["skills"], ["skills", "check", str(folder)], ["plan", "stick"]):
        code, out, err = gitm(*command)
        assert code in (1, 2)
        assert "innocent.yaml" in out + err
        assert "leads out of its folder" in out + err
        assert "hunter2" not in out + err
    (folder / "innocent.yaml").unlink()
    inside = written(folder, "real")
    (folder / "other.yaml").symlink_to(inside)  # within the folder a link is a name like any other
    assert gitm("skills")[0] == 0


def test_a_folder_that_is_a_link_as_a_whole_is_the_users_own_choice(gitm, tmp_path):
    written(tmp_path / "mine", "mine_it")
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home/skills").symlink_to(tmp_path / "mine")
    assert "mine_it" in gitm("skills")[1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(BadFile, match="no plain file"):
        Library.open([("home", tmp_path)])


# --- check -------------------------------------------------------------------------------------------------------


def test_the_shipped_ones_are_sound(gitm):
    count = len(list(shipped("skills").glob("*.yaml")))
    code, out, _ = gitm("skills", "check", str(shipped("skills")))
    assert (code, out) == (0, f"{count} templates, nothing wrong\n")


def test_every_fault_is_told_with_line_and_mend(gitm, tmp_path):
    folder = tmp_path / "drafts"
    steps = "  - mine: {object: $target, count: many}\n  - jump: {}\n  - mine: {object: $target}\n    if:\n      smells: roses"
    written(folder, "form", template("form", steps=steps))
    written(
        folder, "names", template("names", when="{kind: mine, item: iron_ingto}", steps="  - explore:\n      object: woden_log\n" + STEP)
    )
    written(folder, "yaml", "name: x\n  about: y\n")
    code, out, _ = gitm("skills", "check", str(folder))
    assert code == 1
    form, names, broken = (folder / f"{name}.yaml" for name in ("form", "names", "yaml"))
    said = out.splitlines()
    assert any(line.startswith(f"{form}:5: steps.0") and "count" in line for line in said)
    assert any(line.startswith(f"{form}:6: steps.1") and "exactly one action" in line for line in said)
    assert any(line.startswith(f"{form}:9: steps.2.if.0.smells") for line in said)
    assert any(line.startswith(f"{names}:3: when.item: no item, block or mob 'iron_ingto'; did you mean 'iron_ingot'?") for line in said)
    assert any(line.startswith(f"{names}:6: steps.0.explore.object: no item, block or mob 'woden_log'; did you mean") for line in said)
    assert any(line.startswith(f"{broken}:2: not valid YAML") for line in said)


@pytest.mark.parametrize(
    ("steps", "when", "unknown"),
    [
        ("  - apply: {object: bucket, target: cow}", "{kind: apply}", None),
        ('  - mine: {object: $target, tool: "iron_pickaxe[silk_touch]"}', "{kind: mine, item: planks}", None),
        ("  - explore: {object: desert}\n  - wait: {ticks: 5}\n    if: {sees: zombie, holds: oak_log}", "{kind: any}", None),
        ("  - explore: {object: $target, strategy: underground}", "{kind: mine}", None),
        ("  - craft: {object: stick, materials: {oak_plank: 2}}", "{kind: craft}", "oak_plank"),
        ("  - attack: {object: zombi}", "{kind: attack}", "zombi"),
        ("  - wait: {ticks: 5}\n    unless: [{day: true}, {holds: stik}]", "{kind: mine}", "stik"),
        (STEP, "{kind: apply, on: caw}", "caw"),
        (STEP, "{kind: apply, use: shaers}", "shaers"),
    ],
)
def test_the_names_that_count_are_those_of_the_rule_book(gitm, tmp_path, steps, when, unknown):
    path = written(tmp_path / "drafts", "draft", template("draft", steps=steps, when=when))
    code, out, _ = gitm("skills", "check", str(path))
    assert code == (1 if unknown else 0), out
    assert unknown is None or f"'{unknown}'" in out


def test_names_of_an_invented_world_are_checked_against_its_book(gitm, tmp_path):
    (tmp_path / "bees.json").write_text(json.dumps(BEES))
    path = written(tmp_path / "drafts", "brew", MEAD_TEMPLATE)
    code, out, _ = gitm("skills", "check", str(path))
    assert code == 1
    assert "--rules" in out or "did you mean" in out
    assert gitm("skills", "check", str(path), "--rules", "bees.json")[0] == 0


def test_an_empty_folder_and_a_missing_file_are_no_success(gitm, tmp_path):
    (tmp_path / "empty").mkdir()
    assert gitm("skills", "check", "empty")[0] == 1
    code, out, _ = gitm("skills", "check", "nowhere.yaml")
    assert code == 1
    assert "nowhere.yaml: cannot be read" in out


def test_hostile_yaml_is_a_problem_not_a_crash(tmp_path):
    laughs = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 25))
    for text in (laughs, "!!python/object/apply:os.system [id]", "x: " + "[" * 2000, "#" * 70_000, "- &a [*a]"):
        assert check(written(tmp_path, "hostile", text), Names(known=()))[1] != []


# --- new ---------------------------------------------------------------------------------------------------------


def test_a_new_one_passes_the_check_and_is_never_overwritten(gitm, tmp_path):
    code, out, _ = gitm("skills", "new", "shear_it")
    path = tmp_path / "home/skills/shear_it.yaml"
    assert code == 0
    assert str(path) in out
    assert path.read_text().count("#") >= 5
    assert gitm("skills", "check", str(path))[0] == 0
    assert "shear_it" in gitm("skills")[1]
    path.write_text("mine")
    code, _, err = gitm("skills", "new", "shear_it")
    assert code == 2
    assert "is there already" in err
    assert path.read_text() == "mine"
    assert gitm("skills", "new", "shear_it", "--dir", "drafts")[0] == 0
    assert (tmp_path / "drafts/shear_it.yaml").exists()


@pytest.mark.parametrize("name", ["../escape", "/somewhere/x", "a/b", "..", "Shear", "", "a b", "x.yaml"])
def test_a_name_is_a_name_not_a_path(gitm, tmp_path, name):
    code, _, err = gitm("skills", "new", name, "--dir", "drafts")
    assert code == 2
    assert "is no name of a template" in err
    assert not (tmp_path / "drafts").exists()
    assert not (tmp_path / "escape.yaml").exists()


# --- out of reach before, within reach with a guide and a template --------------------------------------------------

#: Honey on a stump makes it hollow; honey on a hollow stump gives mead. No guide can say the first half as a way: it gives nothing.
BEES = {
    "name": "bees",
    "version": "1",
    "items": {"honey": {}, "mead": {}},
    "blocks": {
        "turf": {"hardness": 0.6},
        "hive": {"hardness": 0.2, "drops": [{"item": "honey"}]},
        "stump": {"hardness": 2.0},
        "hollow_stump": {"hardness": 2.0},
    },
    "uses": [
        {"item": "honey", "target": "stump", "target_becomes": "hollow_stump"},
        {"item": "honey", "target": "hollow_stump", "gives": [{"item": "mead"}], "consumes": True},
    ],
    "biomes": {"meadow": {"top": "turf", "below": "turf"}},
    "deposits": [{"block": "hive", "per_cell": 2, "low": 2, "high": 4}, {"block": "stump", "per_cell": 2}],
}
MEAD_GUIDE = """---
title: Mead
items: [mead, honey]
source: this test
---
Mining hive gives 1 honey; it takes bare hands. hive is common: it is found on the surface in any biome.
Using honey on hollow_stump gives 1 mead and uses it up. hollow_stump is common: it is found on the surface in any biome.
"""
MEAD_TEMPLATE = """
name: brew_mead
about: Hollow out a stump with honey, then fill it.
when: {kind: apply, item: mead}
steps:
  - explore: {object: stump}
    unless: {sees: $on}
  - approach: {object: stump}
    unless: {sees: $on}
  - apply: {object: $use, target: stump}
    unless: {sees: $on}
  - apply: {object: $use, target: $on}
"""


def test_a_guide_and_a_template_bring_a_goal_within_reach(gitm, tmp_path):
    (tmp_path / "bees.json").write_text(json.dumps(BEES))
    command = ["run", "mead", "--rules", "bees.json", "--json", "--quiet", "--max-ticks", "40000", "--seed", "2"]
    code, _, err = gitm(*command)
    assert code == 2  # nobody has ever heard of it
    assert "no item 'mead'" in err
    (tmp_path / "home/guides").mkdir(parents=True)
    (tmp_path / "home/guides/mead.md").write_text(MEAD_GUIDE)
    code, out, _ = gitm(*command)
    assert code == 1  # known, and how to bring it about is not
    assert json.loads(out)["inventory"].get("honey")
    written(tmp_path / "home/skills", "brew_mead", MEAD_TEMPLATE)
    code, out, err = gitm(*command)
    assert code == 0, out + err
    assert json.loads(out)["inventory"]["mead"] == 1
