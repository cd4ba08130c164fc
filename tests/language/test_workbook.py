from __future__ import annotations

import builtins
import io
import zipfile
from datetime import datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ntm_rules as ntm
from ntm_rules.language import workbook
from ntm_rules.language.workbook import (
    CellKind,
    Layout,
    cell_name,
    is_workbook,
    read_grids,
    write_csv,
    write_workbook,
)

LAYOUT = Layout(
    title="Phiếu",
    headings=["Địa chỉ", "Ghi"],
    rows=[["a#1", ""], ["=1+1", "#N/A"], ["\x07chuông", "một,hai"]],
    locked=1,
    frozen=1,
    days=frozenset({1}),
    widths=[20, 10],
    hints={1: "Ghi vào đây."},
    notes_title="Cách điền",
    notes=["Đầu", "Một dòng dài " * 30],
)


def texts(grid):
    """The texts of a grid."""
    return [[cell.text for cell in row.cells] for row in grid.rows]


def saved(path, *values, formats=()):
    """A workbook with one column of values."""
    book = openpyxl.Workbook()
    for number, value in enumerate(values, 1):
        cell = book.active.cell(number, 1, value)
        cell.number_format = dict(enumerate(formats, 1)).get(number, "General")
    book.save(path)
    return path


def only(path):
    """The cells of the first column of a workbook's first sheet."""
    return [row.cells[0] for row in read_grids(path)[0].rows]


def refused(path):
    """Why a file can't be read."""
    with pytest.raises(ntm.DocumentError) as error:
        read_grids(path)
    return [problem.code.slug for problem in error.value.problems]


@pytest.mark.parametrize(
    ("at", "name"), [((1, 1), "A1"), ((12, 8), "H12"), ((3, 26), "Z3"), ((3, 27), "AA3"), ((1, 703), "AAA1")]
)
def test_names_of_cells(at, name):
    """A cell is named as spreadsheets name it."""
    assert cell_name(*at) == name


def test_names_of_files():
    """A workbook is known by its name."""
    assert is_workbook("A.XLSX")
    assert not is_workbook("a.csv")


def test_a_sheet_is_written_and_read(tmp_path):
    """What is written as text is read as the same text, whatever it looks like; what no file may hold is replaced."""
    (tmp_path / "a.xlsx").write_bytes(write_workbook(LAYOUT))
    sheet, notes = read_grids(tmp_path / "a.xlsx")
    assert texts(sheet) == [["Địa chỉ", "Ghi"], ["a#1", ""], ["=1+1", "#N/A"], ["\ufffdchuông", "một,hai"]]
    assert {cell.kind for row in sheet.rows for cell in row.cells} == {CellKind.TEXT}
    assert texts(notes) == [["Đầu"], [LAYOUT.notes[1].strip()]]
    assert str(sheet.rows[1].cells[1].where) == f"{tmp_path / 'a.xlsx'}:B2"


def test_a_sheet_as_csv(tmp_path):
    """A sheet as CSV has the same cells, quoted where they must be."""
    (tmp_path / "a.csv").write_text("\ufeff" + write_csv(LAYOUT), encoding="utf-8")
    (grid,) = read_grids(tmp_path / "a.csv")
    assert texts(grid)[3] == ["\x07chuông", "một,hai"]
    assert grid.rows[2].cells[0].kind is CellKind.FORMULA
    assert grid.rows[0].cells[0].text == "Địa chỉ"
    assert str(grid.rows[3].cells[1].where) == f"{tmp_path / 'a.csv'}:B4"


def test_the_same_sheet_gives_the_same_bytes():
    """Nothing in a workbook comes from the clock: not its properties, not the dates within the file."""
    made = write_workbook(LAYOUT)
    assert made == write_workbook(LAYOUT)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2020-01-01T00:00:00Z" in packed.read("docProps/core.xml")


