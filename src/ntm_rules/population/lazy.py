"""
Tables that stay where they are: the same columns as narwhals expressions, in a database or over a cluster.

No row is looked at before the engine runs, so cells must be typed: figures as numbers in the facts' own units, yes/no
as truths, words as words. What can't be read counts as missing and is counted in a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, RevisionError, Where
from ntm_rules.evaluation import evaluate
from ntm_rules.language.dossiers import NO, YES
from ntm_rules.language.table import CONCLUSIONS, TableColumn, headings, read_rows
from ntm_rules.messages import fold
from ntm_rules.population.edge import CODES, DOT, Reading, said_name, text_of
from ntm_rules.population.figures import NumberColumn
from ntm_rules.population.program import Schema, Wanted, compile_program, sets_of
from ntm_rules.population.situations import (
    KIND,
    MOST_COMBINATIONS,
    PROVINCE,
    REGION,
    SITUATION,
    Key,
    Setting,
    Trees,
    combinations,
    keys_of,
    situations_of,
    values_of,
)
from ntm_rules.rulebook import places
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.facts import FactDefinition, FactKind, Option
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.verdicts import Verdict

#: The column that counts the cells of a row that could not be read.
UNREADABLE = "unreadable"

#: To so many decimals figures are read that are no whole numbers; one with more is not read.
PLACES = 6

# What a double holds of whole numbers.
_EXACT = 2**53

_COMBINATION = "~combination"


@attrs.frozen(eq=False)
class LazyResult:
    """
    The verdicts on every row of a table that stays where it is.

    Attributes:
        frame: The table's own columns, `UNREADABLE`, and verdicts as numbers by address; nothing has run yet.

        rules: The set that judged.
    """

    frame: Any
    rules: CriteriaSet
    reading: Reading = attrs.field(repr=False)
    accept: Grade

    def explain(self, row: Mapping[str, Any]) -> Assessment:
        """
        The assessment of one row, given by heading as the engine returns it.

        Raises:
            DossierError: If the row can't be read.
        """
        reading = self.reading
        found = headings(list(row), reading.name, reading.shelf, reading.defaults, strict=False)
        columns = [attrs.evolve(column, at=at) for at, column in enumerate(found)]
        cells = [text_of(row[column.heading]) for column in found]
        (read,) = read_rows(columns, [(reading.first, cells)], reading.name, reading.shelf, reading.defaults)
        if not isinstance(read.outcome, Dossier):
            raise read.outcome
        return evaluate(self.rules, read.outcome, accept=self.accept)


def judge_lazy(table: Any, rules: CriteriaSet, reading: Reading, accept: Grade, wanted: Wanted) -> LazyResult:
    """
    Judge a table that stays where it is.

    Raises:
        DossierError: If a heading can't be read, or no year is given.

        RevisionError: If a decision laid over the set holds in one province only.
    """
    import narwhals.stable.v2 as nw

    frame = nw.from_native(table)
    schema = frame.collect_schema()
    given = list(schema.names())
    # Spark reads a dot in a name as a part of a structure.
    names = [name.replace(".", DOT) for name in given] if hasattr(table, "toDF") else given
    types = dict(zip(names, schema.dtypes(), strict=True))
    frame = nw.from_native(_named(table, names))
    meant = [reading.mapping.get(name, name) for name in given]
    columns = headings(meant, reading.name, reading.shelf, reading.defaults)
    columns = [attrs.evolve(column, heading=names[column.at]) for column in columns]
    _check(columns, rules, reading)
    year = int(reading.defaults["year"])
    on = date.fromisoformat(reading.defaults["on"]) if "on" in reading.defaults else date(year, 12, 31)
    setting = Setting(rules, year, on, accept)
    trees = Trees(sets_of(rules, setting.dossier((), ()), accept))
    cells = _Cells(nw, types)
    keys = [key for key in keys_of(trees, places(), rules) if cells.key(key, columns, on)]
    if combinations(keys) > MOST_COMBINATIONS:
        problem = Problem.at(ProblemCode.TOO_MANY_KINDS, Where(reading.name), names=", ".join(key.name for key in keys))
        raise DossierError([problem])
    numbers = range(combinations(keys))
    found = situations_of(trees, [setting.dossier(keys, values_of(number, keys)) for number in numbers], accept)
    said = [each for each in columns if each.kind == "attested"]
    for column in columns:
        if column.kind == "fact" and column.fact is not None and column.key in _facts(trees):
            cells.fact(column, column.fact)
    for column in said:
        cells.conclusion(column)
    read = [expr.alias(name) for name, expr in cells.read.items()]
    places_of = [expr.alias(f"~{name}") for name, expr in cells.keys.items()]
    # One column upon another: an engine repeats what stands twice in an expression.
    frame = frame.with_columns(*read, *places_of).with_columns(cells.index(keys).alias(_COMBINATION))
    frame = frame.with_columns(_situation(nw, nw.col(_COMBINATION), found.of).alias(SITUATION))
    unreadable = reduce(lambda a, b: a + b, cells.unread) if cells.unread else nw.lit(0, dtype=nw.Int16)
    frame = frame.with_columns(unreadable.alias(UNREADABLE))
    own = Schema(cells.numbers, cells.truths, cells.options, tuple(each.key for each in said))
    program = compile_program(nw, rules, own, found.dossiers, accept=accept, wanted=wanted)
    judged = program.run(frame, keep=[*names, UNREADABLE]).to_native()
    return LazyResult(_named(judged, [*given, UNREADABLE, *program.output]), rules, reading, accept)


def _named(table: Any, names: Sequence[str]) -> Any:
    """A table of Spark with its columns named anew; other engines take any name."""
    return table.toDF(*names) if hasattr(table, "toDF") else table


def _check(columns: Sequence[TableColumn], rules: CriteriaSet, reading: Reading) -> None:
    """What must be known before any row is looked at."""
    problems = [
        Problem.at(ProblemCode.NOT_IN_PLACE, Where(reading.name, 1, each.at + 1, each.heading), name=each.key)
        for each in columns
        if each.kind == "key" and each.key in {"year", "on", "set", "level"}
    ]
    if problems:
        raise DossierError(problems)
    for overlay in rules.overlays:
        if overlay.territory is not None:
            raise RevisionError([Problem.at(ProblemCode.ONE_PROVINCE_ONLY, Where(reading.name), name=overlay.id)])
    for each in columns:
        if each.kind == "attested":
            set_id, mark, _ = each.key.rpartition("#")
            if not mark or set_id == str(rules.id):
                rules.local(each.key)


def _facts(trees: Trees) -> frozenset[str]:
    return frozenset(fact for rules in trees.sets for fact in rules.used_facts)


def _situation(nw: Any, number: Any, of: Sequence[int]) -> Any:
    """The situation of every combination."""
    if list(of) == list(range(len(of))):
        return number
    by: dict[int, list[int]] = {}
    for at, situation in enumerate(of):
        by.setdefault(situation, []).append(at)
    most = max(by, key=lambda situation: len(by[situation]))
    found = nw.lit(most, dtype=nw.Int64)
    for situation, numbers in by.items():
        if situation != most:
            found = nw.when(number.is_in(numbers)).then(nw.lit(situation, dtype=nw.Int64)).otherwise(found)
    return found


def _words(*spellings: Iterable[str]) -> list[str]:
    """How words may be written, in small letters, with diacritics or without."""
    return sorted({form for each in spellings for word in each for form in (word.lower(), fold(word))})


def _of_option(option: Option) -> tuple[str, ...]:
    return (option.id, option.title.vi, option.title.en)


@attrs.define
class _Cells:
    """
    Reads cells as expressions.

    Attributes:
        read: The exact columns.

        unread: For every column, 1 where a cell could not be read.

        keys: What the situation of a place depends on, as the place of each value in its domain, 0 for none.
    """

    nw: Any
    types: Mapping[str, Any]
    read: dict[str, Any] = attrs.field(factory=dict)
    unread: list[Any] = attrs.field(factory=list)
    numbers: dict[tuple[str, str | None], NumberColumn] = attrs.field(factory=dict)
    truths: dict[tuple[str, str | None], str] = attrs.field(factory=dict)
    options: dict[tuple[str, str | None], str] = attrs.field(factory=dict)
    keys: dict[str, Any] = attrs.field(factory=dict)

    def _word(self, heading: str) -> Any:
        column = self.nw.col(heading)
        return column.str.strip_chars().str.to_lowercase()

    def _note(self, heading: str, read: Any) -> None:
        """Count the cells that hold something that was not read."""
        nw = self.nw
        lost = ~nw.col(heading).is_null() & read.is_null()
        if self.types[heading] == nw.String:
            lost &= nw.col(heading).str.strip_chars() != ""
        one, none = nw.lit(1, dtype=nw.Int16), nw.lit(0, dtype=nw.Int16)
        self.unread.append(nw.when(lost).then(one).otherwise(none))

    def _choice(self, heading: str, meanings: Sequence[tuple[Any, list[str]]], dtype: Any) -> Any:
        """A word as what it means; null where it means nothing."""
        nw = self.nw
        word = self._word(heading)
        found = nw.lit(None, dtype=dtype)
        for value, words in meanings:
            found = nw.when(word.is_in(words)).then(nw.lit(value, dtype=dtype)).otherwise(found)
        return found

    def _truth(self, heading: str) -> Any:
        if self.types[heading] == self.nw.Boolean:
            return self.nw.col(heading)
        yes, no = _words(YES, ("có", "đạt")), _words(NO, ("không", "không đạt"))
        return self._choice(heading, [(True, yes), (False, no)], self.nw.Boolean)

    # --- facts --------------------------------------------------------------------------------------------------

    def fact(self, column: TableColumn, fact: FactDefinition) -> None:
        """A column of a fact, or of one of its parts."""
        nw = self.nw
        name = f"f:{column.key}" + ("" if column.part is None else f"__{column.part}")
        meaning = (column.key, column.part)
        if fact.kind is FactKind.NUMBER:
            read, self.numbers[meaning] = self._number(column, fact, name)
        elif fact.kind is FactKind.YES_NO:
            read = self._truth(column.heading)
            self.truths[meaning] = name
        elif fact.scale is not None:
            steps = [(rank, _words(_of_option(step))) for rank, step in enumerate(fact.scale.steps)]
            read = self._choice(column.heading, steps, nw.Int64)
            self.numbers[meaning] = NumberColumn(name)
        else:
            values = [(option.id, _words(_of_option(option))) for option in fact.values]
            read = self._choice(column.heading, values, nw.String)
            self.options[meaning] = name
        self.read[name] = read
        self._note(column.heading, read)

    def _number(self, column: TableColumn, fact: FactDefinition, name: str) -> tuple[Any, NumberColumn]:
        """A figure as a whole number; null where it is none, has too many decimals or is out of range."""
        nw = self.nw
        dtype = self.types[column.heading]
        value = nw.col(column.heading)
        unit = Fraction(1)
        if column.unit is not None and fact.unit is not None and column.unit != fact.unit:
            unit = Fraction(UNITS[column.unit].factor) / Fraction(UNITS[fact.unit].factor)
        if dtype.is_integer():
            read = value.cast(nw.Int64)
        else:
            # The double nearest to k / 10^n is what that division gives, so an equal one was written with n places.
            typed = value.cast(nw.Float64)
            scaled = (typed * 10**PLACES).round()
            exact = (scaled.abs() <= _EXACT) & ((scaled / 10**PLACES) == typed) & ~typed.is_nan()
            read = nw.when(exact).then(scaled).otherwise(nw.lit(None, dtype=nw.Float64)).cast(nw.Int64)
            unit /= 10**PLACES
        for limit, below in ((fact.minimum, True), (fact.maximum, False)):
            if limit is not None:
                edge = Fraction(limit) / unit
                beyond = read < edge.__ceil__() if below else read > edge.__floor__()
                read = nw.when(beyond).then(nw.lit(None, dtype=nw.Int64)).otherwise(read)
        return read, NumberColumn(name, unit)

    def conclusion(self, column: TableColumn) -> None:
        """A column of conclusions."""
        by: dict[int, list[str]] = {}
        for word, verdict in CONCLUSIONS.items():
            by.setdefault(CODES[Verdict(verdict)], []).append(word)
        spelt = {2: ["đạt"], 0: ["chưa đạt", "không đạt"], 3: ["không áp dụng"]}
        meanings = [(code, _words(words, spelt.get(code, ()))) for code, words in by.items()]
        read = self._choice(column.heading, meanings, self.nw.Int8)
        self.read[said_name(column.key)] = read
        self._note(column.heading, read)

    # --- places -------------------------------------------------------------------------------------------------

    def key(self, key: Key, columns: Sequence[TableColumn], on: date) -> bool:
        """Read a column that the situation of a place depends on; whether the table has it."""
        by_key = {each.key: each for each in columns if each.part is None and each.kind in {"key", "attribute", "fact"}}
        register = places()
        meanings: list[tuple[int, list[str]]] = []
        if key.name == REGION:
            return self._region(key, by_key)
        column = by_key.get(key.name)
        if column is None:
            return False
        if key.domain == (True, False):
            truth = self._truth(column.heading)
            self.keys[key.name] = self._by_truth(truth)
            return True
        if key.name == PROVINCE:
            known = {each.id: each for each in register.provinces}
            map_ = register.map_on(on)
            for at, id in enumerate(key.domain, start=1):
                province = known[str(id)]
                named = (province.name, f"Tỉnh {province.name}", f"Thành phố {province.name}")
                meanings.append((at, _words([province.id], named if province.map == map_ else ())))
        elif key.name == KIND:
            meanings = [(at, _words([str(id)])) for at, id in enumerate(key.domain, start=1)]
        else:
            meanings = [(at, _words(self._spellings(key.name, str(id)))) for at, id in enumerate(key.domain, start=1)]
        self.keys[key.name] = self._choice(column.heading, meanings, self.nw.Int64).fill_null(0)
        return True

    def _spellings(self, attribute: str, id: str) -> tuple[str, ...]:
        found = places().attribute(attribute)
        title = None if found is None else dict(found.values).get(id)
        return (id,) if title is None else (id, title.vi, title.en)

    def _by_truth(self, truth: Any) -> Any:
        nw = self.nw
        yes, no, none = (nw.lit(value, dtype=nw.Int64) for value in (1, 2, 0))
        return nw.when(truth.is_null()).then(none).otherwise(nw.when(truth).then(yes).otherwise(no))

    def _region(self, key: Key, columns: Mapping[str, TableColumn]) -> bool:
        """The region that is stated, or else that of the province."""
        register = places()
        titles = dict(register.regions)
        found = None
        if REGION in columns:
            meanings = [
                (at, _words([str(id), titles[str(id)].vi, titles[str(id)].en]))
                for at, id in enumerate(key.domain, start=1)
            ]
            found = self._choice(columns[REGION].heading, meanings, self.nw.Int64)
        if PROVINCE in columns:
            meanings = []
            for at, id in enumerate(key.domain, start=1):
                of_region = [each for each in register.provinces if each.region == id]
                names = [(each.id, each.name, f"Tỉnh {each.name}", f"Thành phố {each.name}") for each in of_region]
                meanings.append((at, _words(*names)))
            of_province = self._choice(columns[PROVINCE].heading, meanings, self.nw.Int64)
            found = of_province if found is None else self.nw.when(found.is_null()).then(of_province).otherwise(found)
        if found is None:
            return False
        self.keys[key.name] = found.fill_null(0)
        return True

    def index(self, keys: Sequence[Key]) -> Any:
        """The number of the combination of every row, as `situations.combinations` counts."""
        number = self.nw.lit(0, dtype=self.nw.Int64)
        for key in keys:
            number = number * (len(key.domain) + 1) + self.nw.col(f"~{key.name}")
        return number
