"""
Files of places, read piece by piece: Parquet, CSV with any of the usual delimiters, the first sheet of a workbook.

Each has a name, the headings as they stand there, how much there is to read in all (rows, or bytes), and for CSV how it
is written. `pieces` gives the rows of some columns, told by their place from 0; a row that holds something in a column
without a heading can't be trusted.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where, why_unreadable
from ntm_rules.language.nodes import shown
from ntm_rules.language.table import MARK, Dialect, delimiter_of
from ntm_rules.language.workbook import CellKind, Grid, is_workbook, read_grids
from ntm_rules.population.table import polars

if TYPE_CHECKING:
    import polars as pl

# Where the headings of a CSV file end at the latest.
_HEAD = 1_000_000
_BLOCK = 1 << 20
_PARQUET = (".parquet", ".pq")
_CSV = (".csv", ".tsv", ".txt")
#: How files that can be read are named.
READABLE = (*_PARQUET, *_CSV, ".xlsx")


@attrs.frozen
class Piece:
    """
    Some rows of a file.

    Attributes:
        frame: The columns that were asked for, under their headings.

        numbers: The number of every row in the file.

        problems: What is wrong with rows that can't be taken apart; they are not in the frame.

        lost: How many those are.

        cells: What is wrong with single cells, which are empty in the frame.

        done: How much of all is read.
    """

    frame: pl.DataFrame
    numbers: Sequence[int]
    problems: tuple[Problem, ...] = ()
    lost: int = 0
    done: int = 0
    cells: tuple[Problem, ...] = ()


def open_table(path: str | os.PathLike[str]) -> ParquetFile | CsvFile | WorkbookFile:
    """
    Open a file of places by its name.

    Raises:
        DocumentError: If it can't be read or is of no kind that can.

        MissingExtraError: If what reads it is not installed.
    """
    name = os.fspath(path)
    try:
        with Path(name).open("rb") as stream:
            stream.read(1)
    except (OSError, ValueError) as error:
        raise DossierError([Problem.at(ProblemCode.UNREADABLE, Where(name), why=why_unreadable(error))]) from error
    if name.lower().endswith(_PARQUET):
        return ParquetFile.open(name)
    return WorkbookFile.open(name) if is_workbook(name) else CsvFile.open(name)


def _unusable(name: str, error: Exception) -> DossierError:
    first = str(error).strip().splitlines() or [type(error).__name__]
    return DossierError([Problem.at(ProblemCode.SYNTAX, Where(name), why=shown(first[0]))])


# --- Parquet ----------------------------------------------------------------------------------------------------


@attrs.frozen
class ParquetFile:
    """A Parquet file; its rows count from 1."""

    name: str
    headings: tuple[str, ...]
    total: int
    dialect: Dialect | None = None

    @classmethod
    def open(cls, name: str) -> ParquetFile:
        """Read what it says of itself."""
        pl = polars()
        try:
            scan = pl.scan_parquet(name, glob=False, hive_partitioning=False)
            schema = scan.collect_schema()
            rows = int(scan.select(pl.len()).collect().item())
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unusable(name, error) from None
        kinds = [(heading, _kind_of(dtype)) for heading, dtype in schema.items()]
        problems = [
            Problem.at(ProblemCode.WRONG_TYPE, Where(name, None, at + 1, heading), found=kind, wanted="text")
            for at, (heading, kind) in enumerate(kinds)
            if kind is not None
        ]
        if problems:
            raise DossierError(problems)
        return cls(name, tuple(schema.names()), rows)

    def pieces(self, columns: Sequence[int], unnamed: Sequence[int], size: int) -> Iterator[Piece]:
        """Its rows, some at a time."""
        pl = polars()
        names = [self.headings[at] for at in columns]
        at = 0
        scan = pl.scan_parquet(self.name, glob=False, hive_partitioning=False, low_memory=True).select(names)
        try:
            for frame in scan.collect_batches(chunk_size=size, maintain_order=True):
                first, at = at + 1, at + len(frame)
                yield Piece(_plain(frame), range(first, at + 1), done=at)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unusable(self.name, error) from None


def _kind_of(dtype: Any) -> str | None:
    """What a column holds that no cell of a table can; None where a cell can."""
    pl = polars()
    if dtype.is_nested():
        return "mapping" if dtype == pl.Struct else "list"
    return str(dtype) if dtype in (pl.Binary, pl.Object, pl.Duration, pl.Time) else None


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns as the edge of a table reads them."""
    pl = polars()
    as_text = [
        name
        for name, dtype in frame.schema.items()
        if dtype in (pl.Categorical, pl.Enum, pl.Null, pl.UInt64, pl.Int128, pl.UInt128)
    ]
    return frame.with_columns(pl.col(as_text).cast(pl.String)) if as_text else frame


