"""
A form: a blank dossier as officials fill it in, in a workbook or as CSV, and read back as the nodes of a dossier.

A form is made of tables, each under a line of headings that a mark begins. Every row says by hidden keys what it asks,
so that rows may be sorted, filtered and moved; a row whose words and keys fell apart is refused, not guessed. Figures
may be typed as numbers, with a decimal comma or with a per cent sign; the unit is the one that stands beside them.
"""

from __future__ import annotations

import csv
import enum
import io
import os
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingType
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import attrs

from ntm_rules.errors import DocumentError, Problem, ProblemCode, Where
from ntm_rules.language import reading
from ntm_rules.language.cells import NUMBER, conclusion, counted, measured
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence, mapping_of, shown, with_paths
from ntm_rules.language.workbook import CellKind, Grid, GridCell, GridRow, is_workbook, read_grids
from ntm_rules.messages import LANGUAGES, Language, fold, has_text, text
from ntm_rules.vocabulary.criteria import SetId
from ntm_rules.vocabulary.dossiers import Status
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, Level
from ntm_rules.vocabulary.quantities import find_unit

#: What begins a line of headings, before the name of the table; its number changes with the form's own form.
MARK_OF_FORM = "ntm-form-1"

#: How keys begin: a figure, another fact, a tally that was published, a supporting document; then what, and its part.
FIGURE, FACT, REPORTED, DOCUMENT = "figure:", "fact:", "reported:", "document:"
#: How the key of a conclusion begins; bare addresses such as 10/10 would be taken for dates.
ATTESTED = "attested:"
OF_PART = "__"
PLACE, ATTRIBUTES = "place.", "place.attributes."
OVERLAYS = "overlays"
#: What stands between the files of overlays in one cell.
BETWEEN_FILES = ";"

_TEXT_FILES = (".csv", ".tsv")
# A table of places may be large; a form tells what it is in its first lines.
_ENOUGH = 4096
_FORMULA = ("=", "+", "-", "@")
_QUOTE = "'"
_ONE = Decimal(1)


class FormTable(enum.Enum):
    """The tables of a form."""

    PLACE = "place"
    ROWS = "rows"
    DOCUMENTS = "documents"

    @property
    def mark(self) -> str:
        """What begins its line of headings."""
        return f"{MARK_OF_FORM} {self.value}"


class FormColumn(enum.Enum):
    """The columns of the tables; the first three are hidden, of the others each table has some."""

    KEY = "key"
    ADDRESS = "address"
    AS_WRITTEN = "as_written"
    NUMBER = "number"
    SUBJECT = "subject"
    REQUIRED = "required"
    UNIT = "unit"
    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    FOR = "for"
    DOCUMENT = "document"
    VERDICT = "verdict"
    BY = "by"
    AS_OF = "as_of"
    DATED = "dated"
    PAPER = "paper"
    TITLE = "title"
    ISSUER = "issuer"
    SIGN = "sign"

    def heading(self, table: FormTable, lang: Language) -> str:
        """Its heading; that of the first column is the table's mark."""
        if self is FormColumn.KEY:
            return table.mark
        own = f"form.{table.value}_{self.value}"
        return text(own if has_text(own) else f"form.column_{self.value}", lang)


_C = FormColumn
#: The columns of each table, in their order.
COLUMNS = {
    FormTable.PLACE: (_C.KEY, _C.AS_WRITTEN, _C.SUBJECT, _C.VALUE, _C.REQUIRED),
    FormTable.ROWS: (
        *(_C.KEY, _C.ADDRESS, _C.AS_WRITTEN, _C.NUMBER, _C.SUBJECT, _C.REQUIRED, _C.UNIT),
        *(_C.VALUE, _C.NUMERATOR, _C.DENOMINATOR, _C.FOR, _C.DOCUMENT),
        *(_C.VERDICT, _C.BY, _C.AS_OF, _C.DATED, _C.PAPER),
    ),
    FormTable.DOCUMENTS: (_C.KEY, _C.NUMBER, _C.TITLE, _C.SIGN, _C.ISSUER, _C.DATED),
}
#: What is hidden, and what officials fill in.
HIDDEN = frozenset({_C.KEY, _C.ADDRESS, _C.AS_WRITTEN})
OF_FIGURE = (_C.VALUE, _C.NUMERATOR, _C.DENOMINATOR, _C.FOR, _C.DOCUMENT)
OF_CONCLUSION = (_C.VERDICT, _C.BY, _C.AS_OF, _C.DATED, _C.PAPER)
OF_DOCUMENT = (_C.TITLE, _C.SIGN, _C.ISSUER, _C.DATED)
TO_FILL = {
    FormTable.PLACE: (_C.VALUE,),
    FormTable.ROWS: (*OF_FIGURE, *OF_CONCLUSION),
    FormTable.DOCUMENTS: OF_DOCUMENT,
}


