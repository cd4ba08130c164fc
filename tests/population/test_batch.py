"""A file of places judged piece by piece."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import attrs
import openpyxl
import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules.cli.judging import Wanted, judge_table
from ntm_rules.errors import DossierError, ProblemCode
from ntm_rules.language import parse_mapping, read_text
from ntm_rules.language.mapping import ColumnMapping
from ntm_rules.population.batch import Asked, judge_file
from ntm_rules.population.edge import OnError
from ntm_rules.population.program import VERDICTS
from ntm_rules.population.results import PROBLEMS
from ntm_rules.population.situations import Trees
from ntm_rules.rulebook import shelf
from ntm_rules.vocabulary.assessments import Assessment

SET = "commune/standard/2016-2020"

#: As a Vietnamese spreadsheet writes it: a mark, semicolons, decimal commas, titles, capitals.
SPREADSHEET = (
    "\ufeffTên xã;TỈNH;Năm;Multidimensional_Poverty_RATE;Tỷ lệ người dân tham gia bảo hiểm y tế;attested:10\r\n"
    "Phú Đình;Thái Nguyên;2018;13,2;98;chưa đạt\r\n"
    "\r\n"
    "Bình Yên;thai nguyen;2018;11,5 %;;đạt\r\n"
    '"Sơn; Phú";Hà Nội;2019;1,25;100;\r\n'
)


def asked(wanted=None, **changes):
    """As the command line asks it."""
    wanted = wanted or Wanted()
    return attrs.evolve(Asked(wanted.rules_for, wanted.shelf, fixed=wanted.says), **changes)


def mapping(text):
    """A mapping of columns from YAML."""
    return parse_mapping(read_text("mapping: 1\ncolumns:\n" + text))


@pytest.fixture
def judge(tmp_path):
    """Judge a text as a CSV file, or a frame as Parquet; gives the result, the verdicts and the problems."""

    def run(content, *, out="out.parquet", name="places.csv", **changes):
        path = tmp_path / name
        if isinstance(content, pl.DataFrame):
            path = path.with_suffix(".parquet")
            content.write_parquet(path)
        elif isinstance(content, str):
            path.write_bytes(content.encode())
        result = judge_file(path, tmp_path / out, asked(**changes))
        read = pl.read_parquet if out.endswith(".parquet") else pl.read_csv
        listed = (tmp_path / (out + PROBLEMS)).read_text("utf-8-sig").splitlines()
        problems = list(csv.DictReader(listed, delimiter=listed[0].removeprefix("dòng")[0]))
        return result, read(tmp_path / out), problems

    return run


def by_evaluate(path, wanted=None, year=None):
    """The verdicts of the single evaluator by row and column, and the rows that it can't use."""
    verdicts, unusable = {}, set()
    for judged in judge_table(str(path), wanted or Wanted(), year):
        row = int(judged.source.rpartition(":")[2])
        if not isinstance(judged.outcome, Assessment):
            unusable.add(row)
            continue
        result = judged.outcome
        rows = {"verdict": result.verdict, "edition": result.rules.edition, "met": result.tally.met}
        rows |= {each.address: each.verdict for each in (*result.criteria, *result.indicators)}
        verdicts[row] = {key: getattr(value, "value", value) for key, value in rows.items()}
    return verdicts, unusable


def same(frame, verdicts):
    """Compare the verdicts of a result with those of the single evaluator."""
    assert frame["row"].to_list() == sorted(verdicts)
    for record in frame.iter_rows(named=True):
        wanted = verdicts[record["row"]]
        assert {key: record[key] for key in wanted} == wanted, record["row"]


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_a_spreadsheet_is_judged_as_evaluate_judges_it(judge, tmp_path, chunk):
    """A table with a mark, semicolons, decimal commas, empty lines, titles gives evaluate's verdicts, however cut."""
    result, frame, problems = judge(SPREADSHEET, chunk=chunk)
    same(frame, by_evaluate(tmp_path / "places.csv")[0])
    assert (result.read, result.judged, result.skipped, problems) == (3, 3, 0, [])
    assert frame["row"].to_list() == [2, 4, 5]
    assert frame["name"].to_list() == ["Phú Đình", "Bình Yên", "Sơn; Phú"]
    assert frame["region"].to_list()[2] == "red_river_delta"
    assert frame["verdict"].dtype == pl.Enum([each.value for each in VERDICTS])


