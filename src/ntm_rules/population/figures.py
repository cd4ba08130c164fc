"""
Figures in columns: whole numbers with one unit a column, compared exactly.

A column holds whole numbers times a constant, so that 58.3 % is 583 tenths. A threshold is a fraction of that constant,
rounded to the side on which no whole number lies between. A ratio is compared by cross-multiplication; every product
is held against what 64 bits hold before the expression runs, for Polars wraps without a word.

Floating-point numbers that are only compared stay as they are, and are compared as exactly (`nearest_threshold`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, gcd, inf, isinf, nextafter
from typing import Any

import attrs

from ntm_rules.errors import NtmRulesError
from ntm_rules.messages import Language, text
from ntm_rules.population.kleene import Logic, Number, Truth, is_constant
from ntm_rules.population.situations import SITUATION, Key
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.facts import Derivation, FactCatalogue, FactDefinition, Operand, Ratio, Sum, operands
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.requirements import RatioMeasure, Sign
from ntm_rules.vocabulary.verdicts import ReasonCode

#: The greatest whole number of a column.
GREATEST = 2**63 - 1

#: The reasons by the number that stands for them in columns.
REASONS = tuple(ReasonCode)
NUMBER_OF = {code: number for number, code in enumerate(REASONS)}


class TooLargeError(NtmRulesError, OverflowError):
    """Figures so large that a product of them would not fit; `fact` is the one to look at."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact

    def render(self, lang: Language = "vi") -> str:
        """The error as one sentence in *lang*."""
        return text("error.figures_too_large", lang, fact=self.fact)

    def __str__(self) -> str:
        """The English sentence."""
        return self.render("en")


@attrs.frozen
class NumberColumn:
    """
    A column of figures.

    Attributes:
        name: The column of numbers; null where the figure is missing.

        unit: What one of them is, in the fact's unit.

        greatest: No figure is further from 0; None where the rows were not looked at.

        doubles: Whether the numbers are floating-point numbers, each for its shortest decimal form; else whole numbers.
    """

    name: str
    unit: Fraction = Fraction(1)
    greatest: int | None = None
    doubles: bool = False

    def threshold(self, sign: Sign, value: Fraction) -> int | float | None:
        """What the numbers of the column compare with as figures do with *value*; None where none is equal to it."""
        return (nearest_threshold if self.doubles else whole_threshold)(sign, value / self.unit)


def multiplied(sets: Iterable[CriteriaSet]) -> frozenset[str]:
    """The facts that some sets reckon with, and do not only compare: their columns must hold whole numbers."""
    found: set[str] = set()
    for rules in sets:
        for fact in rules.used_facts:
            definition = rules.catalogue.get(fact)
            if definition is not None and definition.derived is not None:
                found.update(operands(definition.derived))
        for _, row in rules.rows:
            measures = (getattr(node, "measure", None) for node in row.require.walk())
            ratios = (each for each in measures if isinstance(each, RatioMeasure))
            found.update(reading.fact for each in ratios for reading in each.readings)
    return frozenset(found)


# --- comparing --------------------------------------------------------------------------------------------------

_SIGNS: dict[Sign, Callable[[Any, Any], Any]] = {
    Sign.AT_LEAST: operator.ge,
    Sign.MORE_THAN: operator.gt,
    Sign.AT_MOST: operator.le,
    Sign.LESS_THAN: operator.lt,
    Sign.EQUALS: operator.eq,
}
_TURNED = {
    Sign.AT_LEAST: Sign.AT_MOST,
    Sign.MORE_THAN: Sign.LESS_THAN,
    Sign.AT_MOST: Sign.AT_LEAST,
    Sign.LESS_THAN: Sign.MORE_THAN,
    Sign.EQUALS: Sign.EQUALS,
}
_ROUNDED = {Sign.AT_LEAST: ceil, Sign.MORE_THAN: floor, Sign.AT_MOST: floor, Sign.LESS_THAN: ceil}


def whole_threshold(sign: Sign, value: Fraction) -> int | None:
    """
    The whole number that whole numbers compare with as they do with *value*; None where none is equal to it.

    Example:
        >>> whole_threshold(Sign.AT_LEAST, Fraction(5025, 10)), whole_threshold(Sign.MORE_THAN, Fraction(5025, 10))
        (503, 502)
    """
    if sign is Sign.EQUALS:
        return int(value) if value.denominator == 1 else None
    return max(-GREATEST, min(GREATEST, _ROUNDED[sign](value)))