# --- CSV --------------------------------------------------------------------------------------------------------


@attrs.frozen
class CsvFile:
    """
    A CSV file in UTF-8, read by Python's own reader as `language.table` reads it, however long it is.

    Rows count as spreadsheets count them, the headings being row 1.
    """

    name: str
    headings: tuple[str, ...]
    total: int
    dialect: Dialect

    @classmethod
    def open(cls, name: str) -> CsvFile:
        """Read its headings."""
        with Path(name).open("rb") as stream:
            data = stream.read(_HEAD)
            total = stream.seek(0, os.SEEK_END)
        head = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(data)
        dialect = Dialect(delimiter_of(head.removeprefix(MARK)), head.startswith(MARK))
        with _rows(name, dialect) as (rows, _):
            found = next((cells for _, cells in rows), None)
        if found is None:
            raise DossierError([Problem.at(ProblemCode.EMPTY, Where(name))])
        return cls(name, tuple(found), total, dialect)

    def pieces(self, columns: Sequence[int], unnamed: Sequence[int], size: int) -> Iterator[Piece]:
        """
        Its rows, some at a time.

        Raises:
            DossierError: If it can't be read to its end.
        """
        names = [self.headings[at] for at in columns]
        gatherer = _Gatherer(self.name, len(self.headings), columns, unnamed)
        with _rows(self.name, self.dialect) as (rows, done):
            next(rows)
            for number, cells in rows:
                gatherer.add(number, cells)
                if len(gatherer.numbers) >= size:
                    yield gatherer.piece(names, done())
            yield gatherer.piece(names, self.total)


@attrs.define
class _Gatherer:
    """Rows of text on their way to a piece."""

    name: str
    width: int
    columns: Sequence[int]
    unnamed: Sequence[int]
    rows: list[list[str]] = attrs.field(factory=list)
    numbers: list[int] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    cells: list[Problem] = attrs.field(factory=list)

    def add(self, number: int, cells: list[str]) -> None:
        """Take a row in, or note that its cells don't stand under their headings."""
        if len(cells) != self.width or self.unnamed:
            beyond = any(cell.strip() for cell in cells[self.width :])
            if beyond or any(cells[at].strip() for at in self.unnamed if at < len(cells)):
                # A decimal comma between commas shifts every cell after it: nothing of this row can be trusted.
                params = {"found": len(cells), "wanted": self.width}
                self.problems.append(Problem.at(ProblemCode.WRONG_CELL_COUNT, Where(self.name, number), **params))
                return
            cells = [*cells[: self.width], *[""] * (self.width - len(cells))]
        self.rows.append(cells)
        self.numbers.append(number)

    def piece(self, names: Sequence[str], done: int) -> Piece:
        """What was gathered; then begin anew."""
        pl = polars()
        by_column = list(zip(*self.rows, strict=True)) if self.rows else [()] * self.width
        frame = pl.DataFrame(
            [pl.Series(name, by_column[at], dtype=pl.String) for name, at in zip(names, self.columns, strict=True)]
        ).with_columns(pl.all().replace("", None))
        found = Piece(frame, self.numbers, tuple(self.problems), len(self.problems), done, tuple(self.cells))
        self.rows, self.numbers, self.problems, self.cells = [], [], [], []
        return found


