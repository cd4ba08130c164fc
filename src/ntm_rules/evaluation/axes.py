"""The row that each axis gives a place: rules in order, their conditions judged as any requirement is."""

from __future__ import annotations

from ntm_rules.evaluation.context import Context, Possible, Rows, terms
from ntm_rules.evaluation.forms import judge
from ntm_rules.vocabulary.assessments import Assessment, AxisTrace, Scope, Step
from ntm_rules.vocabulary.criteria import Axis, AxisRule, CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import OF_PLACE
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

_REGION = OF_PLACE + "region"

#: Where a rule stands that says nothing of it; one for all, since `Terms` keeps what it was asked by.
_NOWHERE = Source(Grade.RECALLED)

# What a condition says is lacking.
_ASKS = frozenset(
    {ReasonCode.MISSING_ATTRIBUTE, ReasonCode.MISSING_FACT, ReasonCode.NOT_DECLARED, ReasonCode.FACT_OF_OTHER_YEAR}
)


def rows_of(rules: CriteriaSet, dossier: Dossier, asking: tuple[str, ...] = ()) -> tuple[Rows, tuple[AxisTrace, ...]]:
    """
    The rules of every axis that hold, or may hold, for this dossier's place and year, and how that was judged.

    A condition is judged whatever its grade: where it surely fails, it does not matter whether the rule is accepted.
    """
    rows: list[tuple[str, tuple[Possible, ...]]] = []
    traces: list[AxisTrace] = []
    for axis in rules.axes:
        if axis.simple:
            rows.append((axis.name, (_to_row(axis.rules[0], 0, dossier),)))
            continue
        on_terms = terms(rules, (), Grade.RECALLED)
        context = Context(on_terms, Scope(rules, dossier), dossier.by_fact, dossier.year, asking=asking)
        steps = tuple(
            None if rule.when is None else judge(rule.when, rule.source or _NOWHERE, context) for rule in axis.rules
        )
        rows.append((axis.name, tuple(_possible(axis, steps, dossier))))
        traces.append(AxisTrace(axis.name, steps))
    return tuple(rows), tuple(traces)


def context_of(
    rules: CriteriaSet,
    dossier: Dossier,
    accept: Grade,
    asking: tuple[str, ...] = (),
    found: dict[tuple[str, ...], Assessment] | None = None,
    *,
    beneath: bool = False,
) -> Context:
    """A dossier on the terms of a set; *asking* is what led there from other rows."""
    rows, traces = rows_of(rules, dossier, asking)
    on_terms = terms(rules, rows, accept)
    return Context(
        on_terms,
        Scope(rules, dossier, traces),
        dossier.by_fact,
        dossier.year,
        asking=asking,
        beneath=beneath,
        found={} if found is None else found,
    )


def _to_row(rule: AxisRule, at: int, dossier: Dossier) -> Possible:
    """A rule that surely takes the place to its row."""
    grade = None if rule.source is None else rule.source.evidence
    if rule.row == _REGION:
        region = dossier.place.region
        return Possible(region, at, grade=grade, asks=() if region is not None else (_REGION,))
    return Possible(str(dossier.year) if rule.row == "year" else rule.row, at, grade=grade)


def _possible(axis: Axis, steps: tuple[Step | None, ...], dossier: Dossier) -> list[Possible]:
    """The rules that hold or may hold; a condition that is not applicable does not hold."""
    found = []
    for at, (rule, step) in enumerate(zip(axis.rules, steps, strict=True)):
        to_row = _to_row(rule, at, dossier)
        if rule.otherwise and axis.overlap_unstated:
            others = [each for each in steps if each is not None]
            if all(each.verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE) for each in others):
                found.append(to_row)
            elif all(each.verdict is not Verdict.MET for each in others):
                found.append(_open(to_row, others))
        elif step is None:
            found.append(to_row)
        elif step.verdict is Verdict.MET:
            grades = [to_row.grade, None if step.support is None else step.support.grade]
            worst = max((grade for grade in grades if grade is not None), key=lambda grade: grade.rank, default=None)
            found.append(Possible(to_row.row, at, grade=worst, asks=to_row.asks))
        elif step.verdict is Verdict.UNDETERMINED:
            found.append(_open(to_row, [step]))
    return found


def _open(to_row: Possible, steps: list[Step]) -> Possible:
    """A rule that may take the place to its row, and what would decide it."""
    reasons = [reason for step in steps if step.verdict is Verdict.UNDETERMINED for reason in step.why_so()]
    asks = dict.fromkeys(reason.subject for reason in reasons if reason.code in _ASKS and reason.subject is not None)
    return Possible(to_row.row, to_row.at, sure=False, grade=to_row.grade, asks=(*to_row.asks, *asks))
