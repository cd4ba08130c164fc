"""
One dossier against one set, every reason with it: indicators, criteria, the set.

This is the readable evaluator. What judges faster (`program`) is held against it, and asks it for all but verdicts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import attrs

from ntm_rules.errors import NotInForceError, Problem, ProblemCode, RevisionError, Where
from ntm_rules.evaluation import (
    kleene,
    years,  # noqa: F401 - registers how years are judged
)
from ntm_rules.evaluation.attestation import ATTESTED, Resolved, attestations_at, resolve, said_of
from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.context import Context
from ntm_rules.evaluation.elsewhere import facts_used, led_on, other_set
from ntm_rules.evaluation.figures import disagrees
from ntm_rules.evaluation.forms import counts, judge, judges
from ntm_rules.evaluation.judging import compare_figures, strongest, weakest
from ntm_rules.evaluation.rollup import compare_counted
from ntm_rules.rulebook import find, places
from ntm_rules.vocabulary.assessments import (
    Assessment,
    Conflict,
    Counted,
    CriterionResult,
    Finding,
    IndicatorResult,
    Member,
    Reason,
    Recognition,
    Scope,
    Step,
    figure_period,
    reasons_of_parts,
)
from ntm_rules.vocabulary.criteria import APPLIES_TO, PRECONDITION, CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.dossiers import Attestation, Dossier, Reported, Status
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.requirements import AllOf, Attains, Compare, RowMeasure, Rows
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Support, Verdict


def assess(rules: CriteriaSet, dossier: Dossier, accept: Grade, asking: tuple[str, ...] = ()) -> Assessment:
    """As `evaluate`, with all that there is to be told; *asking* is what led there from other rows."""
    check_overlays(rules, dossier)
    context = context_of(rules, dossier, accept, asking)
    scope = context.scope
    said, of_other_year = attestations_at(rules, dossier)
    notes = _Notes()
    judged = _judged(context, said, notes)
    recognition = None
    if rules.preconditions:
        conditions = tuple(
            [_indicator(f"{PRECONDITION}{each.number}", each, context, said, notes) for each in rules.preconditions]
        )
        verdicts = [judged.whole.verdict, *(each.verdict for each in conditions)]
        # Of a set that is not for the place nothing is recognised, whatever the conditions give.
        for_another = judged.applies is not None and judged.applies.verdict is Verdict.NOT_MET
        recognition = Recognition(Verdict.NOT_APPLICABLE if for_another else kleene.all_of(verdicts), conditions)
    findings = (*_of_dossier(rules, dossier, of_other_year), *_of_derived(context), *notes.findings)
    return Assessment(
        scope,
        judged.whole.verdict,
        judged.whole.basis,
        judged.reasons,
        judged.criteria,
        tuple(notes.conflicts),
        findings,
        accept,
        recognition,
        _in_order(context.found, dossier),
        judged.applies,
    )


def _in_order(found: dict[tuple[str, ...], Assessment], dossier: Dossier) -> tuple[Assessment, ...]:
    """What places beneath gave when judged by sets of their own, in the order of the dossier."""
    order = {(*who, str(dossier.year)): at for at, who in enumerate(_all_beneath(dossier))}
    # What other years gave, or this place itself by another set, is told where it is asked for.
    kept = [key for key in found if key[:-1] in order]
    return tuple(found[key] for key in sorted(kept, key=lambda key: (order[key[:-1]], key[-1])))


def _all_beneath(dossier: Dossier) -> Iterable[tuple[str, ...]]:
    """Who is beneath a place, directly or not, each after the place that it is beneath."""
    for each in () if dossier.sub_places is None else dossier.sub_places.dossiers:
        yield _who(each)
        yield from _all_beneath(each)


def _who(dossier: Dossier) -> tuple[str, ...]:
    """Two communes of a province may bear one name."""
    return dossier.place.counted_as, dossier.place.district or "", dossier.place.name


@attrs.frozen
class _Judged:
    """
    What a set gives.

    Attributes:
        whole: The verdict on the set.

        applies: Whether it is for the place at all.
    """

    criteria: tuple[CriterionResult, ...]
    whole: Resolved
    reasons: tuple[Reason, ...]
    applies: IndicatorResult | None = None


def _judged(context: Context, said: dict[str, list[Attestation]], notes: _Notes) -> _Judged:
    """The results of all criteria, and the verdict on the set with its reasons."""
    rules, dossier = context.terms.rules, context.scope.dossier
    criteria = tuple([_criterion(criterion, context, said, notes) for criterion in rules.criteria])
    resolved, reasons = _whole(rules, criteria)
    if dossier.reported:
        resolved, reasons = _with_reported(resolved, reasons, context.scope, criteria, notes)
    judged = _Judged(criteria, resolved, reasons)
    if rules.applies_to is None:
        return judged
    return _if_for(_indicator(APPLIES_TO, rules.applies_to, context, said, notes), judged)


def _if_for(applies: IndicatorResult, judged: _Judged) -> _Judged:
    """The verdict on a set only where the set is for the place: not applicable if it is not, open while that is."""
    whole, reasons = judged.whole, judged.reasons
    if applies.verdict is Verdict.NOT_MET:
        whole = Resolved(Verdict.NOT_APPLICABLE, applies.basis, applies.support, None)
        reasons = (Reason(ReasonCode.SET_NOT_FOR_PLACE, APPLIES_TO),)
    elif applies.verdict is Verdict.UNDETERMINED and whole.verdict is not Verdict.NOT_APPLICABLE:
        left_open = reasons if whole.verdict is Verdict.UNDETERMINED else ()
        whole = Resolved(Verdict.UNDETERMINED, Basis.NONE, None, None)
        reasons = (Reason(ReasonCode.SET_APPLICABILITY_OPEN, APPLIES_TO), *left_open)
    elif whole.verdict.decided:
        supports = [each for each in (whole.support, applies.support) if each is not None]
        whole = attrs.evolve(whole, support=weakest(supports))
    return attrs.evolve(judged, whole=whole, reasons=reasons, applies=applies)


def check_overlays(rules: CriteriaSet, dossier: Dossier) -> None:
    """No place is judged by another province's decision, nor by one that was not in force."""
    problems = []
    for overlay in rules.overlays:
        name, where = overlay.by or overlay.id, Where(file=dossier.file)
        if overlay.territory not in (None, dossier.place.province):
            params = {"name": name, "territory": _named(overlay.territory), "province": _named(dossier.place.province)}
            problems.append(Problem.at(ProblemCode.OUTSIDE_TERRITORY, where, **params))
        if not overlay.holds_on(dossier.on):
            days = {"its_first": overlay.first_day or "…", "its_last": overlay.last_day or "…"}
            days |= {"first": dossier.on, "last": dossier.on}
            problems.append(Problem.at(ProblemCode.OUTSIDE_PERIOD, where, name=name, **days))
    if problems:
        raise RevisionError(problems)