@pytest.mark.parametrize("chunk", [1, 100])
def test_two_sets_in_one_file(judge, tmp_path, chunk):
    """Rows of different sets, days and years are judged by the edition that each names, else by that in force."""
    table = (
        "name,province,year,set,on,health_insurance_share,multidimensional_poverty_rate\n"
        "A,Thái Nguyên,2018,commune/standard/2016-2020,,90,5\n"
        "B,Thái Nguyên,2013,commune/standard/2010-2015,2013-06-30,20,\n"
        "C,Thái Nguyên,2023,,,80,30\n"
        "D,Thái Nguyên,2018,,,80,3\n"
    )
    result, frame, _ = judge(table, chunk=chunk)
    same(frame, by_evaluate(tmp_path / "places.csv")[0])
    assert frame["edition"].to_list() == [
        "commune/standard/2016-2020@2016-12-01",
        "commune/standard/2010-2015@2013-02-20",
        "commune/standard/2021-2025@2022-03-08",
        "commune/standard/2016-2020@2016-12-01",
    ]
    # What only another set asks is empty.
    assert frame["18/18.6"].to_list()[1] is None
    assert sum(each.verdicts.total() for each in result.editions) == result.judged == 4


def test_axes_that_ask_for_facts(judge, tmp_path):
    """Facts by which a set tells places apart are found out by the sets that judge, and then tell places apart."""
    name = "commune/standard/2026-2030"
    (fact,) = Trees((ntm.load(name),)).facts
    rows = "".join(f"{at},Sơn La,2027,{value}\n" for at, value in enumerate(["20", "60", "", "35.5"]))
    wanted = Wanted(name)
    _, frame, _ = judge(f"name,province,year,{fact}\n" + rows, wanted=wanted, chunk=2)
    same(frame, by_evaluate(tmp_path / "places.csv", wanted)[0])


def test_kinds_of_places_are_not_kept_without_end(judge, tmp_path, monkeypatch):
    """A file of ever new kinds of places is judged alike when none is kept in mind."""
    monkeypatch.setattr("ntm_rules.population.batch._MOST_KNOWN", 0)
    _, frame, _ = judge(SPREADSHEET, chunk=1)
    same(frame, by_evaluate(tmp_path / "places.csv")[0])


def test_parquet_with_types(judge, tmp_path):
    """Numbers, decimals, yes/no, categories and days of Parquet are read as what they are; rows count from 1."""
    frame = pl.DataFrame(
        {
            "name": ["A", "B", "C"],
            "province": pl.Series(["Thái Nguyên", "Hà Nội", "Hà Nội"], dtype=pl.Categorical),
            "year": pl.Series([2018, 2019, 2020], dtype=pl.UInt64),
            "on": pl.Series(["2018-12-31", None, None]).str.to_date(),
            "multidimensional_poverty_rate": pl.Series(["13.20", "1.5", None]).cast(pl.Decimal(10, 2)),
            "health_insurance_share": [98.5, float("nan"), 70.0],
            "income_per_person": [20, 60, None],
            "has_all_political_organisations": [True, False, None],
            "skipped_note": [["x"], [], None],
        }
    ).drop("skipped_note")
    result, got, _ = judge(frame)
    table = frame.with_columns(pl.col("has_all_political_organisations").replace_strict({True: "yes", False: "no"}))
    table.with_columns(pl.col("health_insurance_share").fill_nan(None)).write_csv(tmp_path / "same.csv")
    verdicts, _ = by_evaluate(tmp_path / "same.csv")
    same(got, {row - 1: each for row, each in verdicts.items()})
    assert result.nan == 1


def test_a_column_that_holds_no_cells_is_refused(judge):
    """Lists, structures and bytes are named at once."""
    frame = pl.DataFrame({"name": ["A"], "year": [2018], "a": [["x"]], "b": [{"c": 1}], "d": [b"x"]})
    with pytest.raises(DossierError) as caught:
        judge(frame)
    assert [(each.code, each.where.path) for each in caught.value.problems] == [
        (ProblemCode.WRONG_TYPE, heading) for heading in "abd"
    ]


