"""
The edge of a table: its cells become exact columns, or problems that name row and column.

What a cell may say is not decided here: every kind of place that occurs, and every cell that is not a plain number or
word, is read once by the reader of dossier tables, so that a table and a dossier are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.language.table import TableColumn, headings, read_rows, sizes
from ntm_rules.population.figures import GREATEST, NumberColumn, nearest_threshold
from ntm_rules.vocabulary.dossiers import Dossier, FactValue
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.quantities import UNITS, plain_number
from ntm_rules.vocabulary.requirements import Sign
from ntm_rules.vocabulary.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

    from ntm_rules.language import Shelf

# What may be any text, and decides nothing.
_FREE = frozenset({"name", "district", "note"})

#: Verdicts as numbers, in Kleene's order.
CODES = {Verdict.NOT_MET: 0, Verdict.UNDETERMINED: 1, Verdict.MET: 2, Verdict.NOT_APPLICABLE: 3}

#: What stands for a dot in the names of columns: Spark reads a dot as a part of a structure.
DOT = "·"


def said_name(address: str) -> str:
    """The column of the conclusions on a row."""
    return f"a:{address}".replace(".", DOT)


#: Of which row of the table a row is, from 0.
ROW = "~row"
#: Which combination of cells that tell of the place a row has.
COMBINATION = "~combination"
_AT = "~at"

_PLAIN = re.compile(r"[+-]?[0-9]+(?:[.,]([0-9]+))?")
_THOUSAND = 3
# Whose cells are read on their own.
_SOME_PLACE = {"name": "x", "year": "2020", "region": "red_river_delta"}
# More decimals than any floating-point number needs to be read back.
_MOST_PLACES = 17
_QUICK_PLACES = 6
# So many cells show soon whether a number of decimal places is too small, or that shares are not those of 1.
_FEW = 1000
# Floating-point numbers within these, and 0, have no more digits than a reader takes (`quantities.MOST_DIGITS`).
_LEAST_DOUBLE, _GREATEST_DOUBLE = 1e-10, 1e12
# Decimal places with which no figure of a column is longer than that.
_MOST_SCALE = 28
# So many digits fit in a column's whole numbers.
_DIGITS_OF_64_BITS = 18


class OnError(Enum):
    """What becomes of a row with a cell that can't be read."""

    STOP = "stop"
    SKIP = "skip"
    UNDETERMINED = "undetermined"


@attrs.frozen
class Edge:
    """
    A table as the interpreter reads it.

    Attributes:
        frame: The exact columns, with `ROW` and `COMBINATION`.

        source: The table as it was given.

        columns: What its columns hold.

        combinations: One dossier for each combination of cells that tell of the place, year and day; None where those
            cells can't be read.

        problems: What can't be read, by row.

        skipped: How many rows are left out for it.

        nan: How many cells held no number ("NaN") and count as missing.
    """

    frame: pl.DataFrame
    source: pl.DataFrame
    columns: tuple[TableColumn, ...]
    combinations: tuple[Dossier | None, ...]
    numbers: dict[tuple[str, str | None], NumberColumn]
    truths: dict[tuple[str, str | None], str]
    options: dict[tuple[str, str | None], str]
    said: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    nan: int = 0

    @property
    def known(self) -> list[Dossier]:
        """The combinations that can be read."""
        return [each for each in self.combinations if each is not None]


@attrs.define
class _Problems:
    """The problems of a table, by row."""

    on_error: OnError
    found: dict[int, list[Problem]] = attrs.field(factory=dict)
    unusable: set[int] = attrs.field(factory=set)

    def add(self, rows: Iterable[int], problems: Sequence[Problem], first: int, *, unusable: bool = False) -> None:
        """Note the same problems for some rows, each at its own line."""
        for row in rows:
            at_row = [attrs.evolve(each, where=attrs.evolve(each.where, line=row + first)) for each in problems]
            self.found.setdefault(row, []).extend(at_row)
            if unusable:
                self.unusable.add(row)

    @property
    def all(self) -> tuple[Problem, ...]:
        """Row by row, from left to right."""
        by_column = {row: sorted(found, key=lambda each: each.where.column or 0) for row, found in self.found.items()}
        return tuple(problem for row in sorted(by_column) for problem in by_column[row])


