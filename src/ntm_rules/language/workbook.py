"""
Grids of cells, as spreadsheets hold them: CSV by Python's own reader, XLSX by openpyxl, which only this file imports.

A cell is taken for what its reader sees in it, or not at all. A number of a workbook is stored in binary; it is read by
its fifteen digits, as spreadsheets show it, which are the digits that were typed, and as a `Decimal` from there on. One
that is shown otherwise than it is held (5.6 shown as 6, or as a date) is marked `UNCLEAR`; 0.06 shown as 6% is 6 %.
"""

from __future__ import annotations

import csv
import enum
import io
import os
import re
import textwrap
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import DocumentError, MissingExtraError, Problem, ProblemCode, Where, why_unreadable
from ntm_rules.language.cells import MARK, delimiter_of, text_of
from ntm_rules.language.nodes import shown
from ntm_rules.language.reading import MAX_BYTES
from ntm_rules.vocabulary.quantities import EXACT, MOST_DIGITS, plain_number

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as WorkbookCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

#: The extra that brings openpyxl.
EXTRA = "xlsx"

#: A workbook may be this much larger than its file, and have this many cells.
MAX_UNPACKED = 5 * MAX_BYTES
MAX_CELLS = 1_000_000

_ALPHABET = 26
# Nothing in a workbook comes from the clock.
SOME_DAY = datetime(2020, 1, 1)  # noqa: DTZ001 - openpyxl wants a time without a zone
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
# Points a line of text takes, at ten points a letter.
_LINE = 14
_NOTES_WIDTH = 100
_A3 = 8
_TEXT_FORMAT = "@"
_DIGITS = 15
_PLAIN_FORMATS = ("General", _TEXT_FORMAT)
_FORMAT = re.compile(r"(?:#,##)?0(?:\.(?P<places>0+))?(?P<percent>%)?")
# One range of merged cells, as a workbook holds it.
_MERGED = re.compile(rb"""mergeCell\b[^>]*?\bref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']""")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOCKED, _OPEN, _HEAD, _HEAD_OPEN = "E7E6E6", "FFFBE6", "BFBFBF", "FFE699"


class CellKind(enum.Enum):
    """What a cell of a grid holds: words, a number, a day, a formula or error, or what can't be told."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    FORMULA = "formula"
    UNCLEAR = "unclear"


@attrs.frozen
class GridCell:
    """
    A cell.

    Attributes:
        text: What it holds, in NFC; a number by its digits, with ``%`` where it is shown so; a day as ``2026-11-22``.
    """

    text: str
    where: Where
    kind: CellKind = CellKind.TEXT


@attrs.frozen
class GridRow:
    """A row that is not empty, with its number as spreadsheets count."""

    number: int
    cells: tuple[GridCell, ...]


@attrs.frozen
class Grid:
    """A sheet: its rows that are not empty, where its cells are merged, and in a workbook its title."""

    rows: tuple[GridRow, ...]
    merged: tuple[Problem, ...] = ()
    title: str | None = None


@attrs.frozen(kw_only=True)
class Layout:
    """
    How a sheet to fill in is laid out.

    Attributes:
        title: Of the sheet.

        headings: One a column.

        rows: The texts of the cells.

        locked: How many columns, from the left, are not to be changed; they are grey.

        frozen: How many columns, from the left, stay in sight when one scrolls.

        days: Which columns hold days.

        widths: One a column, in characters.

        hints: What is shown beside a cell that is filled in, by column.

        notes_title: Of the second sheet.

        notes: Its lines.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    locked: int
    frozen: int
    days: frozenset[int]
    widths: Sequence[int]
    hints: dict[int, str]
    notes_title: str
    notes: Sequence[str]