def nearest_threshold(sign: Sign, value: Fraction) -> float | None:
    """
    The floating-point number that others compare with as their shortest decimal forms do with *value*.

    Rounding to the nearest keeps the order: what lies on one side of the floating-point number nearest to *value* was
    written on that side of *value*. Only that number itself may lie on either, by its own shortest form; where it does
    not pass as it should, its neighbour is the threshold. None where no number is equal to *value*.

    Source:
        D. Goldberg, What every computer scientist should know about floating-point arithmetic, ACM Computing Surveys
        23 (1991), on rounding; for the shortest form G. L. Steele and J. L. White, How to print floating-point numbers
        accurately, PLDI 1990.

    Example:
        >>> nearest_threshold(Sign.AT_LEAST, Fraction(3, 10)), nearest_threshold(Sign.AT_LEAST, Fraction(1, 3))
        (0.3, 0.33333333333333337)
    """
    try:
        nearest = float(value)
    except OverflowError:
        nearest = inf if value > 0 else -inf
    written = None if isinf(nearest) else Fraction(repr(nearest))
    if sign is Sign.EQUALS:
        return nearest if written == value else None
    inclusive = sign in {Sign.AT_LEAST, Sign.AT_MOST}
    if written is None or _SIGNS[sign](written, value) is inclusive:
        return nearest
    return nextafter(nearest, inf if sign.wants_more is inclusive else -inf)


@attrs.frozen
class Figure:
    """
    A figure of every row.

    Attributes:
        known: Where there is one.

        compare: Gives whether it passes a threshold, null where it is not known.

        why: Gives the number of the reason why it is not known.

        compare_each: Gives whether it passes the threshold of its situation, null where it is not known or there is
            none; None where the engine can't look thresholds up.
    """

    known: Truth
    compare: Callable[[Sign, Fraction], Truth] = attrs.field(eq=False)
    why: Callable[[], Number] = attrs.field(eq=False)
    compare_each: Callable[[Sign, Sequence[Fraction | None]], Truth] | None = attrs.field(default=None, eq=False)


@attrs.frozen
class _Quotient:
    """
    A figure as whole numbers: a numerator over a denominator, times a unit.

    Attributes:
        positive: Whether the denominator is surely not below 0.

        tops: The greatest that numerator and denominator can be; None where that is not known.

        facts: What it is made of.
    """

    numerator: Number
    denominator: Number
    unit: Fraction
    positive: bool
    tops: tuple[int | None, int | None]
    facts: tuple[str, ...]


