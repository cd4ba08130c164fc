"""Tables of places in, tables of verdicts out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import MissingExtraError, Problem
from ntm_rules.evaluation import evaluate
from ntm_rules.language.table import read_rows
from ntm_rules.population.edge import ROW, Edge, OnError, Reading, read_edge, text_of
from ntm_rules.population.figures import multiplied
from ntm_rules.population.lazy import LazyResult, judge_lazy
from ntm_rules.population.placing import apart, check_day, days, only, placed
from ntm_rules.population.program import Schema, Wanted, compile_program, distinct, program_of, sets_of
from ntm_rules.population.rollup import Beneath, keys_above, keys_of
from ntm_rules.population.situations import Setting, Trees, situations_of
from ntm_rules.rulebook import shelf
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier, SubPlaces
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level

if TYPE_CHECKING:
    import polars as pl

#: The extra that tables of places need.
EXTRA = "population"

# What the columns that say which place a row is are called before they come out.
_KEPT = "~kept"

#: The column of a table of verdicts that says of which row of the table of places it is, from 1.
NUMBER = "row"


@attrs.frozen(eq=False)
class TableResult:
    """
    The verdicts on every row of a table.

    Attributes:
        lazy: The columns of `frame`, none of which is worked out yet; what is taken from it costs no more than that.

        rules: The set that judged.

        problems: What could not be read.

        skipped: How many rows were left out for it.

        nan: How many cells held no number and count as missing.

        beneath: The tables of places beneath that were counted, by level.
    """

    lazy: pl.LazyFrame = attrs.field(repr=False)
    rules: CriteriaSet = attrs.field(repr=lambda rules: rules.edition)
    edge: Edge = attrs.field(repr=False)
    reading: Reading = attrs.field(repr=False)
    accept: Grade
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    nan: int = 0
    beneath: Mapping[Level, TableResult] = attrs.field(factory=dict, repr=False)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """
        One row a place that was judged, in the order of the table.

        First `NUMBER`, then the columns that say which place it is, then verdicts as numbers (`VERDICTS`) by address.
        """
        return collected(self.lazy)

    def dossier(self, row: int) -> Dossier:
        """The dossier of a row of the table of places, counted from 1, as the single evaluator judges it."""
        columns = [each for each in self.edge.columns if each.kind != "empty"]
        unread = {(each.where.line, each.where.path) for each in self.problems}
        record = self.edge.source.row(row - 1, named=True)
        line = row - 1 + self.reading.first
        cells = ["" if (line, each.heading) in unread else text_of(record[each.heading]) for each in columns]
        placed = [attrs.evolve(each, at=at) for at, each in enumerate(columns)]
        reading = self.reading
        (read,) = read_rows(placed, [(line, cells)], reading.name, reading.shelf, reading.defaults)
        if not isinstance(read.outcome, Dossier):
            raise read.outcome
        return self._with_beneath(read.outcome, row)

    def _with_beneath(self, dossier: Dossier, row: int) -> Dossier:
        """A dossier with those of the places beneath it: of the next level that there is a table of."""
        own = dossier.place.level
        level = next((each for each in reversed(Level) if own.stands_above(each) and each in self.beneath), None)
        if level is None:
            return dossier
        here = keys_of(self.edge, own).filter(polars().col(ROW) == row - 1)
        table = self.beneath[level]
        rows = keys_above(table.edge, own).join(here.drop(ROW), on=here.columns[1]).sort(ROW)[ROW]
        below = tuple(table.dossier(number + 1) for number in rows.to_list())
        return attrs.evolve(dossier, sub_places=SubPlaces(dossiers=below)) if below else dossier

    def explain(self, row: int) -> Assessment:
        """
        The assessment of a row of the table of places, counted from 1: the same verdicts, with every reason.

        Raises:
            DossierError: If the row could not be read.
        """
        return evaluate(self.rules, self.dossier(row), accept=self.accept)


def evaluate_table(
    table: Any,
    rules: CriteriaSet,
    *,
    year: int | None = None,
    on: date | None = None,
    accept: Grade = Grade.RECALLED,
    reasons: bool = False,
    on_error: OnError | str = OnError.STOP,
    mapping: Mapping[str, str] | None = None,
    name: str = "table",
    first: int = 1,
    beneath: Any = (),
) -> TableResult | LazyResult:
    """
    Judge every place of a table by a criteria set.

    Args:
        table: A table that narwhals or the Arrow interface reads: of Polars, pandas, pyarrow, DuckDB … Its headings
            are those of a dossier table: ``name``, ``province``, ``region``, ``year``, facts by id or title,
            ``attested:10/10``.

        rules: The set, from `load`.

        year: The year judged, where the table has no such column.

        on: The day judged, where the table has no such column; else 31 December of the year.

        accept: The lowest grade of law data to use.

        reasons: Whether the first reason of every indicator comes out, as the number of its code in `REASONS`.

        on_error: Whether a cell that can't be read stops everything, leaves its row out, or counts as missing.

        mapping: What headings mean that are not known: ``{"Tên đơn vị": "name"}``.

        name: What the table is called in problems.

        first: The number of its first row in problems.

        beneath: The table of the places beneath, or several of them, of another level each: communes name their
            ``district`` and ``province``, districts their ``province``. Where rows do not tell their level and are
            no communes, the tables are given by level: ``{Level.DISTRICT: districts, Level.COMMUNE: communes}``.

    Raises:
        DossierError: With every problem of the headings, or of the cells on ``"stop"``.

        RevisionError: If a decision laid over the set is for another province or another time than a row's.

        MissingExtraError: If Polars is not installed.

    Example:
        >>> import ntm_rules as ntm
        >>> rows = {"name": ["A", "B"], "region": ["red_river_delta"] * 2, "multidimensional_poverty_rate": [1.5, None]}
        >>> result = ntm.evaluate_table(rows, ntm.load("commune/standard/2016-2020"), year=2020)
        >>> result.frame["11/11"].to_list()
        [2, 1]

    .. versionadded:: 0.1.0
    """
    defaults = {key: str(value) for key, value in (("year", year), ("on", on)) if value is not None}
    defaults["level"] = rules.id.level.value
    # A set may hold facts of its own.
    known = attrs.evolve(shelf(), catalogue=rules.catalogue)
    reading = Reading(known, name, first, defaults, OnError(on_error), dict(mapping or {}))
    if stays_in_place(table):
        in_place = {level: (each, how) for level, each, how in _beneath(beneath, reading)}
        # Without a year no row is judged.
        day = on or date(year or rules.in_force.first_day.year, 12, 31)
        setting = Setting(rules, year or day.year, day, accept)
        return judge_lazy(table, setting, reading, Wanted(reasons, conflicts=True), in_place)
    source = frame_of(table)
    edge = read_edge(source, reading, None, lambda dossiers: multiplied(_sets(rules, accept, dossiers)))
    below = _read_beneath(beneath, rules, reading)
    return judge_edge(edge, rules, reading, accept=accept, wanted=Wanted(reasons, conflicts=True), beneath=below)


def _sets(rules: CriteriaSet, accept: Grade, dossiers: Sequence[Dossier]) -> tuple[CriteriaSet, ...]:
    """A set, and those that it asks to be met too on the days judged."""
    by_day = {(each.year, each.on, each.set_id): each for each in dossiers}
    return distinct(found for each in by_day.values() for found in sets_of(rules, each, accept))


def _read_beneath(tables: Any, rules: CriteriaSet, reading: Reading) -> dict[Level, TableResult]:
    """The tables of places beneath, each by the level of its rows; one that has no such column is of communes."""
    found: dict[Level, TableResult] = {}
    for _, table, how in _beneath(tables, reading):
        edge = read_edge(frame_of(table), how)
        levels = {each.place.level for each in edge.combinations if each is not None}
        for level in levels:
            rows = [
                number
                for number, each in enumerate(edge.combinations)
                if each is not None and each.place.level is level
            ]
            part = edge if len(levels) == 1 else attrs.evolve(edge, frame=only(edge.frame, rows))
            found[level] = TableResult(
                part.frame.lazy(), rules, part, how, Grade.RECALLED, edge.problems, edge.skipped, edge.nan, found
            )
    return found


def _beneath(tables: Any, reading: Reading) -> Iterator[tuple[Level, Any, Reading]]:
    """The tables of places beneath, each with its level and how to read it; where no level is told, of communes."""
    if isinstance(tables, Mapping) and all(isinstance(each, Level) for each in tables):
        told = list(tables.items())
    else:
        told = [(Level.COMMUNE, each) for each in (tables if isinstance(tables, list | tuple) else [tables])]
    for at, (level, table) in enumerate(told, start=1):
        own = {key: value for key, value in reading.defaults.items() if key != "level"}
        defaults = {**own, "level": level.value}
        yield level, table, Reading(reading.shelf, f"{reading.name}/{at}", reading.first, defaults, reading.on_error)


def judge_edge(
    edge: Edge,
    rules: CriteriaSet,
    reading: Reading,
    *,
    accept: Grade,
    wanted: Wanted,
    beneath: Mapping[Level, TableResult] | None = None,
) -> TableResult:
    """Judge a table that was read; every day judged has a program of its own."""
    tables = dict(beneath or {})
    pl = polars()
    edge = apart(edge, Trees(_sets(rules, accept, edge.known)), rules.catalogue)
    said_addresses(edge, rules)
    kept = [each.heading for each in edge.columns if each.kind == "key"]
    names = [f"{_KEPT}{at}" for at in range(len(kept))]
    identity = edge.source.select(pl.col(heading).alias(name) for heading, name in zip(kept, names, strict=True))
    parts = []
    # A table without a row that can be judged has the same columns.
    for numbers, dossiers in days(edge) or [([], [_anywhere(rules, accept)])]:
        if numbers:
            check_day(rules, dossiers)
        trees = Trees(sets_of(rules, dossiers[0], accept))
        found = situations_of(trees, dossiers, accept)
        situation = dict(zip(numbers, found.of, strict=False))
        frame = placed(edge, situation)
        schema = Schema.of(edge)
        if tables:
            counting = Beneath(rules, accept, {level: each.edge for level, each in tables.items()})
            of = counting.of(edge, rules.id.level)
            program = compile_program(
                pl, rules, schema, found.dossiers, accept=accept, wanted=wanted, beneath=of.column
            )
            own = of.with_counts(frame)
        else:
            program = program_of(rules, schema, found.dossiers, accept=accept, wanted=wanted)
            own = frame
        rows = own[ROW]
        own = own.hstack(identity if len(rows) == len(identity) else identity[rows])
        parts.append(program.run(own.lazy(), keep=[ROW, *names]))
    told = (rules, edge, reading, accept, edge.problems, edge.skipped, edge.nan, tables)
    whole = parts[0] if len(parts) == 1 else pl.concat(parts, how="diagonal").sort(ROW)
    number = (pl.col(ROW) + 1).alias(NUMBER)
    of_place = [pl.col(name).alias(heading) for heading, name in zip(kept, names, strict=True)]
    return TableResult(whole.select(number, *of_place, pl.exclude(ROW, *names)), *told)


def _anywhere(rules: CriteriaSet, accept: Grade) -> Dossier:
    """A dossier that tells of nothing."""
    first = rules.in_force.first_day
    return Setting(rules, first.year, first, accept).dossier((), ())


def said_addresses(edge: Edge, rules: CriteriaSet) -> None:
    """
    Check that the conclusions are about rows that the set has, as the evaluator does.

    Raises:
        UnknownNameError: If one is not.
    """
    for address in edge.said:
        set_id, mark, _ = address.rpartition("#")
        if not mark or set_id == str(rules.id):
            rules.local(address)


def polars() -> Any:
    """
    Polars.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        import polars as pl
    except ImportError:
        raise MissingExtraError(EXTRA) from None
    return pl