def _named(province: str | None) -> str:
    known = places().province(province or "")
    return province or "?" if known is None else known.name


@attrs.define
class _Notes:
    """What comes up on the way."""

    conflicts: list[Conflict] = attrs.field(factory=list)
    findings: list[Finding] = attrs.field(factory=list)

    def conflict(self, address: str, computed: Verdict, attested: Iterable[Verdict], resolved: Resolved) -> None:
        """Note a contradiction, whatever the verdict."""
        if resolved.conflict is not None:
            sides = tuple(dict.fromkeys(attested))
            self.conflicts.append(Conflict(address, resolved.conflict, computed, sides, resolved.verdict))


_CONFLICT_REASONS = {
    FindingCode.STATEMENTS_CONFLICT: ReasonCode.STATEMENTS_CONFLICT,
    FindingCode.CONFLICT_ON_RECALLED_THRESHOLD: ReasonCode.CONFLICT_ON_RECALLED_THRESHOLD,
}


def _overriding(resolved: Resolved, attestations: Sequence[Attestation]) -> tuple[Reason, ...]:
    """What comes before the computed reasons: the conclusions that stand, or the contradiction that lets none stand."""
    if resolved.by_attestation:
        return tuple(Reason(ReasonCode.ATTESTED, attestation=each) for each in attestations)
    if resolved.conflict in _CONFLICT_REASONS:
        return (Reason(_CONFLICT_REASONS[resolved.conflict]),)
    return ()