@attrs.frozen
class Figures:
    """
    The figures and statements of a table.

    Attributes:
        numbers: By fact and part, the ranks of ordinal facts too.

        truths: The columns of statements.

        options: The columns of categories.
    """

    logic: Logic
    catalogue: FactCatalogue
    numbers: Mapping[tuple[str, str | None], NumberColumn]
    truths: Mapping[tuple[str, str | None], str]
    options: Mapping[tuple[str, str | None], str]

    def kind(self, key: Key) -> Number:
        """Which value of its domain a fact has, from 1, or in which stretch it lies; 0 where it is not known."""
        logic, fact = self.logic, (key.name, None)
        if key.bounds:
            figure = self.of(key.name, None)
            passed = [
                figure.compare(sign, Fraction(bound))
                for bound in key.bounds
                for sign in (Sign.AT_LEAST, Sign.MORE_THAN)
            ]
            return logic.pick(figure.known, logic.count(passed) + 1, 0)
        if fact in self.truths:
            said = logic.engine.col(self.truths[fact])
            return logic.pick(said.is_null(), 0, logic.pick(said, 1, 2))
        if fact in self.numbers:
            rank = logic.engine.col(self.numbers[fact].name)
            return logic.pick(rank.is_null(), 0, rank + 1)
        found: Number = 0
        if fact in self.options:
            option = logic.engine.col(self.options[fact])
            for at, value in enumerate(key.domain, start=1):
                found = logic.pick((option == value).fill_null(value=False), at, found)
        return found

    def of(self, fact: str, part: str | None) -> Figure:
        """The figure of a fact, or of one of its parts: computed where it is derived and all is there, else given."""
        definition = self.catalogue.get(fact)
        if definition is not None and definition.unstated:
            return self._lacking(ReasonCode.DEFINITION_UNSTATED)
        given = self._given(fact, part)
        if part is None and definition is not None and definition.derived is not None:
            return self._derived(definition, definition.derived, given)
        return given

    def _lacking(self, code: ReasonCode) -> Figure:
        return Figure(False, lambda *_: None, lambda: NUMBER_OF[code])

    def _given(self, fact: str, part: str | None) -> Figure:
        missing = ReasonCode.MISSING_FACT if part is None else ReasonCode.PART_MISSING
        column = self.numbers.get((fact, part))
        if column is None:
            return self._lacking(missing)
        value = self.logic.engine.col(column.name)

        def compare(sign: Sign, threshold: Fraction) -> Truth:
            bound = column.threshold(sign, threshold)
            # Null where the figure is missing, else no.
            return value != value if bound is None else _SIGNS[sign](value, bound)  # noqa: PLR0124

        def compare_each(sign: Sign, thresholds: Sequence[Fraction | None]) -> Truth:
            bounds = [None if each is None else column.threshold(sign, each) for each in thresholds]
            return _SIGNS[sign](value, self.logic.looked_up(bounds, SITUATION, doubles=column.doubles))

        each = compare_each if self.logic.looks_up else None
        return Figure(~value.is_null(), compare, lambda: NUMBER_OF[missing], each)

    # --- derived ------------------------------------------------------------------------------------------------

    def _derived(self, fact: FactDefinition, derived: Derivation, given: Figure) -> Figure:
        names = operands(derived)
        unstated = [name for name in names if self.catalogue[name].unstated]
        absent = [name for name in names if (name, None) not in self.numbers]
        if unstated or absent:
            code = ReasonCode.DEFINITION_UNSTATED if unstated else ReasonCode.MISSING_FACT
            return attrs.evolve(given, why=lambda: NUMBER_OF[code])
        quotient = self._quotient(derived)
        unit = UNITS[fact.unit or "times"]
        factor = Fraction(1) / Fraction(unit.factor)
        if (self.catalogue.dimension(derived), unit.dimension) == ("ratio", "share"):
            factor *= 100
        computed = self._figure(attrs.evolve(quotient, unit=quotient.unit * factor))
        logic = self.logic
        nothing = self._nothing(quotient)
        falls_back = logic.both(given.known, logic.negated(nothing))

        def compare(sign: Sign, threshold: Fraction) -> Truth:
            own = computed.compare(sign, threshold)
            return logic.choose(falls_back, logic.choose(computed.known, own, given.compare(sign, threshold)), own)

        return Figure(logic.either(computed.known, falls_back), compare, computed.why)

    def ratio(self, measure: RatioMeasure, elsewhere: tuple[ReasonCode | None, ReasonCode | None]) -> Figure:
        """
        One fact over another, both of the place itself and of the year judged.

        Args:
            measure: The ratio.

            elsewhere: For each side that is of another place or year, of which a table does not tell, why it is open.
        """
        sides = []
        for reading, code in zip(measure.readings, elsewhere, strict=True):
            column = None if code is not None else self.numbers.get((reading.fact, None))
            known: Truth = False if column is None else ~self.logic.engine.col(column.name).is_null()
            sides.append((known, code or ReasonCode.MISSING_FACT))
        (first, of_first), (_, of_second) = sides
        if all(known is not False for known, _ in sides):
            return self._figure(self._quotient(Ratio(measure.of.fact, measure.to.fact)))
        why = self.logic.pick(first, NUMBER_OF[of_second], NUMBER_OF[of_first])
        return Figure(False, lambda *_: None, lambda: why)

    def _nothing(self, quotient: _Quotient) -> Truth:
        """Where all figures are there and there is nothing to measure."""
        if is_constant(quotient.denominator):
            return False
        there = ~(quotient.numerator.is_null() | quotient.denominator.is_null())
        return there & (quotient.denominator == 0).fill_null(False)

    def _figure(self, quotient: _Quotient) -> Figure:
        logic = self.logic
        top, bottom = quotient.numerator, quotient.denominator
        known: Truth = ~top.is_null()
        if not is_constant(bottom):
            known = logic.both(known, (bottom != 0).fill_null(False))

        def compare(sign: Sign, threshold: Fraction) -> Truth:
            required = threshold / quotient.unit
            self._check(quotient, (required.denominator, abs(required.numerator)))
            left = top * required.denominator
            right = self.logic.number(bottom * required.numerator)
            passes = _SIGNS[sign](left, right)
            if not quotient.positive and not is_constant(bottom):
                passes = logic.choose((bottom > 0).fill_null(True), passes, _SIGNS[_TURNED[sign]](left, right))
            return logic.choose(known, passes, None)

        def why() -> Number:
            codes = (ReasonCode.NOTHING_TO_MEASURE, ReasonCode.MISSING_FACT)
            return logic.pick(self._nothing(quotient), *(NUMBER_OF[code] for code in codes))

        return Figure(known, compare, why)

    def _quotient(self, operand: Operand) -> _Quotient:
        """An operand in the base unit of its dimension."""
        if isinstance(operand, str):
            column = self.numbers[operand, None]
            assert not column.doubles  # the edge was asked for whole numbers (`multiplied`)  # noqa: S101
            definition = self.catalogue[operand]
            unit = column.unit * Fraction(UNITS[definition.unit or "times"].factor)
            positive = definition.minimum is not None and definition.minimum >= 0
            value = self.logic.engine.col(column.name)
            return _Quotient(value, 1, unit, positive, (column.greatest, 1), (operand,))
        if isinstance(operand, Ratio):
            of, to = self._quotient(operand.of), self._quotient(operand.to)
            numerator, top = self._product(of, 0, to, 1)
            denominator, bottom = self._product(of, 1, to, 0)
            positive = of.positive and to.positive
            return _Quotient(numerator, denominator, of.unit / to.unit, positive, (top, bottom), (*of.facts, *to.facts))
        terms = operand.terms if isinstance(operand, Sum) else (operand.whole, operand.less)
        found = self._quotient(terms[0])
        for each in terms[1:]:
            found = self._added(found, self._quotient(each), less=not isinstance(operand, Sum))
        return found

    def _added(self, left: _Quotient, right: _Quotient, *, less: bool) -> _Quotient:
        unit = _common(left.unit, right.unit)
        first, top_of_first = self._product(left, 0, right, 1, int(left.unit / unit))
        second, top_of_second = self._product(right, 0, left, 1, int(right.unit / unit))
        denominator, bottom = self._product(left, 1, right, 1)
        top = None if top_of_first is None or top_of_second is None else top_of_first + top_of_second
        self._fits(top, (*left.facts, *right.facts))
        total = first - second if less else first + second
        positive = left.positive and right.positive and not less
        return _Quotient(total, denominator, unit, positive, (top, bottom), (*left.facts, *right.facts))

    def _product(self, a: _Quotient, of_a: int, b: _Quotient, of_b: int, times: int = 1) -> tuple[Number, int | None]:
        """A side of one quotient times a side of another, and the greatest that it can be."""
        left, right = (a.numerator, a.denominator)[of_a], (b.numerator, b.denominator)[of_b]
        tops = (a.tops[of_a], b.tops[of_b])
        top = None if None in tops else tops[0] * tops[1] * times  # type: ignore[operator]
        self._fits(top, (*a.facts, *b.facts))
        # A constant is the denominator of a fact, which is 1.
        product = right if is_constant(left) else left if is_constant(right) else left * right
        return product if times == 1 else product * times, top

    def _check(self, quotient: _Quotient, factors: tuple[int, int]) -> None:
        for top, factor in zip(quotient.tops, factors, strict=True):
            self._fits(factor if top is None else top * factor, quotient.facts)

    def _fits(self, top: int | None, facts: tuple[str, ...]) -> None:
        if top is not None and top > GREATEST:
            greatest = {fact: self.numbers[fact, None].greatest or 0 for fact in facts}
            raise TooLargeError(max(greatest, key=lambda fact: greatest[fact]))

    # --- statements and categories ------------------------------------------------------------------------------

    def statement(self, fact: str, part: str | None, missing: ReasonCode) -> tuple[Truth, ReasonCode]:
        """What is affirmed or denied, and why it is open where it is."""
        return self._stated(self.truths, fact, part, missing, lambda column: column)

    def one_of(
        self, fact: str, values: tuple[str, ...], part: str | None, missing: ReasonCode
    ) -> tuple[Truth, ReasonCode]:
        """Whether a category is one of some, and why that is open where it is."""
        return self._stated(
            self.options,
            fact,
            part,
            missing,
            # Null stays null in every engine.
            lambda column: self.logic.any(column == value for value in values),
        )

    def _stated(
        self,
        columns: Mapping[tuple[str, str | None], str],
        fact: str,
        part: str | None,
        missing: ReasonCode,
        so: Callable[[Any], Truth],
    ) -> tuple[Truth, ReasonCode]:
        definition = self.catalogue.get(fact)
        if definition is not None and definition.unstated:
            return None, ReasonCode.DEFINITION_UNSTATED
        code = missing if part is None else ReasonCode.PART_MISSING
        name = columns.get((fact, part))
        return (None, code) if name is None else (so(self.logic.engine.col(name)), code)

    def parts_told(self, facts: Iterable[str]) -> list[tuple[str, Truth]]:
        """The parts that the table has columns of, for some facts, each with where one of them is told."""
        wanted = frozenset(facts)
        columns: dict[str, list[str]] = {}
        named = [
            *((key, column.name) for key, column in self.numbers.items()),
            *self.truths.items(),
            *self.options.items(),
        ]
        for (fact, part), name in named:
            if part is not None and fact in wanted:
                columns.setdefault(part, []).append(name)
        told = {part: [~self.logic.engine.col(name).is_null() for name in names] for part, names in columns.items()}
        return [(part, self.logic.any(told[part])) for part in sorted(told)]


def _common(left: Fraction, right: Fraction) -> Fraction:
    """The greatest unit that both are whole multiples of."""
    denominator = left.denominator * right.denominator
    return Fraction(gcd(left.numerator * right.denominator, right.numerator * left.denominator), denominator)
