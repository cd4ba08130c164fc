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
from itertools import repeat
from operator import itemgetter
from typing import Any, TypeVar

import attrs

from ntm_rules.evaluation import kleene
from ntm_rules.evaluation.context import Context, Terms
from ntm_rules.evaluation.figures import Lacking, reading
from ntm_rules.evaluation.forms import judge
from ntm_rules.evaluation.judging import place_is
from ntm_rules.vocabulary.assessments import Scope
from ntm_rules.vocabulary.dossiers import Dossier, FactKey, PlainFacts
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.quantities import EXACT
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
        self.numbers, self.statements = dossier.plain_facts
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
    passes: Callable[[Decimal, Decimal], bool]
    required: Decimal

    def __call__(self, judged: Judged) -> int:
        """Met or not met; of a figure that needs working out, or is missing, as it is read."""
        figure = judged.numbers.get(self.key)
        if figure is not None:
            return self.passes(figure, self.required)
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


PASSES: dict[Sign, Callable[[Decimal, Decimal], bool]] = {
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


# --- a set ------------------------------------------------------------------------------------------------------


class _Missing:
    """Stands where no figure is given as it stands: compared with any, it is undetermined."""

    __slots__ = ()

    def __ge__(self, other: object) -> Any:
        """A code, as comparing two figures gives one."""
        return UNDETERMINED

    __gt__ = __le__ = __lt__ = __eq__ = __ge__
    __hash__ = object.__hash__


def _getter(keys: tuple[FactKey, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes the values of these keys from a mapping; a KeyError if one is missing."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda mapping: (mapping[keys[0]],)


class _Figures:
    """Rows that are compared alike, all of them at once."""

    def __init__(self, rows: list[Plain]) -> None:
        """They compare in the same way."""
        self.rows = tuple(rows)
        self._keys = tuple(row.key for row in rows)
        self._all = _getter(self._keys)
        self._passes, self._required = rows[0].passes, tuple(row.required for row in rows)

    def codes(self, plain: PlainFacts) -> bytes:
        """One a row; undetermined where no figure is given as it stands."""
        numbers = plain[0]
        try:
            figures: Iterable[Any] = self._all(numbers)
        except KeyError:
            figures = map(numbers.get, self._keys, _NONE_GIVEN)
        return bytes(map(self._passes, figures, self._required))


class _Statements:
    """Rows that must be affirmed, all of them at once."""

    def __init__(self, rows: list[Stated]) -> None:
        """Any."""
        self.rows = tuple(rows)
        self._keys = tuple(row.key for row in rows)
        self._all = _getter(self._keys)

    def codes(self, plain: PlainFacts) -> bytes:
        """One a row; undetermined where nothing is stated."""
        statements = plain[1]
        try:
            return bytes(self._all(statements))
        except KeyError:
            return bytes(map(statements.get, self._keys, _NOTHING_STATED))


_NONE_GIVEN = repeat(_Missing())
_NOTHING_STATED = repeat(UNDETERMINED)


_STATED, _OTHER, _FIXED = range(len(PASSES), len(PASSES) + 3)


def _kind(check: int | Check) -> int:
    """Where a row stands among those that are judged in other ways."""
    if isinstance(check, Plain):
        return tuple(PASSES.values()).index(check.passes)
    if isinstance(check, Stated):
        return _STATED
    return _OTHER if callable(check) else _FIXED


class Program:
    """
    The rows of a set on certain terms, in an order of its own: first those that are judged alike.

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
        order = sorted(found, key=lambda address: _kind(found[address]))
        kinds: dict[int, list[Any]] = {}
        for address in order:
            kinds.setdefault(_kind(found[address]), []).append(found[address])
        self._fixed = bytes(kinds.pop(_FIXED, ()))
        self._others: tuple[Check, ...] = tuple(kinds.pop(_OTHER, ()))
        self._alike = tuple((_Statements if kind == _STATED else _Figures)(rows) for kind, rows in kinds.items())
        self.addresses = tuple(order)
        self.at = {address: at for at, address in enumerate(order)}
        groups = [[f"{each.number}/{row.number}" for row in each.indicators] for each in rules.criteria]
        groups += [[rules.local(rules.address(each)) for each in rules.preconditions]]
        groups += [[] if rules.applies_to is None else [rules.local(rules.address(rules.applies_to))]]
        self.groups = tuple(tuple(self.at[address] for address in group) for group in groups)
        self._group_of = {at: number for number, group in enumerate(self.groups) for at in group}
        self._all_met = bytes(MET if group else NOT_APPLICABLE for group in self.groups)
        at_best = bytes(MET for _ in order[: len(order) - len(self._fixed)]) + self._fixed
        self._at_best = bytes(all_of([at_best[at] for at in group]) for group in self.groups)

    def rows(self, dossier: Dossier, asking: tuple[str, ...] = ()) -> bytes:
        """The code of every row."""
        plain, found = dossier.plain_facts, []
        judged = Judged(self.terms, dossier, asking) if self._others else None
        for alike in self._alike:
            codes = alike.codes(plain)
            if UNDETERMINED in codes:
                judged = judged or Judged(self.terms, dossier, asking)
                codes = _with_read(codes, alike.rows, judged)
            found.append(codes)
        if judged is not None:
            found.append(bytes([row(judged) for row in self._others]))
        found.append(self._fixed)
        return b"".join(found)

    def grouped(self, rows: bytes | bytearray, *, concluded: bool = False) -> bytearray:
        """The code of every group of rows; *concluded* if those too that are the same everywhere may be otherwise."""
        at_best, last = (self._all_met, len(rows)) if concluded else (self._at_best, len(rows) - len(self._fixed))
        groups, group_of = bytearray(at_best), self._group_of
        at = rows.find(NOT_APPLICABLE, 0, last)
        while at >= 0:
            number = group_of[at]
            groups[number] = all_of([rows[each] for each in self.groups[number]])
            at = rows.find(NOT_APPLICABLE, at + 1, last)
        for code in (UNDETERMINED, NOT_MET):
            at = rows.find(code, 0, last)
            while at >= 0:
                groups[group_of[at]] = code
                at = rows.find(code, at + 1, last)
        return groups


def _with_read(codes: bytes, rows: Sequence[Plain | Stated], judged: Judged) -> bytes:
    """Where something is given, but not as it stands, what it gives when it is read."""
    known, given = judged.dossier.by_fact, bytearray(codes)
    at = codes.find(UNDETERMINED)
    while at >= 0:
        if rows[at].key in known:
            given[at] = rows[at].of_read(judged)
        at = codes.find(UNDETERMINED, at + 1)
    return bytes(given)