# --- an indicator -----------------------------------------------------------------------------------------------


def _indicator(
    address: str,
    indicator: Indicator,
    context: Context,
    said: dict[str, list[Attestation]],
    notes: _Notes,
) -> IndicatorResult:
    step = judge(indicator.require, indicator.source, context)
    if indicator.prints_parts:
        notes.findings.extend(dict.fromkeys(_parts_above_whole(address, step, context.year)))
    verdict = step.verdict
    notes.findings.extend(dict.fromkeys(_tallies_that_do_not_fit(address, step)))
    basis = Basis.NONE if verdict is Verdict.UNDETERMINED else Basis.COMPUTED
    if verdict.decided and step.support is not None:
        basis = step.support.basis
    attestations = tuple(said.get(address, ()))
    if not attestations:
        return IndicatorResult(address, indicator, verdict, basis, verdict, None, step, context.scope, step.support)
    verdicts = [attestation.verdict for attestation in attestations]
    resolved = resolve(verdict, basis, step.support, verdicts)
    notes.conflict(address, verdict, verdicts, resolved)
    return IndicatorResult(
        address,
        indicator,
        resolved.verdict,
        resolved.basis,
        verdict,
        resolved.attested,
        step,
        context.scope,
        resolved.support,
        attestations,
        _overriding(resolved, attestations),
        by_trace=not resolved.by_attestation,
    )


def _parts_above_whole(address: str, step: Step, year: int) -> Iterable[Finding]:
    """A share of clean water above that of hygienic water is an error in the data, never a verdict."""
    for each in step.walk():
        if isinstance(each.requirement, AllOf) and each.requirement.of_which:
            whole, part = (next(iter(beneath.leaves)).reason.figure for beneath in each.steps)
            if whole is None or part is None or not whole.is_number or not part.is_number:
                continue
            of_one_year = figure_period(whole, year).year == figure_period(part, year).year
            if of_one_year and compare_figures(part, whole) > 0:
                yield Finding(FindingCode.PART_EXCEEDS_WHOLE, address, part.fact)


def _tallies_that_do_not_fit(address: str, step: Step) -> Iterable[Finding]:
    """A reported number of places beneath that contradicts what is known of each, there or further beneath."""
    for each in step.walk():
        counted = each.reason.counted
        if counted is None:
            continue
        report = counted.report
        if report is not None and not report.stands:
            most = max(report.least, counted.most) if report.most is None else report.most
            numbers = (report.least, most, counted.least, counted.most)
            yield Finding(FindingCode.TALLY_CONFLICT, address, counted.what, numbers)
        for member in counted.members:
            if member.step is not None:
                yield from _tallies_that_do_not_fit(address, member.step)


def verdict_at(address: str, context: Context, said: dict[str, list[Attestation]]) -> Verdict:
    """The verdict on the criterion or row at a local address, with what departments concluded on it."""
    item = context.terms.rules[address]
    if isinstance(item, Criterion):
        return _criterion(item, context, said, _Notes()).verdict
    return _indicator(address, item, context, said, _Notes()).verdict


# --- a criterion ------------------------------------------------------------------------------------------------


def _criterion(
    criterion: Criterion, context: Context, said: dict[str, list[Attestation]], notes: _Notes
) -> CriterionResult:
    indicators = tuple(
        [_indicator(f"{criterion.number}/{each.number}", each, context, said, notes) for each in criterion.indicators]
    )
    computed, basis, support = _all_of(indicators)
    number = criterion.number
    attestations = tuple(said.get(number, ()))
    if not attestations:
        return CriterionResult(number, criterion, computed, basis, computed, None, indicators, context.scope, support)
    verdicts = [attestation.verdict for attestation in attestations]
    resolved = resolve(computed, basis, support, verdicts)
    notes.conflict(number, computed, verdicts, resolved)
    if resolved.by_attestation:
        indicators = tuple([_covered(result, attestations[0]) for result in indicators])
    return CriterionResult(
        number,
        criterion,
        resolved.verdict,
        resolved.basis,
        computed,
        resolved.attested,
        indicators,
        context.scope,
        resolved.support,
        attestations,
        _overriding(resolved, attestations),
        by_parts=not resolved.by_attestation,
    )


