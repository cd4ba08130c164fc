"""
A table of places, one a row: CSV as spreadsheets write it, every row a dossier.

Each row becomes the same nodes that a dossier file gives, so that `parse_dossier` checks both alike. Only what
spreadsheets write differently is understood here: a decimal comma, a bare number in a column of one unit, titles as
headings.
"""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingType
from typing import NamedTuple

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.language.beneath import Shelf
from ntm_rules.language.cells import CONCLUSIONS, MARK, NUMBER, conclusion, delimiter_of, measured, text_of
from ntm_rules.language.dossiers import parse_dossier, part_named
from ntm_rules.language.nodes import Mapping, Node, Scalar, mapping_of, shown
from ntm_rules.messages import fold, nearest
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, FactKind
from ntm_rules.vocabulary.quantities import UNITS, Quantity, QuantityError

#: What a column of conclusions is headed with, before the address: ``attested:10``.
ATTESTED = "attested:"

_PLACE = ("level", "kind", "name", "district", "province", "region")
#: What stands between a fact and its part in a heading: ``trained_labour_share__men``.
OF_PART = "__"
#: The columns that say which dossier a row is.
IDENTITY = (*_PLACE, "year", "set", "on")
_NEEDED = ("name", "year")

# How each column may be headed, folded; facts and attestations come beside.
_HEADINGS = {
    "name": ("name", "commune", "ten", "ten xa", "xa", "dia ban", "ten dia ban"),
    "level": ("level", "cap"),
    "kind": ("kind", "loai hinh"),
    "district": ("district", "huyen", "ten huyen"),
    "province": ("province", "tinh", "ten tinh"),
    "region": ("region", "vung"),
    "year": ("year", "nam"),
    "set": ("set", "bo tieu chi"),
    "on": ("on", "ngay xet"),
    "status": ("status",),
    "note": ("note", "ghi chu"),
}
_COLUMN_OF = {heading: key for key, headings in _HEADINGS.items() for heading in headings}

# Words of cells, folded; what is not here goes to the parser as it is.
_LEVELS = {"thon": "village", "xa": "commune", "huyen": "district", "tinh": "province"}
_WITH_UNIT = re.compile(r"(?P<title>.+?)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]")


class Row(NamedTuple):
    """
    One row of a table.

    Attributes:
        number: Its number as spreadsheets count, the headings being row 1.

        outcome: Its dossier, or everything that is wrong with it.

        identity: The cells of the columns that say which dossier it is, by heading, as typed.
    """

    number: int
    outcome: Dossier | DossierError
    identity: dict[str, str]


@attrs.frozen
class _Line:
    """A row as text."""

    number: int
    line: int
    cells: list[str]


@attrs.frozen
class TableColumn:
    """
    What one column holds.

    Attributes:
        key: A key of the dossier or its place, the id of a fact or of an attribute of the place, or an address.

        kind: ``key``, ``fact``, ``attribute`` or ``attested``.

        unit: For figures: the unit of bare numbers.

        part: Which part of the fact it holds (``trained_labour_share__men``).

        fractions: Whether its bare numbers look like shares written as 0.95; then they are refused, not guessed.
    """

    at: int
    heading: str
    key: str
    kind: str
    fact: FactDefinition | None = None
    unit: str | None = None
    fractions: bool = False
    part: str | None = None

    @property
    def meaning(self) -> tuple[str, str, str | None]:
        """What no two columns may have in common."""
        return (self.kind, self.key, self.part)


def read_table(
    path: str | os.PathLike[str],
    shelf: Shelf,
    defaults: MappingType[str, str] | None = None,
    *,
    fixed: MappingType[str, str] | None = None,
) -> Iterator[Row]:
    """
    Read a CSV file of places, one a row.

    Args:
        path: The file, in UTF-8; comma, semicolon or tab between the cells.

        shelf: What is known of facts, places and sets.

        defaults: What a row is taken to say where it has no such cell or an empty one, by key: ``year``, ``set`` …

        fixed: What every row is taken to say, whatever it says itself.

    Returns:
        One `Row` a row that is not empty; a row that can't be used carries its problems, and the others are read.

    Raises:
        DossierError: If the file can't be read or its headings are wrong.
    """
    name = os.fspath(path)
    lines = _lines(text_of(name).removeprefix(MARK), name)
    if not lines:
        raise DossierError([Problem.at(ProblemCode.EMPTY, Where(name))])
    given = {"level": "commune", **(defaults or {})}
    forced = dict(fixed or {})
    columns = _columns(lines[0], name, shelf, {*given, *forced})
    columns = [attrs.evolve(column, fractions=_fractions(column, lines[1:])) for column in columns]
    reader = _Reader(name, len(lines[0].cells), columns, shelf, given, forced)
    return map(reader.row, lines[1:])


