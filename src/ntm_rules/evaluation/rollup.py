"""Places beneath one another: what is asked of each is judged from its own dossier, and counted as an interval."""

from __future__ import annotations

import attrs

from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.context import Context
from ntm_rules.evaluation.elsewhere import refer
from ntm_rules.evaluation.figures import compare_fractions
from ntm_rules.evaluation.forms import counts, judge, judges
from ntm_rules.evaluation.judging import ONE, PASSES, strongest, weakest
from ntm_rules.evaluation.reported import by_report_alone, report_of, with_report
from ntm_rules.language import definition_of
from ntm_rules.vocabulary.assessments import AppliedThreshold, Counted, Member, Reason, Step
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.quantities import EXACT, Quantity
from ntm_rules.vocabulary.requirements import (
    Compare,
    Denominator,
    Every,
    Requirement,
    Sign,
    SubPlaceMeasure,
    ThresholdOf,
)
from ntm_rules.vocabulary.verdicts import Basis, ReasonCode, Support, Verdict

_MET, _NOT_MET, _OPEN, _DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

_HUNDRED = EXACT.create_decimal(100)


def _asked(node: Requirement, source: Source, below: Dossier, context: Context) -> tuple[Step, Context]:
    """What a place beneath gives: judged from its own dossier, by the row that the set's axes give it."""
    own = context_of(context.terms.rules, below, context.terms.accept, context.asking, context.found, beneath=True)
    return judge(node, source, own), own


# --- counts and shares ------------------------------------------------------------------------------------------


@counts(SubPlaceMeasure)
def _sub_places(node: Compare, source: Source, context: Context) -> Step:
    measure = node.measure
    assert isinstance(measure, SubPlaceMeasure)  # registered for it  # noqa: S101
    below, unlisted = context.scope.dossier.places_beneath(measure.collection.kinds)
    members = []
    for each in below:
        step, own = _asked(measure.that, source, each, context)
        members.append(Member(each.place.counted_as, each.place.name, step.verdict, own.scope, step, step.support))
    of = measure.of if measure.share else None
    report = report_of(measure.collection, measure.that, source, context)
    counted = with_report(Counted(measure.collection.value, tuple(members), unlisted, of), report)
    may_drop = measure.that.may_drop
    listed_alone = attrs.evolve(counted, report=None)
    step = compare_counted(node, source, context, listed_alone, may_drop=may_drop)
    if report is None:
        return step
    if counted.reported is None:
        return attrs.evolve(step, reason=attrs.evolve(step.reason, counted=counted))
    reported = compare_counted(node, source, context, counted, may_drop=may_drop)
    if step.verdict is not _OPEN:
        # What is listed decides, and is what the verdict rests on; the report is told with it.
        return attrs.evolve(step, reason=reported.reason)
    step = reported
    if step.support is None:
        return step
    alone = compare_counted(node, source, context, by_report_alone(counted), may_drop=may_drop)
    basis = Basis.ATTESTED if alone.verdict is step.verdict else Basis.MIXED
    grade = max(step.support.grade, report.grade, key=lambda grade: grade.rank)
    return attrs.evolve(step, support=Support(grade, statement=True, basis=basis))