@attrs.frozen
class Reading:
    """
    How a table is to be read.

    Attributes:
        name: What it is called in problems.

        first: The number of its first row.

        defaults: What every row says that says nothing, by key.

        mapping: What headings mean that are not known by themselves.

        fixed: What every row says, whatever it says itself.

        shares: Whether columns of percentages hold 0.95 for 95 %, by heading, where a table is read piece by piece;
            of others it is seen.

        known: What was read of combinations of cells that tell of the place; filled on the way.
    """

    shelf: Shelf
    name: str = "table"
    first: int = 1
    defaults: dict[str, str] = attrs.field(factory=dict)
    on_error: OnError = OnError.STOP
    mapping: dict[str, str] = attrs.field(factory=dict)
    fixed: dict[str, str] = attrs.field(factory=dict)
    shares: dict[str, bool] = attrs.field(factory=dict)
    known: dict[tuple[str, ...], Dossier | DossierError] = attrs.field(factory=dict)


def read_edge(
    source: pl.DataFrame,
    reading: Reading,
    asked: frozenset[str] | None = None,
    reckoned: Callable[[Sequence[Dossier]], frozenset[str]] | None = None,
) -> Edge:
    """
    Read a table.

    Args:
        source: The table; text is read as a dossier table's cells are, numbers are in the facts' own units.

        reading: How.

        asked: The facts that are asked for; others are not read. None reads all.

        reckoned: Gives the facts that sets reckon with and do not only compare (`figures.multiplied`), for the kinds of
            places that occur; None reads all figures as whole numbers.

    Raises:
        DossierError: If a heading can't be read, or, on `OnError.STOP`, any cell.
    """
    import polars as pl

    renamed = [reading.mapping.get(heading, heading) for heading in source.columns]
    columns = [
        attrs.evolve(column, heading=source.columns[column.at])
        for column in headings(renamed, reading.name, reading.shelf, {**reading.defaults, **reading.fixed})
    ]
    identity = [each for each in columns if each.kind == "key" and each.key not in _FREE]
    problems = _Problems(reading.on_error)
    frame = source.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW))
    names = next((each for each in columns if each.kind == "key" and each.key == "name"), None)
    order, dossiers = _combined(source.with_columns(frame[ROW]), names, identity, reading, problems)
    frame = frame.with_columns(order)
    known = [each for each in dossiers if each is not None]
    edge = _Columns(source, reading, problems, None if reckoned is None else reckoned(known))
    facts = [each for each in columns if each.kind == "fact" and (asked is None or each.key in asked)]
    edge.at_a_stroke(facts)
    for column in columns:
        if column in facts:
            edge.fact(column)
        elif column.kind == "attested":
            edge.conclusion(column)
        elif column.kind == "attribute":
            edge.attribute(column)
    found = problems.all
    if found and reading.on_error is OnError.STOP:
        raise DossierError(found)
    frame, combinations = _with_attributes(frame.with_columns(edge.read), dossiers, edge.attributes)
    lost = problems.unusable if reading.on_error is OnError.UNDETERMINED else set(problems.found)
    if lost:
        frame = frame.filter(~pl.col(ROW).is_in(sorted(lost)))
    return Edge(
        frame,
        source,
        tuple(columns),
        combinations,
        edge.numbers,
        edge.truths,
        edge.options,
        tuple(edge.said),
        found,
        len(lost),
        edge.nan,
    )


def sizes_in(series: pl.Series) -> tuple[bool, bool]:
    """Whether a column has a bare number above 1, and whether it has one with decimals."""
    import polars as pl

    if not series.dtype.is_numeric():
        return sizes(text_of(cell).strip() for cell in series.unique().drop_nulls().to_list())
    held = series.drop_nulls()
    held = held.filter(held.is_finite()) if held.dtype.is_float() else held
    if held.dtype.is_integer():
        return bool((held.cast(pl.Int64).abs() > 1).any()), False
    return bool((held.abs() > 1).any()), bool((held % 1 != 0).any())


# --- places -----------------------------------------------------------------------------------------------------


def texts_of(series: pl.Series) -> list[str]:
    """The cells of a column as a table of text would have them."""
    return [text_of(value) for value in series.to_list()]