def _all_of(
    results: Sequence[IndicatorResult] | Sequence[CriterionResult],
) -> tuple[Verdict, Basis, Support | None]:
    """The verdict of a whole that needs all of *results*, its basis, and what it rests on."""
    verdict = kleene.all_of([each.verdict for each in results])
    if verdict is Verdict.UNDETERMINED:
        return verdict, Basis.NONE, None
    so = [each for each in results if each.verdict is verdict]
    if len(so) == 1:
        return verdict, so[0].basis, so[0].support
    supports = [each.support for each in so if each.support is not None]
    # Any one that fails is enough to fail; all that pass are needed to pass.
    support = strongest(supports) if verdict is Verdict.NOT_MET else weakest(supports)
    basis = so[0].basis
    return verdict, basis if all(each.basis is basis for each in so) else Basis.MIXED, support


def _covered(result: IndicatorResult, attestation: Attestation) -> IndicatorResult:
    """
    An attestation is never pushed down: beneath it an open indicator stays open, but asks for nothing any more.

    A contradiction found there keeps its reason.
    """
    if result.verdict.decided:
        return result
    kept = tuple([reason for reason in result.overriding if reason.code in _CONFLICT_REASONS.values()])
    covered = Reason(ReasonCode.COVERED_BY_CRITERION, attestation=attestation)
    return IndicatorResult(
        result.address,
        result.indicator,
        result.verdict,
        result.basis,
        result.computed,
        result.attested,
        result.trace,
        result.scope,
        result.support,
        result.attestations,
        (covered, *kept),
        by_trace=False,
    )


# --- the set ----------------------------------------------------------------------------------------------------


def _whole(rules: CriteriaSet, criteria: tuple[CriterionResult, ...]) -> tuple[Resolved, tuple[Reason, ...]]:
    verdict, basis, support = _all_of(criteria)
    reasons = reasons_of_parts(verdict, criteria)
    if rules.incomplete and verdict is not Verdict.NOT_MET:
        # The rows that an incomplete set lacks are open, so it is never met.
        left_open = reasons if verdict is Verdict.UNDETERMINED else ()
        return Resolved(Verdict.UNDETERMINED, Basis.NONE, None, None), (incomplete_reason(rules), *left_open)
    return Resolved(verdict, basis, support, None), reasons


def incomplete_reason(rules: CriteriaSet) -> Reason:
    """Why a set whose rows are not, or may not be, those of the law is never met."""
    numbers = tuple(number for number in rules.missing_rows if number is not None)
    code = ReasonCode.SET_INCOMPLETE
    if rules.counts.indicators is None or rules.counts.criteria is None:
        code = ReasonCode.SET_COUNT_UNSTATED
    elif rules.counts.surplus:
        # One of those that were held against the place may be none of the law's.
        code, numbers = ReasonCode.SET_SURPLUS, (rules.counts.surplus, rules.counts.indicators)
    return Reason(code, numbers=numbers)


def _with_reported(
    whole: Resolved,
    reasons: tuple[Reason, ...],
    scope: Scope,
    criteria: tuple[CriterionResult, ...],
    notes: _Notes,
) -> tuple[Resolved, tuple[Reason, ...]]:
    """A tally published without its parts supports *not met* of the set, never a part, and is checked."""
    speaks_against = []
    verdicts = [each.verdict for each in criteria], [each.verdict for every in criteria for each in every.indicators]
    for reported in scope.dossier.reported:
        least_required, low, high = required_and_computed(reported, scope.rules, *verdicts)
        if reported.most < low or reported.least > high:
            ranges = (reported.least, reported.most, low, high)
            notes.findings.append(Finding(FindingCode.TALLY_CONFLICT, None, reported.what, ranges))
        if reported.most < least_required:
            numbers = (reported.most, least_required)
            speaks_against.append(Reason(ReasonCode.REPORTED_BELOW_REQUIRED, reported.what, numbers=numbers))
    said = [Verdict.NOT_MET] * bool(speaks_against)
    resolved = resolve(whole.verdict, whole.basis, whole.support, said)
    notes.conflict("", whole.verdict, said, resolved)
    if resolved.by_attestation:
        return resolved, tuple(speaks_against)
    return resolved, (*_overriding(resolved, ()), *reasons)


