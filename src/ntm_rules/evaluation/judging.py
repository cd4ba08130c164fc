"""Judging requirements: one function a form, found by the node's class. No form knows another."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import attrs

from ntm_rules.evaluation import kleene
from ntm_rules.evaluation.context import Context
from ntm_rules.evaluation.elsewhere import refer
from ntm_rules.evaluation.figures import Lacking, compare_fractions, ratio, reading
from ntm_rules.evaluation.forms import COUNTERS, judge, judges
from ntm_rules.language import definition_of
from ntm_rules.vocabulary.assessments import AppliedThreshold, Reason, Step
from ntm_rules.vocabulary.criteria import is_title_of
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.instruments import Citation, Source
from ntm_rules.vocabulary.places import OF_PLACE, Place
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
    RatioMeasure,
    RecognisedAs,
    Requirement,
    Sign,
    ThresholdOf,
    When,
)
from ntm_rules.vocabulary.verdicts import Basis, ReasonCode, Support, Verdict

ONE = Decimal(1)


# --- comparisons and statements ---------------------------------------------------------------------------------


@judges(Compare)
def _comparison(node: Compare, source: Source, context: Context) -> Step:
    if type(node.measure) in COUNTERS:
        return COUNTERS[type(node.measure)](node, source, context)
    measure = node.measure
    assert isinstance(measure, FactMeasure | RatioMeasure)  # the others are counted  # noqa: S101
    fact = measure.fact if isinstance(measure, FactMeasure) else measure.of.fact
    applied, support = context.terms.threshold(node, source)
    if isinstance(applied.cell, ThresholdOf) and applied.closed is None:
        applied = refer(applied, applied.cell, definition_of(measure, context.terms.rules.catalogue), context)
        support = Support(applied.grade, statement=False)
    read = reading(fact, context) if isinstance(measure, FactMeasure) else ratio(measure, context)
    if applied.closed is not None:
        if applied.closed is ReasonCode.ASKS_NOTHING:
            reason = Reason(ReasonCode.ASKS_NOTHING, fact, threshold=applied)
            return Step(node, Verdict.NOT_APPLICABLE, reason, support)
        figure = read if isinstance(read, FactValue) else read.figure
        names = applied.asks if applied.closed is ReasonCode.MISSING_ATTRIBUTE else ()
        reason = Reason(applied.closed, fact, figure, applied, names=names, part=context.part)
        return Step(node, Verdict.UNDETERMINED, reason)
    if isinstance(read, Lacking):
        return Step(node, Verdict.UNDETERMINED, _lack(read, applied))
    required = applied.value
    assert required is not None  # closed is None, so there is a figure to compare with  # noqa: S101
    order = compare_fractions(read.fraction, (required.value, ONE))
    if order == 0 and node.threshold.boundary_unstated:
        reason = Reason(ReasonCode.BOUNDARY_UNSTATED, fact, read, applied, part=context.part)
        return Step(node, Verdict.UNDETERMINED, reason)
    met = order in PASSES[node.sign]
    code = ReasonCode.REACHES_THRESHOLD if met else FAILS[node.sign]
    reason = Reason(code, fact, read, applied, part=context.part)
    return Step(node, Verdict.MET if met else Verdict.NOT_MET, reason, support)


def _lack(
    lacking: Lacking,
    applied: AppliedThreshold | None = None,
    citation: Citation | None = None,
    options: tuple[str, ...] = (),
    missing: ReasonCode = ReasonCode.MISSING_FACT,
) -> Reason:
    """Why nothing could be judged; *missing* is what a fact that is not there is called."""
    return Reason(
        missing if lacking.code is ReasonCode.MISSING_FACT else lacking.code,
        lacking.subject,
        numbers=lacking.years,
        names=() if lacking.of is None else (lacking.of.value,),
        event=lacking.event,
        figure=lacking.figure,
        threshold=applied,
        citation=citation,
        part=lacking.part,
        needs=lacking.needs,
        options=options,
    )


def compare_figures(left: FactValue, right: FactValue) -> int:
    """-1, 0 or 1 as one figure is below, equal to or above another in the same unit."""
    return compare_fractions(left.fraction, right.fraction)


PASSES: dict[Sign, tuple[int, ...]] = {
    Sign.AT_LEAST: (0, 1),
    Sign.MORE_THAN: (1,),
    Sign.AT_MOST: (-1, 0),
    Sign.LESS_THAN: (-1,),
    Sign.EQUALS: (0,),
}


#: Why a figure that does not pass fails.
FAILS = {
    Sign.AT_LEAST: ReasonCode.BELOW_MINIMUM,
    Sign.MORE_THAN: ReasonCode.BELOW_MINIMUM,
    Sign.AT_MOST: ReasonCode.ABOVE_MAXIMUM,
    Sign.LESS_THAN: ReasonCode.ABOVE_MAXIMUM,
    Sign.EQUALS: ReasonCode.NOT_EQUAL,
}


def _said(
    node: Holds | IsOneOf, fact: str, source: Source, context: Context, missing: ReasonCode
) -> tuple[FactValue | Step, Citation, Support]:
    """What a dossier says of a fact that is no figure; a step where that does not count, or is missing."""
    citation, support = context.terms.citation(source)
    read = reading(fact, context)
    if citation.grade.rank > context.terms.accept.rank:
        figure = read if isinstance(read, FactValue) else read.figure
        reason = Reason(ReasonCode.GRADE_NOT_ACCEPTED, fact, figure, citation=citation, part=context.part)
        return Step(node, Verdict.UNDETERMINED, reason), citation, support
    if isinstance(read, Lacking):
        options = node.values if isinstance(node, IsOneOf) else ()
        return Step(node, Verdict.UNDETERMINED, _lack(read, None, citation, options, missing)), citation, support
    return read, citation, support


@judges(Holds)
def _holds(node: Holds, source: Source, context: Context) -> Step:
    if node.attribute is not None:
        known = context.place.attribute(node.attribute)
        return _of_place(node, source, context, so=None if known is None else known is True)
    value, citation, support = _said(node, node.fact, source, context, ReasonCode.NOT_DECLARED)
    if isinstance(value, Step):
        return value
    code = ReasonCode.DECLARED_TRUE if value.statement else ReasonCode.DECLARED_FALSE
    verdict = Verdict.MET if value.statement else Verdict.NOT_MET
    return Step(node, verdict, Reason(code, node.fact, value, citation=citation, part=context.part), support)


@judges(IsOneOf)
def _is_one_of(node: IsOneOf, source: Source, context: Context) -> Step:
    if node.of_place:
        return _of_place(node, source, context, so=place_is(node, context.place))
    value, citation, support = _said(node, node.subject, source, context, ReasonCode.CATEGORY_MISSING)
    if isinstance(value, Step):
        return value
    met = value.option in node.values
    code = ReasonCode.IS_ONE_OF if met else ReasonCode.NOT_ONE_OF
    reason = Reason(code, node.subject, value, citation=citation, options=node.values)
    return Step(node, Verdict.MET if met else Verdict.NOT_MET, reason, support)


def place_is(node: IsOneOf, place: Place) -> bool | None:
    """Whether a place is one of some; None where that is not known."""
    value = place.attribute(node.subject)
    so = None if value is None else value in node.values
    if so is False and node.subject == "province" and not _on_one_map(str(value), node.values):
        return None
    return so


def _on_one_map(province: str, others: tuple[str, ...]) -> bool:
    """Whether all provinces are on one map: which province of the other map a place is in can't be told by its own."""
    return {each.partition("/")[0] for each in (province, *others)} == {province.partition("/")[0]}


