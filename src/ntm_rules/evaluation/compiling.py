"""
Requirements compiled into checks that give a code: one function a form, found by the node's class.

Every threshold is resolved beforehand, so that most rows are one figure against one constant. A form whose verdict
takes more than that is left to the readable evaluator, node by node; so are figures that need working out.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ntm_rules.evaluation import kleene
from ntm_rules.evaluation.context import Terms
from ntm_rules.evaluation.figures import Lacking
from ntm_rules.evaluation.forms import judge
from ntm_rules.evaluation.judging import place_is
from ntm_rules.evaluation.lanes import (
    CODES,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    VERDICTS,
    Check,
    Judged,
    Number,
    Plain,
    Stated,
    all_of,
    fraction_of,
    key_read,
)
from ntm_rules.vocabulary.dossiers import FactKey
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
from ntm_rules.vocabulary.verdicts import ReasonCode

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
        fraction = fraction_of(plain.key, judged)
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
        read = key_read(_key(node.subject, part), judged)
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