def test_a_workbook(judge, tmp_path):
    """The first sheet of a workbook: numbers by their digits, percentages as shown, formulas are no figures."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Tên xã", "Tỉnh", "Năm", "multidimensional_poverty_rate", "health_insurance_share"])
    sheet.append(["A", "Thái Nguyên", 2018, 13.2, 0.98])
    sheet.append(["B", "Thái Nguyên", 2018, "=1+1", 0.5])
    for row in (2, 3):
        sheet.cell(row, 5).number_format = "0%"
    book.create_sheet("other").append(["nothing"])
    book.save(tmp_path / "places.xlsx")
    result, frame, problems = judge(None, name="places.xlsx", on_error=OnError.UNDETERMINED)
    assert frame["11/11"].to_list() == ["not_met", "undetermined"]
    assert frame["15/15.1"].to_list() == ["met", "not_met"]
    assert [(each["dòng"], each["cột"], each["mã"]) for each in problems] == [
        ("3", "multidimensional_poverty_rate", "NTM556")
    ]
    result, frame, _ = judge(None, name="places.xlsx", on_error=OnError.SKIP)
    assert (frame["row"].to_list(), result.skipped) == ([2], 1)
    _, frame, _ = judge(None, name="places.xlsx", on_error=OnError.SKIP, chunk=1)
    assert frame["row"].to_list() == [2]


def test_files_that_are_none(judge, tmp_path):
    """What is absent, empty, broken, merged or no UTF-8 is a problem of the file, with its line where it has one."""
    book = openpyxl.Workbook()
    book.save(tmp_path / "empty.xlsx")
    book.worksheets[0].append(["name", "year"])
    book.worksheets[0].merge_cells("A1:B1")
    book.save(tmp_path / "merged.xlsx")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    (tmp_path / "empty.csv").write_bytes(b"\n\n")
    (tmp_path / "latin.csv").write_bytes("name,year\nA,2018\nX\u00e3,2018\n".encode("latin-1"))
    (tmp_path / "cut.csv").write_bytes("name,year\nA,2018\nX\u00e3".encode()[:-1])
    (tmp_path / "quote.csv").write_bytes(b'name,year\n"A,2018\n')
    found = {}
    for name in (
        "absent.csv",
        "empty.xlsx",
        "merged.xlsx",
        "broken.parquet",
        "empty.csv",
        "latin.csv",
        "cut.csv",
        "quote.csv",
    ):
        with pytest.raises(ntm.DocumentError) as caught:
            judge(None, name=name)
        (problem,) = caught.value.problems
        found[name] = problem.code.slug, problem.where.line
        assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith((".", "out"))) == []
    assert found == {
        "absent.csv": ("unreadable", None),
        "empty.xlsx": ("empty", None),
        "merged.xlsx": ("merged_cells", 1),
        "broken.parquet": ("syntax", None),
        "empty.csv": ("empty", None),
        "latin.csv": ("not_utf8", 3),
        "cut.csv": ("not_utf8", 3),
        "quote.csv": ("syntax", 2),
    }


def test_a_file_that_breaks_off_in_the_middle(judge, tmp_path):
    """Parquet whose headings can be read and whose rows can't is a problem of the file; no part of a result stays."""
    table = pl.DataFrame({"name": [f"A{at}" for at in range(5000)], "year": [2018] * 5000})
    table.write_parquet(tmp_path / "places.parquet", compression="zstd")
    data = bytearray((tmp_path / "places.parquet").read_bytes())
    data[100:2000] = bytes(1900)
    (tmp_path / "places.parquet").write_bytes(bytes(data))
    with pytest.raises(DossierError) as caught:
        judge(None, name="places.parquet")
    assert [each.code for each in caught.value.problems] == [ProblemCode.SYNTAX]
    assert [path.name for path in tmp_path.iterdir()] == ["places.parquet"]


def test_a_file_without_rows(judge):
    """Headings alone give a table without rows."""
    for content in ("name,year\n", "name,year", pl.DataFrame(schema={"name": pl.String, "year": pl.Int64})):
        result, frame, _ = judge(content)
        assert (result.read, len(frame), frame.columns[0]) == (0, 0, "row")


