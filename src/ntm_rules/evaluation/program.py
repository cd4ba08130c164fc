"""
A set as a flat program: verdicts alone, in codes, by plain comparisons and prepared closures.

Every threshold is resolved beforehand, so that most rows are one figure against one constant. A form whose verdict
takes more than that is left to the readable evaluator, node by node; so are figures that need working out. What the
program gives is what that evaluator gives, for every set and dossier.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import compress
from struct import Struct
from typing import Any, TypeVar

import attrs

from ntm_rules.evaluation import kleene
from ntm_rules.evaluation.context import Context, Terms
from ntm_rules.evaluation.figures import Lacking, reading
from ntm_rules.evaluation.forms import judge
from ntm_rules.evaluation.judging import place_is
from ntm_rules.vocabulary.assessments import Scope
from ntm_rules.vocabulary.dossiers import Dossier, FactKey, PlainFacts, plain_facts
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.quantities import EXACT, MOST_MILLIONTHS, in_millionths
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Compare,
    DecidedBy,
    FactMeasure,
    ForEach,
    Holds,
    IsOneOf,
    Requirement,
    Sign,
    ThresholdOf,
    When,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

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
        fraction = _fraction(self.key, judged)
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
        read = _read(self.key, judged)
        return UNDETERMINED if isinstance(read, Lacking) else MET if read.statement else NOT_MET


def _read(key: FactKey, judged: Judged) -> Any:
    """What the readable evaluator reads."""
    fact, part = (key, None) if isinstance(key, str) else key
    return reading(fact, judged.context(part))


def _fraction(key: FactKey, judged: Judged) -> tuple[Decimal, Decimal] | None:
    """A figure as a fraction, its denominator positive; None where there is none."""
    read = _read(key, judged)
    return None if isinstance(read, Lacking) else read.fraction


# --- forms ------------------------------------------------------------------------------------------------------

_Compile = Callable[[Any, Source, Terms, "str | None"], "int | Check"]
_Node = TypeVar("_Node", bound=Requirement)

COMPILERS: dict[type[Requirement], _Compile] = {}


def compiles(form: type[_Node]) -> Callable[[_Compile], _Compile]:
    """Register the function that compiles a form; one without any is left to the readable evaluator."""

    def register(function: _Compile) -> _Compile:
        COMPILERS[form] = function
        return function

    return register


def compiled(node: Requirement, source: Source, terms: Terms, part: str | None = None) -> int | Check:
    """The code that *node* has for every place on these terms, or what gives it; *source* is the nearest above it."""
    return COMPILERS.get(type(node), readable)(node, node.source or source, terms, part)


def readable(node: Requirement, source: Source, terms: Terms, part: str | None) -> Check:
    """What judges *node* as the readable evaluator does."""
    del terms

    def check(judged: Judged) -> int:
        return CODES[judge(node, source, judged.context(part)).verdict]

    return check


def _check(node: Requirement, source: Source, terms: Terms, part: str | None) -> Check:
    """As `compiled`, a constant too as what gives it."""
    found = compiled(node, source, terms, part)
    return found if callable(found) else _always(found)


def _always(code: int) -> Check:
    return lambda judged: code  # noqa: ARG005 - as any check


def _key(fact: str, part: str | None) -> FactKey:
    return fact if part is None else (fact, part)


PASSES: dict[Sign, Callable[[Number, Number], bool]] = {
    Sign.AT_LEAST: operator.ge,
    Sign.MORE_THAN: operator.gt,
    Sign.AT_MOST: operator.le,
    Sign.LESS_THAN: operator.lt,
    Sign.EQUALS: operator.eq,
}


@compiles(Compare)
def _comparison(node: Compare, source: Source, terms: Terms, part: str | None) -> int | Check:
    measure = node.measure
    if not isinstance(measure, FactMeasure):
        return readable(node, source, terms, part)
    applied, _ = terms.threshold(node, source)
    if applied.closed is not None:
        return NOT_APPLICABLE if applied.closed is ReasonCode.ASKS_NOTHING else UNDETERMINED
    if isinstance(applied.cell, ThresholdOf):
        return readable(node, source, terms, part)
    required = applied.value
    assert required is not None  # closed is None, so there is a figure to compare with  # noqa: S101
    plain = Plain(_key(measure.fact, part), PASSES[node.sign], required.value)
    if node.threshold.boundary_unstated:
        return _unless_equal(plain)
    return _of_fact(plain, measure.fact, part, terms)


def _of_fact(check: Plain | Stated, fact: str, part: str | None, terms: Terms) -> int | Check:
    """As it stands, if that counts: nothing does where the way of counting is lacking, and counts come before it."""
    definition = terms.rules.catalogue.get(fact)
    if definition is not None and definition.unstated:
        return UNDETERMINED
    derived = definition is not None and definition.derived is not None and part is None
    return check.of_read if derived else check


def _unless_equal(plain: Plain) -> Check:
    """A comparison of which the law does not say what holds at the very threshold."""

    def check(judged: Judged) -> int:
        fraction = _fraction(plain.key, judged)
        if fraction is None:
            return UNDETERMINED
        required = EXACT.multiply(plain.required, fraction[1])
        return UNDETERMINED if fraction[0] == required else plain.passes(fraction[0], required)

    return check


def _accepted(source: Source, terms: Terms) -> bool:
    """Whether a requirement without a table is evidenced well enough to be used."""
    return terms.citation(source)[0].grade.rank <= terms.accept.rank


@compiles(Holds)
def _holds(node: Holds, source: Source, terms: Terms, part: str | None) -> int | Check:
    if not _accepted(source, terms):
        return UNDETERMINED
    if node.attribute is not None:
        return _of_place(node.attribute)
    return _of_fact(Stated(_key(node.fact, part)), node.fact, part, terms)


def _of_place(attribute: str) -> Check:
    def check(judged: Judged) -> int:
        known = judged.dossier.place.attribute(attribute)
        return UNDETERMINED if known is None else known is True

    return check


@compiles(IsOneOf)
def _is_one_of(node: IsOneOf, source: Source, terms: Terms, part: str | None) -> int | Check:
    if not _accepted(source, terms):
        return UNDETERMINED

    def of_place(judged: Judged) -> int:
        so = place_is(node, judged.dossier.place)
        return UNDETERMINED if so is None else so

    def of_fact(judged: Judged) -> int:
        read = _read(_key(node.subject, part), judged)
        return UNDETERMINED if isinstance(read, Lacking) else read.option in node.values

    return of_place if node.of_place else of_fact


@compiles(DecidedBy)
def _decided_by(node: DecidedBy, source: Source, terms: Terms, part: str | None) -> int:
    del node, source, terms, part
    return UNDETERMINED


def _parts(nodes: Iterable[Requirement], source: Source, terms: Terms, part: str | None) -> tuple[Check, ...]:
    return tuple(_check(node, source, terms, part) for node in nodes)


@compiles(AllOf)
def _all_of(node: AllOf, source: Source, terms: Terms, part: str | None) -> Check:
    return _every(_parts(node.members, source, terms, part))


def _every(members: tuple[Check, ...]) -> Check:
    return lambda judged: all_of([member(judged) for member in members])


@compiles(AnyOf)
def _any_of(node: AnyOf, source: Source, terms: Terms, part: str | None) -> Check:
    members = _parts(node.members, source, terms, part)
    return lambda judged: CODES[kleene.any_of([VERDICTS[member(judged)] for member in members])]


@compiles(AtLeastNOf)
def _at_least_n_of(node: AtLeastNOf, source: Source, terms: Terms, part: str | None) -> Check:
    members = _parts(node.members, source, terms, part)

    def check(judged: Judged) -> int:
        verdicts = [VERDICTS[member(judged)] for member in members]
        return CODES[kleene.at_least_n_of(node.n, verdicts, open_list=node.open_list)]

    return check


@compiles(ForEach)
def _for_each(node: ForEach, source: Source, terms: Terms, part: str | None) -> Check:
    listed = terms.rules.catalogue.part_list(node.by)
    if listed is None or listed.parts is None:
        return readable(node, source, terms, part)
    return _every(tuple(_check(node.require, source, terms, each.id) for each in listed.parts))


@compiles(AppliesWhen)
def _applies_when(node: AppliesWhen, source: Source, terms: Terms, part: str | None) -> Check:
    condition, body = _parts((node.condition, node.body), source, terms, part)

    def check(judged: Judged) -> int:
        asked = condition(judged)
        if asked == NOT_MET:
            return NOT_APPLICABLE
        code = body(judged)
        return UNDETERMINED if asked == UNDETERMINED and code != NOT_APPLICABLE else code

    return check


@compiles(When)
def _when(node: When, source: Source, terms: Terms, part: str | None) -> Check:
    question, then, otherwise = _parts(node.parts, source, terms, part)
    open_ = readable(node, source, terms, part)

    def check(judged: Judged) -> int:
        asked = question(judged)
        if asked == NOT_APPLICABLE:
            return asked
        if asked == UNDETERMINED:
            # Whether both branches must agree hangs on why it is open.
            return open_(judged)
        return then(judged) if asked == MET else otherwise(judged)

    return check


# --- rows at once -----------------------------------------------------------------------------------------------

_LANE = 64

# Above every figure that is an int.
_PASSES_ALWAYS = MOST_MILLIONTHS


class _Layout:
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
def _layout(more: tuple[FactKey, ...], less: tuple[FactKey, ...], stated: tuple[FactKey, ...]) -> _Layout:
    """One for all programs that read the same facts, so that a dossier is laid out once for the variants of a set."""
    return _Layout(more, less, stated)


class _Lanes:
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
        self.layout = _layout(*(tuple(key for _, key, _ in some) for some in (more, less, stated)))
        self.rows = tuple(at for at, _, _ in lanes)
        self._required = sum(required << (_LANE * at) for at, (_, _, required) in enumerate(lanes))

    def failing(self, taken: int) -> bytes:
        """Of each lane whether it fails, as a byte that is 0 or not; none if none does."""
        highest = self.layout.highest
        passing = (taken - self._required) & highest
        if passing == highest:
            return b""
        return (passing ^ highest).to_bytes(8 * self.layout.lanes, "little")[7::8]


# --- a set ------------------------------------------------------------------------------------------------------

_AT_ONCE, _ONE_BY_ONE, _FIXED = range(3)


def _kind(check: int | Check) -> int:
    """How a row is judged: with others at once, by itself, or not at all any more."""
    if isinstance(check, Stated) or (isinstance(check, Plain) and isinstance(check.least, int)):
        return _AT_ONCE
    return _ONE_BY_ONE if callable(check) else _FIXED


class Program:
    """
    The rows of a set on certain terms, in an order of its own: first those that are judged at once.

    Attributes:
        addresses: The address of each row.

        at: Which row is at a local address.

        groups: The rows of each criterion, then those of the conditions of recognition, then what the place must be.
    """

    def __init__(self, terms: Terms) -> None:
        """Compile every row of the set."""
        rules = terms.rules
        self.terms = terms
        found = {address: compiled(row.require, row.source, terms) for address, row in rules.rows}
        self.addresses = tuple(sorted(found, key=lambda address: _kind(found[address])))
        self.at = {address: at for at, address in enumerate(self.addresses)}
        groups = [[f"{each.number}/{row.number}" for row in each.indicators] for each in rules.criteria]
        groups += [[rules.local(rules.address(each)) for each in rules.preconditions]]
        groups += [[] if rules.applies_to is None else [rules.local(rules.address(rules.applies_to))]]
        self.groups = tuple(tuple(self.at[address] for address in group) for group in groups)
        group_of = {at: number for number, group in enumerate(self.groups) for at in group}
        self._group_of = tuple(group_of[at] for at in range(len(found)))
        rows: tuple[list[Any], ...] = ([], [], [])
        for address in self.addresses:
            rows[_kind(found[address])].append(found[address])
        at_once, one_by_one, fixed = rows
        self._lanes, self._fixed = _Lanes(at_once), bytes(fixed)
        self._lane_groups = tuple(self._group_of[at] for at in self._lanes.rows)
        self._checks: tuple[Check, ...] = (*at_once, *one_by_one)
        self._one_by_one = tuple(range(len(at_once), len(self._checks)))
        at_best = bytes(MET for _ in self._checks) + self._fixed
        self._at_best = bytes(all_of([at_best[at] for at in group]) for group in self.groups)
        # What drops matters only to a group without a row that surely does not.
        lasting = {self._group_of[at] for at in range(len(at_once))}
        self._may_drop = frozenset(self._group_of[at] for at in self._one_by_one) - lasting

    def at_once(self, dossier: Dossier, asking: tuple[str, ...] = ()) -> bytearray:
        """The code of every group, the fastest way."""
        taken, odd = self._lanes.layout.taken(plain_facts(dossier))
        groups = bytearray(self._at_best)
        for group in compress(self._lane_groups, self._lanes.failing(taken)):
            groups[group] = NOT_MET
        if odd or self._one_by_one:
            judged = Judged(self.terms, dossier, asking)
            for at in (*map(self._lanes.rows.__getitem__, odd), *self._one_by_one):
                code, group = self._checks[at](judged), self._group_of[at]
                if code == NOT_APPLICABLE and group in self._may_drop:
                    return self.grouped(self.rows(dossier, asking))
                if code == NOT_MET or (code == UNDETERMINED and groups[group] != NOT_MET):
                    groups[group] = code
        return groups

    def rows(self, dossier: Dossier, asking: tuple[str, ...] = ()) -> bytes:
        """The code of every row."""
        taken, odd = self._lanes.layout.taken(plain_facts(dossier))
        codes = bytearray(MET for _ in self._checks)
        for at in compress(self._lanes.rows, self._lanes.failing(taken)):
            codes[at] = NOT_MET
        judged = Judged(self.terms, dossier, asking)
        for at in (*map(self._lanes.rows.__getitem__, odd), *self._one_by_one):
            codes[at] = self._checks[at](judged)
        return bytes(codes) + self._fixed

    def grouped(self, rows: bytes | bytearray) -> bytearray:
        """The code of every group of rows."""
        return bytearray([all_of([rows[at] for at in group]) for group in self.groups])
