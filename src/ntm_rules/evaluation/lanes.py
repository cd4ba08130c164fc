"""
What programs are made of: codes of verdicts, single comparisons, and many of them side by side in one number.

Nothing here is a requirement's form; those are compiled into these by `compiling`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from struct import Struct
from typing import Any

import attrs

from ntm_rules.evaluation.context import Context, Terms
from ntm_rules.evaluation.figures import Lacking, reading
from ntm_rules.vocabulary.assessments import Scope
from ntm_rules.vocabulary.dossiers import Dossier, FactKey, FactValue, PlainFacts, plain_facts
from ntm_rules.vocabulary.quantities import EXACT, MOST_MILLIONTHS, in_millionths
from ntm_rules.vocabulary.verdicts import Verdict

# --- codes ------------------------------------------------------------------------------------------------------

#: A comparison that fails or passes is a code as it stands.
NOT_MET, MET, UNDETERMINED, NOT_APPLICABLE = range(4)

#: The verdict of each code.
VERDICTS = (Verdict.NOT_MET, Verdict.MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)

#: The code of each verdict.
CODES = {verdict: code for code, verdict in enumerate(VERDICTS)}


def all_of(codes: Sequence[int]) -> int:
    """As `kleene.all_of`, of codes."""
    for code in (NOT_MET, UNDETERMINED, MET):
        if code in codes:
            return code
    return NOT_APPLICABLE


# --- one dossier ------------------------------------------------------------------------------------------------


class Judged:
    """
    A dossier while it is judged by a program; what the readable evaluator needs of it is made if that is asked.

    Attributes:
        asking: The addresses of rows of other sets that led here.
    """

    __slots__ = ("_contexts", "asking", "dossier", "numbers", "statements", "terms")

    def __init__(self, terms: Terms, dossier: Dossier, asking: tuple[str, ...]) -> None:
        """Nothing is read of it yet."""
        self.terms = terms
        self.dossier = dossier
        self.asking = asking
        self.numbers, self.statements = plain_facts(dossier).numbers, plain_facts(dossier).statements
        self._contexts: dict[str | None, Context] = {}

    def lacks(self, key: FactKey) -> bool:
        """Whether nothing at all is said of a fact."""
        return (key if isinstance(key, str) else key[0]) not in self.dossier.by_fact

    def context(self, part: str | None = None) -> Context:
        """What the readable evaluator judges on."""
        found = self._contexts.get(part)
        if found is None:
            scope, facts = Scope(self.terms.rules, self.dossier), self.dossier.by_fact
            found = Context(self.terms, scope, facts, self.dossier.year, part, self.asking)
            self._contexts[part] = found
        return found


Number = int | Decimal

#: The code of a requirement for a dossier.
Check = Callable[[Judged], int]


@attrs.frozen(eq=False)
class Plain:
    """
    A figure against a constant.

    Attributes:
        key: The fact, or a part of it.

        passes: How the two are compared.
    """

    key: FactKey
    passes: Callable[[Number, Number], bool]
    required: Decimal

    @cached_property
    def least(self) -> Number:
        """What is required, in millionths as the figures of a dossier are."""
        return in_millionths(self.required)

    def __call__(self, judged: Judged) -> int:
        """Met or not met; of a figure that needs working out, or is missing, as it is read."""
        figure = judged.numbers.get(self.key)
        if figure is not None:
            return self.passes(figure, self.least)
        return UNDETERMINED if judged.lacks(self.key) else self.of_read(judged)

    def of_read(self, judged: Judged) -> int:
        """As it is read by the readable evaluator."""
        fraction = fraction_of(self.key, judged)
        if fraction is None:
            return UNDETERMINED
        return self.passes(fraction[0], EXACT.multiply(self.required, fraction[1]))


@attrs.frozen(eq=False)
class Stated:
    """A statement that must be affirmed."""

    key: FactKey

    def __call__(self, judged: Judged) -> int:
        """Met or not met, or as it is read."""
        statement = judged.statements.get(self.key)
        if statement is not None:
            return statement
        return UNDETERMINED if judged.lacks(self.key) else self.of_read(judged)

    def of_read(self, judged: Judged) -> int:
        """As it is read by the readable evaluator."""
        read = key_read(self.key, judged)
        return UNDETERMINED if isinstance(read, Lacking) else MET if read.statement else NOT_MET


def key_read(key: FactKey, judged: Judged) -> FactValue | Lacking:
    """What the readable evaluator reads."""
    fact, part = (key, None) if isinstance(key, str) else key
    return reading(fact, judged.context(part))


def fraction_of(key: FactKey, judged: Judged) -> tuple[Decimal, Decimal] | None:
    """A figure as a fraction, its denominator positive; None where there is none."""
    read = key_read(key, judged)
    return None if isinstance(read, Lacking) else read.fraction


# --- many comparisons side by side ------------------------------------------------------------------------------

_LANE = 64

# Above every figure that is an int.
_PASSES_ALWAYS = MOST_MILLIONTHS


class Layout:
    """
    The figures and statements of a dossier side by side in one whole number, 64 bits for each, one lane a comparison.

    So subtracting what is required from it compares all of them at once. A lane holds its figure (of those that may
    not be more its negative, of a statement 1 or 0) with the highest bit turned: figures and what is required are less
    than 2^62, so what is left has that bit if the figure is no less, and no lane borrows from the next.
    """

    def __init__(self, more: tuple[FactKey, ...], less: tuple[FactKey, ...], stated: tuple[FactKey, ...]) -> None:
        """Nothing is read yet."""
        self._more, self._less, self._stated = more, less, stated
        self.lanes = len(more) + len(less) + len(stated)
        self._form = Struct(f"<{self.lanes}q")
        self.highest = int.from_bytes((bytes(7) + b"\x80") * self.lanes, "little")

    def taken(self, plain: PlainFacts) -> tuple[int, tuple[int, ...]]:
        """That number for a dossier, and the lanes whose figure is not given as an int; these pass always."""
        found: tuple[int, tuple[int, ...]] | None = plain.taken.get(self)
        if found is None:
            found = plain.taken[self] = self._take(plain)
        return found

    def _take(self, plain: PlainFacts) -> tuple[int, tuple[int, ...]]:
        numbers, statements = plain.numbers.get, plain.statements.get
        less = [-figure if isinstance(figure, int) else None for figure in map(numbers, self._less)]
        figures: list[Any] = [*map(numbers, self._more), *less, *map(statements, self._stated)]
        odd = tuple([at for at, figure in enumerate(figures) if not isinstance(figure, int)])
        for at in odd:
            figures[at] = _PASSES_ALWAYS
        return int.from_bytes(self._form.pack(*figures), "little") ^ self.highest, odd


@lru_cache(maxsize=4096)
def layout_of(more: tuple[FactKey, ...], less: tuple[FactKey, ...], stated: tuple[FactKey, ...]) -> Layout:
    """One for all programs that read the same facts, so that a dossier is laid out once for the variants of a set."""
    return Layout(more, less, stated)


class Lanes:
    """Rows that are one comparison with a constant, or one statement: all of them are judged at once."""

    def __init__(self, rows: Sequence[Plain | Stated]) -> None:
        """Each has one lane, or two if it must be equal."""
        more: list[tuple[int, FactKey, int]] = []
        less: list[tuple[int, FactKey, int]] = []
        stated: list[tuple[int, FactKey, int]] = []
        for at, row in enumerate(rows):
            if isinstance(row, Stated):
                stated.append((at, row.key, 1))
                continue
            least = int(row.least)
            if row.passes in (operator.ge, operator.gt, operator.eq):
                more.append((at, row.key, least + (row.passes is operator.gt)))
            if row.passes in (operator.le, operator.lt, operator.eq):
                less.append((at, row.key, (row.passes is operator.lt) - least))
        lanes = [*more, *less, *stated]
        self.layout = layout_of(*(tuple(key for _, key, _ in some) for some in (more, less, stated)))
        self.rows = tuple(at for at, _, _ in lanes)
        self._highest_of = tuple(1 << (_LANE * at + _LANE - 1) for at in range(len(lanes)))
        self._required = sum(required << (_LANE * at) for at, (_, _, required) in enumerate(lanes))

    def failing(self, taken: int) -> list[int]:
        """The lanes that fail, the last first."""
        failing = ((taken - self._required) & self.layout.highest) ^ self.layout.highest
        found = []
        while failing:
            at = failing.bit_length() // _LANE - 1
            found.append(at)
            failing ^= self._highest_of[at]
        return found
