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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where, why_unreadable
from ntm_rules.language.cells import MARK, Dialect, delimiter_of
from ntm_rules.language.nodes import shown
from ntm_rules.language.workbook import CellKind, Grid, is_workbook, read_grids
from ntm_rules.population.table import polars

if TYPE_CHECKING:
    import polars as pl

# Where the headings of a CSV file end at the latest.
_HEAD = 1_000_000
# So much is read at once, and so many rows are gathered by Python's reader.
_BLOCK = 1 << 24
_ROWS = 10_000
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

        cells: What is wrong with single cells, which are empty in the frame.

        done: How much of all is read.
    """

    frame: pl.DataFrame
    numbers: Sequence[int]
    problems: tuple[Problem, ...] = ()
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
        scan = pl.scan_parquet(self.name, glob=False, hive_partitioning=False, low_memory=True).select(names)
        try:
            # One slice after the other: batches of one scan are read ahead, row groups at a time, into memory.
            for at in range(0, self.total, size):
                frame = scan.slice(at, size).collect()
                yield Piece(_plain(frame), range(at + 1, at + len(frame) + 1), done=at + len(frame))
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
    A CSV file in UTF-8, however long it is, read as `language.table` reads it.

    What is plain (no quotes, no empty lines, no row too long) is read by Polars, a block at a time; from the first
    block on that is not, Python's own reader reads. Rows count as spreadsheets count them, the headings being row 1.
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
        with Path(name).open("rb") as raw, _reader(raw, dialect) as reader:
            found = next((cells for _, cells in _numbered(name, reader, 0)), None)
        if found is None:
            raise DossierError([Problem.at(ProblemCode.EMPTY, Where(name))])
        return cls(name, tuple(found), total, dialect)

    def pieces(self, columns: Sequence[int], unnamed: Sequence[int], size: int) -> Iterator[Piece]:
        """
        Its rows, some at a time.

        Raises:
            DossierError: If it can't be read to its end.
        """
        return _joined(self._small_pieces(columns, unnamed), size)

    def _small_pieces(self, columns: Sequence[int], unnamed: Sequence[int]) -> Iterator[Piece]:
        """Its rows as they come."""
        names = [self.headings[at] for at in columns]
        with Path(self.name).open("rb") as raw:
            number, begin = 0, 0
            first = raw.readline(_HEAD)
            if _is_plain(first) and len(first.split(self.dialect.delimiter.encode())) == len(self.headings):
                # The headings are the first line.
                number, begin = 1, len(first)
                while block := _block(raw, begin):
                    frame = self._plain_block(block, unnamed)
                    if frame is None:
                        break
                    numbers = range(number + 1, number + 1 + len(frame))
                    number, begin = number + len(frame), begin + len(block)
                    yield _without_empty(frame, numbers, columns, names, begin)
                else:
                    return
            raw.seek(begin)
            gatherer = _Gatherer(self.name, len(self.headings), columns, unnamed)
            with _reader(raw, self.dialect) as reader:
                rows = _numbered(self.name, reader, number)
                if begin == 0:
                    next(rows)
                for at, cells in rows:
                    gatherer.add(at, cells)
                    if len(gatherer.numbers) >= _ROWS:
                        yield gatherer.piece(names, raw.tell())
            yield gatherer.piece(names, self.total)

    def _plain_block(self, block: bytes, unnamed: Sequence[int]) -> pl.DataFrame | None:
        """The rows of a block that Polars reads as Python does; None if it might not."""
        import polars as pl

        if not _is_plain(block):
            return None
        try:
            frame = pl.read_csv(
                block.replace(b"\r\n", b"\n"),
                has_header=False,
                schema={str(at): pl.String for at in range(len(self.headings))},
                separator=self.dialect.delimiter,
                quote_char=None,
            )
        except pl.exceptions.PolarsError:
            return None
        lines = block.count(b"\n") + (not block.endswith(b"\n"))
        trusted = len(frame) == lines and all(frame[:, at].is_null().all() for at in unnamed)
        return frame if trusted else None


def _is_plain(block: bytes) -> bool:
    """Whether every line of a block is a row, and nothing in it is quoted."""
    ends = block.count(b"\r")
    alike = not ends or ends == block.count(b"\r\n") == block.count(b"\n")
    return alike and not (b'"' in block or b"\n\n" in block or b"\n\r\n" in block or block[:1] in (b"\n", b"\r"))


def _block(raw: BinaryIO, begin: int) -> bytes:
    """The lines from there on, about so many as are read at once."""
    raw.seek(begin)
    block = raw.read(_BLOCK)
    end = block.rfind(b"\n") + 1
    # A last line without an end, or one longer than a block.
    return block[:end] if end else block + raw.readline()


def _without_empty(
    frame: pl.DataFrame, numbers: Sequence[int], columns: Sequence[int], names: Sequence[str], done: int
) -> Piece:
    """A piece without the rows whose cells are all empty."""
    import polars as pl

    kept = frame.select(pl.any_horizontal(pl.all().str.strip_chars().str.len_bytes() > 0)).to_series()
    kept = kept.fill_null(False)
    wanted = frame[:, list(columns)]
    wanted.columns = list(names)
    if not kept.all():
        wanted, numbers = wanted.filter(kept), [numbers[at] for at in kept.arg_true().to_list()]
    return Piece(wanted, numbers, done=done)


def _joined(pieces: Iterable[Piece], size: int) -> Iterator[Piece]:
    """Pieces of the same rows in the same order, none with more rows than that and all but the last with so many."""
    waiting: list[Piece] = []
    for piece in pieces:
        waiting.append(piece)
        while sum(len(each.frame) for each in waiting) > size:
            first, rest = _cut(_one(waiting), size)
            waiting = [rest]
            yield first
    if waiting:
        yield _one(waiting)


def _cut(piece: Piece, size: int) -> tuple[Piece, Piece]:
    """The first rows of a piece, and the others, each with its problems."""
    last = piece.numbers[size - 1]

    def of(problems: Iterable[Problem], *, first: bool) -> tuple[Problem, ...]:
        return tuple(each for each in problems if ((each.where.line or 0) <= last) == first)

    rows = slice(size), slice(size, None)
    before, after = (
        attrs.evolve(
            piece,
            frame=piece.frame[rows[at]],
            numbers=piece.numbers[rows[at]],
            problems=of(piece.problems, first=not at),
            cells=of(piece.cells, first=not at),
        )
        for at in range(2)
    )
    return before, after


def _one(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one."""
    import polars as pl

    if len(pieces) == 1:
        return pieces[0]
    return Piece(
        pl.concat([each.frame for each in pieces]),
        [number for each in pieces for number in each.numbers],
        tuple(problem for each in pieces for problem in each.problems),
        pieces[-1].done,
        tuple(problem for each in pieces for problem in each.cells),
    )


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
        found = Piece(frame, self.numbers, tuple(self.problems), done, tuple(self.cells))
        self.rows, self.numbers, self.problems, self.cells = [], [], [], []
        return found