@contextmanager
def _rows(name: str, dialect: Dialect) -> Iterator[tuple[Iterator[tuple[int, list[str]]], Callable[[], int]]]:
    """The rows of a CSV file that are not empty, with their numbers, and how far it is read."""
    with Path(name).open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        yield _numbered(name, csv.reader(text, delimiter=dialect.delimiter, strict=True)), raw.tell


def _numbered(name: str, reader: Any) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise DossierError([Problem.at(ProblemCode.SYNTAX, Where(name, start), why=shown(str(error)))]) from None
        except UnicodeDecodeError:
            raise DossierError([_not_utf8(name)]) from None
        if cells is None:
            return
        number += 1
        if any(cells) and any(cell.strip() for cell in cells):
            yield number, cells


def _not_utf8(name: str) -> Problem:
    """Where a file stops being UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, before = 1, 0
    with Path(name).open("rb") as stream:
        while block := stream.read(_BLOCK):
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                line += block.count(b"\n", 0, max(0, error.start - held))
                params = {"byte": f"0x{error.object[error.start]:02x}", "position": before - held + error.start}
                return Problem.at(ProblemCode.NOT_UTF8, Where(name, line), **params)
            line += block.count(b"\n")
            before += len(block)
    # The last sign is cut short.
    return Problem.at(ProblemCode.NOT_UTF8, Where(name, line), byte="EOF", position=before)


# --- workbooks --------------------------------------------------------------------------------------------------


@attrs.frozen
class WorkbookFile:
    """The first sheet of a workbook; rows count as there."""

    name: str
    headings: tuple[str, ...]
    total: int
    grid: Grid = attrs.field(repr=False)
    dialect: Dialect | None = None

    @classmethod
    def open(cls, name: str) -> WorkbookFile:
        """Read the sheet."""
        grid = next(iter(read_grids(name)), Grid(()))
        if grid.merged:
            raise DossierError(grid.merged)
        if not grid.rows:
            raise DossierError([Problem.at(ProblemCode.EMPTY, Where(name))])
        first, *rest = grid.rows
        return cls(name, tuple(cell.text for cell in first.cells), len(rest), Grid(tuple(rest)))

    def pieces(self, columns: Sequence[int], unnamed: Sequence[int], size: int) -> Iterator[Piece]:
        """
        Its rows, some at a time.

        Raises:
            DossierError: If it can't be read to its end.
        """
        names = [self.headings[at] for at in columns]
        gatherer = _Gatherer(self.name, len(self.headings), columns, unnamed)
        read = frozenset((*columns, *unnamed))
        for done, row in enumerate(self.grid.rows, 1):
            for at, cell in enumerate(row.cells):
                if cell.kind in (CellKind.FORMULA, CellKind.UNCLEAR) and at in read:
                    code = ProblemCode.FORMULA if cell.kind is CellKind.FORMULA else ProblemCode.AMBIGUOUS_NUMBER
                    where = attrs.evolve(cell.where, path=self.headings[at])
                    gatherer.cells.append(Problem.at(code, where, seen=cell.text))
            cells = ["" if cell.kind in (CellKind.FORMULA, CellKind.UNCLEAR) else cell.text for cell in row.cells]
            gatherer.add(row.number, cells)
            if len(gatherer.numbers) >= size:
                yield gatherer.piece(names, done)
        yield gatherer.piece(names, self.total)


#: A file of places.
TableFile = ParquetFile | CsvFile | WorkbookFile

__all__ = ["READABLE", "CsvFile", "ParquetFile", "Piece", "TableFile", "WorkbookFile", "open_table"]
