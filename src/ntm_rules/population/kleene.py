"""
Kleene's logic in columns: a verdict is a nullable boolean beside a mask of what does not apply.

What is known before any row is read stays a Python constant and is folded away, so that a fact without a column costs
nothing. The expressions are those of narwhals, or of Polars itself, which are built by the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, Protocol, TypeAlias

import attrs

#: An expression over columns; two libraries have a class of their own for it.
Expr: TypeAlias = Any

#: True, False or None for a verdict that is the same in every row; else an expression that gives one of them.
Truth: TypeAlias = Any

Number: TypeAlias = Any


class Engine(Protocol):
    """The words that narwhals and Polars have in common."""

    Boolean: Any
    Int8: Any
    Int16: Any
    Int64: Any

    def col(self, name: str) -> Expr:
        """A column."""

    def lit(self, value: Any, dtype: Any = None) -> Expr:
        """A constant column."""

    def when(self, predicate: Expr) -> Any:
        """The first word of a choice."""

    def max_horizontal(self, *exprs: Expr) -> Expr:
        """The greatest of each row."""

    def min_horizontal(self, *exprs: Expr) -> Expr:
        """The least of each row."""


def is_constant(value: object) -> bool:
    """Whether something is the same in every row."""
    return value is None or isinstance(value, bool | int)


def are_one(numbers: Sequence[Number]) -> bool:
    """Whether some numbers are one and the same in every row."""
    return all(isinstance(number, int) for number in numbers) and len(set(numbers)) == 1


# --- two and three values ---------------------------------------------------------------------------------------


@attrs.frozen
class Logic:
    """
    Kleene's connectives over truths, constants folded.

    Attributes:
        looks_up: Whether the engine can look numbers up in a list by a column of places in it.
    """

    engine: Engine
    looks_up: bool = False

    _constants: dict[tuple[object, object], Expr] = attrs.field(factory=dict, eq=False, repr=False)

    def constant(self, value: int | None, dtype: Any) -> Expr:
        """A constant column, made once."""
        # True and 1 are equal.
        key = (value, dtype)
        if key not in self._constants:
            self._constants[key] = self.engine.lit(value, dtype=dtype)
        return self._constants[key]

    def null(self) -> Expr:
        """An undetermined verdict in every row."""
        return self.constant(None, self.engine.Boolean)

    def expr(self, truth: Truth) -> Expr:
        """A truth as an expression."""
        if truth is None:
            return self.null()
        return self.constant(truth, self.engine.Boolean) if isinstance(truth, bool) else truth

    def both(self, left: Truth, right: Truth) -> Truth:
        """Kleene's *and*."""
        if left is False or right is False:
            return False
        if left is True:
            return right
        if right is True:
            return left
        if left is None and right is None:
            return None
        return self.expr(left) & self.expr(right)

    def either(self, left: Truth, right: Truth) -> Truth:
        """Kleene's *or*."""
        if left is True or right is True:
            return True
        if left is False:
            return right
        if right is False:
            return left
        if left is None and right is None:
            return None
        return self.expr(left) | self.expr(right)

    def all(self, truths: Iterable[Truth]) -> Truth:
        """All of them."""
        return reduce(self.both, truths, True)

    def any(self, truths: Iterable[Truth]) -> Truth:
        """Any of them."""
        return reduce(self.either, truths, False)

    def negated(self, truth: Truth) -> Truth:
        """Kleene's *not*."""
        if is_constant(truth):
            return None if truth is None else not truth
        return ~truth

    def is_null(self, truth: Truth) -> Truth:
        """Whether it is undetermined: true or false in every row."""
        return truth is None if is_constant(truth) else truth.is_null()

    def is_true(self, truth: Truth) -> Truth:
        """Whether it is surely so: true or false in every row."""
        if is_constant(truth):
            return truth is True
        return truth.fill_null(False)

    def is_false(self, truth: Truth) -> Truth:
        """Whether it is surely not so: true or false in every row."""
        return self.is_true(self.negated(truth))

    def alike(self, left: Truth, right: Truth) -> Truth:
        """Whether two truths are both surely so, or both surely not: true or false in every row."""
        return self.either(
            self.both(self.is_true(left), self.is_true(right)), self.both(self.is_false(left), self.is_false(right))
        )

    def choose(self, question: Truth, then: Truth, otherwise: Truth) -> Truth:
        """One truth where a question, never open, is answered yes, another where it is answered no."""
        if is_constant(question):
            return then if question else otherwise
        if is_constant(then) and is_constant(otherwise) and then is otherwise:
            return then
        if then is False:
            return self.both(~question, otherwise)
        if otherwise is False:
            return self.both(question, then)
        if then is True:
            return self.either(question, otherwise)
        return self.engine.when(question).then(self.expr(then)).otherwise(self.expr(otherwise))

    # --- numbers ------------------------------------------------------------------------------------------------

    def number(self, value: Number, dtype: Any = None) -> Expr:
        """A whole number as an expression."""
        return self.constant(value, dtype or self.engine.Int64) if isinstance(value, int) else value

    def pick(self, question: Truth, then: Number, otherwise: Number) -> Number:
        """One number where a question, never open, is answered yes, another where it is answered no."""
        if is_constant(question):
            return then if question else otherwise
        if isinstance(then, int) and isinstance(otherwise, int) and then == otherwise:
            return then
        return self.engine.when(question).then(self.number(then)).otherwise(self.number(otherwise))

    def looked_up(self, numbers: Sequence[float | None], by: str, *, doubles: bool) -> Expr:
        """A number for each row: that of the place in the list which a column tells."""
        engine: Any = self.engine
        dtype = engine.Float64 if doubles else engine.Int64
        return engine.lit(engine.Series(numbers, dtype=dtype)).gather(engine.col(by))

    def count(self, truths: Iterable[Truth], dtype: Any = None) -> Number:
        """How many of some truths, never open, are so."""
        one, none = (self.number(value, dtype) for value in (1, 0))
        sure, columns = 0, []
        for truth in truths:
            if is_constant(truth):
                sure += truth is True
            else:
                # Ten times as fast as a cast.
                columns.append(self.engine.when(truth).then(one).otherwise(none))
        if not columns:
            return sure
        total = reduce(lambda left, right: left + right, columns)
        return total + sure if sure else total

    def compare(self, left: Number, right: Number, how: Callable[[Any, Any], Any]) -> Truth:
        """Two numbers compared; constants at once."""
        if isinstance(left, int) and isinstance(right, int):
            return bool(how(left, right))
        return how(self.number(left), self.number(right))

    def greatest(self, numbers: Sequence[Number]) -> Number:
        """The greatest of some numbers."""
        return self._one_of(numbers, max, self.engine.max_horizontal)

    def least(self, numbers: Sequence[Number]) -> Number:
        """The least of some numbers."""
        return self._one_of(numbers, min, self.engine.min_horizontal)

    def _one_of(
        self, numbers: Sequence[Number], fold: Callable[[list[int]], int], horizontal: Callable[..., Expr]
    ) -> Number:
        constants = [number for number in numbers if isinstance(number, int)]
        columns = [number for number in numbers if not isinstance(number, int)]
        if not columns:
            return fold(constants)
        all_ = [*columns, *([self.number(fold(constants))] if constants else [])]
        # Spark wants two.
        return all_[0] if len(all_) == 1 else horizontal(*all_)


