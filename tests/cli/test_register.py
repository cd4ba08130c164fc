from __future__ import annotations

import json
from pathlib import Path

import pytest

SET = "commune/standard/2016-2020"
PLACE = "{level: commune, name: Phú Đình, district: Định Hóa, province: Thái Nguyên}"
TWO = PLACE.replace("Phú Đình", "Thử Hai")

_RULES = """\
criteria_set: commune/standard/2016-2020
title: {vi: Bộ thử, en: A set}
basis: 1980/QĐ-TTg
in_force: {from: 2016-12-01}
counts: {criteria: 1, indicators: 1}
axes: {region: [{row: unit.region}]}
criteria:
  - number: "1"
    title: {vi: Danh hiệu, en: Title}
    indicators:
      - {number: "1.1", title: {vi: Danh hiệu, en: Title}, require: {recognised_as: SET}, source: {evidence: text}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set that asks for a title, a register of it, a lineage and a dossier that says nothing."""
    (tmp_path / "rules.yaml").write_text(_RULES.replace("SET", SET), encoding="utf-8")
    (tmp_path / "r.yaml").write_text(
        f"register: 1\ncomplete: yes\ndecisions:\n  - {{place: {PLACE}, set: {SET}, dated: 2018-05-01}}\n",
        encoding="utf-8",
    )
    (tmp_path / "l.yaml").write_text(
        f"lineage: 1\nchanges:\n  - {{on: 2018-09-01, kind: merger, from: [{PLACE}, {TWO}], to: [{PLACE}]}}\n",
        encoding="utf-8",
    )
    (tmp_path / "d.yaml").write_text(f"dossier: 1\nplace: {PLACE}\nyear: 2018\n", encoding="utf-8")
    return tmp_path


def test_a_register_is_laid_under_every_dossier(run, folder: Path) -> None:
    """Without it a title is not known; with it, it is; after a merger the new place has none."""
    words = ("evaluate", "d.yaml", "--set", "rules.yaml")
    assert [
        run(*words).code,
        run(*words, "--register", "r.yaml").code,
        run(*words, "--register", "r.yaml", "--lineage", "l.yaml").code,
        run(*words, "--lineage", "l.yaml").code,
    ] == [3, 0, 1, 3]


def test_the_titles_of_predecessors_are_told(run, folder: Path) -> None:
    """The page says whose title it was, that it does not pass, and what the source is."""
    ran = run("explain", "d.yaml", "--set", "rules.yaml", "--register", "r.yaml", "--lineage", "l.yaml")
    (line,) = [line for line in ran.out.splitlines() if "không đương nhiên" in line]
    assert "xã Phú Đình (trước sắp xếp ngày 01/09/2018" in line
    assert "267/BNN-VPĐP ngày 09/01/2024" in line


def test_a_table_is_judged_with_it(run, folder: Path) -> None:
    """Every row learns its titles."""
    table = "name,district,province,year\nPhú Đình,Định Hóa,Thái Nguyên,2018\nThử Hai,Định Hóa,Thái Nguyên,2018\n"
    (folder / "t.csv").write_text(table, encoding="utf-8")
    ran = run("evaluate", "t.csv", "--set", "rules.yaml", "--register", "r.yaml", "--json")
    assert [each["verdict"] for each in json.loads(ran.out)] == ["met", "not_met"]


def test_what_is_no_register_is_refused(run, folder: Path) -> None:
    """A document of another kind is told by its kind, one with problems line by line."""
    ran = run("evaluate", "d.yaml", "--register", "l.yaml")
    assert (ran.code, "NTM208" in ran.err) == (2, True)
    (folder / "r.yaml").write_text("register: 1\ncomplete: no\n", encoding="utf-8")
    ran = run("explain", "d.yaml", "--register", "r.yaml")
    assert (ran.code, "r.yaml:1:1: NTM202" in ran.err) == (2, True)


def test_a_dossier_that_contradicts_it_is_not_judged(run, folder: Path) -> None:
    """The problem names the dossier."""
    with (folder / "d.yaml").open("a", encoding="utf-8") as file:
        file.write(f"titles: {{list: [{{set: {SET}, dated: 2017-05-01}}]}}\n")
    ran = run("evaluate", "d.yaml", "--set", "rules.yaml", "--register", "r.yaml")
    assert (ran.code, "d.yaml: NTM447" in ran.err) == (2, True)


@pytest.mark.parametrize(("file", "kind"), [("r.yaml", "danh sách quyết định"), ("l.yaml", "bảng sáp nhập")])
def test_both_are_checked(run, folder: Path, file: str, kind: str) -> None:
    """``check`` knows both kinds of document."""
    ran = run("check", file)
    assert (ran.code, kind in ran.out) == (0, True)
