"""
A report as a workbook: a summary, then a sheet for each group of criteria and for each table.

Figures are numbers with the format of their unit, so that a reader can calculate on; words are words, whatever they
look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from ntm_rules.language.workbook import fit, height_of, new_workbook, packed, put_words
from ntm_rules.messages import Language, text
from ntm_rules.reports.report import (
    INK,
    Amount,
    AuditReport,
    Block,
    Bullets,
    Comparison,
    Entries,
    Entry,
    Paragraph,
    ReportCell,
    ReportTable,
    Term,
    Terms,
    Tone,
)

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD, _EDGE = "E7E6E6", "BFBFBF"
_FONT = "Times New Roman"
_SIZE = 11
_NAME_WIDTH, _WORDS_WIDTH = 34, 96
#: Characters a unit of a column's weight takes, and what every column has at least.
_PER_WEIGHT, _LEAST = 3, 4
_TITLE = 31
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_MOST_IN_HEADER = 240
_LOOKS_LIKE_FORMULA = ("=", "+", "-", "@")

_ENTRY_COLUMNS = (
    ("number", 2),
    ("title", 7),
    ("verdict", 4),
    ("basis", 4),
    ("measure", 7),
    ("figure", 5),
    ("required", 7),
    ("threshold", 4),
    ("gap", 4),
    ("comparison", 4),
    ("source", 6),
    ("grade", 5),
    ("why", 12),
)


@attrs.frozen
class _Put:
    """What stands in a cell of a workbook."""

    words: str = ""
    amount: Amount | None = None
    distance: bool = False
    tone: Tone | None = None
    bold: bool = False
    link: str | None = None


@attrs.frozen
class _Grid:
    """A sheet: its heads, the weights of its columns, its rows."""

    title: str
    heads: tuple[str, ...]
    weights: tuple[int, ...]
    rows: tuple[tuple[_Put, ...], ...]


def xlsx(report: AuditReport) -> bytes:
    """
    A report as a workbook: the same bytes for the same report.

    Raises:
        MissingExtraError: If openpyxl is not installed.
    """
    workbook = new_workbook()
    summary = workbook.worksheets[0]
    summary.title = _title(text("report.sheet_summary", report.lang), 1)
    grids = list(_grids(report))
    titles = [_title(grid.title, at) for at, grid in enumerate(grids, 2)]
    _fill_summary(summary, report, titles)
    for grid, title in zip(grids, titles, strict=True):
        _fill(workbook.create_sheet(title), grid, report.lang)
    for sheet in workbook.worksheets:
        _page(sheet, report)
    workbook.properties.title = report.title
    workbook.properties.language = report.lang
    return packed(workbook)


def _title(words: str, at: int) -> str:
    """A title that a sheet may have, and no other sheet has."""
    return f"{at}. {_FORBIDDEN_IN_TITLE.sub(' ', words)}"[:_TITLE].strip()


def _page(sheet: Worksheet, report: AuditReport) -> None:
    """How the sheet is printed: every page bears what the report is."""
    fit(sheet)
    head, foot = (line.replace("&", "&&")[:_MOST_IN_HEADER] for line in report.running)
    header, footer = sheet.oddHeader, sheet.oddFooter
    assert header is not None  # every new sheet has them  # noqa: S101
    assert footer is not None  # as above  # noqa: S101
    header.left.text, header.left.size = head, 8
    footer.left.text, footer.left.size = foot, 7
    footer.right.text = "&P/&N"


# --- the summary ------------------------------------------------------------------------------------------------


def _fill_summary(sheet: Worksheet, report: AuditReport, titles: Sequence[str]) -> None:
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    sheet.column_dimensions["B"].width = _WORDS_WIDTH
    for number, (name, said) in enumerate(_summary(report, titles), 1):
        for column, put in ((1, name), (2, said)):
            _put(sheet.cell(number, column), put, report.lang)
        sheet.row_dimensions[number].height = height_of([name.words, said.words], [_NAME_WIDTH, _WORDS_WIDTH])
        if not said.words and name.words:
            sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=2)
            both = _NAME_WIDTH + _WORDS_WIDTH
            sheet.row_dimensions[number].height = height_of([name.words], [both])


def _summary(report: AuditReport, titles: Sequence[str]) -> Iterator[tuple[_Put, _Put]]:
    """The rows: a name and what it says, or one thing across both columns."""
    nothing = _Put()
    yield _Put(report.title, bold=True), nothing
    yield _Put(report.subject), nothing
    for mark in report.marks:
        yield _Put(mark.words, tone=Tone.ALERT), nothing
    for term in (*report.headline, *report.facts):
        yield _term(term)
    for section in report.sections:
        rows = [row for block in section.blocks for row in _told(block)]
        if rows:
            yield nothing, nothing
            yield _Put(section.title, bold=True), nothing
            yield from rows
    yield nothing, nothing
    yield _Put(text("report.contents", report.lang), bold=True), nothing
    for title in titles:
        yield _Put(title, link=f"#'{title}'!A1"), nothing


def _term(term: Term) -> tuple[_Put, _Put]:
    return _Put(term.name), _Put(term.words, tone=term.tone)


def _told(block: Block) -> Iterator[tuple[_Put, _Put]]:
    """What of a section has no sheet of its own."""
    nothing = _Put()
    if isinstance(block, Paragraph):
        yield _Put(block.words, tone=block.tone), nothing
    elif isinstance(block, Terms):
        yield from map(_term, block.terms)
    elif isinstance(block, Bullets):
        if block.title is not None:
            yield _Put(block.title, bold=True), nothing
        for item in block.items:
            yield _Put(item), nothing


# --- the other sheets -------------------------------------------------------------------------------------------


def _grids(report: AuditReport) -> Iterator[_Grid]:
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, ReportTable):
                yield _of_table(block)
            elif isinstance(block, Entries):
                yield _of_entries(section.title, block, report.lang)


def _of_table(table: ReportTable) -> _Grid:
    return _Grid(
        table.title,
        tuple(column.title for column in table.columns),
        tuple(column.weight for column in table.columns),
        tuple(tuple(map(_of_cell, row)) for row in table.rows),
    )


def _of_cell(cell: ReportCell) -> _Put:
    return _Put(cell.words, cell.amount, tone=cell.tone, link=cell.link)


def _of_entries(title: str, block: Entries, lang: Language) -> _Grid:
    rows = (row for top in block.entries for entry in top.walk() for row in _of_entry(entry))
    heads = tuple(text(f"report.col_{name}", lang) for name, _ in _ENTRY_COLUMNS)
    return _Grid(title, heads, tuple(weight for _, weight in _ENTRY_COLUMNS), tuple(rows))


def _of_entry(entry: Entry) -> Iterator[tuple[_Put, ...]]:
    """A row for each comparison, or one where nothing was compared; each stands alone, so that rows can be sorted."""
    whole = bool(entry.entries)
    first = (
        _Put(entry.number, bold=whole),
        _Put(entry.title, bold=whole),
        _Put(entry.verdict, tone=entry.tone),
        _Put(entry.basis),
    )
    why = _Put(" ".join(ground.words for ground in entry.grounds))
    if not entry.comparisons:
        yield (*first, *(_Put() for _ in range(len(_ENTRY_COLUMNS) - len(first) - 1)), why)
    for compared in entry.comparisons:
        yield (*first, *_of_comparison(compared), why)


def _of_comparison(compared: Comparison) -> Iterator[_Put]:
    yield _Put(compared.measure)
    yield _Put(compared.figure, compared.amount)
    yield _Put(f"{compared.required} ({compared.row})" if compared.row else compared.required)
    yield _Put("", compared.threshold)
    yield _Put(compared.gap, compared.distance, distance=True)
    yield _Put(compared.verdict_words, tone=Tone(compared.verdict))
    yield _Put(compared.source)
    yield _Put(compared.grade_words)


def _fill(sheet: Worksheet, grid: _Grid, lang: Language) -> None:
    from openpyxl.styles import Border, PatternFill, Side
    from openpyxl.utils import get_column_letter

    widths = [_LEAST + _PER_WEIGHT * weight for weight in grid.weights]
    shade = PatternFill("solid", fgColor=_HEAD)
    side = Side("thin", _EDGE)
    edge = Border(left=side, right=side, top=side, bottom=side)
    for at, head in enumerate(grid.heads, 1):
        cell = sheet.cell(1, at)
        _put(cell, _Put(head, bold=True), lang)
        cell.fill, cell.border = shade, edge
    sheet.row_dimensions[1].height = height_of(grid.heads, widths)
    for number, row in enumerate(grid.rows, 2):
        for at, put in enumerate(row, 1):
            _put(sheet.cell(number, at), put, lang)
            sheet.cell(number, at).border = edge
        sheet.row_dimensions[number].height = height_of([put.words for put in row], widths)
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    last = f"{get_column_letter(len(grid.heads))}{len(grid.rows) + 1}"
    sheet.freeze_panes = "C2" if len(grid.heads) == len(_ENTRY_COLUMNS) else "B2"
    sheet.auto_filter.ref = f"A1:{last}"
    sheet.print_title_rows = "1:1"


def _put(cell: Cell | MergedCell, put: _Put, lang: Language) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    if put.amount is not None:
        cell.value = _number(put)
        cell.number_format = number_format(put.amount, lang, distance=put.distance)
    elif put.words:
        put_words(cell, put.words)
        # Opened and closed again in a spreadsheet, such a cell would become a formula.
        cell.quotePrefix = put.words.startswith(_LOOKS_LIKE_FORMULA)
    if put.link is not None:
        inside = put.link.removeprefix("#")
        cell.hyperlink = put.link if inside == put.link else Hyperlink(ref=cell.coordinate, location=inside)
    cell.font, cell.alignment = _style(put.tone, bold=put.bold)


@lru_cache(maxsize=2 * len(INK) + 2)
def _style(tone: Tone | None, *, bold: bool) -> tuple[Font, Alignment]:
    from openpyxl.styles import Alignment, Font

    colour = None if tone is None else INK[tone]
    font = Font(name=_FONT, size=_SIZE, bold=bold or tone is not None, color=colour)
    return font, Alignment(wrap_text=True, vertical="top")


def _number(put: _Put) -> Decimal:
    """The number as a workbook holds it: 58.3 % is 0.583."""
    assert put.amount is not None  # only cells with a figure ask  # noqa: S101
    return put.amount.value.scaleb(-2) if _is_share(put.amount, distance=put.distance) else put.amount.value


def _is_share(amount: Amount, *, distance: bool) -> bool:
    """Whether a figure is shown as a percentage; a distance in percentage points is none."""
    return amount.unit == "percent" and not distance


def number_format(amount: Amount, lang: Language, *, distance: bool = False) -> str:
    """
    How a figure is shown: as many decimals as it has, with its unit.

    Example:
        >>> number_format(Amount(Decimal("58.30"), "percent", "58.30%"), "en")
        '0.00%'
        >>> number_format(Amount(Decimal("36"), "million_vnd_per_person_year", "36 …"), "en")
        '#,##0" million VND/person/year"'
    """
    exponent = amount.value.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    decimals = f".{'0' * places}" if places else ""
    if _is_share(amount, distance=distance):
        return f"0{decimals}%"
    return f'#,##0{decimals}"{_unit(amount, lang, distance=distance)}"'


def _unit(amount: Amount, lang: Language, *, distance: bool) -> str:
    key = {"percent": "unit_gap.percent", "step": "unit_gap.steps"} if distance else {}
    return text(key.get(amount.unit, f"unit.{amount.unit}"), lang, number="").replace('"', "")


__all__ = ["number_format", "xlsx"]