def compare_counted(
    node: Compare,
    source: Source,
    context: Context,
    counted: Counted,
    *,
    may_drop: bool,
    missing: tuple[str, ...] = (),
) -> Step:
    """
    Compare what was counted with the threshold.

    Args:
        node: The comparison.

        source: The nearest source.

        context: The place that is judged.

        counted: What was counted.

        may_drop: Whether a member that is open may turn out not to apply.

        missing: The facts that members lack, where they are facts of the place itself.
    """
    applied, support = context.terms.threshold(node, source)
    if isinstance(applied.cell, ThresholdOf) and applied.closed is None:
        applied = refer(applied, applied.cell, definition_of(node.measure, context.terms.rules.catalogue), context)
        support = Support(applied.grade, statement=False)
    if applied.closed is ReasonCode.ASKS_NOTHING:
        return Step(node, _DROPS, Reason(ReasonCode.ASKS_NOTHING, threshold=applied, counted=counted), support)
    decided = [member.support for member in counted.members if member.support is not None]
    if counted.unlisted is not None and not counted.total(Denominator.APPLICABLE):
        # Nothing to count, or nothing that it applies to.
        return Step(node, _DROPS, _reason(ReasonCode.NOTHING_COUNTED, applied, counted), weakest([support, *decided]))
    if applied.closed is not None:
        return Step(node, _OPEN, _reason(applied.closed, applied, counted))
    if counted.unlisted is None and not counted.members and (counted.reported is None or counted.of is not None):
        return Step(node, _OPEN, _reason(ReasonCode.SUB_PLACES_UNKNOWN, applied, counted))
    verdict = _verdict(node, applied, counted)
    if verdict is None:
        return Step(node, _OPEN, _reason(ReasonCode.DENOMINATOR_UNSTATED, applied, counted, missing))
    said = counted.reported is not None and (counted.least or counted.reported.most is not None)
    if may_drop and counted.open == counted.total(Denominator.APPLICABLE) and not said:
        # Nothing is decided yet, and all may turn out not to apply.
        verdict = _OPEN
    code = _COUNTED[verdict]
    basis = weakest([support, *decided]) if verdict.decided else None
    return Step(node, verdict, _reason(code, applied, counted, () if verdict.decided else missing), basis)


_COUNTED = {_MET: ReasonCode.COUNTED_MET, _NOT_MET: ReasonCode.COUNTED_NOT_MET, _OPEN: ReasonCode.COUNTED_OPEN}


def _reason(code: ReasonCode, applied: AppliedThreshold, counted: Counted, names: tuple[str, ...] = ()) -> Reason:
    of = counted.of if counted.of is Denominator.LISTED else Denominator.APPLICABLE
    numbers = (counted.least, counted.most, counted.total(of))
    return Reason(code, counted.what, threshold=applied, numbers=numbers, names=names, counted=counted)


def _verdict(node: Compare, applied: AppliedThreshold, counted: Counted) -> Verdict | None:
    """The verdict of the interval; None where the law does not say of what a share is taken and that decides it."""
    required = applied.value
    assert required is not None  # closed is None, so there is a figure to compare with  # noqa: S101
    ways = [counted.of]
    if counted.of is Denominator.UNSTATED:
        ways = [Denominator.APPLICABLE, Denominator.LISTED]
    found = set()
    for of in ways:
        ends = []
        for number in (counted.least, counted.most):
            value = EXACT.create_decimal(number)
            if of is None:
                ends.append(compare_fractions((value, ONE), (required.value, ONE)))
            else:
                total = EXACT.create_decimal(counted.total(of))
                ends.append(compare_fractions((EXACT.multiply(value, _HUNDRED), total), (required.value, ONE)))
        if counted.unlisted is None and (of is not None or counted.reported is None or counted.reported.most is None):
            # There may be any number more.
            ends = _unbounded(ends, required, share=of is not None)
        found.add(of_interval(node.sign, ends[0], ends[1], boundary=node.threshold.boundary_unstated))
    return found.pop() if len(found) == 1 else None


def _unbounded(ends: list[int], required: Quantity | ScaleStep, *, share: bool) -> list[int]:
    """How the ends stand where any number of members may be added: a count has no end, a share is anything."""
    if not share:
        return [ends[0], 1]
    bounds = (EXACT.create_decimal(0), _HUNDRED)
    return [compare_fractions((bound, ONE), (required.value, ONE)) for bound in bounds]


def of_interval(sign: Sign, low: int, high: int, *, boundary: bool = False) -> Verdict:
    """
    Met if all of an interval passes, not met if none of it does; its ends stand as -1, 0 or 1 to the threshold.

    Args:
        sign: How it is compared.

        low: How the lower end stands.

        high: How the upper end stands.

        boundary: Whether the law does not say on which side equality is.
    """
    orders = set(range(low, high + 1))
    passes = set(PASSES[sign])
    fails = {-1, 0, 1} - passes
    if boundary:
        passes.discard(0)
        fails.discard(0)
    return _MET if orders <= passes else _NOT_MET if orders <= fails else _OPEN