def test_how_a_sheet_looks():
    """The headings stay in sight, what is to be filled in looks other than what is not, and typed text stays text."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(LAYOUT)))
    sheet = book["Phiếu"]
    assert sheet.freeze_panes == "B2"
    assert sheet["A2"].fill.fgColor.rgb != sheet["B2"].fill.fgColor.rgb
    assert sheet["A2"].alignment.wrap_text
    assert (sheet["A2"].number_format, sheet["B2"].number_format) == ("@", "yyyy-mm-dd")
    assert sheet.column_dimensions["A"].width == 20
    assert sheet.data_validations.dataValidation[0].prompt == "Ghi vào đây."
    notes = book["Cách điền"]
    assert notes.row_dimensions[2].height > notes.row_dimensions[1].height


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=3))
def test_any_text_can_be_written(rows):
    """Any text, of whatever signs, makes a workbook that can be read again."""
    made = write_workbook(
        Layout(
            title="T",
            headings=["a", "b"],
            rows=rows,
            locked=1,
            frozen=1,
            days=frozenset(),
            widths=[9, 9],
            hints={},
            notes_title="N",
            notes=[],
        )
    )
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert sheet.max_row == len(rows) + 1


# --- numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (36, "General", "36"),
        (36.5, "General", "36.5"),
        (0.1, "General", "0.1"),
        (2.675, "@", "2.675"),
        (1e21, "General", "1" + "0" * 21),
        (1e-7, "General", "0.0000001"),
        (-0.0, "General", "0"),
        (36, "0", "36"),
        (36.5, "0.00", "36.5"),
        (1234567, "#,##0", "1234567"),
        (0.06, "0%", "6 %"),
        (0.07, "0%", "7 %"),
        (0.285, "0.0%", "28.5 %"),
        (1, "0%", "100 %"),
    ],
)
def test_numbers_as_they_were_typed(tmp_path, value, form, text):
    """A number is read by the digits that were typed, never by its binary value; a percentage as it is shown."""
    (cell,) = only(saved(tmp_path / "a.xlsx", value, formats=[form]))
    assert (cell.text, cell.kind) == (text, CellKind.NUMBER)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_typed_digits_survive(number):
    """Any figure of up to thirteen digits is read as it was typed, though it was stored in binary."""
    cell = openpyxl.Workbook().active.cell(1, 1, float(number))
    read = workbook._cell(cell, ntm.Where())
    assert ntm.Quantity.parse(f"{read.text} %").value == number


@pytest.mark.parametrize(
    ("value", "form"),
    [(5.6, "0"), (5.67, "0.0"), (0.065, "0%"), (36, "0.0,"), (36, '0 "triệu"'), (1e40, "General"), (36, "yyyy")],
)
def test_numbers_shown_otherwise(tmp_path, value, form):
    """A number that is shown otherwise than it is held, or past all measure, is not taken for either."""
    (cell,) = only(saved(tmp_path / "a.xlsx", value, formats=[form]))
    assert cell.kind in (CellKind.UNCLEAR, CellKind.DAY)


def test_no_number():
    """What is no number in any file is none here."""
    cell = openpyxl.Workbook().active.cell(1, 1, float("inf"))
    assert workbook._cell(cell, ntm.Where()).kind is CellKind.UNCLEAR


def test_other_cells(tmp_path):
    """Days, times, formulas, errors, yes and no are told apart."""
    path = saved(
        tmp_path / "a.xlsx",
        datetime(2026, 11, 22),  # noqa: DTZ001 - as a workbook holds it
        datetime(2026, 11, 22, 8),  # noqa: DTZ001 - as above
        time(8),
        timedelta(days=1, hours=2),
        "=A1",
        "#N/A",
        *(True, False),
        " e\u0302 ",
        formats=["yyyy-mm-dd", "yyyy-mm-dd", "h:mm", "[h]:mm"],
    )
    assert [(cell.text, cell.kind.value) for cell in only(path)] == [
        ("2026-11-22", "day"),
        ("2026-11-22 08:00:00", "unclear"),
        ("08:00:00", "unclear"),
        ("1 day, 2:00:00", "unclear"),
        ("=A1", "formula"),
        ("#N/A", "formula"),
        ("true", "text"),
        ("false", "text"),
        ("ê", "text"),
    ]


def test_merged_cells(tmp_path):
    """Merged cells are told by their range, at the first of them."""
    book = openpyxl.Workbook()
    book.active["B2"] = "x"
    book.active.merge_cells("B2:C3")
    book.save(tmp_path / "a.xlsx")
    (problem,) = read_grids(tmp_path / "a.xlsx")[0].merged
    assert (problem.where.cell, dict(problem.params)) == ("B2", {"range": "B2:C3"})


# --- files that can't be read -----------------------------------------------------------------------------------


def test_files_that_are_not_there(tmp_path):
    """A file that can't be opened is told as such, a workbook or not."""
    assert refused(tmp_path / "a.xlsx") == ["unreadable"]
    assert refused(tmp_path / "a.csv") == ["unreadable"]
    assert refused(tmp_path / "a\0.xlsx") == ["unreadable"]