# --- tables that are no file ------------------------------------------------------------------------------------


def headings(
    cells: Sequence[str], name: str, shelf: Shelf, given: Collection[str] = (), *, strict: bool = True
) -> list[TableColumn]:
    """
    What the columns of a table hold, by their headings.

    Args:
        cells: The headings, from left to right.

        name: What the table is called in problems.

        shelf: What is known of facts, places and sets.

        given: The keys that need no column, since every row is taken to say them.

        strict: Whether a heading that is not known is a problem, and no column to pass over.

    Raises:
        DossierError: With every heading that is not known, stands twice or is missing.
    """
    line = _Line(1, 1, [unicodedata.normalize("NFC", cell).strip() for cell in cells])
    return _columns(line, name, shelf, {*given}, strict=strict)


def read_rows(
    columns: Sequence[TableColumn],
    rows: Iterable[tuple[int, Sequence[str]]],
    name: str,
    shelf: Shelf,
    defaults: MappingType[str, str] | None = None,
    *,
    fixed: MappingType[str, str] | None = None,
) -> Iterator[Row]:
    """
    Read rows of text as those of a file are read.

    Args:
        columns: What the cells hold, from `headings`, each at its place of the cells.

        rows: The number of every row with its cells.

        name: What the table is called in problems.

        shelf: What is known of facts, places and sets.

        defaults: What a row is taken to say where it says nothing, by key.

        fixed: What every row is taken to say, whatever it says itself.
    """
    width = max((column.at for column in columns), default=0) + 1
    reader = _Reader(name, width, list(columns), shelf, {"level": "commune", **(defaults or {})}, dict(fixed or {}))
    for number, cells in rows:
        yield reader.row(_Line(number, number, [unicodedata.normalize("NFC", cell).strip() for cell in cells]))


# --- the file ---------------------------------------------------------------------------------------------------


