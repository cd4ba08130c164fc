"""
A form as a workbook: a sheet a table, the headings in sight, choice lists and checks by the spreadsheet's own means.

Words are written as words; the only formulas are those by which cells are checked, and no text of a form is in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ntm_rules.language.forms import (
    COLUMNS,
    HIDDEN,
    OF_CONCLUSION,
    FieldKind,
    FormColumn,
    FormField,
    FormLayout,
    FormRow,
    FormSheet,
    FormTable,
)
from ntm_rules.language.workbook import fit, height_of, new_workbook, packed, put_notes, put_words
from ntm_rules.messages import Language, text
from ntm_rules.vocabulary.quantities import plain_number

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

_C = FormColumn
_WIDTHS = {
    _C.NUMBER: 8,
    _C.SUBJECT: 44,
    _C.REQUIRED: 40,
    _C.UNIT: 15,
    _C.VALUE: 16,
    _C.NUMERATOR: 10,
    _C.DENOMINATOR: 10,
    _C.FOR: 12,
    _C.DOCUMENT: 10,
    _C.VERDICT: 14,
    _C.BY: 24,
    _C.AS_OF: 12,
    _C.DATED: 12,
    _C.PAPER: 10,
    _C.TITLE: 60,
    _C.ISSUER: 36,
    _C.SIGN: 20,
}
#: Of the table of the place, whose answers are names.
_PLACE_WIDTHS = {_C.VALUE: 36, _C.REQUIRED: 60}
_LOCKED, _WHOLE, _FIGURE, _CONCLUSION = "F2F2F2", "DDEBF7", "FFFBE6", "E9F5E1"
_HEAD, _HEAD_FIGURE, _HEAD_CONCLUSION, _EDGE = "BFBFBF", "FFE699", "C6E0B4", "A6A6A6"
#: The hidden sheet with the words of choice lists.
_LISTS = "ntm-lists"
_MOST_TITLE, _MOST_HELP = 32, 255
#: Years and days as spreadsheets count them: 1990 to 2100, 1990-01-01 to 2100-12-31.
_YEARS, _DAYS = (1990, 2100), (32874, 73415)
_ANY = 10**15
_TEXT_FORMAT = "@"
_LOOKS_LIKE_FORMULA = ("=", "+", "-", "@")


def write_form_workbook(layout: FormLayout) -> bytes:
    """
    A form as a workbook: the same bytes for the same form.

    Raises:
        MissingExtraError: If openpyxl is not installed.
    """
    workbook = new_workbook()
    lists = _Lists()
    for at, form in enumerate(layout.sheets):
        sheet = workbook.worksheets[0] if at == 0 else workbook.create_sheet()
        sheet.title = form.title
        _fill(sheet, form, layout.lang, lists)
        fit(sheet)
    notes = workbook.create_sheet(layout.notes_title)
    put_notes(notes, layout.notes)
    fit(notes)
    lists.write(workbook)
    workbook.properties.title = layout.title
    workbook.properties.language = layout.lang
    return packed(workbook)


class _Lists:
    """The words of choice lists, each list once."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, ...], int] = {}

    def range(self, words: tuple[str, ...]) -> str:
        """Where a list stands."""
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(self._lists.setdefault(words, len(self._lists) + 1))
        return f"'{_LISTS}'!${letter}$1:${letter}${len(words)}"

    def write(self, workbook: Workbook) -> None:
        """Write them to a hidden sheet."""
        sheet = workbook.create_sheet(_LISTS)
        sheet.sheet_state = "hidden"
        for words, column in self._lists.items():
            for number, word in enumerate(words, 1):
                put_words(sheet.cell(number, column), word)