#: More rows than any set has.
MANY = 10**6


def required_and_computed(
    reported: Reported, rules: CriteriaSet, criteria: Sequence[Verdict], indicators: Sequence[Verdict]
) -> tuple[int, int, int]:
    """The least number that all-met can mean, and the computed number met as a range."""
    if reported.what == "criteria_met":
        total, verdicts, may_drop = rules.counts.criteria, criteria, rules.may_drop[0]
    else:
        total, verdicts, may_drop = rules.counts.indicators, indicators, rules.may_drop[1]
    dropped = sum(
        verdict is Verdict.NOT_APPLICABLE or (verdict is Verdict.UNDETERMINED and may)
        for verdict, may in zip(verdicts, may_drop, strict=True)
    )
    met = verdicts.count(Verdict.MET)
    # Where the law's count is not known, nothing published is too little, and any number may be met.
    if total is None:
        return 0, met, MANY
    open_ = verdicts.count(Verdict.UNDETERMINED) + max(0, total - len(verdicts))
    return total - dropped, met, met + open_


def _of_derived(context: Context) -> Iterable[Finding]:
    """A rate that is not what the counts beside it give is an error in the data; the counts are judged."""
    rules = context.terms.rules
    for fact, derived in rules.catalogue.derived:
        if fact.id in rules.used_facts and disagrees(fact, derived, context):
            yield Finding(FindingCode.DERIVED_DISAGREES, subject=fact.id)


def _of_dossier(rules: CriteriaSet, dossier: Dossier, of_other_year: list[Attestation]) -> Iterable[Finding]:
    """What is to be said of the dossier itself, before any verdict."""
    if not rules.in_force.holds_on(dossier.on):
        yield Finding(FindingCode.OUTSIDE_FORCE, subject=dossier.on.isoformat())
    if dossier.status is not Status.REAL:
        yield Finding(FindingCode[dossier.status.name])
    applied = {os.path.normpath(overlay.file) for overlay in rules.overlays if overlay.file is not None}
    for path in dossier.overlays:
        if os.path.normpath(path) not in applied:
            yield Finding(FindingCode.OVERLAY_NOT_APPLIED, subject=path)
    for at, predecessor in enumerate(dossier.predecessors):
        if predecessor.titles:
            name = predecessor.place.name
            yield Finding(FindingCode.TITLES_OF_PREDECESSOR, subject=name, numbers=(at,))
    used = facts_used(rules, dossier.on)
    for value in dossier.facts:
        if value.fact not in used:
            yield Finding(FindingCode.UNUSED_FACT, subject=value.fact)
    for attestation in of_other_year:
        yield Finding(FindingCode.ATTESTATION_OF_OTHER_YEAR, attestation.address, subject=str(attestation.for_))
    bare = (each.address for each in dossier.attestations if each.document is None and each not in of_other_year)
    for address in dict.fromkeys(bare):
        yield Finding(FindingCode.ATTESTATION_WITHOUT_DOCUMENT, address)


# --- what is judged elsewhere -----------------------------------------------------------------------------------


@judges(Attains)
def _attains(node: Attains, source: Source, context: Context) -> Step:
    citation, _ = context.terms.citation(source)
    rules = other_set(node.address, context)
    own = rules is context.terms.rules
    dossier = context.scope.dossier
    local = node.address.partition("#")[2]
    known = rules is not None and rules.id.level is dossier.place.level and (not local or rules.find(local) is not None)
    if rules is None or not known:
        reason = Reason(ReasonCode.SET_NOT_IN_FORCE, node.address, citation=citation)
        return Step(node, Verdict.UNDETERMINED, reason)
    result = None
    if context.beneath or (context.in_full and not own):
        # Years only lead back; what leads to itself within the year judged is a fault.
        asking = led_on(node.address, context) if context.in_full and not context.earlier else ()
        result = assessed(rules, context, asking)
        found = _attained_in(result, local)
    else:
        if not own:
            dossier = said_of(rules, dossier)
        asking = led_on(node.address, context)
        found = _attained(context_of(rules, dossier, context.terms.accept, asking, context.found), local)
    verdict, code = found.verdict, _ATTAINMENT[found.verdict]
    if verdict is Verdict.MET and not own and not rules.in_force.holds_on(dossier.on):
        verdict, code = Verdict.UNDETERMINED, ReasonCode.SET_NOT_IN_FORCE
    elif verdict is not Verdict.UNDETERMINED and citation.grade.rank > context.terms.accept.rank:
        verdict, code = Verdict.UNDETERMINED, ReasonCode.GRADE_NOT_ACCEPTED
    elif verdict is Verdict.UNDETERMINED and result is not None and dossier.set_id not in (None, str(rules.id)):
        code = ReasonCode.JUDGED_BY_OTHER_SET
    support = None
    if verdict.decided:
        support = weakest([Support(citation.grade, statement=False), *([found.support] if found.support else [])])
    names = found.names if code in _NAMING else ()
    return Step(node, verdict, Reason(code, node.address, citation=citation, names=names, result=result), support)