class FieldKind(enum.Enum):
    """What a cell takes: words, a number, a date as far as it is known, a year, or one of some words."""

    WORDS = "words"
    NUMBER = "number"
    DAY = "day"
    YEAR = "year"
    CHOICE = "choice"


@attrs.frozen(kw_only=True)
class FormField:
    """
    What a cell takes, for the spreadsheet to check.

    Attributes:
        least: Of a number.

        most: Of a number.

        choices: The words of a choice.

        title: Over the help.

        help: What is shown beside the cell.
    """

    kind: FieldKind = FieldKind.WORDS
    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[str, ...] = ()
    title: str = ""
    help: str = ""


@attrs.frozen
class FormRow:
    """
    A row.

    Attributes:
        texts: What stands in its cells, by column.

        fields: The cells that are to be filled in, by column.

        whole: Whether it heads the rows after it.
    """

    texts: MappingType[FormColumn, str]
    fields: MappingType[FormColumn, FormField]
    whole: bool = False


@attrs.frozen(kw_only=True)
class FormSheet:
    """A table, with the title of its sheet."""

    table: FormTable
    title: str
    rows: tuple[FormRow, ...]


@attrs.frozen(kw_only=True)
class FormLayout:
    """A form in words, to be written to a file: its tables, and the lines that say how to fill it in."""

    lang: Language
    title: str
    sheets: tuple[FormSheet, ...]
    notes_title: str
    notes: tuple[str, ...]


# --- writing ----------------------------------------------------------------------------------------------------


def write_form_csv(layout: FormLayout) -> str:
    """A form as CSV: its tables one after the other, an empty line between them."""
    width = max(len(COLUMNS[sheet.table]) for sheet in layout.sheets)
    lines: list[list[str]] = []
    for sheet in layout.sheets:
        columns = COLUMNS[sheet.table]
        lines += [[]] if lines else []
        lines.append([column.heading(sheet.table, layout.lang) for column in columns])
        lines += ([_harmless(row.texts.get(column, "")) for column in columns] for row in sheet.rows)
    stream = io.StringIO()
    # Every line has as many cells, as spreadsheets write them.
    csv.writer(stream, lineterminator="\n").writerows([*line, *[""] * (width - len(line))] for line in lines)
    return stream.getvalue()


def _harmless(words: str) -> str:
    """Words that no spreadsheet takes for a formula; `_cell` takes the quote away again."""
    return f"{_QUOTE}{words}" if words.startswith(_FORMULA) else words


# --- reading ----------------------------------------------------------------------------------------------------


