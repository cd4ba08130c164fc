"""Judging requirements: one function a form, found by the node's class. No form knows another."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from ntm_rules.evaluation import kleene
from ntm_rules.evaluation.context import Context
from ntm_rules.vocabulary.assessments import AppliedThreshold, Gap, Reason, Step
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.quantities import EXACT, Quantity, rounded_ratio
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Compare,
    DecidedBy,
    Holds,
    Requirement,
    Sign,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Support, Verdict

_Judge = Callable[[Any, Source, Context], Step]
_Node = TypeVar("_Node", bound=Requirement)

JUDGES: dict[type[Requirement], _Judge] = {}

ONE, HUNDRED = Decimal(1), Decimal(100)

#: Decimals to which the gap of a ratio without a finite decimal is shown.
GAP_PLACES = 4

# Every support there is, made once.
_SUPPORT = {(grade, statement): Support(grade, statement) for grade in Grade for statement in (False, True)}


def judges(
    form: type[_Node],
) -> Callable[[Callable[[_Node, Source, Context], Step]], Callable[[_Node, Source, Context], Step]]:
    """Register the function that judges a form."""

    def register(function: Callable[[_Node, Source, Context], Step]) -> Callable[[_Node, Source, Context], Step]:
        JUDGES[form] = function
        return function

    return register


def judge(node: Requirement, source: Source, context: Context) -> Step:
    """The verdict of *node*; *source* is the nearest source above it."""
    return JUDGES[type(node)](node, node.source or source, context)


# --- comparisons and statements ---------------------------------------------------------------------------------


@judges(Compare)
def _comparison(node: Compare, source: Source, context: Context) -> Step:
    applied = context.terms.threshold(node, source)
    fact = node.measure.fact
    if applied.closed is ReasonCode.ASKS_NOTHING:
        return Step(
            node,
            Verdict.NOT_APPLICABLE,
            Reason(ReasonCode.ASKS_NOTHING, fact, threshold=applied),
            _SUPPORT[applied.citation.grade, False],
        )
    figure = context.facts.get(fact)
    if applied.closed is not None:
        return _open(node, applied.closed, fact, figure, applied)
    unusable = _unusable(figure, fact, context)
    if figure is None or unusable is not None:
        return _open(node, unusable or ReasonCode.MISSING_FACT, fact, figure, applied)
    if figure.denominator == 0:
        return _open(node, ReasonCode.NOTHING_TO_MEASURE, fact, figure, applied)
    required = applied.value
    assert required is not None  # closed is None, so there is a figure to compare with  # noqa: S101
    fraction = _fraction(figure)
    order = _compare(fraction, (required.value, ONE))
    if order == 0 and node.threshold.boundary_unstated:
        return _open(node, ReasonCode.BOUNDARY_UNSTATED, fact, figure, applied)
    met = _passes(node.sign, order)
    reason = Reason(_reason(node.sign, order, met=met), fact, figure, applied, _gap(fraction, required))
    verdict = Verdict.MET if met else Verdict.NOT_MET
    return Step(node, verdict, reason, _SUPPORT[applied.citation.grade, False])


def _open(
    node: Requirement,
    code: ReasonCode,
    subject: str,
    figure: FactValue | None = None,
    applied: AppliedThreshold | None = None,
) -> Step:
    return Step(node, Verdict.UNDETERMINED, Reason(code, subject, figure, applied))


def _unusable(value: FactValue | None, fact: str, context: Context) -> ReasonCode | None:
    """Why a value can't be used for the year judged, if so."""
    if value is None or value.for_ is None or value.for_.year == context.year:
        return None
    definition = context.terms.rules.catalogue.get(fact)
    if definition is not None and definition.timeless:
        return None
    return ReasonCode.FACT_OF_OTHER_YEAR


