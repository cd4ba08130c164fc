"""
The words of narwhals that this room uses, for frames of Spark: they write SQL, which Spark reads a stage at a time.

Every word of narwhals is some twenty calls to Spark's Java; a set has thousands of words, so that telling Spark what to
do takes a minute. Text goes over at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import whitespace
from typing import Any

import attrs

# What types are called, by their names in narwhals.
_TYPES = {
    "Boolean": "BOOLEAN",
    "Int8": "TINYINT",
    "Int16": "SMALLINT",
    "Int32": "INT",
    "Int64": "BIGINT",
    "Float64": "DOUBLE",
    "String": "STRING",
}
# Bounds and marks of whole numbers.
_SIZES = ((1 << 7, "Y"), (1 << 15, "S"), (1 << 31, ""), (1 << 63, "L"))
_MARKS = {"Int8": "Y", "Int16": "S", "Int64": "L"}

# These may follow each other without brackets.
_CHAINS = frozenset({"AND", "OR", "+"})


def is_spark(table: Any) -> bool:
    """Whether a table is a frame of Spark, classic or connected."""
    return type(table).__module__.startswith("pyspark.sql.")


def quoted(name: str) -> str:
    """The name of a column, which may hold anything."""
    return "`" + name.replace("`", "``") + "`"


def literal(value: Any) -> str:
    """
    A constant; whole numbers are of the smallest type, so that a column keeps its own beside them.

    Example:
        >>> literal("Hòa Bình"), literal("it's"), literal(300), literal(None)
        ("'Hòa Bình'", "CAST(X'69742773' AS STRING)", '300S', 'NULL')
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        mark = next(mark for size, mark in _SIZES if -size <= value < size)
        return f"{value}{mark}" if value >= 0 else f"({value}{mark})"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"
    # How quotes and backslashes are written depends on the session.
    plain = value.isprintable() and not set("'\\") & set(value)
    return f"'{value}'" if plain else f"CAST(X'{value.encode().hex().upper()}' AS STRING)"


@attrs.frozen(eq=False)
class Text:
    """
    An expression as SQL.

    Attributes:
        joint: The operator that holds it together, if any.

        name: What the column is called.
    """

    sql: str
    joint: str = ""
    name: str = ""

    def within(self, joint: str = "") -> str:
        """The same as a part of an expression that *joint* holds together."""
        return self.sql if not self.joint or (self.joint == joint and joint in _CHAINS) else f"({self.sql})"

    def alias(self, name: str) -> Text:
        """The same, as a column of that name."""
        return attrs.evolve(self, name=name)

    @property
    def column(self) -> str:
        """The same with its name."""
        return f"{self.sql} AS {quoted(self.name)}" if self.name else self.sql

    def _with(self, joint: str, other: Any, *, turned: bool = False) -> Text:
        left, right = (_text(other), self) if turned else (self, _text(other))
        # What stands on the right keeps its brackets: it may be a difference.
        second = right.within(joint if joint in {"AND", "OR"} else "")
        return Text(f"{left.within(joint)} {joint} {second}", joint)

    def _call(self, function: str, *others: Any) -> Text:
        return Text(f"{function}({', '.join([self.sql, *(_text(other).sql for other in others)])})")

    def __and__(self, other: Any) -> Text:
        return self._with("AND", other)

    def __or__(self, other: Any) -> Text:
        return self._with("OR", other)

    def __invert__(self) -> Text:
        return Text(f"NOT {self.within()}", "NOT")

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        return self._with("=", other)

    def __ne__(self, other: object) -> Any:
        return self._with("<>", other)

    def __lt__(self, other: Any) -> Text:
        return self._with("<", other)

    def __le__(self, other: Any) -> Text:
        return self._with("<=", other)

    def __gt__(self, other: Any) -> Text:
        return self._with(">", other)

    def __ge__(self, other: Any) -> Text:
        return self._with(">=", other)

    def __add__(self, other: Any) -> Text:
        return self._with("+", other)

    def __radd__(self, other: Any) -> Text:
        return self._with("+", other, turned=True)

    def __sub__(self, other: Any) -> Text:
        return self._with("-", other)

    def __rsub__(self, other: Any) -> Text:
        return self._with("-", other, turned=True)

    def __mul__(self, other: Any) -> Text:
        return self._with("*", other)

    def __truediv__(self, other: Any) -> Text:
        return self._with("/", other)

    def is_null(self) -> Text:
        """Whether there is nothing."""
        return Text(f"{self.within()} IS NULL", "IS")

    def is_nan(self) -> Text:
        """Whether it is no number; null where there is nothing."""
        return self._with("=", float("nan"))

    def fill_null(self, value: Any) -> Text:
        """A value where there is nothing."""
        return self._call("coalesce", value)

    def is_in(self, values: Sequence[Any]) -> Text:
        """Whether it is one of some values; null where there is nothing."""
        return Text(f"{self.within()} IN ({', '.join(literal(value) for value in values)})", "IN")

    def cast(self, dtype: Any) -> Text:
        """The same in another type."""
        return Text(f"CAST({self.sql} AS {_TYPES[dtype.__name__]})")

    def abs(self) -> Text:
        """How far it is from 0."""
        return self._call("abs")

    def round(self) -> Text:
        """The nearest whole number, of the same type."""
        return self._call("round")

    def sum(self) -> Text:
        """All together, of a group."""
        return self._call("sum")

    def max(self) -> Text:
        """The greatest of a group."""
        return self._call("max")

    def min(self) -> Text:
        """The least of a group."""
        return self._call("min")

    @property
    def str(self) -> Letters:
        """The words for text."""
        return Letters(self)


