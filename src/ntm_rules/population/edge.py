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
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.language.table import TableColumn, headings, read_rows, sizes
from ntm_rules.population.figures import GREATEST, NumberColumn
from ntm_rules.vocabulary.dossiers import Dossier, FactValue
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.quantities import UNITS, plain_number
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

_PLAIN = re.compile(r"[+-]?[0-9]+(?:[.,]([0-9]+))?")
_THOUSAND = 3
# Whose cells are read on their own.
_SOME_PLACE = {"name": "x", "year": "2020", "region": "red_river_delta"}
# More decimals than any floating-point number needs to be read back.
_MOST_PLACES = 17
_QUICK_PLACES = 6
# So many cells show soon whether a number of decimal places is too small.
_FEW = 1000


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
    of_place: frozenset[str] = frozenset(),
) -> Edge:
    """
    Read a table.

    Args:
        source: The table; text is read as a dossier table's cells are, numbers are in the facts' own units.

        reading: How.

        asked: The facts that are asked for; others are not read. None reads all.

        of_place: The facts by which the axes of a set tell places apart.

    Raises:
        DossierError: If a heading can't be read, or, on `OnError.STOP`, any cell.
    """
    import polars as pl

    renamed = [reading.mapping.get(heading, heading) for heading in source.columns]
    columns = [
        attrs.evolve(column, heading=source.columns[column.at])
        for column in headings(renamed, reading.name, reading.shelf, {**reading.defaults, **reading.fixed})
    ]
    identity = [each for each in columns if (each.kind == "key" and each.key not in _FREE) or each.key in of_place]
    problems = _Problems(reading.on_error)
    frame = source.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW))
    names = next((each for each in columns if each.kind == "key" and each.key == "name"), None)
    frame, dossiers = _combined(source.with_columns(frame[ROW]), names, identity, reading, problems)
    edge = _Columns(source, reading, problems)
    for column in columns:
        if column.kind == "fact" and column.fact is not None and (asked is None or column.key in asked):
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
) -> tuple[pl.DataFrame, tuple[Dossier | None, ...]]:
    """Every combination of cells that tell of the place, read once as a row."""
    import polars as pl

    # Names differ from row to row; whether there is one is all that matters.
    unnamed = pl.lit(False) if names is None else pl.col(names.heading).is_null()
    if names is not None and whole[names.heading].dtype == pl.String:
        unnamed = pl.col(names.heading).str.strip_chars().fill_null("") == ""
    by = [pl.col(each.heading) for each in identity]
    keys = [each.heading for each in identity]
    told = whole.select(ROW, *by, unnamed.alias("~unnamed"))
    grouped = told.group_by([*keys, "~unnamed"], maintain_order=True).agg(pl.col(ROW).first())
    cells = [*identity, *([] if names is None else [names])]
    placed = [attrs.evolve(each, at=at) for at, each in enumerate(cells)]
    combinations: list[Dossier | None] = []
    numbered = grouped.drop(ROW).with_row_index(COMBINATION)
    if len(grouped) == 1:
        order = whole.select(ROW, pl.lit(0, dtype=pl.UInt32).alias(COMBINATION))
    else:
        joined = told.join(numbered, on=[*keys, "~unnamed"], how="left", nulls_equal=True, maintain_order="left")
        order = whole.select(ROW).with_columns(joined[COMBINATION])
    for at, record in enumerate(grouped.iter_rows(named=True)):
        texts = [text_of(record[each.heading]) for each in identity]
        row = (*texts, *([] if names is None else ["" if record["~unnamed"] else "x"]))
        outcome = reading.known.get(row)
        if outcome is None:
            (read,) = read_rows(placed, [(0, row)], reading.name, reading.shelf, reading.defaults, fixed=reading.fixed)
            outcome = reading.known.setdefault(row, read.outcome)
        if isinstance(outcome, Dossier):
            combinations.append(outcome)
        else:
            combinations.append(None)
            found = [_in_place(each, cells) for each in outcome.problems]
            lost = order.filter(pl.col(COMBINATION) == at)[ROW].to_list()
            problems.add(lost, found, reading.first, unusable=True)
    return order, tuple(combinations)