@contextmanager
def _reader(raw: BinaryIO, dialect: Dialect) -> Iterator[Any]:
    """Python's reader, from where the file stands."""
    text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
    try:
        yield csv.reader(text, delimiter=dialect.delimiter, strict=True)
    finally:
        text.detach()


def _numbered(name: str, reader: Any, number: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers."""
    before = number
    while True:
        start = before + reader.line_num + 1
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
        for row in self.grid.rows:
            for at, cell in enumerate(row.cells):
                if cell.kind in (CellKind.FORMULA, CellKind.UNCLEAR) and at in read:
                    code = ProblemCode.FORMULA if cell.kind is CellKind.FORMULA else ProblemCode.AMBIGUOUS_NUMBER
                    where = attrs.evolve(cell.where, path=self.headings[at])
                    gatherer.cells.append(Problem.at(code, where, seen=cell.text))
            cells = ["" if cell.kind in (CellKind.FORMULA, CellKind.UNCLEAR) else cell.text for cell in row.cells]
            gatherer.add(row.number, cells)
        return _joined([gatherer.piece(names, self.total)], size)


#: A file of places.
TableFile = ParquetFile | CsvFile | WorkbookFile

__all__ = ["READABLE", "CsvFile", "ParquetFile", "Piece", "TableFile", "WorkbookFile", "open_table"]