def text_of(value: object) -> str:
    """A cell as a table of text would have it."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - not a number
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return plain_number(Decimal(repr(value))) if abs(value) != float("inf") else str(value)
    return plain_number(value) if isinstance(value, Decimal) else str(value)


def _combined(
    whole: pl.DataFrame,
    names: TableColumn | None,
    identity: Sequence[TableColumn],
    reading: Reading,
    problems: _Problems,
) -> tuple[pl.Series, tuple[Dossier | None, ...]]:
    """Every combination of cells that tell of the place, read once as a row, and which of them each row has."""
    # Names differ from row to row; whether there is one is all that matters.
    told = whole.select(ROW, *(each.heading for each in identity))
    keys = [each.heading for each in identity]
    if names is not None and not _all_named(whole[names.heading]):
        told = told.with_columns(_unnamed(whole[names.heading]).alias("~unnamed"))
        keys.append("~unnamed")
    cells = [*identity, *([] if names is None else [names])]
    placed = [attrs.evolve(each, at=at) for at, each in enumerate(cells)]
    combinations: list[Dossier | None] = []
    records, order = told_apart(told, keys)
    for at, record in enumerate(records):
        texts = [text_of(record[each.heading]) for each in identity]
        row = (*texts, *([] if names is None else ["" if record.get("~unnamed") else "x"]))
        outcome = reading.known.get(row)
        if outcome is None:
            (read,) = read_rows(placed, [(0, row)], reading.name, reading.shelf, reading.defaults, fixed=reading.fixed)
            outcome = reading.known.setdefault(row, read.outcome)
        if isinstance(outcome, Dossier):
            combinations.append(outcome)
        else:
            combinations.append(None)
            found = [_in_place(each, cells) for each in outcome.problems]
            problems.add((order == at).arg_true().to_list(), found, reading.first, unusable=True)
    return order.alias(COMBINATION), tuple(combinations)


def told_apart(told: pl.DataFrame, keys: Sequence[str]) -> tuple[list[dict[str, Any]], pl.Series]:
    """The combinations of cells of some columns, in the order in which they come, and which of them each row has."""
    import polars as pl

    if not keys or not len(told):
        return [{}] * (len(told) > 0), pl.zeros(len(told), dtype=pl.UInt32, eager=True)
    rows = told.with_row_index(_AT)
    first = rows.select(pl.col(_AT).first().over(*keys)).to_series()
    leads = rows.filter(first == rows[_AT])
    number = pl.zeros(len(told), dtype=pl.UInt32, eager=True).scatter(leads[_AT], range(len(leads)))
    return leads.select(*keys).to_dicts(), number.gather(first)


def _all_named(names: pl.Series) -> bool:
    """Whether surely all places have names: each begins with a sign of ASCII that is no space."""
    import polars as pl

    if names.null_count() or str(names.dtype) != "String":
        return names.null_count() == 0
    seen = pl.col("from")
    return all(names.to_frame("from").select((seen >= "!").all(), (seen < "\x7f").all().alias("to")).row(0))


def _unnamed(names: pl.Series) -> pl.Series:
    """Which places have no name."""
    if str(names.dtype) != "String":
        return names.is_null()
    return names.str.strip_chars().fill_null("") == ""


def told_further(
    told: pl.DataFrame, dossiers: Sequence[Dossier | None], extended: Callable[[Dossier, list[Any]], Dossier]
) -> tuple[pl.Series, tuple[Dossier | None, ...]]:
    """
    Every combination of a kind of place and of more cells, with a dossier of its own, and which of them each row has.

    Args:
        told: `COMBINATION`, and the columns of these cells.

        dossiers: One for each combination so far.

        extended: Gives the dossier of a kind of place that has these cells too.
    """
    records, numbers = told_apart(told, told.columns)
    combinations = []
    for record in records:
        dossier = dossiers[record.pop(COMBINATION)]
        combinations.append(None if dossier is None else extended(dossier, [*record.values()]))
    return numbers.alias(COMBINATION), tuple(combinations)


def _with_attributes(
    frame: pl.DataFrame, dossiers: Sequence[Dossier | None], attributes: Sequence[str]
) -> tuple[pl.DataFrame, tuple[Dossier | None, ...]]:
    """Every combination of a kind of place and what is said of it, with a dossier of its own."""
    if not attributes:
        return frame, tuple(dossiers)

    def extended(dossier: Dossier, values: list[Any]) -> Dossier:
        said = tuple((name, value) for name, value in zip(attributes, values, strict=True) if value is not None)
        return attrs.evolve(dossier, place=attrs.evolve(dossier.place, attributes=said))

    told = frame.select(COMBINATION, *(f"p:{name}" for name in attributes))
    numbers, combinations = told_further(told, dossiers, extended)
    return frame.with_columns(numbers), combinations


def _in_place(problem: Problem, cells: Sequence[TableColumn]) -> Problem:
    """A problem of a cell at its place in the whole table."""
    at = problem.where.column
    column = None if at is None or not 0 < at <= len(cells) else cells[at - 1]
    if column is None:
        return problem
    return attrs.evolve(problem, where=attrs.evolve(problem.where, column=column.at + 1, path=column.heading))


# --- cells ------------------------------------------------------------------------------------------------------


@attrs.frozen
class _Plain:
    """
    How a column of plain numbers is read where nothing is wrong with it.

    Attributes:
        value: The numbers.

        fine: Whether nothing is, by the numbers as they were read.
    """

    name: str
    value: pl.Expr
    fine: pl.Expr
    unit: Fraction
    doubles: bool


@attrs.define
class _Columns:
    """Reads columns, those of plain numbers all together, the others one by one."""

    source: pl.DataFrame
    reading: Reading
    problems: _Problems
    reckoned: frozenset[str] | None
    read: list[Any] = attrs.field(factory=list)
    numbers: dict[tuple[str, str | None], NumberColumn] = attrs.field(factory=dict)
    truths: dict[tuple[str, str | None], str] = attrs.field(factory=dict)
    options: dict[tuple[str, str | None], str] = attrs.field(factory=dict)
    said: list[str] = attrs.field(factory=list)
    attributes: list[str] = attrs.field(factory=list)
    nan: int = 0

    def fact(self, column: TableColumn) -> None:
        """A column of a fact, or of one of its parts."""
        import polars as pl

        fact = column.fact
        assert fact is not None  # asked before  # noqa: S101
        meaning = (column.key, column.part)
        if meaning in self.numbers:
            return
        name = _column_name(column)
        series = self.source[column.heading]
        if fact.kind is FactKind.NUMBER:
            if series.dtype == pl.Boolean:
                series = series.cast(pl.String)
            read, unit = self._number(column, series)
            doubles = read.dtype == pl.Float64
            self.numbers[meaning] = NumberColumn(name, unit, None if doubles else _top(read), doubles)
        elif fact.kind is FactKind.YES_NO:
            read = series if series.dtype == pl.Boolean else self._word(column, series, _statement, pl.Boolean)
            self.truths[meaning] = name
        elif fact.kind is FactKind.ORDINAL:
            read = self._word(column, series, _rank, pl.Int64)
            self.numbers[meaning] = NumberColumn(name, greatest=len(fact.scale.steps) if fact.scale else 0)
        else:
            read = self._word(column, series, _option, pl.String)
            self.options[meaning] = name
        self.read.append(read.alias(name))

    def conclusion(self, column: TableColumn) -> None:
        """A column of conclusions."""
        import polars as pl

        read = self._word(column, self.source[column.heading], _verdict, pl.Int8)
        self.said.append(column.key)
        self.read.append(read.alias(said_name(column.key)))

    def attribute(self, column: TableColumn) -> None:
        """A column of what is said of the place."""
        import polars as pl

        found = self.reading.shelf.places.attribute(column.key)
        series = self.source[column.heading]
        yes_no = found is None or not found.values
        if not (yes_no and series.dtype == pl.Boolean):
            dtype = pl.Boolean if yes_no else pl.String
            series = self._word(column, series, lambda dossier: dossier.place.attribute(column.key), dtype)
        self.attributes.append(column.key)
        self.read.append(series.alias(f"p:{column.key}"))

    # --- words --------------------------------------------------------------------------------------------------

    def _word(
        self, column: TableColumn, series: pl.Series, value: Callable[[Dossier], object], dtype: Any
    ) -> pl.Series:
        """A column of words, each read once."""
        texts = series if str(series.dtype) == "String" else series.cast(self._string())
        meanings: dict[str, object] = {}
        for cell in texts.unique().drop_nulls().to_list():
            meanings[cell] = self._cell(column, cell, lambda at=cell: (texts == at).arg_true().to_list(), value)  # type: ignore[misc]
        return _replaced(texts, meanings, dtype)

    def _string(self) -> Any:
        import polars as pl

        return pl.String

    def _cell(
        self, column: TableColumn, cell: str, rows: Callable[[], list[int]], value: Callable[[Dossier], object]
    ) -> object:
        """What a cell says, by the reader of dossier tables; its problems are those of every row that holds it."""
        reading = self.reading
        alone = [attrs.evolve(column, at=0)]
        (read,) = read_rows(alone, [(0, [cell])], reading.name, reading.shelf, _SOME_PLACE)
        if isinstance(read.outcome, Dossier):
            return value(read.outcome) if cell.strip() else None
        found = [_in_place(each, [column]) for each in read.outcome.problems]
        self.problems.add(rows(), found, reading.first)
        return None

    # --- numbers ------------------------------------------------------------------------------------------------

    def _is_reckoned(self, column: TableColumn) -> bool:
        return self.reckoned is None or column.key in self.reckoned

    def at_a_stroke(self, columns: Sequence[TableColumn]) -> None:
        """Read the columns of plain numbers with which nothing is wrong, on all cores."""
        plain = [(column, each) for column in columns if (each := self._plain(column)) is not None]
        if not plain:
            return
        read = self.source.select([each.value.alias(each.name) for _, each in plain])
        fine = read.select([each.fine.alias(each.name) for _, each in plain]).row(0, named=True)
        for column, each in plain:
            lost = read[each.name].null_count() - self.source[column.heading].null_count()
            if not fine[each.name] or lost:
                continue
            top = None if each.doubles or not self._is_reckoned(column) else _top(read[each.name])
            self.read.append(read[each.name])
            self.numbers[column.key, column.part] = NumberColumn(each.name, each.unit, top, each.doubles)

    def _plain(self, column: TableColumn) -> _Plain | None:
        """How to read a column of plain numbers; None if it is not one."""
        import polars as pl

        fact, dtype = column.fact, self.source[column.heading].dtype
        assert fact is not None  # asked before  # noqa: S101
        of_one = self.reading.shares.get(column.heading)
        doubles = dtype.is_float() and not self._is_reckoned(column)
        decimal = isinstance(dtype, pl.Decimal) and dtype.scale <= _MOST_SCALE
        if fact.kind is not FactKind.NUMBER or of_one or not (doubles or decimal or dtype.is_integer()):
            return None
        given, unit = pl.col(column.heading), _of_heading(column)
        if doubles:
            places, value = 0, given.cast(pl.Float64)
        else:
            places = dtype.scale if isinstance(dtype, pl.Decimal) else 0
            # What fits by its type needs no look at whether it does.
            fits = isinstance(dtype, pl.Decimal) and dtype.precision <= _DIGITS_OF_64_BITS
            held = given.to_physical() if decimal else given
            value = held.cast(pl.Int64, wrap_numerical=True) if fits else held.cast(pl.Int64, strict=False)
        unit /= 10**places
        low, high = _limits(fact.minimum, fact.maximum, unit, doubles=doubles)
        name = _column_name(column)
        read = pl.col(name)
        if doubles:
            # No number ("NaN") is above every limit. From 0 on one look finds what is below it and what is too small.
            within, far = (read <= high, read) if low == 0 else (read.is_between(low, high), read.abs())
            fine = within.all() & (read.filter(far < _LEAST_DOUBLE) == 0).all()
        else:
            fine = read.is_between(low, high).all()
        if column.unit == "percent" and of_one is None and not dtype.is_integer():
            fine &= (read.head(_FEW) > 10**places).any()
        return _Plain(name, value, fine, unit, doubles)

    def _number(self, column: TableColumn, series: pl.Series) -> tuple[pl.Series, Fraction]:
        """A column of figures as numbers, whole if it is reckoned with, and what one of them is in the fact's unit."""
        import polars as pl

        fact = column.fact
        assert fact is not None and fact.unit is not None  # a number  # noqa: S101, PT018
        if series.dtype.is_float():
            missing = series.is_nan().fill_null(False)
            self.nan += int(missing.sum())
            series = series.set(missing, None) if missing.any() else series
        doubles = series.dtype.is_float() and not self._is_reckoned(column)
        if doubles:
            series = series.cast(pl.Float64)
            far = series.abs()
            odd = (far > _GREATEST_DOUBLE) | ((far < _LEAST_DOUBLE) & (far > 0))
            read, places = self._without(column, series, series, odd.fill_null(False)), 0
        else:
            read, places = self._whole(column, series)
        unit = _of_heading(column) / 10**places
        least, greatest = _ends(read)
        # Where any figure is above 1 the column does not hold shares of 1.
        shares_of_one = column.heading in self.reading.shares or greatest <= 10**places
        if shares_of_one and self._are_fractions(column, series):
            read = self._without(attrs.evolve(column, fractions=True), series, read, read.is_not_null())
        low, high = _limits(fact.minimum, fact.maximum, unit, doubles=doubles)
        if least < low or greatest > high:
            beyond = (read < low) | (read > high)
            read = self._without(column, series, read, beyond.fill_null(False))
        return read if doubles else read.cast(pl.Int64), unit

    def _without(self, column: TableColumn, series: pl.Series, whole: pl.Series, doubtful: pl.Series) -> pl.Series:
        """Figures without those of the doubtful cells that the reader of tables refuses."""
        if not doubtful.any():
            return whole
        refused = []
        for value in series.filter(doubtful).unique().to_list():
            rows = ((series == value) & doubtful).arg_true().to_list()
            if self._cell(column, text_of(value), lambda rows=rows: rows, _figure) is None:  # type: ignore[misc]
                refused += rows
        return whole.scatter(refused, None) if refused else whole

    def _are_fractions(self, column: TableColumn, series: pl.Series) -> bool:
        """Whether a column of percentages holds 0.95 for 95 %, as the reader of tables refuses it."""
        if column.unit != "percent":
            return False
        known = self.reading.shares.get(column.heading)
        if known is not None:
            return known
        large, decimals = sizes_in(series)
        return decimals and not large

    def _whole(self, column: TableColumn, series: pl.Series) -> tuple[pl.Series, int]:
        """Figures as whole numbers of so many decimal places."""
        import polars as pl

        if series.dtype.is_integer():
            return series.cast(pl.Int64), 0
        if series.dtype == pl.Decimal:
            places = int(series.dtype.scale)  # type: ignore[attr-defined]
            raw = series.to_physical()
            if series.len() == series.null_count() or int(_top(raw)) <= GREATEST:
                return raw.cast(pl.Int64), places
            return self._text_numbers(column, series)
        if series.dtype.is_float():
            few = series.head(_FEW).drop_nulls()
            for places in range(_QUICK_PLACES + 1):
                if not bool(((few * 10**places).round() / 10**places == few).all()):
                    continue
                scaled = (series * 10**places).round()
                # The double nearest to k / 10^n is what that division gives, so an equal one was written with n places.
                if bool((scaled.abs() <= 2**53).all()) and bool((scaled / 10**places == series).all()):
                    return scaled.cast(pl.Int64), places
        return self._text_numbers(column, series)

    def _text_numbers(self, column: TableColumn, series: pl.Series) -> tuple[pl.Series, int]:
        """Figures written as text, or in more digits than are read at a stroke: each is read once."""
        import polars as pl

        unit = UNITS[column.unit or "times"]
        values: dict[object, Decimal | None] = {}
        for cell in series.unique().drop_nulls().to_list():
            text = text_of(cell).strip()
            found = _PLAIN.fullmatch(text)
            thousand = unit.counts and found is not None and len(found[1] or "") == _THOUSAND
            if found is not None and not thousand and len(text) <= 2 * _MOST_PLACES:
                values[cell] = Decimal(text.replace(",", "."))
            elif text:
                at = cell
                read = self._cell(column, text, lambda at=at: (series == at).arg_true().to_list(), _figure)  # type: ignore[misc]
                values[cell] = read if isinstance(read, Decimal) else None
        whole, places = _scaled(values)
        for cell, value in values.items():
            if value is not None and whole[cell] is None:
                where = Where(self.reading.name, 0, column.at + 1, column.heading)
                problem = Problem.at(ProblemCode.FIGURE_TOO_LONG, where, seen=text_of(cell), fact=column.key)
                self.problems.add((series == cell).arg_true().to_list(), [problem], self.reading.first)
        return _replaced(series, whole, pl.Int64), places