def _fill(sheet: Worksheet, form: FormSheet, lang: Language, lists: _Lists) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    columns = COLUMNS[form.table]
    widths = _WIDTHS | (_PLACE_WIDTHS if form.table is FormTable.PLACE else {})
    side = Side("thin", _EDGE)
    edge = Border(left=side, right=side, top=side, bottom=side)
    wrapped = Alignment(wrap_text=True, vertical="top")
    colours = (_LOCKED, _WHOLE, _FIGURE, _CONCLUSION, _HEAD, _HEAD_FIGURE, _HEAD_CONCLUSION)
    fills = {colour: PatternFill("solid", fgColor=colour) for colour in colours}
    bold, plain = Font(size=10, bold=True), Font(size=10)
    headings = {column: column.heading(form.table, lang) for column in columns}
    fillable = {column for row in form.rows for column in row.fields}
    shown = [column for column in columns if column not in HIDDEN]
    for number, row in enumerate([FormRow(headings, {}), *form.rows], 1):
        for at, column in enumerate(columns, 1):
            cell = sheet.cell(number, at)
            words = row.texts.get(column, "")
            if words:
                put_words(cell, words)
                cell.quotePrefix = words.startswith(_LOOKS_LIKE_FORMULA)
            field = row.fields.get(column)
            if words.isdecimal() and field is not None and field.kind is FieldKind.YEAR:
                # A year that is text would be marked as wrong.
                cell.value = int(words)
            concludes = form.table is FormTable.ROWS and column in OF_CONCLUSION
            if number == 1:
                colour = _HEAD if column not in fillable else _HEAD_CONCLUSION if concludes else _HEAD_FIGURE
            elif field is None:
                colour = _WHOLE if row.whole else _LOCKED
            else:
                colour = _CONCLUSION if concludes else _FIGURE
            cell.fill, cell.border, cell.alignment = fills[colour], edge, wrapped
            cell.font = bold if number == 1 or row.whole else plain
            if field is None or field.kind is FieldKind.WORDS:
                # What is typed into a text cell stays as it was typed.
                cell.number_format = _TEXT_FORMAT
        texts = [row.texts.get(column, "") for column in shown]
        sheet.row_dimensions[number].height = height_of(texts, [widths[column] for column in shown])
    for at, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.hidden = column in HIDDEN
        dimension.width = widths.get(column, 10)
    for rule in _rules(form.rows, columns, lists, lang):
        sheet.add_data_validation(rule)
    frozen = columns.index(_C.SUBJECT) + 2 if _C.SUBJECT in columns else columns.index(_C.NUMBER) + 2
    sheet.freeze_panes = f"{get_column_letter(frozen)}2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(form.rows) + 1}"
    sheet.print_title_rows = "1:1"


def _rules(
    rows: Iterable[FormRow], columns: tuple[FormColumn, ...], lists: _Lists, lang: Language
) -> Iterable[DataValidation]:
    """How the spreadsheet checks cells: one rule for all that take the same."""
    from openpyxl.utils import get_column_letter

    rules: dict[FormField, DataValidation] = {}
    for number, row in enumerate(rows, 2):
        for column, field in row.fields.items():
            cell = f"{get_column_letter(columns.index(column) + 1)}{number}"
            if field not in rules:
                rules[field] = _rule(field, cell, lists, lang)
            rules[field].add(cell)
    return rules.values()


def _rule(field: FormField, first: str, lists: _Lists, lang: Language) -> DataValidation:
    """The check of one kind of cell; *first* is the first of them."""
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(allow_blank=True, showInputMessage=bool(field.help), showErrorMessage=True)
    if field.help:
        rule.promptTitle = field.title[:_MOST_TITLE] or None
        rule.prompt = _cut(field.help)
    rule.errorTitle = text("form.wrong", lang)
    rule.error = _cut(text(f"form.wrong_{field.kind.value}", lang))
    if field.kind is FieldKind.CHOICE:
        rule.type, rule.formula1 = "list", lists.range(field.choices)
    elif field.kind is FieldKind.YEAR:
        rule.type, rule.operator = "whole", "between"
        rule.formula1, rule.formula2 = map(str, _YEARS)
    elif field.kind is FieldKind.NUMBER:
        rule.type, rule.operator = "decimal", "between"
        rule.formula1 = str(-_ANY) if field.least is None else plain_number(field.least)
        rule.formula2 = str(_ANY) if field.most is None else plain_number(field.most)
    elif field.kind is FieldKind.DAY:
        spans = (f"AND({first}>={low},{first}<={high})" for low, high in (_YEARS, _DAYS))
        rule.type, rule.formula1 = "custom", f"OR(ISTEXT({first}),{','.join(spans)})"
    else:
        rule.showErrorMessage = False
    return rule


def _cut(words: str) -> str:
    """Words as long as a spreadsheet shows them beside a cell."""
    if len(words) <= _MOST_HELP:
        return words
    return f"{words[: _MOST_HELP - 1].rpartition(' ')[0]}…"


__all__ = ["write_form_workbook"]
