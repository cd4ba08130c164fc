from __future__ import annotations

import io
import sys
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from ntm_rules.errors import MissingExtraError
from ntm_rules.messages import text
from ntm_rules.reports import Amount, Entries, ReportFile, ReportTable, render, report, report_index
from ntm_rules.reports.sheets import number_format

NAMES = ["figures", "hostile"]


def book(file: bytes):
    """A workbook, read."""
    return openpyxl.load_workbook(io.BytesIO(file))


def rows(sheet):
    """The rows beneath the heads, as dictionaries by head."""
    heads, *others = sheet.iter_rows()
    return [dict(zip([cell.value for cell in heads], row, strict=True)) for row in others]


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_sheet_for_each_group_and_table(judged, made, name):
    """A summary comes first, then a sheet for each group of criteria and each table, its heads frozen, with filters."""
    blocks = [block for section in report(judged(name), "vi").sections for block in section.blocks]
    workbook = book(made(name, "vi", "xlsx"))
    summary, *others = workbook.worksheets
    assert summary.title == f"1. {text('report.sheet_summary', 'vi')}"
    assert len(others) == sum(isinstance(block, Entries | ReportTable) for block in blocks)
    assert len({sheet.title.casefold() for sheet in workbook.worksheets}) == len(workbook.worksheets)
    for sheet in others:
        assert sheet.freeze_panes in ("B2", "C2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_a_formula(made, name):
    """Whatever a dossier holds is words; what looks like a formula stays words when it is edited."""
    for sheet in book(made(name, "vi", "xlsx")).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), cell.coordinate
                if str(cell.value or "").startswith(("=", "+", "-", "@")) and cell.data_type == "s":
                    assert cell.quotePrefix


def test_words_that_look_like_formulas_are_there(made):
    """The hostile dossier's words stand in the workbook as they were typed."""
    words = {
        cell.value
        for sheet in book(made("hostile", "vi", "xlsx")).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "s"
    }
    assert "=1+1" in words
    assert "@x" in words
    assert '=HYPERLINK("http://x") # x' in words
    assert any(str(each).startswith("Xã <script>alert(1)</script>") for each in words)


def test_figures_are_numbers(made):
    """A figure and its threshold can be calculated with, and are shown with their unit; a statement is words."""
    workbook = book(made("figures", "en", "xlsx"))
    all_rows = [row for sheet in workbook.worksheets[1:] for row in rows(sheet) if "Threshold" in row]
    by_number = {}
    for row in all_rows:
        by_number.setdefault((row["No."].value, row["Measured by"].value), row)
    income = by_number["10", "Income per person"]
    assert (income["Figure"].value, income["Threshold"].value) == (36, 36)
    assert income["Figure"].number_format == '#,##0" million VND/person/year"'
    water = by_number["17.1", "Share of households using clean water"]
    assert (water["Figure"].value, water["Figure"].number_format) == (0.475, "0.0%")
    assert (water["Threshold"].value, water["Threshold"].number_format) == (0.5, "0%")
    assert (water["Distance"].value, water["Distance"].number_format) == (2.5, '#,##0.0" percentage points"')
    assert water["Result of the comparison"].value == "not met"
    assert "1980/QĐ-TTg" in water["Source"].value
    plan = by_number["1.1", next(key[1] for key in by_number if key[0] == "1.1")]
    assert plan["Figure"].value == "yes (2017)"
    assert plan["Threshold"].value is None


@pytest.mark.parametrize(
    ("amount", "distance", "expected"),
    [
        (Amount(Decimal("58.30"), "percent", ""), False, "0.00%"),
        (Amount(Decimal(7), "percent", ""), True, '#,##0" percentage points"'),
        (Amount(Decimal("1.5"), "step", ""), True, '#,##0.0" steps"'),
        (Amount(Decimal("1E+3"), "household", ""), False, '#,##0" households"'),
    ],
)
def test_formats_of_figures(amount, distance, expected):
    """A figure is shown with as many decimals as it has, and with its unit; points are no percentage."""
    assert number_format(amount, "en", distance=distance) == expected


def test_every_sheet_says_what_it_is(judged, made):
    """Printed, each sheet bears both running lines and its number; an ampersand is no command."""
    for sheet in book(made("hostile", "vi", "xlsx")).worksheets:
        assert "commune/standard/2016-2020@2016-12-01" in sheet.oddHeader.left.text
        assert judged("hostile").rules.fingerprint in sheet.oddFooter.left.text
        assert sheet.oddFooter.right.text == "&P/&N"


def test_the_contents_lead_to_the_sheets(made):
    """The summary ends in the titles of the other sheets, each a link within the workbook."""
    workbook = book(made("few", "vi", "xlsx"))
    links = [cell.hyperlink for row in workbook.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert [each.location for each in links] == [f"'{sheet.title}'!A1" for sheet in workbook.worksheets[1:]]


def test_an_index_leads_to_the_reports(judged):
    """The places of an index are links to the files beside it."""
    index = report_index([ReportFile(judged("attested"), "a b.xlsx")], ["x: NTM101"], "en")
    workbook = book(render(index, "xlsx"))
    links = [cell.hyperlink.target for row in workbook.worksheets[1].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["a%20b.xlsx"]


def test_the_same_report_gives_the_same_bytes(judged, made):
    """Nothing in a workbook comes from the clock."""
    first = made("few", "vi", "xlsx")
    assert first == render(report(judged("few"), "vi"), "xlsx")
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2020-01-01" in packed.read("docProps/core.xml")


def test_the_extra_is_named_where_it_is_missing(judged, monkeypatch):
    """Without openpyxl the error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"ntm-rules\[xlsx\]"):
        render(report(judged("few")), "xlsx")