# --- every place ------------------------------------------------------------------------------------------------


@judges(Every)
def _every(node: Every, source: Source, context: Context) -> Step:
    below, unlisted = context.scope.dossier.places_beneath(node.collection.kinds)
    judged = [_required(node, source, each, context) for each in below]
    counted = Counted(node.collection.value, tuple(each.member for each in judged), unlisted)
    citation, _ = context.terms.citation(source)
    verdict, code = _of_every(counted, sum(each.maybe for each in judged))
    supports = [each.support for each in judged if each.support is not None and each.member.verdict is verdict]
    support = None
    if verdict is _NOT_MET:
        # Any one that fails is enough.
        support = strongest(supports)
    elif verdict.decided:
        # Who is excepted matters, for all the others are needed.
        dropped = [each.support for each in judged if each.support and each.member.verdict is _DROPS]
        support = weakest([Support(citation.grade, statement=False), *supports, *dropped])
    report = None if node.exception is not None else report_of(node.collection, node.require, source, context)
    known = with_report(counted, report)
    if report is not None and (verdict is _OPEN or known.reported is None):
        counted = known
        said = _every_by_report(counted)
        if verdict is _OPEN and said is not None:
            verdict, code = said
            grade = max(citation.grade, report.grade, key=lambda grade: grade.rank)
            support = Support(grade, statement=True, basis=Basis.ATTESTED)
    reason = Reason(code, node.collection.value, citation=citation, numbers=_numbers(counted), counted=counted)
    return Step(node, verdict, reason, support)


def _every_by_report(counted: Counted) -> tuple[Verdict, ReasonCode] | None:
    """What a report says of all places, where how many there are is known."""
    total = counted.total(Denominator.APPLICABLE)
    if counted.reported is None or counted.unlisted is None or not total:
        return None
    if counted.least >= total:
        return _MET, ReasonCode.EVERY_MET
    return (_NOT_MET, ReasonCode.EVERY_NOT_MET) if counted.most < total else None


@attrs.frozen
class _Required:
    """
    What one place beneath gives.

    Attributes:
        support: What that rests on: the body, and that the place is, or is not, excepted.

        maybe: Whether it is met and perhaps not even required.
    """

    member: Member
    support: Support | None
    maybe: bool = False


def _required(node: Every, source: Source, below: Dossier, context: Context) -> _Required:
    kind, name = below.place.counted_as, below.place.name
    exception = None
    if node.exception is not None:
        exception, own = _asked(node.exception, source, below, context)
        if exception.verdict is _MET:
            return _Required(Member(kind, name, _DROPS, own.scope, exception), exception.support)
    step, own = _asked(node.require, source, below, context)
    supports = [each.support for each in (step, exception) if each is not None and each.support is not None]
    support = weakest(supports) if supports else None
    if exception is not None and exception.verdict is _OPEN:
        if step.verdict is _MET:
            return _Required(Member(kind, name, _MET, own.scope, step), step.support, maybe=True)
        if step.verdict is _NOT_MET:
            # It fails, unless it is excepted: that is what is open.
            return _Required(Member(kind, name, _OPEN, own.scope, exception), None)
    return _Required(Member(kind, name, step.verdict, own.scope, step), support)


def _numbers(counted: Counted) -> tuple[int, ...]:
    return (counted.least, counted.most, counted.total(Denominator.APPLICABLE))


def _of_every(counted: Counted, maybe: int) -> tuple[Verdict, ReasonCode]:
    """ALGEBRA's rule; *maybe* is how many members are met that are perhaps not even required."""
    if counted.with_verdict(_NOT_MET):
        return _NOT_MET, ReasonCode.EVERY_NOT_MET
    if counted.unlisted is None:
        return _OPEN, ReasonCode.SUB_PLACES_UNKNOWN
    if counted.open:
        return _OPEN, ReasonCode.EVERY_OPEN
    if counted.least > maybe:
        return _MET, ReasonCode.EVERY_MET
    return (_OPEN, ReasonCode.EVERY_OPEN) if maybe else (_DROPS, ReasonCode.NOTHING_COUNTED)