def _text(value: Any) -> Text:
    return value if isinstance(value, Text) else Text(literal(value))


@attrs.frozen
class Letters:
    """The words for text."""

    of: Text

    def strip_chars(self) -> Text:
        """Without blanks around it."""
        return Text(f"btrim({self.of.sql}, {literal(whitespace)})")

    def to_lowercase(self) -> Text:
        """In small letters."""
        return Text(f"lower({self.of.sql})")

    def replace_all(self, pattern: str, value: str) -> Text:
        """With what a pattern finds replaced."""
        return Text(f"regexp_replace({self.of.sql}, {literal(pattern)}, {literal(value)})")


@attrs.frozen(eq=False)
class Branches(Text):
    """A choice that another may follow, without being put into it."""

    cases: str = ""


@attrs.frozen
class _When:
    question: Text

    def then(self, value: Any) -> _Then:
        """What it is where the answer is yes."""
        return _Then(f"WHEN {self.question.sql} THEN {_text(value).sql}")


@attrs.frozen
class _Then:
    case: str

    def otherwise(self, value: Any) -> Branches:
        """What it is where the answer is no, or open."""
        rest = value.cases if isinstance(value, Branches) else f"ELSE {_text(value).sql}"
        cases = f"{self.case} {rest}"
        return Branches(f"CASE {cases} END", cases=cases)


@attrs.frozen
class SparkWords:
    """The first words of expressions, and the types, which are those of narwhals."""

    types: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.types, name)

    def col(self, name: str) -> Text:
        """A column."""
        return Text(quoted(name))

    def lit(self, value: Any, dtype: Any = None) -> Text:
        """A constant column."""
        kind = "" if dtype is None else dtype.__name__
        if isinstance(value, int) and not isinstance(value, bool) and kind in _MARKS:
            return Text(f"{value}{_MARKS[kind]}" if value >= 0 else f"({value}{_MARKS[kind]})")
        found = Text(literal(value))
        return found if dtype is None or (isinstance(value, bool | str)) else found.cast(dtype)

    def when(self, predicate: Text) -> _When:
        """The first word of a choice."""
        return _When(predicate)

    def max_horizontal(self, *exprs: Text) -> Text:
        """The greatest of each row."""
        return Text(f"greatest({', '.join(each.sql for each in exprs)})")

    def min_horizontal(self, *exprs: Text) -> Text:
        """The least of each row."""
        return Text(f"least({', '.join(each.sql for each in exprs)})")

    def concat_str(self, exprs: Sequence[Text], separator: str) -> Text:
        """Texts put together; null where any is."""
        between = f", {literal(separator)}, "
        return Text(f"concat({between.join(each.sql for each in exprs)})")

    def len(self) -> Text:
        """How many rows a group has."""
        return Text("count(1)")


@attrs.frozen
class SparkFrame:
    """A frame of Spark, which takes expressions as narwhals' frames do."""

    native: Any

    def with_columns(self, *columns: Text | Iterable[Text]) -> SparkFrame:
        """With more columns."""
        return self.select("*", *columns)

    def select(self, *columns: str | Text | Iterable[str | Text]) -> SparkFrame:
        """Some columns, the star standing for all that there are."""
        named = [each for given in columns for each in ([given] if isinstance(given, str | Text) else given)]
        wanted = [each.column if isinstance(each, Text) else each if each == "*" else quoted(each) for each in named]
        return SparkFrame(self.native.selectExpr(*wanted))

    def filter(self, predicate: Text) -> SparkFrame:
        """The rows of which something is so."""
        return SparkFrame(self.native.filter(predicate.sql))

    def join(self, other: SparkFrame, on: str, how: str) -> SparkFrame:
        """Beside the rows of another frame that have the same key."""
        return SparkFrame(self.native.join(other.native, on, how))

    def drop(self, *names: str) -> SparkFrame:
        """Without some columns."""
        return SparkFrame(self.native.drop(*names))

    def group_by(self, key: str) -> _Groups:
        """The rows by key."""
        return _Groups(self.native.groupBy(quoted(key)))

    def to_native(self) -> Any:
        """The frame of Spark."""
        return self.native


@attrs.frozen
class _Groups:
    native: Any

    def agg(self, columns: Sequence[Text]) -> SparkFrame:
        """One row a group."""
        from pyspark.sql import functions

        return SparkFrame(self.native.agg(*(functions.expr(each.column) for each in columns)))


def engine_of(table: Any) -> tuple[Any, Any, Mapping[str, Any]]:
    """The words for a table that stays where it is, the table as it takes them, and its columns with their types."""
    import narwhals.stable.v2 as nw

    frame = nw.from_native(table)
    types = dict(frame.collect_schema())
    return (SparkWords(nw), SparkFrame(table), types) if is_spark(table) else (nw, frame, types)