def _lines(text: str, name: str) -> list[_Line]:
    """Every row that is not empty; the headings come first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    lines: list[_Line] = []
    number = 0
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise DossierError([Problem.at(ProblemCode.SYNTAX, Where(name, start), why=shown(str(error)))]) from None
        if cells is None:
            return lines
        number += 1
        cells = [unicodedata.normalize("NFC", cell).strip() for cell in cells]
        if any(cells):
            lines.append(_Line(number, start, cells))


# --- the headings -----------------------------------------------------------------------------------------------


class Meanings:
    """What a heading can mean, with all that is known of facts and places."""

    def __init__(self, shelf: Shelf) -> None:
        self._catalogue = shelf.catalogue
        self._titles = _titles(shelf.catalogue)
        attributes = shelf.places.attributes
        self._said = {fold(title): each.id for each in attributes for title in (each.id, each.title.vi, each.title.en)}

    def column(self, at: int, heading: str) -> TableColumn | None:
        """What the column of a heading holds; None where nothing is known by that name."""
        column = _column(at, heading, self._titles)
        if column is None and fold(heading) in self._said:
            return TableColumn(at, heading, self._said[fold(heading)], "attribute")
        return column

    def nearest(self, heading: str) -> dict[str, str]:
        """What a heading most likely meant, as a parameter of a problem."""
        ids = (fact.id for fact in self._catalogue)
        found = nearest(heading, [*_HEADINGS, *ids, *_words(self._catalogue), *self._said.values()])
        return {"nearest": found} if found else {}


def _columns(line: _Line, name: str, shelf: Shelf, given: set[str], *, strict: bool = True) -> list[TableColumn]:
    problems: list[Problem] = []
    columns: dict[tuple[str, str, str | None], TableColumn] = {}
    meanings = Meanings(shelf)
    for at, heading in enumerate(line.cells):
        where = Where(name, line.line, at + 1, heading)
        column = meanings.column(at, heading)
        if column is None:
            if heading and not strict:
                continue
            if heading:
                near = meanings.nearest(heading)
                problems.append(Problem.at(ProblemCode.UNKNOWN_COLUMN, where, name=shown(heading), **near))
            else:
                columns[("empty", str(at), None)] = TableColumn(at, "", "", "empty")
            continue
        first = columns.setdefault(column.meaning, column)
        if first is not column:
            params = {"name": shown(heading), "first_column": first.at + 1}
            problems.append(Problem.at(ProblemCode.DUPLICATE_COLUMN, where, **params))
    problems += [
        Problem.at(ProblemCode.MISSING_COLUMN, Where(name, line.line), name=key)
        for key in _NEEDED
        if key not in given and ("key", key, None) not in columns
    ]
    if problems:
        raise DossierError(problems)
    return list(columns.values())


def _words(catalogue: FactCatalogue) -> Iterator[str]:
    for fact in catalogue:
        yield from (fact.title.vi, fact.title.en)
        for part in () if fact.parts is None else fact.parts.parts or ():
            yield fact.id + OF_PART + part.id


def _titles(catalogue: FactCatalogue) -> dict[str, FactDefinition]:
    """The facts by their folded ids and titles; a title that two facts bear means neither."""
    bearers: dict[str, set[str]] = {}
    for fact in catalogue:
        for title in (fact.id, fact.title.vi, fact.title.en):
            bearers.setdefault(fold(title), set()).add(fact.id)
    return {title: catalogue[next(iter(ids))] for title, ids in bearers.items() if len(ids) == 1}


def _column(at: int, heading: str, titles: dict[str, FactDefinition]) -> TableColumn | None:
    folded = fold(heading)
    if folded in _COLUMN_OF:
        return TableColumn(at, heading, _COLUMN_OF[folded], "key")
    if folded.startswith(ATTESTED) and folded != ATTESTED:
        return TableColumn(at, heading, folded.removeprefix(ATTESTED).strip(), "attested")
    fact = titles.get(folded)
    if fact is not None:
        return TableColumn(at, heading, fact.id, "fact", fact, fact.unit)
    whole, mark, written = heading.rpartition(OF_PART)
    fact = titles.get(fold(whole)) if mark else None
    if fact is not None and fact.parts is not None:
        part = part_named(fact.parts, written.strip())
        return None if part is None else TableColumn(at, heading, fact.id, "fact", fact, fact.unit, part=part)
    with_unit = _WITH_UNIT.fullmatch(heading)
    fact = None if with_unit is None else titles.get(fold(with_unit["title"]))
    if with_unit is None or fact is None or fact.unit is None:
        return None
    try:
        # "Thu nhập (nghìn đồng/người/năm)": bare numbers are in the unit that the heading names.
        unit = Quantity.parse(f"1 {with_unit['unit']}").unit
        Quantity.parse(f"1 {with_unit['unit']}", fact.unit)
    except QuantityError:
        return None
    return TableColumn(at, heading, fact.id, "fact", fact, unit)


def _fractions(column: TableColumn, lines: list[_Line]) -> bool:
    if column.unit != "percent":
        return False
    large, decimals = sizes(_cell(line, column) for line in lines)
    return decimals and not large


def sizes(cells: Iterable[str]) -> tuple[bool, bool]:
    """
    Whether there is a bare number above 1 among cells, and whether there is one with decimals.

    A column of percentages with decimals and nothing above 1 holds 0.95 for 95 %.
    """
    bare = [found for cell in cells if (found := NUMBER.fullmatch(cell)) and not found["rest"]]
    small = [found for found in bare if found["whole"].lstrip("+-") == "0" or _is_one(found)]
    return len(small) < len(bare), any(found["digits"] for found in bare)


def _is_one(found: re.Match[str]) -> bool:
    return found["whole"].lstrip("+-") == "1" and not (found["digits"] or "").strip("0")


# --- a row ------------------------------------------------------------------------------------------------------


def _cell(line: _Line, column: TableColumn) -> str:
    return line.cells[column.at] if column.at < len(line.cells) else ""


@attrs.frozen
class _Reader:
    """What reading every row needs."""

    file: str
    width: int
    columns: list[TableColumn]
    shelf: Shelf
    given: MappingType[str, str]
    forced: MappingType[str, str]

    def row(self, line: _Line) -> Row:
        """The dossier of a row, or what is wrong with it."""
        here = Where(self.file, line.line)
        cells = {each: self._scalar(each, line) for each in self.columns}
        identity = {each.heading: cells[each].text or "" for each in self._of("key") if each.key in IDENTITY}
        if any(line.cells[self.width :]) or any(cells[each].text for each in self._of("empty")):
            # A decimal comma between commas shifts every cell after it: nothing of this row can be trusted.
            problem = Problem.at(ProblemCode.WRONG_CELL_COUNT, here, found=len(line.cells), wanted=self.width)
            return Row(line.number, DossierError([problem]), identity)
        problems: list[Problem] = []
        keys = self._keys({each.key: cells[each] for each in self._of("key")}, here)
        place: dict[str, Node] = {key: keys.pop(key) for key in _PLACE if key in keys}
        attributes = {each.key: cells[each] for each in self._of("attribute") if cells[each].text}
        if attributes:
            place["attributes"] = mapping_of(attributes, attrs.evolve(here, path="place.attributes"))
        read = {each: _figure(cells[each], each, problems) for each in self._of("fact") if cells[each].text}
        attested = {each.key: conclusion(cells[each]) for each in self._of("attested") if cells[each].text}
        root: dict[str, Node] = {
            "dossier": Scalar("1", here),
            "place": mapping_of(place, attrs.evolve(here, path="place")),
            **keys,
            "facts": mapping_of(_facts(read), attrs.evolve(here, path="facts")),
            "attestations": mapping_of(attested, attrs.evolve(here, path="attestations")),
        }
        return Row(line.number, self._dossier(mapping_of(root, attrs.evolve(here, path="$")), problems), identity)

    def _of(self, kind: str) -> list[TableColumn]:
        return [each for each in self.columns if each.kind == kind]

    def _scalar(self, column: TableColumn, line: _Line) -> Scalar:
        cell = _cell(line, column)
        if column.key == "level":
            cell = _LEVELS.get(fold(cell), cell)
        return Scalar(cell or None, Where(self.file, line.line, column.at + 1, column.heading))

    def _keys(self, said: dict[str, Scalar], here: Where) -> dict[str, Scalar]:
        """What the row says, what it is taken to say where it says nothing, and what it must say."""
        keys = {key: Scalar(value, here) for key, value in self.given.items()}
        keys |= {key: node for key, node in said.items() if node.text or key not in keys}
        keys |= {key: Scalar(value, here) for key, value in self.forced.items()}
        # An empty cell is a missing one; an empty cell that is needed is a problem at its place.
        return {key: node for key, node in keys.items() if node.text or key in _NEEDED}

    def _dossier(self, node: Mapping, problems: list[Problem]) -> Dossier | DossierError:
        try:
            dossier = parse_dossier(node, self.shelf, self.file)
        except DossierError as error:
            return DossierError([*problems, *error.problems])
        return DossierError(problems) if problems else dossier


def _facts(read: dict[TableColumn, Scalar]) -> dict[str, Node]:
    """The facts of a row, those that are told by parts with their parts."""
    facts: dict[str, Node] = {}
    for fact in dict.fromkeys(column.key for column in read):
        own = {column.part: node for column, node in read.items() if column.key == fact}
        whole = own.pop(None, None)
        if not own:
            assert whole is not None  # without parts there is only the whole  # noqa: S101
            facts[fact] = whole
            continue
        where = next(iter(own.values())).where
        parts: dict[str, Node] = {str(part): node for part, node in own.items()}
        value: dict[str, Node] = {} if whole is None else {"value": whole}
        facts[fact] = mapping_of({**value, "parts": mapping_of(parts, where)}, where)
    return facts


def _figure(node: Scalar, column: TableColumn, problems: list[Problem]) -> Scalar:
    """A figure's cell as a dossier writes it: a decimal point, and the unit beside the number."""
    fact = column.fact
    if fact is None or fact.kind is not FactKind.NUMBER or column.unit is None:
        return node
    return measured(node, UNITS[column.unit], problems, fractions=column.fractions)


__all__ = [
    "ATTESTED",
    "CONCLUSIONS",
    "IDENTITY",
    "Meanings",
    "Row",
    "TableColumn",
    "headings",
    "read_rows",
    "read_table",
    "sizes",
]