@lru_cache(maxsize=4096)
def _limits(minimum: Decimal | None, maximum: Decimal | None, unit: Fraction, *, doubles: bool) -> tuple[float, float]:
    """Between what the numbers of a column must lie, themselves included."""
    ends: list[float] = []
    for limit, sign, end in ((minimum, Sign.AT_LEAST, -1), (maximum, Sign.AT_MOST, 1)):
        widest = end * (_GREATEST_DOUBLE if doubles else GREATEST)
        if limit is None:
            ends.append(widest)
            continue
        edge = Fraction(limit) / unit
        # Beyond what a column can hold nothing needs to be looked for.
        held: float | None = nearest_threshold(sign, edge) if doubles else _inwards(edge, end)
        ends.append(max(-abs(widest), min(abs(widest), held if held is not None else widest)))
    return ends[0], ends[1]


def _column_name(column: TableColumn) -> str:
    """The column of a fact, or of one of its parts."""
    return f"f:{column.key}" + ("" if column.part is None else f"__{column.part}")


def _of_heading(column: TableColumn) -> Fraction:
    """What 1 of the heading's unit is in the fact's; a heading may name another, a thousand dong, say."""
    fact = column.fact
    assert fact is not None and fact.unit is not None  # a number  # noqa: S101, PT018
    if column.unit is None or column.unit == fact.unit:
        return Fraction(1)
    return Fraction(UNITS[column.unit].factor) / Fraction(UNITS[fact.unit].factor)


