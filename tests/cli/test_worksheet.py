from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import read_revision
from ntm_rules.vocabulary.overlays import RevisionAuthority

SET = "commune/standard/2016-2020"
FILLED = ["không quy định", "30", "Chuyên viên", "2026-11-20", "Công báo số 1227 + 1228"]


def fill_csv(path: Path, number: int, words: list[str]) -> None:
    """Fill in the last columns of one row."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[number - 1][-len(words) :] = words
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)


def fill(path: Path, number: int, words: list) -> None:
    """As `fill_csv`, in a workbook."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for at, word in enumerate(words, sheet.max_column - len(words) + 1):
        sheet.cell(number, at, word)
    book.save(path)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["s.csv", "s.xlsx"])
def test_there_and_back(run, tmp_path: Path, lang, name) -> None:
    """A sheet is written, filled in, and confirmed as a revision that can be read."""
    ran = run("worksheet", SET, "-o", name, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert "132" in ran.out
    (fill if name == "s.xlsx" else fill_csv)(tmp_path / name, 15, ["có", *FILLED[1:]])
    ran = run("confirm", name, "-o", "v.yaml", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    made = read_revision(tmp_path / "v.yaml")
    assert made.authority is RevisionAuthority.VERIFICATION
    (edit,) = made.edits
    assert (edit.at, edit.verified.page, edit.verified.role) == ("4/4.1", "30", "Chuyên viên")


def test_other_editions_and_other_forms(run, tmp_path: Path) -> None:
    """A sheet of an older edition is confirmed by that edition; the revision may be JSON, or printed."""
    old = "commune/standard/2010-2015@2009-04-16"
    assert run("worksheet", old, "-o", "s.csv").code == 0
    assert run("worksheet", "commune/standard/2010-2015", "--on", "2012-12-31").out in (tmp_path / "s.csv").read_text(
        encoding="utf-8-sig"
    )
    rows = ntm.worksheet(ntm.load(old))
    number = next(at for at, row in enumerate(rows, 2) if row.can_be_affirmed)
    fill_csv(tmp_path / "s.csv", number, ["có", *FILLED[1:]])
    ran = run("confirm", "s.csv")
    assert (ran.code, ran.out.splitlines()[1]) == (0, "revises: commune/standard/2010-2015")
    assert old in ran.out
    assert run("confirm", "s.csv", "-o", "v.json").code == 0
    assert json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))["authority"] == "verification"
    assert run("confirm", "s.csv", "--json").out == (tmp_path / "v.json").read_text(encoding="utf-8")


def test_the_rows_for_another_program(run, tmp_path: Path) -> None:
    """The rows as data: one object a cell, what is encoded written as a document has it."""
    rows = json.loads(run("worksheet", SET, "--json").out)
    assert len(rows) == 132
    assert {key: rows[0][key] for key in ("address", "part", "row", "cell", "grade")} == {
        "address": f"{SET}#2/2.1",
        "part": [],
        "row": [],
        "cell": {"decided_by": "province"},
        "grade": "secondary",
    }
    (left_open,) = [row for row in rows if row["address"].endswith("#6/6.1")]
    assert {left_open[key] for key in ("fact", "sign", "cell", "unit")} == {None}
    assert run("worksheet", SET, "--json", "-o", "rows.json").code == 0
    assert json.loads((tmp_path / "rows.json").read_text(encoding="utf-8")) == rows


def test_everything_that_is_wrong_is_told_and_nothing_written(run, tmp_path: Path) -> None:
    """What is wrong is told by its cell, all at once, with exit code 2; no file is made."""
    run("worksheet", SET, "-o", "s.xlsx")
    fill(tmp_path / "s.xlsx", 15, ["=1+1", 30, "", "hôm qua", "Công báo"])
    ran = run("confirm", "s.xlsx", "-o", "v.yaml", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert [line.split()[:2] for line in ran.err.splitlines()] == [
        ["s.xlsx:O15:", "NTM556"],
        ["s.xlsx:Q15:", "NTM553"],
        ["s.xlsx:R15:", "NTM205"],
    ]
    assert not (tmp_path / "v.yaml").exists()


def test_nothing_filled_in(run, tmp_path: Path) -> None:
    """A sheet in which nothing is filled in makes no revision."""
    run("worksheet", SET, "-o", "s.csv")
    ran = run("confirm", "s.csv", "-o", "v.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "s.csv" in ran.err
    assert not (tmp_path / "v.yaml").exists()


@pytest.mark.parametrize(("command", "made"), [(("worksheet", SET), "s.csv"), (("confirm", "s.csv"), "v.yaml")])
def test_nothing_is_overwritten_unasked(run, tmp_path: Path, command, made) -> None:
    """A file that is there, perhaps half filled in, stays as it is, unless ``--force`` says otherwise."""
    run("worksheet", SET, "-o", "s.csv")
    fill_csv(tmp_path / "s.csv", 15, ["có", *FILLED[1:]])
    (tmp_path / "v.yaml").write_text("mine", encoding="utf-8")
    before = (tmp_path / made).read_bytes()
    ran = run(*command, "-o", made)
    assert (ran.code, ran.out) == (2, "")
    assert "--force" in ran.err
    assert (tmp_path / made).read_bytes() == before
    assert run(*command, "-o", made, "--force").code == 0
    assert (tmp_path / made).read_bytes() != before


def test_a_set_of_ones_own(run, tmp_path: Path) -> None:
    """A sheet of a set in a file is confirmed if the file is named."""
    law = run("show", SET, "--json").out
    (tmp_path / "own.json").write_text(law.replace("2016-12-01", "2016-12-02", 1), encoding="utf-8")
    assert run("worksheet", "own.json", "-o", "s.csv").code == 0
    fill_csv(tmp_path / "s.csv", 15, ["có", *FILLED[1:]])
    assert run("confirm", "s.csv").code == 2
    assert run("confirm", "s.csv", "--set", "own.json").code == 0


def test_files_of_another_kind(run, tmp_path: Path) -> None:
    """A worksheet is a workbook or CSV; anything else is told, and what is not there too."""
    for words in (("worksheet", SET, "-o", "s.ods"), ("confirm", "s.ods")):
        ran = run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ".xlsx" in ran.err
    for name in ("s.csv", "s.xlsx"):
        assert run("confirm", name).code == 2
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without openpyxl a workbook is refused with the extra to install, and nothing is left behind."""
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    ran = run("worksheet", SET, "-o", "s.xlsx", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert 'pip install "ntm-rules[xlsx]"' in ran.err
    assert not Path("s.xlsx").exists()