def test_files_that_are_no_workbooks(tmp_path):
    """What only bears the name of a workbook is told as such, never a traceback."""
    path = tmp_path / "a.xlsx"
    path.write_text("a,b", encoding="utf-8")
    assert refused(path) == ["syntax"]
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.txt", "x")
    assert refused(path) == ["syntax"]


def test_a_broken_part(tmp_path):
    """A workbook whose sheet is broken off is told as such."""
    whole = io.BytesIO(write_workbook(LAYOUT))
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data[: len(data) // 2] if name.endswith("sheet1.xml") else data)
    assert refused(tmp_path / "a.xlsx") == ["syntax"]


def test_files_that_are_too_large(tmp_path, monkeypatch):
    """A workbook that unpacks to more than can be meant, or has cells without end, is refused before it is read."""
    path = saved(tmp_path / "a.xlsx", "x")
    monkeypatch.setattr(workbook, "MAX_CELLS", 0)
    assert refused(path) == ["too_many_nodes"]
    for limit in ("MAX_UNPACKED", "MAX_BYTES"):
        monkeypatch.setattr(workbook, limit, 1)
        assert refused(path) == ["too_large"]


def test_a_cell_at_the_far_end(tmp_path):
    """A single cell at the far end of a sheet does not make anybody wait for all those between."""
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == ["too_many_nodes"]


def test_cells_merged_without_end(tmp_path):
    """A range of merged cells that spans a whole sheet is refused before anything makes each of them."""
    whole = io.BytesIO(write_workbook(LAYOUT))
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells><dataValidations'
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"<dataValidations", merged))
    assert refused(tmp_path / "a.xlsx") == ["too_many_nodes"]


def test_bytes_that_were_changed(tmp_path):
    """A workbook of which bytes were changed on the way is told as such."""
    made = bytearray(write_workbook(LAYOUT))
    made[200:260] = bytes(60)
    (tmp_path / "a.xlsx").write_bytes(made)
    assert refused(tmp_path / "a.xlsx") == ["syntax"]


def test_broken_csv(tmp_path):
    """CSV that ends within quotes is told by its line."""
    (tmp_path / "a.csv").write_text('a,b\n"c\n', encoding="utf-8")
    assert refused(tmp_path / "a.csv") == ["syntax"]


def test_without_openpyxl(tmp_path, monkeypatch):
    """Where openpyxl is not installed, a workbook names the extra that brings it; CSV needs none."""
    real = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] == "openpyxl":
            raise ImportError(name)
        return real(name, *rest)

    path = saved(tmp_path / "a.xlsx", "x")
    monkeypatch.setattr(builtins, "__import__", without)
    for act in (lambda: read_grids(path), lambda: write_workbook(LAYOUT)):
        with pytest.raises(ntm.MissingExtraError) as missing:
            act()
        assert 'pip install "ntm-rules[xlsx]"' in str(missing.value)
        assert missing.value.render("vi") != str(missing.value)
    assert write_csv(LAYOUT)
