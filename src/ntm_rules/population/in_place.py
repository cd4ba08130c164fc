"""
Tables that stay where they are, read: every cell as an expression over its column, none of which has run yet.

No row is looked at before the engine runs, so cells must be typed: figures as numbers in the facts' own units, yes/no
as truths, words as words. What can't be read counts as missing and is counted in a column of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.language.dossiers import NO, YES
from ntm_rules.language.table import CONCLUSIONS, TableColumn, headings
from ntm_rules.messages import fold
from ntm_rules.population.edge import CODES, DOT, Reading, said_name
from ntm_rules.population.figures import Figures, NumberColumn
from ntm_rules.population.kleene import Logic, is_constant
from ntm_rules.population.program import Schema
from ntm_rules.population.situations import (
    KIND,
    MAP,
    MOST_COMBINATIONS,
    PROVINCE,
    REGION,
    SITUATION,
    Key,
    Setting,
    Situations,
    Trees,
    combinations,
    keys_of,
    situations_of,
    values_of,
)
from ntm_rules.rulebook import places
from ntm_rules.vocabulary.facts import FactDefinition, FactKind, Option
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, TONES, Level
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.verdicts import Verdict

#: The column that counts the cells of a row that could not be read.
UNREADABLE = "unreadable"

#: To so many decimals figures are read that are no whole numbers; one with more is not read.
PLACES = 6

# What a double holds of whole numbers.
_EXACT = 2**53

_COMBINATION, _WORDS = "~combination", "~words"
_PARTS = ("~province", "~letters", "~tones")


@attrs.frozen
class InPlace:
    """
    A table that stays where it is, with what its cells say.

    Attributes:
        engine: The words of its engine.

        frame: The table with its exact columns and `UNREADABLE`.

        names: The columns that it came with, as they are called in the frame.

        given: What they were called.

        level: Of which level its rows are.
    """

    engine: Any
    frame: Any
    names: tuple[str, ...]
    given: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    schema: Schema
    setting: Setting
    level: Level
    reading: Reading
    _cells: _Cells

    def situated(self, trees: Trees) -> tuple[Any, Situations]:
        """The table with the situation of every row, and the situations, as some sets tell them apart."""
        nw, setting = self.engine, self.setting
        rules = setting.rules
        cells = _Cells(nw, self._cells.types)
        found = keys_of(trees, places(), rules, self.level)
        schema = self.schema
        figures = Figures(Logic(nw), rules.catalogue, schema.numbers, schema.truths, schema.options)
        keys = [key for key in found if cells.key(key, self.columns, setting.on, figures)]
        untold = self._untold(trees)
        if untold or combinations(keys) > MOST_COMBINATIONS:
            names = ", ".join(untold or [key.name for key in keys])
            raise DossierError([Problem.at(ProblemCode.TOO_MANY_KINDS, Where(self.reading.name), names=names)])
        dossiers = [setting.dossier(keys, values_of(number, keys)) for number in range(combinations(keys))]
        situations = situations_of(trees, dossiers, setting.accept)
        frame = self.frame
        # One column upon another: an engine repeats what stands twice in an expression.
        if cells.keys:
            frame = frame.with_columns([expr.alias(f"~{name}") for name, expr in cells.keys.items()])
        frame = frame.with_columns(cells.index(keys).alias(_COMBINATION))
        return frame.with_columns(_situation(nw, nw.col(_COMBINATION), situations.of).alias(SITUATION)), situations

    def _untold(self, trees: Trees) -> list[str]:
        """The columns by which conditions of axes tell places apart, but of which not all values can be listed."""
        catalogue = self.setting.rules.catalogue
        listed = {key.name for key in trees.fact_keys(catalogue)}
        others = catalogue.with_operands(fact for fact in trees.facts if fact not in listed)
        return [
            each.heading
            for each in self.columns
            if each.kind == "fact" and (each.key in others or (each.part is not None and each.key in trees.facts))
        ]

    def counted(self, key: Any, kinds: Sequence[str]) -> Any:
        """A key where a row is of one of some kinds, else null; a row that says none is of its level."""
        nw = self.engine
        nothing = nw.lit(None, dtype=nw.String)
        own = key if self.level.value in kinds else nothing
        column = self._column(KIND)
        if column is None:
            return own
        known = [(kind, _words([kind])) for kind in KINDS_OF_LEVEL.get(self.level, ())]
        kind = self._cells.choice(column.heading, known, nw.String)
        told = nw.when(kind.is_in(list(kinds))).then(key).otherwise(nothing)
        return nw.when(kind.is_null()).then(own).otherwise(told)

    def keyed(self, frame: Any, key: str, level: Level, *, itself: bool) -> Any:
        """
        A frame of this table with a column that tells which place of a level each row is, or is beneath.

        Null where that is not told.
        """
        nw = self.engine
        nobody = frame.with_columns(nw.lit(None, dtype=nw.String).alias(key))
        of_province = self._column(PROVINCE)
        if of_province is None:
            return nobody
        meanings = [(at, _words(*spellings)) for at, spellings in enumerate(_provinces(self.setting.on), start=1)]
        province = self._cells.choice(of_province.heading, meanings, nw.Int64).cast(nw.String)
        if level is not Level.DISTRICT:
            return frame.with_columns(province.alias(key))
        named = self._column("name" if itself else "district")
        if named is None:
            return nobody
        # One column upon another: an engine repeats what stands twice in an expression.
        name = _blanks_once(nw.col(named.heading).cast(nw.String))
        frame = frame.with_columns(province.alias(_PARTS[0]), name.alias(_WORDS))
        frame = frame.with_columns(
            [each.alias(part) for each, part in zip(_spelt(nw.col(_WORDS)), _PARTS[1:], strict=True)]
        )
        frame = frame.with_columns(nw.concat_str([nw.col(each) for each in _PARTS], separator="/").alias(key))
        return frame.drop(_WORDS, *_PARTS)

    def _column(self, key: str) -> TableColumn | None:
        return next((each for each in self.columns if each.kind == "key" and each.key == key), None)


def read_in_place(
    table: Any, reading: Reading, setting: Setting, level: Level, asked: frozenset[str] | None = None
) -> InPlace:
    """
    Read a table that stays where it is.

    Args:
        table: The table.

        reading: How.

        setting: What its rows have in common.

        level: Of which level they are.

        asked: The facts that are asked for; others are not read. None reads all.

    Raises:
        DossierError: If a heading can't be read, no year is given, or a column says what must be known beforehand.
    """
    import narwhals.stable.v2 as nw

    given = tuple(nw.from_native(table).collect_schema().names())
    # Spark reads a dot in a name as a part of a structure.
    names = tuple([name.replace(".", DOT) for name in given]) if is_spark(table) else given
    frame = nw.from_native(named(table, names))
    types = dict(frame.collect_schema())
    meant = [reading.mapping.get(name, name) for name in given]
    found = headings(meant, reading.name, reading.shelf, reading.defaults)
    columns = tuple([attrs.evolve(column, heading=names[column.at]) for column in found])
    problems = [
        Problem.at(ProblemCode.NOT_IN_PLACE, Where(reading.name, 1, each.at + 1, each.heading), name=each.key)
        for each in columns
        if each.kind == "key" and each.key in {"year", "on", "set", "level"}
    ]
    if problems:
        raise DossierError(problems)
    cells = _Cells(nw, types)
    said = [each for each in columns if each.kind == "attested"]
    for column in columns:
        if column.kind == "fact" and column.fact is not None and (asked is None or column.key in asked):
            cells.fact(column, column.fact)
    for column in said:
        cells.conclusion(column)
    for added in (cells.scaled, cells.read):
        if added:
            frame = frame.with_columns([expr.alias(name) for name, expr in added.items()])
    unreadable = reduce(lambda a, b: a + b, cells.unread) if cells.unread else nw.lit(0, dtype=nw.Int16)
    frame = frame.with_columns(unreadable.alias(UNREADABLE))
    schema = Schema(cells.numbers, cells.truths, cells.options, tuple(each.key for each in said))
    setting = attrs.evolve(setting, level=level)
    return InPlace(nw, frame, names, given, columns, schema, setting, level, reading, cells)


def is_spark(table: Any) -> bool:
    """Whether a table is a frame of Spark, classic or connected."""
    return type(table).__module__.startswith("pyspark.sql.")


def named(table: Any, names: Sequence[str]) -> Any:
    """A table of Spark with its columns named anew; other engines take any name."""
    return table.toDF(*names) if is_spark(table) else table


def _situation(nw: Any, number: Any, of: Sequence[int]) -> Any:
    """The situation of every combination."""
    if list(of) == list(range(len(of))):
        return number
    by: dict[int, list[int]] = {}
    for at, situation in enumerate(of):
        by.setdefault(situation, []).append(at)
    most = max(by, key=lambda situation: len(by[situation]))
    # Side by side: one within another would be as deep as there are situations.
    others = [
        nw.when(number.is_in(numbers)).then(nw.lit(situation, dtype=nw.Int64))
        for situation, numbers in by.items()
        if situation != most
    ]
    return nw.coalesce(*others, nw.lit(most, dtype=nw.Int64))


# --- names of places --------------------------------------------------------------------------------------------

# The vowels of Vietnamese; those beyond ASCII are one sign or two.
_VOWELS = "aăâeêioôơuưy"
# What `str.split` takes for a blank.
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def _blanks_once(name: Any) -> Any:
    """In small letters, with one blank between syllables."""
    return name.str.to_lowercase().str.replace_all(f"[{_BLANKS}]+", " ").str.strip_chars()


def _spelt(name: Any) -> tuple[Any, Any]:
    """
    What tells a name from others: its letters without tones, and the tones of each syllable.

    Two names of Vietnamese letters have both in common where `vocabulary.places.spelt` is the same of them.
    """
    letters = name.str.replace_all(f"[{TONES}]", "")
    for vowel in _VOWELS:
        toned = "".join(unicodedata.normalize("NFC", vowel + tone) for tone in TONES)
        letters = letters.str.replace_all(f"[{toned}]", vowel)
    for vowel in _VOWELS:
        if not vowel.isascii():
            letters = letters.str.replace_all(unicodedata.normalize("NFD", vowel), vowel)
    tones = name
    for tone in TONES:
        toned = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS)
        tones = tones.str.replace_all(f"[{toned}]", tone)
    return letters, tones.str.replace_all(f"[^ {TONES}]+", "")


# --- cells ------------------------------------------------------------------------------------------------------


def _provinces(on: date) -> list[list[Sequence[str]]]:
    """How every province of the register may be written on a day: one of another map by its id only."""
    register = places()
    map_ = register.map_on(on)
    found: list[list[Sequence[str]]] = []
    for each in register.provinces:
        named = (each.name, f"Tỉnh {each.name}", f"Thành phố {each.name}") if each.map == map_ else ()
        found.append([[each.id], named])
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
        scaled: Figures that are no whole numbers in millionths, from which the exact columns are read.

        read: The exact columns.

        unread: For every column, 1 where a cell could not be read, from the exact columns.

        keys: What the situation of a place depends on, as the place of each value in its domain, 0 for none.
    """

    nw: Any
    types: Mapping[str, Any]
    scaled: dict[str, Any] = attrs.field(factory=dict)
    read: dict[str, Any] = attrs.field(factory=dict)
    unread: list[Any] = attrs.field(factory=list)
    numbers: dict[tuple[str, str | None], NumberColumn] = attrs.field(factory=dict)
    truths: dict[tuple[str, str | None], str] = attrs.field(factory=dict)
    options: dict[tuple[str, str | None], str] = attrs.field(factory=dict)
    keys: dict[str, Any] = attrs.field(factory=dict)

    def _word(self, heading: str) -> Any:
        column = self.nw.col(heading)
        return column.str.strip_chars().str.to_lowercase()

    def _note(self, heading: str, name: str) -> None:
        """Count the cells that hold something that was not read."""
        nw = self.nw
        if self.types[heading] == nw.Boolean:
            return
        lost = ~nw.col(heading).is_null() & nw.col(name).is_null()
        if self.types[heading] == nw.String:
            lost &= nw.col(heading).str.strip_chars() != ""
        one, none = nw.lit(1, dtype=nw.Int16), nw.lit(0, dtype=nw.Int16)
        self.unread.append(nw.when(lost).then(one).otherwise(none))

    def choice(self, heading: str, meanings: Sequence[tuple[Any, list[str]]], dtype: Any) -> Any:
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
        return self.choice(heading, [(True, yes), (False, no)], self.nw.Boolean)

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
            read = self.choice(column.heading, steps, nw.Int64)
            self.numbers[meaning] = NumberColumn(name)
        else:
            values = [(option.id, _words(_of_option(option))) for option in fact.values]
            read = self.choice(column.heading, values, nw.String)
            self.options[meaning] = name
        self.read[name] = read
        self._note(column.heading, name)

    def _number(self, column: TableColumn, fact: FactDefinition, name: str) -> tuple[Any, NumberColumn]:
        """A figure as a whole number; null where it is none, has too many decimals or is out of range."""
        nw = self.nw
        dtype = self.types[column.heading]
        value = nw.col(column.heading)
        unit = Fraction(1)
        if column.unit is not None and fact.unit is not None and column.unit != fact.unit:
            unit = Fraction(UNITS[column.unit].factor) / Fraction(UNITS[fact.unit].factor)
        if dtype.is_integer():
            read, fits = value.cast(nw.Int64), []
        else:
            # The double nearest to k / 10^n is what that division gives, so an equal one was written with n places.
            typed = value.cast(nw.Float64)
            self.scaled[f"~{name}"] = (typed * 10**PLACES).round()
            read = nw.col(f"~{name}")
            fits = [read.abs() <= _EXACT, (read / 10**PLACES) == typed, ~typed.is_nan()]
            unit /= 10**PLACES
        for limit, below in ((fact.minimum, True), (fact.maximum, False)):
            if limit is not None:
                edge = Fraction(limit) / unit
                fits.append(read >= edge.__ceil__() if below else read <= edge.__floor__())
        if fits:
            none = nw.lit(None, dtype=nw.Int64 if dtype.is_integer() else nw.Float64)
            read = nw.when(reduce(lambda a, b: a & b, fits)).then(read).otherwise(none).cast(nw.Int64)
        return read, NumberColumn(name, unit)

    def conclusion(self, column: TableColumn) -> None:
        """A column of conclusions."""
        by: dict[int, list[str]] = {}
        for word, verdict in CONCLUSIONS.items():
            by.setdefault(CODES[Verdict(verdict)], []).append(word)
        spelt = {2: ["đạt"], 0: ["chưa đạt", "không đạt"], 3: ["không áp dụng"]}
        meanings = [(code, _words(words, spelt.get(code, ()))) for code, words in by.items()]
        read = self.choice(column.heading, meanings, self.nw.Int8)
        self.read[said_name(column.key)] = read
        self._note(column.heading, said_name(column.key))

    # --- places -------------------------------------------------------------------------------------------------

    def key(self, key: Key, columns: Sequence[TableColumn], on: date, figures: Figures) -> bool:
        """Read a column that the situation of a place depends on; whether the table has it."""
        if key.fact:
            kind = figures.kind(key)
            if not is_constant(kind):
                self.keys[key.name] = kind
            return not is_constant(kind)
        by_key = {each.key: each for each in columns if each.part is None and each.kind in {"key", "attribute"}}
        if key.name == REGION:
            return self._region(key, by_key)
        if key.name == MAP:
            return self._map(key, by_key, on)
        column = by_key.get(key.name)
        if column is None:
            return False
        if key.domain == (True, False):
            truth = self._truth(column.heading)
            self.keys[key.name] = self._by_truth(truth)
            return True
        if key.name == PROVINCE:
            meanings = [(at, _words(*spellings)) for at, spellings in enumerate(_provinces(on), start=1)]
        elif key.name == KIND:
            meanings = [(at, _words([str(id)])) for at, id in enumerate(key.domain, start=1)]
        else:
            meanings = [(at, _words(self._spellings(key.name, str(id)))) for at, id in enumerate(key.domain, start=1)]
        self.keys[key.name] = self.choice(column.heading, meanings, self.nw.Int64).fill_null(0)
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
            found = self.choice(columns[REGION].heading, meanings, self.nw.Int64)
        if PROVINCE in columns:
            meanings = []
            for at, id in enumerate(key.domain, start=1):
                of_region = [each for each in register.provinces if each.region == id]
                names = [(each.id, each.name, f"Tỉnh {each.name}", f"Thành phố {each.name}") for each in of_region]
                meanings.append((at, _words(*names)))
            of_province = self.choice(columns[PROVINCE].heading, meanings, self.nw.Int64)
            found = of_province if found is None else self.nw.when(found.is_null()).then(of_province).otherwise(found)
        if found is None:
            return False
        self.keys[key.name] = found.fill_null(0)
        return True

    def _map(self, key: Key, columns: Mapping[str, TableColumn], on: date) -> bool:
        """The map of the province."""
        if PROVINCE not in columns:
            return False
        pairs = list(zip(places().provinces, _provinces(on), strict=True))
        meanings = [
            (at, _words(*(word for each, words in pairs if each.map == id for word in words)))
            for at, id in enumerate(key.domain, start=1)
        ]
        self.keys[key.name] = self.choice(columns[PROVINCE].heading, meanings, self.nw.Int64).fill_null(0)
        return True

    def index(self, keys: Sequence[Key]) -> Any:
        """The number of the combination of every row, as `situations.combinations` counts."""
        number = self.nw.lit(0, dtype=self.nw.Int64)
        for key in keys:
            number = number * (len(key.domain) + 1) + self.nw.col(f"~{key.name}")
        return number
