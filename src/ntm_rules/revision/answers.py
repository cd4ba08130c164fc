"""
A filled worksheet, read: its columns found by their headings, every row held against the set, every answer parsed.

Whatever is wrong is told at once, each by its cell; a sheet with a problem confirms nothing.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

import attrs

from ntm_rules.errors import Problem, ProblemCode, RevisionError, Where
from ntm_rules.language.nodes import shown
from ntm_rules.language.shape import MAX_HINTS
from ntm_rules.language.workbook import CellKind, Grid, GridCell, GridRow, cell_name
from ntm_rules.messages import LANGUAGES, Language, fold, nearest, text
from ntm_rules.revision.worksheet import Answer, Said, WorksheetRow, confirm, worksheet
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.quantities import UNITS, Quantity, QuantityError, plain_number
from ntm_rules.vocabulary.requirements import Nothing
from ntm_rules.vocabulary.revisions import Revision, Verified


class Column(enum.Enum):
    """The columns of a worksheet, in their order; the last five are filled in."""

    ADDRESS = "address"
    PART = "part"
    ROW = "row"
    TITLE = "title"
    SUBJECT = "subject"
    SIGN = "sign"
    VALUE = "value"
    UNIT = "unit"
    GRADE = "grade"
    CITATION = "citation"
    EDITION = "edition"
    CANDIDATE = "candidate"
    CANDIDATE_GRADE = "candidate_grade"
    CANDIDATE_WHY = "candidate_why"
    SAYS = "says"
    PAGE = "page"
    ROLE = "role"
    DATE = "date"
    DOCUMENT = "document"

    def heading(self, lang: Language) -> str:
        """Its heading."""
        return text(f"worksheet.{self.value}", lang)


#: What the checker fills in, and what must stay as it was written.
TO_FILL = (Column.SAYS, Column.PAGE, Column.ROLE, Column.DATE, Column.DOCUMENT)
LOCKED = tuple(column for column in Column if column not in TO_FILL)

#: One row of a sheet as it is written, by column.
Line = Mapping[Column, str]

_NUMBERS = (Column.VALUE, Column.CANDIDATE)
_NONE = frozenset({"none", "khong quy dinh", "khong yeu cau"})
_YES = frozenset({"yes", "true", "co", "dat"})
_NO = frozenset({"no", "false", "khong"})
_NUMBER = re.compile(r"(?P<whole>[+-]?[0-9]+)(?:[.,](?P<digits>[0-9]+))?(?P<rest>\s*[^\s0-9.,+-].*)?", re.DOTALL)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_THOUSAND = 3
_LONGEST_NAME = 200
_UNITS_WRONG = frozenset({ProblemCode.UNIT_MISMATCH, ProblemCode.UNIT_UNKNOWN})


@attrs.frozen
class FilledSheet:
    """
    A sheet whose columns were found.

    Attributes:
        lang: The language of its headings, and so of all its words.

        columns: Where each column stands, from 0.
    """

    head: GridRow
    rows: tuple[GridRow, ...]
    lang: Language
    columns: Mapping[Column, int]
    problems: tuple[Problem, ...]

    @classmethod
    def find(cls, grids: Iterable[Grid], file: str) -> FilledSheet:
        """
        The one sheet of a file that has the headings of a worksheet.

        Raises:
            RevisionError: If there is none, or two, or if a column is missing or there twice.
        """
        sheets = [grid for grid in grids if grid.rows]
        if not sheets:
            raise RevisionError([Problem.at(ProblemCode.EMPTY, Where(file))])
        known = [(len(_headings(grid, lang)), grid, lang) for grid in sheets for lang in LANGUAGES]
        most = max(count for count, _, _ in known)
        found = [(grid, lang) for count, grid, lang in known if count == most]
        grid, lang = found[0]
        head, *rows = grid.rows
        twins = [other for other, _ in found if other is not grid]
        if most and twins:
            where, name = twins[0].rows[0].cells[0].where, Column.ADDRESS.heading(lang)
            raise RevisionError([Problem.at(ProblemCode.DUPLICATE_COLUMN, where, name=name)])
        problems = list(_wrong_headings(grid, lang, file))
        if problems:
            raise RevisionError([*problems, *grid.merged])
        columns = {column: cells[0] for column, cells in _headings(grid, lang).items()}
        return cls(head, tuple(rows), lang, columns, grid.merged)

    def cell(self, row: GridRow, column: Column) -> GridCell:
        """A cell; an empty one where the row ends before."""
        at = self.columns[column]
        if at < len(row.cells):
            return row.cells[at]
        file = row.cells[0].where.file
        return GridCell("", Where(file, row.number, at + 1, cell=cell_name(row.number, at + 1)))

    @property
    def edition(self) -> str:
        """
        The edition that it was written for.

        Raises:
            RevisionError: If no row says so.
        """
        named = [cell for row in self.rows if (cell := self.cell(row, Column.EDITION)).text]
        if named:
            return named[0].text
        where = self.cell(self.rows[0] if self.rows else self.head, Column.EDITION).where
        name = Column.EDITION.heading(self.lang)
        raise RevisionError([Problem.at(ProblemCode.HALF_FILLED, where, name=name), *self.problems])


def _headings(grid: Grid, lang: Language) -> dict[Column, list[int]]:
    """Where each heading stands."""
    by_heading = {fold(column.heading(lang)): column for column in Column}
    found: dict[Column, list[int]] = {}
    for at, cell in enumerate(grid.rows[0].cells):
        column = by_heading.get(fold(cell.text))
        if column is not None:
            found.setdefault(column, []).append(at)
    return found


def _wrong_headings(grid: Grid, lang: Language, file: str) -> Iterable[Problem]:
    head = grid.rows[0]
    found = _headings(grid, lang)
    placed = {at for places in found.values() for at in places}
    others = [cell.text for at, cell in enumerate(head.cells) if at not in placed and cell.text]
    for column in Column:
        places = found.get(column, [])
        name = column.heading(lang)
        if not places:
            where = Where(file, head.number)
            yield Problem.at(ProblemCode.MISSING_COLUMN, where, name=name, nearest=nearest(name, others))
        for at in places[1:]:
            yield Problem.at(ProblemCode.DUPLICATE_COLUMN, head.cells[at].where, name=name)


# --- the rows ---------------------------------------------------------------------------------------------------


def confirm_sheet(sheet: FilledSheet, rules: CriteriaSet, lines: Sequence[Line]) -> Revision:
    """
    The verification that a filled sheet makes.

    Args:
        sheet: The sheet.

        rules: The edition that it was written for.

        lines: The rows as they were written, in the language of the sheet: one for each of `worksheet`.

    Raises:
        RevisionError: With everything that is wrong, each by its cell.
    """
    reader = _Reader(sheet, rules, {_key(line): line for line in lines})
    answers = [answer for row in sheet.rows for answer in reader.row(row)]
    problems = [*sheet.problems, *reader.problems]
    try:
        revision = confirm(rules, answers)
    except RevisionError as error:
        raise RevisionError([*problems, *error.problems]) from None
    if problems:
        raise RevisionError(problems)
    return revision


_Key = tuple[str, str, str]


def _key(line: Line) -> _Key:
    return (line[Column.ADDRESS], line[Column.PART], line[Column.ROW])


@attrs.define(slots=False)
class _Reader:
    """What reading every row needs, and what is wrong so far."""

    sheet: FilledSheet
    rules: CriteriaSet
    lines: Mapping[_Key, Line]
    problems: list[Problem] = attrs.field(factory=list)
    first: dict[_Key, GridCell] = attrs.field(factory=dict)

    @cached_property
    def cells(self) -> dict[_Key, WorksheetRow]:
        """The cells of the set that may be on a sheet."""
        made = {}
        for row in worksheet(self.rules):
            at, part, name = row.key
            made[(f"{self.rules.id}#{at}", part, name)] = row
        return made

    def problem(self, code: ProblemCode, where: Where, **params: object) -> None:
        self.problems.append(
            Problem.at(code, where, **{name: shown(str(value)) for name, value in params.items() if value is not None})
        )

    def row(self, row: GridRow) -> list[Answer]:
        """The answer in a row, if it is filled in and nothing is wrong with it."""
        cells = {column: self.sheet.cell(row, column) for column in Column}
        before = len(self.problems)
        self._refuse_extra(row)
        for column, cell in cells.items():
            if cell.kind is CellKind.FORMULA:
                self.problem(ProblemCode.FORMULA, cell.where, seen=cell.text)
            elif cell.kind in (CellKind.DAY, CellKind.UNCLEAR) and column in TO_FILL and column is not Column.DATE:
                self.problem(ProblemCode.AMBIGUOUS_NUMBER, cell.where, seen=cell.text)
        known = self._known(cells)
        filled = any(cells[column].text for column in TO_FILL)
        if known is None or not filled:
            return []
        for column in TO_FILL:
            if not cells[column].text:
                name = column.heading(self.sheet.lang)
                self.problem(ProblemCode.HALF_FILLED, cells[column].where, name=name)
        says = self._says(cells[Column.SAYS], known)
        day = self._day(cells[Column.DATE])
        if says is None or day is None or len(self.problems) > before:
            return []
        document, page, role = (cells[each].text for each in (Column.DOCUMENT, Column.PAGE, Column.ROLE))
        verified = Verified(document, page, role, day)
        where = cells[Column.SAYS].where
        return [Answer(at=known.at, part=known.part, row=known.row, says=says, verified=verified, where=where)]

    @cached_property
    def headed(self) -> frozenset[int]:
        """Where a heading stands."""
        return frozenset(at for at, cell in enumerate(self.sheet.head.cells) if cell.text)

    def _refuse_extra(self, row: GridRow) -> None:
        """What stands under no heading may be a cell that was shifted, as by a decimal comma between commas."""
        for at, cell in enumerate(row.cells):
            if cell.text and at not in self.headed:
                self.problem(ProblemCode.WRONG_CELL_COUNT, cell.where, found=len(row.cells), wanted=len(self.headed))

    def _known(self, cells: Mapping[Column, GridCell]) -> WorksheetRow | None:
        """The cell that a row is about, if nothing but the answer was written into the row."""
        at, part, name = (_squeezed(cells[each].text) for each in (Column.ADDRESS, Column.PART, Column.ROW))
        key = (at, part, name)
        where = cells[Column.ADDRESS].where
        if key not in self.lines or key not in self.cells:
            words = " ".join(filter(None, key)) or "?"
            near = nearest(words, (" ".join(filter(None, each)) for each in self.lines)) if self._hints(words) else None
            self.problem(ProblemCode.NO_SUCH_CELL, where, name=words, of=self.rules.edition, nearest=near)
            return None
        first = self.first.setdefault(key, cells[Column.ADDRESS])
        if first.where != where:
            self.problem(ProblemCode.CELL_TWICE, where, name=" ".join(filter(None, key)), first=first.where.cell)
            return None
        same = True
        for column in LOCKED:
            cell, wanted = cells[column], self.lines[key][column]
            if cell.kind is not CellKind.FORMULA and _as_compared(cell.text, column) != _as_compared(wanted, column):
                same = False
                name, nothing = column.heading(self.sheet.lang), "-"
                params = {"name": name, "found": cell.text or nothing, "wanted": wanted or nothing}
                self.problem(ProblemCode.NOT_AS_WRITTEN, cell.where, **params)
        return self.cells[key] if same else None

    def _hints(self, words: str) -> bool:
        """Whether to look for the nearest: of long words, or again and again, that would take long."""
        return len(words) <= _LONGEST_NAME and len(self.problems) < MAX_HINTS

    def _day(self, cell: GridCell) -> date | None:
        if not cell.text or cell.kind is CellKind.FORMULA:
            return None
        try:
            if _DAY.fullmatch(cell.text):
                return date.fromisoformat(cell.text)
        except ValueError:
            pass
        self.problem(ProblemCode.BAD_FORMAT, cell.where, found=cell.text, format="2026-01-31")
        return None

    def _says(self, cell: GridCell, row: WorksheetRow) -> Said | None:
        """What the gazette says; None where nothing is written, or nothing that is an answer."""
        if not cell.text or cell.kind not in (CellKind.TEXT, CellKind.NUMBER):
            return None
        scale = None if row.cell is None or row.fact is None else row.fact.scale
        step = None if scale is None else scale.step(cell.text)
        if step is not None:
            return step
        word = fold(cell.text)
        if word in _NONE:
            return Nothing()
        if word in _YES or word in _NO:
            if row.can_be_affirmed:
                return word in _YES
            self.problem(ProblemCode.NOT_AN_ANSWER, cell.where, seen=cell.text, wanted=row.wanted)
            return None
        if scale is not None:
            names = (name for each in scale.steps for name in (each.id, each.title.vi, each.title.en))
            near = nearest(cell.text, names) if self._hints(cell.text) else None
            self.problem(ProblemCode.NOT_A_STEP, cell.where, scale=scale.id, name=cell.text, nearest=near)
            return None
        if row.cell is None or row.fact is None or row.fact.unit is None:
            self.problem(ProblemCode.NOT_AN_ANSWER, cell.where, seen=cell.text, wanted="yes")
            return None
        return self._figure(cell, row.fact.unit)

    def _figure(self, cell: GridCell, unit: str) -> Quantity | None:
        """A figure; a bare number is in the unit that its row names."""
        found = _NUMBER.fullmatch(cell.text)
        if found is None:
            self.problem(ProblemCode.NOT_A_NUMBER, cell.where, seen=cell.text)
            return None
        whole, digits = found["whole"].lstrip("+-"), found["digits"] or ""
        # 1.234: thousands in one country, thousandths in another. A number cell of a workbook says itself which.
        grouped = len(digits) == _THOUSAND and 1 <= len(whole.lstrip("0")) <= _THOUSAND
        if grouped and cell.kind is CellKind.TEXT:
            self.problem(ProblemCode.AMBIGUOUS_NUMBER, cell.where, seen=cell.text)
            return None
        number = f"{found['whole']}.{digits}" if digits else found["whole"]
        rest = (found["rest"] or "").strip()
        if not rest and unit == "percent" and 0 < Decimal(number) <= 1:
            # 0.95 may be 95 %, and 1 the whole.
            share = plain_number(Decimal(number).scaleb(2))
            self.problem(ProblemCode.SHARE_AS_FRACTION, cell.where, seen=cell.text, share=share)
            return None
        try:
            return Quantity.parse(f"{number} {rest or UNITS[unit].spellings[0]}", unit)
        except QuantityError as error:
            code = ProblemCode.THRESHOLD_UNIT if error.code in _UNITS_WRONG else error.code
            self.problem(code, cell.where, seen=cell.text, unit=unit)
            return None


def _squeezed(words: str) -> str:
    return " ".join(words.split())


def _as_compared(words: str, column: Column) -> str:
    """A cell as it is compared with what was written: spreadsheets change blanks, and the decimal mark of numbers."""
    words = _squeezed(words)
    return words.replace(",", ".") if column in _NUMBERS else words


__all__ = ["LOCKED", "TO_FILL", "Column", "FilledSheet", "Line", "confirm_sheet"]