def is_form(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a form: a workbook, by its name, or a CSV file that begins with a form's mark."""
    name = os.fspath(path)
    if is_workbook(name):
        return True
    if not name.lower().endswith(_TEXT_FILES):
        return False
    try:
        with Path(name).open("rb") as stream:
            return MARK_OF_FORM.encode() in stream.read(_ENOUGH)
    except (OSError, ValueError):
        return False


def read_document(path: str | os.PathLike[str]) -> Node:
    """
    Read a file for a parser: a form as the dossier that it is, any other as `reading.read_document` does.

    Raises:
        DocumentError: If the file can't be read at all; with every problem found.

        MissingExtraError: If it is a workbook and openpyxl is not installed.
    """
    return read_form(path) if is_form(path) else reading.read_document(path)


def read_form(path: str | os.PathLike[str]) -> Mapping:
    """
    Read a form as the document of a dossier; what is wrong with its cells is left to the parser, as its `faults`.

    Raises:
        DocumentError: If the file can't be read, or is no form.

        MissingExtraError: If it is a workbook and openpyxl is not installed.
    """
    name = os.fspath(path)
    problems: list[Problem] = []
    lines = [line for grid in read_grids(name) for line in _lines(grid, problems)]
    found = {line.table for line in lines}
    if not found >= {FormTable.PLACE, FormTable.ROWS}:
        raise DocumentError([*problems, Problem.at(ProblemCode.NOT_A_FORM, Where(name), mark=MARK_OF_FORM)])
    return _Reader(name, problems).document(lines)


@attrs.frozen
class _Line:
    """A row of a table, its cells by column; that of the headings has no cells."""

    table: FormTable
    cells: MappingType[FormColumn, GridCell]

    def text(self, column: FormColumn) -> str:
        """What a cell holds."""
        return self.cells[column].text

    def scalar(self, column: FormColumn) -> Scalar:
        """A cell as a node."""
        cell = self.cells[column]
        return Scalar(cell.text or None, cell.where)

    def filled(self, columns: Iterable[FormColumn]) -> list[FormColumn]:
        """Those of some columns that hold anything."""
        return [column for column in columns if self.cells[column].text]


@lru_cache(maxsize=1)
def _headings() -> MappingType[tuple[FormTable, str], FormColumn]:
    """The columns of each table by their folded headings in any language."""
    return {
        (table, fold(column.heading(table, lang))): column
        for table, columns in COLUMNS.items()
        for column in columns
        for lang in LANGUAGES
    }


def _lines(grid: Grid, problems: list[Problem]) -> Iterator[_Line]:
    """The rows of the tables in a sheet; what stands before the first headings is ours."""
    table: FormTable | None = None
    columns: dict[FormColumn, int] = {}
    marks = {each.mark: each for each in FormTable}
    for row in grid.rows:
        head = next((marks[cell.text] for cell in row.cells if cell.text in marks), None)
        if head is not None:
            if table is None:
                problems += [attrs.evolve(each, where=_in_sheet(each.where, grid)) for each in grid.merged]
            table, columns = head, _columns(head, row, grid, problems)
            yield _Line(head, {})
        elif table is not None:
            cells = {column: _cell(row, columns.get(column), grid) for column in COLUMNS[table]}
            yield _Line(table, cells)


def _columns(table: FormTable, head: GridRow, grid: Grid, problems: list[Problem]) -> dict[FormColumn, int]:
    """Where each column stands; one that is missing or there twice is a problem."""
    found: dict[FormColumn, int] = {}
    for at, cell in enumerate(head.cells):
        column = _headings().get((table, fold(cell.text)))
        if column is None:
            continue
        if column in found:
            where = _in_sheet(cell.where, grid)
            problems.append(
                Problem.at(ProblemCode.DUPLICATE_COLUMN, where, name=shown(cell.text), first_column=found[column] + 1)
            )
        else:
            found[column] = at
    first = _in_sheet(head.cells[0].where, grid)
    problems += [
        Problem.at(ProblemCode.MISSING_COLUMN, first, name=column.heading(table, LANGUAGES[0]))
        for column in COLUMNS[table]
        if column not in found
    ]
    return found


def _in_sheet(where: Where, grid: Grid) -> Where:
    return where if grid.title is None else attrs.evolve(where, sheet=grid.title)


def _cell(row: GridRow, at: int | None, grid: Grid) -> GridCell:
    """A cell with its sheet; an empty one where the row ends before, or the column is missing."""
    if at is None or at >= len(row.cells):
        return GridCell("", _in_sheet(row.cells[0].where, grid))
    cell = row.cells[at]
    words = cell.text
    if words.startswith(_QUOTE) and words[1:].startswith(_FORMULA):
        words = words[1:]
    return attrs.evolve(cell, text=words, where=_in_sheet(cell.where, grid))


@attrs.frozen
class _Reader:
    """Puts the rows of a form together as a dossier, noting what is wrong with them."""

    file: str
    problems: list[Problem]

    def document(self, lines: Iterable[_Line]) -> Mapping:
        """The dossier."""
        rows, usable = self._once(lines)
        here = Where(self.file)
        root: dict[str, Node] = {"dossier": Scalar("1", here)}
        place: dict[str, Node] = {}
        attributes: dict[str, Node] = {}
        for key, line in rows[FormTable.PLACE].items():
            node = line.scalar(FormColumn.VALUE)
            if key.startswith(ATTRIBUTES):
                attributes[key.removeprefix(ATTRIBUTES)] = node
            elif key.startswith(PLACE):
                place[key.removeprefix(PLACE)] = node
            elif key == OVERLAYS:
                root[key] = _files(node)
            else:
                root[key] = node
        whole = rows[FormTable.ROWS]
        # That neither province nor region is known is told at the province.
        where = next((place[key].where for key in ("province", "name") if key in place), here)
        place = {"level": Scalar(_level(root.get("set")).value, where)} | _known(place, "kind", _kinds())
        if attributes:
            place["attributes"] = mapping_of(_given(attributes), where)
        root = _known(root, "status", _statuses())
        root["place"] = mapping_of(_given(place, "name"), where)
        documents = {key.removeprefix(DOCUMENT): _document(line) for key, line in rows[FormTable.DOCUMENTS].items()}
        facts, reported = self._facts(whole), self._reported(whole)
        attested = self._attested(usable)
        root |= {
            "documents": mapping_of(documents, here),
            "facts": mapping_of(facts, here),
            "attestations": mapping_of(attested, here),
            "reported": mapping_of(reported, here),
        }
        made = with_paths(mapping_of(_given(root, "year"), here))
        assert isinstance(made, Mapping)  # it was made one  # noqa: S101
        return attrs.evolve(made, faults=tuple(self.problems))

    # --- which rows count -----------------------------------------------------------------------------------------

    def _once(self, lines: Iterable[_Line]) -> tuple[dict[FormTable, dict[str, _Line]], list[_Line]]:
        """The rows of each table that are filled in, by key, those of the place always; and all that can be used."""
        usable: list[_Line] = []
        rows: dict[FormTable, dict[str, _Line]] = {table: {} for table in FormTable}
        headed: set[FormTable] = set()
        for line in lines:
            if not line.cells:
                if line.table in headed:
                    self._problem(ProblemCode.DUPLICATE_COLUMN, Where(self.file), name=line.table.mark, first_column=1)
                headed.add(line.table)
                continue
            if not self._usable(line):
                continue
            usable.append(line)
            key = line.text(FormColumn.KEY)
            wanted = OF_FIGURE if line.table is FormTable.ROWS else TO_FILL[line.table]
            filled = line.filled(wanted)
            if not key or (not filled and line.table is not FormTable.PLACE):
                continue
            first = rows[line.table].setdefault(key, line)
            if first is not line:
                at = first.cells[wanted[0]].where
                name = line.cells[FormColumn.KEY].text.partition(":")[2] or key
                self._problem(ProblemCode.CELL_TWICE, line.cells[filled[0] if filled else wanted[0]].where,
                              name=name, first=at.in_sheet or at.line)  # fmt: skip
        return rows, usable

    def _usable(self, line: _Line) -> bool:
        """Whether what a row holds can be read, is asked for there, and stands beside the words it was written with."""
        before = len(self.problems)
        filled = line.filled(TO_FILL[line.table])
        for column in filled:
            cell = line.cells[column]
            if cell.kind in _UNUSABLE:
                self._problem(_UNUSABLE[cell.kind], cell.where, seen=shown(cell.text))
        asked = set(TO_FILL[line.table])
        if line.table is FormTable.ROWS:
            asked = {*(OF_FIGURE if line.text(_C.KEY) else ()), *(OF_CONCLUSION if line.text(_C.ADDRESS) else ())}
        elif not line.text(_C.KEY):
            asked = set()
        for column in filled:
            if column not in asked:
                self._problem(ProblemCode.NOT_ASKED, line.cells[column].where, seen=shown(line.text(column)))
        if filled and line.table is not FormTable.DOCUMENTS:
            was, now = line.text(_C.AS_WRITTEN), line.text(_C.SUBJECT)
            if fold(was) != fold(now):
                params = {"name": shown(was), "wanted": shown(was), "found": shown(now)}
                self._problem(ProblemCode.NOT_AS_WRITTEN, line.cells[_C.SUBJECT].where, **params)
        return len(self.problems) == before

    def _problem(self, code: ProblemCode, where: Where, **params: object) -> None:
        self.problems.append(Problem.at(code, where, **params))

    # --- what they say --------------------------------------------------------------------------------------------

    def _facts(self, rows: MappingType[str, _Line]) -> dict[str, Node]:
        """The facts, those that are told by parts with their parts."""
        told: dict[str, dict[str, Node]] = {}
        for key, line in rows.items():
            if not key.startswith((FIGURE, FACT)):
                continue
            fact, _, part = key.partition(":")[2].partition(OF_PART)
            node = self._fact(line, figure=key.startswith(FIGURE))
            told.setdefault(fact, {})[part] = node
        facts: dict[str, Node] = {}
        for fact, parts in told.items():
            whole = parts.pop("", None)
            if not parts:
                facts[fact] = whole if whole is not None else mapping_of({}, Where(self.file))
                continue
            where = next(iter(parts.values())).where
            own = dict(_entries(whole)) if isinstance(whole, Mapping) else {} if whole is None else {"value": whole}
            facts[fact] = mapping_of({**own, "parts": mapping_of(parts, where)}, where)
        return facts

    def _fact(self, line: _Line, *, figure: bool) -> Node:
        """What one row says of a fact."""
        value = line.scalar(_C.VALUE)
        top, bottom = (counted(line.scalar(each), self.problems) for each in (_C.NUMERATOR, _C.DENOMINATOR))
        if figure and value.text is not None:
            value = self._measured(line, value)
        if (top.text is None) != (bottom.text is None):
            empty = _C.NUMERATOR if top.text is None else _C.DENOMINATOR
            self._half(line, empty)
            top = bottom = Scalar(None, value.where)
        elif line.text(_C.VALUE) == "" and top.text is None:
            self._half(line, _C.VALUE)
        said = {"value": value, "numerator": top, "denominator": bottom}
        said |= {"for": line.scalar(_C.FOR), "document": line.scalar(_C.DOCUMENT)}
        given = _given(said)
        return value if set(given) <= {"value"} else mapping_of(given, value.where)

    def _measured(self, line: _Line, value: Scalar) -> Scalar:
        """A figure with the unit that stands beside it; a bare number up to 1 may be meant as 0.5 % or as 50 %."""
        unit = find_unit(line.text(_C.UNIT))
        if unit is None:
            cell = line.cells[_C.UNIT]
            self._problem(ProblemCode.UNIT_UNKNOWN, cell.where, name=shown(cell.text))
            return attrs.evolve(value, text=None)
        bare = NUMBER.fullmatch(value.text or "")
        small = bare is not None and abs(Decimal(f"{bare['whole']}.{bare['digits'] or 0}")) <= _ONE
        return measured(value, unit, self.problems, fractions=unit.id == "percent" and small)

    def _half(self, line: _Line, empty: FormColumn) -> None:
        """Note that a row is filled in in part only."""
        name = empty.heading(line.table, LANGUAGES[0])
        self._problem(ProblemCode.HALF_FILLED, line.cells[empty].where, name=name)

    def _reported(self, rows: MappingType[str, _Line]) -> dict[str, Node]:
        """The tallies that were published."""
        found: dict[str, Node] = {}
        for key, line in rows.items():
            if key.startswith(REPORTED):
                said = {"value": line.scalar(_C.VALUE), "document": line.scalar(_C.DOCUMENT)}
                found[key.removeprefix(REPORTED)] = mapping_of(_given(said), line.cells[_C.VALUE].where)
        return found

    def _attested(self, lines: Iterable[_Line]) -> dict[str, Node]:
        """The conclusions; of one row there may be several, each in a row of its own."""
        found: dict[str, list[Node]] = {}
        for line in lines:
            address = line.text(_C.ADDRESS) if line.table is FormTable.ROWS else ""
            if not address or not line.filled(OF_CONCLUSION):
                continue
            if not line.text(_C.VERDICT):
                self._half(line, _C.VERDICT)
                continue
            said = conclusion(line.scalar(_C.VERDICT))
            beside = {"by": _C.BY, "for": _C.AS_OF, "dated": _C.DATED, "document": _C.PAPER}
            nodes = {key: line.scalar(column) for key, column in beside.items()}
            whole = mapping_of({**dict(_entries(said)), **_given(nodes)}, said.where)
            found.setdefault(address.removeprefix(ATTESTED), []).append(whole)
        return {
            address: nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes), nodes[0].where)
            for address, nodes in found.items()
        }