def test_names_that_look_like_patterns(judge, tmp_path):
    """Stars, brackets and equals signs in the names of files and folders stand for themselves."""
    folder = tmp_path / "a=1[x]"
    folder.mkdir()
    table = pl.DataFrame({"name": ["A"], "year": [2018], "region": ["red_river_delta"]})
    table.write_parquet(tmp_path / "p.parquet")
    (tmp_path / "p.parquet").rename(folder / "p*[1].parquet")
    (folder / "p1.parquet").write_bytes(b"not this one")
    judge_file(folder / "p*[1].parquet", folder / "out*[1].parquet", asked())
    with (folder / "out*[1].parquet").open("rb") as stream:
        assert pl.read_parquet(stream)["name"].to_list() == ["A"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "rows",
    [
        "A,Hà Nội,2018,98\nB, Cà Mau ,2018,\nC,Hà Nội,2018,70",
        "A,Hà Nội,2018\n , ,,\n,,,\nB,Cà Mau,2018,98\n",
        "A,Hà Nội,2018,98\n\nB,Cà Mau,2018,98,,\nC,Cà Mau,2018,9,8\n",
        'A,Hà Nội,2018,98\n"B\n""x""",Cà Mau,2018,98\nC 5" z,Cà Mau,2018,98\n',
    ],
)
def test_rows_are_read_as_python_reads_them(judge, tmp_path, monkeypatch, rows, end):
    """Blocks that Polars reads, and those that it can't, give the rows that the single evaluator sees."""
    monkeypatch.setattr("ntm_rules.population.files._BLOCK", 25)
    monkeypatch.setattr("ntm_rules.population.files._ROWS", 1)
    content = ("name,province,year,health_insurance_share\n" + rows).replace("\n", end)
    _, frame, _ = judge(content, on_error=OnError.SKIP, chunk=2)
    same(frame, by_evaluate(tmp_path / "places.csv")[0])


def test_a_row_that_is_too_long_in_the_middle(judge, monkeypatch):
    """From the first block on that Polars can't read as Python does, Python reads; rows keep their numbers."""
    monkeypatch.setattr("ntm_rules.population.files._BLOCK", 60)
    rows = [f"A{at},Hà Nội,2018,98" for at in range(20)]
    rows[9] += ",5"
    content = "name,province,year,health_insurance_share\n" + "\n".join(rows)
    result, frame, problems = judge(content, on_error=OnError.SKIP, chunk=3)
    assert frame["row"].to_list() == [at for at in range(2, 22) if at != 11]
    assert frame["name"].to_list() == [f"A{at - 2}" for at in frame["row"]]
    assert [(each["dòng"], each["mã"]) for each in problems] == [("11", "NTM453")]
    assert (result.read, result.skipped) == (20, 1)


# --- headings ---------------------------------------------------------------------------------------------------


def test_a_mapping_names_headings(judge):
    """A mapping says what a heading means, in any capitalisation, or that a column is to be ignored."""
    table = "Đơn vị,Năm,BHYT,Ghi chú nội bộ,17.1x,11\nA,2018,98,=1,y,1.5\n"
    said = mapping(
        "  đơn vị: name\n  BHYT: Tỷ lệ người dân tham gia bảo hiểm y tế\n  ghi chu noi bo: ignore\n  17.1x: ignore\n"
    )
    rules = ntm.load(SET)
    _, frame, _ = judge(table, mapping=said, defaults={"region": "red_river_delta"}, rules=lambda: rules)
    assert frame["15/15.1"].to_list() == ["met"]
    assert frame["11/11"].to_list() == ["met"]
    assert frame["name"].to_list() == ["A"]


def test_everything_wrong_with_headings_is_told_at_once(judge):
    """Unknown headings and meanings, with the nearest; two columns of one meaning; numbers that mean no one fact."""
    table = "Tên,Năm,BHYT,17.1,health_insurance_share,99.9,multidimensional_povrty_rate\n"
    said = mapping("  bhit: ignore\n  BHYT: health insurance shar\n  Tên: name\n  ten: district\n  Năm: '2.99'\n")
    rules = ntm.load(SET)
    with pytest.raises(DossierError) as caught:
        judge(table, mapping=said, rules=lambda: rules)
    problems = {each.code.slug: each for each in caught.value.problems}
    assert sorted(each.code.slug for each in caught.value.problems) == [
        "duplicate_key",
        "missing_column",
        "missing_column",
        "not_one_fact",
        "unknown_address",
        "unknown_address",
        "unknown_column",
        "unknown_heading",
        "unknown_meaning",
    ]
    assert dict(problems["unknown_heading"].params)["nearest"] == "BHYT"
    assert dict(problems["unknown_meaning"].params)["nearest"] == "health_insurance_share"
    assert (problems["unknown_meaning"].where.line, problems["unknown_meaning"].where.column) == (4, 9)
    assert "hygienic_water_share" in dict(problems["not_one_fact"].params)["facts"]
    assert dict(problems["unknown_column"].params)["nearest"] == "multidimensional_poverty_rate"
    with pytest.raises(DossierError) as caught:
        judge(
            "name,year,a,b\n",
            mapping=mapping("  a: health_insurance_share\n  b: Tỷ lệ người dân tham gia bảo hiểm y tế\n"),
        )
    assert [each.code for each in caught.value.problems] == [ProblemCode.DUPLICATE_COLUMN]