def stays_in_place(table: Any) -> bool:
    """Whether a table is one of an engine that is told what to do and does it later: DuckDB, Spark, but not Polars."""
    if isinstance(table, Mapping) or type(table).__module__.startswith("polars"):
        return False
    import narwhals.stable.v2 as nw

    return isinstance(nw.from_native(table, pass_through=True), nw.LazyFrame)


def frame_of(table: Any) -> pl.DataFrame:
    """
    A table as a frame of Polars: its own, of another library through narwhals or Arrow, or columns by heading.

    Raises:
        MissingExtraError: If Polars or narwhals is not installed.
    """
    polars()
    import polars as pl

    if isinstance(table, pl.DataFrame):
        return table
    if isinstance(table, pl.LazyFrame):
        return collected(table)
    return _columns(dict(table)) if isinstance(table, Mapping) else _through(table)


def _through(table: Any) -> pl.DataFrame:
    """A table of another library as a frame of Polars; what narwhals does not know, through the Arrow interface."""
    import narwhals.stable.v2 as nw

    found = nw.from_native(table, pass_through=True)
    if isinstance(found, nw.LazyFrame):
        found = found.collect(backend="polars")
    return found.to_polars() if isinstance(found, nw.DataFrame) else _columns(table)


def collected(table: pl.LazyFrame) -> pl.DataFrame:
    """A table that was worked out."""
    frame: pl.DataFrame = table.collect()
    return frame


def _columns(table: Any) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(table)