def _fraction(figure: FactValue) -> tuple[Decimal, Decimal]:
    """A figure as an exact fraction in its unit: counts win over the printed share."""
    if figure.numerator is not None and figure.denominator is not None:
        return EXACT.multiply(figure.numerator, HUNDRED), figure.denominator
    assert figure.quantity is not None  # a figure has one form or the other  # noqa: S101
    return figure.quantity.value, ONE


def _compare(left: tuple[Decimal, Decimal], right: tuple[Decimal, Decimal]) -> int:
    """-1, 0 or 1 as one fraction is below, equal to or above another: by cross-multiplication, so exactly."""
    first, second = EXACT.multiply(left[0], right[1]), EXACT.multiply(right[0], left[1])
    return (first > second) - (first < second)


def compare_figures(left: FactValue, right: FactValue) -> int:
    """-1, 0 or 1 as one figure is below, equal to or above another in the same unit."""
    return _compare(_fraction(left), _fraction(right))


def _gap(figure: tuple[Decimal, Decimal], required: Quantity) -> Gap:
    numerator, denominator = figure
    distance = abs(EXACT.subtract(numerator, EXACT.multiply(required.value, denominator)))
    if denominator == ONE:
        return Gap(distance, required.unit)
    value = rounded_ratio(distance, denominator, GAP_PLACES)
    exact = EXACT.multiply(value, denominator) == distance
    return Gap(value.normalize() + 0, required.unit, exact)


_PASSES: dict[Sign, tuple[int, ...]] = {
    Sign.AT_LEAST: (0, 1),
    Sign.MORE_THAN: (1,),
    Sign.AT_MOST: (-1, 0),
    Sign.LESS_THAN: (-1,),
    Sign.EQUALS: (0,),
}


def _passes(sign: Sign, order: int) -> bool:
    return order in _PASSES[sign]


def _reason(sign: Sign, order: int, *, met: bool) -> ReasonCode:
    if met:
        return ReasonCode.REACHES_THRESHOLD
    if sign is Sign.EQUALS:
        return ReasonCode.NOT_EQUAL
    return ReasonCode.BELOW_MINIMUM if sign.wants_more else ReasonCode.ABOVE_MAXIMUM


@judges(Holds)
def _holds(node: Holds, source: Source, context: Context) -> Step:
    citation = context.terms.citation(source)
    value = context.facts.get(node.fact)
    if citation.grade.rank > context.terms.accept.rank:
        reason = Reason(ReasonCode.GRADE_NOT_ACCEPTED, node.fact, value, citation=citation)
        return Step(node, Verdict.UNDETERMINED, reason)
    unusable = _unusable(value, node.fact, context)
    if value is None or unusable is not None:
        reason = Reason(unusable or ReasonCode.NOT_DECLARED, node.fact, value, citation=citation)
        return Step(node, Verdict.UNDETERMINED, reason)
    code = ReasonCode.DECLARED_TRUE if value.statement else ReasonCode.DECLARED_FALSE
    verdict = Verdict.MET if value.statement else Verdict.NOT_MET
    return Step(node, verdict, Reason(code, node.fact, value, citation=citation), _SUPPORT[citation.grade, True])


@judges(DecidedBy)
def _decided_by(node: DecidedBy, source: Source, context: Context) -> Step:
    citation = context.terms.citation(source)
    reason = Reason(ReasonCode.REQUIREMENT_OPEN, node.authority.value, citation=citation)
    return Step(node, Verdict.UNDETERMINED, reason)


# --- groups -----------------------------------------------------------------------------------------------------


def weakest(supports: list[Support]) -> Support:
    """What a verdict rests on that needs all of *supports*."""
    grade = max((support.grade for support in supports), key=lambda grade: grade.rank)
    return _SUPPORT[grade, any(support.statement for support in supports)]


def strongest(supports: list[Support]) -> Support:
    """What a verdict rests on that needs any one of *supports*."""
    return min(supports, key=lambda support: support.strength)