_UNUSABLE = {CellKind.FORMULA: ProblemCode.FORMULA, CellKind.UNCLEAR: ProblemCode.AMBIGUOUS_NUMBER}


def _entries(node: Mapping) -> Iterator[tuple[str, Node]]:
    return ((key.text or "", value) for key, value in node.entries)


def _given(nodes: MappingType[str, Node], *needed: str) -> dict[str, Node]:
    """Without what is empty; what is needed stays, for the parser to say so at its place."""
    return {
        key: node
        for key, node in nodes.items()
        if not (isinstance(node, Scalar) and node.text is None) or key in needed
    }


def _known(nodes: dict[str, Node], key: str, words: MappingType[str, str]) -> dict[str, Node]:
    """With the name of ours for a word of a choice under *key*."""
    node = nodes.get(key)
    if not isinstance(node, Scalar) or node.text is None:
        return nodes
    return nodes | {key: attrs.evolve(node, text=words.get(fold(node.text), node.text))}


@lru_cache(maxsize=1)
def _kinds() -> MappingType[str, str]:
    kinds = {kind for its in KINDS_OF_LEVEL.values() for kind in its if has_text(f"place_kind.{kind}")}
    return {fold(text(f"place_kind.{kind}", lang)): kind for kind in kinds for lang in LANGUAGES}