def test_numbers_need_a_set(judge):
    """A heading that looks like an indicator's number means nothing where no set is known."""
    with pytest.raises(DossierError) as caught:
        judge("name,year,15/15.1\n")
    assert [each.code for each in caught.value.problems] == [ProblemCode.NUMBER_OF_NO_SET]


def test_a_criterion_with_one_fact_may_be_named(judge):
    """The number of a criterion stands for the fact of its one indicator."""
    rules = ntm.load(SET)
    _, frame, _ = judge("name,year,region,15/15.1,11\nA,2018,red_river_delta,98,1.5\n", rules=lambda: rules)
    assert frame.select("15/15.1", "11").row(0) == ("met", "met")


# --- cells that can't be read -------------------------------------------------------------------------------------

FAULTY = (
    "name,province,year,health_insurance_share,multidimensional_poverty_rate,attested:10,attested:99\n"
    "A,Thái Nguyên,2018,98,13.2,met,\n"
    "B,Thái Nguyên,2018,many,250,met,\n"
    "C,Atlantis,2018,98,13.2,met,\n"
    "D,Thái Nguyên,2018,98,13,2,met,,x\n"
    "E,Thái Nguyên,2018,98,13.2,perhaps,met\n"
    "F,Thái Nguyên,1999,98,13.2,met,\n"
    "G,Thái Nguyên,2018,98\n"
)


@pytest.mark.parametrize("chunk", [2, 100])
def test_cells_that_cannot_be_read_are_listed(judge, tmp_path, chunk):
    """Every cell is listed by row and column; what evaluate can't use at all is left out."""
    result, frame, problems = judge(FAULTY, on_error=OnError.SKIP, chunk=chunk)
    verdicts, unusable = by_evaluate(tmp_path / "places.csv")
    same(frame, verdicts)
    assert unusable == {3, 4, 5, 6, 7}
    assert (result.read, result.judged, result.skipped) == (7, 2, 5)
    assert [(each["dòng"], each["cột"], each["mã"]) for each in problems] == [
        ("3", "health_insurance_share", "NTM402"),
        ("3", "multidimensional_poverty_rate", "NTM406"),
        ("4", "province", "NTM410"),
        ("5", "", "NTM453"),
        ("6", "attested:10", "NTM204"),
        ("6", "attested:99", "NTM415"),
        ("7", "", "NTM455"),
    ]
    assert result.problems == 7


def test_cells_that_cannot_be_read_count_as_missing(judge):
    """Only rows whose place or set can't be told are left out; the others are judged without those cells."""
    result, frame, problems = judge(FAULTY, on_error=OnError.UNDETERMINED)
    assert frame["row"].to_list() == [2, 3, 8]
    assert frame["15/15.1"].to_list() == ["met", "undetermined", "met"]
    assert frame["11/11"].to_list() == ["not_met", "undetermined", "undetermined"]
    assert len(problems) == 7
    assert result.skipped == 4


def test_stop_writes_nothing(judge, tmp_path):
    """On stop every problem is counted, what stood there still stands, and nothing else is left."""
    (tmp_path / "out.parquet").write_bytes(b"before")
    (tmp_path / "places.csv").write_text(FAULTY, "utf-8")
    result = judge_file(tmp_path / "places.csv", tmp_path / "out.parquet", asked(chunk=2))
    assert (result.written, result.judged, result.problems, len(result.first)) == (False, 0, 7, 7)
    assert (tmp_path / "out.parquet").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.parquet", "places.csv"]