_NAMING = frozenset({ReasonCode.NOT_ATTAINED, ReasonCode.ATTAINMENT_OPEN, ReasonCode.JUDGED_BY_OTHER_SET})


def judged_by(rules: CriteriaSet, dossier: Dossier) -> bool:
    """Whether a dossier is judged by a set: the one it names, else the standard of its level in force that day."""
    if dossier.set_id is not None:
        return dossier.set_id == str(rules.id)
    try:
        return find(dossier.place.level, on=dossier.on).id == rules.id
    except NotInForceError:
        return False


def assessed(rules: CriteriaSet, context: Context, asking: tuple[str, ...] = ()) -> Assessment:
    """The place that a context is about, judged by another set; once for all that ask."""
    dossier = context.scope.dossier
    key = (*_who(dossier), str(dossier.year), rules.edition)
    if key not in context.found:
        if not judged_by(rules, dossier):
            dossier = said_of(rules, dossier)
        context.found[key] = assess(rules, dossier, context.terms.accept, asking)
    return context.found[key]


_ATTAINMENT = {
    Verdict.MET: ReasonCode.ATTAINED,
    Verdict.NOT_MET: ReasonCode.NOT_ATTAINED,
    Verdict.UNDETERMINED: ReasonCode.ATTAINMENT_OPEN,
    Verdict.NOT_APPLICABLE: ReasonCode.ASKS_NOTHING,
}


@attrs.frozen
class _Attained:
    """
    What a set or a row of it gives.

    Attributes:
        names: The parts that are not met, or the facts that are missing.
    """

    verdict: Verdict
    support: Support | None
    names: tuple[str, ...]


def _attained(there: Context, local: str) -> _Attained:
    """The verdict on a whole set, for an empty address, or on one of its criteria or indicators."""
    rules = there.terms.rules
    said, _ = attestations_at(rules, there.scope.dossier)
    item = rules.find(local) if local else None
    if item is None:
        judged = _judged(there, said, _Notes())
        whole = judged.whole
        return _Attained(whole.verdict, whole.support, _names(whole.verdict, judged.criteria))
    if isinstance(item, Indicator):
        row = _indicator(rules.local(rules.address(item)), item, there, said, _Notes())
        return _Attained(row.verdict, row.support, _names(row.verdict, (row,)))
    return _of_criterion(_criterion(item, there, said, _Notes()), rules)


def _attained_in(result: Assessment, local: str) -> _Attained:
    """As `_attained`, of what was judged already."""
    if not local:
        support = _all_of(result.criteria)[2] or (ATTESTED if result.basis is Basis.ATTESTED else None)
        if result.applies is not None and result.applies.support is not None:
            # That the set is for the place, or is not, is needed for any verdict on it.
            drops = result.verdict is Verdict.NOT_APPLICABLE
            support = weakest([result.applies.support, *([] if drops or support is None else [support])])
        return _Attained(result.verdict, support, _names(result.verdict, result.criteria))
    row = result[local]
    if isinstance(row, IndicatorResult):
        return _Attained(row.verdict, row.support, _names(row.verdict, (row,)))
    return _of_criterion(row, result.rules)