def _inwards(edge: Fraction, end: int) -> int:
    """The whole number at a lower (-1) or upper (1) limit that is still allowed."""
    return edge.__ceil__() if end < 0 else edge.__floor__()


def _ends(series: pl.Series) -> tuple[float, float]:
    """The least and the greatest figure; 0 where there is none."""
    low: Any = series.min()
    high: Any = series.max()
    return (0, 0) if low is None else (low, high)


def _top(series: pl.Series) -> int:
    """The greatest distance of whole numbers from 0."""
    low, high = _ends(series)
    return int(max(-low, high))


def _exact(value: Decimal) -> tuple[int, int]:
    """A figure as a whole number without zeros at its end, and the power of ten it is to be multiplied with."""
    sign, digits, exponent = value.as_tuple()
    written = "".join(map(str, digits))
    significant = written.rstrip("0") or "0"
    power = int(exponent) + len(written) - len(significant)
    return (-int(significant) if sign else int(significant)), (0 if significant == "0" else power)


def _scaled(values: Mapping[object, Decimal | None]) -> tuple[dict[object, object], int]:
    """
    Figures as whole numbers of as many decimal places as the longest needs, and these places.

    Where they are too long for a column, those of the most digits become None, one after another, until the rest fits.
    """
    exact = {cell: _exact(value) for cell, value in values.items() if value is not None}
    longest = sorted(exact, key=lambda cell: len(str(abs(exact[cell][0]))))
    while True:
        places = max((-exact[cell][1] for cell in longest), default=0)
        places = max(0, places)
        whole = {cell: exact[cell][0] * 10 ** (exact[cell][1] + places) for cell in longest}
        if all(abs(each) <= GREATEST for each in whole.values()):
            return {**dict.fromkeys(values), **whole}, places
        longest.pop()


def _replaced(series: pl.Series, meanings: dict[Any, object], dtype: Any) -> pl.Series:
    """A column with every cell in the place of which something else stands."""
    import polars as pl

    if not meanings:
        return pl.Series(series.name, [None] * len(series), dtype=dtype)
    keys = pl.Series(list(meanings), dtype=series.dtype)
    return series.replace_strict(keys, pl.Series(list(meanings.values()), dtype=dtype), default=None)


def _of(dossier: Dossier) -> FactValue:
    """The one value of a row that holds one, or of its one part."""
    value = dossier.facts[0]
    return value if value.is_stated else value.parts[0]


def _figure(dossier: Dossier) -> object:
    quantity = _of(dossier).quantity
    return None if quantity is None else quantity.value


def _statement(dossier: Dossier) -> object:
    return _of(dossier).statement


def _rank(dossier: Dossier) -> object:
    step = _of(dossier).step
    return None if step is None else step.rank


def _option(dossier: Dossier) -> object:
    return _of(dossier).option


def _verdict(dossier: Dossier) -> object:
    return CODES[dossier.attestations[0].verdict]
