from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest

from ntm_rules.messages import LANGUAGES, text
from ntm_rules.rulebook import editions, load, set_names
from ntm_rules.rulebook.coverage import grades, open_cells
from ntm_rules.vocabulary.instruments import Grade

DATA = resources.files("ntm_rules.rulebook").joinpath("data")
KINDS = {
    "crosswalk.yaml": "crosswalk",
    "facts.yaml": "fact_catalogue",
    "instruments.yaml": "instrument_register",
    "places.yaml": "place_register",
    **{
        f"{name}.yaml": "criteria_set"
        for name in set_names()
        if not any((*load(name).missing_rows, load(name).counts.surplus))
    },
}
INCOMPLETE = [name for name in set_names() if f"{name}.yaml" not in KINDS]

#: Sets whose every cell has its figure as they were issued: there is nothing to note.
NOTHING_OPEN = [
    f"{name}.yaml"
    for name in set_names()
    if not grades(editions(name)[0])[Grade.UNSTATED] and not open_cells(editions(name)[0])
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_packaged_document_is_fine(run, tmp_path: Path, name: str, lang: str) -> None:
    """Each kind of document is known by its key and nothing is wrong with ours; what is open in a set is noted."""
    (tmp_path / "copy.yaml").write_bytes(DATA.joinpath(name).read_bytes())
    kind = text(f"cli.kind_{KINDS[name]}", lang)
    ran = run("check", "copy.yaml", "--lang", lang)
    *notes, line = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert bool(notes) == (KINDS[name] == "criteria_set" and name not in NOTHING_OPEN)
    assert all(re.match(rf"copy.yaml:\d+:\d+: NTM3\d\d {text('severity.note', lang)}: ", note) for note in notes)
    message = "check_noted" if notes else "check_fine"
    assert line == text(f"cli.{message}", lang, file="copy.yaml", kind=kind, count=len(notes))


@pytest.mark.parametrize("name", INCOMPLETE)
def test_of_an_incomplete_set_only_that_is_told(run, tmp_path: Path, name: str) -> None:
    """A packaged set that lacks rows of the law, or says that it lists too many, has no other problem."""
    (tmp_path / "copy.yaml").write_bytes(DATA.joinpath(f"{name}.yaml").read_bytes())
    *lines, _ = run("check", "copy.yaml", "--lang", "en").out.splitlines()
    found = [line for line in lines if " note: " not in line]
    assert all(" NTM305 warning: " in line for line in found)
    assert found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_problem_is_told(run, tmp_path: Path, dossier: str, lang: str) -> None:
    """A document with problems: each on a line with file, line and code, then their number; exit code 1."""
    content = (tmp_path / dossier).read_text(encoding="utf-8").replace("98 %", "198 %").replace("Thái Nguyên", "Thai")
    (tmp_path / "bad.yaml").write_text(content, encoding="utf-8")
    ran = run("check", "bad.yaml", "--lang", lang)
    assert (ran.code, ran.err) == (1, "")
    lines = ran.out.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["NTM410", "NTM406"]
    kind = text("cli.kind_dossier", lang)
    assert lines[-1] == text("cli.check_found", lang, file="bad.yaml", kind=kind, count=2)


def test_problems_as_json(run, broken: str, dossier: str, tmp_path: Path) -> None:
    """The problems of all files as one list, in the language asked for; nothing wrong is an empty list."""
    (tmp_path / "bad.yaml").write_text("criteria_set: x\n", encoding="utf-8")
    ran = run("check", dossier, broken, "bad.yaml", "--json", "--lang", "en")
    told = json.loads(ran.out)
    assert ran.code == 2
    assert ran.err == ""
    assert {each["file"] for each in told} == {"broken.yaml", "bad.yaml"}
    assert all(each["code"].startswith("NTM") and each["message"] for each in told)
    assert json.loads(run("check", dossier, "--json").out) == []


@pytest.mark.parametrize("content", ["a: b\n", "[1, 2]\n", "a: [\n", "just words\n"])
def test_what_is_no_known_document_is_told(run, tmp_path: Path, content: str) -> None:
    """What can't be read, or is of no known kind, goes to the standard error; exit code 2."""
    (tmp_path / "odd.yaml").write_text(content, encoding="utf-8")
    ran = run("check", "odd.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("odd.yaml:1:") or ran.err.startswith("odd.yaml:2:")


def test_of_several_the_worst_counts(run, dossier: str, broken: str, tmp_path: Path) -> None:
    """Fine, wrong, unreadable: the exit code is that of the worst."""
    (tmp_path / "bad.yaml").write_text("dossier: 1\n", encoding="utf-8")
    assert run("check", dossier, dossier).code == 0
    assert run("check", dossier, "bad.yaml").code == 1
    assert run("check", dossier, "bad.yaml", broken).code == 2


def test_addresses_are_checked_against_the_set_in_force(run, tmp_path: Path, dossier: str) -> None:
    """A dossier that names no set is checked against the one it would be judged by, if there is one."""
    content = (tmp_path / dossier).read_text(encoding="utf-8").replace("set: commune/standard/2016-2020\n", "")
    (tmp_path / "wrong.yaml").write_text(content.replace('"15/15.1"', '"99"'), encoding="utf-8")
    ran = run("check", "wrong.yaml")
    assert ran.code == 1
    assert "wrong.yaml:12:3: NTM415" in ran.out
    (tmp_path / "old.yaml").write_text(content.replace("2018", "2009"), encoding="utf-8")
    assert run("check", "old.yaml").code == 0


def test_tables_are_checked_row_by_row(run, tmp_path: Path) -> None:
    """Every row of a table is checked; wrong headings are problems, an unreadable file is not a table."""
    (tmp_path / "good.csv").write_text("name,province,year\nA,Hà Nội,2018\n", encoding="utf-8")
    (tmp_path / "rows.csv").write_text("name,province,year\nA,Hà Nộ,2018\nB,,x\n", encoding="utf-8")
    (tmp_path / "heads.csv").write_text("name,yeer\nA,2018\n", encoding="utf-8")
    kind = text("cli.kind_table", "vi")
    assert run("check", "good.csv").out == text("cli.check_fine", "vi", file="good.csv", kind=kind) + "\n"
    ran = run("check", "rows.csv")
    assert ran.code == 1
    assert {"rows.csv:2:2:", "rows.csv:3:3:"} <= {line.split()[0] for line in ran.out.splitlines()}
    assert run("check", "heads.csv").code == 1
    assert run("check", "absent.csv").code == 2


def test_the_shelf_is_checked(run) -> None:
    """Every edition of every packaged set is checked, and all of them against each other; nothing is wrong."""
    ran = run("check", "--shelf", "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    ends = [line.partition(": ")[0] for line in ran.out.splitlines() if ": note: " not in line and "NTM" not in line]
    assert ends == [rules.edition for name in set_names() for rules in editions(name)] + ["--shelf"]
    told = json.loads(run("check", "--shelf", "--json").out)
    assert {each["severity"] for each in told} == {"note"}


def test_something_must_be_checked(run) -> None:
    """Without a file and without the shelf there is nothing to check; exit code 2."""
    ran = run("check", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert "FILE is missing" in ran.err


SCENARIO = """\
revision: thu
revises: commune/standard/2016-2020
title: {vi: Thử, en: A try}
authority: scenario
author: An
edits:
  - {edit: set_cell, at: "11/11", row: red_river_delta, to: 3 %}
  - {edit: set_cell, at: "4/4.2", row: south_east, to: 100 %}
  - {edit: set_threshold, at: "5/5", sign: at_least, to: 0 %}
  - edit: add_indicator
    at: "4"
    indicator:
      number: "4.3"
      title: {vi: Thử, en: A try}
      require: {fact: safe_electricity_household_share, equals: 100 %}
      source: {evidence: recalled}
  - {edit: set_counts, to: {criteria: 19, indicators: 50}}
"""


def test_a_revision_is_checked_by_what_it_makes(run, tmp_path: Path) -> None:
    """A revision is applied and what is new in the set that comes out is told where the revision changes it."""
    (tmp_path / "try.yaml").write_text(SCENARIO, encoding="utf-8")
    ran = run("check", "try.yaml", "--lang", "en")
    found = sorted(line.split()[:3] for line in ran.out.splitlines()[:-1])
    assert ran.code == 1
    assert ["try.yaml:7:5:", "NTM351", "note:"] in found
    assert {each[1] for each in found if each[0].startswith("try.yaml:9")} == {"NTM341", "NTM351"}
    assert [each for each in found if each[0].startswith("try.yaml:10")] == [["try.yaml:10:5:", "NTM343", "warning:"]]
    assert not [each for each in found if each[0].startswith("try.yaml:8")]


def test_an_amendment_is_checked_against_the_edition_before(run, tmp_path: Path) -> None:
    """A packaged amendment changes the edition before it, and what the law leaves open then is noted, no fault."""
    name = "commune/standard/2010-2015/342-QD-TTg.yaml"
    (tmp_path / "342.yaml").write_bytes(DATA.joinpath(name).read_bytes())
    ran = run("check", "342.yaml", "--lang", "en")
    assert ran.code == 0
    assert [line.split()[1] for line in ran.out.splitlines()[:-1]] == ["NTM334", "NTM339"]