def _of_criterion(whole: CriterionResult, rules: CriteriaSet) -> _Attained:
    if whole.verdict is Verdict.MET and whole.by_parts and rules.missing_rows[1] != 0:
        # A row that the library lacks may be one of this criterion's; who attests the criterion saw all of them.
        return _Attained(Verdict.UNDETERMINED, None, ())
    return _Attained(whole.verdict, whole.support, _names(whole.verdict, whole.indicators))


def _names(verdict: Verdict, results: tuple[CriterionResult, ...] | tuple[IndicatorResult, ...]) -> tuple[str, ...]:
    """What fails, by its address; or which facts are missing."""
    if verdict is Verdict.NOT_MET:
        return tuple(each.address for each in results if each.verdict is verdict)
    rows = [row for each in results for row in (each.indicators if isinstance(each, CriterionResult) else (each,))]
    return tuple(dict.fromkeys(name for row in rows for name in row.missing_facts))


# --- rows that are counted --------------------------------------------------------------------------------------


@counts(RowMeasure)
def _counted_rows(node: Compare, source: Source, context: Context) -> Step:
    measure = node.measure
    assert isinstance(measure, RowMeasure)  # registered for it  # noqa: S101
    rules = other_set(measure.set_id, context)
    dossier = context.scope.dossier
    own = rules is context.terms.rules
    known = rules is not None and rules.id.level is dossier.place.level
    if rules is None or not known or not (own or rules.in_force.holds_on(dossier.on)):
        citation, _ = context.terms.citation(source)
        reason = Reason(ReasonCode.SET_NOT_IN_FORCE, measure.set_id, citation=citation)
        return Step(node, Verdict.UNDETERMINED, reason)
    if context.beneath:
        criteria = assessed(rules, context).criteria
    else:
        if not own:
            dossier = said_of(rules, dossier)
        asking = led_on(measure.set_id, context)
        there = context_of(rules, dossier, context.terms.accept, asking, context.found)
        criteria = _judged(there, attestations_at(rules, dossier)[0], _Notes()).criteria
    rows = _rows_counted(measure, rules, criteria)
    members = tuple(_row_member(number, row, measure, rules, context.scope) for number, row in rows)
    lacking = 0 if measure.among else rules.missing_rows[measure.rows is not Rows.CRITERIA]
    of = measure.of if measure.share else None
    that = Verdict.MET if measure.met else Verdict.NOT_MET
    counted = Counted(measure.rows.value, members, lacking, of, that.value)
    missing = tuple(
        dict.fromkeys(
            name
            for _, row in rows
            if row is not None
            for name in _names(Verdict.UNDETERMINED, (row,))  # type: ignore[arg-type]
        )
    )
    return compare_counted(node, source, context, counted, may_drop=True, missing=missing)


_Row = CriterionResult | IndicatorResult


def _rows_counted(
    measure: RowMeasure, rules: CriteriaSet, criteria: tuple[CriterionResult, ...]
) -> list[tuple[str, _Row | None]]:
    """The rows that count with their numbers; None for one that the set lacks."""
    found: dict[str, _Row] = {each.address: each for each in criteria}
    if measure.rows is Rows.INDICATORS:
        found = {row.address: row for each in criteria for row in each.indicators}
    if not measure.among:
        return list(found.items())
    rows: list[tuple[str, _Row | None]] = []
    for number in measure.among:
        item = rules.find(number)
        if isinstance(item, Criterion) and measure.rows is Rows.INDICATORS and len(item.indicators) == 1:
            # A criterion and its only indicator may bear one number.
            item = item.indicators[0]
        rows.append((number, None if item is None else found.get(rules.local(rules.address(item)))))
    return rows


def _row_member(number: str, row: _Row | None, measure: RowMeasure, rules: CriteriaSet, scope: Scope) -> Member:
    """A row as it counts: met or not met, whichever is counted."""
    if row is None:
        return Member(measure.kind, number, Verdict.UNDETERMINED, scope)
    verdict, support = row.verdict, row.support
    if isinstance(row, CriterionResult):
        whole = _of_criterion(row, rules)
        verdict, support = whole.verdict, whole.support
    if not measure.met:
        verdict = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET}.get(verdict, verdict)
    return Member(measure.kind, number, verdict, scope, None, support)