def _supports(steps: tuple[Step, ...], verdict: Verdict) -> list[Support]:
    return [step.support for step in steps if step.verdict is verdict and step.support is not None]


_GROUP_REASONS = {
    Verdict.MET: ReasonCode.PARTS_MET,
    Verdict.NOT_MET: ReasonCode.PART_NOT_MET,
    Verdict.UNDETERMINED: ReasonCode.PART_UNDETERMINED,
    Verdict.NOT_APPLICABLE: ReasonCode.ASKS_NOTHING,
}


@judges(AllOf)
def _all_of(node: AllOf, source: Source, context: Context) -> Step:
    steps = tuple([judge(member, source, context) for member in node.members])
    verdict = kleene.all_of([step.verdict for step in steps])
    support = None
    if verdict is Verdict.NOT_MET:
        support = strongest(_supports(steps, verdict))
    elif verdict.decided:
        support = weakest(_supports(steps, verdict))
    return Step(node, verdict, Reason(_GROUP_REASONS[verdict]), support, steps)


@judges(AnyOf)
def _any_of(node: AnyOf, source: Source, context: Context) -> Step:
    steps = tuple([judge(member, source, context) for member in node.members])
    verdict = kleene.any_of([step.verdict for step in steps])
    support = None
    if verdict is Verdict.MET:
        support = strongest(_supports(steps, verdict))
    elif verdict.decided:
        support = weakest(_supports(steps, verdict))
    return Step(node, verdict, Reason(_GROUP_REASONS[verdict]), support, steps)


@judges(AtLeastNOf)
def _at_least_n_of(node: AtLeastNOf, source: Source, context: Context) -> Step:
    steps = tuple([judge(member, source, context) for member in node.members])
    verdicts = [step.verdict for step in steps]
    verdict = kleene.at_least_n_of(node.n, verdicts, open_list=node.open_list)
    met = verdicts.count(Verdict.MET)
    supports = _supports(steps, verdict)
    support = None
    if verdict is Verdict.MET:
        best = sorted(supports, key=lambda support: support.strength)[: node.n]
        support = weakest(best)
        code = ReasonCode.ENOUGH_OF
    elif verdict is Verdict.NOT_MET:
        # Every member that can't count any more is needed for it, the ones that do not apply too.
        lost = [step.support for step in steps if step.verdict is not Verdict.MET and step.support is not None]
        support = weakest(lost)
        code = ReasonCode.TOO_FEW_OF
    elif verdict is Verdict.NOT_APPLICABLE:
        support = weakest(supports)
        code = ReasonCode.ASKS_NOTHING
    else:
        code = ReasonCode.LIST_OPEN if node.open_list else ReasonCode.PART_UNDETERMINED
    return Step(node, verdict, Reason(code, numbers=(met, node.n, len(steps))), support, steps)


@judges(AppliesWhen)
def _applies_when(node: AppliesWhen, source: Source, context: Context) -> Step:
    condition = judge(node.condition, source, context)
    if condition.verdict is Verdict.NOT_MET:
        citation = context.terms.citation(node.condition.source or source)
        reason = Reason(ReasonCode.NOT_CONSIDERED, citation=citation)
        return Step(node, Verdict.NOT_APPLICABLE, reason, condition.support, (condition,))
    body = judge(node.body, source, context)
    steps = (condition, body)
    if body.verdict is Verdict.NOT_APPLICABLE:
        return Step(node, body.verdict, Reason(ReasonCode.ASKS_NOTHING), body.support, steps)
    if condition.verdict is Verdict.UNDETERMINED or body.verdict is Verdict.UNDETERMINED:
        return Step(node, Verdict.UNDETERMINED, Reason(ReasonCode.PART_UNDETERMINED), None, steps)
    supports = [step.support for step in steps if step.support is not None]
    # A condition that is itself not applicable sets no condition.
    return Step(node, body.verdict, Reason(_GROUP_REASONS[body.verdict]), weakest(supports), steps)