@lru_cache(maxsize=1)
def _statuses() -> MappingType[str, str]:
    return {fold(text(f"form.status_{each.value}", lang)): each.value for each in Status for lang in LANGUAGES}


def _level(set_id: Node | None) -> Level:
    """The level of the set; the parser tells what is wrong with a name that is none."""
    name = set_id.text if isinstance(set_id, Scalar) else None
    try:
        return SetId.parse(name or "").level
    except ValueError:
        return Level.COMMUNE


def _files(node: Scalar) -> Node:
    files = [each.strip() for each in (node.text or "").split(BETWEEN_FILES)]
    return Sequence(tuple(attrs.evolve(node, text=each) for each in files if each), node.where)


def _document(line: _Line) -> Mapping:
    keys = {"title": _C.TITLE, "number": _C.SIGN, "issuer": _C.ISSUER, "dated": _C.DATED}
    return mapping_of(_given({key: line.scalar(column) for key, column in keys.items()}), line.cells[_C.TITLE].where)


__all__ = [
    "ATTESTED",
    "ATTRIBUTES",
    "BETWEEN_FILES",
    "COLUMNS",
    "DOCUMENT",
    "FACT",
    "FIGURE",
    "HIDDEN",
    "MARK_OF_FORM",
    "OF_CONCLUSION",
    "OF_DOCUMENT",
    "OF_FIGURE",
    "OF_PART",
    "OVERLAYS",
    "PLACE",
    "REPORTED",
    "TO_FILL",
    "FieldKind",
    "FormColumn",
    "FormField",
    "FormLayout",
    "FormRow",
    "FormSheet",
    "FormTable",
    "is_form",
    "read_document",
    "read_form",
    "write_form_csv",
]