def _of_place(node: Holds | IsOneOf, source: Source, context: Context, *, so: bool | None) -> Step:
    """The verdict on what is known of the place itself; *so* is None where that is not known."""
    citation, support = context.terms.citation(source)
    subject, names = (node.fact, ()) if isinstance(node, Holds) else (OF_PLACE + node.subject, node.values)
    if citation.grade.rank > context.terms.accept.rank:
        code, so = ReasonCode.GRADE_NOT_ACCEPTED, None
    elif so is None:
        code = ReasonCode.MISSING_ATTRIBUTE
    else:
        code = ReasonCode.PLACE_IS if so else ReasonCode.PLACE_IS_NOT
    verdict = Verdict.UNDETERMINED if so is None else Verdict.MET if so else Verdict.NOT_MET
    reason = Reason(code, subject, citation=citation, names=names)
    return Step(node, verdict, reason, None if so is None else support)


@judges(RecognisedAs)
def _recognised_as(node: RecognisedAs, source: Source, context: Context) -> Step:
    citation, support = context.terms.citation(source)
    dossier = context.scope.dossier
    found = [
        (title, title.holds_on(dossier.on))
        for title in dossier.titles
        if title.place is None and is_title_of(title.set_id, node.set_id, or_higher=node.or_higher)
    ]
    held = next((title for title, holds in found if holds), None)
    verdict = Verdict.UNDETERMINED
    if citation.grade.rank > context.terms.accept.rank:
        code = ReasonCode.GRADE_NOT_ACCEPTED
    elif held is not None:
        verdict, code = Verdict.MET, ReasonCode.TITLE_HELD
    elif any(holds is None for _, holds in found):
        code = ReasonCode.TITLE_DATE_OPEN
    elif dossier.lists_all_titles_of(node.set_id):
        verdict, code = Verdict.NOT_MET, ReasonCode.NO_TITLE
    else:
        code = ReasonCode.NO_REGISTER
    reason = Reason(code, node.set_id, citation=citation, title=held)
    return Step(node, verdict, reason, support if verdict.decided else None)