def is_workbook(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a workbook, by its name."""
    return os.fspath(path).lower().endswith(".xlsx")


def cell_name(row: int, column: int) -> str:
    """
    A cell by its name in a spreadsheet.

    Example:
        >>> cell_name(12, 8), cell_name(1, 28)
        ('H12', 'AB1')
    """
    letters = ""
    while column:
        column, letter = divmod(column - 1, _ALPHABET)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def _where(file: str, row: int, column: int) -> Where:
    return Where(file, row, column, cell=cell_name(row, column))


# --- reading ----------------------------------------------------------------------------------------------------


def read_grids(path: str | os.PathLike[str]) -> tuple[Grid, ...]:
    """
    The sheets of a file: one of a CSV file, all of a workbook.

    Raises:
        DocumentError: If it can't be read.

        MissingExtraError: If it is a workbook and openpyxl is not installed.
    """
    name = os.fspath(path)
    return _read_workbook(name) if is_workbook(name) else (_read_csv(name),)


def _read_csv(name: str) -> Grid:
    text = text_of(name).removeprefix(MARK)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows: list[GridRow] = []
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = Problem.at(ProblemCode.SYNTAX, Where(name, reader.line_num), why=shown(str(error)))
            raise DocumentError([problem]) from None
        if cells is None:
            return Grid(tuple(rows))
        made = (_csv_cell(cell, _where(name, number, at)) for at, cell in enumerate(cells, 1))
        rows += _kept(GridRow(number, tuple(made)))


def _csv_cell(written: str, where: Where) -> GridCell:
    text = _tidy(written)
    return GridCell(text, where, CellKind.FORMULA if text.startswith("=") else CellKind.TEXT)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _kept(row: GridRow) -> Iterator[GridRow]:
    if any(cell.text for cell in row.cells):
        yield row


def _read_workbook(name: str) -> tuple[Grid, ...]:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError(EXTRA) from None
    data = _unread(name)
    try:
        with warnings.catch_warnings():
            # What openpyxl does not know (themes, extensions) is not read here.
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - whatever a broken workbook makes openpyxl raise
        raise DocumentError([Problem.at(ProblemCode.SYNTAX, Where(name), why=shown(str(error)))]) from None
    return tuple(_grid(name, sheet) for sheet in workbook.worksheets)


def _unread(name: str) -> bytes:
    """
    A workbook's file, its size looked at before it is unpacked.

    Raises:
        DocumentError: If it can't be read, is no workbook, or is too large.
    """
    try:
        with Path(name).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DocumentError([Problem.at(ProblemCode.UNREADABLE, Where(name), why=why_unreadable(error))]) from None
    _refuse_larger(len(data), MAX_BYTES, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _refuse_larger(sum(entry.file_size for entry in packed.infolist()), MAX_UNPACKED, name)
            merged = sum(_merged(packed.read(entry)) for entry in packed.namelist())
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        # Broken, packed in a way that is not known, or locked with a password.
        raise DocumentError([Problem.at(ProblemCode.SYNTAX, Where(name), why=shown(str(error)))]) from None
    if merged > MAX_CELLS:
        # openpyxl would make each of them.
        raise DocumentError([Problem.at(ProblemCode.TOO_MANY_NODES, Where(name), limit=MAX_CELLS)])
    return data


def _merged(part: bytes) -> int:
    """How many cells a part of a workbook says are merged."""
    found = (each.groups() for each in _MERGED.finditer(part))
    return sum(
        (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)
        for left, top, right, bottom in found
    )


def _column(letters: bytes) -> int:
    """The number of a column by its letters, as `cell_name` writes them."""
    number = 0
    for letter in letters:
        number = number * _ALPHABET + letter - ord("A") + 1
    return number


def _refuse_larger(size: int, most: int, name: str) -> None:
    if size > most:
        raise DocumentError([Problem.at(ProblemCode.TOO_LARGE, Where(name), limit=f"{most // 1_000_000} MB")])


def _grid(name: str, sheet: Worksheet) -> Grid:
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        raise DocumentError([Problem.at(ProblemCode.TOO_MANY_NODES, Where(name), limit=MAX_CELLS)])
    rows: list[GridRow] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        made = (_cell(cell, _where(name, number, at)) for at, cell in enumerate(cells, 1))
        rows += _kept(GridRow(number, tuple(made)))
    ranges = sorted((each.min_row, each.min_col, each.coord) for each in sheet.merged_cells.ranges)
    merged = (
        Problem.at(ProblemCode.MERGED_CELLS, _where(name, row, column), range=coord) for row, column, coord in ranges
    )
    return Grid(tuple(rows), tuple(merged), sheet.title)


def _cell(cell: WorkbookCell | MergedCell, where: Where) -> GridCell:
    value: Any = cell.value
    if value is None:
        return GridCell("", where)
    if cell.data_type in ("f", "e"):
        return GridCell(shown(str(getattr(value, "text", value))), where, CellKind.FORMULA)
    if isinstance(value, bool):
        return GridCell("true" if value else "false", where)
    if isinstance(value, int | float):
        # No program shows more digits than these, nor keeps more of those that are typed.
        exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_DIGITS}g}")
        return _number(exact, str(cell.number_format), where)
    if isinstance(value, datetime) and value.time() == time():
        return GridCell(value.date().isoformat(), where, CellKind.DAY)
    if isinstance(value, str):
        return GridCell(_tidy(value), where)
    # A time, or a span of time.
    return GridCell(str(value), where, CellKind.UNCLEAR)


def _number(number: Decimal, shown_as: str, where: Where) -> GridCell:
    """A number, if what is shown is what is held."""
    unclear = GridCell(str(number), where, CellKind.UNCLEAR)
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS:
        return unclear
    if shown_as in _PLAIN_FORMATS:
        return GridCell(plain_number(number), where, CellKind.NUMBER)
    form = _FORMAT.fullmatch(shown_as)
    if form is None:
        return unclear
    percent = form["percent"] is not None
    number = EXACT.multiply(number, Decimal(100)) if percent else number
    digits = plain_number(number)
    if len(digits.partition(".")[2]) > len(form["places"] or ""):
        return unclear
    return GridCell(f"{digits} %" if percent else digits, where, CellKind.NUMBER)


# --- writing ----------------------------------------------------------------------------------------------------


def write_csv(layout: Layout) -> str:
    """A sheet as CSV."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([layout.headings, *layout.rows])
    return stream.getvalue()


def write_workbook(layout: Layout) -> bytes:
    """
    A sheet as a workbook: the same bytes for the same sheet.

    Raises:
        MissingExtraError: If openpyxl is not installed.
    """
    workbook = new_workbook()
    sheet = workbook.worksheets[0]
    sheet.title = layout.title
    _fill(sheet, layout)
    fit(sheet)
    notes = workbook.create_sheet(layout.notes_title)
    put_notes(notes, layout.notes)
    fit(notes)
    return packed(workbook)


def new_workbook() -> Workbook:
    """
    A workbook with one empty sheet.

    Raises:
        MissingExtraError: If openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError(EXTRA) from None
    return openpyxl.Workbook()


def _fill(sheet: Worksheet, layout: Layout) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    side = Side("thin", "A6A6A6")
    edge = Border(left=side, right=side, top=side, bottom=side)
    wrapped = Alignment(wrap_text=True, vertical="top")
    fills = {colour: PatternFill("solid", fgColor=colour) for colour in (_LOCKED, _OPEN, _HEAD, _HEAD_OPEN)}
    bold, plain = Font(size=10, bold=True), Font(size=10)
    for number, texts in enumerate([layout.headings, *layout.rows], 1):
        for at, words in enumerate(texts):
            cell = sheet.cell(number, at + 1)
            if words:
                put_words(cell, words)
            open_ = at >= layout.locked
            if number == 1:
                cell.font, cell.fill = bold, fills[_HEAD_OPEN if open_ else _HEAD]
            else:
                cell.font = plain
                cell.fill = fills[_OPEN if open_ else _LOCKED]
                # What is typed into a text cell stays as it was typed.
                cell.number_format = "yyyy-mm-dd" if at in layout.days else _TEXT_FORMAT
            cell.alignment, cell.border = wrapped, edge
        sheet.row_dimensions[number].height = height_of(texts, layout.widths)
    for at, width in enumerate(layout.widths):
        sheet.column_dimensions[get_column_letter(at + 1)].width = width
    for at, hint in sorted(layout.hints.items()):
        letter = get_column_letter(at + 1)
        rule = DataValidation(promptTitle=layout.headings[at][:32], prompt=hint[:255], showInputMessage=True)
        rule.add(f"{letter}2:{letter}{max(2, len(layout.rows) + 1)}")
        sheet.add_data_validation(rule)
    sheet.freeze_panes = f"{get_column_letter(layout.frozen + 1)}2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(layout.headings))}{len(layout.rows) + 1}"
    sheet.print_title_rows = "1:1"


def fit(sheet: Worksheet) -> None:
    """Let a page be as wide as the sheet when it is printed."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def height_of(texts: Sequence[str], widths: Sequence[int]) -> int:
    """The height of a row whose words are wrapped; not every program finds it by itself."""
    lines = (len(textwrap.wrap(words, width)) for words, width in zip(texts, widths, strict=True))
    return _LINE * max(1, *lines)


def put_words(cell: WorkbookCell | MergedCell, words: str) -> None:
    """Write words as words, whatever they look like: no formula, no error."""
    cell.value = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", words)
    cell.data_type = "s"


def put_notes(sheet: Worksheet, notes: Iterable[str]) -> None:
    """Write lines of guidance, the first as a title."""
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = _NOTES_WIDTH
    for number, line in enumerate(notes, 1):
        cell = sheet.cell(number, 1)
        sheet.row_dimensions[number].height = height_of([line], [_NOTES_WIDTH])
        put_words(cell, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(size=10, bold=number == 1)


def packed(workbook: Workbook) -> bytes:
    """A workbook as a file, without the clock: `Workbook.save` would write the time of saving in two places."""
    workbook.properties.creator = "ntm-rules"
    workbook.properties.created = workbook.properties.modified = SOME_DAY
    from openpyxl.writer.excel import ExcelWriter

    draft = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(draft, "w")).save()
    return repacked(draft.getvalue())


def repacked(archive: bytes) -> bytes:
    """An archive with the same parts in the same order, and no time in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            after.writestr(entry, before.read(name))
    return made.getvalue()


__all__ = [
    "EXTRA",
    "SOME_DAY",
    "CellKind",
    "Grid",
    "GridCell",
    "GridRow",
    "Layout",
    "cell_name",
    "fit",
    "height_of",
    "is_workbook",
    "new_workbook",
    "packed",
    "put_notes",
    "put_words",
    "read_grids",
    "repacked",
    "write_csv",
    "write_workbook",
]
