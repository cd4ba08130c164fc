"""``ntm-rules batch``: every place of a file."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import polars as pl
import pytest

from ntm_rules.cli import main
from ntm_rules.messages import LANGUAGES

SET = "commune/standard/2016-2020"
ROOT = Path(__file__).parents[2]

HEAD = "name;province;year;status;health_insurance_share;multidimensional_poverty_rate;attested:10\n"
PLACES = HEAD + (
    "Phú Đình;Thái Nguyên;2018;;98,5;13,2;chưa đạt\n"
    "Bình Yên;Thái Nguyên;2018;synthetic;84;1;đạt\n"
    "Sơn Phú;Hà Nội;2019;synthetic;90;1,5;\n"
    "Minh Họa;;2018;;;;đạt\n"
    '"=HYPERLINK(""x"")";Cà Mau;2018;;nhiều;250;\n'
)


@pytest.fixture
def places(tmp_path):
    """A table of places in the folder, three cells of which can't be read."""
    (tmp_path / "places.csv").write_text(PLACES, "utf-8")
    return "places.csv"


@pytest.fixture
def whole(tmp_path):
    """A table of places in the folder, all of which can be read."""
    (tmp_path / "whole.csv").write_text("".join(PLACES.splitlines(keepends=True)[:4]), "utf-8")
    return "whole.csv"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary(run, places, golden, lang):
    """Places by verdict, region and province, by criterion, and what was left out; synthetic ones are marked."""
    ran = run("batch", places, "-o", "out.csv", "--set", SET, "--on-error", "undetermined", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    golden(f"batch/summary.{lang}.txt", ran.out)
    golden(f"batch/problems.{lang}.csv", Path("out.csv.problems.csv").read_text("utf-8"))
    with Path("out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert [row["row"] for row in rows] == ["2", "3", "4", "6"]
    assert rows[-1]["name"] == '\'=HYPERLINK("x")'
    assert [row["status"] for row in rows] == ["real", "synthetic", "synthetic", "real"]


def test_the_summary_for_a_machine(run, whole):
    """As JSON: rows, problems, and by edition the verdicts by region and province, and by criterion and indicator."""
    ran = run("batch", whole, "-o", "out.parquet", "--json")
    found = json.loads(ran.out)
    assert found["rows"] == {"read": 3, "judged": 3, "skipped": 0}
    (edition,) = found["editions"]
    assert edition["edition"] == "commune/standard/2016-2020@2016-12-01"
    assert edition["status"] == {"real": 1, "synthetic": 2}
    assert sum(edition["verdicts"].values()) == 3
    assert [(each["region"], each["province"]) for each in edition["places"]] == [
        ("northern_midlands_and_mountains", "vn-2008/province/19"),
        ("red_river_delta", "vn-2008/province/01"),
    ]
    assert edition["rows"]["10"] == {"met": 1, "not_met": 1, "undetermined": 1, "not_applicable": 0}
    assert pl.read_parquet("out.parquet")["10"].to_list() == ["not_met", "met", "undetermined"]


def test_places_without_a_province(run, tmp_path):
    """Places of which only the region is known are counted beside those of its provinces, edition by edition."""
    rows = "A,Hà Nội,,2018\nB,,red_river_delta,2018\nC,,south_east,2018\nD,Hà Nội,,2013\n"
    (tmp_path / "a.csv").write_text("name,province,region,year\n" + rows, "utf-8")
    lines = [line.split() for line in run("batch", "a.csv", "-o", "out.csv", "--lang", "en").out.splitlines()]
    places = [line[:3] for line in lines if line and line[0] in {"All", "Red", "No", "Hà", "South-East"}]
    assert places == [
        ["All", "places", "3"],
        ["Red", "River", "Delta"],
        ["Hà", "Nội", "1"],
        ["No", "province", "1"],
        ["South-East", "1", "0"],
        ["All", "places", "1"],
        ["Red", "River", "Delta"],
        ["Hà", "Nội", "1"],
    ]


def test_the_same_verdicts_as_evaluate(run, whole):
    """A file judged as a whole gives what evaluate gives row by row."""
    run("batch", whole, "-o", "out.csv")
    run("evaluate", whole, "-o", "rows.csv")
    ours, theirs = (pl.read_csv(name, separator=";", infer_schema=False) for name in ("out.csv", "rows.csv"))
    for name in ("verdict", "met", "not_met", "undetermined", "total"):
        assert ours[name].to_list() == theirs[name].to_list()
    for number in range(1, 20):
        assert ours[str(number)].to_list() == theirs[f"criterion_{number}"].to_list()


def test_a_cell_that_cannot_be_read_stops(run, places, tmp_path):
    """Every problem with row and column, how to go on, exit code 2, and nothing is written."""
    ran = run("batch", places, "-o", "out.csv", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    lines = ran.err.splitlines()
    assert [line.split(" ")[:2] for line in lines[:-1]] == [
        ["places.csv:5:", "NTM413"],
        ["places.csv:6:5:", "NTM402"],
        ["places.csv:6:6:", "NTM406"],
    ]
    assert "--on-error skip" in lines[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["places.csv"]


def test_many_problems_are_counted(run, tmp_path):
    """No more problems are shown than can be looked at; the others are counted."""
    rows = "".join(f"A{at};Hà Nội;2018;;many;;\n" for at in range(1500))
    (tmp_path / "many.csv").write_text(HEAD + rows, "utf-8")
    ran = run("batch", "many.csv", "-o", "out.csv", "--lang", "en")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 22
    assert "1,480 more" in ran.err


def test_headings_that_are_not_understood(run, tmp_path):
    """Each is told with the nearest, and that a mapping file can name them; then it does."""
    (tmp_path / "a.csv").write_text("Đơn vị;year;health_insurance_shar;region\nA;2018;98;red_river_delta\n", "utf-8")
    ran = run("batch", "a.csv", "-o", "out.csv", "--lang", "en")
    assert ran.code == 2
    assert "--mapping" in ran.err
    assert "health_insurance_share" in ran.err
    entries = "  Đơn vị: name\n  health_insurance_shar: 15.1\n"
    (tmp_path / "map.yaml").write_text("mapping: 1\ncolumns:\n" + entries, "utf-8")
    ran = run("batch", "a.csv", "-o", "out.csv", "--mapping", "map.yaml", "--set", SET)
    assert (ran.code, pl.read_csv("out.csv", separator=";")["15/15.1"].to_list()) == (0, ["met"])
    ran = run("check", "map.yaml", "--lang", "en")
    assert (ran.code, ran.out) == (0, "map.yaml: mapping of columns, nothing wrong.\n")


def test_numbers_mean_those_of_the_standard_in_force(run, tmp_path):
    """Without a set the number of an indicator is one of the standard of communes on the day or of the year."""
    (tmp_path / "a.csv").write_text("name,region,15.1\nA,red_river_delta,98\n", "utf-8")
    for words in (("--year", "2018"), ("--on", "2018-12-31", "--year", "2018")):
        assert run("batch", "a.csv", "-o", "out.csv", *words).code == 0
        assert pl.read_csv("out.csv")["15/15.1"].to_list() == ["met"]
    ran = run("batch", "a.csv", "-o", "out.csv", "--year", "1999", "--lang", "en")
    assert (ran.code, "NTM459" in ran.err) == (2, True)
    (tmp_path / "b.csv").write_text("name,region,year,15.1\nA,red_river_delta,2018,98\n", "utf-8")
    assert "NTM459" in run("batch", "b.csv", "-o", "out.csv").err


def test_a_set_of_another_level(run, tmp_path):
    """Rows are places of the level of the set that is named."""
    (tmp_path / "a.csv").write_text("name,province,year\nĐịnh Hóa,Thái Nguyên,2018\n", "utf-8")
    ran = run("batch", "a.csv", "-o", "out.parquet", "--set", "district/standard/2016-2020")
    assert ran.code == 0
    assert pl.read_parquet("out.parquet")["edition"].to_list() == ["district/standard/2016-2020@2016-04-05"]


def test_a_scenario_is_marked(run, whole):
    """The summary of verdicts under a scenario says that it is hypothetical."""
    scenario = str(ROOT / "examples" / "scenario" / "raise-clean-water.yaml")
    ran = run("batch", whole, "-o", "out.parquet", "--set", SET, "--with", scenario, "--lang", "en")
    assert "HYPOTHETICAL" in ran.out
    assert pl.read_parquet("out.parquet")["hypothetical"].all()


def test_codes_reasons_and_pieces(run, whole):
    """Options reach the judge: numbers, reasons, and how much at a time."""
    ran = run("batch", whole, "-o", "out.tsv", "--codes", "--reasons", "--chunk", "1")
    assert ran.code == 0
    found = pl.read_csv("out.tsv", separator="\t")
    assert found["10"].to_list() == [0, 2, 1]
    assert "reason:10/10" in found.columns


def test_illustrations_and_numbers_that_are_none_are_told(run, tmp_path):
    """Illustrations are counted as such, and so are cells that hold NaN."""
    frame = {"name": ["A"], "region": ["red_river_delta"], "status": ["illustration"], "health_insurance_share": [1.5]}
    table = pl.DataFrame(frame).with_columns(health_insurance_share=float("nan"))
    table.write_parquet(tmp_path / "a.parquet")
    ran = run("batch", "a.parquet", "--year", "2018", "-o", "out.parquet", "--lang", "en")
    assert "illustrations, no real data: 1." in ran.out
    assert "(NaN) and count as missing: 1." in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("places.csv",), "-o verdicts.parquet"),
        (("places.csv", "-o", "out.xlsx"), ".parquet, .csv, .tsv"),
        (("places.yaml", "-o", "out.csv"), "places.yaml is no file of places"),
        (("places.csv", "-o", "./places.csv"), "would overwrite"),
        (("places.csv", "-o", "out.csv", "--on-error", "guess"), "stop, skip, undetermined"),
        (("places.csv", "-o", "out.csv", "--chunk", "0"), "whole number from 1"),
        (("absent.csv", "-o", "out.csv"), "NTM101"),
        (("places.csv", "-o", "out.csv", "--mapping", "absent.yaml"), "NTM101"),
        (("places.csv", "-o", "out.csv", "--set", "commune/none"), "commune/none"),
        (("places.csv", "-o", "absent/out.csv", "--on-error", "skip"), "absent/out.csv"),
    ],
)
def test_wrong_command_lines(run, places, tmp_path, words, said):
    """What does not go together is told, with exit code 2 and nothing written."""
    ran = run("batch", *words, "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert [path.name for path in tmp_path.iterdir()] == [places]


def test_another_document_is_no_mapping(run, places, dossier):
    """A dossier in the place of a mapping is told as such."""
    ran = run("batch", places, "-o", "out.csv", "--mapping", dossier, "--lang", "en")
    assert (ran.code, "NTM208" in ran.err) == (2, True)


def test_a_bar_where_someone_looks(run, whole, monkeypatch, capsys):
    """On a terminal the standard error shows a bar with rate while it runs; nothing where there is no such stream."""
    shown = []

    def update(*_, **fields):
        shown.append(fields)

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("rich.progress.Progress.update", update)
    assert main(["batch", whole, "-o", "out.csv", "--lang", "en"]) == 0
    assert shown[-1]["completed"] == shown[-1]["total"] > 0
    assert "places/s" in shown[-1]["rate"]
    assert "Rows read: 3" in capsys.readouterr().out
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["batch", whole, "-o", "out.csv"]) == 0