@judges(DecidedBy)
def _decided_by(node: DecidedBy, source: Source, context: Context) -> Step:
    citation, _ = context.terms.citation(source)
    reason = Reason(ReasonCode.REQUIREMENT_OPEN, node.authority.value, citation=citation)
    return Step(node, Verdict.UNDETERMINED, reason)


# --- groups -----------------------------------------------------------------------------------------------------


def weakest(supports: list[Support]) -> Support:
    """What a verdict rests on that needs all of *supports*."""
    grade = max((support.grade for support in supports), key=lambda grade: grade.rank)
    bases = {support.basis for support in supports}
    basis = bases.pop() if len(bases) == 1 else Basis.MIXED
    return Support(grade, any(support.statement for support in supports), basis)


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


def _group(
    node: AllOf | AnyOf,
    source: Source,
    context: Context,
    combine: Callable[[list[Verdict]], Verdict],
    by_one: Verdict,
) -> Step:
    """A group of which one part is enough to give the verdict *by_one*; any other verdict needs all its parts."""
    steps = tuple([judge(member, source, context) for member in node.members])
    verdict = combine([step.verdict for step in steps])
    support = None
    if verdict is by_one:
        support = strongest(_supports(steps, verdict))
    elif verdict.decided:
        support = weakest(_supports(steps, verdict))
    return Step(node, verdict, Reason(_GROUP_REASONS[verdict]), support, steps)


@judges(AllOf)
def _all_of(node: AllOf, source: Source, context: Context) -> Step:
    return _group(node, source, context, kleene.all_of, by_one=Verdict.NOT_MET)


@judges(AnyOf)
def _any_of(node: AnyOf, source: Source, context: Context) -> Step:
    return _group(node, source, context, kleene.any_of, by_one=Verdict.MET)


