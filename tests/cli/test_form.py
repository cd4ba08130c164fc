from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import ntm_rules as ntm
from forms import C, cell_of, fill

SET = "commune/standard/2016-2020"
PLACE = ("--place", "Phú Đình", "--district", "Định Hóa", "--province", "Thái Nguyên", "--year", "2018")
POVERTY = "figure:multidimensional_poverty_rate"


@pytest.mark.parametrize("name", ["mau.xlsx", "mau.csv"])
def test_a_form_is_a_dossier(run, tmp_path: Path, name) -> None:
    """A form is written, filled in, and taken as a dossier by every command that takes one, alone or in a folder."""
    ran = run("form", SET, "-o", name, *PLACE)
    assert (ran.code, ran.err) == (0, "")
    assert name in ran.out
    assert run("evaluate", name).code == 3
    fill(tmp_path / name, {POVERTY: {C.VALUE: 13.2 if name.endswith("x") else "13,2"}})
    assert run("check", name).code == 0
    assert run("evaluate", name).code == 1
    assert "13,2 %" in run("explain", name, "11").out
    assert "Phú Đình" in run("report", name).out
    assert "13,2 %" in run("plan", name).out
    assert run("since", name, name).code == 0
    (tmp_path / f"~${name}").write_bytes(b"")
    ran = run("evaluate", ".", "--lang", "en", "--json")
    assert (ran.code, [each["place"]["name"] for each in json.loads(ran.out)]) == (1, ["Phú Đình"])


def test_a_form_on_the_screen(run) -> None:
    """Without a file the form is printed as CSV; in English where that was asked for."""
    ran = run("form", SET, "--lang", "en", "--place", "=1+1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1].startswith("place.name,Name of the place,Name of the place,'=1+1,Required.")


def test_the_rows_for_another_program(run, tmp_path: Path) -> None:
    """The rows as data: what stands in each, and what may be filled in."""
    rows = json.loads(run("form", SET, "--json", "--lang", "en").out)
    (row,) = [row for row in rows if row["texts"].get("key") == POVERTY]
    assert (row["table"], row["texts"]["address"], row["texts"]["unit"]) == ("rows", "attested:11/11", "%")
    assert (row["fields"]["value"]["kind"], row["fields"]["value"]["least"], row["fields"]["value"]["most"]) == (
        *("number", "0", "100"),
    )
    assert row["fields"]["verdict"]["choices"] == ["met", "not met", "not applicable"]
    assert row["fields"]["verdict"]["least"] is None
    assert run("form", SET, "--json", "-o", "rows.json").code == 0
    assert len(json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))) == len(rows)


def test_the_edition_of_the_year(run) -> None:
    """The year picks the edition in force at its end."""
    old = run("form", "commune/standard/2010-2015", "--year", "2011").out
    assert old != run("form", "commune/standard/2010-2015", "--year", "2015").out
    assert "year,Năm của số liệu,Năm của số liệu,2011," in old


def test_a_form_under_a_decision(run, tmp_path: Path) -> None:
    """A decision laid over the set is told in the form, and judged under when it is read, wherever that is done."""
    decision = Path(__file__).parents[2] / "examples" / "scenario" / "raise-clean-water.yaml"
    (tmp_path / "decision.yaml").write_bytes(decision.read_bytes())
    (tmp_path / "forms").mkdir()
    ran = run("form", SET, "--with", "decision.yaml", *PLACE, "-o", "forms/mau.csv")
    assert (ran.code, ran.err) == (0, "")
    dossier = ntm.read_dossier(tmp_path / "forms" / "mau.csv")
    assert [Path(each).resolve() for each in dossier.overlays] == [tmp_path / "decision.yaml"]
    assert run("evaluate", "forms/mau.csv", "--json").out.count('"hypothetical": true') == 1
    assert "overlays" in run("form", SET, "--with", "decision.yaml").out


def test_a_district_lists_forms_of_its_communes(run, tmp_path: Path) -> None:
    """The dossier of a district may name a commune's form, and what is wrong with it is told by its cell."""
    run("form", SET, "-o", "mau.csv", *PLACE)
    (tmp_path / "huyen.yaml").write_text(
        "dossier: 1\nplace: {level: district, name: Định Hóa, province: Thái Nguyên}\nyear: 2018\n"
        "set: district/standard/2016-2020\nsub_places: {list: [mau.csv]}\n",
        encoding="utf-8",
    )
    assert run("evaluate", "huyen.yaml").code == 3
    (beneath,) = ntm.read_dossier(tmp_path / "huyen.yaml").sub_places.dossiers
    assert beneath.place.name == "Phú Đình"
    fill(tmp_path / "mau.csv", {POVERTY: {C.VALUE: "nhiều"}})
    ran = run("evaluate", "huyen.yaml")
    assert (ran.code, f"mau.csv:{cell_of(tmp_path / 'mau.csv', POVERTY, C.VALUE)}: NTM402" in ran.err) == (2, True)


def test_as_a_spreadsheet_of_vietnam_saves_it(run, tmp_path: Path) -> None:
    """A CSV form with semicolons and decimal commas is read as well."""
    run("form", SET, "-o", "mau.csv", *PLACE)
    fill(tmp_path / "mau.csv", {POVERTY: {C.VALUE: "13,2"}})
    with (tmp_path / "mau.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    with (tmp_path / "mau.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    assert "13,2 %" in run("explain", "mau.csv", "11").out


def test_everything_wrong_is_told_by_cell(run, tmp_path: Path) -> None:
    """A form that can't be used ends with code 2 and the sheet and cell of each problem."""
    run("form", SET, "-o", "mau.xlsx", *PLACE)
    fill(tmp_path / "mau.xlsx", {POVERTY: {C.VALUE: 0.95}, "attested:9": {C.BY: "UBND"}})
    ran = run("evaluate", "mau.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert [line.partition(": ")[0] for line in ran.err.splitlines()] == [
        "mau.xlsx:'Chỉ tiêu'!M31",
        "mau.xlsx:'Chỉ tiêu'!H37",
    ]
    assert "NTM408" in ran.err
    found = json.loads(run("check", "mau.xlsx", "--json").out)
    assert [problem["path"] for problem in found] == ["'Chỉ tiêu'!M31", "'Chỉ tiêu'!H37"]


def test_what_can_not_be_written(run, tmp_path: Path) -> None:
    """A file of another kind, one that is there, a province or set that there is not: code 2, nothing written."""
    assert run("form", SET, "-o", "mau.pdf").code == 2
    (tmp_path / "mau.csv").write_text("mine", encoding="utf-8")
    assert run("form", SET, "-o", "mau.csv").code == 2
    assert (tmp_path / "mau.csv").read_text(encoding="utf-8") == "mine"
    assert run("form", SET, "-o", "mau.csv", "--force").code == 0
    ran = run("form", SET, "-o", "neu.csv", "--province", "Thái Bìn")
    assert (ran.code, "Thái Bình" in ran.err, (tmp_path / "neu.csv").exists()) == (2, True, False)
    assert run("form", "commune/standard/2016-2021", "-o", "neu.csv").code == 2