def _with_attributes(
    frame: pl.DataFrame, dossiers: Sequence[Dossier | None], attributes: Sequence[str]
) -> tuple[pl.DataFrame, tuple[Dossier | None, ...]]:
    """Every combination of a kind of place and what is said of it, with a dossier of its own."""
    if not attributes:
        return frame, tuple(dossiers)
    names = [f"p:{name}" for name in attributes]
    of = frame.select(COMBINATION, *names).unique(maintain_order=True).with_row_index("~number")
    combinations = []
    for _, at, *values in of.iter_rows():
        dossier = dossiers[at]
        said = tuple((name, value) for name, value in zip(attributes, values, strict=True) if value is not None)
        place = None if dossier is None else attrs.evolve(dossier.place, attributes=said)
        combinations.append(None if dossier is None else attrs.evolve(dossier, place=place))
    numbered = frame.join(of, on=[COMBINATION, *names], how="left", nulls_equal=True, maintain_order="left")
    return numbered.drop(COMBINATION).rename({"~number": COMBINATION}), tuple(combinations)


def _in_place(problem: Problem, cells: Sequence[TableColumn]) -> Problem:
    """A problem of a cell at its place in the whole table."""
    at = problem.where.column
    column = None if at is None or not 0 < at <= len(cells) else cells[at - 1]
    if column is None:
        return problem
    return attrs.evolve(problem, where=attrs.evolve(problem.where, column=column.at + 1, path=column.heading))


# --- cells ------------------------------------------------------------------------------------------------------


@attrs.define
class _Columns:
    """Reads columns one by one."""

    source: pl.DataFrame
    reading: Reading
    problems: _Problems
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
        name = f"f:{column.key}" + ("" if column.part is None else f"__{column.part}")
        series = self.source[column.heading]
        meaning = (column.key, column.part)
        if fact.kind is FactKind.NUMBER:
            if series.dtype == pl.Boolean:
                series = series.cast(pl.String)
            read, unit = self._number(column, series)
            self.numbers[meaning] = NumberColumn(name, unit, _top(read))
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

    def _number(self, column: TableColumn, series: pl.Series) -> tuple[pl.Series, Fraction]:
        """A column of figures as whole numbers, and what one of them is in the fact's unit."""
        import polars as pl

        if series.dtype.is_float():
            missing = series.is_nan().fill_null(False)
            self.nan += int(missing.sum())
            series = series.set(missing, None) if missing.any() else series
        whole, places = self._whole(column, series)
        unit = Fraction(1, 10**places)
        fact = column.fact
        assert fact is not None and fact.unit is not None  # a number  # noqa: S101, PT018
        if column.unit is not None and column.unit != fact.unit:
            # The heading names another unit: a thousand dong, say.
            unit *= Fraction(UNITS[column.unit].factor) / Fraction(UNITS[fact.unit].factor)
        low, high = _ends(whole)
        # Where any figure is above 1 the column does not hold shares of 1.
        shares_of_one = column.heading in self.reading.shares or high <= 10**places
        if shares_of_one and self._are_fractions(column, series):
            whole = self._without(attrs.evolve(column, fractions=True), series, whole, whole.is_not_null())
        for limit, below in ((fact.minimum, True), (fact.maximum, False)):
            if limit is None:
                continue
            edge = Fraction(limit) / unit
            # Beyond what a column can hold nothing needs to be looked for.
            whole_edge = max(-GREATEST, min(GREATEST, edge.__ceil__() if below else edge.__floor__()))
            if low >= whole_edge if below else high <= whole_edge:
                continue
            beyond = (whole < whole_edge) if below else (whole > whole_edge)
            whole = self._without(column, series, whole, beyond.fill_null(False))
        return whole.cast(pl.Int64), unit

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


def _ends(series: pl.Series) -> tuple[int, int]:
    """The least and the greatest figure; 0 where there is none."""
    low: Any = series.min()
    high: Any = series.max()
    return (0, 0) if low is None else (int(low), int(high))


def _top(series: pl.Series) -> int:
    """The greatest distance from 0."""
    low, high = _ends(series)
    return max(-low, high)


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