@judges(ForEach)
def _for_each(node: ForEach, source: Source, context: Context) -> Step:
    listed = context.terms.rules.catalogue.part_list(node.by)
    parts = None if listed is None or listed.parts is None else [part.id for part in listed.parts]
    known = _parts_known(node.require, context) if parts is None else parts
    steps = tuple([judge(node.require, source, attrs.evolve(context, part=part)) for part in known])
    verdict = kleene.all_of([step.verdict for step in steps])
    if parts is None and verdict is not Verdict.NOT_MET:
        # Another part, of which nothing is known, may fail.
        return Step(node, Verdict.UNDETERMINED, Reason(ReasonCode.PARTS_UNSTATED, node.by), None, steps)
    support = None
    if verdict is Verdict.NOT_MET:
        support = strongest(_supports(steps, verdict))
    elif verdict.decided:
        support = weakest(_supports(steps, verdict))
    return Step(node, verdict, Reason(_GROUP_REASONS[verdict]), support, steps)


def _parts_known(body: Requirement, context: Context) -> list[str]:
    """The parts that the dossier gives of the facts that are read, where the law's list is not at hand."""
    values = (context.facts.get(fact) for node in body.walk() for fact in node.facts)
    return sorted({part.part or "" for value in values if value is not None for part in value.parts})


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
        # None is lost where the list itself is too short; then it rests on the parts that were counted.
        support = weakest(lost or _supports(steps, Verdict.MET))
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
        citation, _ = context.terms.citation(node.condition.source or source)
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


@judges(When)
def _when(node: When, source: Source, context: Context) -> Step:
    question = judge(node.when, source, context)
    if question.verdict is Verdict.NOT_APPLICABLE:
        return Step(node, question.verdict, Reason(ReasonCode.ASKS_NOTHING), question.support, (question,))
    if question.verdict is Verdict.UNDETERMINED:
        return _open_question(node, question, source, context)
    met = question.verdict is Verdict.MET
    branch = judge(node.then if met else node.otherwise, source, context)
    code = ReasonCode.BRANCH_THEN if met else ReasonCode.BRANCH_OTHERWISE
    support = None
    if branch.verdict.decided:
        support = weakest([step.support for step in (question, branch) if step.support is not None])
    return Step(node, branch.verdict, Reason(code), support, (question, branch))


# Open questions that can only turn out met or not met.
_ANSWERABLE = frozenset(
    {
        ReasonCode.MISSING_FACT,
        ReasonCode.PART_MISSING,
        ReasonCode.NOT_DECLARED,
        ReasonCode.CATEGORY_MISSING,
        ReasonCode.FACT_OF_OTHER_YEAR,
        ReasonCode.NOTHING_TO_MEASURE,
        ReasonCode.DEFINITION_UNSTATED,
        ReasonCode.BOUNDARY_UNSTATED,
        ReasonCode.MISSING_ATTRIBUTE,
        ReasonCode.PART_UNDETERMINED,
    }
)


def answerable(step: Step) -> bool:
    """Whether what is open in a step is not its threshold: the row that is not known may ask nothing."""
    code, applied = step.reason.code, step.reason.threshold
    no_row = code is ReasonCode.MISSING_ATTRIBUTE and applied is not None
    return step.verdict.decided or (code in _ANSWERABLE and not no_row)


def _open_question(node: When, question: Step, source: Source, context: Context) -> Step:
    """
    Both branches, one of which will be asked: their common verdict needs no answer.

    Unless the question may turn out not to apply, by its form or because the law leaves it open: then nothing is
    asked, whatever the branches give.
    """
    branches = (judge(node.then, source, context), judge(node.otherwise, source, context))
    steps = (question, *branches)
    verdict = branches[0].verdict
    asked = not node.when.may_drop and all(answerable(step) for step in question.walk())
    if verdict.decided and branches[1].verdict is verdict and (asked or verdict is Verdict.NOT_APPLICABLE):
        support = weakest([step.support for step in branches if step.support is not None])
        return Step(node, verdict, Reason(ReasonCode.BRANCHES_AGREE), support, steps)
    return Step(node, Verdict.UNDETERMINED, Reason(ReasonCode.PART_UNDETERMINED), None, steps)