# --- verdicts ---------------------------------------------------------------------------------------------------

#: What is read nowhere: the support of an open verdict.
NO_SUPPORT = -1


@attrs.frozen
class Column:
    """
    The verdicts that one node of a requirement gives, a row a place.

    Attributes:
        so: Met, not met, or null where it is undetermined; what it says where the node drops out is never read.

        drops: Where it is not applicable; never null.

        blocked: Gives where an open verdict may turn out not to ask anything, whatever its facts are.

        support: Gives what a decided verdict rests on, as `support_code`.

        why: Gives the number of the first reason.
    """

    so: Truth
    drops: Truth = False
    blocked: Callable[[], Truth] = attrs.field(default=lambda: False, eq=False)
    support: Callable[[], Number] = attrs.field(default=lambda: NO_SUPPORT, eq=False)
    why: Callable[[], Number] = attrs.field(default=lambda: NO_SUPPORT, eq=False)


#: Statements stand behind figures, and each kind by its grade: the order of `Support.strength` in one number.
STATEMENT = 8


@attrs.frozen
class Verdicts:
    """The four verdicts of columns, and how they combine: the rules of `evaluation.kleene`."""

    logic: Logic

    def met(self, column: Column) -> Truth:
        """Where it is met."""
        return self.logic.both(self.logic.is_true(column.so), self.logic.negated(column.drops))

    def not_met(self, column: Column) -> Truth:
        """Where it is not met."""
        return self.logic.both(self.logic.is_false(column.so), self.logic.negated(column.drops))

    def open(self, column: Column) -> Truth:
        """Where it is undetermined."""
        return self.logic.both(self.logic.is_null(column.so), self.logic.negated(column.drops))

    def all_of(self, parts: Sequence[Column]) -> tuple[Truth, Truth]:
        """All of them: what is so, and what drops."""
        logic = self.logic
        return logic.all(logic.either(part.so, part.drops) for part in parts), logic.all(part.drops for part in parts)

    def any_of(self, parts: Sequence[Column]) -> tuple[Truth, Truth]:
        """Any of them: what is so, and what drops."""
        logic = self.logic
        so = logic.any(logic.both(part.so, logic.negated(part.drops)) for part in parts)
        return so, logic.all(part.drops for part in parts)

    def at_least_n_of(self, n: int, parts: Sequence[Column], *, open_list: bool) -> tuple[Truth, Truth]:
        """*n* of them: what is so, and what drops."""
        logic = self.logic
        met = logic.count(self.met(part) for part in parts)
        failing = logic.count(self.not_met(part) for part in parts)
        open_ = logic.count(self.open(part) for part in parts)
        enough = logic.compare(met, n, lambda a, b: a >= b)
        if open_list:
            return logic.choose(enough, True, None), False
        lost = logic.both(
            logic.compare(met + open_, n, lambda a, b: a < b), logic.compare(met + failing, 0, lambda a, b: a > b)
        )
        so = logic.choose(enough, True, logic.choose(lost, False, None))
        return so, logic.all(part.drops for part in parts) if n > 0 else False

    def first_reason(self, parts: Sequence[tuple[Truth, Number]]) -> Number:
        """The reason of the first part that gave a verdict, each with where it did."""
        found: Number = NO_SUPPORT
        for wanted, why in reversed(parts):
            found = self.logic.pick(wanted, why, found)
        return found

    def weakest(self, parts: Sequence[tuple[Truth, Number]]) -> Number:
        """What a verdict rests on that needs all of the parts that count: the worst grade, and whether any is said."""
        logic = self.logic
        codes = [logic.pick(counts, code, NO_SUPPORT) for counts, code in parts]
        if len(codes) == 1 or are_one(codes):
            return codes[0]
        if not codes:
            return NO_SUPPORT
        grades = []
        for counts, code in parts:
            is_said = logic.compare(code, STATEMENT, lambda a, b: a >= b)
            grades.append(logic.pick(counts, logic.pick(is_said, code - STATEMENT, code), NO_SUPPORT))
        # Statements stand behind figures, so that the greatest number tells whether any is said.
        any_said = logic.compare(logic.greatest(codes), STATEMENT, lambda a, b: a >= b)
        return logic.greatest(grades) + logic.pick(any_said, STATEMENT, 0)

    def strongest(self, parts: Sequence[tuple[Truth, Number]]) -> Number:
        """What a verdict rests on that needs any one of the parts that count."""
        logic = self.logic
        return logic.least([2 * STATEMENT, *(logic.pick(counts, code, 2 * STATEMENT) for counts, code in parts)])