def test_an_interruption_leaves_nothing(tmp_path):
    """Whoever interrupts finds what stood there before, and no part of a result."""
    (tmp_path / "places.csv").write_text(SPREADSHEET, "utf-8")

    def interrupt(done, total, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge_file(tmp_path / "places.csv", tmp_path / "out.csv", asked(), interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["places.csv"]


def test_a_result_that_cannot_be_written(tmp_path):
    """A folder that is absent, or a folder of that name, is an error of the system that names the result."""
    (tmp_path / "places.csv").write_text(SPREADSHEET, "utf-8")
    (tmp_path / "folder.csv").mkdir()
    for output in (tmp_path / "absent" / "out.csv", tmp_path / "folder.csv"):
        with pytest.raises(OSError, match=r"\S") as caught:
            judge_file(tmp_path / "places.csv", output, asked())
        assert caught.value.filename == str(output)


def test_what_polars_cannot_write_is_an_error_of_the_system(tmp_path, monkeypatch):
    """Where putting the result together fails, the error names the result, and nothing is left."""

    def fail(*_, **__):
        raise pl.exceptions.ComputeError("no space")

    monkeypatch.setattr(pl.LazyFrame, "sink_csv", fail)
    (tmp_path / "places.csv").write_text(SPREADSHEET, "utf-8")
    with pytest.raises(OSError, match="no space") as caught:
        judge_file(tmp_path / "places.csv", tmp_path / "out.csv", asked())
    assert caught.value.filename == str(tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["places.csv"]


# --- shares that look like fractions --------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [2, 100])
@pytest.mark.parametrize(
    "values", [["0.5", "0.95", "1", "0"], ["0.5", "0.95", "1", "40"], ["0,5 %", "0,25 %", "1", "0"]]
)
def test_shares_are_told_by_the_whole_file(judge, tmp_path, values, chunk):
    """Whether 0.95 is 95 % is asked of the whole column, not of the piece that is judged."""
    rows = "".join(f"{at};2018;red_river_delta;{value}\n" for at, value in enumerate(values))
    result, frame, _ = judge("name;year;region;health_insurance_share\n" + rows, chunk=chunk, on_error=OnError.SKIP)
    verdicts, unusable = by_evaluate(tmp_path / "places.csv")
    same(frame, verdicts)
    assert result.skipped == len(unusable)


def test_numbers_of_parquet_that_look_like_shares(judge):
    """Floats between 0 and 1 in a column of percentages are refused, but zero is zero; whole numbers are not."""
    table = {"name": ["A", "B"], "year": [2018] * 2, "region": ["red_river_delta"] * 2}
    result, _, _ = judge(pl.DataFrame(table | {"health_insurance_share": [0.95, 0.0]}), on_error=OnError.SKIP)
    assert result.skipped == 1
    result, _, _ = judge(pl.DataFrame(table | {"health_insurance_share": [1, 0]}), on_error=OnError.SKIP)
    assert result.skipped == 0


# --- what comes out ------------------------------------------------------------------------------------------------

HOSTILE = (
    "name,district,year,region,status\n"
    '"=HYPERLINK(""http://x"")",<script>alert(1)</script>,2018,red_river_delta,synthetic\n'
    "+1,@x\u202e,2018,red_river_delta,\n"
)


def test_hostile_names_stay_text(judge, tmp_path):
    """In CSV no cell of the input becomes a formula or steers a terminal, as with evaluate; Parquet keeps them."""
    _, frame, _ = judge(HOSTILE, out="out.csv")
    assert frame["name"].to_list() == ['\'=HYPERLINK("http://x")', "'+1"]
    assert frame["district"].to_list() == ["<script>alert(1)</script>", "'@x\N{REPLACEMENT CHARACTER}"]
    assert frame["status"].to_list() == ["synthetic", "real"]
    _, frame, _ = judge(HOSTILE)
    assert frame["name"].to_list()[0] == '=HYPERLINK("http://x")'
    _, _, problems = judge("=A1,name,year\n".replace("=A1", "attested:10") + "=CMD(),A,2018\n", on_error=OnError.SKIP)
    assert not problems[0]["lỗi"].startswith("=")


def test_a_csv_result_is_written_as_the_input_was(judge, tmp_path):
    """Delimiter and mark are those of the input; .tsv has tabs."""
    judge_file_ = tmp_path / "places.csv"
    judge_file_.write_bytes(SPREADSHEET.encode())
    for name, delimiter in (("out.csv", ";"), ("out.tsv", "\t")):
        judge_file(judge_file_, tmp_path / name, asked())
        written = (tmp_path / name).read_bytes().decode()
        assert written.startswith(f"\ufeffrow{delimiter}name{delimiter}province")
    assert (tmp_path / ("out.csv" + PROBLEMS)).read_bytes().decode().startswith("\ufeffdòng;cột;mã;lỗi")


def test_codes_and_reasons(judge):
    """Verdicts as numbers by their place in VERDICTS; reasons as words, null where there is none."""
    table = "name,region,year,multidimensional_poverty_rate\nA,red_river_delta,2018,1.5\nB,red_river_delta,2018,\n"
    _, words, _ = judge(table, reasons=True)
    _, codes, _ = judge(table, reasons=True, codes=True)
    assert words["reason:11/11"].to_list()[1] == "missing_fact"
    assert codes["11/11"].to_list() == [2, 1]
    assert [VERDICTS[code].value for code in codes["verdict"]] == words["verdict"].to_list()
    assert codes["reason:11/11"].dtype == pl.Int16


def test_a_revision_marks_the_result(judge, tmp_path):
    """Verdicts under a scenario say that they are hypothetical, row by row."""
    scenario = Path(__file__).parents[2] / "examples" / "scenario" / "raise-clean-water.yaml"
    wanted = Wanted(SET, revisions=(os.fspath(scenario),))
    result, frame, _ = judge(SPREADSHEET, wanted=wanted)
    assert frame["hypothetical"].to_list() == [True] * 3
    assert result.editions[0].rules.hypothetical
    same(frame, by_evaluate(tmp_path / "places.csv", wanted)[0])


def test_a_decision_of_a_province_judges_no_other(judge, tmp_path):
    """Rows of another province than the decision that is laid over the set are left out, each with its problem."""
    decision = Path(__file__).parents[2] / "examples" / "provincial"
    files = sorted(each for each in decision.glob("*.yaml") if "revision:" in each.read_text("utf-8"))
    wanted = Wanted(SET, revisions=(os.fspath(files[0]),))
    result, frame, problems = judge(SPREADSHEET, wanted=wanted, on_error=OnError.SKIP)
    verdicts, unusable = by_evaluate(tmp_path / "places.csv", wanted)
    same(frame, verdicts)
    assert result.skipped == len(unusable) > 0
    assert {each["mã"] for each in problems} <= {"NTM536", "NTM534"}


def test_the_summary_counts_every_place_once(judge):
    """Verdicts by region and province, and by criterion and indicator, add up to the rows that were judged."""
    result, frame, _ = judge(SPREADSHEET, chunk=1)
    (counts,) = result.editions
    assert counts.verdicts.total() == len(frame) == counts.rows["10"].total() == counts.statuses["real"]
    assert {(region, province) for region, province, _ in counts.verdicts} == {
        ("northern_midlands_and_mountains", "vn-2008/province/19"),
        ("red_river_delta", "vn-2008/province/01"),
    }


def test_progress_is_told(tmp_path):
    """After every piece it is told how much is read, of how much, and how many rows that are."""
    told = []
    (tmp_path / "places.csv").write_text(SPREADSHEET.removeprefix("\ufeff"), "utf-8")
    judge_file(tmp_path / "places.csv", tmp_path / "out.csv", asked(chunk=1), lambda *each: told.append(each))
    assert [rows for *_, rows in told] == [1, 2, 3]
    assert told[-1][0] == told[-1][1] == len(SPREADSHEET.removeprefix("\ufeff").encode())


def test_a_table_with_an_unnamed_column(judge):
    """A column without a heading may stand there empty; a row that holds something in it is not to be trusted."""
    _, frame, problems = judge(
        "name,,year\nA,,2018\nB,x,2018\n", defaults={"region": "red_river_delta"}, on_error=OnError.SKIP
    )
    assert (frame["row"].to_list(), [each["mã"] for each in problems]) == ([2], ["NTM453"])


def test_a_mapping_is_checked_for_its_shape():
    """A mapping that is none, or empty, is a problem with its place."""
    for text in ("mapping: 2\ncolumns: {a: b}\n", "mapping: 1\n", "mapping: 1\ncolumns: {a: [b]}\n"):
        with pytest.raises(ntm.DocumentError) as caught:
            parse_mapping(read_text(text))
        assert caught.value.problems[0].where.line is not None
    assert ColumnMapping() == ColumnMapping(())
    assert shelf() is not None
